package memory

import "octavo/domain"

var _ domain.Keys = Keys{}

// Keys are domain.Keys that stay as they are.
type Keys struct {
	Key    string // whose hash API returns
	Secret string // what SignIn returns
}

// API implements domain.Keys.
func (k Keys) API() (domain.TokenHash, error) { return domain.HashToken(k.Key), nil }

// SignIn implements domain.Keys.
func (k Keys) SignIn() ([]byte, error) { return []byte(k.Secret), nil }

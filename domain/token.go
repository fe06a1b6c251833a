package domain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// TokenHash is the SHA-256 of a secret token, in lower-case hexadecimal. Tokens have 130 random bits or more, so that a plain
// hash is enough to keep them from whoever reads the database.
type TokenHash string

// HashToken returns the hash under which token is kept.
func HashToken(token string) TokenHash {
	sum := sha256.Sum256([]byte(token))
	return TokenHash(hex.EncodeToString(sum[:]))
}

// NewToken returns 256 random bits as 43 characters that are safe in URLs and headers.
func NewToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

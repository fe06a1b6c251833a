// Package onetime has the passwords that an authenticator app shows for half a minute each: TOTP, RFC 6238.
package onetime

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Secret is what an app and the server have in common: 160 bits, as base32 without padding.
type Secret string

// What every app takes, without being told: others than these are ignored by some.
const (
	period = 30 * time.Second
	digits = otp.DigitsSix
	size   = 20 // bytes, as RFC 4226 recommends
)

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret returns a new secret.
func NewSecret() Secret {
	var random [size]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	return Secret(encoding.EncodeToString(random[:]))
}

// ParseSecret reads a secret. ok is false for any other text.
func ParseSecret(text string) (s Secret, ok bool) {
	decoded, err := encoding.DecodeString(text)
	return Secret(text), err == nil && len(decoded) == size && encoding.EncodedLen(size) == len(text)
}

// URL returns what an app is told by a QR code: the secret, of which account at which issuer.
func (s Secret) URL(issuer, account string) string {
	// A colon would end the issuer, and apps show a plus as one.
	name := strings.NewReplacer(":", " ").Replace
	values := url.Values{"secret": {string(s)}, "issuer": {name(issuer)}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + name(issuer) + ":" + name(account)}
	u.RawQuery = strings.ReplaceAll(values.Encode(), "+", "%20")
	return u.String()
}

// Step returns in which period, counted from 1970 on, an app shows a code. ok is false for one that it doesn't show at now, nor a period
// before or after that, by which clocks may differ and people may be slow.
func (s Secret) Step(code string, now time.Time) (step int64, ok bool) {
	current := now.Unix() / int64(period/time.Second)
	for _, step := range []int64{current, current - 1, current + 1} {
		right, err := hotp.ValidateCustom(code, uint64(step), string(s), //nolint:gosec // a time before 1970 shows nothing that counts
			hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1})
		if err == nil && right {
			return step, true
		}
	}
	return 0, false
}

// Code returns what an app shows at now.
func (s Secret) Code(now time.Time) (string, error) {
	step := uint64(now.Unix()) / uint64(period/time.Second) //nolint:gosec // as above
	return hotp.GenerateCodeCustom(string(s), step, hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1})
}

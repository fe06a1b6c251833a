// Package password keeps passwords as hashes that are slow to guess from, and knows those that everybody guesses first.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Hash is what is kept of a password: argon2id (RFC 9106) with a salt of its own, as a PHC string. "" is the hash of no
// password.
type Hash string

// What guessing has to pay for each try, as OWASP's Password Storage Cheat Sheet recommends it.
const (
	memory  = 19456 // KiB
	passes  = 2
	threads = 1
	saltLen = 16
	keyLen  = 32
)

// slots lets as many hashes be made at once as there are processors: each takes 19 MiB and all of one of them.
var slots = make(chan struct{}, runtime.GOMAXPROCS(0))

// New returns the hash of a password. It waits while too many others are made, and returns the context's cause when that
// ends first.
func New(ctx context.Context, text string) (Hash, error) {
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	key, err := derive(ctx, text, params{memory, passes, threads, salt, keyLen})
	if err != nil {
		return "", err
	}
	return Hash(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))), nil
}

// Matches reports whether the hash is that of a password. It takes as long for the hash of no password, which nothing
// matches, and waits as New does.
func (h Hash) Matches(ctx context.Context, text string) (bool, error) {
	p, key, err := h.parse()
	if err != nil {
		return false, err
	}
	got, err := derive(ctx, text, p)
	return err == nil && h != "" && subtle.ConstantTimeCompare(got, key) == 1, err
}

// params are what a hash says of how it was made.
type params struct {
	memory, passes uint32
	threads        uint8
	salt           []byte
	keyLen         uint32
}

// parse reads a hash, whose numbers may be others than those of today.
func (h Hash) parse() (p params, key []byte, err error) {
	if h == "" {
		return params{memory, passes, threads, make([]byte, saltLen), keyLen}, nil, nil
	}
	parts := strings.Split(string(h), "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return params{}, nil, errNoHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil {
		return params{}, nil, errNoHash
	}
	p.salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return params{}, nil, errNoHash
	}
	key, err = base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(key) == 0 || p.passes == 0 || p.threads == 0 {
		return params{}, nil, errNoHash
	}
	p.keyLen = uint32(len(key)) //nolint:gosec // a column's text
	return p, key, nil
}

var errNoHash = errors.New("what is stored for a password isn't a hash of argon2id")

// derive makes a key of a password, in the one form (NFC) in which every keyboard's way to write it is the same.
func derive(ctx context.Context, text string, p params) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-slots }()
	return argon2.IDKey([]byte(norm.NFC.String(text)), p.salt, p.passes, p.memory, p.threads, p.keyLen), nil
}

// common.txt has the 3,000 passwords of at least eight bytes that are used most, the first the most, one on each line. They
// are of the frequency lists of zxcvbn 4.4.2, whose license lies beside them.
//
//go:embed common.txt
var commonText string

var common = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool, 3000)
	for line := range strings.Lines(commonText) {
		set[strings.TrimSuffix(line, "\n")] = true
	}
	return set
})

// Common reports whether a password is one of those that guessing begins with, in whatever case.
func Common(text string) bool { return common()[strings.ToLower(text)] }

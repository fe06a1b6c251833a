package domain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
)

// OwnerID is the id of the first user, who owns the installation. It is fixed, so that instances that start together
// on an empty database agree on one owner.
const OwnerID ID = "00000000-0000-7000-8000-000000000001"

// User is a person who has notes.
type User struct {
	ID      ID
	Name    string
	Created time.Time
}

// NewOwner returns the owner of a new installation.
func NewOwner(now time.Time) User { return User{ID: OwnerID, Name: "Owner", Created: now} }

// Actor is somebody who has proved who they are, and on whose behalf something is done. Repositories of a user's data
// are had for an actor only.
type Actor struct {
	User ID
}

// How long a session lives.
const (
	SessionIdle = 14 * 24 * time.Hour // without a request
	SessionLife = 90 * 24 * time.Hour // in all
	// SessionTouch is how old Seen may get before it is stored again: a session isn't written on each request.
	SessionTouch = time.Hour
	// SessionAhead is how far the clocks of two instances may differ.
	SessionAhead = time.Hour
)

// TokenHash is the SHA-256 of a secret token, in lower-case hexadecimal. Tokens have 256 random bits, so that a plain
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

// Session is a browser that a user has signed in with.
type Session struct {
	Token   TokenHash
	User    ID
	Browser string // its User-Agent header, at most maxBrowser characters of it
	Created time.Time
	Seen    time.Time // the last request, to within SessionTouch
}

const maxBrowser = 255

// NewSession returns a new session of user, in the browser that calls itself so, and its token, which is not kept.
func NewSession(user ID, browser string, now time.Time) (s Session, token string) {
	token = NewToken()
	browser = truncate(oneLine(strings.ToValidUTF8(browser, "")), maxBrowser)
	return Session{Token: HashToken(token), User: user, Browser: browser, Created: now, Seen: now}, token
}

// Ended tells whether the session is over at now.
func (s Session) Ended(now time.Time) bool {
	return now.Sub(s.Seen) >= SessionIdle || now.Sub(s.Created) >= SessionLife
}

// Opens tells whether the session lets somebody in at now. One that was started while the clock was ahead doesn't, or
// it would do so until the clock is there again and beyond. It isn't over, either: it may be now that the clock is wrong.
func (s Session) Opens(now time.Time) bool {
	return !s.Ended(now) && s.Created.Sub(now) < SessionAhead
}

// Touched tells whether Seen is to be stored again as now. What was stored while the clock was ahead is put right, but
// nothing is while the clock is behind: the session would be over once that is right again.
func (s Session) Touched(now time.Time) bool {
	return now.Sub(s.Seen) >= SessionTouch || (s.Seen.Sub(now) >= SessionTouch && !now.Before(s.Created))
}

package domain

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// clockSkew is how far the clock of whoever makes a ticket may be ahead of that of whoever takes it.
const clockSkew = time.Minute

// A ticket, the secret in the link that signs a user in, is the time that it was made at (microseconds since 1970, 8 bytes, the
// most significant first), the 16 bytes of the user's id, 16 random bytes, and their HMAC-SHA-256, as base64 without padding that is safe in URLs.
const (
	ticketTime = 8
	ticketUser = ticketTime + 16
	ticketBody = ticketUser + 16
	ticketSize = ticketBody + sha256.Size
)

// Ticket is whom a ticket signs in, and when it was made.
type Ticket struct {
	User ID
	Made time.Time
}

// OpensFor returns nil when the ticket signs in the user whom it is for, as they are now, and otherwise why it doesn't: they
// are kept out, or it was made before what they are let in by ended.
func (t Ticket) OpensFor(u User) error {
	switch {
	case u.Disabled:
		return ErrNoTicket
	case t.Made.Before(u.LinksSince):
		return ErrTicketEnded
	}
	return nil
}

// NewTicket returns a ticket of a user that whoever knows secret takes once, for SignInLife. Nothing is stored until then, so
// a ticket can be made while the program that takes it doesn't run, and for every kind of store.
func NewTicket(secret []byte, user ID, now time.Time) string {
	body := make([]byte, ticketBody, ticketSize)
	binary.BigEndian.PutUint64(body, uint64(now.UnixMicro())) //nolint:gosec // a time before 1970 comes back the same
	id := uuid.MustParse(string(user))
	copy(body[ticketTime:], id[:])
	_, _ = rand.Read(body[ticketUser:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(sign(secret, signInLabel, body))
}

// CheckTicket returns what a ticket says, when it was made with secret and hasn't ended at now. Otherwise it is
// Unauthenticated. That it hasn't been used is for Sessions.UseTicket to tell, and OpensFor whether its user still takes it. A ticket made in the future, as by a clock that
// was wrong, has ended too.
func CheckTicket(secret []byte, ticket string, now time.Time) (Ticket, error) {
	signed, err := base64.RawURLEncoding.DecodeString(ticket)
	// One ticket has one form only, or it could be used once in each.
	if err != nil || len(signed) != ticketSize || base64.RawURLEncoding.EncodeToString(signed) != ticket {
		return Ticket{}, ErrNoTicket
	}
	if !hmac.Equal(signed, sign(secret, signInLabel, signed[:ticketBody:ticketBody])) {
		return Ticket{}, ErrNoTicket
	}
	made := time.UnixMicro(int64(binary.BigEndian.Uint64(signed))).UTC() //nolint:gosec // as NewTicket has put it
	if age := now.Sub(made); age < -clockSkew || age >= SignInLife {
		return Ticket{}, ErrTicketEnded
	}
	return Ticket{User: ID(uuid.UUID(signed[ticketTime:ticketUser]).String()), Made: made}, nil
}

// What is signed with the same secret, each for one purpose.
const (
	signInLabel  = "octavo sign-in\x00"
	deviceLabel  = "octavo device\x00"
	halfwayLabel = "octavo halfway\x00"
	shareLabel   = "octavo share\x00"

	challengeLabel = "octavo challenge\x00"
)

// sign returns body with its HMAC-SHA-256 behind it. What is signed under one label passes for nothing under another.
func sign(secret []byte, label string, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(label))
	mac.Write(body)
	return mac.Sum(body)
}

// Why nobody is signed in.
var (
	ErrSignedOut   = NewError(Unauthenticated, "session.signed_out")
	ErrNoTicket    = NewError(Unauthenticated, "ticket.unknown")
	ErrTicketEnded = NewError(Unauthenticated, "ticket.ended")
	ErrTicketUsed  = NewError(Unauthenticated, "ticket.used")
)

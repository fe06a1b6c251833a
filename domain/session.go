package domain

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"octavo/domain/markup"
)

// How exactly a session tells the time.
const (
	// SessionTouch is how old Seen may get before it is stored again: a session isn't written on each request.
	SessionTouch = time.Minute
	// SessionAhead is how far the clocks of two instances may differ.
	SessionAhead = time.Hour
)

// Session is a browser that a user has signed in with.
type Session struct {
	Token   TokenHash
	User    ID
	Browser string // its User-Agent header, at most maxBrowser characters of it
	Created time.Time
	Seen    time.Time  // the last request, to within SessionTouch
	Address netip.Addr // that it came from; zero while that isn't known
	// Confirmed is when the user last proved who they are, or zero for a session from before that was kept.
	Confirmed time.Time
}

const maxBrowser = 255

// NewSession returns a new session of user, in the browser that calls itself so, and its token, which is not kept.
func NewSession(user ID, browser string, now time.Time) (s Session, token string) {
	token = NewToken()
	browser = markup.Truncate(markup.OneLine(strings.ToValidUTF8(browser, "")), maxBrowser)
	return Session{Token: HashToken(token), User: user, Browser: browser, Created: now, Seen: now, Confirmed: now}, token
}

// Ended reports whether the session is over at now.
func (s Session) Ended(now time.Time) bool {
	return now.Sub(s.Seen) >= SessionIdle || now.Sub(s.Created) >= SessionLife
}

// Opens reports whether the session lets somebody in at now. One that was started while the clock was ahead doesn't, or
// it would do so until the clock is there again and beyond. It isn't over, either: it may be now that the clock is wrong.
func (s Session) Opens(now time.Time) bool {
	return !s.Ended(now) && s.Created.Sub(now) < SessionAhead
}

// Sure reports whether the user has proved so shortly before now who they are that what can't be undone needs no other
// proof: whoever sits down at a browser that somebody else has left can't do it.
func (s Session) Sure(now time.Time) bool {
	age := now.Sub(s.Confirmed)
	return age > -clockSkew && age < ConfirmedLife
}

// Touched reports whether a request at now, from an address, is to be stored as the last one. What was stored while the clock
// was ahead is put right, but nothing is while the clock is behind: the session would be over once that is right again.
func (s Session) Touched(now time.Time, from netip.Addr) bool {
	if now.Before(s.Created) {
		return false
	}
	age := now.Sub(s.Seen)
	return age >= SessionTouch || age <= -SessionTouch || s.Use(now, from).Address != s.Address
}

// SessionUse is the last request of a session.
type SessionUse struct {
	Seen    time.Time
	Address netip.Addr
}

// Use returns what is stored of a request at now, from an address. Where that isn't known, the one before stays.
func (s Session) Use(now time.Time, from netip.Addr) SessionUse {
	if from = from.Unmap().WithZone(""); !from.IsValid() {
		from = s.Address
	}
	return SessionUse{now, from}
}

// Sessions keeps who is signed in.
type Sessions interface {
	// Add stores a new session. It returns Conflict when its token is taken.
	Add(ctx context.Context, s Session) error
	// Get returns a session, or NotFound.
	Get(ctx context.Context, token TokenHash) (Session, error)
	// Admit returns a session, without Confirmed, and what its user is in their own space, by one look-up, or NotFound.
	Admit(ctx context.Context, token TokenHash) (Session, Membership, error)
	// AdmitTo is Admit to a space of some id. It returns ErrSessionNotFound when there is no such session, and the session with
	// ErrSpaceNotFound when its user isn't a member.
	AdmitTo(ctx context.Context, token TokenHash, space ID) (Session, Membership, error)
	// Touch sets when each session was last used, and from where. It does nothing for those that aren't there.
	Touch(ctx context.Context, used map[TokenHash]SessionUse) error
	// Confirm sets when the user of the session has proved who they are. It does nothing when there is no such session.
	Confirm(ctx context.Context, token TokenHash, now time.Time) error
	// List returns the sessions of a user, those that have ended too, the last seen first.
	List(ctx context.Context, user ID) ([]Session, error)
	// Remove ends a session. It does nothing when there is no such session.
	Remove(ctx context.Context, token TokenHash) error
	// RemoveOf ends the sessions of a user, all but the one with the token kept, and returns how many. Kept may be "".
	RemoveOf(ctx context.Context, user ID, kept TokenHash) (int, error)
	// UseTicket remembers, for UsedTicketLife, that a ticket has been used. It returns Conflict when it has been before.
	UseTicket(ctx context.Context, ticket TokenHash, now time.Time) error
}

// ErrSessionNotFound is returned for a session that isn't there.
var ErrSessionNotFound = NewError(NotFound, "session.not_found")

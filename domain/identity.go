package domain

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"
	"time"

	"octavo/domain/markup"
)

// Identity is who a user is to the provider by which they sign in.
type Identity struct {
	ID      TokenHash // of the provider and of what it calls them
	User    ID
	Name    string // that the provider has for them, at most MaxIdentityName characters of it
	Created time.Time
	Used    time.Time // zero while it hasn't been
}

// MaxIdentityName is how many code points are kept of what a provider calls somebody.
const MaxIdentityName = 255

// Vouched is what a provider has told of somebody.
type Vouched struct {
	Issuer, Subject string // who says so, and of whom: what both together name is never somebody else's
	Name            string // that people know them by, or ""
	Groups          []string
}

// ID returns what the identity of who is vouched for is found by.
func (v Vouched) ID() TokenHash { return HashToken(v.Issuer + "\x00" + v.Subject) }

// Identity returns the identity of a user who is vouched for.
func (v Vouched) Identity(user ID, now time.Time) Identity {
	name := markup.OneLine(strings.ToValidUTF8(v.Name, ""))
	return Identity{ID: v.ID(), User: user, Name: markup.Truncate(name, MaxIdentityName), Created: now}
}

// Groups are what an installation makes of the groups that a provider has somebody in.
type Groups struct {
	Allowed string // whose members may sign in, and get an account when they do; "" for those alone who have one
	Admin   string // whose members are admins, and nobody else; "" where that is for admins to say
}

// Let reports whether somebody who is vouched for may come in.
func (g Groups) Let(v Vouched) bool { return g.Allowed == "" || slices.Contains(v.Groups, g.Allowed) }

// Newcomer returns a new account for somebody who is vouched for and has none. It is ErrNotVouched where only those come in
// who have one.
func (g Groups) Newcomer(v Vouched, now time.Time) (User, error) {
	if g.Allowed == "" || !g.Let(v) {
		return User{}, ErrNotVouched
	}
	u := NewUser(false, now)
	name := markup.OneLine(strings.ToValidUTF8(v.Name, ""))
	if u.SetName(name) != nil {
		u.Name = newcomersName
	}
	return g.Rights(u, v), nil
}

// newcomersName is what somebody is called of whom the provider has no name that could be taken.
const newcomersName = "Newcomer"

// Again returns the user with another name, since somebody else has theirs.
func (u User) Again(try string) User {
	letters := []rune(u.Name)
	u.Name = string(letters[:min(len(letters), MaxUserName-len(try)-1)]) + " " + try
	return u
}

// Rights returns a user with the rights that the provider's groups give them. The owner has those of the owner.
func (g Groups) Rights(u User, v Vouched) User {
	if g.Admin != "" && u.ID != OwnerID {
		u.Admin = slices.Contains(v.Groups, g.Admin)
	}
	return u
}

// Journey is what a browser keeps while somebody is with the provider: a challenge, from which all follows that the provider is
// told, and what it is for.
type Journey struct {
	challenge []byte
	Back      string    // where they wanted to go
	Stay      bool      // signed in when the browser is closed
	Session   TokenHash // that the identity is to be that of, or "" to sign in
}

// purpose is that of the challenge: none is of use for anything else.
func (j Journey) purpose() Purpose {
	stay := "-"
	if j.Stay {
		stay = "+"
	}
	return Purpose("provider\x00" + string(j.Session) + "\x00" + stay + j.Back)
}

// Begin returns the journey with a challenge that whoever knows secret takes once, for ChallengeLife, and what the browser keeps.
func (j Journey) Begin(secret []byte, now time.Time) (Journey, string) {
	j.challenge = NewChallenge(secret, j.purpose(), now)
	stay := "0"
	if j.Stay {
		stay = "1"
	}
	encode := base64.RawURLEncoding.EncodeToString
	return j, strings.Join([]string{encode(j.challenge), stay, string(j.Session), encode([]byte(j.Back))}, ".")
}

// Resume returns the journey that a browser has kept, if the provider has sent it back with the same state. It is
// ErrProviderRefused otherwise, and ErrProviderTooLate when it took too long. That it hasn't come back before is for
// Sessions.UseTicket to tell.
func Resume(secret []byte, kept, state string, now time.Time) (Journey, error) {
	parts := strings.Split(kept, ".")
	if len(parts) != 4 {
		return Journey{}, ErrProviderTooLate
	}
	challenge, err := base64.RawURLEncoding.DecodeString(parts[0])
	back, backErr := base64.RawURLEncoding.DecodeString(parts[3])
	if err != nil || backErr != nil {
		return Journey{}, ErrProviderRefused
	}
	j := Journey{challenge, string(back), parts[1] == "1", TokenHash(parts[2])}
	err = CheckChallenge(secret, challenge, j.purpose(), now)
	switch {
	case err == ErrPasskeyTooLate: //nolint:errorlint // as CheckChallenge returns it
		return Journey{}, ErrProviderTooLate
	case err != nil, j.State() != state:
		return Journey{}, ErrProviderRefused
	}
	return j, nil
}

// Ticket returns what it is remembered by that the journey has come to its end.
func (j Journey) Ticket() TokenHash { return HashToken("journey\x00" + string(j.challenge)) }

// State, Nonce and Verifier are what the provider gives back, puts into what it vouches with, and is told in the end: who doesn't
// have what the browser keeps knows none of them before.
func (j Journey) State() string    { return j.derived("state") }
func (j Journey) Nonce() string    { return j.derived("nonce") }
func (j Journey) Verifier() string { return j.derived("verifier") }

func (j Journey) derived(what string) string {
	sum := sha256.Sum256(append([]byte(what+"\x00"), j.challenge...))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Provider is the port to who vouches for people: a provider of OpenID Connect.
type Provider interface {
	// Name returns what people call it, or "" where there is none.
	Name() string
	// Send returns where a browser is sent to for a journey. It is Unavailable while the provider doesn't answer.
	Send(ctx context.Context, j Journey) (url string, err error)
	// Ask returns for whom the provider vouches that has sent a browser back with a code. It is ErrProviderRefused, with why,
	// unless it is the provider that says so, of this journey and for this app, and Unavailable while it doesn't answer.
	Ask(ctx context.Context, j Journey, code string) (Vouched, error)
}

// Identities keeps who users are to the provider.
type Identities interface {
	// Add stores a new identity. It returns Conflict when its id is taken, and NotFound when there is no such user.
	Add(ctx context.Context, i Identity) error
	// Get returns an identity, or ErrIdentityNotFound.
	Get(ctx context.Context, id TokenHash) (Identity, error)
	// Touch stores when an identity was used. It does nothing when it isn't there.
	Touch(ctx context.Context, id TokenHash, now time.Time) error
	// List returns those of a user, those that were made first before others.
	List(ctx context.Context, user ID) ([]Identity, error)
	// Remove removes one of a user's, or returns ErrIdentityNotFound.
	Remove(ctx context.Context, user ID, id TokenHash) error
}

// Why nobody comes in by a provider.
var (
	ErrIdentityNotFound = NewError(NotFound, "identity.not_found")
	ErrNotVouched       = NewError(Unauthenticated, "identity.not_vouched")
	ErrProviderRefused  = NewError(Unauthenticated, "identity.refused")
	ErrProviderTooLate  = NewError(Unauthenticated, "identity.too_late")
	ErrProviderSilent   = NewError(Unavailable, "identity.unavailable")
)

// ProviderAllowance returns what returns from the provider that let nobody in are counted under: the provider is asked each time.
func ProviderAllowance(address netip.Addr) Allowance {
	return Allowance{HashToken("provider address\x00" + network(address)), TriesOfAddress}
}

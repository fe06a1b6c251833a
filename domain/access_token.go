package domain

import (
	"cmp"
	"context"
	"crypto/rand"
	"hash/crc32"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"octavo/domain/markup"
)

// Scope is something that an access token may be for.
type Scope string

// The scopes.
const (
	ScopeNotesRead   Scope = "notes:read"
	ScopeNotesAppend Scope = "notes:append" // adds notes and text at the end of notes, and ticks boxes, as a contributor does
	ScopeNotesWrite  Scope = "notes:write"  // changes notes, and so adds to them, too
	ScopeRecords     Scope = "records"
	ScopeFiles       Scope = "files"
	ScopeAdmin       Scope = "admin" // all that the user may do, but for what only a browser may

	// ScopeNone is what every token has: it is for what tells nothing of what is kept for somebody.
	ScopeNone Scope = ""
)

// AllScopes returns what a token may be for, the least first.
func AllScopes() []Scope {
	return []Scope{ScopeNotesRead, ScopeNotesAppend, ScopeNotesWrite, ScopeRecords, ScopeFiles, ScopeAdmin}
}

// Scopes are what a token is for, in the order of AllScopes.
type Scopes []Scope

// ParseScopes reads what String has written. What isn't known to this program opens nothing here.
func ParseScopes(text string) Scopes {
	var scopes Scopes
	for name := range strings.FieldsSeq(text) {
		if slices.Contains(AllScopes(), Scope(name)) {
			scopes = append(scopes, Scope(name))
		}
	}
	return scopes
}

// String returns the names of the scopes with blanks between them.
func (s Scopes) String() string {
	names := make([]string, len(s))
	for i, scope := range s {
		names[i] = string(scope)
	}
	return strings.Join(names, " ")
}

// Allow reports whether the scopes are enough for what asks for one.
func (s Scopes) Allow(scope Scope) bool {
	return scope == ScopeNone || slices.Contains(s, scope) || slices.Contains(s, ScopeAdmin) ||
		(scope == ScopeNotesAppend && slices.Contains(s, ScopeNotesWrite))
}

// The bounds of access tokens.
const (
	MaxTokenName = 64   // code points
	MaxTokenDays = 3650 // that one is good for
	MaxTokens    = 100  // that a user has
	// TokenTouch is how old Used may get before it is stored again: a token isn't written on each request.
	TokenTouch = time.Minute
)

// AccessToken lets a program in, into one space, for as much of what its user may do there as its scopes say.
type AccessToken struct {
	Hash    TokenHash
	User    ID
	Space   ID
	Name    string // by which its user knows it
	Scopes  Scopes
	Tag     Tag // of the notes that it is for, those with a tag below it among them, or "" for all
	Created time.Time
	Expires time.Time // zero for never
	Used    time.Time // the last request, to within TokenTouch; zero while there was none
}

// TokenDraft is what somebody wants of a new token.
type TokenDraft struct {
	Name   string
	Scopes []Scope
	Days   int    // that it is good for, or 0 for ever
	Space  ID     // in which it is good for that: one that is shared, or "" for their own
	Tag    string // of the notes that it is for, those with a tag below it among them, or "" for all
}

// NewAccessToken returns a new token of an actor and its secret, which is not kept. It is Invalid when the name is empty or too
// long, a scope is none, missing, or not for a space that is shared or a tag, the tag is none, or the time too long.
func NewAccessToken(actor Actor, draft TokenDraft, now time.Time) (t AccessToken, secret string, err error) {
	own := actor.PersonalSpace()
	t = AccessToken{User: actor.User, Space: cmp.Or(draft.Space, own), Name: markup.OneLine(strings.ToValidUTF8(draft.Name, "")), Created: now}
	var wrong []FieldError
	switch {
	case t.Name == "":
		wrong = append(wrong, NewFieldError("name", "token.name.empty"))
	case utf8.RuneCountInString(t.Name) > MaxTokenName:
		wrong = append(wrong, NewFieldError("name", "token.name.too_long", "limit", MaxTokenName))
	}
	for _, scope := range AllScopes() {
		if slices.Contains(draft.Scopes, scope) {
			t.Scopes = append(t.Scopes, scope)
		}
	}
	for _, scope := range draft.Scopes {
		if !slices.Contains(t.Scopes, scope) {
			wrong = append(wrong, NewFieldError("scope", "token.scope.unknown"))
			break
		}
	}
	switch {
	case len(draft.Scopes) == 0:
		wrong = append(wrong, NewFieldError("scope", "token.scope.none"))
	case t.Space != own && slices.Contains(t.Scopes, ScopeAdmin): // it would open what is the user's own, too
		wrong = append(wrong, NewFieldError("scope", "token.scope.own_alone"))
	}
	if draft.Tag = strings.TrimPrefix(strings.TrimSpace(draft.Tag), "#"); draft.Tag != "" {
		tag, err := NewTag(draft.Tag)
		switch {
		case err != nil:
			wrong = append(wrong, FieldError{"tag", FieldErrors(err)[0].Message})
		case slices.ContainsFunc(t.Scopes, func(s Scope) bool { return !slices.Contains(ofNotes, s) }):
			wrong = append(wrong, NewFieldError("tag", "token.tag.notes_alone"))
		}
		t.Tag = tag
	}
	if draft.Days < 0 || draft.Days > MaxTokenDays {
		wrong = append(wrong, NewFieldError("days", "token.days", "limit", MaxTokenDays))
	}
	if len(wrong) > 0 {
		return AccessToken{}, "", NewInvalid(wrong...)
	}
	if draft.Days > 0 {
		t.Expires = now.AddDate(0, 0, draft.Days)
	}
	secret = newTokenSecret()
	t.Hash = HashToken(secret)
	return t, secret, nil
}

// ofNotes are the scopes that a token for the notes of a tag may have.
var ofNotes = []Scope{ScopeNotesRead, ScopeNotesAppend, ScopeNotesWrite}

// CheckNewToken returns nil when a user who has some tokens may have another one as well, and what speaks against it otherwise: each
// has a name of its own.
func CheckNewToken(had []AccessToken, t AccessToken) error {
	if slices.ContainsFunc(had, func(other AccessToken) bool { return strings.EqualFold(other.Name, t.Name) }) {
		return ErrTokenNameTaken
	}
	if len(had) >= MaxTokens {
		return ErrTooManyTokens
	}
	return nil
}

// Expired reports whether the token opens nothing any more at now.
func (t AccessToken) Expired(now time.Time) bool {
	return !t.Expires.IsZero() && !now.Before(t.Expires)
}

// Touched reports whether Used is to be stored again as now.
func (t AccessToken) Touched(now time.Time) bool { return now.Sub(t.Used) >= TokenTouch }

// The secret of a token: what it begins with, so that whoever scans texts for secrets finds one that has got into them, then
// 178 random bits, and a checksum by which such a scan knows it from what merely looks like it.
const (
	tokenPrefix = "octp_"
	tokenRandom = 30
	tokenCheck  = 6
	base62      = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

func newTokenSecret() string {
	secret := []byte(tokenPrefix)
	for len(secret) < len(tokenPrefix)+tokenRandom {
		var b [1]byte
		_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
		if b[0] < 4*byte(len(base62)) {
			secret = append(secret, base62[int(b[0])%len(base62)])
		} // or some characters would be likelier than others
	}
	return string(secret) + checksum(string(secret))
}

// checksum returns the CRC-32 of a text in base62.
func checksum(text string) string {
	sum := crc32.ChecksumIEEE([]byte(text))
	var digits [tokenCheck]byte
	for i := range digits {
		digits[len(digits)-1-i] = base62[sum%uint32(len(base62))]
		sum /= uint32(len(base62))
	}
	return string(digits[:])
}

// IsTokenSecret reports whether a text may be the secret of an access token, by its form alone.
func IsTokenSecret(text string) bool {
	const checked = len(tokenPrefix) + tokenRandom
	return strings.HasPrefix(text, tokenPrefix) && len(text) == checked+tokenCheck && checksum(text[:checked]) == text[checked:]
}

// Grant says what somebody may do in a space by what they have proved who they are with: all that a member may, or as much of
// it as a token is for. Access is had for a scope alone, so that whatever asks for it says what it is about.
type Grant struct {
	member Membership
	token  bool
	scopes Scopes
}

// Grant returns what the member may do who came by no token.
func (m Membership) Grant() Grant { return Grant{member: m} }

// Grant returns what may be done by the token of a member.
func (t AccessToken) Grant(m Membership) Grant {
	m.access.tag = t.Tag.Key()
	return Grant{m, true, t.Scopes}
}

// User returns whose it is.
func (g Grant) User() ID { return g.member.access.user }

// Space returns in which space that is, and Role what its member may do there.
func (g Grant) Space() ID  { return g.member.access.space }
func (g Grant) Role() Role { return g.member.role }

// Administer returns the right to say who is in the space, as Membership.Administer has it. It is for people, so no token is
// good for it.
func (g Grant) Administer(session TokenHash) (SpaceAccess, error) {
	if g.token {
		return SpaceAccess{}, errScope(ScopeAdmin)
	}
	return g.member.Administer(session)
}

// Audit returns the right to see what has happened, as Membership.Audit has it. No token is good for it.
func (g Grant) Audit() (AuditAccess, error) {
	if g.token {
		return AuditAccess{}, errScope(ScopeAdmin)
	}
	return g.member.Audit()
}

// Beside returns what the look-up of the membership has told besides.
func (g Grant) Beside() Beside { return g.member.Beside }

// allow returns nil when it is good for a scope, and Forbidden otherwise.
func (g Grant) allow(scope Scope) error {
	if g.token && !g.scopes.Allow(scope) {
		return errScope(scope)
	}
	return nil
}

// Read returns the right to read what a scope is about. It is Forbidden for a token without that scope.
func (g Grant) Read(scope Scope) (ReadAccess, error) {
	if err := g.allow(scope); err != nil {
		return ReadAccess{}, err
	}
	return g.member.Read(), nil
}

// ReadEverywhere returns the right to read in the user's own space and, behind that, in each that they share. It is Forbidden
// for a token, which is for one space.
func (g Grant) ReadEverywhere() ([]ReadAccess, error) {
	if g.token {
		return nil, errTokensSpace
	}
	in := []ReadAccess{{space: g.User(), user: g.User()}}
	for _, s := range g.Beside().SharedSpaces() {
		in = append(in, ReadAccess{space: s.ID, user: g.User()})
	}
	return in, nil
}

// Write returns the right to change what a scope is about. It is Forbidden for a token without that scope, and for a reader.
func (g Grant) Write(scope Scope) (WriteAccess, error) {
	if err := g.allow(scope); err != nil {
		return WriteAccess{}, err
	}
	access, err := g.member.Write()
	access.token = g.token && err == nil
	if scope == ScopeNotesAppend && g.allow(ScopeNotesWrite) != nil && access.MayEdit() == nil {
		access.role, access.lacks = RoleContributor, ScopeNotesWrite
	}
	return access, err
}

// AccessTokens keeps the tokens of users.
type AccessTokens interface {
	// Add stores a new token. It returns Conflict when its hash is taken.
	Add(ctx context.Context, t AccessToken) error
	// Admit returns a token, one that has expired too, and what its user is in its space, by one look-up, or NotFound.
	Admit(ctx context.Context, hash TokenHash) (AccessToken, Membership, error)
	// Touch sets when tokens were last used. It does nothing for a token that isn't there, or was used later.
	Touch(ctx context.Context, used map[TokenHash]time.Time) error
	// List returns the tokens of a user, those that have expired too, the last made first.
	List(ctx context.Context, user ID) ([]AccessToken, error)
	// Remove removes a token of a user. It returns NotFound when they have no such one.
	Remove(ctx context.Context, user ID, hash TokenHash) error
	// RemoveOf removes all tokens of a user, and RemoveIn those for a space.
	RemoveOf(ctx context.Context, user ID) error
	RemoveIn(ctx context.Context, user, space ID) error
}

// What is wrong with a token, or would be.
var (
	ErrTokenNotFound  = NewError(NotFound, "token.not_found")
	ErrTokenNameTaken = NewInvalid(NewFieldError("name", "token.name.taken"))
	ErrTooManyTokens  = NewInvalid(NewFieldError("name", "token.too_many", "limit", MaxTokens))
)

func errScope(scope Scope) error { return NewError(Forbidden, "token.lacks", "scope", string(scope)) }

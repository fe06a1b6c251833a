package domain

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Invitation lets whoever has its secret in, once: somebody new, who chooses a name and a password, or a user who has
// forgotten theirs.
type Invitation struct {
	ID      ID
	Secret  TokenHash
	User    ID        // who chooses a new password, or "" for somebody new
	Admin   bool      // whether somebody new becomes an admin
	By      ID        // the admin it is from
	Joins   []Join    // the spaces that somebody new becomes a member of
	Created time.Time // before Expires by InvitationLife or RecoveryLife
	Expires time.Time
}

// Join is a space that somebody is to become a member of, and what they are to be there.
type Join struct {
	Space ID
	Role  Role
}

// JoinsText returns how an invitation's spaces are stored: a line for each of them. ParseJoins reads that.
func JoinsText(joins []Join) string {
	var text strings.Builder
	for _, j := range joins {
		text.WriteString(string(j.Space) + " " + string(j.Role) + "\n")
	}
	return text.String()
}

// ParseJoins reads what JoinsText has written. What isn't known to this program opens nothing here.
func ParseJoins(text string) (joins []Join) {
	for line := range strings.Lines(text) {
		space, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if role, known := ParseRole(name); known {
			joins = append(joins, Join{ID(space), role})
		}
	}
	return joins
}

// CheckJoins returns nil when somebody who shares some spaces may have others join these. It is NotFound for one that they
// don't own, and Invalid for a role that there isn't, and when a space is named twice.
func CheckJoins(shared []SharedSpace, joins []Join) error {
	seen := map[ID]bool{}
	for _, j := range joins {
		if !slices.ContainsFunc(shared, func(s SharedSpace) bool { return s.ID == j.Space && s.Role == RoleOwner }) {
			return ErrSpaceNotFound
		}
		if _, err := ReadRole(string(j.Role)); err != nil || seen[j.Space] {
			return NewInvalid(NewFieldError("role", "space.role.unknown"))
		}
		seen[j.Space] = true
	}
	return nil
}

// Invite returns an invitation of somebody new, who joins some spaces, and its secret, which is not kept.
func (a AdminAccess) Invite(admin bool, now time.Time, joins ...Join) (i Invitation, secret string) {
	secret = NewToken()
	return Invitation{
		ID: NewID(), Secret: HashToken(secret), Admin: admin, By: a.admin, Joins: joins, Created: now, Expires: now.Add(InvitationLife),
	}, secret
}

// Recover returns an invitation of a user to choose another password, and its secret, which is not kept. It returns what
// MayChange says, and Conflict for a user who is kept out.
func (a AdminAccess) Recover(u User, now time.Time) (i Invitation, secret string, err error) {
	if err := a.MayChange(u); err != nil {
		return Invitation{}, "", err
	}
	if u.Disabled {
		return Invitation{}, "", ErrDisabled
	}
	secret = NewToken()
	return Invitation{
		ID: NewID(), Secret: HashToken(secret), User: u.ID, By: a.admin, Created: now, Expires: now.Add(RecoveryLife),
	}, secret, nil
}

// Opens reports whether the invitation lets somebody in at now. One that was made while the clock was ahead doesn't, or it
// would do so for longer than it may.
func (i Invitation) Opens(now time.Time) bool {
	return now.Before(i.Expires) && i.Created.Sub(now) < SessionAhead
}

// Invitations keeps those that haven't been used or withdrawn.
type Invitations interface {
	// Add stores a new invitation. It returns Conflict when its id or secret is taken, and NotFound when the user whom it is
	// from or for isn't there.
	Add(ctx context.Context, i Invitation) error
	// BySecret returns the invitation with a secret, whether it opens or not, or NotFound.
	BySecret(ctx context.Context, secret TokenHash) (Invitation, error)
	// List returns all of them, the newest first.
	List(ctx context.Context) ([]Invitation, error)
	// Take removes an invitation. It returns NotFound when it isn't there, so that of several who take it one has it.
	Take(ctx context.Context, id ID) error
	// RemoveFor removes those of a user who is to choose another password, and RemoveFrom those that are from an admin.
	RemoveFor(ctx context.Context, user ID) error
	RemoveFrom(ctx context.Context, admin ID) error
}

// ErrNotInvited is returned for an invitation that isn't there, whatever became of it.
var ErrNotInvited = NewError(NotFound, "invitation.not_found")

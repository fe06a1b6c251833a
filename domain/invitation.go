package domain

import (
	"context"
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
	Created time.Time // before Expires by InvitationLife or RecoveryLife
	Expires time.Time
}

// Invite returns an invitation of somebody new, and its secret, which is not kept.
func (a AdminAccess) Invite(admin bool, now time.Time) (i Invitation, secret string) {
	secret = NewToken()
	return Invitation{
		ID: NewID(), Secret: HashToken(secret), Admin: admin, By: a.admin, Created: now, Expires: now.Add(InvitationLife),
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

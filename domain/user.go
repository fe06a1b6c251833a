package domain

import (
	"context"
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

// Actor is somebody who has proved who they are. What they may do, and in which space, is for a Membership to say.
type Actor struct {
	User ID
}

// Users keeps those who have an account.
type Users interface {
	// Add stores a new user with their personal space, which they own. It returns Conflict when the id is taken.
	Add(ctx context.Context, u User) error
	// Get returns a user, or NotFound.
	Get(ctx context.Context, id ID) (User, error)
}

// ErrUserNotFound is returned for somebody who has no account.
var ErrUserNotFound = NewError(NotFound, "user.not_found")

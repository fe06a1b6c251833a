package domain

import (
	"context"
	"slices"
	"strings"
	"time"

	"octavo/domain/markup"
)

// Space holds notes, with their tags, drafts and what else is kept of them, saved searches, files and records. Each user
// has a personal one. Others are shared: what a member may do there depends on their Role.
type Space struct {
	ID      ID
	Name    string
	Created time.Time
}

// PersonalSpace returns the space that is the user's own.
func PersonalSpace(u User) Space {
	return Space{ID: u.ID, Name: u.Name, Created: u.Created} //nolint:staticcheck // that both have the same fields is by chance
}

// PersonalSpace returns the id of the actor's own space, which is the user's id.
func (a Actor) PersonalSpace() ID { return a.User }

// Role is what a member may do in a space.
type Role string

// The roles, each of which may do all that those below it may.
const (
	RoleOwner       Role = "owner"
	RoleEditor      Role = "editor"
	RoleContributor Role = "contributor" // adds notes and files, text at the end of notes, and ticks boxes
	RoleReader      Role = "reader"
)

// ParseRole reads a role. ok is false for any other text.
func ParseRole(text string) (role Role, ok bool) {
	role = Role(text)
	return role, slices.Contains([]Role{RoleOwner, RoleEditor, RoleContributor, RoleReader}, role)
}

// CheckOwners returns nil when a user may have a role in a space from now on, or none when that is "", and otherwise
// ErrOwnerNeeded: a space keeps at least one of its owners, of whom these are all, and a personal one the user it belongs to.
func CheckOwners(space ID, owners []ID, user ID, role Role) error {
	if role == RoleOwner || !slices.Contains(owners, user) {
		return nil
	}
	if len(owners) == 1 || user == space {
		return ErrOwnerNeeded
	}
	return nil
}

// Membership says that a user is a member of a space, and gives access to it. Only stores make one, so whoever has one has
// been looked up.
type Membership struct {
	access ReadAccess
	role   Role
	Beside Beside
}

// Beside is what the look-up of a membership tells besides, so that what every page shows needs no other one.
type Beside struct {
	// Searches is the SearchesVersion of the space's saved searches. Whoever has a list of that version needn't read it again.
	Searches string
	// Drafts is how many drafts the user has in the space.
	Drafts int
	// Expired tells whether drafts of the user have expired without them being told.
	Expired bool
}

// NewMembership returns a membership that a store knows of.
func NewMembership(space, user ID, role Role) Membership {
	return Membership{access: ReadAccess{space, user}, role: role}
}

// Read returns the right to read what is in the space.
func (m Membership) Read() ReadAccess { return m.access }

// Write returns the right to change what is in the space. It is Forbidden for a reader.
func (m Membership) Write() (WriteAccess, error) {
	switch m.role {
	case RoleOwner, RoleEditor, RoleContributor:
		return WriteAccess{role: m.role, read: m.access}, nil
	}
	return WriteAccess{}, errReader
}

// ReadAccess is the right of a user to read what is in a space. The zero value opens nothing.
type ReadAccess struct{ space, user ID }

// Space returns which space may be read.
func (a ReadAccess) Space() ID { return a.space }

// User returns who may read it.
func (a ReadAccess) User() ID { return a.user }

// WriteAccess is the right of a user to change what is in a space, if only in part: MayChange and MayEdit tell how far it
// goes. The zero value opens nothing.
type WriteAccess struct {
	role  Role
	lacks Scope      // without which a token may only add, although its user may do more
	read  ReadAccess // a Membership has other fields, so it can't be converted into this
}

// Read returns the right to read the same space.
func (a WriteAccess) Read() ReadAccess { return a.read }

// Space returns which space may be changed.
func (a WriteAccess) Space() ID { return a.read.space }

// User returns who may change it.
func (a WriteAccess) User() ID { return a.read.user }

// MayEdit returns nil for somebody who may do more in the space than add to it, and Forbidden otherwise.
func (a WriteAccess) MayEdit() error {
	if a.role == RoleOwner || a.role == RoleEditor {
		return nil
	}
	if a.lacks != "" {
		return errScope(a.lacks)
	}
	return errContributor
}

// MayChange returns nil when a note may be changed from before to after, and Forbidden otherwise. A contributor may add text
// to its end and tick its boxes: nothing else may differ but what follows from that.
func (a WriteAccess) MayChange(before, after Note) error {
	if a.role == RoleContributor && after.addsTo(before) {
		return nil
	}
	return a.MayEdit()
}

// addsTo reports whether the note is another one with more text at its end, or with other boxes ticked, or both.
func (n Note) addsTo(before Note) bool {
	follows := n.Title == before.Title ||
		(before.Title == markup.TitleOf(before.Content) && n.Title == markup.TitleOf(n.Content))
	rest := n.NoteFields // which may not differ
	rest.Title, rest.Content = before.Title, before.Content
	return follows && n.ID == before.ID && n.State == before.State && n.Pinned == before.Pinned &&
		rest.Equal(before.NoteFields) && len(n.Content) >= len(before.Content) &&
		differOnlyInBoxes(before.Content, n.Content[:len(before.Content)])
}

// differOnlyInBoxes reports whether two texts of the same length are the same, whatever boxes are ticked.
func differOnlyInBoxes(before, after string) bool {
	if before == after {
		return true
	}
	rest := 0 // where what hasn't been compared begins
	for _, task := range markup.NewOutline(before).Tasks {
		if before[rest:task.Box] != after[rest:task.Box] || !strings.ContainsRune(" xX", rune(after[task.Box])) {
			return false
		}
		rest = task.Box + 1
	}
	return before[rest:] == after[rest:]
}

// Spaces keeps the spaces, and who is a member of which.
type Spaces interface {
	// Add stores a new space with its owner, the first member. It returns Conflict when the id is taken.
	Add(ctx context.Context, s Space, owner ID) error
	// Membership returns what a user is in a space, by one look-up, or NotFound. A space that they aren't a member of looks
	// like one that doesn't exist.
	Membership(ctx context.Context, space, user ID) (Membership, error)
	// SetMember gives a user a role in a space, in place of the one they have, if any. since is when they become a member, unless
	// they are one already. It returns NotFound when there is no such space or user, and what CheckOwners says, which nobody
	// else changes meanwhile.
	SetMember(ctx context.Context, space, user ID, role Role, since time.Time) error
	// RemoveMember ends a user's membership of a space, unless CheckOwners says otherwise. It does nothing when they aren't a
	// member.
	RemoveMember(ctx context.Context, space, user ID) error
}

// What keeps somebody out of a space, in it, or from changing something there.
var (
	ErrSpaceNotFound = NewError(NotFound, "space.not_found")
	ErrOwnerNeeded   = NewError(Conflict, "space.owner_needed")
	errReader        = NewError(Forbidden, "space.reader")
	errContributor   = NewError(Forbidden, "space.contributor")
)

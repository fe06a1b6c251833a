package domain

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"octavo/domain/markup"
	"octavo/domain/password"
	"octavo/domain/words"
)

// OwnerID is the id of the first user, who owns the installation. It is fixed, so that instances that start together
// on an empty database agree on one owner.
const OwnerID ID = "00000000-0000-7000-8000-000000000001"

// User is a person who has notes.
type User struct {
	ID       ID
	Name     string        // which others see, and which they sign in with once they have a password
	Password password.Hash // "" while they have none
	Admin    bool          // whether they were made an admin: see Standing
	Disabled bool          // whether they are kept out, with all that they have staying as it is
	Created  time.Time
	Goes     time.Time // when the account ends for good, with all that is theirs alone, or zero while it stays
	// LinksSince is when what they were let in by last ended, or zero: a ticket that was made before doesn't sign them in.
	LinksSince time.Time
}

// NewOwner returns the owner of a new installation.
func NewOwner(now time.Time) User { return User{ID: OwnerID, Name: "Owner", Created: now} }

// NewUser returns somebody who has yet to choose a name and a password.
func NewUser(admin bool, now time.Time) User { return User{ID: NewID(), Admin: admin, Created: now} }

// Standing is what a user is in the installation.
type Standing string

// What users are. The owner and admins say who has an account.
const (
	StandingOwner    Standing = "owner"
	StandingAdmin    Standing = "admin"
	StandingMember   Standing = "member"
	StandingDisabled Standing = "disabled"
)

// Standing returns what the user is. The owner is always that.
func (u User) Standing() Standing {
	switch {
	case u.ID == OwnerID:
		return StandingOwner
	case u.Disabled:
		return StandingDisabled
	case u.Admin:
		return StandingAdmin
	}
	return StandingMember
}

// IsAdmin reports whether the user says who has an account.
func (u User) IsAdmin() bool {
	return u.Standing() == StandingOwner || u.Standing() == StandingAdmin
}

// Administer returns the right to say who has an account, for as long as the session lasts by which the user came; it is ""
// for whoever has the machine's shell. It is Forbidden for those who aren't admins.
func (u User) Administer(session TokenHash) (AdminAccess, error) {
	if !u.IsAdmin() {
		return AdminAccess{}, errNotAdmin
	}
	return AdminAccess{u.ID, session}, nil
}

// AdminAccess is the right of an admin to say who has an account, and who else is an admin. The zero value is nobody's.
type AdminAccess struct {
	admin   ID
	session TokenHash
}

// User returns whose right it is.
func (a AdminAccess) User() ID { return a.admin }

// Session returns by which session they came, or "".
func (a AdminAccess) Session() TokenHash { return a.session }

// MayChange returns nil when the admin may change what another user may do, keep them out, or let them in without their
// password. The owner's account is theirs alone, and nobody shuts themselves out: that is a Conflict.
func (a AdminAccess) MayChange(u User) error {
	switch {
	case u.Standing() == StandingOwner:
		return errOwnersAccount
	case u.ID == a.admin:
		return errOwnAccount
	}
	return nil
}

// MayLeave returns nil when the user's account can go. The owner's can't: that is a Conflict.
func (u User) MayLeave() error {
	if u.ID == OwnerID {
		return errOwnersAccount
	}
	return nil
}

// Leave has the user's account go after FarewellLife, if it MayLeave. They can still take with them what they have, and Stay.
func (u *User) Leave(now time.Time) error {
	if err := u.MayLeave(); err != nil {
		return err
	}
	u.Goes = now.Add(FarewellLife)
	return nil
}

// Stay keeps an account that was to go. It is a Conflict when it is gone already, and being removed.
func (u *User) Stay(now time.Time) error {
	if u.Gone(now) {
		return errUserGone
	}
	u.Goes = time.Time{}
	return nil
}

// Away reports whether the user isn't one to count on: they are kept out, or their account goes.
func (u User) Away() bool { return u.Disabled || !u.Goes.IsZero() }

// Gone reports whether the time of the account is over.
func (u User) Gone(now time.Time) bool { return over(u.Goes, now) }

// over reports whether what goes at a time, unless that is zero, is gone.
func over(goes, now time.Time) bool { return !goes.IsZero() && !now.Before(goes) }

// The bounds of what people sign in with.
const (
	MaxUserName = 64   // code points
	MaxLogin    = 255  // code points: some letters are folded into several
	MinPassword = 8    // code points
	MaxPassword = 1024 // bytes
)

// Login returns what the user's name is looked up by, whoever types it: case, width, doubled blanks and what can't be seen
// don't count.
func (u User) Login() string { return LoginOf(u.Name) }

// LoginOf returns the Login of a user with a name.
func LoginOf(name string) string {
	return words.Fold(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name))
}

// SetPassword gives the user a name and a password to sign in with. It is Invalid when the name is empty or too long, or
// the password too short, too long, the name itself or one of those that guessing begins with.
func (u *User) SetPassword(ctx context.Context, name, text string) error {
	named := *u
	wrong := FieldErrors(named.SetName(name))
	if wrong = append(wrong, wrongPassword(text, markup.OneLine(strings.ToValidUTF8(name, "")))...); len(wrong) > 0 {
		return NewInvalid(wrong...)
	}
	hash, err := password.New(ctx, text)
	if err != nil {
		return err
	}
	u.Name, u.Password = named.Name, hash
	return nil
}

// SetName gives the user a name to sign in with. It is Invalid when that is empty or too long.
func (u *User) SetName(name string) error {
	name = markup.OneLine(strings.ToValidUTF8(name, ""))
	switch {
	case LoginOf(name) == "":
		return NewInvalid(NewFieldError("name", "user.name.empty"))
	case utf8.RuneCountInString(name) > MaxUserName || utf8.RuneCountInString(LoginOf(name)) > MaxLogin:
		return NewInvalid(NewFieldError("name", "user.name.too_long", "limit", MaxUserName))
	}
	u.Name = name
	return nil
}

// wrongPassword returns what is wrong with a password that goes with a name, if anything.
func wrongPassword(text, name string) []FieldError {
	switch {
	case utf8.RuneCountInString(text) < MinPassword:
		return []FieldError{NewFieldError("password", "user.password.too_short", "least", MinPassword)}
	case len(text) > MaxPassword:
		return []FieldError{NewFieldError("password", "user.password.too_long", "limit", MaxPassword)}
	case password.Common(text) || strings.EqualFold(text, name):
		return []FieldError{NewFieldError("password", "user.password.common")}
	}
	return nil
}

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
	// Hold is Get, but nobody else changes the user until the transaction ends.
	Hold(ctx context.Context, id ID) (User, error)
	// ByLogin returns the user with a password, a passkey or an identity whose Login it is, or NotFound.
	ByLogin(ctx context.Context, login string) (User, error)
	// SetPassword stores the name and the password of a user over those they have; where there is no password, it is for
	// somebody with one of the others. It returns NotFound when there is no such user, and ErrNameTaken when the Login of another one
	// with a password, a passkey or an identity is the same.
	SetPassword(ctx context.Context, u User) error
	// SetRights stores whether a user is an admin, whether they are kept out and when their account goes. It returns NotFound
	// when there is no such user.
	SetRights(ctx context.Context, u User) error
	// EndTickets stores LinksSince. It does nothing when there is no such user.
	EndTickets(ctx context.Context, id ID, now time.Time) error
	// List returns all users, those who came first before others.
	List(ctx context.Context) ([]User, error)
	// AnyPassword reports whether there is a user with a password, a passkey or an identity.
	AnyPassword(ctx context.Context) (bool, error)
}

// What is wrong with somebody who has an account, or would.
var (
	ErrUserNotFound = NewError(NotFound, "user.not_found")
	ErrNameTaken    = NewInvalid(NewFieldError("name", "user.name.taken"))

	errNotAdmin      = NewError(Forbidden, "user.not_admin")
	errOwnersAccount = NewError(Conflict, "user.owner")
	errOwnAccount    = NewError(Conflict, "user.self")
	errUserGone      = NewError(Conflict, "user.gone")
	ErrDisabled      = NewError(Conflict, "user.disabled")
)

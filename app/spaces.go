package app

import (
	"context"
	"errors"

	"octavo/domain"
)

// Spaces tells what somebody may do in a space: nothing where they aren't a member, which looks as if there were no such
// space.
type Spaces struct{ spaces domain.Spaces }

// NewSpaces returns the use cases over who is a member of which space.
func NewSpaces(spaces domain.Spaces) *Spaces { return &Spaces{spaces} }

// Spaces returns the use cases of spaces.
func (a *App) Spaces() *Spaces { return NewSpaces(a.store.Spaces()) }

// Read returns the right to read what is in a space, or NotFound.
func (s *Spaces) Read(ctx context.Context, actor domain.Actor, space domain.ID) (domain.ReadAccess, error) {
	m, err := s.spaces.Membership(ctx, space, actor.User)
	if err != nil {
		return domain.ReadAccess{}, err
	}
	return m.Read(), nil
}

// Write returns the right to change what is in a space. It is Forbidden for a reader, and NotFound for a stranger.
func (s *Spaces) Write(ctx context.Context, actor domain.Actor, space domain.ID) (domain.WriteAccess, error) {
	m, err := s.spaces.Membership(ctx, space, actor.User)
	if err != nil {
		return domain.WriteAccess{}, err
	}
	return m.Write()
}

// Memberships is who is in which space, together with whom.
type Memberships struct {
	repos        domain.Repos
	transactions domain.Transactions
	accounts     *Accounts
	clock        domain.Clock
}

// Memberships returns the use cases over who is in which space, by people who sign in with accounts.
func (a *App) Memberships(accounts *Accounts) *Memberships {
	return &Memberships{repos: a.store, transactions: a.store, accounts: accounts, clock: a.clock}
}

// Spaces returns the spaces that the actor shares with others, and what they may do in each.
func (s *Memberships) Spaces(ctx context.Context, actor domain.Actor) ([]domain.SharedSpace, error) {
	return s.repos.Spaces().SharedBy(ctx, actor.User)
}

// Members returns who is in a space, those who came first before others.
func (s *Memberships) Members(ctx context.Context, access domain.ReadAccess) ([]domain.Member, error) {
	return s.repos.Spaces().Members(ctx, access.Space())
}

// Create makes a space that the actor owns, who came by a session. It is Invalid as domain.NewSpace says, a Conflict when they
// share many already, and Unauthenticated when the session has ended meanwhile.
func (s *Memberships) Create(ctx context.Context, actor domain.Actor, session domain.TokenHash, name string) (domain.Space, error) {
	space, err := domain.NewSpace(name, s.clock.Now())
	if err != nil {
		return domain.Space{}, err
	}
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if err := s.mayJoin(ctx, repos, actor.User); err != nil {
			return err
		}
		if err := s.accounts.stillIn(ctx, repos, session); err != nil {
			return err
		}
		return repos.Spaces().Add(ctx, space, actor.User)
	})
	return space, err
}

// mayJoin returns nil when a user may be in one more space, in which nobody else puts them meanwhile. It is ErrSignedOut for
// one who is kept out.
func (s *Memberships) mayJoin(ctx context.Context, repos domain.Repos, user domain.ID) error {
	u, err := repos.Users().Hold(ctx, user)
	if err != nil {
		return err
	}
	if u.Disabled {
		return domain.ErrSignedOut
	}
	shared, err := repos.Spaces().SharedBy(ctx, user)
	if err != nil {
		return err
	}
	return domain.CheckAnotherSpace(shared)
}

// Rename gives a space another name. It is Invalid as Space.Rename says.
func (s *Memberships) Rename(ctx context.Context, access domain.SpaceAccess, name string) error {
	return s.administer(ctx, access, func(repos domain.Repos, space domain.Space) error {
		if err := space.Rename(name); err != nil {
			return err
		}
		return repos.Spaces().SetName(ctx, space)
	})
}

// Add makes a user a member of a space who signs in with a name, and returns who that is. It is Invalid when nobody does, and
// TooMany when names have been guessed; a Conflict where there are many members already, or the user has many spaces.
func (s *Memberships) Add(ctx context.Context, access domain.SpaceAccess, name string, role domain.Role) (added domain.ID, err error) {
	err = s.accounts.trying(ctx, []domain.Allowance{domain.NamingAllowance(access.User())}, func() error {
		user, err := s.repos.Users().ByLogin(ctx, domain.LoginOf(name))
		if errors.Is(err, domain.NotFound) || (err == nil && user.Disabled) {
			return errNobody
		}
		if err != nil {
			return err
		}
		added = user.ID
		return nil
	})
	if err != nil {
		return "", err
	}
	err = s.administer(ctx, access, func(repos domain.Repos, space domain.Space) error {
		members, err := repos.Spaces().Members(ctx, space.ID)
		if err != nil {
			return err
		}
		if err := domain.CheckNewMember(members, added); err != nil {
			return err
		}
		if err := s.mayJoin(ctx, repos, added); err != nil {
			if errors.Is(err, domain.ErrSignedOut) { // they have been kept out since a moment ago
				return errNobody
			}
			return err
		}
		return repos.Spaces().SetMember(ctx, space.ID, added, role, s.clock.Now())
	})
	return added, err
}

// SetRole gives a member of a space another role. It is NotFound when they aren't a member, and what domain.CheckOwners says.
func (s *Memberships) SetRole(ctx context.Context, access domain.SpaceAccess, user domain.ID, role domain.Role) error {
	return s.administer(ctx, access, func(repos domain.Repos, space domain.Space) error {
		if err := isMember(ctx, repos, space, user); err != nil {
			return err
		}
		return repos.Spaces().SetMember(ctx, space.ID, user, role, s.clock.Now())
	})
}

// isMember returns nil when a user is a member of a space, and NotFound otherwise.
func isMember(ctx context.Context, repos domain.Repos, space domain.Space, user domain.ID) error {
	_, err := repos.Spaces().Membership(ctx, space.ID, user)
	if errors.Is(err, domain.NotFound) {
		return errNoMember
	}
	return err
}

// Remove ends somebody's membership of a space with their next request. What they have written stays. It is NotFound when they
// aren't a member, and what domain.CheckOwners says.
func (s *Memberships) Remove(ctx context.Context, access domain.SpaceAccess, user domain.ID) error {
	return s.administer(ctx, access, func(repos domain.Repos, space domain.Space) error {
		if err := isMember(ctx, repos, space, user); err != nil {
			return err
		}
		return removeMember(ctx, repos, space.ID, user)
	})
}

// removeMember ends the membership of a user, with what would let them in without it once they come back.
func removeMember(ctx context.Context, repos domain.Repos, space, user domain.ID) error {
	if err := repos.AccessTokens().RemoveIn(ctx, user, space); err != nil {
		return err
	}
	return repos.Spaces().RemoveMember(ctx, space, user)
}

// Leave ends the membership of whoever has access to a space, who came by a session. It returns what domain.CheckOwners says.
func (s *Memberships) Leave(ctx context.Context, access domain.ReadAccess, session domain.TokenHash) error {
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if _, err := repos.Spaces().Hold(ctx, access.Space()); err != nil {
			return err
		}
		if err := s.accounts.stillIn(ctx, repos, session); err != nil {
			return err
		}
		return removeMember(ctx, repos, access.Space(), access.User())
	})
}

// administer runs fn in a transaction in which the owner still owns the space, so that nothing that they do comes after they
// have been removed or their session has ended. Who owns a space is changed by one after another.
func (s *Memberships) administer(ctx context.Context, access domain.SpaceAccess, fn func(domain.Repos, domain.Space) error) error {
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		space, err := repos.Spaces().Hold(ctx, access.Space())
		if err != nil {
			return err
		}
		member, err := repos.Spaces().Membership(ctx, space.ID, access.User())
		if err != nil {
			return err
		}
		if _, err := member.Administer(access.Session()); err != nil {
			return err
		}
		if err := s.accounts.stillIn(ctx, repos, access.Session()); err != nil {
			return err
		}
		return fn(repos, space)
	})
}

// What is wrong with whom somebody wants to share a space with.
var (
	errNobody   = domain.NewInvalid(domain.NewFieldError("name", "space.nobody"))
	errNoMember = domain.NewError(domain.NotFound, "space.no_member")
)

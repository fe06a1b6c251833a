package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"octavo/domain"
)

// People is what admins do: they say who has an account.
type People struct {
	repos        domain.Repos
	transactions domain.Transactions
	accounts     *Accounts
	clock        domain.Clock
}

// People returns the use cases over the users, who sign in with accounts.
func (a *App) People(accounts *Accounts) *People {
	return &People{repos: a.store, transactions: a.store, accounts: accounts, clock: a.clock}
}

// Access returns the right of an actor to say who has an account, who came by a session or, if that is "", has the machine's
// shell. It is Forbidden for those who aren't admins.
func (s *People) Access(ctx context.Context, actor domain.Actor, session domain.TokenHash) (domain.AdminAccess, error) {
	u, err := s.repos.Users().Get(ctx, actor.User)
	if err != nil {
		return domain.AdminAccess{}, err
	}
	return u.Administer(session)
}

// List returns all users, and the invitations that may still be taken, the newest first.
func (s *People) List(ctx context.Context, _ domain.AdminAccess) (users []domain.User, open []domain.Invitation, err error) {
	if users, err = s.repos.Users().List(ctx); err != nil {
		return nil, nil, err
	}
	all, err := s.repos.Invitations().List(ctx)
	if err != nil {
		return nil, nil, err
	}
	now := s.clock.Now()
	for _, i := range all {
		if i.Opens(now) {
			open = append(open, i)
		}
	}
	return users, open, nil
}

// Names returns what all users are called.
func (s *People) Names(ctx context.Context, _ domain.AdminAccess) (map[domain.ID]string, error) {
	users, err := s.repos.Users().List(ctx)
	names := make(map[domain.ID]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, err
}

// Find returns the user who signs in with a name, or NotFound.
func (s *People) Find(ctx context.Context, _ domain.AdminAccess, name string) (domain.User, error) {
	return s.repos.Users().ByLogin(ctx, domain.LoginOf(name))
}

// Invite makes an invitation of somebody new, as an admin or not, who joins some spaces, and returns it with its secret. It
// returns what domain.CheckJoins says.
func (s *People) Invite(ctx context.Context, access domain.AdminAccess, admin bool, joins ...domain.Join) (
	i domain.Invitation, secret string, err error,
) {
	err = s.administer(ctx, access, "", func(repos domain.Repos, access domain.AdminAccess, _ domain.User) error {
		if len(joins) > 0 {
			shared, err := repos.Spaces().SharedBy(ctx, access.User())
			if err != nil {
				return err
			}
			if err := domain.CheckJoins(shared, joins); err != nil {
				return err
			}
		}
		i, secret = access.Invite(admin, s.clock.Now(), joins...)
		return repos.Invitations().Add(ctx, i)
	})
	return i, secret, err
}

// Owned returns the spaces that an admin may have somebody new join.
func (s *People) Owned(ctx context.Context, access domain.AdminAccess) ([]domain.SharedSpace, error) {
	shared, err := s.repos.Spaces().SharedBy(ctx, access.User())
	return slices.DeleteFunc(shared, func(space domain.SharedSpace) bool { return space.Role != domain.RoleOwner }), err
}

// Recover makes an invitation of a user to choose another password, and returns it with its secret. Those that they had end.
func (s *People) Recover(ctx context.Context, access domain.AdminAccess, user domain.ID) (i domain.Invitation, secret string, err error) {
	err = s.administer(ctx, access, user, func(repos domain.Repos, access domain.AdminAccess, u domain.User) error {
		var err error
		if i, secret, err = access.Recover(u, s.clock.Now()); err != nil {
			return err
		}
		if err := repos.Invitations().RemoveFor(ctx, user); err != nil {
			return err
		}
		return repos.Invitations().Add(ctx, i)
	})
	return i, secret, err
}

// Withdraw ends an invitation. It is NotFound when it isn't there, as when it has been taken.
func (s *People) Withdraw(ctx context.Context, access domain.AdminAccess, id domain.ID) error {
	err := s.administer(ctx, access, "", func(repos domain.Repos, _ domain.AdminAccess, _ domain.User) error {
		return repos.Invitations().Take(ctx, id)
	})
	if errors.Is(err, domain.ErrNotInvited) {
		return errWithdrawn
	}
	return err
}

// SetAdmin makes a user an admin, or no longer one; then the invitations that are from them end. It reports whether they
// weren't that already.
func (s *People) SetAdmin(ctx context.Context, access domain.AdminAccess, user domain.ID, admin bool) (changed bool, err error) {
	return s.change(ctx, access, user, func(repos domain.Repos, u *domain.User) error {
		u.Admin = admin
		if admin {
			return nil
		}
		return repos.Invitations().RemoveFrom(ctx, user)
	})
}

// SetDisabled keeps a user out, or lets them in again. Their sessions and their tokens end with the next request, and so do
// the invitations that are for them or from them. Whatever they have stays, and so does their account once they are let in.
// It reports whether they weren't that already.
func (s *People) SetDisabled(ctx context.Context, access domain.AdminAccess, user domain.ID, disabled bool) (changed bool, err error) {
	return s.change(ctx, access, user, func(repos domain.Repos, u *domain.User) error {
		if disabled {
			return keepOut(ctx, repos, u, s.clock.Now())
		}
		u.Disabled = false
		return u.Stay(s.clock.Now())
	})
}

// keepOut disables a user, with all that lets them in, or others on their behalf.
func keepOut(ctx context.Context, repos domain.Repos, u *domain.User, now time.Time) error {
	u.Disabled = true
	if err := repos.Invitations().RemoveFrom(ctx, u.ID); err != nil {
		return err
	}
	return endAccessOf(ctx, repos, u.ID, "", now)
}

// change stores what change makes of a user's rights, and reports whether they are others than before.
func (s *People) change(ctx context.Context, access domain.AdminAccess, user domain.ID,
	change func(domain.Repos, *domain.User) error,
) (changed bool, err error) {
	err = s.administer(ctx, access, user, func(repos domain.Repos, access domain.AdminAccess, before domain.User) error {
		if err := access.MayChange(before); err != nil {
			return err
		}
		after := before
		if err := change(repos, &after); err != nil {
			return err
		}
		changed = after != before
		return repos.Users().SetRights(ctx, after)
	})
	return changed, err
}

// administer runs fn in a transaction in which the admin stays one, so that nothing that they do comes after they have been
// kept out or their session has ended, and in which nobody else changes the user whom it is about, if there is one. Two admins who change each other
// hold both in the same order.
func (s *People) administer(ctx context.Context, access domain.AdminAccess, about domain.ID,
	fn func(domain.Repos, domain.AdminAccess, domain.User) error,
) error {
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		held := map[domain.ID]domain.User{}
		for _, id := range slices.Sorted(slices.Values([]domain.ID{access.User(), about})) {
			if _, twice := held[id]; twice || id == "" {
				continue
			}
			u, err := repos.Users().Hold(ctx, id)
			if err != nil && !errors.Is(err, domain.NotFound) {
				return err
			}
			held[id] = u // a zero one, if there is nobody
		}
		still, err := held[access.User()].Administer(access.Session())
		if err != nil {
			return err
		}
		if err := s.accounts.stillIn(ctx, repos, access.Session()); err != nil {
			return err
		}
		if about != "" && held[about].ID == "" {
			return domain.ErrUserNotFound
		}
		return fn(repos, still, held[about])
	})
}

// Invited returns whom an invitation with a secret is for: a user who is to choose another password, or a zero one for
// somebody new. It is NotFound when there is none that opens.
func (s *People) Invited(ctx context.Context, secret string) (domain.User, error) {
	i, err := s.invitation(ctx, secret)
	if err != nil || i.User == "" {
		return domain.User{}, err
	}
	return s.repos.Users().Get(ctx, i.User)
}

func (s *People) invitation(ctx context.Context, secret string) (domain.Invitation, error) {
	i, err := s.repos.Invitations().BySecret(ctx, domain.HashToken(secret))
	if err == nil && !i.Opens(s.clock.Now()) {
		return domain.Invitation{}, domain.ErrNotInvited
	}
	return i, err
}

// Acceptance is what somebody who has been invited chooses.
type Acceptance struct {
	Name, Password string // a user who is there keeps their name, whatever they give
	Browser        string // what it calls itself
	Instead        string // the token of the session that the new one replaces, or ""
}

// Accept takes an invitation: it makes an account for somebody new, who joins the spaces that its admin still owns and that have
// room, or gives a user another password, which ends their sessions and forgets their passkeys, and who they are to a provider, and signs them in. It returns the invitation, too, with the
// spaces that they have joined. It is NotFound when the invitation doesn't open, or no
// longer, and what User.SetPassword says; then it may be accepted once more, but not often: that is TooMany.
func (s *People) Accept(ctx context.Context, secret string, chosen Acceptance) (in SignedIn, taken domain.Invitation, err error) {
	if taken, err = s.invitation(ctx, secret); err != nil {
		return SignedIn{}, domain.Invitation{}, err
	}
	err = s.accounts.trying(ctx, []domain.Allowance{domain.InvitationAllowance(taken.Secret)}, func() error {
		in, taken.Joins, err = s.accept(ctx, taken, chosen)
		return err
	})
	return in, taken, err
}

func (s *People) accept(ctx context.Context, taken domain.Invitation, chosen Acceptance) (in SignedIn, joined []domain.Join, err error) {
	keys, err := s.accounts.keys.SignIn()
	if err != nil {
		return SignedIn{}, nil, err
	}
	now := s.clock.Now()
	user := domain.NewUser(taken.Admin, now)
	if taken.User != "" {
		if user, err = s.repos.Users().Get(ctx, taken.User); err != nil {
			return SignedIn{}, nil, err
		}
		chosen.Name = user.Name
	}
	if err := user.SetPassword(ctx, chosen.Name, chosen.Password); err != nil {
		return SignedIn{}, nil, err
	}
	session, token := domain.NewSession(user.ID, chosen.Browser, now)
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if taken.User == "" {
			if err := repos.Users().Add(ctx, user); err != nil {
				return err
			}
		} else if user, err = holdRecovered(ctx, repos, user); err != nil {
			return err
		}
		if err := repos.Invitations().Take(ctx, taken.ID); err != nil {
			return err
		}
		if err := endAccessOf(ctx, repos, user.ID, "", now); err != nil {
			return err
		}
		if err := forgetWaysIn(ctx, repos, user.ID); err != nil {
			return err
		}
		if err := repos.Users().SetPassword(ctx, user); err != nil {
			return err
		}
		if joined, err = join(ctx, repos, taken, user.ID, now); err != nil {
			return err
		}
		return replaceSession(ctx, repos, session, chosen.Instead)
	})
	if err != nil {
		return SignedIn{}, nil, err
	}
	s.accounts.spare.remove(func(other domain.Session) bool {
		return other.User == user.ID || other.Token == domain.HashToken(chosen.Instead)
	})
	return SignedIn{User: user.ID, Token: token, Device: domain.NewDevice(keys, user)}, joined, nil
}

// join makes somebody new a member of the spaces of their invitation, and returns of which: not of one that is gone, or goes, or
// is full, or that whoever has invited them doesn't own any more.
func join(ctx context.Context, repos domain.Repos, taken domain.Invitation, user domain.ID, now time.Time) (joined []domain.Join, err error) {
	joins := slices.SortedFunc(slices.Values(taken.Joins), func(a, b domain.Join) int { return cmp.Compare(a.Space, b.Space) })
	for _, j := range joins { // in one order, so that nobody waits for another in a circle
		space, err := repos.Spaces().Hold(ctx, j.Space)
		if errors.Is(err, domain.NotFound) || err == nil && !space.Goes.IsZero() {
			continue
		}
		if err != nil {
			return nil, err
		}
		members, err := repos.Spaces().Members(ctx, j.Space)
		if err != nil {
			return nil, err
		}
		owns := slices.ContainsFunc(members, func(m domain.Member) bool { return m.User == taken.By && m.Role == domain.RoleOwner })
		if !owns || domain.CheckNewMember(members, user) != nil {
			continue
		}
		if err := repos.Spaces().SetMember(ctx, j.Space, user, j.Role, now); err != nil {
			return nil, err
		}
		joined = append(joined, j)
	}
	return joined, nil
}

// holdRecovered returns a user as they are now, whom nobody else changes until the transaction ends, with the password that
// they have chosen. It is NotFound when they have been kept out meanwhile.
func holdRecovered(ctx context.Context, repos domain.Repos, chosen domain.User) (domain.User, error) {
	u, err := repos.Users().Hold(ctx, chosen.ID)
	if err == nil && u.Disabled {
		err = domain.ErrNotInvited
	}
	u.Password = chosen.Password
	return u, err
}

// errWithdrawn is what an admin is told who withdraws what has been taken or withdrawn already.
var errWithdrawn = domain.NewError(domain.NotFound, "invitation.gone")

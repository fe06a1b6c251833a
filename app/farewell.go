package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"octavo/domain"
)

// Leave has the account of the actor, who came by a session, go after domain.FarewellLife, and returns them as they are then.
// Their other sessions end, and the invitations that are from them; their tokens stay until then, so that a program may take
// away what they have. It returns what User.Leave says.
func (s *Accounts) Leave(ctx context.Context, actor domain.Actor, session domain.TokenHash) (domain.User, error) {
	s.spare.remove(func(other domain.Session) bool { return other.User == actor.User && other.Token != session })
	return s.decide(ctx, actor, session, func(repos domain.Repos, u *domain.User) error {
		if err := u.Leave(s.clock.Now()); err != nil {
			return err
		}
		if _, err := repos.Sessions().RemoveOf(ctx, u.ID, session); err != nil {
			return err
		}
		return repos.Invitations().RemoveFrom(ctx, u.ID)
	})
}

// Stay keeps the account of the actor, who came by a session. It returns what User.Stay says.
func (s *Accounts) Stay(ctx context.Context, actor domain.Actor, session domain.TokenHash) (domain.User, error) {
	return s.decide(ctx, actor, session, func(_ domain.Repos, u *domain.User) error { return u.Stay(s.clock.Now()) })
}

// decide stores what the actor says of their own account.
func (s *Accounts) decide(ctx context.Context, actor domain.Actor, session domain.TokenHash,
	change func(domain.Repos, *domain.User) error,
) (u domain.User, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if u, err = repos.Users().Hold(ctx, actor.User); err != nil {
			return err
		}
		if err := s.stillIn(ctx, repos, session); err != nil {
			return err
		}
		if err := change(repos, &u); err != nil {
			return err
		}
		return repos.Users().SetRights(ctx, u)
	})
	return u, err
}

// Remove keeps a user out as SetDisabled does, and has their account go after domain.FarewellLife. Until then SetDisabled
// lets them in again. It reports whether that wasn't so already.
func (s *People) Remove(ctx context.Context, access domain.AdminAccess, user domain.ID) (changed bool, err error) {
	return s.change(ctx, access, user, func(repos domain.Repos, u *domain.User) error {
		if u.Disabled && !u.Goes.IsZero() {
			return nil
		}
		if err := u.Leave(s.clock.Now()); err != nil {
			return err
		}
		return keepOut(ctx, repos, u, s.clock.Now())
	})
}

// Inheritance is a space that nobody owns any more but somebody whose account goes, and who owns it then: a zero one where
// the space goes as well.
type Inheritance struct {
	Space domain.Space
	Heir  domain.Member
}

// Inheritances returns what becomes of the spaces that the actor shares with others, and that nobody else owns who stays.
func (s *Memberships) Inheritances(ctx context.Context, actor domain.Actor) ([]Inheritance, error) {
	return inheritances(ctx, s.repos.Spaces(), actor.User)
}

func inheritances(ctx context.Context, spaces domain.Spaces, user domain.ID) (list []Inheritance, err error) {
	shared, err := spaces.SharedBy(ctx, user)
	if err != nil {
		return nil, err
	}
	for _, s := range shared {
		if s.Role != domain.RoleOwner {
			continue
		}
		members, err := spaces.Members(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		if heir, _ := domain.Heir(members, user); heir.Role != domain.RoleOwner {
			list = append(list, Inheritance{s.Space, heir})
		}
	}
	return list, nil
}

// Close has a space go after domain.FarewellLife, which is closed to all its members until then.
func (s *Memberships) Close(ctx context.Context, access domain.SpaceAccess) error {
	return s.administer(ctx, access, func(repos domain.Repos, space domain.Space) error {
		space.Close(s.clock.Now())
		return repos.Spaces().SetGoes(ctx, space)
	})
}

// Closed returns the spaces that the actor owns, and that go.
func (s *Memberships) Closed(ctx context.Context, actor domain.Actor) ([]domain.Space, error) {
	return s.repos.Spaces().Closed(ctx, actor.User)
}

// Open keeps a space that was to go. It is NotFound when there is none that the actor owns, who came by a session, and what
// Space.Open says.
func (s *Memberships) Open(ctx context.Context, actor domain.Actor, session domain.TokenHash, id domain.ID) error {
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		space, err := repos.Spaces().Hold(ctx, id)
		if err != nil {
			return err
		}
		if err := s.accounts.stillIn(ctx, repos, session); err != nil {
			return err
		}
		closed, err := repos.Spaces().Closed(ctx, actor.User)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(closed, func(s domain.Space) bool { return s.ID == id }) {
			return domain.ErrSpaceNotFound
		}
		if err := space.Open(s.clock.Now()); err != nil {
			return err
		}
		return repos.Spaces().SetGoes(ctx, space)
	})
}

// removeGone removes the accounts and the spaces that are gone. What nobody else owns of the spaces of an account is handed
// over, or goes with it.
func (s *Housekeeping) removeGone(ctx context.Context, now time.Time) error {
	now = now.Add(-domain.SessionAhead) // an instance whose clock is behind may keep it until then
	users, spaces, err := s.jobs.Gone(ctx, now)
	if err != nil {
		return err
	}
	purge := func(id domain.ID) error {
		return untilNone(func() (int, error) { return s.jobs.PurgeSpace(ctx, id, now) })
	}
	for _, id := range spaces {
		if err := purge(id); err != nil {
			return err
		}
	}
	for _, id := range users {
		u, err := s.bequeath(ctx, id, now)
		if err != nil {
			return err
		}
		if !u.Gone(now) { // since a moment ago
			continue
		}
		if err := purge(id); err != nil {
			return err
		}
		if _, err := s.users.Get(ctx, id); errors.Is(err, domain.NotFound) {
			e := domain.AuditEvent{Action: domain.AuditAccountGone, To: id, Detail: "name=" + u.Name}
			if err := s.audit.Add(ctx, domain.NewAuditEvent(e, s.clock.Now())); err != nil {
				return err
			}
		}
	}
	return nil
}

// bequeath keeps a user out whose account is gone, and takes them out of all that they share with others. It returns them as
// they are then.
func (s *Housekeeping) bequeath(ctx context.Context, id domain.ID, now time.Time) (u domain.User, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if u, err = repos.Users().Hold(ctx, id); err != nil || !u.Gone(now) {
			return err
		}
		shared, err := repos.Spaces().SharedBy(ctx, id)
		if err != nil {
			return err
		}
		if err := keepOut(ctx, repos, &u, now); err != nil {
			return err
		}
		if err := repos.Users().SetRights(ctx, u); err != nil {
			return err
		}
		orphans, err := inheritances(ctx, repos.Spaces(), id)
		if err != nil {
			return err
		}
		closed := map[domain.ID]bool{}
		for _, o := range orphans {
			if o.Heir.User == "" {
				o.Space.Close(now)
				closed[o.Space.ID] = true
				err = repos.Spaces().SetGoes(ctx, o.Space)
			} else {
				err = repos.Spaces().SetMember(ctx, o.Space.ID, o.Heir.User, domain.RoleOwner, now)
			}
			if err != nil {
				return err
			}
		}
		for _, space := range shared {
			if closed[space.ID] { // which they leave with their account
				continue
			}
			if err := removeMember(ctx, repos, space.ID, id); err != nil {
				return err
			}
		}
		return nil
	})
	return u, err
}

package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"octavo/domain"
)

// Users implements domain.Repos.
func (r repos) Users() domain.Users { return users(r) }

type users struct{ runner }

func (r users) Add(ctx context.Context, u domain.User) error {
	return r.write(ctx, func(t *tables) error {
		if _, taken := t.users[u.ID]; taken {
			return domain.ErrExists
		}
		u.Password = "" // which SetPassword stores
		t.users[u.ID] = u
		return t.addSpace(domain.PersonalSpace(u), u.ID)
	})
}

func (r users) Get(ctx context.Context, id domain.ID) (u domain.User, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if u, ok = t.users[id]; !ok {
			return domain.ErrUserNotFound
		}
		return nil
	})
	return u, err
}

// Hold needs to do no more: a transaction is the only one.
func (r users) Hold(ctx context.Context, id domain.ID) (domain.User, error) { return r.Get(ctx, id) }

func (r users) ByLogin(ctx context.Context, login string) (u domain.User, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if u, ok = t.byLogin(login); !ok {
			return domain.ErrUserNotFound
		}
		return nil
	})
	return u, err
}

func (t *tables) byLogin(login string) (domain.User, bool) {
	for _, u := range t.users {
		if t.signsIn(u) && u.Login() == login {
			return u, true
		}
	}
	return domain.User{}, false
}

// signsIn reports whether a user has what they sign in with, besides links.
func (t *tables) signsIn(u domain.User) bool {
	return u.Password != "" || len(t.passkeysOf(u.ID)) > 0 || len(t.identitiesOf(u.ID)) > 0
}

func (r users) SetPassword(ctx context.Context, u domain.User) error {
	return r.write(ctx, func(t *tables) error {
		stored, ok := t.users[u.ID]
		if !ok {
			return domain.ErrUserNotFound
		}
		if other, taken := t.byLogin(u.Login()); taken && other.ID != u.ID {
			return domain.ErrNameTaken
		}
		stored.Name = u.Name
		if u.Password != "" {
			stored.Password = u.Password
		}
		t.users[u.ID] = stored
		return nil
	})
}

func (r users) SetRights(ctx context.Context, u domain.User) error {
	return r.write(ctx, func(t *tables) error {
		stored, ok := t.users[u.ID]
		if !ok {
			return domain.ErrUserNotFound
		}
		stored.Admin, stored.Disabled, stored.Goes = u.Admin, u.Disabled, u.Goes
		t.users[u.ID] = stored
		return nil
	})
}

func (r users) EndTickets(ctx context.Context, id domain.ID, now time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if u, ok := t.users[id]; ok {
			u.LinksSince = now
			t.users[id] = u
		}
		return nil
	})
}

func (r users) List(ctx context.Context) (list []domain.User, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = slices.SortedFunc(maps.Values(t.users), func(a, b domain.User) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
		})
		return nil
	})
	return list, err
}

func (r users) AnyPassword(ctx context.Context) (found bool, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, u := range t.users {
			found = found || t.signsIn(u)
		}
		return nil
	})
	return found, err
}

// Invitations implements domain.Repos.
func (r repos) Invitations() domain.Invitations { return invitations(r) }

type invitations struct{ runner }

func (r invitations) Add(ctx context.Context, i domain.Invitation) error {
	return r.write(ctx, func(t *tables) error {
		for _, other := range t.invited {
			if other.ID == i.ID || other.Secret == i.Secret {
				return domain.ErrExists
			}
		}
		_, fromSomebody := t.users[i.By]
		_, forSomebody := t.users[i.User]
		if !fromSomebody || i.User != "" && !forSomebody {
			return domain.ErrUserNotFound
		}
		i.Joins = slices.Clone(i.Joins)
		t.invited[i.ID] = i
		return nil
	})
}

func (r invitations) BySecret(ctx context.Context, secret domain.TokenHash) (found domain.Invitation, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, i := range t.invited {
			if i.Secret == secret {
				found = i
				return nil
			}
		}
		return domain.ErrNotInvited
	})
	return found, err
}

func (r invitations) List(ctx context.Context) (list []domain.Invitation, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = slices.SortedFunc(maps.Values(t.invited), func(a, b domain.Invitation) int {
			return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
		})
		return nil
	})
	return list, err
}

func (r invitations) Take(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		if _, ok := t.invited[id]; !ok {
			return domain.ErrNotInvited
		}
		delete(t.invited, id)
		return nil
	})
}

func (r invitations) RemoveFor(ctx context.Context, user domain.ID) error {
	return r.removeIf(ctx, func(i domain.Invitation) bool { return i.User == user })
}

func (r invitations) RemoveFrom(ctx context.Context, admin domain.ID) error {
	return r.removeIf(ctx, func(i domain.Invitation) bool { return i.By == admin })
}

func (r invitations) removeIf(ctx context.Context, meant func(domain.Invitation) bool) error {
	return r.write(ctx, func(t *tables) error {
		maps.DeleteFunc(t.invited, func(_ domain.ID, i domain.Invitation) bool { return meant(i) })
		return nil
	})
}

// Audit implements domain.Repos.
func (r repos) Audit() domain.Audit { return audit(r) }

type audit struct{ runner }

func (r audit) Add(ctx context.Context, e domain.AuditEvent) error {
	return r.write(ctx, func(t *tables) error {
		if _, taken := t.audit[e.ID]; taken {
			return domain.ErrExists
		}
		t.audit[e.ID] = e
		return nil
	})
}

func (r audit) List(ctx context.Context, after domain.ID, limit int) ([]domain.AuditEvent, error) {
	return r.page(ctx, func(domain.AuditEvent) bool { return true }, after, limit)
}

func (r audit) ListIn(ctx context.Context, space, after domain.ID, limit int) ([]domain.AuditEvent, error) {
	return r.page(ctx, func(e domain.AuditEvent) bool { return e.Space == space }, after, limit)
}

func (r audit) page(ctx context.Context, which func(domain.AuditEvent) bool, after domain.ID, limit int) (
	list []domain.AuditEvent, err error,
) {
	err = r.read(ctx, func(t *tables) error {
		for id, e := range t.audit {
			if (after == "" || id < after) && which(e) {
				list = append(list, e)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.AuditEvent) int { return cmp.Compare(b.ID, a.ID) })
	return first(list, limit), err
}

// Attempts implements domain.Repos.
func (r repos) Attempts() domain.Attempts { return attempts(r) }

type attempts struct{ runner }

func (r attempts) Try(ctx context.Context, key domain.TokenHash, limit int, now time.Time) (wait time.Duration, err error) {
	err = r.write(ctx, func(t *tables) error {
		t.tries[key], wait = t.tries[key].Again(limit, now)
		return nil
	})
	return wait, err
}

func (r attempts) TakeBack(ctx context.Context, key domain.TokenHash) error {
	return r.write(ctx, func(t *tables) error {
		if tries := t.tries[key]; tries.Count > 0 {
			tries.Count--
			t.tries[key] = tries
		}
		return nil
	})
}

// Sessions implements domain.Repos.
func (r repos) Sessions() domain.Sessions { return sessions(r) }

type sessions struct{ runner }

func (r sessions) Add(ctx context.Context, s domain.Session) error {
	return r.write(ctx, func(t *tables) error {
		if _, taken := t.sessions[s.Token]; taken {
			return domain.ErrExists
		}
		t.sessions[s.Token] = s
		return nil
	})
}

func (r sessions) Get(ctx context.Context, token domain.TokenHash) (s domain.Session, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if s, ok = t.sessions[token]; !ok {
			return domain.ErrSessionNotFound
		}
		return nil
	})
	return s, err
}

func (r sessions) Admit(ctx context.Context, token domain.TokenHash) (domain.Session, domain.Membership, error) {
	return r.AdmitTo(ctx, token, "")
}

func (r sessions) AdmitTo(ctx context.Context, token domain.TokenHash, space domain.ID) (s domain.Session, m domain.Membership, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if s, ok = t.sessions[token]; !ok {
			return domain.ErrSessionNotFound
		}
		s.Confirmed = time.Time{}
		m, err = t.membership(cmp.Or(space, s.User), s.User)
		return err
	})
	return s, m, err
}

func (r sessions) Touch(ctx context.Context, used map[domain.TokenHash]domain.SessionUse) error {
	return r.write(ctx, func(t *tables) error {
		for token, use := range used {
			if s, ok := t.sessions[token]; ok {
				s.Seen, s.Address = use.Seen, use.Address
				t.sessions[token] = s
			}
		}
		return nil
	})
}

func (r sessions) Confirm(ctx context.Context, token domain.TokenHash, now time.Time) error {
	return r.change(ctx, token, func(s *domain.Session) { s.Confirmed = now })
}

// change changes a session that is there.
func (r sessions) change(ctx context.Context, token domain.TokenHash, change func(*domain.Session)) error {
	return r.write(ctx, func(t *tables) error {
		if s, ok := t.sessions[token]; ok {
			change(&s)
			t.sessions[token] = s
		}
		return nil
	})
}

func (r sessions) List(ctx context.Context, user domain.ID) (list []domain.Session, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, s := range t.sessions {
			if s.User == user {
				list = append(list, s)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Session) int {
		return cmp.Or(b.Seen.Compare(a.Seen), cmp.Compare(a.Token, b.Token))
	})
	return list, err
}

func (r sessions) Remove(ctx context.Context, token domain.TokenHash) error {
	return r.write(ctx, func(t *tables) error {
		delete(t.sessions, token)
		return nil
	})
}

func (r sessions) RemoveOf(ctx context.Context, user domain.ID, kept domain.TokenHash) (n int, err error) {
	err = r.write(ctx, func(t *tables) error {
		before := len(t.sessions)
		maps.DeleteFunc(t.sessions, func(token domain.TokenHash, s domain.Session) bool {
			return s.User == user && token != kept
		})
		n = before - len(t.sessions)
		return nil
	})
	return n, err
}

func (r sessions) UseTicket(ctx context.Context, ticket domain.TokenHash, now time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if _, used := t.tickets[ticket]; used {
			return domain.ErrExists
		}
		t.tickets[ticket] = now
		return nil
	})
}

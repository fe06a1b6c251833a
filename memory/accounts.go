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

func (r sessions) Touch(ctx context.Context, token domain.TokenHash, seen time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if s, ok := t.sessions[token]; ok {
			s.Seen = seen
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

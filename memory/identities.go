package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"octavo/domain"
)

// Identities implements domain.Repos.
func (r repos) Identities() domain.Identities { return identities(r) }

type identities struct{ runner }

func (r identities) Add(ctx context.Context, i domain.Identity) error {
	return r.write(ctx, func(t *tables) error {
		if _, there := t.users[i.User]; !there {
			return domain.ErrUserNotFound
		}
		if _, taken := t.vouched[i.ID]; taken {
			return domain.ErrExists
		}
		t.vouched[i.ID] = i
		return nil
	})
}

func (r identities) Get(ctx context.Context, id domain.TokenHash) (i domain.Identity, err error) {
	err = r.read(ctx, func(t *tables) error {
		var there bool
		if i, there = t.vouched[id]; !there {
			return domain.ErrIdentityNotFound
		}
		return nil
	})
	return i, err
}

func (r identities) Touch(ctx context.Context, id domain.TokenHash, now time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if i, there := t.vouched[id]; there {
			i.Used = now
			t.vouched[id] = i
		}
		return nil
	})
}

func (r identities) List(ctx context.Context, user domain.ID) (list []domain.Identity, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.identitiesOf(user)
		return nil
	})
	return list, err
}

func (t *tables) identitiesOf(user domain.ID) (list []domain.Identity) {
	for _, i := range t.vouched {
		if i.User == user {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b domain.Identity) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list
}

func (r identities) Remove(ctx context.Context, user domain.ID, id domain.TokenHash) error {
	return r.write(ctx, func(t *tables) error {
		if i, there := t.vouched[id]; !there || i.User != user {
			return domain.ErrIdentityNotFound
		}
		delete(t.vouched, id)
		return nil
	})
}

package memory

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
)

// Passkeys implements domain.Repos.
func (r repos) Passkeys() domain.Passkeys { return passkeys(r) }

type passkeys struct{ runner }

// copied returns a passkey that shares nothing with the one given.
func copied(p domain.Passkey) domain.Passkey {
	p.Credential.ID, p.Credential.Key = slices.Clone(p.Credential.ID), slices.Clone(p.Credential.Key)
	return p
}

func (r passkeys) Add(ctx context.Context, p domain.Passkey) error {
	return r.write(ctx, func(t *tables) error {
		if _, there := t.users[p.User]; !there {
			return domain.ErrUserNotFound
		}
		if _, taken := t.passkeys[p.ID]; taken {
			return domain.ErrExists
		}
		t.passkeys[p.ID] = copied(p)
		return nil
	})
}

func (r passkeys) Get(ctx context.Context, id domain.TokenHash) (p domain.Passkey, err error) {
	err = r.read(ctx, func(t *tables) error {
		stored, there := t.passkeys[id]
		if !there {
			return domain.ErrPasskeyNotFound
		}
		p = copied(stored)
		return nil
	})
	return p, err
}

func (r passkeys) Put(ctx context.Context, p domain.Passkey) error {
	return r.write(ctx, func(t *tables) error {
		stored, there := t.passkeys[p.ID]
		if !there {
			return domain.ErrPasskeyNotFound
		}
		stored.Name, stored.Used = p.Name, p.Used
		stored.Credential.Count, stored.Credential.BackedUp = p.Credential.Count, p.Credential.BackedUp
		t.passkeys[p.ID] = stored
		return nil
	})
}

func (r passkeys) List(ctx context.Context, user domain.ID) (list []domain.Passkey, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.passkeysOf(user)
		return nil
	})
	return list, err
}

func (t *tables) passkeysOf(user domain.ID) (list []domain.Passkey) {
	for _, p := range t.passkeys {
		if p.User == user {
			list = append(list, copied(p))
		}
	}
	slices.SortFunc(list, func(a, b domain.Passkey) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list
}

func (r passkeys) Remove(ctx context.Context, user domain.ID, id domain.TokenHash) error {
	return r.write(ctx, func(t *tables) error {
		if p, there := t.passkeys[id]; !there || p.User != user {
			return domain.ErrPasskeyNotFound
		}
		delete(t.passkeys, id)
		return nil
	})
}

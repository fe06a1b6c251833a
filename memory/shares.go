package memory

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
)

// ShareLinks implements domain.Repos.
func (r repos) ShareLinks() domain.ShareLinks { return shareLinks(r) }

type shareLinks struct{ runner }

func (r shareLinks) Admit(ctx context.Context, secret domain.TokenHash) (s domain.Share, m domain.Membership, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, row := range t.shares {
			found := row.entity
			if found.Secret != secret || t.users[found.By].Disabled {
				continue
			}
			member, err := t.membership(row.space, found.By)
			if err != nil {
				break
			}
			s, m = found, member
			return nil
		}
		return domain.ErrShareNotFound
	})
	return s, m, err
}

func (r shareLinks) CountVisits(ctx context.Context, visits map[domain.ID]domain.ShareVisits) error {
	return r.write(ctx, func(t *tables) error {
		for id, since := range visits {
			if row, there := t.shares[id]; there {
				row.entity = row.entity.Counted(since)
				t.shares[id] = row
			}
		}
		return nil
	})
}

// ReadShares implements domain.Repos.
func (r repos) ReadShares(a domain.ReadAccess) domain.ShareReader { return shares{r.in(a)} }

// Shares implements domain.Repos.
func (r repos) Shares(a domain.WriteAccess) domain.Shares { return shares{r.in(a.Read())} }

type shares struct{ inSpace }

func (r shares) Add(ctx context.Context, s domain.Share) error {
	return r.write(ctx, func(t *tables) error {
		for _, other := range t.shares {
			if other.entity.Secret == s.Secret {
				return domain.ErrExists
			}
		}
		if s.Note != "" {
			if _, err := t.notes.get(r.space, s.Note, domain.ErrNoteNotFound); err != nil {
				return err
			}
		}
		return t.shares.add(r.space, s.ID, s)
	})
}

func (r shares) List(ctx context.Context) (list []domain.ListedShare, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, s := range t.shares.of(r.space) {
			listed := domain.ListedShare{Share: s}
			if n, err := t.notes.get(r.space, s.Note, domain.ErrNoteNotFound); err == nil {
				listed.Title, listed.Trashed = n.Title, n.State == domain.Trashed
			}
			list = append(list, listed)
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.ListedShare) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
	})
	return list, err
}

func (r shares) Get(ctx context.Context, id domain.ID) (s domain.Share, err error) {
	err = r.read(ctx, func(t *tables) error {
		s, err = t.shares.get(r.space, id, domain.ErrShareNotFound)
		return err
	})
	return s, err
}

func (r shares) SetSecret(ctx context.Context, id domain.ID, secret domain.TokenHash) error {
	return r.change(ctx, id, func(s *domain.Share) { s.Secret = secret })
}

func (r shares) SetTag(ctx context.Context, id domain.ID, tag domain.Tag) error {
	return r.change(ctx, id, func(s *domain.Share) { s.Tag = tag })
}

func (r shares) Changed(ctx context.Context, id domain.ID) error {
	return r.change(ctx, id, func(s *domain.Share) { s.Changes++ })
}

func (r shares) change(ctx context.Context, id domain.ID, change func(*domain.Share)) error {
	return r.write(ctx, func(t *tables) error {
		s, err := t.shares.get(r.space, id, domain.ErrShareNotFound)
		if err != nil {
			return err
		}
		change(&s)
		return t.shares.update(r.space, id, s, domain.ErrShareNotFound)
	})
}

func (r shares) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error { return t.shares.remove(r.space, id, domain.ErrShareNotFound) })
}

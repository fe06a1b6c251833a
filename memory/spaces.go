package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"octavo/domain"
)

// Spaces implements domain.Repos.
func (r repos) Spaces() domain.Spaces { return spaces(r) }

type spaces struct{ runner }

func (r spaces) Add(ctx context.Context, s domain.Space, owner domain.ID) error {
	return r.write(ctx, func(t *tables) error { return t.addSpace(s, owner) })
}

func (t *tables) addSpace(s domain.Space, owner domain.ID) error {
	if _, taken := t.spaces[s.ID]; taken {
		return domain.ErrExists
	}
	if _, there := t.users[owner]; !there {
		return domain.ErrUserNotFound
	}
	t.spaces[s.ID] = s
	t.members[own[domain.ID]{s.ID, owner}] = member{domain.RoleOwner, s.Created}
	return nil
}

// member is what is kept of a membership.
type member struct {
	role  domain.Role
	since time.Time
}

// Hold needs to do no more than look: a transaction is the only one.
func (r spaces) Hold(ctx context.Context, space domain.ID) (s domain.Space, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if s, ok = t.spaces[space]; !ok {
			return domain.ErrSpaceNotFound
		}
		return nil
	})
	return s, err
}

func (r spaces) SetName(ctx context.Context, s domain.Space) error {
	return r.write(ctx, func(t *tables) error {
		if stored, ok := t.spaces[s.ID]; ok {
			stored.Name = s.Name
			t.spaces[s.ID] = stored
		}
		return nil
	})
}

func (r spaces) SetGoes(ctx context.Context, s domain.Space) error {
	return r.write(ctx, func(t *tables) error {
		if stored, ok := t.spaces[s.ID]; ok {
			stored.Goes = s.Goes
			t.spaces[s.ID] = stored
		}
		return nil
	})
}

func (r spaces) Closed(ctx context.Context, owner domain.ID) (list []domain.Space, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, m := range t.members {
			if s := t.spaces[key.space]; key.key == owner && m.role == domain.RoleOwner && !s.Goes.IsZero() {
				list = append(list, s)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Space) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

func (r spaces) SharedBy(ctx context.Context, user domain.ID) (list []domain.SharedSpace, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.sharedBy(user)
		return nil
	})
	slices.SortFunc(list, func(a, b domain.SharedSpace) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

func (t *tables) sharedBy(user domain.ID) (list []domain.SharedSpace) {
	for key, m := range t.members {
		if key.key == user && key.space != user && t.spaces[key.space].Goes.IsZero() {
			list = append(list, domain.SharedSpace{Space: t.spaces[key.space], Role: m.role})
		}
	}
	return list
}

func (r spaces) Members(ctx context.Context, space domain.ID) (list []domain.Member, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, m := range t.members {
			if key.space == space {
				who := t.users[key.key]
				list = append(list, domain.Member{User: who.ID, Name: who.Name, Role: m.role, Since: m.since, Away: who.Away()})
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Member) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.User, b.User))
	})
	return list, err
}

func (r spaces) Membership(ctx context.Context, space, user domain.ID) (m domain.Membership, err error) {
	err = r.read(ctx, func(t *tables) error {
		m, err = t.membership(space, user)
		return err
	})
	return m, err
}

// membership returns what a user is in a space, or NotFound.
func (t *tables) membership(space, user domain.ID) (domain.Membership, error) {
	is, ok := t.members[own[domain.ID]{space, user}]
	if !ok || !t.spaces[space].Goes.IsZero() {
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	m := domain.NewMembership(space, user, is.role)
	shared := t.sharedBy(user)
	slices.SortFunc(shared, func(a, b domain.SharedSpace) int { return cmp.Compare(a.ID, b.ID) })
	for _, s := range shared {
		m.Beside.Spaces += domain.SpaceLine(s.Space)
	}
	for _, id := range slices.Sorted(maps.Keys(t.searches)) {
		if t.searches[id].space == space {
			m.Beside.Searches += string(id)
		}
	}
	for key, d := range t.drafts {
		if key.space == space && key.user == user {
			if d.ending == "" {
				m.Beside.Drafts++
			}
			m.Beside.Expired = m.Beside.Expired || d.ending == domain.DraftExpired
		}
	}
	return m, nil
}

func (r spaces) SetMember(ctx context.Context, space, user domain.ID, role domain.Role, since time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if s, there := t.spaces[space]; !there || !s.Goes.IsZero() {
			return domain.ErrSpaceNotFound
		}
		if _, there := t.users[user]; !there {
			return domain.ErrUserNotFound
		}
		if err := domain.CheckOwners(space, t.owners(space), user, role); err != nil {
			return err
		}
		key := own[domain.ID]{space, user}
		if is, there := t.members[key]; there {
			since = is.since
		}
		t.members[key] = member{role, since}
		if !role.Edits() {
			t.endShares(space, user)
		}
		return nil
	})
}

// endShares removes the shares of a user in a space.
func (t *tables) endShares(space, user domain.ID) {
	maps.DeleteFunc(t.shares, func(_ domain.ID, s owned[domain.Share]) bool { return s.space == space && s.entity.By == user })
}

// owners returns the owners of a space.
func (t *tables) owners(space domain.ID) (list []domain.Member) {
	for key, m := range t.members {
		if key.space == space && m.role == domain.RoleOwner {
			list = append(list, domain.Member{User: key.key, Role: m.role, Away: t.users[key.key].Away()})
		}
	}
	return list
}

func (r spaces) RemoveMember(ctx context.Context, space, user domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		if err := domain.CheckOwners(space, t.owners(space), user, ""); err != nil {
			return err
		}
		delete(t.members, own[domain.ID]{space, user})
		t.endShares(space, user)
		return nil
	})
}

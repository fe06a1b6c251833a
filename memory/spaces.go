package memory

import (
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
	t.members[own[domain.ID]{s.ID, owner}] = domain.RoleOwner
	return nil
}

func (r spaces) Membership(ctx context.Context, space, user domain.ID) (m domain.Membership, err error) {
	err = r.read(ctx, func(t *tables) error {
		role, ok := t.members[own[domain.ID]{space, user}]
		if !ok {
			return domain.ErrSpaceNotFound
		}
		m = t.membership(space, user, role)
		return nil
	})
	return m, err
}

// membership returns what a member who has a role in a space is there.
func (t *tables) membership(space, user domain.ID, role domain.Role) domain.Membership {
	m := domain.NewMembership(space, user, role)
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
	return m
}

func (r spaces) SetMember(ctx context.Context, space, user domain.ID, role domain.Role, _ time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if _, there := t.spaces[space]; !there {
			return domain.ErrSpaceNotFound
		}
		if _, there := t.users[user]; !there {
			return domain.ErrUserNotFound
		}
		if err := domain.CheckOwners(space, t.owners(space), user, role); err != nil {
			return err
		}
		t.members[own[domain.ID]{space, user}] = role
		return nil
	})
}

// owners returns the owners of a space.
func (t *tables) owners(space domain.ID) (users []domain.ID) {
	for member, role := range t.members {
		if member.space == space && role == domain.RoleOwner {
			users = append(users, member.key)
		}
	}
	return users
}

func (r spaces) RemoveMember(ctx context.Context, space, user domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		if err := domain.CheckOwners(space, t.owners(space), user, ""); err != nil {
			return err
		}
		delete(t.members, own[domain.ID]{space, user})
		return nil
	})
}

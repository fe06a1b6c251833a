package memory

import (
	"context"
	"slices"

	"octavo/domain"
)

// SecondSteps implements domain.Repos.
func (r repos) SecondSteps() domain.SecondSteps { return secondSteps(r) }

type secondSteps struct{ runner }

func (r secondSteps) Get(ctx context.Context, user domain.ID) (s domain.SecondStep, err error) {
	err = r.read(ctx, func(t *tables) error {
		s = t.steps[user]
		s.Recovery = slices.Clone(s.Recovery)
		return nil
	})
	return s, err
}

func (r secondSteps) Put(ctx context.Context, s domain.SecondStep) error {
	return r.write(ctx, func(t *tables) error {
		if _, there := t.users[s.User]; !there {
			return domain.ErrUserNotFound
		}
		s.Recovery = slices.Clone(s.Recovery)
		t.steps[s.User] = s
		return nil
	})
}

func (r secondSteps) Remove(ctx context.Context, user domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		delete(t.steps, user)
		return nil
	})
}

package app

import (
	"context"

	"octavo/domain"
)

// Spaces tells what somebody may do in a space: nothing where they aren't a member, which looks as if there were no such
// space.
type Spaces struct{ spaces domain.Spaces }

// NewSpaces returns the use cases over who is a member of which space.
func NewSpaces(spaces domain.Spaces) *Spaces { return &Spaces{spaces} }

// Spaces returns the use cases of spaces.
func (a *App) Spaces() *Spaces { return NewSpaces(a.store.Spaces()) }

// Read returns the right to read what is in a space, or NotFound.
func (s *Spaces) Read(ctx context.Context, actor domain.Actor, space domain.ID) (domain.ReadAccess, error) {
	m, err := s.spaces.Membership(ctx, space, actor.User)
	if err != nil {
		return domain.ReadAccess{}, err
	}
	return m.Read(), nil
}

// Write returns the right to change what is in a space. It is Forbidden for a reader, and NotFound for a stranger.
func (s *Spaces) Write(ctx context.Context, actor domain.Actor, space domain.ID) (domain.WriteAccess, error) {
	m, err := s.spaces.Membership(ctx, space, actor.User)
	if err != nil {
		return domain.WriteAccess{}, err
	}
	return m.Write()
}

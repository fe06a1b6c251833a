package app

import (
	"context"
	"slices"
	"time"

	"octavo/domain"
)

// Presences is who has the editor of a note open besides.
type Presences struct {
	presences func(domain.WriteAccess) domain.Presences
	clock     domain.Clock
}

// Presences returns the use cases of who has an editor open.
func (a *App) Presences() *Presences { return &Presences{a.store.Presences, a.clock} }

// Meet says that somebody has the editor of a note open, and for how long they count as there, and returns the names of the
// others who do, at most domain.MaxPresent. It is Forbidden for those who may not edit, and NotFound when there is no such note.
func (s *Presences) Meet(ctx context.Context, access domain.WriteAccess, note domain.ID, life time.Duration) (names []string, err error) {
	if err := access.MayEdit(); err != nil {
		return nil, err
	}
	presences, now := s.presences(access), s.clock.Now()
	present, err := presences.At(ctx, note, now)
	if err != nil {
		return nil, err
	}
	var own domain.Present
	present = slices.DeleteFunc(present, func(p domain.Present) bool {
		if p.User != access.User() {
			return false
		}
		own = p
		return true
	})
	if !own.Stays(now, life) {
		if err := presences.Enter(ctx, note, now.Add(life)); err != nil {
			return nil, err
		}
	}
	for _, p := range present[:min(len(present), domain.MaxPresent)] {
		names = append(names, p.Name)
	}
	return names, nil
}

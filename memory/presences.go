package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"octavo/domain"
)

// Presences implements domain.Repos.
func (r repos) Presences(a domain.WriteAccess) domain.Presences { return presences{r.in(a.Read())} }

type presences struct{ inSpace }

// presence is the key of somebody who has the editor of a note open.
type presence struct{ note, user domain.ID }

func (r presences) At(ctx context.Context, note domain.ID, now time.Time) (list []domain.Present, err error) {
	err = r.read(ctx, func(t *tables) error {
		if _, err := t.notes.get(r.space, note, domain.ErrNoteNotFound); err != nil {
			return nil // nobody is there
		}
		for key, until := range t.present {
			if key.note == note && until.After(now) {
				list = append(list, domain.Present{User: key.user, Name: t.users[key.user].Name, Until: until})
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Present) int { return cmp.Compare(a.User, b.User) })
	return first(list, domain.MaxPresent+1), err
}

func (r presences) Enter(ctx context.Context, note domain.ID, until time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if _, err := t.notes.get(r.space, note, domain.ErrNoteNotFound); err != nil {
			return err
		}
		t.present[presence{note, r.user}] = until
		return nil
	})
}

package app_test

import (
	"context"
	"errors"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

func TestANoteIsCreatedOnceForAKey(t *testing.T) {
	h := newHouse(t)
	draft := domain.NoteDraft{Title: "once", Content: "text"}
	key := domain.NewID()
	h.keep(domain.Draft{Key: key, NoteDraft: domain.NoteDraft{Title: "once", Content: "tex"}})
	first := must(h.Editing().CreateOnce(t.Context(), owner, string(key), draft))(t)
	again := must(h.Editing().CreateOnce(t.Context(), owner, string(key), draft))(t)
	if first.ID != again.ID {
		t.Errorf("two notes, %s and %s", first.ID, again.ID)
	}
	_, err := h.Drafts().Get(t.Context(), owner.Read(), key)
	wantKind(t, err, domain.NotFound)
	draft.Content = "other"
	if _, err := h.Editing().CreateOnce(t.Context(), owner, string(key), draft); !errors.Is(err, app.ErrKeyUsed) {
		t.Errorf("got %v", err)
	}
}

// unsureStore is a store that doesn't confirm its next commits, made or not.
type unsureStore struct {
	domain.Store
	commits bool
	left    int
	late    func() // called by then
}

func (s *unsureStore) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	if s.left == 0 {
		return s.Store.Atomically(ctx, fn)
	}
	s.left--
	if s.commits {
		if err := s.Store.Atomically(ctx, fn); err != nil {
			return err
		}
	}
	s.late()
	return domain.Unknown
}

func TestWhatBecameOfACreationWithAKeyIsFoundOut(t *testing.T) {
	for _, commits := range []bool{true, false} {
		store := newStore()
		ctx, cancel := context.WithCancel(t.Context()) // as when the database takes all the time that the request has
		editing := app.New(&unsureStore{store, commits, 1, cancel}, new(memory.Blobs), domain.SystemClock{}).Editing()
		n := must(editing.CreateOnce(ctx, owner, "key", domain.NoteDraft{Title: "once"}))(t)
		stored := must(store.Notes(owner).List(t.Context(), domain.NoteFilter{State: domain.Active}, nil, 10))(t)
		if len(stored) != 1 || stored[0].ID != n.ID {
			t.Errorf("committed %v: got %v, stored are %v", commits, n.ID, stored)
		}
	}
	t.Run("unless the database stays away", func(t *testing.T) {
		unsure := &unsureStore{newStore(), false, 2, func() {}}
		_, err := app.New(unsure, new(memory.Blobs), domain.SystemClock{}).Editing().
			CreateOnce(t.Context(), owner, "key", domain.NoteDraft{Title: "once"})
		wantKind(t, err, domain.Unknown)
	})
}

func TestAFormMakesOneNoteAndAnotherWhenItHasBeenChangedSince(t *testing.T) {
	h := newHouse(t)
	edit := app.Edit{NoteDraft: domain.NoteDraft{Content: "one"}, Key: domain.NewID()}
	create := func() domain.ID { return must(h.Editing().Create(t.Context(), owner, edit))(t).ID }
	one := create()
	if again := create(); again != one {
		t.Error("sending the form again makes another note")
	}
	edit.Content = "two"
	two := create()
	if again := create(); two == one || again != two {
		t.Errorf("the changed form makes %s and %s after %s", two, again, one)
	}
}

func TestAFormWhoseNoteHasBeenDeletedMakesAnother(t *testing.T) {
	h := newHouse(t)
	edit := app.Edit{NoteDraft: domain.NoteDraft{Content: "buy milk"}, Key: domain.NewID()}
	made := map[domain.ID]bool{}
	for i := range 4 {
		n := must(h.Editing().Create(t.Context(), owner, edit))(t)
		if again := must(h.Editing().Create(t.Context(), owner, edit))(t); made[n.ID] || again.ID != n.ID {
			t.Errorf("attempt %d makes %s, and then %s", i, n.ID, again.ID)
		}
		made[n.ID] = true
		if _, _, err := h.Notes().Trash(t.Context(), owner, n.ID, nil); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			if _, err := h.Notes().Purge(t.Context(), owner, n.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

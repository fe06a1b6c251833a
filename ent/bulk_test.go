package ent_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/enttest"
)

// What Add does for one note, AddMany does for many: the same lists, tags, links, files and finds come out.
func TestNotesAddedTogetherAreAsIfAddedOneByOne(t *testing.T) {
	takesLong(t)
	hash := strings.Repeat("0a", 32)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var list []domain.Note
	for i := range 450 { // more than go into one statement
		n, err := domain.NewNote(domain.NoteDraft{
			Title:   fmt.Sprint("Note ", i),
			Content: fmt.Sprintf("#Outer/tag%d #outer word%d [[Note %d]] ![a](/files/%s)\n\n- [ ] to do", i%5, i%7, i/2, hash),
			Tags:    []domain.Tag{domain.Tag(fmt.Sprint("own", i%3)), "oUter"}, Author: domain.OwnerID,
		}, now.Add(time.Duration(i)*time.Minute))
		must(t, err)
		switch i % 10 {
		case 0:
			n.Pinned = true
		case 1:
			n, _ = n.MovedTo(domain.Trashed, n.Updated)
		}
		list = append(list, n)
	}

	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		ctx := t.Context()
		one, together := enttest.Open(t, create(t)), enttest.Open(t, create(t))
		defer closeStore(t, one)
		defer closeStore(t, together)
		must(t, one.Users().Add(ctx, domain.NewOwner(now)))
		must(t, together.Users().Add(ctx, domain.NewOwner(now)))
		for _, n := range list {
			must(t, one.Notes(owner).Add(ctx, n))
		}
		must(t, together.Notes(owner).AddMany(ctx, list[:200], nil))
		must(t, together.Notes(owner).AddMany(ctx, list[200:], nil))
		if err := together.Notes(owner).AddMany(ctx, append([]domain.Note{}, list[0]), nil); !errors.Is(err, domain.Conflict) {
			t.Errorf("an id that is taken: got error %v", err)
		}

		look := func(store domain.Store) (all []any) {
			notes := store.Notes(owner)
			add := func(what any, err error) {
				t.Helper()
				must(t, err)
				all = append(all, what)
			}
			for _, state := range []domain.NoteState{domain.Active, domain.Trashed} {
				add(notes.List(ctx, domain.NoteFilter{State: state}, nil, 1000))
				add(notes.List(ctx, domain.NoteFilter{State: state, Tag: "outer"}, nil, 1000))
			}
			add(store.Tags(owner.Read()).Beginning(ctx, "", 100))
			add(store.Tags(owner.Read()).Tagged(ctx, "outer/tag1", "", 1000))
			add(store.Links(owner.Read()).Linking(ctx, []string{"note 7"}, "", 1000))
			add(store.Links(owner.Read()).Titled(ctx, "note 20", "note 21"))
			for _, text := range []string{"word3", "is:trashed own1", "has:task tag:outer", `"note 44"`} {
				add(store.Index(owner.Read()).Search(ctx, query.Parse(text), nil, 1000))
				add(store.Index(owner.Read()).Count(ctx, query.Parse(text), 1000))
			}
			add(notes.Get(ctx, list[33].ID))
			return all
		}
		want, got := look(one), look(together)
		for i := range want {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("look %d: got %.300v\nwant %.300v", i, fmt.Sprint(got[i]), fmt.Sprint(want[i]))
			}
		}
	})
}

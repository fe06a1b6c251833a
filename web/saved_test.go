package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
	"octavo/web"
)

// between is a store in which something happens between a request's admission and its reading the saved searches.
type between struct {
	domain.Store
	then func()
}

func (b *between) ReadSearches(a domain.ReadAccess) domain.SearchReader {
	return betweenReader{b.Store.ReadSearches(a), b}
}

type betweenReader struct {
	domain.SearchReader
	b *between
}

func (r betweenReader) List(ctx context.Context) ([]domain.SavedSearch, error) {
	if then := r.b.then; then != nil {
		r.b.then = nil
		then()
	}
	return r.SearchReader.List(ctx)
}

func TestASearchThatWasRemovedIsNotShownAgain(t *testing.T) {
	store := &between{Store: memory.New()}
	s := newSite(t, func(c *web.Config) {
		cl := &clock{}
		cl.now = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
		keys := memory.Keys{Key: "key", Secret: "secret"}
		c.App = app.New(store, &memory.Blobs{}, cl)
		c.Accounts = app.NewAccounts(store, cl, keys)
		if err := c.Accounts.EnsureOwner(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	add := func(name string) domain.SavedSearch {
		saved, err := domain.NewSavedSearch(name, name, s.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Searches(s.owner).Add(t.Context(), saved); err != nil {
			t.Fatal(err)
		}
		return saved
	}
	add("first")
	var second domain.SavedSearch
	store.then = func() { second = add("second") }
	s.get("/search")
	if err := store.Searches(s.owner).Remove(t.Context(), second.ID); err != nil {
		t.Fatal(err)
	}
	if body := s.get("/search").body; strings.Contains(body, "second") {
		t.Error("a search that was removed is still shown")
	}
}

package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"octavo/domain"
)

// scattered are notes in three spaces, of which the member is in two.
func scattered(t *testing.T) (f family, in []domain.ReadAccess, want []string) {
	t.Helper()
	f = newFamily(t)
	foreign := domain.Space{ID: domain.NewID(), Name: "Foreign", Created: f.clock.now}
	stranger := domain.User{ID: domain.NewID(), Name: "Eve", Created: f.clock.now}
	must(0, f.store.Users().Add(t.Context(), stranger))(t)
	must(0, f.store.Spaces().Add(t.Context(), foreign, stranger.ID))(t)
	spaces := []domain.WriteAccess{owner, f.there, accessTo(f.store, foreign.ID, stranger.ID)}
	for rank, title := range []string{"other %d", "a cafe %d", "cafe %d"} { // the best are the newest
		for i := range 12 {
			f.clock.now = f.clock.now.Add(time.Minute * time.Duration(i%3)) // some at once
			title := fmt.Sprintf(title, i)
			must(f.notes.Create(t.Context(), spaces[i%3], domain.NoteDraft{Title: title, Content: "café"}))(t)
			if i%3 < 2 {
				want = append(want, fmt.Sprint(2-rank, title))
			}
		}
	}
	slices.Sort(want)
	m := must(f.store.Spaces().Membership(t.Context(), domain.OwnerID, domain.OwnerID))(t)
	return f, must(m.Grant().ReadEverywhere())(t), want
}

func TestASearchEverywhereFindsWhatIsInOnesSpacesInItsOrder(t *testing.T) {
	f, in, want := scattered(t)
	for size := 1; size <= len(want)+1; size++ {
		var got []string
		var last domain.Note
		lastRank := byte('0')
		for after := ""; ; {
			found := must(f.Search().FindEverywhere(t.Context(), in, "café", after, size))(t)
			for i, n := range found.Notes {
				rank := map[byte]byte{'c': '0', 'a': '1', 'o': '2'}[n.Title[0]]
				if rank < lastRank || rank == lastRank && last.ID != "" && n.Updated.After(last.Updated) {
					t.Errorf("by %d: %s comes behind %s", size, n.Title, last.Title)
				}
				last, lastRank = n, rank
				got = append(got, string(rank)+n.Title)
				if stored := must(f.notes.Get(t.Context(), in[slices.IndexFunc(in, func(a domain.ReadAccess) bool { return a.Space() == found.In[i] })], n.ID))(t); stored.Content != n.Content {
					t.Errorf("%s says %q", n.Title, n.Content)
				}
			}
			if after == "" && (found.Count != nil) != (found.Next == "") {
				t.Errorf("by %d: it is counted: %v", size, found.Count)
			}
			if after = found.Next; after == "" {
				break
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Fatalf("by %d: got %v, want %v", size, got, want)
		}
	}
	if count := must(f.Search().CountEverywhere(t.Context(), in, "café"))(t); count.Notes != len(want) {
		t.Errorf("counted %d, want %d", count.Notes, len(want))
	}
}

func TestASearchEverywhereGoesOnWhereItWas(t *testing.T) {
	f, in, _ := scattered(t)
	for _, wrong := range []string{"x", domain.SearchCursor{ID: domain.NewID()}.String(), domain.SpacesCursor{}.String()} {
		_, err := f.Search().FindEverywhere(t.Context(), in, "café", wrong, 3)
		wantKind(t, err, domain.Invalid)
	}
	first := must(f.Search().FindEverywhere(t.Context(), in, "café", "", 3))(t)
	foreign := domain.SpacesCursor{domain.NewID(): {ID: domain.NewID()}} // of a space that they have left
	again := must(f.Search().FindEverywhere(t.Context(), in, "café", foreign.String(), 3))(t)
	for i := range first.Notes {
		if again.Notes[i].ID != first.Notes[i].ID {
			t.Errorf("got %v, want %v", again.Notes, first.Notes)
		}
	}
	if found := must(f.Search().FindEverywhere(t.Context(), in, "nothing", "", 3))(t); len(found.Notes) != 0 || found.Next != "" {
		t.Errorf("got %v", found.Notes)
	}
	one := must(f.Search().FindEverywhere(t.Context(), in[:1], "café", "", 50))(t)
	same := must(f.Search().Find(t.Context(), owner.Read(), "café", "", 50))(t)
	if len(one.Notes) != len(same.Notes) || one.Count.Notes != same.Count.Notes {
		t.Errorf("in one space it finds %d, want %d", len(one.Notes), len(same.Notes))
	}
}

func TestATokenSearchesNowhereElse(t *testing.T) {
	f, _, _ := scattered(t)
	m := must(f.store.Spaces().Membership(t.Context(), domain.OwnerID, domain.OwnerID))(t)
	_, err := domain.AccessToken{Scopes: domain.AllScopes()}.Grant(m).ReadEverywhere()
	wantKind(t, err, domain.Forbidden)
}

package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/query"
)

// countingStore counts how often a store is searched.
type countingStore struct {
	domain.Store
	searches int
}

func (s *countingStore) Index(access domain.ReadAccess) domain.Index {
	return countingIndex{s.Store.Index(access), s}
}

type countingIndex struct {
	domain.Index
	store *countingStore
}

func (i countingIndex) Search(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) ([]domain.Note, error) {
	i.store.searches++
	return i.Index.Search(ctx, q, after, limit)
}

func (i countingIndex) SearchFirst(ctx context.Context, part, q query.Query, limit int) ([]domain.Note, error) {
	i.store.searches++
	return i.Index.SearchFirst(ctx, part, q, limit)
}

func (i countingIndex) Count(context.Context, query.Query, int) (domain.SearchCount, error) {
	panic("a page is found without counting")
}

// Each kind of title is there more often than a small page has room for, and the best kinds are the oldest.
func TestPagesOfASearchAreRankedHoweverLongTheyAre(t *testing.T) {
	h := newHouse(t)
	var want []string
	for rank, title := range []string{"Café plan", "cafe: plan", "cafe planning %d", "a cafe plan %d", "other %d"} {
		for i := range 4 {
			h.clock.now = h.clock.now.Add(time.Minute)
			if strings.Contains(title, "%") {
				h.note(fmt.Sprintf(title, i), "café plan")
			} else {
				h.note(title, "café plan")
			}
			want = append(want, fmt.Sprint(rank))
		}
	}
	rankOf := map[byte]string{'C': "0", 'p': "2", 'a': "3", 'o': "4"}
	for size := 1; size <= len(want)+1; size++ {
		var got []string
		seen := map[domain.ID]bool{}
		for after := ""; ; {
			found := must(h.Search().Find(t.Context(), owner.Read(), "café plan", after, size))(t)
			for _, n := range found.Notes {
				rank := rankOf[n.Title[0]]
				switch {
				case strings.HasPrefix(n.Title, "cafe:"):
					rank = "1"
				case strings.HasPrefix(n.Title, "cafe planning"):
					rank = "2"
				}
				got = append(got, rank)
				seen[n.ID] = true
			}
			if after = found.Next; after == "" {
				break
			}
		}
		if !slices.Equal(got, want) || len(seen) != len(want) {
			t.Errorf("in pages of %d there are %d notes of the ranks %v", size, len(seen), got)
		}
	}
}

func TestRanksThatHaveNoNotesTakeNoSearchOfTheirOwn(t *testing.T) {
	h := newHouse(t)
	for i := range 30 {
		title := fmt.Sprintf("the plan %d", i)
		if i < 2 {
			title = fmt.Sprintf("rare %d", i)
		}
		h.note(title, "a plan of action")
	}
	store := &countingStore{Store: h.store}
	search := app.New(store, nil, h.clock).Search()
	for query, most := range map[string]int{
		"none":     1,
		"rare":     1,
		"action":   1, // what titles have, and the rest
		"plan":     2, // which of the titles that have it begin with it
		"the plan": 3, // and are just that
		"th":       1, // what titles begin with, and those that are just that
		"t":        1,
		"ra":       2, // there are fewer titles that begin with it than was likely
		"#tag":     1,
	} {
		store.searches = 0
		must(search.Find(t.Context(), owner.Read(), query, "", 20))(t)
		if store.searches > most {
			t.Errorf("%q took %d searches, want at most %d", query, store.searches, most)
		}
	}
}

func TestSearchShowsTitlesFirstAndEachNoteOnce(t *testing.T) {
	h := newHouse(t)
	var want []string
	for i := range 12 {
		h.clock.now = h.clock.now.Add(time.Minute)
		title := fmt.Sprintf("note %02d", i)
		if i%3 == 0 {
			title = fmt.Sprintf("apple %02d", i)
		}
		h.note(title, "an apple a day")
		want = append(want, title)
	}
	slices.Reverse(want)
	slices.SortStableFunc(want, func(a, b string) int {
		return strings.Compare(a[:1], b[:1]) // apples before notes
	})
	var got []string
	for after, pages := "", 0; ; pages++ {
		found := must(h.Search().Find(t.Context(), owner.Read(), "apple", after, 5))(t)
		if found.Count != nil {
			t.Errorf("counted %+v", found.Count)
		}
		for _, n := range found.Notes {
			got = append(got, n.Title)
		}
		if after = found.Next; after == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if count := must(h.Search().Count(t.Context(), owner.Read(), "apple"))(t); count.Notes != 12 {
		t.Errorf("counted %+v", count)
	}
}

func TestAPageThatHasAllThatIsFoundCountsItAsTheIndexDoes(t *testing.T) {
	h := newHouse(t)
	for i, tags := range []string{"#home", "#work/plan #work/idea #home", "", "#Work #b #a", "#a/b #a/c"} {
		h.note(fmt.Sprintf("Tea %d", i), tags)
	}
	found := must(h.Search().Find(t.Context(), owner.Read(), "tea", "", 20))(t)
	want := must(h.Search().Count(t.Context(), owner.Read(), "tea"))(t)
	if found.Count == nil || found.Count.Notes != 5 || len(found.Count.Tags) != len(want.Tags) {
		t.Fatalf("counted %+v, want %+v", found.Count, want)
	}
	for i, got := range found.Count.Tags {
		if got.Notes != want.Tags[i].Notes || got.Tag.Key() != want.Tags[i].Tag.Key() {
			t.Errorf("tag %d is %+v, want %+v", i, got, want.Tags[i])
		}
	}
}

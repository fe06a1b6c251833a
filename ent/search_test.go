package ent_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

// addTimed stores a note that was updated at a time.
func addTimed(ctx context.Context, notes domain.Notes, title, content string, updated time.Time) (domain.Note, error) {
	n, err := domain.NewNote(domain.NoteDraft{Title: title, Content: content, Author: domain.OwnerID}, updated)
	if err != nil {
		return n, err
	}
	return n, notes.Add(ctx, n)
}

// Notes are stored in any order, several in one second and in neighbouring ones, so that the numbers which sort them in
// SQLite have no room left and have to move.
func TestSearchIsInOrderHoweverNotesCame(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		for name, add := range map[string]func(*ent.Store, []domain.Note) error{
			"one by one": func(store *ent.Store, list []domain.Note) error {
				return store.Atomically(t.Context(), func(repos domain.Repos) error {
					for _, n := range list {
						if err := repos.Notes(owner).Add(t.Context(), n); err != nil {
							return err
						}
					}
					return nil
				})
			},
			"together": func(store *ent.Store, list []domain.Note) (err error) {
				for piece := range slices.Chunk(list, 50) {
					err = errors.Join(err, store.Notes(owner).AddMany(t.Context(), piece, nil))
				}
				return err
			},
		} {
			store := enttest.Open(t, create(t))
			defer closeStore(t, store)
			must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
			begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			random := rand.New(rand.NewPCG(1, 2))
			var list []domain.Note
			for range 400 {
				updated := begin.Add(time.Duration(random.IntN(200)) * 500 * time.Millisecond)
				n, err := domain.NewNote(domain.NoteDraft{Title: "note", Content: "word word", Author: domain.OwnerID}, updated)
				must(t, err)
				list = append(list, n)
			}
			must(t, add(store, list))
			for _, text := range []string{"word", `"word word"`} {
				list, err := store.Index(owner.Read()).Search(t.Context(), query.Parse(text), nil, 1000)
				must(t, err)
				if len(list) != 400 {
					t.Errorf("%s, %s: found %d notes, want 400", name, text, len(list))
				}
				for i := 1; i < len(list); i++ {
					if list[i-1].Updated.Unix() < list[i].Updated.Unix() {
						t.Errorf("%s, %s: a note of %s comes after one of %s", name, text, list[i].Updated, list[i-1].Updated)
					}
				}
			}
		}
	})
}

func TestSearchOutlivesVacuum(t *testing.T) {
	url := enttest.SQLite(t)
	store := enttest.Open(t, url)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
	notes := store.Notes(owner)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var all []domain.Note
	for i := range 30 {
		n, err := addTimed(t.Context(), notes, fmt.Sprint("note ", i), fmt.Sprint("word", i, " and others"), now.Add(-time.Duration(i)*time.Hour))
		must(t, err)
		all = append(all, n)
	}
	for i := 0; i < 30; i += 2 { // so that rows move up
		must(t, notes.Remove(t.Context(), all[i].ID))
	}
	must(t, store.Close())
	execute(t, url, "VACUUM")

	store = enttest.Open(t, url)
	defer closeStore(t, store)
	index := store.Index(owner.Read())
	for i, n := range all {
		list, err := index.Search(t.Context(), query.Parse(fmt.Sprintf(`"word%d" others`, i)), nil, 5)
		must(t, err)
		if i%2 == 0 && len(list) != 0 || i%2 == 1 && (len(list) != 1 || list[0].ID != n.ID) {
			t.Errorf("note %d: found %+v", i, list)
		}
	}
}

func TestNotesOfTheFirstSchemaAreFound(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		for name, upgrade := range map[string]func(*ent.Store) error{
			"Migrate": func(s *ent.Store) error { return s.Migrate(t.Context()) },
			"Up":      func(s *ent.Store) error { _, err := s.Up(t.Context()); return err },
		} {
			url := create(t)
			makeVersion(t, url, 1)
			execute(t, url, fmt.Sprintf("INSERT INTO users (id, name, created_at) VALUES ('%s', 'owner', 1)", domain.OwnerID))
			const old = "INSERT INTO notes (id, owner_id, title, excerpt, pinned, state, created_at, updated_at, version, content) " +
				"VALUES ('%s', '%s', 'Title %d', '', FALSE, 'active', 1, %d, 1, 'some old words #tagged')"
			for i := range 120 {
				execute(t, url, fmt.Sprintf(old, domain.NewID(), domain.OwnerID, i, i*1_000_000))
			}

			store, err := ent.Open(t.Context(), url)
			must(t, err)
			must(t, upgrade(store))
			index := store.Index(owner.Read())
			for _, text := range []string{"words", `"old words"`, "#tagged", "title:title"} {
				count, err := index.Count(t.Context(), query.Parse(text), 1000)
				must(t, err)
				if count.Notes != 120 || len(count.Tags) != 1 || count.Tags[0].Notes != 120 {
					t.Errorf("after %s %s finds %+v, want 120 notes with a tag", name, text, count)
				}
			}
			must(t, store.Close())
		}
	})
}

func TestTermsForMySQLKeepTextsApartAndTheirBeginnings(t *testing.T) {
	texts := []string{"a", "z", "zz", "za", "z000", "0", "a0", "日本", "日", "é", "ё", "!note", "#a/b", "#a_b", "#a", "👩\u200d👧", "\U0010ffff", "ab"}
	for _, a := range texts {
		termA, whole := ent.EncodeTerm("qw", a)
		if !whole || len(termA) < 3 || strings.Trim(termA, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			t.Errorf("%q is written as %q", a, termA)
		}
		for _, b := range texts {
			termB, _ := ent.EncodeTerm("qw", b)
			if strings.HasPrefix(b, a) != strings.HasPrefix(termB, termA) {
				t.Errorf("%q and %q are written as %q and %q", a, b, termA, termB)
			}
		}
	}
	long, whole := ent.EncodeTerm("qw", strings.Repeat("語", 32))
	if whole || len(long) > 84 {
		t.Errorf("a long word is written as %q, whole: %v", long, whole)
	}
}

// SQLite looks for few words that begin alike otherwise than for many.
func TestABeginningFindsFewWordsAndManyAlike(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		store := enttest.Open(t, create(t))
		defer closeStore(t, store)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
		notes := store.Notes(owner)
		for i := range 40 {
			title, content := fmt.Sprintf("the old garden%c%d", 'a'+i%2, i), "see below"
			if i%4 == 0 {
				title, content = "the old plan", title
			}
			_, err := addTimed(t.Context(), notes, title, content, time.Now())
			must(t, err)
		}
		for text, want := range map[string]int{
			"garden": 40, "gardena0": 1, "gardena3": 5, "gardenb": 20, "gardenb1": 6, "title:garden": 30, "title:gardenb1": 6,
			`"old garden*"`: 40, `"old gardenb1*"`: 6, "garden* -title:garden*": 10, "old gar* -gardena*": 20, "title:g": 30, "title:ga": 30,
		} {
			list, err := store.Index(owner.Read()).Search(t.Context(), query.Parse(text), nil, 100)
			must(t, err)
			if len(list) != want {
				t.Errorf("%s: found %d notes, want %d", text, len(list), want)
			}
		}
	})
}

// Of words with many endings SQLite looks through the notes of the last weeks first, and asks for all of them where
// those have few.
func TestABeginningWithManyEndingsIsFoundAmongTheLastNotesFirst(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		store := enttest.Open(t, create(t))
		defer closeStore(t, store)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
		begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		var all []domain.Note
		for i := range 120 { // at first only old ones have such a word, then all of them
			word := fmt.Sprintf("gar%d", i)
			if i >= 20 && i < 80 {
				word = fmt.Sprintf("gate%d", i)
			}
			n, err := domain.NewNote(domain.NoteDraft{Title: "a note", Content: "the old " + word, Author: domain.OwnerID}, begin.Add(time.Duration(i)*time.Hour))
			must(t, err)
			all = append(all, n)
		}
		search := func(text string, after *domain.SearchCursor, limit int) (found []domain.Note) {
			statements, err := ent.Recorded(store, func(repos domain.Repos) (err error) {
				found, err = repos.Index(owner.Read()).Search(t.Context(), query.Parse(text), after, limit)
				return err
			})
			must(t, err)
			for _, s := range statements {
				for _, arg := range s.Args {
					if arg == `"~gar" *` && len(found) == limit && found[0].ID == all[len(all)-1].ID {
						t.Errorf("%s: all notes are asked for, though the last ones are enough", text)
					}
				}
			}
			return found
		}
		must(t, store.Notes(owner).AddMany(t.Context(), all[:80], nil))
		for _, text := range []string{"gar", `"old gar*"`, "old gar", "gar* -none"} {
			first := search(text, nil, 5)
			if len(first) != 5 || first[0].ID != all[19].ID || first[4].ID != all[15].ID {
				t.Fatalf("%s: %d notes are found among others", text, len(first))
			}
			last := first[4]
			if rest := search(text, &domain.SearchCursor{Updated: last.Updated, ID: last.ID}, 50); len(rest) != 15 || rest[0].ID != all[14].ID {
				t.Errorf("%s: %d notes are found behind them", text, len(rest))
			}
			count, err := store.Index(owner.Read()).Count(t.Context(), query.Parse(text), 1000)
			must(t, err)
			if count.Notes != 20 {
				t.Errorf("%s: %d notes are counted", text, count.Notes)
			}
		}
		if found := search("-gar*", nil, 100); len(found) != 60 {
			t.Errorf("%d notes have no such word", len(found))
		}
		must(t, store.Notes(owner).AddMany(t.Context(), all[80:], nil))
		if found := search("gar", nil, 5); len(found) != 5 || found[0].ID != all[119].ID {
			t.Errorf("%d notes are found", len(found))
		}
	})
}

// SQLite asks for a word in each of few notes of a kind, and looks through those with the word where there are many.
func TestNotesOfAKindAreFoundAmongFewAndManyAlike(t *testing.T) {
	store := enttest.Open(t, enttest.SQLite(t))
	defer closeStore(t, store)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	add := func(n int) {
		var list []domain.Note
		for i := range n {
			note, err := domain.NewNote(domain.NoteDraft{Title: "a note", Content: fmt.Sprint("a plan ", i%10)}, begin.Add(time.Duration(i)*time.Hour))
			must(t, err)
			note.State, note.Pinned = []domain.NoteState{domain.Archived, domain.Active, domain.Trashed}[i%3], i%2 == 0
			list = append(list, note)
		}
		for piece := range slices.Chunk(list, 150) {
			must(t, store.Notes(owner).AddMany(t.Context(), piece, nil))
		}
	}
	want := func(times int) {
		t.Helper()
		for text, want := range map[string]int{
			"plan is:archived": 20, "is:pinned plan is:trashed": 10, `"plan 4" is:archived`: 2, "-plan is:archived": 0, "is:pinned title:plan": 0,
			"plan -is:archived is:pinned": 10, "is:archived": 20,
		} {
			list, err := store.Index(owner.Read()).Search(t.Context(), query.Parse(text), nil, 5000)
			must(t, err)
			if len(list) != want*times {
				t.Errorf("%s: found %d notes, want %d", text, len(list), want*times)
			}
			if !slices.IsSortedFunc(list, func(a, b domain.Note) int { return b.Updated.Compare(a.Updated) }) {
				t.Errorf("%s: the last isn't first", text)
			}
		}
	}
	add(60)
	want(1)
	add(1800)
	want(31)
}

// PostgreSQL's index takes in what has been saved word by word: it has come to "meeting" and not yet to "notes" while it
// is searched here.
func TestANoteIsntFoundByAWordThatItsSearchLeavesOutWhileTheIndexTakesItIn(t *testing.T) {
	url := enttest.Postgres(t)
	store := enttest.Open(t, url+"&enable_seqscan=off")
	defer closeStore(t, store)
	enttest.Run(t, url, "DROP INDEX note_search_in_order") // which would be taken for so few notes
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
	between := make([]string, 300)
	rounds, add := 30, func(round int) error {
		for i := range between {
			between[i] = fmt.Sprintf("n%dx%d", i, round)
		}
		list := make([]domain.Note, 20)
		for i := range list {
			n, err := domain.NewNote(domain.NoteDraft{
				Title: "x", Content: "meeting " + strings.Join(between, " ") + " notes",
				Author: domain.OwnerID,
			}, time.Now())
			if err != nil {
				return err
			}
			list[i] = n
		}
		return store.Notes(owner).AddMany(t.Context(), list, nil)
	}
	must(t, add(0))
	saved := make(chan error, 1)
	go func() {
		var err error
		for round := 1; round < rounds && err == nil; round++ {
			if err = add(round); err == nil {
				_, err = db.Writer.ExecContext(t.Context(), "SELECT gin_clean_pending_list('note_search_terms')")
			}
		}
		saved <- err
	}()
	for {
		found, err := store.Index(owner.Read()).Search(t.Context(), query.Parse("meeting -notes"), nil, 100)
		must(t, err)
		if len(found) > 0 {
			t.Fatalf("%d notes are found that have the word", len(found))
		}
		select {
		case err := <-saved:
			must(t, err)
			return
		default:
		}
	}
}

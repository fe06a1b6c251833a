package ent_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
)

func TestNotesOfAnOlderSchemaGetAllThatFollowsFromThem(t *testing.T) {
	takesLong(t)
	for name, migrate := range map[string]func(*testing.T, *ent.Store){
		"by itself":      func(t *testing.T, s *ent.Store) { must(t, s.Migrate(t.Context())) },
		"by its command": func(t *testing.T, s *ent.Store) { _, err := s.Up(t.Context()); must(t, err) },
	} {
		t.Run(name, func(t *testing.T) {
			enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
				url := create(t)
				const n = 120 // several pieces
				ids := fillFirstSchema(t, url, n)
				begin := time.Now().Add(-time.Second)

				store, err := ent.Open(t.Context(), url)
				must(t, err)
				defer closeStore(t, store)
				migrate(t, store)
				must(t, store.CheckSchema(t.Context()))
				wantCompleted(t, store, ids)

				trashed, err := store.Notes(owner).Get(t.Context(), ids[n-1])
				must(t, err)
				if trashed.Moved.Before(begin) {
					t.Errorf("a note in the trash was put there at %v, want the time of the migration", trashed.Moved)
				}
				purged, err := store.Housekeeping().PurgeTrash(t.Context(), begin)
				must(t, err)
				if purged != 0 {
					t.Errorf("%d notes were purged that nobody had been told of", purged)
				}
			})
		})
	}
}

func TestTheNotesThatAreThereGetTheirPictures(t *testing.T) {
	takesLong(t)
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		ids := fillFirstSchema(t, url, 250)
		hash := strings.Repeat("0a", 32)
		execute(t, url, fmt.Sprintf("UPDATE notes SET content = '![cup](/files/%s/cup.png)' WHERE id <> '%s'", hash, ids[0]))
		execute(t, url, fmt.Sprintf("UPDATE notes SET content = '[cup](/files/%s/cup.png)' WHERE id = '%s'", hash, ids[1]))
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		execute(t, url, "UPDATE notes SET picture = ''") // as the version before leaves it
		execute(t, url, "INSERT INTO octavo_schema (version) VALUES (-24)")
		must(t, store.Migrate(t.Context()))
		list, err := store.Notes(owner).List(t.Context(), domain.NoteFilter{State: domain.Active}, nil, len(ids))
		must(t, err)
		for _, n := range list {
			if shows := n.ID != ids[0] && n.ID != ids[1]; shows != (n.Picture == domain.FileHash(hash)) {
				t.Errorf("%s has the picture %q", n.Title, n.Picture)
			}
		}
	})
}

func TestMigrationThatWasCutShortGoesOn(t *testing.T) {
	takesLong(t)
	for name, migrate := range map[string]func(*testing.T, *ent.Store){
		"by itself": func(t *testing.T, s *ent.Store) { must(t, s.Migrate(t.Context())) },
		"by its command": func(t *testing.T, s *ent.Store) {
			wantUnapplied(t, s, 2, 17, 19)
			applied, err := s.Up(t.Context())
			must(t, err)
			if len(applied) != 3 || applied[0].Version != 2 || applied[1].Version != 17 || applied[2].Version != 19 || !applied[2].Applied {
				t.Errorf("Up applied %+v, not 2, 17 and 19", applied)
			}
			wantUnapplied(t, s)
		},
	} {
		t.Run(name, func(t *testing.T) {
			enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
				url := create(t)
				ids := fillFirstSchema(t, url, 120)
				closeStore(t, enttest.Open(t, url))
				// As it was before the last piece.
				for _, table := range []string{"note_tags", "note_links"} {
					execute(t, url, fmt.Sprintf("DELETE FROM %s WHERE note_id >= '%s'", table, ids[100]))
				}
				execute(t, url, fmt.Sprintf("UPDATE notes SET listed_at = %s, tags = '', title_key = '', title_place = '' WHERE id >= '%s'",
					enttest.Time(url, time.Unix(0, 0)), ids[100]))
				execute(t, url, "UPDATE tags SET notes = 100 WHERE tag_key = 'work'")
				index := "note_search"
				switch {
				case strings.HasPrefix(url, "sqlite"):
					index = "search_docs"
				case strings.HasPrefix(url, "postgres"):
					execute(t, url, "DROP INDEX note_search_terms")
				default:
					execute(t, url, "ALTER TABLE note_search DROP INDEX note_search_terms")
				}
				execute(t, url, fmt.Sprintf("UPDATE %s SET version = 0 WHERE note_id >= '%s'", index, ids[100]))
				execute(t, url, "INSERT INTO octavo_schema (version) VALUES (-2), (-17), (-19)")

				store, err := ent.Open(t.Context(), url)
				must(t, err)
				defer closeStore(t, store)
				if err := store.CheckSchema(t.Context()); !errors.Is(err, ent.ErrOlderSchema) {
					t.Errorf("before: CheckSchema returned %v, want %v", err, ent.ErrOlderSchema)
				}
				migrate(t, store)
				must(t, store.CheckSchema(t.Context()))
				wantCompleted(t, store, ids)
				whole := create(t)
				closeStore(t, enttest.Open(t, whole))
				wantSameSchema(t, url, whole)
			})
		})
	}
}

// wantUnapplied checks which migrations are said to be left to do.
func wantUnapplied(t *testing.T, store *ent.Store, want ...int) {
	t.Helper()
	all, err := store.Migrations(t.Context())
	must(t, err)
	var got []int
	for _, m := range all {
		if !m.Applied {
			got = append(got, m.Version)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v are left to do, want %v", got, want)
	}
}

// fillFirstSchema makes a database of the first version of the schema with n notes, of which the last one is in the
// trash, and returns their ids, ordered.
func fillFirstSchema(t *testing.T, url string, n int) []domain.ID {
	t.Helper()
	makeVersion(t, url, 1)
	execute(t, url, fmt.Sprintf("INSERT INTO users (id, name, created_at) VALUES ('%s', 'Owner', 1)", domain.OwnerID))
	var values []string
	var ids []domain.ID
	for i := range n {
		ids = append(ids, domain.NewID())
		state := domain.Active
		if i == n-1 {
			state = domain.Trashed
		}
		values = append(values, fmt.Sprintf(
			"('%s', '%s', 'Note %d', '#Work/t%d to [[Plan]]', 'to Plan', FALSE, '%s', %d, %d, 3)",
			ids[i], domain.OwnerID, i, i, state, 1_000_000+i, 2_000_000+i))
	}
	values[5] = strings.Replace(values[5], "'#Work", "'---\naliases: [Sixth]\ntags: [front]\n---\n[[a/Path]] #Work", 1)
	execute(t, url, "INSERT INTO notes "+
		"(id, owner_id, title, content, excerpt, pinned, state, created_at, updated_at, version) VALUES "+
		strings.Join(values, ", "))
	return ids
}

// wantCompleted checks that notes of fillFirstSchema have all that notes have.
func wantCompleted(t *testing.T, store *ent.Store, ids []domain.ID) {
	t.Helper()
	notes, n := store.Notes(owner), len(ids)
	list, err := notes.List(t.Context(), domain.NoteFilter{State: domain.Active, Tag: "work"}, nil, n)
	must(t, err)
	if len(list) != n-1 || list[0].ID != ids[n-2] || fmt.Sprint(list[0].Tags) != fmt.Sprintf("[Work/t%d]", n-2) {
		t.Errorf("%d notes have the tag, the first is %+v", len(list), list[:min(1, len(list))])
	}
	tags, err := store.Tags(owner.Read()).Beginning(t.Context(), "work", 1)
	must(t, err)
	if len(tags) != 1 || tags[0] != (domain.TagCount{Tag: "Work", Notes: n - 1}) {
		t.Errorf("the tags begin with %v, want Work with %d notes", tags, n-1)
	}
	byTitle, err := notes.List(t.Context(), domain.NoteFilter{State: domain.Active, Order: domain.ByTitle}, nil, n)
	must(t, err)
	if len(byTitle) != n-1 || byTitle[0].ID != ids[0] || byTitle[10].ID != ids[10] {
		t.Errorf("the titles of %d notes begin with %+v", len(byTitle), byTitle[:min(2, len(byTitle))])
	}
	linking, err := store.Links(owner.Read()).Linking(t.Context(), []string{"plan"}, "", n)
	must(t, err)
	if len(linking) != n {
		t.Errorf("%d notes link to the title, want %d", len(linking), n)
	}
	aliased, err := store.Links(owner.Read()).Titled(t.Context(), "sixth")
	must(t, err)
	led, err := store.Links(owner.Read()).Linking(t.Context(), []string{"path"}, "", n)
	must(t, err)
	if aliased["sixth"].ID != ids[5] || len(led) != 1 {
		t.Errorf("an alias leads to %v, %d notes link by a path", aliased, len(led))
	}
	titled, err := store.Links(owner.Read()).Titled(t.Context(), "note 110")
	must(t, err)
	if titled["note 110"].ID != ids[110] {
		t.Errorf("the title leads to %v, want %s", titled, ids[110])
	}
	got, err := notes.Get(t.Context(), ids[0])
	must(t, err)
	want := domain.Note{
		ID: ids[0], NoteFields: domain.NoteFields{Title: "Note 0", Content: "#Work/t0 to [[Plan]]"},
		Excerpt: "#Work/t0 to Plan", State: domain.Active,
		TextTags: []domain.Tag{"Work/t0"},
		Created:  time.UnixMicro(1_000_000).UTC(), Updated: time.UnixMicro(2_000_000).UTC(),
		Moved: time.UnixMicro(1_000_000).UTC(), Version: 3, Saved: 3,
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	got.Pinned, got.Version = true, 4
	must(t, notes.Update(t.Context(), got, got.Version-1))
}

// PostgreSQL knows nothing of how large the tables are that a migration fills, and it needn't: what is read of them, row
// after row, doesn't grow with each piece that is written.
func TestBringingNotesUpReadsNoTableForEachPiece(t *testing.T) {
	takesLong(t)
	url := enttest.Postgres(t)
	const n = 6_000 // six pieces
	fillFirstSchema(t, url, n)
	closeStore(t, enttest.Open(t, url))
	for _, line := range enttest.Query(t, url, "SELECT relname || ' ' || seq_tup_read FROM pg_stat_user_tables WHERE seq_tup_read > 0") {
		var table string
		var read int
		if _, err := fmt.Sscan(line, &table, &read); err != nil {
			t.Fatal(err)
		}
		if table != "notes" && read > n {
			t.Errorf("%d rows of %s were read one after another", read, table)
		}
	}
}

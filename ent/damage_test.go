package ent_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

// filled returns a file with something in each of its tables, and some pages that are free.
func filled(t *testing.T) string {
	t.Helper()
	url := enttest.SQLite(t)
	store, now := enttest.Open(t, url), domain.SystemClock{}.Now()
	must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
	notes := store.Notes(owner)
	for i := range 300 {
		n, err := domain.NewNote(domain.NoteDraft{
			Title: fmt.Sprintf("Note %d", i), Tags: []domain.Tag{domain.Tag(fmt.Sprintf("tag%d", i%40))},
			Content: fmt.Sprintf("[[Note %d]] ![](/files/%064x)\n", i+1, i) + strings.Repeat(fmt.Sprintf("word%d ", i), 200),
		}, now)
		must(t, err)
		must(t, notes.Add(t.Context(), n))
		must(t, store.Revisions(owner).Add(t.Context(), n.Revision()))
		if i%3 == 0 {
			must(t, notes.Remove(t.Context(), n.ID))
		}
	}
	must(t, store.Close())
	return strings.TrimPrefix(url, "sqlite:")
}

// pageOf returns where the first page of a table or an index lies in a file, and how long it is.
func pageOf(t *testing.T, path, name string) (from, size int) {
	t.Helper()
	found := enttest.Query(t, "sqlite:"+path, "SELECT rootpage || ' ' || (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = '"+name+"'")
	if len(found) != 1 {
		t.Fatalf("%s is there %d times", name, len(found))
	}
	var root int
	_, err := fmt.Sscan(found[0], &root, &size)
	must(t, err)
	return (root - 1) * size, size
}

// fate is what became of a damaged file.
type fate string

const (
	refused fate = "refused at the start"
	stopped fate = "found by the check, and nothing more written"
	unseen  fate = "not found"
)

// fateOf opens a file as the program does, and has it checked.
func fateOf(t *testing.T, path string) (fate, error) {
	t.Helper()
	store, err := ent.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		return refused, err
	}
	defer func() { _ = store.Close() }() // which may fail, too
	if err := store.Migrate(t.Context()); err != nil {
		return refused, err
	}
	err = store.Housekeeping().Check(t.Context())
	if !errors.Is(err, domain.Damaged) {
		must(t, err)
		return unseen, nil
	}
	if err := store.Ping(t.Context()); !errors.Is(err, domain.Damaged) {
		t.Errorf("it is ready: %v", err)
	}
	wantNothingWritten(t, store)
	return stopped, err
}

// wantNothingWritten checks that each way to write is refused.
func wantNothingWritten(t *testing.T, store *ent.Store) {
	t.Helper()
	now := domain.SystemClock{}.Now()
	n, err := domain.NewNote(domain.NoteDraft{Title: "after the damage"}, now)
	must(t, err)
	session, _ := domain.NewSession(owner.User(), "", now)
	for name, err := range map[string]error{
		"a note":      store.Notes(owner).Add(t.Context(), n),
		"a session":   store.Sessions().Add(t.Context(), session),
		"a touch":     store.Sessions().Touch(t.Context(), map[domain.TokenHash]domain.SessionUse{session.Token: {Seen: now}}),
		"a removal":   store.Sessions().Remove(t.Context(), session.Token),
		"a creation":  store.Creations(owner).Add(t.Context(), domain.Creation{Key: "k", Note: n.ID, Created: now}),
		"a change":    store.Atomically(t.Context(), func(domain.Repos) error { return nil }),
		"the clock":   store.Housekeeping().PutTrust(t.Context(), domain.Trust{Seen: now}),
		"the purging": second(store.Housekeeping().PurgeTrash(t.Context(), now)),
	} {
		if !errors.Is(err, domain.Damaged) {
			t.Errorf("%s is written: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestADamagedFileIsRefusedOrFoundAndWrittenNoMore(t *testing.T) {
	takesLong(t)
	whole := filled(t)
	content, err := os.ReadFile(whole)
	must(t, err)
	_, size := pageOf(t, whole, "notes")

	type damage struct {
		does func(file []byte) []byte
		want []fate
	}
	seen := []fate{refused, stopped}
	damages := map[string]damage{}
	// at damages some bytes from a place on.
	at := func(name string, place int, want []fate, does func(part []byte)) {
		damages[name] = damage{func(file []byte) []byte {
			does(file[place:])
			return file
		}, want}
	}
	flip := func(part []byte) { part[0] ^= 0xff }
	zeroPage := func(part []byte) { clear(part[:size]) }
	overwrite := func(part []byte) { copy(part, strings.Repeat("This is no database. ", 10)) }

	at("the first byte", 0, seen, flip)
	at("the size of a page", 16, seen, flip)
	at("the version to write with", 18, seen, flip)
	at("the reserved bytes of a page", 20, seen, flip)
	at("the format of the schema", 47, seen, flip)
	at("the encoding of texts", 59, seen, flip)
	at("a text over the beginning", 0, seen, overwrite)
	at("the list of free pages", 32, seen, flip)
	at("how many pages are free", 36, seen, flip)
	at("the first page of the schema", 100, seen, flip)
	at("the schema's cells", 103, seen, flip)
	at("zeros for the first page", 0, seen, zeroPage)
	for _, name := range []string{
		"notes", "notes_listed", "notes_by_title", "note_tags", "tagged_in_order", "tags", "note_links", "file_uses",
		"revisions", "revisions_by_age", "users", "octavo_schema", "search_docs", "search_docs_of_note", "search_index_data",
	} {
		place, _ := pageOf(t, whole, name)
		at("the kind of the first page of "+name, place, seen, flip)
		at("zeros for the first page of "+name, place, seen, zeroPage)
		at("a text over the first page of "+name, place, seen, overwrite)
	}
	notes, _ := pageOf(t, whole, "notes")
	tags, _ := pageOf(t, whole, "note_tags")
	at("how many cells notes has", notes+3, seen, flip)
	at("where the cells of notes begin", notes+5, seen, flip)
	at("the rightmost page of notes", notes+8, seen, flip)
	at("a cell of notes", notes+12, seen, flip)
	damages["two tables swapped"] = damage{func(file []byte) []byte {
		one, other := file[notes:notes+size], file[tags:tags+size]
		for i := range one {
			one[i], other[i] = other[i], one[i]
		}
		return file
	}, seen}
	damages["a table's name"] = damage{func(file []byte) []byte {
		return bytes.ReplaceAll(file, []byte("TABLE `revisions`"), []byte("TABLE `revisionz`"))
	}, seen}
	damages["a column's name"] = damage{func(file []byte) []byte {
		return bytes.ReplaceAll(file, []byte("`excerpt` text"), []byte("`excerqt` text"))
	}, seen}
	damages["half of the file"] = damage{func(file []byte) []byte { return file[:len(file)/size/2*size] }, seen}
	damages["all but the last page"] = damage{func(file []byte) []byte { return file[:len(file)-size] }, seen}
	damages["half of a page at the end"] = damage{func(file []byte) []byte { return file[:len(file)-size/2] }, seen}
	damages["only the first page"] = damage{func(file []byte) []byte { return file[:size] }, seen}
	damages["less than the header"] = damage{func(file []byte) []byte { return file[:50] }, seen}
	damages["zeros from the middle on"] = damage{func(file []byte) []byte {
		clear(file[len(file)/2:])
		return file
	}, seen}
	// What no check can see: the file is as well formed as before, and says something else.
	damages["a letter in a text"] = damage{func(file []byte) []byte {
		return bytes.Replace(file, []byte("word7 word7"), []byte("word7 word8"), 1)
	}, []fate{unseen}}
	damages["the number of the last change"] = damage{func(file []byte) []byte {
		binary.BigEndian.PutUint32(file[24:], 99)
		binary.BigEndian.PutUint32(file[92:], 99)
		return file
	}, []fate{unseen}}

	for when, limit := range map[string]int64{"when it is opened": backend.CheckedAtOnce, "while it is in use": 0} {
		setCheckedAtOnce(t, limit)
		fates := map[fate]int{}
		for name, d := range damages {
			path := filepath.Join(t.TempDir(), "octavo.db")
			damaged := d.does(slices.Clone(content))
			if bytes.Equal(damaged, content) {
				t.Errorf("%s: that damages nothing", name)
			}
			must(t, os.WriteFile(path, damaged, 0o600))
			got, err := fateOf(t, path)
			fates[got]++
			if !slices.Contains(d.want, got) {
				t.Errorf("checked %s, %s: %s, want %v", when, name, got, d.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: more than a line: %v", name, err)
			}
		}
		t.Logf("%d damaged files, checked %s: %v", len(damages), when, fates)
	}
}

// setCheckedAtOnce has files that are larger not looked through when they are opened, until the test ends.
func setCheckedAtOnce(t *testing.T, limit int64) {
	t.Helper()
	before := backend.CheckedAtOnce
	t.Cleanup(func() { backend.CheckedAtOnce = before })
	backend.CheckedAtOnce = limit
}

func TestWhoeverMeetsDamageStopsAllWriting(t *testing.T) {
	path := filled(t)
	place, size := pageOf(t, path, "revisions")
	content, err := os.ReadFile(path)
	must(t, err)
	clear(content[place : place+size])
	must(t, os.WriteFile(path, content, 0o600))
	setCheckedAtOnce(t, 0)
	store := enttest.Open(t, "sqlite:"+path)
	defer func() { _ = store.Close() }()

	must(t, store.Ping(t.Context()))
	list, err := store.Notes(owner).List(t.Context(), domain.NoteFilter{State: domain.Active}, nil, 1)
	must(t, err)
	_, err = store.Revisions(owner).List(t.Context(), list[0].ID, 0, 10)
	if !errors.Is(err, domain.Damaged) {
		t.Fatalf("got %v, want %v", err, domain.Damaged)
	}
	if err := store.Ping(t.Context()); !errors.Is(err, domain.Damaged) {
		t.Errorf("it is ready: %v", err)
	}
	wantNothingWritten(t, store)
	if _, err := store.Notes(owner).Get(t.Context(), list[0].ID); err != nil {
		t.Errorf("what can still be read isn't: %v", err)
	}
}

// What stands in the log from where it is damaged on is as if it had never been written: nothing tells that there was
// more. What stands before is whole.
func TestADamagedLogGivesAStateThatWas(t *testing.T) {
	url := enttest.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(domain.SystemClock{}.Now())))
	for i := range 30 {
		n, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprint(i)}, domain.SystemClock{}.Now())
		must(t, err)
		must(t, store.Notes(owner).Add(t.Context(), n))
	}
	files := map[string][]byte{}
	for _, end := range []string{"", "-wal", "-shm"} {
		content, err := os.ReadFile(path + end) // as a kill would leave it
		must(t, err)
		files[end] = content
	}
	cut := func(content []byte) []byte { return content[:len(content)*9/10] }
	flip := func(place int) func([]byte) []byte {
		return func(content []byte) []byte {
			content[place] ^= 0xff
			return content
		}
	}
	for name, damage := range map[string]struct {
		end  string
		does func([]byte) []byte
	}{
		"a log cut short":            {"-wal", cut},
		"a byte near the log's end":  {"-wal", flip(len(files["-wal"]) - 5000)},
		"the log's header":           {"-wal", flip(9)},
		"an empty log":               {"-wal", func([]byte) []byte { return nil }},
		"the log's index":            {"-shm", flip(20)},
		"a text for the log's index": {"-shm", func([]byte) []byte { return []byte(strings.Repeat("no index ", 3640)) }},
		"an empty index of the log":  {"-shm", func([]byte) []byte { return nil }},
		"half of the index":          {"-shm", func(content []byte) []byte { return content[:len(content)/2] }},
	} {
		copied := filepath.Join(t.TempDir(), "octavo.db")
		for end, content := range files {
			content = slices.Clone(content)
			if end == damage.end {
				content = damage.does(content)
			}
			must(t, os.WriteFile(copied+end, content, 0o600))
		}
		restored := enttest.Open(t, "sqlite:"+copied)
		if err := restored.Housekeeping().Check(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		closeStore(t, restored)
	}
}

func TestAFileOfSomebodyElseIsRefusedAndUntouched(t *testing.T) {
	database := func(path string, statements ...string) {
		db, err := backend.Open(t.Context(), "sqlite:"+path)
		must(t, err)
		for _, statement := range statements {
			_, err := db.Writer.ExecContext(t.Context(), statement)
			must(t, err)
		}
		must(t, db.Close())
	}
	for name, build := range map[string]func(path string){
		"with tables": func(path string) { database(path, "CREATE TABLE wines (id integer)") },
		"with a table of the same name": func(path string) {
			database(path, "CREATE TABLE notes (id integer, text text)", "INSERT INTO notes VALUES (1, 'theirs')")
		},
		"with a view only":      func(path string) { database(path, "CREATE VIEW v AS SELECT 1") },
		"with a log to go with": func(path string) { database(path, "PRAGMA journal_mode = WAL", "CREATE TABLE theirs (id integer)") },
		"with all of it in its log": func(path string) {
			database(path+".open", "PRAGMA journal_mode = WAL")
			db, err := backend.Open(t.Context(), "sqlite:"+path+".open")
			must(t, err)
			_, err = db.Writer.ExecContext(t.Context(), "CREATE TABLE theirs (id integer)")
			must(t, err)
			for _, end := range []string{"", "-wal"} { // as if it had been killed
				content, err := os.ReadFile(path + ".open" + end)
				must(t, err)
				must(t, os.WriteFile(path+end, content, 0o600))
			}
			must(t, db.Close())
			for _, end := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(path + ".open" + end)
			}
		},
		"of no database":     func(path string) { must(t, os.WriteFile(path, []byte(strings.Repeat("Dear diary, ", 999)), 0o600)) },
		"of one line":        func(path string) { must(t, os.WriteFile(path, []byte("x"), 0o600)) },
		"of a header's half": func(path string) { must(t, os.WriteFile(path, []byte("SQLite format 3\x00"), 0o600)) },
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "theirs.db")
		build(path)
		before := filesIn(t, dir)
		if _, err := ent.Open(t.Context(), "sqlite:"+path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("a file %s: got %v, want it refused by its name", name, err)
		}
		if after := filesIn(t, dir); !maps.Equal(after, before) {
			t.Errorf("a file %s: it has been changed, or there are others: %v, before %v",
				name, slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(before)))
		}
	}
}

func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		must(t, err)
		all[entry.Name()] = string(content)
	}
	return all
}

func TestAnEmptyFileAndOneThatWasKilledWhileItWasNewAreTaken(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.db")
	must(t, os.WriteFile(empty, nil, 0o600))
	closeStore(t, enttest.Open(t, "sqlite:"+empty))

	url := enttest.SQLite(t)
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	killed := filepath.Join(t.TempDir(), "killed.db")
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:") + end)
		must(t, err)
		must(t, os.WriteFile(killed+end, content, 0o600))
	}
	closeStore(t, enttest.Open(t, "sqlite:"+killed))
}

func TestADatabaseOfSomebodyElseOnAServerIsRefused(t *testing.T) {
	for name, create := range map[string]func(testing.TB) string{"postgresql": enttest.Postgres, "mysql": enttest.MySQL} {
		t.Run(name, func(t *testing.T) {
			url := create(t)
			execute(t, url, "CREATE TABLE wines (id integer)")
			_, err := ent.Open(t.Context(), url)
			if !errors.Is(err, domain.Invalid) || !strings.Contains(err.Error(), "wines") {
				t.Errorf("got %v, want it refused with the table's name", err)
			}
			execute(t, url, "DROP TABLE wines")
			closeStore(t, enttest.Open(t, url))
			execute(t, url, "CREATE TABLE wines (id integer)") // whoever adds to Octavo's may
			closeStore(t, enttest.Open(t, url))
		})
	}
}

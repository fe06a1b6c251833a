package e2e

import (
	"database/sql"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"octavo/ent/enttest"
)

// What searches know is written last of all that is committed together, and so must be there with it. OCTAVO_TEST_KILLS says
// how often the program is killed.
func TestKilledAtAnyMomentSearchesKnowEachNoteAsItIs(t *testing.T) {
	kills := 8
	if text, set := os.LookupEnv("OCTAVO_TEST_KILLS"); set {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	databaseURL := enttest.SQLite(t)
	installed := install(t, settingsOf(t, databaseURL)...)
	answered := 0
	for round := range kills {
		kept := writeNotesUntilKilled(installed.start(), round, 20+31*(round%8))
		answered += len(kept)
		db := openDatabase(t, databaseURL) // before a start mends anything
		wantNotes(t, db, round, kept)
		wantSound(t, db, round)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d notes were answered before %d kills", answered, kills)
}

// wantNotes makes sure that each note is there once, that searches find it, and that they find nothing else.
func wantNotes(t *testing.T, db *sql.DB, round int, kept map[string]string) {
	t.Helper()
	for word, state := range kept {
		found := query(t, db, `SELECT n.content FROM search_index JOIN search_docs d ON d.number = search_index.rowid
			JOIN notes n ON n.id = d.note_id WHERE search_index MATCH '"~`+word+`"'`)
		saved := len(found) == 1 && strings.HasPrefix(found[0], "saved")
		if len(found) != 1 || state == "saved" && !saved {
			t.Errorf("round %d: %d notes are found with %s, which was answered to be %s (and is: %t)", round, len(found), word, state, saved)
		}
		if notes := query(t, db, "SELECT id FROM notes WHERE title = '"+word+"'"); len(notes) != 1 {
			t.Errorf("round %d: %s is there %d times", round, word, len(notes))
		}
	}
	if refused := query(t, db, "SELECT id FROM notes WHERE content LIKE '%refused%'"); len(refused) > 0 {
		t.Errorf("round %d: %d changes were refused and are there", round, len(refused))
	}
}

// wantSound makes sure that the index is sound, and knows all notes as they are and nothing beside them.
func wantSound(t *testing.T, db *sql.DB, round int) {
	t.Helper()
	const lost = `SELECT n.id FROM notes n LEFT JOIN search_docs d ON d.note_id = n.id AND d.version = n.version
		LEFT JOIN search_index_docsize t ON t.id = d.number WHERE t.id IS NULL
		UNION ALL SELECT t.id FROM search_index_docsize t WHERE t.id NOT IN (SELECT number FROM search_docs)`
	if ids := query(t, db, lost); len(ids) > 0 {
		t.Errorf("round %d: searches don't know %d notes as they are", round, len(ids))
	}
	if _, err := db.ExecContext(t.Context(), "INSERT INTO search_index (search_index) VALUES ('integrity-check')"); err != nil {
		t.Errorf("round %d: the index isn't sound: %v", round, err)
	}
	for _, word := range []string{"created", "saved"} { // each note has one of the two
		words := query(t, db, `SELECT COUNT(*) FROM search_index WHERE search_index MATCH '"~`+word+`"'`)
		notes := query(t, db, "SELECT COUNT(*) FROM notes WHERE content LIKE '"+word+"%'")
		if !slices.Equal(words, notes) {
			t.Errorf("round %d: %s notes with %q are found, want %s", round, words, word, notes)
		}
	}
}

// writeNotesUntilKilled has writers create notes and save each once, so many that they share commits: one of them large
// texts, which take long, and one besides in a way that is refused. It kills the program after some answers, and returns what
// was answered last of each note, by the word that it is called.
func writeNotesUntilKilled(program *process, round, killAfter int) (answered map[string]string) {
	program.t.Helper()
	answered = map[string]string{}
	var mu sync.Mutex
	var running sync.WaitGroup
	for writer := range 32 {
		running.Go(func() {
			more := ""
			if writer == 1 {
				more = strings.Repeat(" and so on", 10_000)
			}
			for n := 0; ; n++ {
				word := nameOf(round, writer, n)
				hear := func(state string, status int, a answer, err error) (location string, ok bool) {
					if err != nil {
						return "", false // it is dead
					}
					if a.StatusCode != status {
						program.t.Errorf("status %d: %s", a.StatusCode, a.body)
						return "", false
					}
					if state != "refused" {
						mu.Lock()
						answered[word] = state
						mu.Unlock()
					}
					return a.Header.Get("Location"), true
				}
				a, err := program.send(http.MethodPost, "/api/v1/notes", draft{word, "created" + more})
				note, ok := hear("created", http.StatusCreated, a, err)
				if ok && writer == 0 {
					a, err = program.send(http.MethodPut, note, draft{word, "refused"}, "If-Match", `"7"`)
					_, ok = hear("refused", http.StatusPreconditionFailed, a, err)
				}
				if ok {
					a, err = program.send(http.MethodPut, note, draft{word, "saved" + more}, "If-Match", "*")
					_, ok = hear("saved", http.StatusOK, a, err)
				}
				if !ok {
					return
				}
			}
		})
	}
	eventually(program.t, "enough writes are answered", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(answered) >= killAfter
	})
	program.kill()
	running.Wait()
	return answered
}

// nameOf is a word of letters alone.
func nameOf(numbers ...int) (name string) {
	for _, n := range numbers {
		name += "q" + strings.Map(func(digit rune) rune { return 'a' + digit - '0' }, strconv.Itoa(n))
	}
	return name
}

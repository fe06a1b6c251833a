package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"octavo/ent/enttest"
)

func TestKilledAtAnyMomentItHasKeptEachAnsweredWrite(t *testing.T) {
	for _, database := range []struct {
		name   string
		create func(testing.TB) string
	}{{"sqlite", enttest.SQLite}, {"postgresql", enttest.Postgres}} {
		t.Run(database.name, func(t *testing.T) {
			databaseURL := database.create(t)
			installed := install(t, settingsOf(t, databaseURL)...)
			program := installed.start()
			var answered []string
			for round := range 20 {
				answered = append(answered, writeUntilKilled(program, round)...)
				program = installed.start()
				checkRecords(program, answered)
			}
			program.stop()
			if database.name == "sqlite" {
				db := openDatabase(t, databaseURL)
				if found := query(t, db, "PRAGMA integrity_check"); !slices.Equal(found, []string{"ok"}) {
					t.Errorf("integrity_check: %v", found)
				}
				if found := query(t, db, "PRAGMA foreign_key_check"); len(found) > 0 {
					t.Errorf("foreign_key_check: %v", found)
				}
			}
		})
	}
}

// writeUntilKilled has writers create records, so many that they share commits, kills the program in the middle of it, and
// returns the titles of the records whose creation was answered.
func writeUntilKilled(program *process, round int) (answered []string) {
	program.t.Helper()
	const writers = 32
	killAfter := 20 + 13*round
	var mu sync.Mutex
	var running sync.WaitGroup
	for writer := range writers {
		running.Go(func() {
			for n := 0; ; n++ {
				title := fmt.Sprintf("round %d, writer %d, record %d", round, writer, n)
				a, err := program.send(http.MethodPost, "/records", draft{title, strings.Repeat("text ", n)})
				if err != nil {
					return // it is dead
				}
				if a.StatusCode != http.StatusCreated {
					program.t.Errorf("status %d: %s", a.StatusCode, a.body)
					return
				}
				mu.Lock()
				answered = append(answered, title)
				mu.Unlock()
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

// checkRecords checks that each title is there, and nothing twice.
func checkRecords(program *process, titles []string) {
	program.t.Helper()
	var records []stored
	program.call(http.StatusOK, http.MethodGet, "/records/", nil, &records)
	times := map[string]int{}
	for _, r := range records {
		if times[r.Title]++; times[r.Title] > 1 {
			program.t.Errorf("%q is there twice", r.Title)
		}
	}
	for _, title := range titles {
		if times[title] == 0 {
			program.t.Errorf("%q was answered and is lost", title)
		}
	}
}

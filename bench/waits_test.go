package main

import (
	"testing"

	"octavo/ent/enttest"
)

// What is written with a note is sent to PostgreSQL together, however many statements it takes: who asks, where the
// transaction begins, what is read of the note, all that is written, and where it ends.
func TestASaveWaitsForPostgreSQLAFewTimes(t *testing.T) {
	s := newSite(t, enttest.Postgres(t))
	most := map[string]int{
		"POST /notes":                           4,
		"POST /notes: from a draft":             6,
		"POST /notes/:id: another text":         6,
		"POST /notes/:id: other tags and links": 6,
		"POST /notes/:id/pin":                   6,
		"POST /notes/:id/trash":                 6,
		"POST /notes/bulk: to archive 20":       10,
	}
	for _, c := range changes {
		counted := s.count(c)
		if limit, ok := most[counted.name]; ok && counted.waits > limit {
			t.Errorf("%s waits %d times instead of %d", counted.name, counted.waits, limit)
		}
		delete(most, counted.name)
	}
	for name := range most {
		t.Errorf("%s is no request", name)
	}
}

package web

import (
	"time"

	"octavo/domain"
)

// How a date looks without scripts, which replace it by the reader's own way and time zone.
const dateLayout = "2 Jan 2006, 15:04 UTC"

func printDate(t time.Time) (forPeople, forPrograms string) {
	return t.Format(dateLayout), t.Format(time.RFC3339)
}

func notePath(id domain.ID) string { return "/notes/" + string(id) }

func (s *server) noteURL(id domain.ID) string { return s.base + notePath(id) }

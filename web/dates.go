package web

import "time"

// How a date looks without scripts, which replace it by the reader's own way and time zone.
const dateLayout = "2 Jan 2006, 15:04 UTC"

func printDate(t time.Time) (forPeople, forPrograms string) {
	return t.Format(dateLayout), t.Format(time.RFC3339)
}

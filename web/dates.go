package web

import (
	"strconv"
	"time"

	"octavo/domain"
	"octavo/lang"
)

// months are the names of the months in a date.
var months = [...]domain.Code{
	"date.month.january", "date.month.february", "date.month.march", "date.month.april", "date.month.may", "date.month.june",
	"date.month.july", "date.month.august", "date.month.september", "date.month.october", "date.month.november", "date.month.december",
}

// printDate returns a date as it looks without scripts, which replace it by the reader's own way and time zone.
func printDate(l *lang.Language, at time.Time) (forPeople, forPrograms string) {
	at = at.UTC()
	forPeople = l.Text("date.shown", "day", at.Day(), "month", l.Text(months[at.Month()-1]), "year", strconv.Itoa(at.Year()),
		"time", at.Format("15:04"))
	return forPeople, at.Format(time.RFC3339)
}

// printDay returns the day of a time in UTC, which no script replaces.
func printDay(l *lang.Language, at time.Time) string {
	at = at.UTC()
	return l.Text("date.day", "day", at.Day(), "month", l.Text(months[at.Month()-1]), "year", strconv.Itoa(at.Year()))
}

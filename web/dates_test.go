package web

import (
	"testing"
	"time"

	"octavo/lang"
)

func TestADateIsShownInTheWordsOfTheCatalogue(t *testing.T) {
	at := time.Date(2026, 3, 4, 15, 6, 7, 0, time.FixedZone("east", 3600))
	people, programs := printDate(lang.English(), at)
	if people != "4 Mar 2026, 14:06 UTC" || programs != "2026-03-04T14:06:07Z" {
		t.Errorf("got %q and %q", people, programs)
	}
	for month, code := range months {
		if got, want := lang.English().Text(code), time.Month(month + 1).String()[:3]; got != want {
			t.Errorf("month %d is called %q", month+1, got)
		}
	}
}

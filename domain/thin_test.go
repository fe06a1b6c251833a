package domain_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"octavo/domain"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestOldRevisionsAreThinnedByAge(t *testing.T) {
	var saved []time.Time
	for _, text := range []string{
		"2024-01-05T10:00:00Z", // months: dropped, as another of its month follows
		"2024-01-31T23:59:59Z", // the last of January, by a second
		"2024-02-01T00:00:00Z", // the only one of February
		"2025-06-01T08:00:00Z", // days: dropped, as another of its day follows
		"2025-06-01T09:00:00Z",
		"2025-06-02T00:30:00+02:00", // still June 1 in UTC, and its last
		"2025-06-02T09:00:00Z",
		"2026-01-20T08:00:00Z", // younger than 30 days: all are kept
		"2026-01-20T08:00:01Z",
		"2026-02-01T08:00:00Z",
	} {
		saved = append(saved, at(t, text))
	}
	if got, want := domain.Thin(saved, at(t, "2026-02-01T09:00:00Z")), []int{0, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("dropped %v, want %v", got, want)
	}
}

func TestTheBoundariesOfAgeBelongToTheMilderRule(t *testing.T) {
	day := time.Date(2025, 3, 5, 6, 0, 0, 0, time.UTC)
	sameDay := []time.Time{day, day.Add(time.Hour)}
	sameMonth := []time.Time{day, day.Add(48 * time.Hour)}
	for _, c := range []struct {
		saved []time.Time
		age   time.Duration
		drop  []int
	}{
		{sameDay, domain.KeepAll, nil},
		{sameDay, domain.KeepAll + 1, []int{0}},
		{sameMonth, domain.KeepDaily, nil},
		{sameMonth, domain.KeepDaily + 1, []int{0}},
	} {
		if got := domain.Thin(c.saved, day.Add(c.age)); !slices.Equal(got, c.drop) {
			t.Errorf("at the age of %v it dropped %v, want %v", c.age, got, c.drop)
		}
	}
}

func TestTheNewestRevisionIsAlwaysKept(t *testing.T) {
	day := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, saved := range [][]time.Time{nil, {day}, {day, day}, {day, day, day}} {
		drop := domain.Thin(saved, now)
		if len(drop) > 0 && drop[len(drop)-1] == len(saved)-1 {
			t.Errorf("of %d revisions it dropped %v", len(saved), drop)
		}
		wantEqual(t, len(saved)-len(drop), min(len(saved), 1))
	}
}

func TestThinningOftenOrOnceKeepsTheSameRevisions(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		begin := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(int64(40 * 24 * time.Hour))))
		end := begin.Add(900 * 24 * time.Hour)
		var all, often []time.Time
		for day := begin; day.Before(end); day = day.Add(time.Duration(1+random.Int64N(30)) * time.Hour) {
			for range random.IntN(3) { // a note is edited and thinned by turns
				all, often = append(all, day), append(often, day)
			}
			often = without(often, domain.Thin(often, day))
		}
		for now := end; now.Before(end.Add(500 * 24 * time.Hour)); now = now.Add(17 * time.Hour) {
			often = without(often, domain.Thin(often, now))
			if once := without(all, domain.Thin(all, now)); !slices.Equal(once, often) {
				t.Fatalf("at %v thinning once keeps %d, often %d", now, len(once), len(often))
			}
		}
		if len(often) < 20 || len(often) > 40 {
			t.Errorf("%d revisions are left of some 30 months", len(often))
		}
	}
}

func TestWhatWasSavedWhileTheClockWasWrongIsKeptAsLongAsOthers(t *testing.T) {
	day := time.Date(2026, 3, 5, 6, 0, 0, 0, time.UTC)
	for name, wrong := range map[string]time.Time{
		"behind": time.Date(1970, 1, 1, 0, 0, 9, 0, time.UTC), "ahead": day.Add(365 * 24 * time.Hour),
	} {
		saved := []time.Time{day, wrong, wrong.Add(time.Second), wrong.Add(time.Minute), day.Add(time.Hour), day.Add(25 * time.Hour)}
		if drop := domain.Thin(saved, day.Add(26*time.Hour)); len(drop) > 0 {
			t.Errorf("%s: dropped %v at once", name, drop)
		}
		if drop := domain.Thin(saved, day.Add(3*365*24*time.Hour)); !slices.Contains(drop, 2) {
			t.Errorf("%s: dropped only %v in the end", name, drop)
		}
	}
}

// without returns the elements of all but those at the ascending indexes drop.
func without[T any](all []T, drop []int) (kept []T) {
	for i, element := range all {
		if _, dropped := slices.BinarySearch(drop, i); !dropped {
			kept = append(kept, element)
		}
	}
	return kept
}

package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
)

// tidyFor lets the clock run for a while, with housekeeping as often as the program does it.
func (h *house) tidyFor(d time.Duration) {
	h.t.Helper()
	for end := h.clock.now.Add(d); h.clock.now.Before(end); {
		h.clock.now = h.clock.now.Add(10 * time.Minute)
		must(0, h.Housekeeping().Run(h.t.Context()))(h.t)
	}
}

const year = 365 * 24 * time.Hour

// lived is a house in which there is something of everything that housekeeping removes for good.
type lived struct {
	*house
	accounts      *app.Accounts
	token         string
	trashed, kept domain.Note
	file          domain.File
	undo          domain.ID
}

func newLived(t *testing.T) lived {
	t.Helper()
	h := newHouse(t)
	h.tidyFor(72 * time.Hour)
	l := lived{house: h, trashed: h.note("Trashed", "text"), kept: h.note("Kept", "0")}
	must(0, second(h.notes.Trash(t.Context(), owner, l.trashed.ID, nil)))(t)
	for i := 1; i <= 5; i++ {
		h.save(l.kept, i, fmt.Sprint(i))
	}
	l.file = must(h.Files().Upload(t.Context(), owner, "a.txt", "text/plain", strings.NewReader("content")))(t)
	l.accounts = newAccounts(h.store, h.clock, keys)
	l.token = h.clock.open(t, l.accounts)
	undo := domain.NewUndo(h.clock.now)
	must(0, h.store.Undos(owner).Add(t.Context(), undo))(t)
	l.undo = undo.ID
	return l
}

// wantAll checks that nothing has been removed, and that it is no more than in its time.
func (l lived) wantAll() {
	t := l.t
	t.Helper()
	l.get(l.trashed.ID)
	l.wantSaid(l.kept.ID, "5", "4", "3", "2", "1", "0")
	_, content, err := l.Files().Open(t.Context(), owner.Read(), l.file.Hash)
	must(0, err)(t)
	must(0, content.Close())(t)
	must(l.store.Undos(owner).Get(t.Context(), l.undo))(t)
	must(l.store.Sessions().Get(t.Context(), domain.HashToken(l.token)))(t)
}

func (l lived) wantSignedIn() {
	l.t.Helper()
	must(l.accounts.BySession(l.t.Context(), l.token))(l.t)
	must(0, l.accounts.StoreSessionUses(l.t.Context()))(l.t)
}

func TestAClockThatJumpsForAMomentRemovesNothing(t *testing.T) {
	for name, jump := range map[string]time.Duration{
		"two hours ahead": 2 * time.Hour,
		"a day ahead":     24 * time.Hour,
		"a month ahead":   31 * 24 * time.Hour,
		"a year ahead":    year,
		"to 2106":         80 * year,
		"two hours back":  -2 * time.Hour,
		"a year back":     -year,
		"to 1970":         -56 * year,
	} {
		t.Run(name, func(t *testing.T) {
			l := newLived(t)
			for range 3 {
				right := l.clock.now
				for range 6 { // seconds
					l.clock.now = l.clock.now.Add(jump + time.Second)
					must(0, l.Housekeeping().Run(t.Context()))(t)
					_, _ = l.accounts.BySession(t.Context(), l.token) // may be refused, now
					must(0, l.accounts.StoreSessionUses(t.Context()))(t)
					l.wantAll()
					l.clock.now = right
					must(0, l.Housekeeping().Run(t.Context()))(t)
				}
				l.clock.now = right.Add(6 * time.Second)
				must(0, l.Housekeeping().Run(t.Context()))(t)
				l.wantAll()
				l.wantSignedIn()
				l.tidyFor(6 * time.Hour)
				l.wantAll()
			}

			// Housekeeping goes on, and forgets each in its time.
			l.tidyFor(24 * time.Hour)
			_, err := l.store.Undos(owner).Get(t.Context(), l.undo)
			wantKind(t, err, domain.NotFound)
			_, _, err = l.Files().Open(t.Context(), owner.Read(), l.file.Hash)
			wantKind(t, err, domain.NotFound)
			l.get(l.trashed.ID)
			l.tidyFor(31 * 24 * time.Hour)
			_, err = l.notes.Get(t.Context(), owner.Read(), l.trashed.ID)
			wantKind(t, err, domain.NotFound)
			l.wantSaid(l.kept.ID, "5", "4")
			_, err = l.store.Sessions().Get(t.Context(), domain.HashToken(l.token))
			wantKind(t, err, domain.NotFound)
		})
	}
}

func TestAProgramThatWasOffForLongRemovesNothingForADay(t *testing.T) {
	l := newLived(t)
	l.clock.now = l.clock.now.Add(60 * 24 * time.Hour)
	l.tidyFor(23 * time.Hour)
	l.get(l.trashed.ID)
	l.wantSaid(l.kept.ID, "5", "4", "3", "2", "1", "0")
	l.tidyFor(26 * time.Hour) // old saves are thinned out once a day
	_, err := l.notes.Get(t.Context(), owner.Read(), l.trashed.ID)
	wantKind(t, err, domain.NotFound)
	l.wantSaid(l.kept.ID, "5", "4")
}

func TestWhatWasPutIntoTheTrashWhileTheClockWasBehindStaysItsTime(t *testing.T) {
	h := newHouse(t)
	h.tidyFor(48 * time.Hour)
	n := h.note("n", "")
	right := h.clock.now
	h.clock.now = time.Unix(60, 0).UTC()
	must(0, second(h.notes.Trash(t.Context(), owner, n.ID, nil)))(t)
	h.tidyFor(time.Hour)
	h.clock.now = right.Add(time.Hour)
	h.tidyFor(domain.TrashLife - 2*time.Hour)
	h.get(n.ID)
	h.tidyFor(4 * time.Hour)
	_, err := h.notes.Get(t.Context(), owner.Read(), n.ID)
	wantKind(t, err, domain.NotFound)
}

func TestASessionLivesNoLongerForAClockThatWasAhead(t *testing.T) {
	h := newHouse(t)
	accounts := newAccounts(h.store, h.clock, keys)
	right := h.clock.now
	old := h.clock.open(t, accounts)
	signedIn := func(token string, want bool) {
		t.Helper()
		if _, err := accounts.BySession(t.Context(), token); (err == nil) != want {
			t.Errorf("at %v it is signed in: %v, want %v", h.clock.now, err == nil, want)
		}
		must(0, accounts.StoreSessionUses(t.Context()))(t)
	}

	h.clock.now = right.Add(year)
	ahead := h.clock.open(t, accounts)
	signedIn(ahead, true)
	h.clock.now = right.Add(10 * 24 * time.Hour)
	signedIn(old, true) // and is seen then
	h.clock.now = right.Add(time.Minute)
	signedIn(ahead, false)
	signedIn(old, true)
	h.clock.now = right.Add(domain.SessionIdle + 2*time.Minute)
	signedIn(old, false)
}

func TestASessionOutlivesAClockThatWasBehind(t *testing.T) {
	h := newHouse(t)
	accounts := newAccounts(h.store, h.clock, keys)
	right := h.clock.now
	token := h.clock.open(t, accounts)
	h.clock.now = time.Unix(60, 0).UTC()
	_, err := accounts.BySession(t.Context(), token)
	wantKind(t, err, domain.Unauthenticated)
	must(0, accounts.StoreSessionUses(t.Context()))(t)
	h.clock.now = right.Add(time.Minute)
	must(accounts.BySession(t.Context(), token))(t)
}

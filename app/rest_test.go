package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/domaintest"
	"octavo/memory"
)

// followers is a house with a note called Old name, to which more notes link than one transaction changes. They have the
// tag old, too.
type followers struct {
	*house
	target domain.Note
	others []domain.Note
}

func newFollowers(t *testing.T) followers {
	t.Helper()
	h := newHouse(t)
	f := followers{house: h, target: h.note("Old name", "")}
	for i := range 1050 {
		f.others = append(f.others, h.note(fmt.Sprint("n", i), "[[Old name]] #old/x"))
	}
	return f
}

// cut returns the use cases over a store on which nothing can be written any more after some transactions.
func (f followers) cut(transactions int) *app.App {
	return app.New(&domaintest.CutShort{Store: f.store, Transactions: transactions}, new(memory.Blobs), f.clock)
}

// goOn does what is left, as a program does that is started.
func (f followers) goOn() {
	f.t.Helper()
	must(0, app.New(f.store, new(memory.Blobs), f.clock).Housekeeping().Finish(f.t.Context()))(f.t)
}

// saying counts the notes that say so.
func (f followers) saying(what string) (n int) {
	f.t.Helper()
	for _, other := range f.others {
		if strings.Contains(f.get(other.ID).Content, what) {
			n++
		}
	}
	return n
}

func (f followers) wantSaying(what string, want int) {
	f.t.Helper()
	if got := f.saying(what); got != want {
		f.t.Errorf("%d notes say %s, want %d", got, what, want)
	}
}

func (f followers) rename(features *app.App) app.Saved {
	f.t.Helper()
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: "New name"}, Base: 1}
	return must(features.Editing().Save(f.t.Context(), owner, f.target.ID, edit))(f.t)
}

func TestARenameThatIsCutShortGoesOnAndIsUndoneWhole(t *testing.T) {
	for transactions := 1; transactions <= 3; transactions++ {
		f := newFollowers(t)
		saved := f.rename(f.cut(transactions))
		if n := f.saying("[[New name]]"); n == 0 || n == len(f.others) {
			t.Fatalf("after %d transactions %d links follow", transactions, n)
		}
		text := wordsOf(must(f.Bulk().Undoable(t.Context(), owner.Read(), saved.Undo))(t))
		if !strings.HasSuffix(text, " The others are still being changed.") {
			t.Errorf("it says %q", text)
		}
		f.goOn()
		f.wantSaying("[[New name]]", len(f.others))
		f.wantUndo(saved.Undo, "Saved. The links in 1050 notes follow the new title.")

		undone := must(f.Bulk().Undo(t.Context(), owner, saved.Undo))(t)
		if undone != (app.Undone{Notes: 1051, Leader: f.target.ID}) {
			t.Errorf("got %+v", undone)
		}
		f.wantSaying("[[Old name]]", len(f.others))
	}
}

func TestAnUndoThatIsCutShortGoesOn(t *testing.T) {
	f := newFollowers(t)
	saved := f.rename(f.App)
	must(f.cut(2).Bulk().Undo(t.Context(), owner, saved.Undo))(t)
	if n := f.saying("[[Old name]]"); n == 0 || n == len(f.others) {
		t.Fatalf("%d links have been taken back", n)
	}
	f.goOn()
	f.wantSaying("[[Old name]]", len(f.others))
	_, err := f.Bulk().Undo(t.Context(), owner, saved.Undo)
	wantKind(t, err, domain.NotFound)
}

func TestARenameThatIsUnfinishedCanBeUndone(t *testing.T) {
	f := newFollowers(t)
	saved := f.rename(f.cut(2))
	must(f.Bulk().Undo(t.Context(), owner, saved.Undo))(t)
	f.wantSaying("[[Old name]]", len(f.others))
	f.goOn()
	f.wantSaying("[[Old name]]", len(f.others))
	if got := f.get(f.target.ID).Title; got != "Old name" {
		t.Errorf("the title is %q", got)
	}
}

func TestLinksThatDoNotFollowYetFollowTheNewestTitle(t *testing.T) {
	f := newFollowers(t)
	f.rename(f.cut(2))
	now := f.get(f.target.ID)
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: "Newest name"}, Base: now.Version}
	must(f.Editing().Save(t.Context(), owner, now.ID, edit))(t)
	f.goOn()
	f.wantSaying("[[Newest name]]", len(f.others))
}

func TestARenamedTagGoesOnAndIsUndoneWhole(t *testing.T) {
	f := newFollowers(t)
	changed := must(f.cut(2).Tags().Rename(t.Context(), owner, "old", "new", true))(t)
	if n := f.saying("#new/x"); n == 0 || n == len(f.others) {
		t.Fatalf("%d tags have been renamed", n)
	}
	// Another rename does what is left of this one first.
	must(f.Tags().Rename(t.Context(), owner, "new", "newest", true))(t)
	f.wantSaying("#newest/x", len(f.others))
	f.wantUndo(changed.Undo, "Renamed #old to #new: 1050 notes.")

	changed = must(f.Tags().Rename(t.Context(), owner, "newest", "last", true))(t)
	if changed.Notes != len(f.others) {
		t.Errorf("got %+v", changed)
	}
	undone := must(f.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
	if undone != (app.Undone{Notes: len(f.others)}) {
		t.Errorf("got %+v", undone)
	}
	f.wantSaying("#newest/x", len(f.others))
}

func TestWhatCannotGoOnKeepsNothingElseFromGoingOn(t *testing.T) {
	f := newFollowers(t)
	changed := must(f.cut(2).Tags().Rename(t.Context(), owner, "old", "new", true))(t)
	f.rename(f.cut(2))
	err := app.New(stuck{f.store, changed.Undo}, new(memory.Blobs), f.clock).Housekeeping().Finish(t.Context())
	if !errors.Is(err, errStuck) {
		t.Errorf("got error %v", err)
	}
	f.wantSaying("[[New name]]", len(f.others))
}

// begin has somebody begin to rename a tag, as often as they say, and come no further.
func (h *house) begin(access domain.WriteAccess, times int, from, to string) {
	h.t.Helper()
	for range times {
		u := domain.NewUndo(h.clock.now)
		u.Rest.Steps = []domain.Step{{Kind: domain.StepTag, From: from, To: to}}
		must(0, h.store.Undos(access).Add(h.t.Context(), u))(h.t)
	}
}

func TestHoweverMuchIsUnfinishedAllOfItIsFinished(t *testing.T) {
	h := newHouse(t)
	n := h.note("n", "#old")
	h.begin(owner, 450, "others", "other")
	h.begin(owner, 1, "old", "new")
	must(0, h.Housekeeping().Finish(t.Context()))(t)
	if got := h.get(n.ID).Content; got != "#new" {
		t.Errorf("the note says %q", got)
	}
	if left := must(h.store.Housekeeping().Unfinished(t.Context(), "", 1))(t); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

func TestWhatOthersHaveBegunHidesNothingOfOnesOwn(t *testing.T) {
	h := newHouse(t)
	another := domain.User{ID: domain.NewID(), Name: "Another", Created: h.clock.now}
	must(0, h.store.Users().Add(t.Context(), another))(t)
	n := h.note("n", "#old")
	h.begin(accessTo(h.store, another.ID, another.ID), 450, "old", "theirs")
	h.begin(owner, 1, "old", "new")
	must(h.Tags().Rename(t.Context(), owner, "new", "newest", true))(t)
	if got := h.get(n.ID).Content; got != "#newest" {
		t.Errorf("the note says %q", got)
	}
}

// stuck is a store in which one action can't go on.
type stuck struct {
	domain.Store
	undo domain.ID
}

var errStuck = errors.New("it can't go on")

func (s stuck) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(stuckRepos{repos, s.undo}) })
}

type stuckRepos struct {
	domain.Repos
	undo domain.ID
}

func (r stuckRepos) Undos(access domain.WriteAccess) domain.Undos {
	return stuckUndos{r.Repos.Undos(access), r.undo}
}

type stuckUndos struct {
	domain.Undos
	undo domain.ID
}

func (u stuckUndos) Get(ctx context.Context, id domain.ID) (domain.Undo, error) {
	if id == u.undo {
		return domain.Undo{}, errStuck
	}
	return u.Undos.Get(ctx, id)
}

// Whoever writes while links follow a title waits for one transaction, which changes some notes only, and keeps what
// they wrote, also when the rename is undone.
func TestOthersWriteWhileLinksFollow(t *testing.T) {
	f := newFollowers(t)
	store := &domaintest.CutShort{Store: sizes{f.store, t}, Transactions: 1000}
	features := app.New(store, new(memory.Blobs), f.clock)
	early, late, transactions := f.others[0].ID, f.others[len(f.others)-1].ID, 0
	store.Before = func() {
		if transactions++; transactions == 4 {
			for _, id := range []domain.ID{early, late} {
				n := f.get(id)
				f.save(n, n.Version, n.Content+" and more")
			}
			f.note("meanwhile", "[[New name]]")
		}
	}
	saved := f.rename(features)
	f.wantSaying("[[New name]]", len(f.others))
	for _, id := range []domain.ID{early, late} {
		if got := f.get(id).Content; got != "[[New name]] #old/x and more" {
			t.Errorf("the note that was edited says %q", got)
		}
	}
	if transactions < 5 {
		t.Errorf("all has been done in %d transactions", transactions)
	}
	must(features.Bulk().Undo(t.Context(), owner, saved.Undo))(t)
	f.wantSaying("[[Old name]]", len(f.others))
	for _, id := range []domain.ID{early, late} {
		if got := f.get(id).Content; !strings.HasPrefix(got, "[[Old name]] #old/x") {
			t.Errorf("the note that was edited says %q", got)
		}
	}
	if got := f.get(early).Content; got != "[[Old name]] #old/x and more" {
		t.Errorf("what was written after its link had followed is gone: %q", got)
	}
}

// sizes is a store that checks of each update that it isn't one of too many notes.
type sizes struct {
	domain.Store
	t *testing.T
}

func (s sizes) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	changed := 0
	defer func() {
		if changed > 250 {
			s.t.Errorf("a transaction has changed %d notes", changed)
		}
	}()
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(countedRepos{repos, &changed}) })
}

type countedRepos struct {
	domain.Repos
	changed *int
}

func (r countedRepos) Notes(access domain.WriteAccess) domain.Notes {
	return countedNotes{r.Repos.Notes(access), r.changed}
}

type countedNotes struct {
	domain.Notes
	changed *int
}

func (n countedNotes) UpdateMany(ctx context.Context, list []domain.Note) error {
	*n.changed += len(list)
	return n.Notes.UpdateMany(ctx, list)
}

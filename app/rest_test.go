package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/domaintest"
	"octavo/domain/query"
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
		if left := len(f.others) - f.saying("[[New name]]"); !strings.HasSuffix(text, fmt.Sprintf(" %d more notes are still being changed.", left)) {
			t.Errorf("it says %q, and %d are left", text, left)
		}
		f.goOn()
		f.wantSaying("[[New name]]", len(f.others))
		f.wantUndo(saved.Undo, "Saved. Links in 1050 notes now use the new title.")

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
	n := f.saying("#new/x")
	if n == 0 || n == len(f.others) {
		t.Fatalf("%d tags have been renamed", n)
	}
	f.wantUndo(changed.Undo, fmt.Sprintf("Renamed #old to #new in %d notes. %d more notes are still being changed.", n, len(f.others)-n))
	// Another rename does what is left of this one first.
	must(f.Tags().Rename(t.Context(), owner, "new", "newest", true))(t)
	f.wantSaying("#newest/x", len(f.others))
	f.wantUndo(changed.Undo, "Renamed #old to #new in 1050 notes.")

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

func TestADeletedTagGoesOnAndIsUndoneWhole(t *testing.T) {
	f := newFollowers(t)
	trashed := f.note("trashed", "#old")
	_, _, err := f.notes.Trash(t.Context(), owner, trashed.ID, nil)
	must(0, err)(t)
	changed := must(f.cut(2).Tags().Delete(t.Context(), owner, "old"))(t)
	if n := f.saying("#old/x"); n == 0 || n == len(f.others) {
		t.Fatalf("%d notes have the tag", n)
	}
	f.goOn()
	f.wantSaying("#old/x", 0)
	f.wantSaying("old/x", len(f.others))
	f.wantUndo(changed.Undo, "Removed #old from 1050 notes.")
	if got := f.get(trashed.ID).Content; got != "#old" {
		t.Errorf("the note in the trash says %q", got)
	}
	must(f.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
	f.wantSaying("#old/x", len(f.others))
	_, err = f.Tags().Delete(t.Context(), owner, "nothing")
	wantKind(t, err, domain.NotFound)
}

func TestWhatIsDoneToAllThatASearchFindsGoesOnAndIsUndoneWhole(t *testing.T) {
	for _, tt := range []struct {
		what        app.Many
		tag, search string
		said, now   string
	}{
		{app.ManyTag, "new", "is:active tag:old", "1050 notes tagged.", "is:active tag:new"},
		{app.ManyUntag, "old", "tag:old/x", "Removed #old from 1050 notes.", "old x -tag:old"},
		{app.ManyTrash, "", "old x", "1050 notes moved to trash.", "is:trashed old x"},
		{app.ManyPin, "", "tag:old", "1050 notes pinned.", "is:pinned old"},
	} {
		f := newFollowers(t)
		f.clock.now = f.clock.now.Add(time.Hour)
		finds := func(search string, want int) {
			t.Helper()
			if got := must(f.Search().Count(t.Context(), owner.Read(), search))(t).Notes; got != want {
				t.Errorf("%s: %q finds %d notes, want %d", tt.what, search, got, want)
			}
		}
		changed := must(f.cut(2).Bulk().ChangeFound(t.Context(), owner, tt.what, tt.tag, tt.search))(t)
		if n := must(f.Search().Count(t.Context(), owner.Read(), tt.now))(t).Notes; n == 0 || n > 400 {
			t.Errorf("%s: after two transactions %q finds %d notes", tt.what, tt.now, n)
		}
		some, _, _ := strings.Cut(wordsOf(must(f.Bulk().Undoable(t.Context(), owner.Read(), changed.Undo))(t)), ". ")
		f.wantUndo(changed.Undo, fmt.Sprintf("%s. %d more notes are still being changed.", some, len(f.others)-changed.Notes))
		f.goOn()
		finds(tt.now, app.MaxCount+1)
		f.wantUndo(changed.Undo, tt.said)
		undone := must(f.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
		if undone != (app.Undone{Notes: len(f.others)}) {
			t.Errorf("%s: got %+v", tt.what, undone)
		}
		finds(tt.now, 0)
	}
}

func TestOfManyNotesItIsSaidThatTheyAreManyMore(t *testing.T) {
	f := newFollowers(t)
	for i := range 400 {
		f.note(fmt.Sprint("more ", i), "#old/x")
	}
	changed := must(f.cut(1).Bulk().ChangeFound(t.Context(), owner, app.ManyPin, "", "tag:old"))(t)
	f.wantUndo(changed.Undo, fmt.Sprintf("%d notes pinned. More than 1000 notes are still being changed.", changed.Notes))
}

func TestNotesWrittenOrChangedWhileAllAreChangedStayAsTheyAre(t *testing.T) {
	f := newFollowers(t)
	store := &domaintest.CutShort{Store: sizes{f.store, t}, Transactions: 1000}
	features := app.New(store, new(memory.Blobs), f.clock)
	edited, transactions := f.others[0], 0 // which comes last
	var written domain.Note
	store.Before = func() {
		if transactions++; transactions == 3 {
			f.clock.now = f.clock.now.Add(time.Second)
			edited = f.save(edited, edited.Version, "[[Old name]] #old/x and more").Note
			written = f.note("meanwhile", "#old/x")
		}
	}
	changed := must(features.Bulk().ChangeFound(t.Context(), owner, app.ManyTrash, "", "tag:old"))(t)
	if changed.Notes != len(f.others)-1 || transactions < 5 {
		t.Errorf("%d notes have been moved in %d transactions", changed.Notes, transactions)
	}
	for _, n := range []domain.Note{edited, written} {
		if got := f.get(n.ID); got.State != domain.Active || got.Content != n.Content {
			t.Errorf("got %+v", got)
		}
	}
}

func TestASearchForNothingIsNoReasonToChangeAllNotes(t *testing.T) {
	h := newHouse(t)
	h.note("n", "")
	for _, search := range []string{"", "-", "tag:"} {
		_, err := h.Bulk().ChangeFound(t.Context(), owner, app.ManyTrash, "", search)
		wantKind(t, err, domain.Invalid)
	}
}

func TestASearchOfWhichAPartWouldBeLeftOutChangesNothing(t *testing.T) {
	h := newHouse(t)
	h.note("n", "x")
	_, err := h.Bulk().ChangeFound(t.Context(), owner, app.ManyTrash, "", "x "+strings.Repeat("-y ", query.MaxLength/3))
	wantKind(t, err, domain.Invalid)
}

func TestWhereNothingIsLeftToDoThereIsNothingToUndo(t *testing.T) {
	f := newFollowers(t)
	changed := must(f.Bulk().ChangeFound(t.Context(), owner, app.ManyPin, "", "tag:old"))(t)
	if changed.Notes != len(f.others) || changed.Undo == "" {
		t.Errorf("at first: %+v", changed)
	}
	if again := must(f.Bulk().ChangeFound(t.Context(), owner, app.ManyPin, "", "tag:old"))(t); again != (app.Changed{}) {
		t.Errorf("again: %+v", again)
	}
}

func TestAllNotesOfAListAreThoseThatItsSearchFinds(t *testing.T) {
	h := newHouse(t)
	for _, tag := range []string{"work", "work/home", "Straße", "ﷻ", "日本"} {
		h.note(tag, "#"+tag)
		list := domain.NoteFilter{State: domain.Active, Tag: domain.Tag(tag).Key()}
		changed := must(h.Bulk().ChangeFound(t.Context(), owner, app.ManyArchive, "", list.Search()))(t)
		if changed.Notes != 1 {
			t.Errorf("%s: %q finds %d notes", tag, list.Search(), changed.Notes)
		}
	}
}

func TestAllThatIsFoundIsChangedHoweverLargeItIs(t *testing.T) {
	h := newHouse(t)
	var all []domain.ID
	for i := range 40 {
		all = append(all, h.note(fmt.Sprint(i), "x").ID)
	}
	features := app.New(few{h.store}, new(memory.Blobs), h.clock)
	changed := must(features.Bulk().ChangeFound(t.Context(), owner, app.ManyTag, "large", "x"))(t)
	if changed.Notes != len(all) {
		t.Errorf("got %+v", changed)
	}
}

// few is a store that returns some of many notes, the first, as one does of large ones.
type few struct{ domain.Store }

func (s few) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(fewRepos{repos}) })
}

type fewRepos struct{ domain.Repos }

func (r fewRepos) Notes(access domain.WriteAccess) domain.Notes {
	return fewNotes{r.Repos.Notes(access)}
}

type fewNotes struct{ domain.Notes }

func (n fewNotes) Many(ctx context.Context, ids []domain.ID) ([]domain.Note, error) {
	list, err := n.Notes.Many(ctx, ids)
	return list[:min(len(list), 7)], err
}

func TestWhatCannotGoOnKeepsNothingElseFromGoingOn(t *testing.T) {
	f := newFollowers(t)
	changed := must(f.cut(2).Tags().Rename(t.Context(), owner, "old", "new", true))(t)
	f.rename(f.cut(2))
	err := app.New(stuck{f.store, changed.Undo, errStuck}, new(memory.Blobs), f.clock).Housekeeping().Finish(t.Context())
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

func TestWhatOthersCannotFinishKeepsNobodyFromRenamingATag(t *testing.T) {
	for _, tt := range []struct {
		stuck error
		goes  bool
	}{
		{errStuck, true},
		{domain.NewError(domain.TooLarge, "file.no_room"), true},
		{domain.NewError(domain.Forbidden, "move.not_there"), true},
		{domain.NewError(domain.Unavailable, "note.still_changing"), false},
	} {
		h := newHouse(t)
		n := h.note("n", "#old")
		h.begin(owner, 1, "others", "other")
		undo := must(h.store.Housekeeping().Unfinished(t.Context(), "", 1))(t)[0].Undo
		features := app.New(stuck{h.store, undo, tt.stuck}, new(memory.Blobs), h.clock)
		_, err := features.Tags().Rename(t.Context(), owner, "old", "new", true)
		want := "#new"
		if !tt.goes {
			want = "#old"
		}
		if got := h.get(n.ID).Content; got != want || (err == nil) != tt.goes {
			t.Errorf("%v: the note says %q, and the error is %v", tt.stuck, got, err)
		}
	}
}

// stuck is a store in which one action can't go on.
type stuck struct {
	domain.Store
	undo domain.ID
	why  error
}

var errStuck = errors.New("it can't go on")

func (s stuck) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(stuckRepos{repos, s}) })
}

type stuckRepos struct {
	domain.Repos
	stuck stuck
}

func (r stuckRepos) Undos(access domain.WriteAccess) domain.Undos {
	return stuckUndos{r.Repos.Undos(access), r.stuck}
}

type stuckUndos struct {
	domain.Undos
	stuck stuck
}

func (u stuckUndos) Get(ctx context.Context, id domain.ID) (domain.Undo, error) {
	if id == u.stuck.undo {
		return domain.Undo{}, u.stuck.why
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

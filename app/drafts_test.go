package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// keep keeps a draft, and returns the key that it is under.
func (h *house) keep(d domain.Draft) domain.ID {
	h.t.Helper()
	if d.Key == "" {
		d.Key = domain.NewID()
	}
	must(h.Drafts().Keep(h.t.Context(), owner, d, app.Continued{}))(h.t)
	return d.Key
}

func (h *house) wantDraft(key domain.ID, content string) {
	h.t.Helper()
	switch d, err := h.Drafts().Get(h.t.Context(), owner.Read(), key); {
	case content == "":
		wantKind(h.t, err, domain.NotFound)
	case err != nil || d.Content != content:
		h.t.Errorf("got the draft %+v, %v, want %q", d, err, content)
	}
}

func TestSavingRemovesTheDraftOfItsFormAndAConflictKeepsIt(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	h.save(n, 1, "theirs")
	mine := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "mine"}})
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: "Title", Content: "mine"}, Base: 1, Key: mine}
	_, err := h.Editing().Save(t.Context(), owner, n.ID, edit)
	wantKind(t, err, domain.Conflict)
	h.wantDraft(mine, "mine")
	edit.Base = 2
	must(h.Editing().Save(t.Context(), owner, n.ID, edit))(t)
	h.wantDraft(mine, "")
}

func TestTwoFormsOfOneNoteKeepEachItsOwnDraft(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	first := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "typed in the first tab"}})
	h.clock.now = h.clock.now.Add(time.Second)
	second := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "typed in the second tab"}})
	draft := domain.NoteDraft{Title: "Title", Content: "typed in the second tab"}
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 1, Key: second}))(t)
	h.wantDraft(second, "")
	h.wantDraft(first, "typed in the first tab")
	if drafts := must(h.Drafts().OfNote(t.Context(), owner.Read(), saved.Note))(t); len(drafts) != 1 || drafts[0].Key != first {
		t.Errorf("got %+v", drafts)
	}
}

func TestADraftThatSaysNothingNewIsNotKept(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "# Title\n\nline", "work")
	same := domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "# Title\r\n\r\nline"}, TagsField: "work"}
	h.wantDraft(h.keep(same), "")
	other := same
	other.Content, other.Key = "other", h.keep(same)
	h.wantDraft(h.keep(other), "other")
	same.Key = other.Key
	h.wantDraft(h.keep(same), "")
	blank := h.keep(domain.Draft{NoteDraft: domain.NoteDraft{Content: " \n"}})
	h.wantDraft(blank, "")
}

func TestItIsSaidWhetherWhatIsTypedHasADraft(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	created := domain.NewID()
	must(h.Editing().Create(t.Context(), owner, app.Edit{NoteDraft: domain.NoteDraft{Content: "made"}, Key: created}))(t)
	for _, tt := range []struct {
		typed domain.Draft
		want  bool
	}{
		{domain.Draft{NoteDraft: domain.NoteDraft{Content: "typed"}}, true},
		{domain.Draft{NoteDraft: domain.NoteDraft{Content: " \n"}}, false},
		{domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "typed"}}, true},
		{domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "line"}}, false},
		{domain.Draft{Key: created, NoteDraft: domain.NoteDraft{Content: "made"}}, false},
	} {
		if tt.typed.Key == "" {
			tt.typed.Key = domain.NewID()
		}
		if kept := must(h.Drafts().Keep(t.Context(), owner, tt.typed, app.Continued{}))(t); kept != tt.want {
			t.Errorf("%+v: kept is %v, want %v", tt.typed, kept, tt.want)
		}
	}
}

func TestADraftThatAFormBeganWithGoesUnlessItHasBeenSavedAgain(t *testing.T) {
	h := newHouse(t)
	key := h.keep(domain.Draft{NoteDraft: domain.NoteDraft{Content: "begun"}})
	seen := h.clock.now
	h.clock.now = h.clock.now.Add(time.Second)
	h.keep(domain.Draft{Key: key, NoteDraft: domain.NoteDraft{Content: "begun, and gone on elsewhere"}})
	goOn := func(since time.Time) {
		t.Helper()
		typed := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "begun, and gone on"}}
		must(h.Drafts().Keep(t.Context(), owner, typed, app.Continued{Key: key, Saved: since}))(t)
		h.wantDraft(typed.Key, typed.Content)
	}
	goOn(seen)
	h.wantDraft(key, "begun, and gone on elsewhere")
	goOn(h.clock.now)
	h.wantDraft(key, "")
	goOn(h.clock.now) // it has gone already

	key = h.keep(domain.Draft{NoteDraft: domain.NoteDraft{Content: "begun"}})
	typed := domain.NoteDraft{Content: "begun, and done"}
	begun := app.Continued{Key: key, Saved: h.clock.now}
	n := must(h.Editing().Create(t.Context(), owner, app.Edit{NoteDraft: typed, Key: domain.NewID(), Continues: begun}))(t)
	h.wantDraft(key, "")
	key = h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Content: "changed"}})
	typed.Content, begun.Key = "changed, and done", key
	must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: typed, Base: 1, Key: domain.NewID(), Continues: begun}))(t)
	h.wantDraft(key, "")
}

func TestADraftThatTheNoteSaysByNowGoesWhenItIsEditedAgain(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	said := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "two"}})
	other := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "three"}})
	h.save(n, 1, "two")
	now := h.keep(domain.Draft{Note: n.ID, Base: 2, NoteDraft: domain.NoteDraft{Title: "Title", Content: "four"}})
	h.wantDraft(said, "")
	h.wantDraft(other, "three")
	h.wantDraft(now, "four")
}

func TestADraftThatWasLongOnItsWayDoesNotComeBackAfterItsFormWasSaved(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "one\n\ntwo")
	mine := domain.NoteDraft{Title: "Title", Content: "mine\n\ntwo"}
	late := domain.Draft{Key: domain.NewID(), Note: n.ID, Base: 1, NoteDraft: mine}
	h.save(n, 1, "one\n\ntheirs")
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: mine, Base: 1, Key: late.Key}))(t)
	if !saved.Merged {
		t.Fatal("the two weren't brought together")
	}
	wantKind(t, failed(h.Drafts().Keep(t.Context(), owner, late, app.Continued{})), domain.Conflict)
	h.wantDraft(late.Key, "")
}

func TestWhatIsCancelledComesBackAsItWasTyped(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	of := domain.Draft{Note: n.ID, Base: 1}
	for _, d := range []domain.Draft{{}, of} {
		d.NoteDraft = domain.NoteDraft{Title: "Title", Content: "begun"}
		begun := h.keep(d)
		continues := app.Continued{Key: begun, Saved: h.clock.now}
		d.Key, d.Content = domain.NewID(), "begun, and not sent yet"
		at := must(h.Drafts().Cancel(t.Context(), owner, d, continues))(t).At
		h.wantDraft(d.Key, "")
		h.wantDraft(begun, "")
		wantKind(t, failed(h.Drafts().Keep(t.Context(), owner, d, continues)), domain.Conflict)

		h.clock.now = h.clock.now.Add(time.Hour)
		must(0, h.Drafts().Restore(t.Context(), owner, at))(t)
		h.wantDraft(d.Key, "begun, and not sent yet")
		wantKind(t, h.Drafts().Restore(t.Context(), owner, at), domain.Conflict)
	}
}

func TestWhatIsTypedAfterItsDraftWasDiscardedElsewhereComesBackToo(t *testing.T) {
	h := newHouse(t)
	d := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "typed"}}
	h.keep(d)
	first := must(h.Drafts().Discard(t.Context(), owner, d.Key))(t)
	h.clock.now = h.clock.now.Add(time.Second)
	ended := d.Key
	d.Content = "typed on"
	as := must(h.Drafts().Cancel(t.Context(), owner, d, app.Continued{}))(t)
	h.wantDraft(as.Key, "")
	must(0, h.Drafts().Restore(t.Context(), owner, as.At))(t)
	h.wantDraft(as.Key, "typed on")
	h.wantDraft(ended, "")
	must(0, h.Drafts().Restore(t.Context(), owner, first))(t)
	h.wantDraft(ended, "typed")
}

func TestNothingIsSaidOfAFormThatIsCancelledAsItWas(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	for _, d := range []domain.Draft{
		{NoteDraft: domain.NoteDraft{Content: " \n"}},
		{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "line"}},
	} {
		d.Key = domain.NewID()
		if as := must(h.Drafts().Cancel(t.Context(), owner, d, app.Continued{}))(t); as != (app.Cancelled{}) {
			t.Errorf("%+v: discarded as %v", d, as)
		}
		d.Content = "a"
		wantKind(t, failed(h.Drafts().Keep(t.Context(), owner, d, app.Continued{})), domain.Conflict) // which was long on its way
	}
	long := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: strings.Repeat("x", domain.MaxContent+1)}}
	_, err := h.Drafts().Cancel(t.Context(), owner, long, app.Continued{})
	wantKind(t, err, domain.Invalid)

	discarded := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "typed"}}
	h.keep(discarded)
	at := must(h.Drafts().Discard(t.Context(), owner, discarded.Key))(t)
	must(h.Drafts().Cancel(t.Context(), owner, domain.Draft{Key: discarded.Key}, app.Continued{}))(t)
	must(0, h.Drafts().Restore(t.Context(), owner, at))(t)
	h.wantDraft(discarded.Key, "typed")
}

func TestReadingANoteLeavesItsDraftsAsTheyAre(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	needless := domain.Draft{Key: domain.NewID(), Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "line"}, Saved: h.clock.now}
	must(0, h.store.Drafts(owner).Put(t.Context(), needless))(t)
	if shown := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 10, true))(t); shown.HasDraft {
		t.Error("a draft that says the same is offered")
	}
	h.wantDraft(needless.Key, "line")
}

func TestWhatIsTypedForANoteThatHasGoneIsKeptForANewOne(t *testing.T) {
	h := newHouse(t)
	h.keep(domain.Draft{Note: domain.NewID(), Base: 3, NoteDraft: domain.NoteDraft{Title: "Title", Content: "text"}})
	list := must(h.Drafts().List(t.Context(), owner.Read(), 10))(t)
	if len(list) != 1 || list[0].Content != "text" || list[0].Base != 0 {
		t.Errorf("got %+v", list)
	}
}

func TestADraftOfAFormThatHasMadeANoteIsRefusedUnlessTheNoteSaysTheSame(t *testing.T) {
	h := newHouse(t)
	key := domain.NewID()
	must(h.Editing().CreateOnce(t.Context(), owner, string(key), domain.NoteDraft{Content: "one\r\ntwo", Tags: []domain.Tag{"a"}}))(t)
	late := domain.Draft{Key: key, NoteDraft: domain.NoteDraft{Content: "one\ntwo"}, TagsField: "a"}
	h.keep(late)
	h.wantDraft(key, "")
	late.Title, late.TagsField = " ", "#a, a"
	h.keep(late)
	late.Content = "one\ntwo\nthree"
	wantKind(t, failed(h.Drafts().Keep(t.Context(), owner, late, app.Continued{})), domain.Conflict)

	// What the database doesn't tell isn't taken for another text.
	late.Content = "one\ntwo"
	silent := app.New(silentStore{h.store}, new(memory.Blobs), h.clock).Drafts()
	wantKind(t, failed(silent.Keep(t.Context(), owner, late, app.Continued{})), domain.Unavailable)
}

// silentStore is a store that doesn't tell what has been created.
type silentStore struct{ domain.Store }

func (s silentStore) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(silentRepos{repos}) })
}

type silentRepos struct{ domain.Repos }

func (r silentRepos) Creations(a domain.WriteAccess) domain.Creations {
	return silentCreations{r.Repos.Creations(a)}
}

type silentCreations struct{ domain.Creations }

package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
)

// source is a domain.ImportSource with some notes. at is called before each.
type source struct {
	notes []domain.Incoming
	at    func(i int) error
}

func (s *source) Kind() domain.ImportKind { return domain.FromJoplin }
func (s *source) Close() error            { return nil }

func (s *source) Notes(ctx context.Context) iter.Seq2[domain.Incoming, error] {
	return func(yield func(domain.Incoming, error) bool) {
		for i, n := range s.notes {
			err := ctx.Err()
			if err == nil && s.at != nil {
				err = s.at(i)
			}
			if !yield(n, err) || err != nil {
				return
			}
		}
	}
}

func incoming(id, title, content string, tags ...domain.Tag) domain.Incoming {
	return domain.Incoming{Place: id + ".md", ID: id, Title: title, Content: content, Tags: tags, State: domain.Active}
}

// linking returns an incoming note that links to another one of the source.
func linking(id, title, to string) domain.Incoming {
	n := incoming(id, title, "see [there](:/"+to+")")
	n.Marks = []domain.ImportMark{{Start: 4, End: len(n.Content), Text: 5, TextEnd: 10, Note: to}}
	return n
}

func someNotes(count int) *source {
	s := new(source)
	for i := range count {
		s.notes = append(s.notes, incoming(fmt.Sprint("id", i), fmt.Sprint("Imported ", i), fmt.Sprint("text ", i), "in"))
	}
	return s
}

func (h *house) importing() *app.Importing { return h.Importing(nil) }

func (h *house) imported(s *source) domain.Import {
	h.t.Helper()
	return must(h.importing().Run(h.t.Context(), owner, s, app.ImportOptions{Name: "notes"}))(h.t)
}

// titled returns the notes outside of the trash, by their titles.
func (h *house) titled() map[string]domain.Note {
	h.t.Helper()
	found := map[string]domain.Note{}
	list := must(h.store.Notes(owner).List(h.t.Context(), domain.NoteFilter{State: domain.Active}, nil, 10_000))(h.t)
	for _, n := range list {
		found[n.Title] = h.get(n.ID)
	}
	if len(found) != len(list) {
		h.t.Errorf("%d titles of %d notes", len(found), len(list))
	}
	return found
}

func (h *house) wantCount(want int) {
	h.t.Helper()
	if got := len(h.titled()); got != want {
		h.t.Errorf("got %d notes, want %d", got, want)
	}
}

func TestWhatIsImportedIsWhatThePlanSaid(t *testing.T) {
	h := newHouse(t)
	h.note("Taken", "is here already")
	s := someNotes(450)
	full := incoming("full", "Full", "all of it ![](x)", "a/b", "c")
	full.Created, full.Updated = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2021, 1, 2, 3, 4, 5, 0, time.UTC)
	full.Pinned = true
	full.Marks = []domain.ImportMark{{Start: 10, End: 16, Embed: true, File: 1}}
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("\x89PNG")), nil }
	full.Files = []domain.IncomingFile{{Name: "x.png", Type: "image/png", Size: 4, Open: open}}
	full.Revisions = []domain.IncomingRevision{{Title: "Full", Content: "some of it", Saved: full.Created}}
	broken := domain.Incoming{Place: "broken.md", Lost: []domain.Message{domain.NewMessage("import.unreadable")}}
	s.notes = append(s.notes, full, broken, linking("first", "First", "second"), incoming("second", "Taken", "comes in"),
		incoming("empty", "", ""))

	var lost, planned []string
	options := app.ImportOptions{Lost: func(place string, why domain.Message) { lost = append(lost, place+": "+string(why.Code)) }}
	plan := must(h.importing().Plan(t.Context(), owner, s, options))(t)
	h.wantCount(1)
	planned, lost = lost, nil
	var last app.ImportProgress
	options.Progress = func(p app.ImportProgress) { last = p }
	i := must(h.importing().Run(t.Context(), owner, s, options))(t)
	if i.State != domain.ImportDone || i.Counts != plan || !slices.Equal(lost, planned) {
		t.Errorf("got %+v and lost %q\nwant %+v and %q", i, lost, plan, planned)
	}
	if want := (domain.ImportCounts{Added: 453, Left: 1, Tags: 3, Files: 1, Links: 2, Lost: 2}); plan != want {
		t.Errorf("got %+v, want %+v", plan, want)
	}
	if last.Total != 454 || last.Read != 454 || last.ImportCounts != plan {
		t.Errorf("told at last: %+v", last)
	}

	notes := h.titled()
	got := notes["Full"]
	if !strings.Contains(got.Content, "![x.png](/files/") || !got.Pinned || !got.Created.Equal(full.Created) || !got.Updated.Equal(full.Updated) ||
		!slices.Equal(got.Tags, full.Tags) || got.Version != 2 || got.Author != domain.OwnerID {
		t.Errorf("got %+v", got)
	}
	if got.Picture == "" {
		t.Errorf("it shows %q", got.Picture)
	}
	before := must(h.History().Revision(t.Context(), owner.Read(), got.ID, 1))(t)
	if before.Content != "some of it" || !before.Saved.Equal(full.Created) {
		t.Errorf("it said %+v", before.Revision)
	}
	if _, content, err := h.Files().Open(t.Context(), owner.Read(), got.Picture); err != nil {
		t.Error(err)
	} else if text, err := io.ReadAll(content); err != nil || !bytes.Equal(text, []byte("\x89PNG")) {
		t.Errorf("the file says %q, %v", text, err)
	}
	if got := notes["First"].Content; got != "see [[Taken (2)|there]]" {
		t.Errorf("it links by %q", got)
	}
	if notes["Taken"].Content != "is here already" || notes["Taken (2)"].Content != "comes in" {
		t.Error("one of the same title is another one")
	}
}

func TestImportingAgainDoublesNothingAndRevisesWhatHasChanged(t *testing.T) {
	h := newHouse(t)
	s := someNotes(5)
	s.notes = append(s.notes, linking("links", "Links", "id4"))
	h.imported(s)
	edited, gone := h.titled()["Imported 1"], h.titled()["Imported 2"]
	must(h.Editing().Update(t.Context(), owner, edited.ID, nil, domain.NoteDraft{Title: edited.Title, Content: "edited here"}))(t)
	_, _, err := h.notes.Trash(t.Context(), owner, gone.ID, nil)
	must(0, err)(t)

	if i := h.imported(s); i.Counts.Same != 6 || i.Counts.Notes() != 6 {
		t.Errorf("imported again: %+v", i.Counts)
	}
	s.notes[0].Content = "changed there"
	s.notes[1].Content = "changed there, too"
	s.notes[4].Title = "Another title"
	s.notes = append(s.notes, incoming("new", "New", ""))
	plan := must(h.importing().Plan(t.Context(), owner, s, app.ImportOptions{}))(t)
	i := h.imported(s)
	want := domain.ImportCounts{Added: 1, Revised: 2, Same: 3, Differing: 1, Lost: 1}
	i.Counts.Tags, plan.Tags = 0, 0
	if i.Counts != want || plan != want {
		t.Errorf("got  %+v\nplan %+v\nwant %+v", i.Counts, plan, want)
	}
	notes := h.titled()
	if len(notes) != 6 || notes["Imported 0"].Content != "changed there" || notes["Imported 1"].Content != "edited here" ||
		notes["Another title"].Content != "text 4" {
		t.Errorf("got %+v", notes)
	}
	if got := notes["Links"].Content; got != "see [[Another title|there]]" {
		t.Errorf("it links by %q", got)
	}

	if i = must(h.importing().Undo(t.Context(), owner, i.ID))(t); i.State != domain.ImportUndone || i.Counts.Kept != 0 {
		t.Errorf("undone: %+v", i)
	}
	notes = h.titled()
	if len(notes) != 5 || notes["Imported 0"].Content != "text 0" || notes["Imported 4"].Content != "text 4" {
		t.Errorf("got %+v", notes)
	}
	if i := h.imported(s); i.Counts.Revised != 2 || i.Counts.Added != 1 {
		t.Errorf("imported once more: %+v", i.Counts)
	}
}

func TestUndoLeavesAloneWhatHasBeenEditedSince(t *testing.T) {
	h := newHouse(t)
	mine := h.note("Mine", "of mine")
	s := someNotes(250)
	i := h.imported(s)
	edited := h.titled()["Imported 7"]
	must(h.Editing().Update(t.Context(), owner, edited.ID, nil, domain.NoteDraft{Title: "Mine now", Content: "edited"}))(t)
	must(h.notes.Pin(t.Context(), owner, h.titled()["Imported 8"].ID, true))(t)

	h.clock.now = h.clock.now.Add(domain.ImportLife - time.Second)
	i = must(h.importing().Undo(t.Context(), owner, i.ID))(t)
	if i.State != domain.ImportUndone || i.Counts.Kept != 1 {
		t.Errorf("got %+v", i)
	}
	if notes := h.titled(); len(notes) != 2 || notes["Mine"].ID != mine.ID || notes["Mine now"].ID != edited.ID {
		t.Errorf("got %+v", notes)
	}
	_, err := h.importing().Undo(t.Context(), owner, i.ID)
	wantKind(t, err, domain.Conflict)
	if again := h.imported(s); again.Counts.Added != 249 || again.Counts.Same != 1 {
		t.Errorf("imported again: %+v", again.Counts)
	}
}

func TestAnImportIsUndoneForThirtyDays(t *testing.T) {
	h := newHouse(t)
	i := h.imported(someNotes(3))
	h.clock.now = h.clock.now.Add(domain.ImportLife)
	_, err := h.importing().Undo(t.Context(), owner, i.ID)
	wantKind(t, err, domain.Conflict)
	h.wantCount(3)
}

func TestAnImportThatBreaksOffLeavesNothingBehind(t *testing.T) {
	for name, why := range map[string]error{"cancelled": context.Canceled, "the source is broken": errors.New("broken")} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s, seen := someNotes(700), 0
			s.at = func(i int) error {
				if seen++; seen < 700+500 {
					return nil
				}
				h.wantCount(400) // which have come in by then
				if errors.Is(why, context.Canceled) {
					cancel()
				}
				return why
			}
			i, err := h.importing().Run(ctx, owner, s, app.ImportOptions{})
			if !errors.Is(err, why) || i.State != domain.ImportCancelled {
				t.Errorf("got %+v, %v", i, err)
			}
			h.wantCount(0)
			s.at = nil
			if i := h.imported(s); i.Counts.Added != 700 {
				t.Errorf("imported again: %+v", i.Counts)
			}
		})
	}
}

// stopped has an import be as a killed program leaves it, and returns the source.
func (h *house) stopped() *source {
	h.t.Helper()
	s := someNotes(300)
	i := h.imported(s)
	i.State = domain.ImportRunning
	must(0, h.store.Imports(owner).Update(h.t.Context(), i))(h.t)
	return s
}

func TestAnImportThatWasKilledIsTakenBackByHousekeeping(t *testing.T) {
	h := newHouse(t)
	h.stopped()
	must(0, h.Housekeeping().Finish(t.Context()))(t)
	h.wantCount(300) // it may still be going on
	h.clock.now = h.clock.now.Add(domain.ImportPause)
	must(0, h.Housekeeping().Finish(t.Context()))(t)
	h.wantCount(0)
	list := must(h.importing().List(t.Context(), owner.Read(), 10))(t)
	if len(list) != 1 || list[0].State != domain.ImportCancelled {
		t.Errorf("got %+v", list)
	}
}

func TestTheNextImportTakesBackOneThatWasKilled(t *testing.T) {
	h := newHouse(t)
	s := h.stopped()
	_, err := h.importing().Run(t.Context(), owner, s, app.ImportOptions{})
	wantKind(t, err, domain.Conflict)
	h.clock.now = h.clock.now.Add(domain.ImportPause)
	if i := h.imported(s); i.Counts.Added != 300 {
		t.Errorf("got %+v", i.Counts)
	}
	h.wantCount(300)
}

func TestAnImportThatWasTakenBackMeanwhileStoresNothingMore(t *testing.T) {
	h := newHouse(t)
	s, seen := someNotes(600), 0
	s.at = func(int) error {
		if seen++; seen == 600+300 { // it has slept for so long that others take it for killed
			h.clock.now = h.clock.now.Add(domain.ImportPause)
			must(0, h.Housekeeping().Finish(t.Context()))(t)
		}
		return nil
	}
	_, err := h.importing().Run(t.Context(), owner, s, app.ImportOptions{})
	if !errors.Is(err, domain.ErrImportStopped) {
		t.Errorf("got %v", err)
	}
	h.wantCount(0)
}

func TestSourcesOfOneKindAreToldApart(t *testing.T) {
	h := newHouse(t)
	one, two := &source{notes: []domain.Incoming{incoming("README", "One", "1")}}, &source{notes: []domain.Incoming{incoming("README", "Two", "2")}}
	h.imported(one)
	i := must(h.importing().Run(t.Context(), owner, two, app.ImportOptions{Apart: "two"}))(t)
	if i.Counts.Added != 1 {
		t.Errorf("got %+v", i.Counts)
	}
	h.wantCount(2)
}

func TestFilesThatCantBeStoredAreReported(t *testing.T) {
	h := newHouse(t)
	h.LimitUploads(10)
	files := func(list ...domain.IncomingFile) (lost []string) {
		n := incoming(fmt.Sprint(list[0].Name), list[0].Name, "text")
		n.Files = list
		options := app.ImportOptions{Lost: func(_ string, why domain.Message) { lost = append(lost, string(why.Code)) }}
		must(h.importing().Run(t.Context(), owner, &source{notes: []domain.Incoming{n}}, options))(t)
		return lost
	}
	open := func(text string, err error) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), err }
	}
	torn := func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader(strings.Repeat("x", 600)), failing{})), nil
	}
	for _, c := range []struct {
		file domain.IncomingFile
		want string
	}{
		{domain.IncomingFile{Name: "large", Size: domain.MaxFile + 1}, "import.file_too_large"},
		{domain.IncomingFile{Name: "empty", Open: open("", nil)}, "import.file_empty"},
		{domain.IncomingFile{Name: "more than there is room for", Open: open("12345678901", nil)}, "import.file_no_room"},
		{domain.IncomingFile{Name: "missing", Open: open("", errors.New("broken"))}, "import.file_damaged"},
		{domain.IncomingFile{Name: "torn", Open: torn}, "import.file_damaged"},
	} {
		if got := files(c.file); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %q, want %q", c.file.Name, got, c.want)
		}
	}
	if got := files(domain.IncomingFile{Name: "fits", Open: open("1234567890", nil)}); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("broken") }

package web_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
	"octavo/web"
)

// frozenStore is a store that answers nothing about notes, records and files, and doesn't say so either.
type frozenStore struct{ domain.Store }

func (s frozenStore) ReadNotes(a domain.ReadAccess) domain.NoteReader {
	return frozenNotes{s.Store.ReadNotes(a)}
}

func (s frozenStore) Records(a domain.WriteAccess) domain.Records {
	return frozenRecords{s.Store.Records(a)}
}

func (s frozenStore) Atomically(ctx context.Context, _ func(domain.Repos) error) error {
	return frozen(ctx)
}

func (frozenStore) Ping(ctx context.Context) error { return frozen(ctx) }

type frozenNotes struct{ domain.NoteReader }

func (frozenNotes) Get(ctx context.Context, _ domain.ID) (domain.Note, error) {
	return domain.Note{}, frozen(ctx)
}

func (frozenNotes) List(ctx context.Context, _ domain.NoteFilter, _ *domain.NoteCursor, _ int) (
	[]domain.NoteSummary, error,
) {
	return nil, frozen(ctx)
}

type frozenRecords struct{ domain.Records }

func (frozenRecords) Add(ctx context.Context, _ domain.Record) error { return frozen(ctx) }

func frozen(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func TestNoRequestWaitsWithoutAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		freeze := func(cfg *web.Config) { cfg.App = app.New(frozenStore{s.store}, &memory.Blobs{}, s.clock) }
		site := newSite(t, freeze)
		note := "/notes/" + string(domain.NewID())
		form := []string{"title", "Typed", "content", "words", "version", "1", "draft", string(domain.NewID())}
		for what, send := range map[string]func() answer{
			"a page":     func() answer { return site.get("/notes") },
			"a fragment": func() answer { return site.get(note, htmx("main")) },
			"a new note": func() answer { return site.post("/notes", form...) },
			"a save":     func() answer { return site.post(note, form...) },
			"a record":   func() answer { return site.json(http.MethodPost, "/records", `{"title":"x"}`) },
			"a program":  func() answer { return site.json(http.MethodGet, "/api/v1/notes", "") },
			"readiness":  func() answer { return site.get("/readyz") },
		} {
			start := time.Now()
			a := send()
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("%s: answered after %v", what, took)
			}
			a.wantStatus(http.StatusServiceUnavailable).wantHeader("Retry-After", "5")
			if what == "a save" && !strings.Contains(a.body, "words") {
				t.Errorf("what was typed is gone:\n%s", a.body)
			}
		}
		if n := strings.Count(site.log.faults(), "status=503"); n != 7 {
			t.Errorf("%d of 7 are logged:\n%s", n, site.log)
		}
		site.get("/healthz").wantStatus(http.StatusOK)
	})
}

// slowBody sends its text in pieces, with a pause before each.
type slowBody struct {
	pieces []string
	pause  time.Duration
}

func (b *slowBody) Read(p []byte) (int, error) {
	if len(b.pieces) == 0 {
		return 0, io.EOF
	}
	time.Sleep(b.pause)
	n := copy(p, b.pieces[0])
	b.pieces = b.pieces[1:]
	return n, nil
}

func TestAFormThatArrivesSlowlyIsSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		slowly := func(r *http.Request) {
			r.Body = io.NopCloser(&slowBody{[]string{"title=Slow", "&content=", "words"}, 9 * time.Second})
			r.ContentLength = -1
		}
		s.postWith("/notes", []option{slowly}).wantStatus(http.StatusSeeOther)
		wantEqual(t, s.titles(domain.Active), "Slow")
	})
}

// endsOf is a store of files that remembers whether it was asked in a context that ends.
type endsOf struct {
	domain.Store
	ends *bool
}

func (s endsOf) ReadFiles(a domain.ReadAccess) domain.FileReader {
	return filesEnding{s.Store.ReadFiles(a), s.ends}
}

type filesEnding struct {
	domain.FileReader
	ends *bool
}

func (f filesEnding) Get(ctx context.Context, hash domain.FileHash) (domain.File, error) {
	_, *f.ends = ctx.Deadline()
	return f.FileReader.Get(ctx, hash)
}

func TestADownloadMayTakeItsTime(t *testing.T) {
	ends := true
	s := newSite(t)
	site := newSite(t, func(cfg *web.Config) { cfg.App = app.New(endsOf{s.store, &ends}, &memory.Blobs{}, s.clock) })
	site.get("/files/" + strings.Repeat("ab", 32)).wantStatus(http.StatusNotFound)
	if ends {
		t.Error("the request has a deadline")
	}
}

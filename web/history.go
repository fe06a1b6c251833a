package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/domain/textdiff"
	"octavo/lang"
	"octavo/views"
)

// historyPage is how many revisions a page of a note's history shows.
const historyPage = 50

func (s *server) listHistory(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	before := 0
	if text := c.QueryParam("before"); text != "" {
		if before, err = strconv.Atoi(text); err != nil || before < 1 {
			return domain.NewInvalid(domain.NewFieldError("before", "revision.no_page"))
		}
	}
	h, err := s.app.History().List(c.Request().Context(), actor, id, before, historyPage)
	if err != nil {
		return err
	}
	t := lang.From(c.Request().Context())
	v := views.History{Base: s.base, ID: string(id), Title: h.Note.Title}
	for i, r := range h.Revisions {
		if i == 0 || !r.SameSession(h.Revisions[i-1]) {
			v.Sessions = append(v.Sessions, views.Session{Name: h.Names[r.Author]})
		}
		session := &v.Sessions[len(v.Sessions)-1]
		view := s.revisionView(t, h.Note, r)
		if view.Title == h.Note.Title {
			view.Title = "" // only what differs is worth a place
		}
		session.Revisions = append(session.Revisions, view)
	}
	if h.Next > 0 {
		v.Older = s.base.HistoryBefore(string(id), itoa(h.Next))
	}
	return s.render(c, http.StatusOK, views.HistoryPage(s.page(c, t.Text("page.history", "title", h.Note.Title), ""), v))
}

func (s *server) revisionView(t *lang.Language, n domain.Note, r domain.RevisionSummary) views.Revision {
	v := views.Revision{
		URL: s.base.Revision(string(n.ID), itoa(r.Version)), Number: itoa(r.Version), Title: r.Title, Size: printSize(t, r.Size),
		Current: r.Version == n.Saved,
	}
	v.Date, v.DateTime = printDate(r.Saved)
	return v
}

func (s *server) showRevision(c echo.Context, actor domain.Actor) error {
	id, version, err := revisionOf(c)
	if err != nil {
		return err
	}
	r, err := s.app.History().Revision(c.Request().Context(), actor, id, version)
	if err != nil {
		return err
	}
	if err := s.takeText(c, len(r.Content)+len(r.Note.Content)); err != nil {
		return err
	}
	t := lang.From(c.Request().Context())
	v := views.RevisionView{
		Base: s.base, ID: string(id), Note: r.Note.Title, Revision: s.revisionView(t, r.Note, r.Summary()),
		Text: c.QueryParam("view") == "text",
	}
	v.Name, v.First = r.Name, version == 1
	if v.Text {
		shown := r.Note
		shown.Title, shown.Content = r.Title, r.Content
		targets, err := s.app.Links().Targets(c.Request().Context(), actor, r.Content)
		if err != nil {
			return err
		}
		v.Prose = s.prose(shown, targets, false).text
	} else {
		var before side
		if r.Before != nil {
			before = sideOf(*r.Before)
		}
		v.Diff = diffView(t, before, sideOf(r.Revision))
	}
	return s.render(c, http.StatusOK, views.RevisionPage(s.page(c, t.Text("page.history", "title", r.Note.Title), ""), v))
}

func (s *server) restoreRevision(c echo.Context, actor domain.Actor) error {
	id, version, err := revisionOf(c)
	if err != nil {
		return err
	}
	n, err := s.app.Notes().Get(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	saved, err := s.app.History().Restore(c.Request().Context(), actor, id, version)
	if err != nil {
		return err
	}
	switch {
	case saved.Undo != "":
		s.setUndo(c, saved.Undo)
	case saved.Note.Saved != n.Saved:
		s.setNotice(c, noticeRevision, id, itoa(n.Saved))
	}
	return s.redirect(c, s.base.Note(string(id)))
}

func revisionOf(c echo.Context) (domain.ID, int, error) {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return "", 0, err
	}
	version, err := strconv.Atoi(c.Param("version"))
	if err != nil || version < 1 {
		return "", 0, domain.ErrRevisionNotFound
	}
	return id, version, nil
}

// side is one side of a diff.
type side struct{ title, content, tags string }

func sideOf(r domain.Revision) side {
	return side{r.Title, r.Content, typedFrom(r.Draft()).tags}
}

// diffContext is how many unchanged lines a diff shows around each change.
const diffContext = 3

// maxDiffLines is how many lines a diff shows. A content may have a line for each byte.
const maxDiffLines = 2000

var kinds = map[textdiff.Kind]string{textdiff.Kept: "kept", textdiff.Added: "added", textdiff.Removed: "removed"}

// diffView returns what leads from one text to another.
func diffView(t *lang.Language, before, after side) views.Diff {
	var d views.Diff
	compare := textdiff.NewComparer()
	if before.title != after.title {
		d.Title = diffParts(compare.Diff(before.title, after.title))
	}
	if before.tags != after.tags {
		d.Tags = diffParts(compare.Diff(before.tags, after.tags))
	}
	if before.content == after.content {
		return d
	}
	diff := compare.Lines(before.content, after.content, diffContext, maxDiffLines)
	d.More = diff.Left
	room := maxShown
	for i, l := range diff.Lines {
		if room <= 0 {
			d.More += len(diff.Lines) - i
			break
		}
		line := views.DiffLine{Gap: l.Gap, Kind: kinds[l.Kind]}
		line.Parts, room = fitting(t, diffParts(l.Parts), room-lineCost)
		if l.Kind == textdiff.Kept && len(l.Parts) > 0 && (len(l.Parts) > 1 || l.Parts[0].Kind != textdiff.Kept) {
			line.Kind = "changed"
		}
		d.Lines = append(d.Lines, line)
	}
	var counts []string
	if diff.Added > 0 {
		counts = append(counts, t.Text("diff.added", "count", diff.Added))
	}
	if diff.Removed > 0 {
		counts = append(counts, t.Text("diff.removed", "count", diff.Removed))
	}
	d.WordCount = strings.Join(counts, ", ")
	return d
}

func diffParts(changes []textdiff.Change) []views.DiffPart {
	parts := make([]views.DiffPart, len(changes))
	for i, change := range changes {
		parts[i] = views.DiffPart{Kind: kinds[change.Kind], Text: change.Text}
	}
	return parts
}

// printSize says how large a text is.
func printSize(t *lang.Language, bytes int) string {
	if bytes < 1<<10 {
		return t.Text("size.bytes", "count", bytes)
	}
	return t.Text("size.kib", "count", fmt.Sprintf("%.1f", float64(bytes)/(1<<10)))
}

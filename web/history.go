package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/textdiff"
	"octavo/lang"
	"octavo/views"
)

// historyHandler shows what notes said, and restores it.
type historyHandler struct {
	*server
	history *app.History
	links   *app.Links
}

// historyPage is how many revisions a page of a note's history shows.
const historyPage = 50

func (h historyHandler) list(c echo.Context, access domain.ReadAccess) error {
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
	found, err := h.history.List(c.Request().Context(), access, id, before, historyPage)
	if err != nil {
		return err
	}
	t := lang.From(c.Request().Context())
	v := views.History{
		Base: h.here(c), ID: string(id), Title: found.Note.Title,
		AllDays: domain.Days(domain.KeepAll), DailyYears: domain.Days(domain.KeepDaily) / 365,
	}
	for i, r := range found.Revisions {
		if i == 0 || !r.SameSession(found.Revisions[i-1]) {
			v.Sessions = append(v.Sessions, views.Session{Name: writerOf(t, found.Names, r.Author, r.Share)})
		}
		session := &v.Sessions[len(v.Sessions)-1]
		view := revisionView(h.here(c), t, found.Note, r)
		if view.Title == found.Note.Title {
			view.Title = "" // only what differs is worth a place
		}
		session.Revisions = append(session.Revisions, view)
	}
	if found.Next > 0 {
		v.Older = h.here(c).HistoryBefore(string(id), itoa(found.Next))
	}
	return h.renderKept(c, http.StatusOK, "", views.HistoryPage(h.page(c, t.Text("page.history", "title", found.Note.Title), ""), v))
}

// writerOf says who has saved something: its author, or whoever has come by a link.
func writerOf(t *lang.Language, names map[domain.ID]string, author, share domain.ID) string {
	if share != "" {
		return t.Text("share.by_link")
	}
	return names[author]
}

func revisionView(base views.Base, t *lang.Language, n domain.Note, r domain.RevisionSummary) views.Revision {
	v := views.Revision{
		URL: base.Revision(string(n.ID), itoa(r.Version)), Number: itoa(r.Version), Title: r.Title, Size: printSize(t, r.Size),
		Current: r.Version == n.Saved,
	}
	v.Date, v.DateTime = printDate(t, r.Saved)
	return v
}

func (h historyHandler) show(c echo.Context, access domain.ReadAccess) error {
	id, version, err := revisionOf(c)
	if err != nil {
		return err
	}
	r, err := h.history.Revision(c.Request().Context(), access, id, version)
	if err != nil {
		return err
	}
	if err := h.takeText(c, len(r.Content)+len(r.Note.Content)); err != nil {
		return err
	}
	t := lang.From(c.Request().Context())
	v := views.RevisionView{
		Base: h.here(c), May: admitted(c).may(), ID: string(id), Note: r.Note.Title, Revision: revisionView(h.here(c), t, r.Note, r.Summary()),
		Text: c.QueryParam("view") == "text",
	}
	v.Name, v.First = writerOf(t, map[domain.ID]string{r.Author: r.Name}, r.Author, r.Share), version == 1
	if v.Text {
		shown := r.Note
		shown.NoteFields = r.NoteFields
		targets, err := h.links.Targets(c.Request().Context(), access, r.Content)
		if err != nil {
			return err
		}
		v.Prose = proseOf(t, h.here(c), shown, targets, false).text
	} else {
		var before domain.NoteFields
		if r.Before != nil {
			before = r.Before.NoteFields
		}
		v.Diff = diffView(t, before, r.NoteFields)
	}
	return h.renderKept(c, http.StatusOK, "", views.RevisionPage(h.page(c, t.Text("page.history", "title", r.Note.Title), ""), v))
}

func (h historyHandler) restore(c echo.Context, access domain.WriteAccess) error {
	id, version, err := revisionOf(c)
	if err != nil {
		return err
	}
	saved, err := h.history.Restore(c.Request().Context(), access, id, version)
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditNoteRestored, by(access.User()), slog.String("note", string(id)), slog.Int("version", version))
	switch {
	case saved.Undo != "":
		h.setUndo(c, saved.Undo)
	case saved.Note.Saved != saved.Before:
		h.setNotice(c, noticeRevision, id, itoa(saved.Before))
	}
	return h.redirect(c, h.here(c).Note(string(id)))
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

// diffContext is how many unchanged lines a diff shows around each change.
const diffContext = 3

// maxDiffLines is how many lines a diff shows. A content may have a line for each byte.
const maxDiffLines = 2000

var kinds = map[textdiff.Kind]string{textdiff.Kept: "kept", textdiff.Added: "added", textdiff.Removed: "removed"}

// diffView returns what leads from what a note said to what it says.
func diffView(t *lang.Language, before, after domain.NoteFields) views.Diff {
	var d views.Diff
	compare := textdiff.NewComparer()
	was := shownFields(t, before)
	for i, field := range shownFields(t, after) {
		if field.name != "content" && field.text != was[i].text {
			parts := diffParts(compare.Diff(was[i].text, field.text))
			d.Fields = append(d.Fields, views.DiffField{Label: field.label, Parts: parts})
		}
	}
	if before.Content == after.Content {
		return d
	}
	diff := compare.Lines(before.Content, after.Content, diffContext, maxDiffLines)
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

package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// noteHandler shows a note.
type noteHandler struct {
	*server
	notes *app.Notes
}

// maxBacklinks is how many of the notes that link to a note its page shows.
const maxBacklinks = 50

func (h noteHandler) show(c echo.Context, access domain.ReadAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	shown, err := h.notes.Show(c.Request().Context(), access, id, maxBacklinks)
	if err != nil {
		return err
	}
	if err := h.takeText(c, len(shown.Content)); err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.NotePage(h.page(c, shown.Title, ""), noteView(lang.From(c.Request().Context()), h.base, shown)))
}

// noteView returns a note as its page shows it.
func noteView(t *lang.Language, base views.Base, n app.Shown) views.Note {
	text := proseOf(t, base, n.Note, n.Targets, n.State != domain.Trashed)
	v := views.Note{
		Base: base, NoteHead: noteHead(n.Summary()), Heading: text.title, HeadingID: text.titleID, Text: text.text, Headings: text.contents(),
		Trashed: n.State == domain.Trashed,
		Version: itoa(n.Saved), HasDraft: n.HasDraft, HasTasks: text.tasks, MoreBacklinks: n.MoreBacklinks,
	}
	for _, tag := range n.AllTags() {
		v.Tags = append(v.Tags, views.Link{Text: "#" + string(tag), URL: base.NotesTagged(string(tag))})
	}
	for _, other := range n.Backlinks {
		v.Backlinks = append(v.Backlinks, views.Link{Text: other.Title, URL: base.Note(string(other.ID))})
	}
	v.Date, v.DateTime = printDate(t, n.Updated)
	v.Created, v.CreatedDateTime = printDate(t, n.Created)
	return v
}

// noteID reads the id in a URL. A malformed one is an id that nothing has.
func noteID(text string) (domain.ID, error) {
	id, ok := domain.ParseID(text)
	if !ok {
		return "", domain.ErrNoteNotFound
	}
	return id, nil
}

func itoa(n int) string { return strconv.Itoa(n) }

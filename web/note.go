package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// noteHandler shows a note.
type noteHandler struct {
	*server
	notes   *app.Notes
	links   *app.Links
	editing *app.Editing
}

// What a note's page shows of the notes that link to it.
const (
	maxBacklinks   = 50
	sentenceLength = 200 // characters at most of the sentence around a link
)

func (h noteHandler) show(c echo.Context, access domain.ReadAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	ctx, drafts := c.Request().Context(), admitted(c).beside.Drafts > 0
	versioned := h.saysNothingElse(c)
	if versioned && len(c.Request().Header[ifNoneMatch]) > 0 {
		version, err := h.notes.ShownVersion(ctx, access, id, maxBacklinks, drafts)
		if err != nil {
			return err
		}
		if etag := h.pageTag(c, access, version); version != "" && hasPage(c.Request(), etag) {
			return keepPage(c, etag)
		}
	}
	shown, err := h.notes.Show(ctx, access, id, maxBacklinks, drafts)
	if err != nil {
		return err
	}
	if err := h.takeText(c, len(shown.Content)); err != nil {
		return err
	}
	frame, etag := h.page(c, shown.Title, ""), ""
	if versioned && shown.Shows != "" && c.Get(laterSearches) == nil {
		etag = h.pageTag(c, access, shown.Shows)
	}
	return h.renderKept(c, http.StatusOK, etag, views.NotePage(frame, h.noteView(c, shown)))
}

// noteView returns a note as its page shows it.
func (s *server) noteView(c echo.Context, n app.Shown) views.Note {
	t, base, may := lang.From(c.Request().Context()), s.here(c), admitted(c).may()
	text := proseOf(t, base, n.Note, n.Targets, may.Adds() && n.State != domain.Trashed)
	v := views.Note{
		Base: base, May: may, NoteHead: noteHead(n.Summary()), Heading: text.title, HeadingID: text.titleID, Text: text.text, Headings: text.contents(),
		Trashed: n.State == domain.Trashed,
		Version: itoa(n.Saved), Moves: admitted(c).beside.Spaces != "", HasDraft: n.HasDraft, HasTasks: text.tasks,
	}
	for _, tag := range n.AllTags() {
		v.Tags = append(v.Tags, views.Link{Text: "#" + string(tag), URL: base.NotesTagged(string(tag))})
	}
	for _, other := range n.Backlinks {
		link := views.Link{Text: other.Title, URL: base.Note(string(other.ID))}
		v.Linked.Notes = append(v.Linked.Notes, views.Backlink{Link: link})
	}
	v.Linked.More, v.Linked.URL = n.MoreBacklinks, base.Backlinks(string(n.ID))
	v.Date, v.DateTime = printDate(t, n.Updated)
	v.Created, v.CreatedDateTime = printDate(t, n.Created)
	return v
}

// appendForm is text for the end of a note.
type appendForm struct {
	Content string `form:"content"`
}

// append adds text to the end of a note, and comes back with it where it can't be added.
func (h noteHandler) append(c echo.Context, access domain.WriteAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	form, err := read[appendForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	saved, err := h.editing.Append(ctx, access, id, form.Content)
	if errors.Is(err, domain.Invalid) {
		shown, readErr := h.notes.Show(ctx, access.Read(), id, maxBacklinks, false)
		if readErr != nil {
			return readErr
		}
		if err := h.takeText(c, len(shown.Content)); err != nil {
			return err
		}
		note := h.noteView(c, shown)
		note.Added, note.AddError = strings.ToValidUTF8(form.Content, "\uFFFD"), lang.Say(ctx, domain.FieldErrors(err)[0].Message)
		return h.render(c, http.StatusUnprocessableEntity, views.NotePage(h.page(c, shown.Title, ""), note))
	}
	if err != nil {
		return err
	}
	if saved.Undo != "" {
		h.setUndo(c, saved.Undo)
	}
	return h.redirect(c, h.here(c).Note(string(id)))
}

// backlinks shows the sentences that link to a note: the list alone for htmx.
func (h noteHandler) backlinks(c echo.Context, access domain.ReadAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	note, mentions, more, err := h.links.Mentions(ctx, access, id, maxBacklinks, sentenceLength)
	if err != nil {
		return err
	}
	list := views.Backlinks{More: more}
	for _, m := range mentions {
		link := views.Link{Text: m.Title, URL: h.here(c).Note(string(m.ID))}
		list.Notes = append(list.Notes, views.Backlink{Link: link, Sentence: spans(m.Sentence), More: m.More})
	}
	if isFragment(c.Request()) {
		return h.render(c, http.StatusOK, views.BacklinkList(list))
	}
	frame := h.page(c, lang.T(ctx, "page.backlinks", "title", note.Title), "")
	return h.renderKept(c, http.StatusOK, "", views.BacklinksPage(frame, note.Title, h.here(c).Note(string(id)), list))
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

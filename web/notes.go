package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/views"
	"octavo/web/markdown"
)

// pageSize is how many notes a page of a list shows.
const pageSize = 20

func (s *server) listNotes(c echo.Context, actor domain.Actor) error {
	state, err := noteState(c.QueryParam("view"))
	if err != nil {
		return err
	}
	page, err := s.app.Notes().List(c.Request().Context(), actor, state, c.QueryParam("after"), pageSize)
	if err != nil {
		return err
	}
	list := s.noteList(page.Notes, state)
	if page.Next != "" {
		query := url.Values{"after": {page.Next}}
		if state != domain.Active {
			query.Set("view", viewOf(state))
		}
		list.More = s.base + "/notes?" + query.Encode()
	}
	if isFragment(c.Request()) {
		return s.render(c, http.StatusOK, views.Cards(list))
	}
	title, section := "Notes", "notes"
	switch state {
	case domain.Trashed:
		title, section = "Trash", "trash"
	case domain.Archived:
		title, section = "Archive", ""
	}
	return s.render(c, http.StatusOK, views.NotesPage(s.page(c, title, section), views.NoteForm{Base: s.base}, list))
}

// noteState reads the part of a list's URL that tells which notes it shows.
func noteState(view string) (domain.NoteState, error) {
	switch view {
	case "", "active":
		return domain.Active, nil
	case "archived":
		return domain.Archived, nil
	case "trash":
		return domain.Trashed, nil
	}
	return "", domain.NewInvalid(domain.FieldError{Field: "view", Text: "There is no such list. Choose active, archived or trash."})
}

// viewOf returns what noteState reads.
func viewOf(state domain.NoteState) string {
	if state == domain.Trashed {
		return "trash"
	}
	return string(state)
}

func (s *server) newNote(c echo.Context, _ domain.Actor) error {
	return s.render(c, http.StatusOK, views.EditPage(s.page(c, "New note", ""), views.NoteForm{Base: s.base}))
}

func (s *server) createNote(c echo.Context, actor domain.Actor) error {
	draft, err := readDraft(c.Request())
	if err != nil {
		return err
	}
	n, err := s.app.Notes().Create(c.Request().Context(), actor, draft)
	captured := fromCapture(c.Request())
	switch {
	case errors.Is(err, domain.Invalid) && captured:
		return s.render(c, http.StatusUnprocessableEntity, views.CaptureForm(s.noteForm(draft, err)))
	case errors.Is(err, domain.Invalid):
		return s.renderForm(c, http.StatusUnprocessableEntity, s.noteForm(draft, err))
	case err != nil:
		return err
	case captured:
		card := s.noteList([]domain.NoteSummary{n.Summary()}, n.State)
		return s.render(c, http.StatusOK, views.Captured(views.NoteForm{Base: s.base}, card))
	}
	return s.redirect(c, notePath(n.ID))
}

// fromCapture tells whether htmx sends the form on top of the list, which stays where it is.
func fromCapture(r *http.Request) bool {
	return isFragment(r) && strings.HasSuffix(r.Header.Get("HX-Target"), "#capture")
}

func (s *server) showNote(c echo.Context, actor domain.Actor) error {
	n, err := s.noteOf(c, actor)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.NotePage(s.page(c, n.Title, ""), s.noteView(n, markdown.Render(n.Body()))))
}

func (s *server) editNote(c echo.Context, actor domain.Actor) error {
	n, err := s.noteOf(c, actor)
	if err != nil {
		return err
	}
	if n.State == domain.Trashed {
		return s.redirect(c, notePath(n.ID)) // which offers to restore it
	}
	form := s.noteForm(n.Draft(), nil)
	form.ID, form.Version = string(n.ID), strconv.Itoa(n.Version)
	return s.renderForm(c, http.StatusOK, form)
}

func (s *server) updateNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	draft, err := readDraft(c.Request())
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(c.Request().PostForm.Get("version"))
	if err != nil {
		return domain.NewInvalid(domain.FieldError{Field: "version", Text: "The form doesn't say which version it changes. Open the note again."})
	}
	stored, err := s.app.Notes().Update(c.Request().Context(), actor, id, base, draft)
	if err == nil {
		return s.redirect(c, notePath(id))
	}
	form := s.noteForm(draft, err)
	form.ID, form.Version = string(id), strconv.Itoa(base)
	switch {
	case errors.Is(err, domain.Invalid):
		return s.renderForm(c, http.StatusUnprocessableEntity, form)
	case errors.Is(err, domain.ErrNoteTrashed):
		form.Trashed = true
		return s.renderForm(c, http.StatusConflict, form)
	case errors.Is(err, domain.Conflict):
		form.Version = strconv.Itoa(stored.Version)
		form.Theirs = s.theirs(stored)
		return s.renderForm(c, http.StatusConflict, form)
	}
	return err
}

// renderForm answers with the form of a note: alone where htmx put it, on its page otherwise.
func (s *server) renderForm(c echo.Context, status int, form views.NoteForm) error {
	if isFragment(c.Request()) {
		return s.render(c, status, views.EditForm(form))
	}
	title := "New note"
	if form.ID != "" {
		title = "Edit note"
	}
	return s.render(c, status, views.EditPage(s.page(c, title, ""), form))
}

func (s *server) trashNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, err := s.app.Notes().Trash(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	if isFragment(c.Request()) {
		return s.render(c, http.StatusOK, views.TrashedCard(s.base, string(id), n.Title))
	}
	s.setNotice(c, noticeTrashed, id)
	return s.redirect(c, "/notes")
}

func (s *server) restoreNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	fromTrash := c.FormValue("view") == "trash"
	n, err := s.app.Notes().Restore(c.Request().Context(), actor, id)
	switch {
	case err != nil:
		return err
	case !isFragment(c.Request()):
		s.setNotice(c, noticeRestored, id)
		return s.redirect(c, "/notes")
	case fromTrash:
		return s.render(c, http.StatusOK, views.RestoredCard(s.base, string(id), n.Title))
	}
	return s.render(c, http.StatusOK, views.Cards(s.noteList([]domain.NoteSummary{n.Summary()}, n.State)))
}

func (s *server) purgeNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, err := s.app.Notes().Purge(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	if isFragment(c.Request()) {
		return s.render(c, http.StatusOK, views.PurgedCard(n.Title))
	}
	s.setNotice(c, noticePurged, id)
	return s.redirect(c, "/notes?view=trash")
}

// noteOf returns the note that the URL names.
func (s *server) noteOf(c echo.Context, actor domain.Actor) (domain.Note, error) {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return domain.Note{}, err
	}
	return s.app.Notes().Get(c.Request().Context(), actor, id)
}

// noteID reads the id in a URL. A malformed one is an id that nothing has.
func noteID(text string) (domain.ID, error) {
	id, ok := domain.ParseID(text)
	if !ok {
		return "", domain.ErrNoteNotFound
	}
	return id, nil
}

// readDraft reads the form of a note.
func readDraft(r *http.Request) (domain.NoteDraft, error) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil || mediaType != echo.MIMEApplicationForm {
		return domain.NoteDraft{}, errFormType
	}
	if err := r.ParseForm(); err != nil {
		return domain.NoteDraft{}, echo.ErrBadRequest.WithInternal(err) // which tells when it was too large
	}
	return domain.NoteDraft{Title: r.PostForm.Get("title"), Content: r.PostForm.Get("content")}, nil
}

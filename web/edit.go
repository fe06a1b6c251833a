package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// noteFields are those of the form of a note.
type noteFields struct {
	Title     string  `form:"title"`
	Content   string  `form:"content"`
	Tags      *string `form:"tags"`      // nil in a form without: it leaves the note's as they are
	Draft     string  `form:"draft"`     // the key of the draft that it was kept in, or ""
	Continues string  `form:"continues"` // the draft that the form began with and when that had been saved, or ""
}

// maxTyped is how many bytes the fields of a note's form may have together. What is more than a note may hold comes back
// in the form, for a person to shorten it; what is far more doesn't.
const maxTyped = domain.MaxContent + 128<<10

func (f noteFields) size() int {
	size := len(f.Title) + len(f.Content)
	if f.Tags != nil {
		size += len(*f.Tags)
	}
	return size
}

func (f noteFields) validate() error {
	if f.size() > maxTyped {
		return domain.TooLarge
	}
	return nil
}

// typed returns what was typed into the form.
func (f noteFields) typed() typed {
	t := typed{NoteDraft: domain.NoteDraft{Title: f.Title, Content: f.Content}}
	if f.Tags != nil {
		t.tags, t.Tags = *f.Tags, domain.SplitTags(*f.Tags)
	}
	t.key, _ = domain.ParseID(f.Draft)
	key, since, _ := strings.Cut(f.Continues, ".")
	micros, err := strconv.ParseInt(since, 10, 64)
	if id, ok := domain.ParseID(key); ok && err == nil {
		t.continues = app.Continued{Key: id, Saved: time.UnixMicro(micros).UTC()}
	}
	return t
}

// typed is what is in the form of a note.
type typed struct {
	domain.NoteDraft
	tags string    // as typed
	key  domain.ID // of the draft that it was kept in, or ""
	// continues is the draft that the form began with.
	continues app.Continued
}

// edit returns what was typed as an edit of a note, upon a version of it or 0 for a new one.
func (t typed) edit(base int) app.Edit {
	return app.Edit{NoteDraft: t.NoteDraft, Base: base, Key: t.key, Continues: t.continues}
}

// typedFrom returns what is in the form when what a note says is edited.
func typedFrom(d domain.NoteDraft) typed { return typed{NoteDraft: d, tags: strings.Join(d.Tags, " ")} }

// draftTyped returns what is in the form when somebody goes on with a draft. It keeps a draft of its own: another form
// may go on with this one, too.
func draftTyped(d domain.Draft) typed {
	return typed{NoteDraft: d.NoteDraft(), tags: d.Tags, continues: app.Continued{Key: d.Key, Saved: d.Saved}}
}

// noteForm returns the form with what was typed in it, and what err says of its fields. It keeps a draft of its own, if
// it hasn't one yet.
func (s *server) noteForm(ctx context.Context, t typed, err error) views.NoteForm {
	if t.key == "" {
		t.key = domain.NewID()
	}
	// What isn't valid UTF-8 is what err is about; a page can only show the rest.
	valid := func(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
	form := views.NoteForm{
		Base: s.base, Title: valid(t.Title), Tags: valid(t.tags), Content: valid(t.Content), Draft: string(t.key),
	}
	if t.continues.Key != "" {
		form.Continues = string(t.continues.Key) + "." + strconv.FormatInt(t.continues.Saved.UnixMicro(), 10)
	}
	for _, f := range domain.FieldErrors(err) {
		said := lang.Say(ctx, f.Message)
		switch f.Field {
		case "title":
			form.TitleError = said
		case "tags":
			form.TagsError = said
		case "content":
			form.ContentError = said
		}
	}
	return form
}

// editForm is noteForm for a note that is there.
func (s *server) editForm(ctx context.Context, t typed, err error, id domain.ID, base int) views.NoteForm {
	form := s.noteForm(ctx, t, err)
	form.ID, form.Version = string(id), itoa(base)
	return form
}

// renderForm answers with the form of a note: alone where htmx put it, on its page otherwise.
func (s *server) renderForm(c echo.Context, status int, form views.NoteForm, drafts ...views.Draft) error {
	if isFragment(c.Request()) {
		return s.render(c, status, views.EditForm(form))
	}
	title := domain.Code("page.new_note")
	if form.ID != "" {
		title = "page.edit_note"
	}
	return s.render(c, status, views.EditPage(s.page(c, lang.T(c.Request().Context(), title), ""), form, drafts))
}

// newNote shows the form of a new note: empty but for a title that the URL may give, or with a draft in it.
func (s *server) newNote(c echo.Context, actor domain.Actor) error {
	if key := c.QueryParam("draft"); key != "" {
		return s.continueNew(c, actor, key)
	}
	drafts, err := s.newDrafts(c, actor)
	if err != nil {
		return err
	}
	form := s.noteForm(c.Request().Context(), typed{}, nil)
	form.Title = strings.ToValidUTF8(c.QueryParam("title"), "\uFFFD")
	return s.renderForm(c, http.StatusOK, form, drafts...)
}

func (s *server) continueNew(c echo.Context, actor domain.Actor, keyText string) error {
	key, ok := domain.ParseID(keyText)
	if !ok {
		return domain.ErrDraftNotFound
	}
	d, err := s.app.Drafts().Get(c.Request().Context(), actor, key)
	if err != nil {
		return err
	}
	if !d.IsNew() {
		return s.redirect(c, s.base.EditNoteFrom(string(d.Note), string(d.Key)))
	}
	return s.renderForm(c, http.StatusOK, s.noteForm(c.Request().Context(), draftTyped(d), nil))
}

func (s *server) createNote(c echo.Context, actor domain.Actor) error {
	form, err := read[noteFields](c)
	if err != nil {
		return err
	}
	t := form.typed()
	n, err := s.app.Editing().Create(c.Request().Context(), actor, t.edit(0))
	if err == nil {
		s.markSaved(c, t.key)
	}
	captured := fromCapture(c.Request())
	switch {
	case errors.Is(err, domain.Invalid) && captured:
		return s.render(c, http.StatusUnprocessableEntity, views.CaptureForm(s.noteForm(c.Request().Context(), t, err)))
	case errors.Is(err, domain.Invalid):
		return s.renderForm(c, http.StatusUnprocessableEntity, s.noteForm(c.Request().Context(), t, err))
	case err != nil:
		return err
	case captured:
		card := s.noteList([]domain.NoteSummary{n.Summary()}, n.State)
		return s.render(c, http.StatusOK, views.Captured(s.noteForm(c.Request().Context(), typed{}, nil), card))
	}
	return s.redirect(c, s.base.Note(string(n.ID)))
}

// fromCapture tells whether htmx sends the form on top of the list, which stays where it is.
func fromCapture(r *http.Request) bool {
	return isFragment(r) && strings.HasSuffix(r.Header.Get("HX-Target"), "#capture")
}

// editNote shows the form of a note. Where a draft was kept that says something else, it first asks what is to become
// of that, so that nobody begins anew without knowing.
func (s *server) editNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, err := s.app.Notes().Get(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	if n.State == domain.Trashed {
		return s.redirect(c, s.base.Note(string(id))) // which offers to restore it
	}
	if key, ok := domain.ParseID(c.QueryParam("draft")); ok {
		d, err := s.app.Drafts().Get(c.Request().Context(), actor, key)
		if err == nil && d.Note == id {
			return s.renderForm(c, http.StatusOK, s.editForm(c.Request().Context(), draftTyped(d), nil, id, d.Base))
		}
		if err != nil && !errors.Is(err, domain.NotFound) {
			return err
		}
	}
	drafts, err := s.app.Drafts().OfNote(c.Request().Context(), actor, n)
	if err != nil {
		return err
	}
	if len(drafts) == 0 {
		return s.renderForm(c, http.StatusOK, s.editForm(c.Request().Context(), typedFrom(n.Draft()), nil, id, n.Version))
	}
	d := drafts[0]
	if err := s.takeText(c, len(d.Content)+len(n.Content)); err != nil {
		return err
	}
	v := views.NoteDraft{Base: s.base, ID: string(id), Key: string(d.Key), Stale: d.Base < n.Saved, More: len(drafts) - 1}
	v.Date, v.DateTime = printDate(d.Saved)
	t := lang.From(c.Request().Context())
	v.Diff = diffView(t, side{n.Title, n.Content, typedFrom(n.Draft()).tags},
		side{draftTitle(t, d), d.Content, typedFrom(d.NoteDraft()).tags})
	return s.render(c, http.StatusOK, views.NoteDraftPage(s.page(c, t.Text("page.edit_note"), ""), v))
}

// saveForm is the form of a note that is there.
type saveForm struct {
	Note noteFields
	Base baseVersion `form:"version"`
}

func (f saveForm) validate() error { return cmp.Or(f.Note.validate(), f.Base.validate()) }

// saveNote puts what was typed into a note, brought together with what others have saved meanwhile. Whatever keeps it
// from being saved, it stays: in the form that comes back and, as far as it can be kept, as a draft.
func (s *server) saveNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	sent, err := read[saveForm](c)
	if err != nil {
		return err
	}
	t, base := sent.Note.typed(), int(sent.Base)
	if t.key == "" {
		t.key = domain.NewID()
	}
	edit := t.edit(base)
	edit.Resolution = readResolution(c.Request())
	saved, err := s.app.Editing().Save(c.Request().Context(), actor, id, edit)
	if err == nil {
		switch {
		case saved.Undo != "":
			s.setUndo(c, saved.Undo)
		case saved.Merged:
			s.setNotice(c, noticeMerged, id)
		}
		s.markSaved(c, t.key)
		return s.redirect(c, s.base.Note(string(id)))
	}
	form := s.editForm(c.Request().Context(), t, err, id, base)
	status := http.StatusConflict
	switch {
	case saved.Conflict != nil:
		if errors.Is(err, domain.Invalid) {
			status = http.StatusUnprocessableEntity
		}
		return s.renderMerge(c, actor, status, form, saved, edit.Resolution, t)
	case errors.Is(err, domain.Invalid):
		return s.renderForm(c, http.StatusUnprocessableEntity, form)
	case errors.Is(err, domain.ErrNoteTrashed):
		if err := s.keep(c, actor, id, base, t); err != nil {
			return err
		}
		form.Trashed = true
		return s.renderForm(c, status, form)
	case errors.Is(err, domain.NotFound):
		form = s.noteForm(c.Request().Context(), t, nil)
		form.Gone = true
		c.Response().Header().Set("HX-Retarget", "#editor")
		return s.renderForm(c, http.StatusNotFound, form)
	}
	return err
}

// draft returns what was typed as the draft of a note, or of a new one when note is "".
func (t typed) draft(note domain.ID, base int) domain.Draft {
	return domain.Draft{Key: t.key, Note: note, Base: base, Title: t.Title, Content: t.Content, Tags: t.tags}
}

// keep stores what was typed as a draft of a note. What is too long for that is in the form alone.
func (s *server) keep(c echo.Context, actor domain.Actor, id domain.ID, base int, t typed) error {
	err := s.app.Drafts().Keep(c.Request().Context(), actor, t.draft(id, base), t.continues)
	if errors.Is(err, domain.Invalid) {
		return nil
	}
	return err
}

// draftForm is what is being typed, into the form of a note or of a new one.
type draftForm struct {
	Typed noteFields
	Note  string      `form:"note"` // its id, or "" for a new one
	Base  baseVersion `form:"version"`
}

func (f draftForm) validate() error {
	if f.Note == "" {
		return f.Typed.validate()
	}
	return cmp.Or(f.Typed.validate(), f.Base.validate())
}

// keepDraft stores what is being typed.
func (s *server) keepDraft(c echo.Context, actor domain.Actor) error {
	key, err := draftKey(c)
	if err != nil {
		return err
	}
	form, err := read[draftForm](c)
	if err != nil {
		return err
	}
	t := form.Typed.typed()
	t.key = key
	var note domain.ID
	if form.Note != "" {
		if note, err = noteID(form.Note); err != nil {
			return err
		}
	}
	if err := s.app.Drafts().Keep(c.Request().Context(), actor, t.draft(note, int(form.Base)), t.continues); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *server) discardDraft(c echo.Context, actor domain.Actor) error {
	key, err := draftKey(c)
	if err != nil {
		return err
	}
	d, err := s.app.Drafts().Get(c.Request().Context(), actor, key)
	if err != nil {
		return err
	}
	if err := s.app.Drafts().Discard(c.Request().Context(), actor, key); err != nil {
		return err
	}
	s.setNotice(c, noticeDiscarded, key)
	s.markSaved(c, key)
	if d.IsNew() {
		return s.back(c, s.base.NewNote(), s.base.NewNote())
	}
	return s.redirect(c, s.base.EditNote(string(d.Note)))
}

// markSaved tells the scripts of the next page, in a cookie that they can read, that the browser needn't keep its own copy
// of a draft any more.
func (s *server) markSaved(c echo.Context, key domain.ID) {
	if key == "" {
		return
	}
	cookie := s.cookie(s.cookies+"_saved", string(key), 60)
	cookie.HttpOnly = false
	c.SetCookie(cookie)
}

func draftKey(c echo.Context) (domain.ID, error) {
	key, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return "", domain.ErrDraftNotFound
	}
	return key, nil
}

// maxNewDrafts is how many drafts of new notes are offered at once.
const maxNewDrafts = 30

// newDrafts returns what the actor was typing into forms of new notes, for views.DraftOffer.
func (s *server) newDrafts(c echo.Context, actor domain.Actor) ([]views.Draft, error) {
	drafts, err := s.app.Drafts().ListNew(c.Request().Context(), actor, maxNewDrafts)
	list := make([]views.Draft, 0, len(drafts))
	for _, d := range drafts {
		v := views.Draft{Key: string(d.Key), Title: draftTitle(lang.From(c.Request().Context()), d)}
		v.Date, v.DateTime = printDate(d.Saved)
		list = append(list, v)
	}
	return list, err
}

// draftTitle returns what a note that is made of the draft is called.
func draftTitle(t *lang.Language, d domain.Draft) string {
	n, err := domain.NewNote(domain.NoteDraft{Title: d.Title, Content: d.Content}, time.Time{})
	if err != nil {
		return t.Text("draft.untitled")
	}
	return n.Title
}

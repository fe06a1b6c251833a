package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// maxBacklinks is how many of the notes that link to a note its page shows.
const maxBacklinks = 50

func (s *server) showNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	shown, err := s.app.Notes().Show(c.Request().Context(), actor, id, maxBacklinks)
	if err != nil {
		return err
	}
	if err := s.takeText(c, len(shown.Content)); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.NotePage(s.page(c, shown.Title, ""), s.noteView(shown)))
}

// noteView returns a note as its page shows it.
func (s *server) noteView(n app.Shown) views.Note {
	text := s.prose(n.Note, n.Targets, n.State != domain.Trashed)
	v := views.Note{
		Base: s.base, ID: string(n.ID), Title: n.Title, Heading: text.title, HeadingID: text.titleID, Text: text.text, Headings: text.contents(),
		Pinned: n.Pinned, Archived: n.State == domain.Archived, Trashed: n.State == domain.Trashed,
		Version: itoa(n.Saved), HasDraft: n.HasDraft, HasTasks: text.tasks, MoreBacklinks: n.MoreBacklinks,
	}
	for _, tag := range n.AllTags() {
		v.Tags = append(v.Tags, views.Link{Text: "#" + string(tag), URL: s.base.NotesTagged(string(tag))})
	}
	for _, other := range n.Backlinks {
		v.Backlinks = append(v.Backlinks, views.Link{Text: other.Title, URL: s.base.Note(string(other.ID))})
	}
	v.Date, v.DateTime = printDate(n.Updated)
	v.Created, v.CreatedDateTime = printDate(n.Created)
	return v
}

// taskForm is the form of the boxes in a note.
type taskForm struct {
	Base    baseVersion `form:"version"`
	Box     string      `form:"task"`    // whose button was pressed, unless the URL names it
	Checked string      `form:"checked"` // what the box is to be, unless it is to be the other than it is
}

func (f taskForm) validate() error { return f.Base.validate() }

// checked reads Checked.
func (f taskForm) checked() (bool, error) {
	switch f.Checked {
	case "on", "true", "1":
		return true, nil
	case "", "false", "0":
		return false, nil
	}
	return false, domain.NewInvalid(domain.NewFieldError("checked", "task.neither"))
}

// toggleTask ticks the box whose button was pressed, or takes the tick off.
func (s *server) toggleTask(c echo.Context, actor domain.Actor) error {
	form, err := read[taskForm](c)
	if err != nil {
		return err
	}
	return s.tick(c, actor, form.Box, func(ctx context.Context, id domain.ID, n int) error {
		_, err := s.app.Editing().ToggleTask(ctx, actor, id, int(form.Base), n)
		return err
	})
}

// setTask ticks the box that the URL names, or takes the tick off, as the form says.
func (s *server) setTask(c echo.Context, actor domain.Actor) error {
	form, err := read[taskForm](c)
	if err != nil {
		return err
	}
	return s.tick(c, actor, c.Param("n"), func(ctx context.Context, id domain.ID, n int) error {
		done, err := form.checked()
		if err == nil {
			_, err = s.app.Editing().SetTask(ctx, actor, id, int(form.Base), n, done)
		}
		return err
	})
}

// tick has change set a box of the note that the URL names, and shows the note.
func (s *server) tick(c echo.Context, actor domain.Actor, box string, change func(ctx context.Context, id domain.ID, n int) error) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(box)
	if err != nil || n < 1 {
		return domain.NewInvalid(domain.NewFieldError("task", "task.no_number"))
	}
	ctx := c.Request().Context()
	err = change(ctx, id, n)
	collided := errors.Is(err, domain.ErrNoteChanged)
	if err != nil && !collided {
		return err
	}
	if !collided && !isFragment(c.Request()) {
		return s.redirect(c, s.base.Note(string(id))+"#"+taskID+itoa(n))
	}
	shown, err := s.app.Notes().Show(ctx, actor, id, maxBacklinks)
	if err != nil {
		return err
	}
	if err := s.takeText(c, len(shown.Content)); err != nil {
		return err
	}
	note := s.noteView(shown)
	switch {
	case !collided:
		return s.render(c, http.StatusOK, views.Article(note))
	case isFragment(c.Request()):
		problem := views.Problem{
			Title: lang.T(ctx, explanations[http.StatusConflict].title), Text: lang.T(ctx, "task.line_changed"),
		}
		return s.render(c, http.StatusConflict, views.NotTicked(note, problem))
	}
	page := s.page(c, shown.Title, "")
	page.Notice = &views.Notice{Text: lang.T(ctx, "task.line_changed")}
	return s.render(c, http.StatusConflict, views.NotePage(page, note))
}

func (s *server) trashNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, was, err := s.app.Notes().Trash(c.Request().Context(), actor, id, nil)
	if err != nil {
		return err
	}
	if isFragment(c.Request()) {
		return s.render(c, http.StatusOK, views.TrashedCard(s.restoreURL(id, was), string(id), n.Title))
	}
	s.setNotice(c, noticeTrashed, id, string(was))
	return s.back(c, s.base.Notes())
}

// restoreForm is the form that brings a note back from the trash.
type restoreForm struct {
	View string `form:"view"`          // "trash" where it is sent from there
	To   string `form:"to" query:"to"` // "archived" where the note is to go
}

func (s *server) restoreNote(c echo.Context, actor domain.Actor) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	form, err := read[restoreForm](c)
	if err != nil {
		return err
	}
	to := domain.Active
	if form.To == string(domain.Archived) {
		to = domain.Archived
	}
	n, err := s.app.Notes().Restore(c.Request().Context(), actor, id, to)
	switch {
	case err != nil:
		return err
	case !isFragment(c.Request()):
		s.setNotice(c, noticeRestored, id)
		return s.back(c, s.base.Notes(), s.base.Note(string(id)))
	case form.View == "trash":
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
	return s.redirect(c, s.base.NotesWith(views.ListQuery{View: "trash"}))
}

// back sends the client to the page that it comes from, if that is one of the lists from which something can be done with
// a note or one of the pages given, and to another one otherwise.
func (s *server) back(c echo.Context, otherwise string, pages ...string) error {
	r := c.Request()
	pages = append(pages, s.base.Notes(), s.base.Search(), s.base.Tags())
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !slices.Contains(pages, strings.TrimSuffix(from.Path, "/")) {
		return s.redirect(c, otherwise)
	}
	path := strings.TrimSuffix(from.Path, "/")
	if from.RawQuery != "" {
		path += "?" + from.RawQuery
	}
	return s.redirect(c, path)
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

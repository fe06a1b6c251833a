package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// tasksHandler ticks the boxes of notes.
type tasksHandler struct {
	*server
	notes   *app.Notes
	editing *app.Editing
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

// toggle ticks the box whose button was pressed, or takes the tick off.
func (h tasksHandler) toggle(c echo.Context, access domain.WriteAccess) error {
	form, err := read[taskForm](c)
	if err != nil {
		return err
	}
	return h.tick(c, access, form.Box, func(ctx context.Context, id domain.ID, n int) error {
		_, err := h.editing.ToggleTask(ctx, access, id, int(form.Base), n)
		return err
	})
}

// set ticks the box that the URL names, or takes the tick off, as the form says.
func (h tasksHandler) set(c echo.Context, access domain.WriteAccess) error {
	form, err := read[taskForm](c)
	if err != nil {
		return err
	}
	return h.tick(c, access, c.Param("n"), func(ctx context.Context, id domain.ID, n int) error {
		done, err := form.checked()
		if err == nil {
			_, err = h.editing.SetTask(ctx, access, id, int(form.Base), n, done)
		}
		return err
	})
}

// tick sets a box of the note that the URL names, by change, and shows the note.
func (h tasksHandler) tick(c echo.Context, access domain.WriteAccess, box string, change func(ctx context.Context, id domain.ID, n int) error) error {
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
		return h.redirect(c, h.here(c).Note(string(id))+"#"+taskID+itoa(n))
	}
	shown, err := h.notes.Show(ctx, access.Read(), id, maxBacklinks, admitted(c).beside.Drafts > 0)
	if err != nil {
		return err
	}
	if err := h.takeText(c, len(shown.Content)); err != nil {
		return err
	}
	note := h.noteView(c, shown)
	switch {
	case !collided:
		return h.render(c, http.StatusOK, views.Article(note))
	case isFragment(c.Request()):
		problem := views.Problem{
			Title: lang.T(ctx, explanations[http.StatusConflict].title), Text: lang.T(ctx, "task.line_changed"),
		}
		return h.render(c, http.StatusConflict, views.NotTicked(note, problem))
	}
	page := h.page(c, shown.Title, "")
	page.Notice = &views.Notice{Text: lang.T(ctx, "task.line_changed")}
	return h.render(c, http.StatusConflict, views.NotePage(page, note))
}

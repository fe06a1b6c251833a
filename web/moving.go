package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/words"
	"octavo/lang"
	"octavo/views"
)

// movingHandler moves a note into another space.
type movingHandler struct {
	*server
	notes *app.Notes
}

// destinations returns the spaces that notes can be moved into from that of a request, of which one is chosen.
func (s *server) destinations(c echo.Context, access domain.ReadAccess, chosen string) (list []views.Choice, err error) {
	who := admitted(c)
	if who.beside.Spaces == "" || who.mayEdit() != nil {
		return nil, nil
	}
	shared, err := s.bulk.Destinations(c.Request().Context(), access)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(shared, func(a, b domain.SharedSpace) int {
		return cmp.Compare(words.Order("", a.Name), words.Order("", b.Name))
	})
	add := func(id domain.ID, name string) {
		list = append(list, views.Choice{Value: string(id), Text: name, Chosen: string(id) == chosen})
	}
	if who.base.IsShared() {
		add(who.actor.PersonalSpace(), lang.T(c.Request().Context(), "space.own"))
	}
	for _, space := range shared {
		add(space.ID, space.Name)
	}
	return list, nil
}

// movingForm says which space a note is to be moved into.
type movingForm struct {
	To string `form:"to"`
}

// ask asks where a note is to be moved to.
func (h movingHandler) ask(c echo.Context, access domain.ReadAccess) error {
	if err := admitted(c).mayEdit(); err != nil {
		return err
	}
	n, err := h.note(c, access)
	if err != nil {
		return err
	}
	return h.show(c, access, http.StatusOK, n, "", nil)
}

// note returns the note that the URL names, which isn't in the trash.
func (h movingHandler) note(c echo.Context, access domain.ReadAccess) (domain.Note, error) {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return domain.Note{}, err
	}
	n, err := h.notes.Get(c.Request().Context(), access, id)
	if err == nil && n.State == domain.Trashed {
		err = domain.ErrNoteTrashed
	}
	return n, err
}

// show shows where a note can be moved to, and what is wrong with what was chosen.
func (h movingHandler) show(c echo.Context, access domain.ReadAccess, status int, n domain.Note, to string, wrong error) error {
	ctx := c.Request().Context()
	v := views.Moving{
		Note: views.Link{Text: n.Title, URL: h.here(c).Note(string(n.ID))}, URL: h.here(c).MoveNote(string(n.ID)),
	}
	for _, f := range domain.FieldErrors(wrong) {
		v.Error = lang.Say(ctx, f.Message)
	}
	var err error
	if v.To, err = h.destinations(c, access, to); err != nil {
		return err
	}
	return h.render(c, status, views.MovingPage(h.page(c, lang.T(ctx, "page.move_note", "title", n.Title), ""), v))
}

func (h movingHandler) move(c echo.Context, access domain.WriteAccess) error {
	n, err := h.note(c, access.Read())
	if err != nil {
		return err
	}
	form, err := read[movingForm](c)
	if err != nil {
		return err
	}
	moved, err := h.bulk.Change(c.Request().Context(), access, app.ManyMove, form.To, []domain.ID{n.ID})
	if errors.Is(err, domain.Invalid) {
		return h.show(c, access.Read(), http.StatusUnprocessableEntity, n, form.To, err)
	}
	if err != nil {
		return err
	}
	if moved.Undo == "" { // somebody has just removed it
		return domain.ErrNoteNotFound
	}
	h.auditMove(c, form.To, moved)
	h.setUndo(c, moved.Undo)
	return h.redirect(c, h.here(c).Notes())
}

// auditMove leaves a trace of notes that have been moved, in the space that they were in and in the one that they are in now.
func (s *server) auditMove(c echo.Context, to string, moved app.Changed) {
	from := admitted(c).read
	for _, space := range []domain.ID{from.Space(), domain.ID(to)} {
		s.audit(c, domain.AuditNotesMoved, by(from.User()), aboutSpace(space), slog.Int("count", moved.Notes),
			slog.String("from", string(from.Space())), slog.String("to", to))
	}
}

package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
)

// met is what a script learns that says that an editor is open.
type met struct {
	Text string `json:"text"` // who else has it open, or ""
}

// meet says that the editor of a note is open, as its page does every few seconds.
func (h editorHandler) meet(c echo.Context, access domain.WriteAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	names, err := h.presences.Meet(ctx, access, id, domain.PresenceLife)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, echo.MIMEApplicationJSON, met{presentText(ctx, names)})
}

// open shows the form of a note with who else has it open, where others may. That it is open counts for a while: a page without
// scripts doesn't say so again. Nobody is kept from writing where that can't be stored.
func (h editorHandler) open(c echo.Context, t typed, id domain.ID, version int) error {
	ctx, who := c.Request().Context(), admitted(c)
	form := editForm(ctx, h.here(c), t, nil, id, version)
	if access, err := who.grant.Write(domain.ScopeAdmin); err == nil && who.base.IsShared() {
		form.Shared = true
		if names, err := h.presences.Meet(ctx, access, id, domain.PresencePlain); err == nil {
			form.Others = presentText(ctx, names)
		}
	}
	return h.renderForm(c, http.StatusOK, form)
}

// presentText says who has an editor open. Each name is kept from turning what is around it.
func presentText(ctx context.Context, names []string) string {
	if len(names) == 0 {
		return ""
	}
	const isolate, pop = "\u2068", "\u2069"
	return lang.T(ctx, "editor.others", "count", len(names), "names", isolate+strings.Join(names, pop+", "+isolate)+pop)
}

package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// previewHandler shows what is being written as its page would.
type previewHandler struct {
	*server
	links *app.Links
}

// show renders a text that is being written.
func (h previewHandler) show(c echo.Context, access domain.WriteAccess) error {
	typed, err := read[noteFields](c)
	if err != nil {
		return err
	}
	content := strings.ToValidUTF8(strings.ReplaceAll(typed.Content, "\r\n", "\n"), "\uFFFD")
	if len(content) > domain.MaxContent {
		return domain.TooLarge
	}
	if err := h.takeText(c, len(content)); err != nil {
		return err
	}
	targets, err := h.links.Targets(c.Request().Context(), access.Read(), content)
	if err != nil {
		return err
	}
	t := lang.From(c.Request().Context())
	text := proseOf(t, h.here(c), domain.Note{NoteFields: domain.NoteFields{Title: typed.Title, Content: content}}, targets, false)
	if text.title != "" { // the title stands in a field of its own, which shows no marks
		text = proseOf(t, h.here(c), domain.Note{NoteFields: domain.NoteFields{Content: content}}, targets, false)
	}
	if isFragment(c.Request()) {
		return h.render(c, http.StatusOK, views.Prose(text.text))
	}
	return h.render(c, http.StatusOK, views.PreviewPage(h.page(c, lang.T(c.Request().Context(), "page.preview"), ""), typed.Title, text.text))
}

package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// draftsHandler keeps what is being typed.
type draftsHandler struct {
	*server
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

// readDraft reads what is being typed and what it is of: the id of a note and the version that was edited, or "" for a new
// note.
func readDraft(c echo.Context) (t typed, note domain.ID, base int, err error) {
	key, err := draftKey(c)
	if err != nil {
		return typed{}, "", 0, err
	}
	form, err := read[draftForm](c)
	if err != nil {
		return typed{}, "", 0, err
	}
	if form.Note != "" {
		note, err = noteID(form.Note)
	}
	t = form.Typed.typed()
	t.Key = key
	return t, note, int(form.Base), err
}

// keep stores what is being typed. Where that needs no draft, the answer says so by another status.
func (h draftsHandler) keep(c echo.Context, access domain.WriteAccess) error {
	t, note, base, err := readDraft(c)
	if err != nil {
		return err
	}
	kept, err := h.drafts.Keep(c.Request().Context(), access, t.draft(note, base), t.continues)
	switch {
	case err != nil:
		return err
	case !kept:
		return c.NoContent(http.StatusResetContent)
	}
	return c.NoContent(http.StatusNoContent)
}

// cancel discards what is typed in a form that its writer leaves by Cancel.
func (h draftsHandler) cancel(c echo.Context, access domain.WriteAccess) error {
	t, note, base, err := readDraft(c)
	if err != nil {
		return err
	}
	back := h.here(c).Notes()
	if note != "" {
		back = h.here(c).Note(string(note))
	}
	ctx := c.Request().Context()
	as, err := h.drafts.Cancel(ctx, access, t.draft(note, base), t.continues)
	switch {
	case errors.Is(err, domain.Invalid): // it can't be kept, so it isn't thrown away either
		if note != "" {
			return h.renderForm(c, http.StatusUnprocessableEntity, editForm(ctx, h.here(c), t, err, note, base))
		}
		return h.renderForm(c, http.StatusUnprocessableEntity, noteForm(ctx, h.here(c), t, err))
	case err != nil:
		return err
	case as.Key != "":
		h.setNotice(c, noticeDiscarded, as.Key, momentText(as.At))
	}
	h.markSaved(c, t.Key)
	return h.redirect(c, back)
}

func (h draftsHandler) discard(c echo.Context, access domain.WriteAccess) error {
	key, err := draftKey(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	d, err := h.drafts.Get(ctx, access.Read(), key)
	if err != nil {
		return err
	}
	at, err := h.drafts.Discard(ctx, access, key)
	if err != nil {
		return err
	}
	if !at.IsZero() {
		h.setNotice(c, noticeDiscarded, key, momentText(at))
	}
	h.markSaved(c, key)
	if d.IsNew() {
		return h.redirect(c, h.here(c).Drafts())
	}
	return h.back(c, h.here(c).EditNote(string(d.Note)), h.here(c).Drafts())
}

func (h draftsHandler) discardAll(c echo.Context, access domain.WriteAccess) error {
	n, at, err := h.drafts.DiscardAll(c.Request().Context(), access)
	if err != nil {
		return err
	}
	if n > 0 {
		h.setNotice(c, noticeAllDiscarded, access.Space(), momentText(at), itoa(n))
	}
	return h.redirect(c, h.here(c).Drafts())
}

// restore brings back what was discarded at a time, and leads to where that was done: to the list, or the form.
func (h draftsHandler) restore(c echo.Context, access domain.WriteAccess) error {
	at, err := readMoment(c.Param("at"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := h.drafts.Restore(ctx, access, at); err != nil {
		return err
	}
	form := h.here(c).Drafts()
	if key, ok := domain.ParseID(c.QueryParam("draft")); ok {
		d, err := h.drafts.Get(ctx, access.Read(), key)
		switch {
		case err == nil && d.IsNew():
			form = h.here(c).NewNoteFrom(string(key))
		case err == nil:
			form = h.here(c).EditNoteFrom(string(d.Note), string(key))
		case !errors.Is(err, domain.NotFound):
			return err
		}
	}
	if from, err := url.Parse(c.Request().Referer()); err == nil && strings.TrimSuffix(from.Path, "/") == h.here(c).Drafts() {
		form = h.here(c).Drafts()
	}
	return h.redirect(c, form)
}

// momentText is what readMoment reads, in an address or a notice.
func momentText(at time.Time) string { return strconv.FormatInt(at.UnixMicro(), 10) }

func readMoment(text string) (time.Time, error) {
	micros, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, app.ErrDraftsGone
	}
	return time.UnixMicro(micros).UTC(), nil
}

// list shows all drafts.
func (h draftsHandler) list(c echo.Context, access domain.ReadAccess) error {
	if err := admitted(c).mayAdd(); err != nil {
		return err
	}
	ctx := c.Request().Context()
	t := lang.From(ctx)
	list := views.DraftList{Base: h.here(c), Life: domain.Days(domain.DraftLife)}
	if count := admitted(c).beside.Drafts; count > 0 {
		drafts, err := h.drafts.List(ctx, access, maxDrafts)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			v := views.Draft{Note: string(d.Note), Key: string(d.Key), Title: draftTitle(t, d)}
			v.Date, v.DateTime = printDate(t, d.Saved)
			v.GoesDate, v.GoesDateTime = printDate(t, d.Expires())
			list.Drafts = append(list.Drafts, v)
		}
		list.More = max(0, count-len(drafts))
	}
	return h.renderKept(c, http.StatusOK, "", views.DraftsPage(h.page(c, t.Text("page.drafts"), ""), list))
}

// maxDrafts is how many drafts are listed at once.
const maxDrafts = 100

// tellExpired returns what tells, once, that drafts have gone because nobody changed them, or nil.
func (s *server) tellExpired(c echo.Context) *views.Notice {
	who := admitted(c)
	access, err := who.grant.Write(domain.ScopeAdmin)
	if !who.beside.Expired || err != nil {
		return nil
	}
	ctx := c.Request().Context()
	n, at, err := s.drafts.TellExpired(ctx, access)
	if err != nil || n == 0 { // else the next page tells it
		return nil
	}
	return &views.Notice{
		Text: lang.T(ctx, "notice.expired", "count", n, "days", domain.Days(domain.DraftLife)),
		Undo: s.here(c).RestoreDrafts(momentText(at), ""),
	}
}

func draftKey(c echo.Context) (domain.ID, error) {
	key, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return "", domain.ErrDraftNotFound
	}
	return key, nil
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

// draftTitle returns what a note that is made of the draft is called.
func draftTitle(t *lang.Language, d domain.Draft) string {
	if title := d.Called(); title != "" {
		return title
	}
	return t.Text("draft.untitled")
}

package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// sharingHandler shares notes and tags by links, and shows and revokes those.
type sharingHandler struct {
	*server
	sharing *app.Sharing
	notes   *app.Notes
	tags    *app.Tags
}

// sharePage is which shares a page shows: those of a note, those of a tag, or all.
type sharePage struct {
	note domain.Note // or a zero one
	tag  domain.Tag  // or ""
	form *shareForm  // with what has been chosen
	err  error       // what is wrong with that

	made   domain.Share // what has just been made, if something has
	secret string       // of its link
}

// shareForm is what somebody wants of a new share.
type shareForm struct {
	Right    domain.ShareRight `form:"right"`
	Days     int               `form:"days"`
	Password string            `form:"password"`
}

func (h sharingHandler) list(c echo.Context, access domain.ReadAccess) error {
	if err := admitted(c).mayEdit(); err != nil {
		return err
	}
	return h.show(c, access, http.StatusOK, sharePage{})
}

func (h sharingHandler) listOfNote(c echo.Context, access domain.ReadAccess) error {
	if err := admitted(c).mayEdit(); err != nil {
		return err
	}
	n, err := h.note(c, access)
	if err != nil {
		return err
	}
	return h.show(c, access, http.StatusOK, sharePage{note: n})
}

func (h sharingHandler) listOfTag(c echo.Context, access domain.ReadAccess, tag domain.Tag) error {
	return h.show(c, access, http.StatusOK, sharePage{tag: tag})
}

// note returns the note that the URL names.
func (h sharingHandler) note(c echo.Context, access domain.ReadAccess) (domain.Note, error) {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return domain.Note{}, err
	}
	return h.notes.Get(c.Request().Context(), access, id)
}

func (h sharingHandler) shareNote(c echo.Context, access domain.WriteAccess) error {
	n, err := h.note(c, access.Read())
	if err != nil {
		return err
	}
	return h.share(c, access, sharePage{note: n})
}

func (h sharingHandler) shareTag(c echo.Context, access domain.WriteAccess, tag domain.Tag) error {
	return h.share(c, access, sharePage{tag: tag})
}

// share shares what a page is about. Its answer alone shows the link, and isn't kept by any browser.
func (h sharingHandler) share(c echo.Context, access domain.WriteAccess, page sharePage) error {
	return confirmHandler{h.server}.before(func(c echo.Context, access domain.WriteAccess) error {
		return h.shareNow(c, access, page)
	})(c, access)
}

func (h sharingHandler) shareNow(c echo.Context, access domain.WriteAccess, page sharePage) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[shareForm](c)
	if err != nil {
		return err
	}
	page.made, page.secret, err = h.sharing.Make(c.Request().Context(), access, h.session(c), domain.ShareDraft{
		Note: page.note.ID, Tag: page.tag, Right: form.Right, Days: form.Days, Password: form.Password,
	})
	if errors.Is(err, domain.Invalid) {
		page.form, page.err = &form, err
		return h.show(c, access.Read(), http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditShareMade, by(access.User()), aboutShare(page.made), slog.String("right", string(page.made.Right)))
	return h.show(c, access.Read(), http.StatusOK, page)
}

// aboutShare says which share an event is about.
func aboutShare(s domain.Share) slog.Attr { return slog.String("share", string(s.ID)) }

// renew gives a share another link, which its answer shows.
func (h sharingHandler) renew(c echo.Context, access domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	id, err := shareID(c)
	if err != nil {
		return err
	}
	var page sharePage
	page.made, page.secret, err = h.sharing.Renew(c.Request().Context(), access, h.session(c), id)
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditShareRenewed, by(access.User()), aboutShare(page.made))
	return h.show(c, access.Read(), http.StatusOK, page)
}

func (h sharingHandler) revoke(c echo.Context, access domain.WriteAccess) error {
	id, err := shareID(c)
	if err != nil {
		return err
	}
	revoked, err := h.sharing.Revoke(c.Request().Context(), access, id)
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditShareRevoked, by(access.User()), aboutShare(revoked))
	h.setNotice(c, noticeShareRevoked, id)
	pages := []string{h.here(c).ShareNote(string(revoked.Note))}
	if revoked.Tag != "" {
		pages = []string{h.here(c).ShareTag(string(revoked.Tag))}
	}
	return h.back(c, h.here(c).Shares(), pages...)
}

// shareID reads which share a request is about.
func shareID(c echo.Context) (domain.ID, error) {
	id, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return "", domain.ErrShareNotFound
	}
	return id, nil
}

// show shows the shares that a page is about, with the form for another one.
func (h sharingHandler) show(c echo.Context, access domain.ReadAccess, status int, page sharePage) error {
	all, err := h.sharing.List(c.Request().Context(), access)
	if err != nil {
		return err
	}
	t := lang.From(c.Request().Context())
	v := views.Sharing{Base: h.here(c), Tag: string(page.tag)}
	title, section := t.Text("page.shares"), "settings"
	if page.tag != "" || page.note.ID != "" {
		section = ""
	}
	switch {
	case page.tag != "":
		title = t.Text("page.share_tag", "tag", string(page.tag))
		v.Back = views.Link{Text: "#" + string(page.tag), URL: h.here(c).NotesTagged(string(page.tag))}
		v.Form = shareFormView(t, h.here(c).ShareTag(string(page.tag)), page)
	case page.note.ID != "":
		title = t.Text("page.share_note", "title", page.note.Title)
		v.Back = views.Link{Text: page.note.Title, URL: h.here(c).Note(string(page.note.ID))}
		v.Form = shareFormView(t, h.here(c).ShareNote(string(page.note.ID)), page)
	}
	for _, s := range all {
		if page.note.ID != "" && s.Note != page.note.ID || page.tag != "" && s.Tag.Key() != page.tag.Key() {
			continue
		}
		shown := h.shareView(c, access, s)
		if v.Form != nil {
			shown.Of = views.Link{}
		}
		v.Shares = append(v.Shares, shown)
	}
	if page.secret != "" {
		v.Made = &views.MadeShare{
			URL: views.Base(h.url).Shared(page.secret, ""), Allows: t.Text(allows[page.made.Right]), Password: page.made.Password != "",
		}
		if !page.made.Expires.IsZero() {
			v.Made.Expires, v.Made.ExpiresDateTime = printDate(t, page.made.Expires)
		}
	}
	return h.renderKept(c, status, "", views.SharingPage(h.page(c, title, section), v))
}

func (h sharingHandler) shareView(c echo.Context, access domain.ReadAccess, s domain.ListedShare) views.Share {
	t := lang.From(c.Request().Context())
	v := views.Share{
		ID: string(s.ID), Allows: t.Text(allows[s.Right]), Password: s.Password != "",
		Visits: t.Text("share.visits", "count", s.Visits), Renewable: s.By == access.User() && !s.Expired(h.accounts.Now()),
	}
	if s.Tag != "" {
		v.Of = views.Link{Text: "#" + string(s.Tag), URL: h.here(c).ShareTag(string(s.Tag))}
	} else {
		v.Of = views.Link{Text: s.Title, URL: h.here(c).ShareNote(string(s.Note))}
	}
	switch {
	case s.Expired(h.accounts.Now()):
		v.State = t.Text("share.expired")
	case s.Trashed:
		v.State = t.Text("share.trashed")
	}
	if s.May(domain.ShareTick) {
		v.Changes = t.Text("share.changes", "count", s.Changes)
	}
	v.Created, v.CreatedDateTime = printDate(t, s.Created)
	if !s.Expires.IsZero() {
		v.Expires, v.ExpiresDateTime = printDate(t, s.Expires)
	}
	if !s.Visited.IsZero() {
		v.Visited = printDay(t, s.Visited)
	}
	return v
}

// The days that a share may be good for, as its form offers them; 0 is for ever.
var (
	offeredShareDays = []int{0, 1, 7, 30}
	rightTexts       = map[domain.ShareRight]domain.Code{
		domain.ShareRead: "share.right.read", domain.ShareTick: "share.right.tick", domain.ShareAppend: "share.right.append",
	}
	allows = map[domain.ShareRight]domain.Code{
		domain.ShareRead: "share.reads", domain.ShareTick: "share.ticks", domain.ShareAppend: "share.appends",
	}
)

// shareFormView returns the form of a new share with what has been chosen in it, and what is wrong with that.
func shareFormView(t *lang.Language, url string, page sharePage) *views.ShareForm {
	chosen := shareForm{Right: domain.ShareRead}
	if page.form != nil {
		chosen = *page.form
	}
	form := &views.ShareForm{URL: url, Errors: fieldErrors(t, page.err)}
	for _, right := range domain.AllShareRights() {
		form.Rights = append(form.Rights, views.ShareOption{
			Value: string(right), Text: t.Text(rightTexts[right]), Chosen: right == chosen.Right,
		})
	}
	for _, days := range offeredShareDays {
		text := t.Text("share.endless")
		if days > 0 {
			text = t.Text("share.good_for", "count", days)
		}
		form.Days = append(form.Days, views.ShareOption{Value: strconv.Itoa(days), Text: text, Chosen: days == chosen.Days})
	}
	return form
}

package web

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// tokensHandler shows, makes and revokes the tokens of somebody.
type tokensHandler struct{ *server }

func (h tokensHandler) list(c echo.Context, _ domain.ReadAccess) error {
	return h.show(c, http.StatusOK, views.Tokens{Form: h.form(c, tokenForm{Days: usualDays}, nil)})
}

// tokenForm is what somebody wants of a new token.
type tokenForm struct {
	Name   string         `form:"name"`
	Scopes []domain.Scope `form:"scope"`
	Days   int            `form:"days"`
	Space  domain.ID      `form:"space"` // "" for their own
	Tag    string         `form:"tag"`   // "" for all notes
}

// make makes a token. Its answer alone shows the secret, and isn't kept by any browser.
func (h tokensHandler) make(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[tokenForm](c)
	if err != nil {
		return err
	}
	actor := admitted(c).actor
	token, secret, err := h.accounts.MakeToken(c.Request().Context(), actor, domain.TokenDraft(form), h.session(c))
	if errors.Is(err, domain.Invalid) {
		return h.show(c, http.StatusUnprocessableEntity, views.Tokens{Form: h.form(c, form, err)})
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditTokenMade, by(actor.User), slog.String("scopes", token.Scopes.String()))
	return h.show(c, http.StatusOK, views.Tokens{
		Secret: secret, Made: token.Name, Form: h.form(c, tokenForm{Days: usualDays}, nil),
	})
}

// revokedToken names a token by its hash.
type revokedToken struct {
	Token domain.TokenHash `form:"token"`
}

func (h tokensHandler) revoke(c echo.Context, _ domain.WriteAccess) error {
	form, err := read[revokedToken](c)
	if err != nil {
		return err
	}
	actor := admitted(c).actor
	if err := h.accounts.RevokeToken(c.Request().Context(), actor, form.Token); err != nil {
		return err
	}
	h.audit(c, domain.AuditTokenRevoked, by(actor.User))
	h.setNotice(c, noticeTokenRevoked, actor.User)
	return h.redirect(c, h.base.Tokens())
}

// show shows the tokens that there are, with what v has besides.
func (h tokensHandler) show(c echo.Context, status int, v views.Tokens) error {
	ctx, actor := c.Request().Context(), admitted(c).actor
	tokens, err := h.accounts.Tokens(ctx, actor)
	if err != nil {
		return err
	}
	v.Base, v.Key = h.base, actor.User == domain.OwnerID
	names := map[domain.ID]string{}
	for _, space := range admitted(c).beside.SharedSpaces() {
		names[space.ID] = space.Name
	}
	t, now := lang.From(ctx), h.accounts.Now()
	for _, token := range tokens {
		shown := views.Token{Key: string(token.Hash), Name: token.Name, Expired: token.Expired(now), Space: names[token.Space], Tag: string(token.Tag)}
		for _, scope := range token.Scopes {
			shown.Scopes = append(shown.Scopes, string(scope))
		}
		shown.Created, shown.CreatedDateTime = printDate(t, token.Created)
		if !token.Used.IsZero() {
			shown.Used, shown.UsedDateTime = printDate(t, token.Used)
		}
		if !token.Expires.IsZero() {
			shown.Expires, shown.ExpiresDateTime = printDate(t, token.Expires)
		}
		v.Tokens = append(v.Tokens, shown)
	}
	return h.renderKept(c, status, "", views.TokensPage(h.page(c, t.Text("page.tokens"), "settings"), v))
}

// The days that a token may be good for, as its form offers them; 0 is for ever.
var (
	offeredDays = []int{30, usualDays, 365, 0}
	scopeTexts  = map[domain.Scope]domain.Code{
		domain.ScopeNotesRead:   "token.scopes.notes_read",
		domain.ScopeNotesAppend: "token.scopes.notes_append",
		domain.ScopeNotesWrite:  "token.scopes.notes_write",
		domain.ScopeRecords:     "token.scopes.records",
		domain.ScopeFiles:       "token.scopes.files",
		domain.ScopeAdmin:       "token.scopes.admin",
	}
)

const usualDays = 90

// form returns the form of a new token with what has been chosen in it, and what is wrong with that.
func (h tokensHandler) form(c echo.Context, chosen tokenForm, wrong error) views.TokenForm {
	t := lang.From(c.Request().Context())
	form := views.TokenForm{Name: chosen.Name, Tag: chosen.Tag, Errors: fieldErrors(t, wrong)}
	for _, scope := range domain.AllScopes() {
		form.Scopes = append(form.Scopes, views.TokenScope{
			Name: string(scope), Text: t.Text(scopeTexts[scope]), Chosen: slices.Contains(chosen.Scopes, scope),
		})
	}
	for _, space := range byName(admitted(c).beside.SharedSpaces()) {
		form.Spaces = append(form.Spaces, views.TokenSpace{ID: string(space.ID), Name: space.Name, Chosen: space.ID == chosen.Space})
	}
	for _, days := range offeredDays {
		text := t.Text("token.endless")
		if days > 0 {
			text = t.Text("token.good_for", "count", days)
		}
		form.Days = append(form.Days, views.TokenDays{Days: days, Text: text, Chosen: days == chosen.Days})
	}
	return form
}

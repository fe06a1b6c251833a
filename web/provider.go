package web

import (
	"cmp"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
	"octavo/web/oidc"
)

// OIDC says which provider of OpenID Connect people sign in by, and what is made of its groups.
type OIDC struct {
	Issuer, ClientID, ClientSecret string
	Name                           string // that people call it, or "" where there is none
	Scopes                         []string
	GroupsClaim                    string
	AllowedGroup, AdminGroup       string // or ""
}

// provider returns the use cases over the provider of an app.
func provider(cfg Config) *app.Identities {
	o := cfg.OIDC
	return cfg.App.Identities(cfg.Accounts, oidc.New(oidc.Settings{
		Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, Name: o.Name, Scopes: o.Scopes, GroupsClaim: o.GroupsClaim,
		Callback: views.Base(cfg.BaseURL.String()).ComeBack(),
	}), domain.Groups{Allowed: o.AllowedGroup, Admin: o.AdminGroup})
}

// providerHandler has people sign in by a provider that vouches for them.
type providerHandler struct{ signInHandler }

// journeyCookie has what a browser keeps while it is with the provider.
const journeyCookie = "_journey"

// leave sends somebody who signs in to the provider.
func (h providerHandler) leave(c echo.Context) error {
	if _, err := h.authenticate(c.Request().Context(), c); err == nil {
		return h.redirect(c, h.base.Notes()) // or another site could have the provider sign in somebody else in their place
	}
	url, err := h.send(c, domain.Journey{Back: h.local(c.QueryParam("back")), Stay: true})
	if err != nil {
		return err
	}
	return h.redirect(c, url)
}

func (h providerHandler) send(c echo.Context, j domain.Journey) (url string, err error) {
	url, kept, err := h.identities.Send(c.Request().Context(), j)
	if err == nil {
		c.SetCookie(h.cookie(h.cookies+journeyCookie, kept, int(domain.ChallengeLife.Seconds())))
	} else {
		h.auditProvider(c, err)
	}
	return url, err
}

// connect offers to go to the provider to somebody who wants to be known by it. No form leads to other sites, so that a link
// has to.
func (h providerHandler) connect(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	url, err := h.send(c, domain.Journey{Session: h.session(c)})
	if err != nil {
		return err
	}
	title := lang.T(c.Request().Context(), "identity.connect", "provider", h.identities.Provider())
	return h.render(c, http.StatusOK, views.ConnectPage(h.page(c, title, "settings"), views.Connect{
		Base: h.base, Provider: h.identities.Provider(), URL: url,
	}))
}

// identityForm names an identity that is to be one no longer.
type identityForm struct {
	Identity domain.TokenHash `form:"identity"`
}

func (h providerHandler) disconnect(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[identityForm](c)
	if err != nil {
		return err
	}
	actor := admitted(c).actor
	if err := h.identities.Disconnect(c.Request().Context(), actor, form.Identity, h.session(c)); err != nil {
		return err
	}
	h.audit(c, domain.AuditIdentityRemoved, by(actor.User))
	h.setNotice(c, noticeIdentityRemoved, actor.User)
	return h.redirect(c, h.base.Settings())
}

// comeBack lets somebody in for whom the provider vouches.
func (h providerHandler) comeBack(c echo.Context) error {
	r := c.Request()
	if r.Header.Get("Sec-Purpose") != "" {
		return errBeforehand
	}
	address, _ := netip.ParseAddr(c.RealIP()) // without one, all count as one
	in, err := h.identities.Finish(r.Context(), app.Return{
		Kept: h.cookieValue(c, h.cookies+journeyCookie), State: c.QueryParam("state"), Code: c.QueryParam("code"),
		Address: address, Browser: r.UserAgent(), Device: h.cookieValue(c, h.cookies+deviceCookie), Instead: h.sessionToken(c),
	})
	c.SetCookie(h.cookie(h.cookies+journeyCookie, "", -1))
	h.auditProvider(c, err)
	switch connecting := in.Journey.Session != ""; {
	case err == nil && connecting:
		h.audit(c, domain.AuditIdentityAdded, by(in.User))
		h.setNotice(c, noticeIdentityAdded, in.User)
		return h.redirect(c, h.base.Settings())
	case err == nil:
		return h.arrive(c, in)
	case connecting && errors.Is(err, domain.Unauthenticated):
		_, said := problemOf(err)
		return newHTTPError(http.StatusForbidden, said.Code) // who is signed in isn't asked to sign in
	case errors.Is(err, domain.Unauthenticated), errors.Is(err, domain.ErrProviderSilent):
		a := h.answerTo(r.Context(), r.Method, c.Path(), err)
		maps.Copy(c.Response().Header(), a.headers())
		return h.showSignIn(c, a.status, h.signInForm(true, in.Journey.Back, sentence(a.text)))
	}
	return err
}

// arrive lets somebody in, and keeps what has become of them.
func (h providerHandler) arrive(c echo.Context, in app.Returned) error {
	if in.New {
		h.audit(c, domain.AuditIdentityJoined, by(in.User))
	}
	if in.Changed {
		what := domain.AuditMadeMember
		if in.Standing == domain.StandingAdmin {
			what = domain.AuditMadeAdmin
		}
		h.audit(c, what, to(in.User), slog.String("by", "provider"))
	}
	h.begin(c, in.SignedIn, in.Journey.Stay, "provider")
	if err := h.sayFarewell(c, domain.Actor{User: in.User}); err != nil {
		return err
	}
	return h.redirect(c, cmp.Or(h.local(in.Journey.Back), h.base.Notes()))
}

// auditProvider leaves a trace of why nobody was let in, with what was wrong with what the provider said.
func (h providerHandler) auditProvider(c echo.Context, err error) {
	if errors.Is(err, domain.Unauthenticated) {
		why := strings.TrimPrefix(err.Error(), domain.ErrProviderRefused.Error()+": ")
		h.auditRefusal(c, domain.AuditIdentityRefused, slog.String("why", why))
	}
}

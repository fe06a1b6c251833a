package web

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/views"
)

// signedIn lets in only those who have a session, the API key or a token with a scope, and whose role in the space that the
// path names, or in their own, allows what the request does. Nothing of a body is read before it is known who sent it.
func (s *server) signedIn(scope domain.Scope) echo.MiddlewareFunc {
	return s.lettingIn(func(c echo.Context) (admission, error) { return s.admit(c, scope) })
}

// member is signedIn for whatever a role allows: who is in a space may ask about that, and leave it.
func (s *server) member(next echo.HandlerFunc) echo.HandlerFunc {
	return s.lettingIn(func(c echo.Context) (admission, error) { return s.admitReader(c, domain.ScopeAdmin) })(next)
}

func (s *server) lettingIn(admit func(echo.Context) (admission, error)) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			who, err := admit(c)
			if who.read.Space() != "" {
				c.Set(admissionName, who) // also of those who may only read: what says so to them is a page of the space
			}
			if err != nil {
				s.refuse(c, err)
				return nil
			}
			return next(c)
		}
	}
}

// admission says who has sent a request, and what they may do in the space that it is about.
type admission struct {
	actor  domain.Actor
	base   views.Base // of the space
	read   domain.ReadAccess
	write  domain.WriteAccess // zero where the request changes nothing
	beside domain.Beside
	grant  domain.Grant // for what is written on the way, whatever was asked
}

// mayAdd returns nil for somebody who may add to the space, and mayEdit for somebody who may do more there. Otherwise it is
// Forbidden. Forms are for those who may send them.
func (a admission) mayAdd() error {
	_, err := a.grant.Write(domain.ScopeAdmin)
	return err
}

func (a admission) mayEdit() error {
	access, err := a.grant.Write(domain.ScopeAdmin)
	if err != nil {
		return err
	}
	return access.MayEdit()
}

// may returns what pages offer.
func (a admission) may() views.May {
	switch {
	case a.mayEdit() == nil:
		return views.MayEdit
	case a.mayAdd() == nil:
		return views.MayAdd
	}
	return views.MayRead
}

// here returns what paths begin with in the space that a request is about, once it has been admitted to that.
func (s *server) here(c echo.Context) views.Base {
	if who := admitted(c); who.actor.User != "" {
		return who.base
	}
	return s.base
}

// spaceParam is the part of a path that names a shared space.
const spaceParam = "space"

// withinSpace returns a path, or that of a route, without what leads into a shared space.
func withinSpace(path string) string {
	if rest, ok := strings.CutPrefix(path, string(route.InSpace(""))); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
	}
	return path
}

// spaceOf returns the space that the path of a request names, or "" where it is about somebody's own. A text that is no id
// is of a space that isn't there.
func spaceOf(c echo.Context) (domain.ID, error) {
	text := c.Param(spaceParam)
	if text == "" {
		return "", nil
	}
	id, ok := domain.ParseID(text)
	if !ok || string(id) != text {
		return "", domain.ErrSpaceNotFound
	}
	return id, nil
}

// admissionName is where an echo.Context holds the admission.
const admissionName = "admission"

// admitted returns the admission of a request that signedIn has let in, and otherwise a zero one, which opens nothing.
func admitted(c echo.Context) admission {
	who, _ := c.Get(admissionName).(admission)
	return who
}

// admit finds out who has sent a request and, by one look-up, what they may do of what a scope is about.
func (s *server) admit(c echo.Context, scope domain.Scope) (who admission, err error) {
	if who, err = s.admitReader(c, scope); err == nil && !isSafe(c.Request().Method) {
		who.write, err = who.grant.Write(scope)
	}
	return who, err
}

// admitReader is admit for what changes nothing.
func (s *server) admitReader(c echo.Context, scope domain.Scope) (who admission, err error) {
	r := c.Request()
	ctx, cancel := context.WithTimeoutCause(r.Context(), requestTime, errTooLate) // also of what takes longer afterwards
	defer cancel()
	grant, err := s.authenticate(ctx, c)
	if err != nil {
		return admission{}, err
	}
	who = admission{actor: domain.Actor{User: grant.User()}, base: s.base, beside: grant.Beside(), grant: grant}
	if grant.Space() != who.actor.PersonalSpace() {
		who.base = s.base.InSpace(string(grant.Space()))
	}
	who.read, err = grant.Read(scope)
	return who, err
}

// signedInAPI is signedIn for the operations of the JSON API, which find the admission in their context. registry has
// the schemas of what they are sent.
func (s *server) signedInAPI(registry huma.Registry) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := humaecho.Unwrap(ctx)
		r := c.Request()
		var who admission
		var err error
		if !isOpen(ctx.Operation()) {
			who, err = s.admit(c, scopeOf(ctx.Operation()))
		}
		if err != nil {
			s.refuse(c, err)
			return
		}
		given, err := readConditions(r.Header)
		if err == nil {
			err = checkKey(r.Header)
		}
		if err == nil && r.ContentLength != 0 {
			if err = s.takeBody(c); err == nil {
				err = readJSON(r, bodySchema(registry, ctx.Operation()))
			}
		}
		if err != nil {
			s.handleError(err, c)
			return
		}
		ctx = huma.WithValue(huma.WithValue(ctx, admissionKey{}, who), conditionsKey{}, given)
		next(huma.WithValue(ctx, exchangeKey{}, c))
	}
}

type (
	admissionKey struct{}
	exchangeKey  struct{} // of the echo.Context
)

func (s *server) authenticate(ctx context.Context, c echo.Context) (domain.Grant, error) {
	space, wrong := spaceOf(c)
	grant, err := s.authenticateIn(ctx, c, space)
	return grant, cmp.Or(err, wrong) // whoever isn't known isn't told that either
}

func (s *server) authenticateIn(ctx context.Context, c echo.Context, space domain.ID) (domain.Grant, error) {
	if secret, ok := bearer(c.Request()); ok {
		grant, err := s.accounts.ByBearerIn(ctx, space, secret)
		switch {
		case !errors.Is(err, domain.Unauthenticated):
		case domain.IsTokenSecret(secret):
			s.auditRefusal(c, domain.AuditTokenRefused)
		default:
			s.auditRefusal(c, domain.AuditKeyRefused)
		}
		return grant, err
	}
	token := s.sessionToken(c)
	if token == "" {
		return domain.Grant{}, domain.Unauthenticated
	}
	member, err := s.accounts.BySessionIn(ctx, space, token, addressOf(c))
	if err != nil {
		return domain.Grant{}, err
	}
	return member.Grant(), nil
}

// addressOf returns where a request comes from, or a zero one, as which all count that don't say.
func addressOf(c echo.Context) netip.Addr {
	address, _ := netip.ParseAddr(c.RealIP())
	return address
}

// byBrowser keeps whoever has the API key or a token from making themselves a way in that outlives it.
func byBrowser(c echo.Context) error {
	if _, ok := bearer(c.Request()); ok {
		return errByKey
	}
	return nil
}

var errByKey = newHTTPError(http.StatusForbidden, "settings.by_key")

// bearer returns what a request has for a bearer token: the API key, or the secret of a token.
func bearer(r *http.Request) (token string, ok bool) {
	scheme, token, ok := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// sessionToken returns the token of the session that a request is part of, or "".
func (s *server) sessionToken(c echo.Context) string { return s.cookieValue(c, s.cookies) }

// session returns how the session is known in the store that a request is part of.
func (s *server) session(c echo.Context) domain.TokenHash { return domain.HashToken(s.sessionToken(c)) }

// cookieValue returns what a browser keeps in a cookie, or "".
func (s *server) cookieValue(c echo.Context, name string) string {
	cookie, err := c.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// forgets reports whether a browser does what forgetSession asks for: only over https, or on the same machine.
func (s *server) forgets(r *http.Request) bool {
	if s.secure {
		return true
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// forgetSession has the browser forget its session, and all that it has kept of the pages.
func (s *server) forgetSession(c echo.Context) {
	c.SetCookie(s.cookie(s.cookies, "", -1))
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
}

// cookieName returns a name that says which site the cookie is of: browsers send a host's cookies to all of its ports
// and, with the prefix that https asks for, to all of its paths.
func cookieName(base *url.URL) string {
	name := "octavo"
	if base.Scheme == "https" {
		name = hostPrefix + name
	}
	if port := base.Port(); port != "" {
		name += "_" + port
	}
	return name + strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, base.Path)
}

// hostPrefix is of cookies that browsers take by https alone, for one host and for all its paths.
const hostPrefix = "__Host-"

// cookie returns a cookie that scripts can't read. maxAge is in seconds; a negative one removes the cookie.
func (s *server) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, MaxAge: maxAge, Path: "/",
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
}

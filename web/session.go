package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// signedIn lets in only those who have a session or the API key and whose role in their space allows what the request does.
// Nothing of a body is read before it is known who sent it.
func (s *server) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := s.admit(c)
		if err != nil {
			s.refuse(c, err)
			return nil
		}
		c.Set(admissionName, who)
		return next(c)
	}
}

// admission says who has sent a request, and what they may do in their space.
type admission struct {
	actor domain.Actor
	read  domain.ReadAccess
	write domain.WriteAccess // zero where the request changes nothing
}

// admissionName is where an echo.Context holds the admission.
const admissionName = "admission"

// admitted returns the admission of a request that signedIn has let in, and otherwise a zero one, which opens nothing.
func admitted(c echo.Context) admission {
	who, _ := c.Get(admissionName).(admission)
	return who
}

// admit finds out who has sent a request and, by one look-up, what they may do.
func (s *server) admit(c echo.Context) (who admission, err error) {
	r := c.Request()
	ctx, cancel := context.WithTimeoutCause(r.Context(), requestTime, errTooLate) // also of what takes longer afterwards
	defer cancel()
	if who.actor, err = s.authenticate(ctx, c); err != nil {
		return admission{}, err
	}
	if isSafe(r.Method) {
		who.read, err = s.spaces.Read(ctx, who.actor, who.actor.PersonalSpace())
	} else {
		who.write, err = s.spaces.Write(ctx, who.actor, who.actor.PersonalSpace())
		who.read = who.write.Read()
	}
	return who, err
}

// signedInAPI is signedIn for the operations of the JSON API, which find the admission in their context. registry has
// the schemas of what they are sent.
func (s *server) signedInAPI(registry huma.Registry) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := humaecho.Unwrap(ctx)
		r := c.Request()
		who, err := s.admit(c)
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
		next(huma.WithValue(huma.WithValue(ctx, admissionKey{}, who), conditionsKey{}, given))
	}
}

type admissionKey struct{}

func (s *server) authenticate(ctx context.Context, c echo.Context) (domain.Actor, error) {
	if key, ok := bearer(c.Request()); ok {
		actor, err := s.accounts.ByKey(key)
		if errors.Is(err, domain.Unauthenticated) {
			s.auditRefusal(c, wrongKey)
		}
		return actor, err
	}
	token := s.sessionToken(c)
	if token == "" {
		return domain.Actor{}, domain.Unauthenticated
	}
	return s.accounts.BySession(ctx, token)
}

func bearer(r *http.Request) (token string, ok bool) {
	scheme, token, ok := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// sessionToken returns the token of the session that a request is part of, or "".
func (s *server) sessionToken(c echo.Context) string {
	cookie, err := c.Cookie(s.cookies)
	if err != nil {
		return ""
	}
	return cookie.Value
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
		name = "__Host-octavo"
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

// cookie returns a cookie that scripts can't read. maxAge is in seconds; a negative one removes the cookie.
func (s *server) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, MaxAge: maxAge, Path: "/",
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
}

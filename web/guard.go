package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/views"
)

// guard is what holds for every request, whatever its URL: the security headers, the check of the host, the check that no
// other site sends it, and the limit of its body.
type guard struct {
	*journal
	base    views.Base
	hsts    []string // of every response, or nil
	hosts   hostList // that requests may name
	cookies string   // the name of session cookies
}

// handle comes before routing, and takes the base from the front of the path.
func (g *guard) handle(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		handled(r)
		setHeaders(c.Response().Header(), g.hsts)
		err := g.check(c)
		if errors.Is(err, errCrossSite) {
			g.auditRefusal(c, domain.AuditCrossSiteRefused, slog.String("origin", shortened(r.Header.Get(echo.HeaderOrigin))))
		}
		if err != nil {
			return err
		}
		return next(c)
	}
}

var crossSite http.CrossOriginProtection // with no other site that is trusted

func (g *guard) check(c echo.Context) error {
	r := c.Request()
	if g.isProbe(r) {
		return nil
	}
	switch below := g.trimPath(r.URL); {
	case !g.hosts.allow(r.Host):
		return echo.NewHTTPError(http.StatusMisdirectedRequest)
	case !below:
		return echo.ErrNotFound
	case crossSite.Check(r) != nil, g.hidesOrigin(r), embeddedElsewhere(r):
		return errCrossSite
	}
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		return unreadable{err}
	}
	w := c.Response().Writer
	if err := limitBody(w, r); err != nil || !isSafe(r.Method) {
		return err
	}
	return dropBody(w, r)
}

// addHead has whatever can be got have a head as well; net/http leaves the body out. But looking at a link must not use it.
func addHead(e *echo.Echo) {
	e.OnAddRouteHandler = func(_ string, added echo.Route, h echo.HandlerFunc, middleware []echo.MiddlewareFunc) {
		if added.Method == http.MethodGet && added.Path != route.Open() && added.Path != route.ComeBack() {
			e.HEAD(added.Path, h, middleware...)
		}
	}
}

// isProbe reports whether r asks how the program is, as what runs it does: by whatever name it reaches the program, and
// without knowing on which path others find it.
func (g *guard) isProbe(r *http.Request) bool {
	path := strings.TrimPrefix(r.URL.Path, string(g.base))
	if !isSafe(r.Method) || (path != route.Health() && path != route.Ready()) {
		return false
	}
	r.URL.Path, r.URL.RawPath = path, ""
	return true
}

// recovered turns a panic of a handler into an error, and an answer that it owes too, so that they are logged and answered
// like any other fault.
func recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler: //nolint:errorlint // net/http compares it like this
				panic(cause)
			default:
				err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
		}()
		if err = next(c); err == nil && !c.Response().Committed {
			err = errNoAnswer // for which net/http would answer 200
		}
		return err
	}
}

var errNoAnswer = errors.New("the handler has answered nothing")

// hidesOrigin reports whether a browser's request to change something doesn't say where it comes from, as browsers do.
// Such a one can't be told from one that another site has caused.
func (g *guard) hidesOrigin(r *http.Request) bool {
	if isSafe(r.Method) || r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get(echo.HeaderOrigin) != "" {
		return false
	}
	_, isProgram := bearer(r)
	_, err := r.Cookie(g.cookies)
	return !isProgram && err == nil
}

// embeddedElsewhere reports whether a browser asks for something on behalf of another site, other than to open it because
// somebody has followed a link.
func embeddedElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
	default:
		return false
	}
	where := r.Header.Get("Sec-Fetch-Dest")
	return r.Header.Get("Sec-Fetch-Mode") != "navigate" || (where != "" && where != "document")
}

// setHeaders sets the headers of every response. A page replaces the policy by one that lets its scripts run.
func setHeaders(h http.Header, hsts []string) {
	h["Content-Security-Policy"] = policyWithoutScripts
	h["X-Content-Type-Options"] = noSniff
	h["X-Frame-Options"] = deny
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Referrer-Policy"] = sameOrigin
	h["Cache-Control"] = noStore
	if hsts != nil {
		h["Strict-Transport-Security"] = hsts
	}
}

// Header values that never change, shared so that a request doesn't allocate them.
var (
	policyWithoutScripts = []string{policy("'none'")}
	policyOfPages        = []string{policy("'self'")}
	noSniff              = []string{"nosniff"}
	deny                 = []string{"DENY"}
	sameOrigin           = []string{"same-origin"}
	noStore              = []string{"no-store"}
	privateNoCache       = []string{"private, no-cache"}
)

// hstsOf returns how browsers are told to come by https alone, or nil if they aren't.
func hstsOf(cfg Config) []string {
	switch {
	case cfg.BaseURL.Scheme != "https":
		return nil
	case cfg.HSTSSubdomains:
		return []string{"max-age=63072000; includeSubDomains"}
	}
	return []string{"max-age=63072000"} // two years
}

// policy returns the Content-Security-Policy of a page that runs the given scripts: none, or those that are files of this
// server. Nothing but what is built in is a script for a browser: nosniff keeps it to the type that a file is served with,
// and what somebody has uploaded never has that of scripts. So a nonce would keep nothing out, and it would have each page be
// another one each time, while browsers may keep those that haven't changed.
func policy(scripts string) string {
	return "default-src 'none'; script-src " + scripts + "; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; " +
		"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
}

// trimPath takes the base path from the front of u's path and a slash from its end. It reports whether u is below the
// base path. A path with an encoded slash is not: a proxy in front would take it for another one.
func (g *guard) trimPath(u *url.URL) bool {
	path, ok := strings.CutPrefix(u.Path, string(g.base))
	if !ok || (path != "" && path[0] != '/') || strings.Contains(strings.ToLower(u.RawPath), "%2f") {
		return false
	}
	if path = strings.TrimSuffix(path, "/"); path == "" {
		path = "/"
	}
	u.Path, u.RawPath = path, ""
	return true
}

// limitBody refuses a compressed body or one that is announced as too long, and ends one that turns out to be.
func limitBody(w http.ResponseWriter, r *http.Request) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return newHTTPError(http.StatusUnsupportedMediaType, "problem.compressed")
	}
	limit := bodyLimit(withinSpace(r.URL.Path))
	if r.ContentLength > limit {
		return &http.MaxBytesError{Limit: limit}
	}
	r.Body = &sentBody{ReadCloser: http.MaxBytesReader(w, r.Body, limit)}
	return nil
}

// bodyLimit returns how many bytes a request to path may send.
func bodyLimit(path string) int64 {
	switch {
	case path == route.SignIn(), path == route.SignInPasskey(), path == route.APISession(), path == route.Invitation(), isShared(path):
		return maxSignInBytes
	case path == route.Files():
		return domain.MaxFile + maxPartHeaders
	case strings.HasPrefix(path, route.Note("")) && strings.HasSuffix(path, views.AttachSuffix):
		return domain.MaxFile + maxFormBytes
	case isAPI(path):
		return maxJSONBytes
	}
	return maxFormBytes
}

// hostList holds the values that a request's Host header may have. Without it, a site of somebody else's could point
// its own name at this server and read the answers (DNS rebinding).
type hostList struct {
	names map[string]bool
	// anyIP allows each IP address, for a server bound to all of them: an address can't be rebound.
	anyIP bool
}

func allowedHosts(base *url.URL, addr string) hostList {
	list := hostList{names: map[string]bool{}}
	list.add(base.Scheme, base.Hostname(), base.Port())
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return list
	}
	ip, err := netip.ParseAddr(host)
	bound := []string{host}
	if list.anyIP = host == "" || (err == nil && ip.IsUnspecified()); list.anyIP || host == "localhost" || ip.IsLoopback() {
		bound = append(bound, "localhost", "127.0.0.1", "::1")
	}
	for _, name := range bound {
		list.add("http", name, port)
	}
	return list
}

// add allows a host, with its port left out too where that is the scheme's own: browsers leave it out.
func (l hostList) add(scheme, name, port string) {
	name = strings.ToLower(name)
	bare := name
	if strings.Contains(name, ":") {
		bare = "[" + name + "]"
	}
	usual := map[string]string{"http": "80", "https": "443"}[scheme]
	if port == "" || port == usual {
		l.names[bare] = true
		port = usual
	}
	l.names[net.JoinHostPort(name, port)] = true
}

func (l hostList) allow(host string) bool {
	if l.names[host] || l.names[strings.ToLower(host)] {
		return true
	}
	if !l.anyIP {
		return false
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"
)

// guard wraps the app in what holds for every request, whatever its URL: the security headers, the check of the host,
// the check that no other site sends it, the limit of its body, and an answer when the app panics.
func (s *server) guard(e *echo.Echo, hosts hostList) http.Handler {
	crossSite := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.setHeaders(w.Header())
		refuse := func(err error) {
			c := e.AcquireContext()
			defer e.ReleaseContext(c)
			c.Reset(r, w)
			s.handleError(err, c)
		}
		defer func() {
			switch cause := recover().(type) {
			case nil:
			case error:
				if errors.Is(cause, http.ErrAbortHandler) {
					panic(cause)
				}
				refuse(fmt.Errorf("panic: %w\n%s", cause, debug.Stack()))
			default:
				refuse(fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		if !hosts.allow(r.Host) {
			refuse(echo.NewHTTPError(http.StatusMisdirectedRequest))
			return
		}
		if !s.trimPath(r.URL) {
			refuse(echo.ErrNotFound)
			return
		}
		if err := crossSite.Check(r); err != nil {
			refuse(errCrossSite)
			return
		}
		if err := limitBody(w, r); err != nil {
			refuse(err)
			return
		}
		e.ServeHTTP(w, r)
	})
}

// The headers of every response. A page that has scripts replaces the policy by one with a nonce.
func (s *server) setHeaders(h http.Header) {
	h["Content-Security-Policy"] = policyWithoutScripts
	h["X-Content-Type-Options"] = noSniff
	h["X-Frame-Options"] = deny
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Referrer-Policy"] = sameOrigin
	h["Cache-Control"] = noStore
	if s.secure {
		h["Strict-Transport-Security"] = twoYears
	}
}

// Header values that never change, shared so that a request doesn't allocate them.
var (
	policyWithoutScripts = []string{policy("'none'")}
	noSniff              = []string{"nosniff"}
	deny                 = []string{"DENY"}
	sameOrigin           = []string{"same-origin"}
	noStore              = []string{"no-store"}
	twoYears             = []string{"max-age=63072000; includeSubDomains"}
)

// policy returns the Content-Security-Policy of a page that runs the given scripts.
func policy(scripts string) string {
	return "default-src 'none'; script-src " + scripts + "; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; " +
		"frame-ancestors 'none'"
}

// trimPath takes the base path from the front of u's path and a slash from its end. It tells whether u is below the
// base path.
func (s *server) trimPath(u *url.URL) bool {
	path, ok := strings.CutPrefix(u.Path, s.base)
	if !ok || (path != "" && path[0] != '/') {
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
		return echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send the body uncompressed.")
	}
	limit := int64(maxFormBytes)
	if isAPI(r.URL.Path) {
		limit = maxJSONBytes
	}
	if r.ContentLength > limit {
		return &http.MaxBytesError{Limit: limit}
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	return nil
}

// hostList holds the values that a request's Host header may have. Without it, a site of somebody else's could point
// its own name at this server and read the answers (DNS rebinding).
type hostList struct {
	names map[string]bool
	// anyIP allows each IP address, for a server bound to all of them: an address can't be rebound.
	anyIP bool
}

func allowedHosts(base *url.URL, addr string) hostList {
	list := hostList{names: map[string]bool{strings.ToLower(base.Host): true}}
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
		list.names[strings.ToLower(net.JoinHostPort(name, port))] = true
	}
	return list
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

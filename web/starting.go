package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"octavo/domain"
	"octavo/lang"
	"octavo/static"
	"octavo/views"
)

// Gate is what a server serves from the beginning: it has requests wait a moment for the app, and tells them to come
// again while the database is being brought up to date.
type Gate struct {
	base  views.Base
	hsts  []string
	app   atomic.Pointer[http.Handler]
	ready chan struct{}
}

// NewGate returns a gate that is closed.
func NewGate(cfg Config) *Gate {
	return &Gate{base: views.Base(cfg.BaseURL.Path), hsts: hstsOf(cfg), ready: make(chan struct{})}
}

// Open has the gate serve the app from now on. It may be called once.
func (g *Gate) Open(app http.Handler) {
	g.app.Store(&app)
	close(g.ready)
}

const (
	patience   = time.Second // so that hardly anybody notices a start that is fast
	comesAgain = "5"         // seconds
)

func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if app := g.app.Load(); app != nil {
		(*app).ServeHTTP(w, r)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, string(g.base))
	if path != route.Health() && path != route.Ready() && !strings.HasPrefix(path, static.Prefix) {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-g.ready:
			(*g.app.Load()).ServeHTTP(w, r)
			return
		case <-timer.C:
		case <-r.Context().Done():
		}
	}
	handled(r)
	setHeaders(w.Header(), g.hsts)
	switch {
	case path == route.Health():
		_, _ = w.Write([]byte("ok\n"))
	case strings.HasPrefix(path, static.Prefix) && g.static(w, r, path):
	default:
		g.refuse(w, r, path)
	}
}

// static serves a static file, which the page wants, and reports whether there is one.
func (g *Gate) static(w http.ResponseWriter, r *http.Request, path string) bool {
	below := r.Clone(r.Context())
	below.URL.Path = path
	return static.Serve(w, below)
}

func (g *Gate) refuse(w http.ResponseWriter, r *http.Request, path string) {
	ctx, h := r.Context(), w.Header()
	h.Set("Retry-After", comesAgain)
	switch {
	case path == route.Ready():
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(lang.T(ctx, "starting.text") + "\n"))
	case isAPI(path) || wantsJSON(r):
		h.Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusServiceUnavailable)
		a := answer{status: http.StatusServiceUnavailable}
		a.say(ctx, domain.NewMessage("starting.text"))
		_ = json.NewEncoder(w).Encode(a.model(ctx))
	default:
		h.Set("Content-Type", "text/html; charset=utf-8")
		h["Content-Security-Policy"] = policyOfPages
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = views.StartingPage(g.base).Render(ctx, w)
	}
}

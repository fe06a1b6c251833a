package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"octavo/web"
)

func TestWhileTheDatabaseIsBroughtUpToDateRequestsAreToldToComeAgain(t *testing.T) {
	s := newSite(t)
	gate := web.NewGate(web.Config{Log: slog.New(slog.DiscardHandler), BaseURL: &url.URL{Scheme: "https", Host: testHost, Path: "/sub"}})
	get := func(target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		gate.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
		return w
	}
	for target, want := range map[string]string{
		"/sub/notes":        `<a class="button" href="">`,
		"/sub/api/v1/notes": `"status":503`,
		"/sub/records/":     `"status":503`,
		"/readyz":           "updating its database",
		"/sub/readyz":       "updating its database",
	} {
		w := get(target)
		wantEqual(t, w.Code, http.StatusServiceUnavailable)
		wantEqual(t, w.Header().Get("Retry-After"), "5")
		wantEqual(t, w.Header().Get("Cache-Control"), "no-store")
		wantEqual(t, w.Header().Get("X-Content-Type-Options"), "nosniff")
		if !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") ||
			!strings.HasPrefix(w.Header().Get("Strict-Transport-Security"), "max-age=") {
			t.Errorf("%s is answered\n%v\n%s", target, w.Header(), w.Body)
		}
	}
	wantEqual(t, get("/healthz").Code, http.StatusOK)
	page := get("/sub/notes").Body.String()
	for _, before := range []string{`rel="stylesheet" href="`, `<script src="`, `data-ready="`} {
		_, path, _ := strings.Cut(page, before)
		path, _, _ = strings.Cut(path, `"`)
		wantEqual(t, get(path).Code, map[bool]int{true: http.StatusServiceUnavailable, false: http.StatusOK}[path == "/sub/readyz"])
	}

	answered := make(chan int)
	go func() { answered <- get("/healthz/waits").Code }() // for the app, which is there in a moment
	gate.Open(s.handler)
	wantEqual(t, <-answered, http.StatusMisdirectedRequest)
}

package web

import (
	"net"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// Routes returns every route as method and path, with ids as in the API's description.
func Routes() (routes []string) {
	cfg := Config{App: app.New(memory.New(), &memory.Blobs{}, domain.SystemClock{}), BaseURL: &url.URL{}}
	e := echo.New()
	newServer(cfg).routes(e, cfg)
	for _, r := range e.Routes() {
		if r.Method != http.MethodHead { // which follows from GET
			routes = append(routes, r.Method+" "+r.Path)
		}
	}
	return routes
}

// ClientAddress returns whom the app takes for the client of a request, when the given proxies are trusted.
func ClientAddress(trusted []*net.IPNet, r *http.Request) string { return ipExtractor(trusted)(r) }

// FollowConnections returns a server's ConnState that allows so many connections.
func FollowConnections(most int) func(net.Conn, http.ConnState) { return newConnections(most).follow }

// StatusOf returns the status that the table has for a kind.
func StatusOf(kind domain.Kind) (status int, known bool) {
	status, known = statuses[kind]
	return status, known
}

// AgreedText is agreedText.
var AgreedText = agreedText

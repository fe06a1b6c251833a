// Package web is the HTTP adapter: it turns requests into calls of the use cases and their results into pages,
// fragments for htmx, and JSON. routes.go lists every URL; errors.go holds the one table from kinds of error to
// statuses.
package web

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/views"
	"octavo/web/passkey"
)

// Config is what the adapter needs.
type Config struct {
	App      *app.App
	Accounts *app.Accounts
	Log      *slog.Logger
	// BaseURL is where users find the app, without a slash at its end. Its path may be a sub-path, and https makes
	// cookies secure.
	BaseURL *url.URL
	// Addr is the host and port that the server is bound to. Requests may name it as their host, beside BaseURL's.
	Addr string
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []*net.IPNet
	// HSTSSubdomains tells browsers that the names below BaseURL's host are to be reached by https, too.
	HSTSSubdomains bool
	// OIDC is the provider that people may sign in by.
	OIDC OIDC
	// Version is the program's, for the API's description.
	Version string
	// Build is another text for each program that may show the same notes in another way.
	Build string
}

// The limits of a connection.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 120 * time.Second
	maxHeaderBytes    = 32 << 10
	maxFormBytes      = 8 * domain.MaxContent // which may take six times as much as a form
	maxJSONBytes      = 4 * domain.MaxContent
	maxSignInBytes    = 16 << 10
	maxPartHeaders    = 16 << 10         // what an upload has around its file
	uploadTime        = 10 * time.Minute // for a file: 25 MiB at 350 kbit/s
)

// NewServer returns a server of a handler, which is the app or a Gate, with every limit set. What it serves is to come
// from Listen.
func NewServer(cfg Config, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		// OPTIONS * has no more to say than any other request.
		DisableGeneralOptionsHandler: true,
		ConnState:                    newConnections(maxConnections).follow,
		ConnContext:                  withConnection,
		ErrorLog:                     slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug),
	}
}

// New returns the app as an HTTP handler.
func New(cfg Config) http.Handler {
	s := newServer(cfg)
	g := &guard{&s.journal, s.base, hstsOf(cfg), allowedHosts(cfg.BaseURL, cfg.Addr), s.cookies}
	e := echo.New()
	e.HTTPErrorHandler = s.handleError
	e.Binder, e.Validator = &binder{}, validator{}
	e.Pre(s.accessLog, recovered, g.handle)
	e.Use(s.limited, withDeadline)
	e.IPExtractor = ipExtractor(cfg.TrustedProxies)
	s.routes(e, cfg)
	return e
}

// server is what the handlers of all features have in common.
type server struct {
	journal
	limits                   // of what is done at once
	deliveries               // of answers to their readers
	accounts   *app.Accounts // who asks, and what they may do
	passkeys   *app.Passkeys
	identities *app.Identities
	searching  *app.Search   // the saved searches in the frame of each page
	kept       *keptSearches // which are read again only after a change of them
	bulk       *app.Bulk     // what a notice offers to take back
	drafts     *app.Drafts   // and those that have gone
	base       views.Base
	url        string // where users find the app
	build      string
	secure     bool   // users reach the app by https
	public     bool   // others than this machine's own users reach it
	cookies    string // the session cookie's name, which the others' names begin with

	unknown chan struct{} // holds one for each stranger whose note is being read and given back
}

func newServer(cfg Config) *server {
	cookies := cookieName(cfg.BaseURL)
	return &server{
		journal:    journal{log: cfg.Log, trail: cfg.App.Audit(), keptRefusals: repeats{gap: keptGap}},
		limits:     newLimits(runtime.GOMAXPROCS(0), cookies),
		deliveries: deliveries{all: map[*delivery]struct{}{}},
		accounts:   cfg.Accounts,
		passkeys:   cfg.App.Passkeys(cfg.Accounts, passkey.New(cfg.BaseURL)),
		identities: provider(cfg),
		searching:  cfg.App.Search(),
		kept:       newKeptSearches(),
		bulk:       cfg.App.Bulk(),
		drafts:     cfg.App.Drafts(),
		base:       views.Base(cfg.BaseURL.Path),
		url:        cfg.BaseURL.String(),
		build:      cfg.Build,
		secure:     cfg.BaseURL.Scheme == "https",
		public:     !isLoopback(cfg.Addr) || !isLoopbackHost(cfg.BaseURL.Hostname()),
		cookies:    cookies,
		unknown:    make(chan struct{}, maxUnknown),
	}
}

// isLoopback reports whether a server that is bound to addr is reached from its own machine alone.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && isLoopbackHost(host)
}

func isLoopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func ipExtractor(trusted []*net.IPNet) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range trusted {
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

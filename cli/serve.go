package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"

	"octavo/app"
	"octavo/domain"
	"octavo/web"
)

// drainTime is how long requests that are under way may take when the program is asked to stop.
const drainTime = 20 * time.Second

// The live heap is a few megabytes, so that collecting it at four times its size costs little memory and saves a fifth
// of the CPU time of a page. After a peak that would cost much, so from a size on it is collected more often. The size
// leaves room for the one large text that is rendered at a time: below it, the collector would take longer for that than
// the rendering. SQLite has some 30 MiB of its own. GOGC and GOMEMLIMIT override them.
const (
	gcPercent   = 400
	memoryLimit = 64 << 20 // bytes
)

type serveCommand struct{}

// Run starts the app and returns when it has been asked to stop and is done with what was under way. A second signal
// ends the program at once.
func (serveCommand) Run(p *program) (err error) {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(gcPercent)
	}
	if _, set := os.LookupEnv("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(memoryLimit)
	}
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as it is under nohup
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(p.ctx, signals...)
	defer stop()

	s, err := p.settings()
	if err != nil {
		return err
	}
	log := s.logger(p)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.HTTPAddr)
	if err != nil {
		return fmt.Errorf("HTTP_ADDR: %w", err)
	}
	defer func() { _ = listener.Close() }() // closed already when it has been served
	keys, err := s.openKeys()
	if err != nil {
		return err
	}
	base := s.url(listener.Addr().String())
	config := web.Config{
		Log:            log,
		BaseURL:        base,
		Addr:           boundAddr(s.HTTPAddr, listener),
		TrustedProxies: s.proxies,
		HSTSSubdomains: s.HSTSSubdomains,
		OIDC: web.OIDC{
			Issuer: s.OIDC.Issuer, ClientID: s.OIDC.ClientID, ClientSecret: s.OIDC.ClientSecret, Name: s.OIDC.Name, Scopes: s.OIDC.Scopes,
			GroupsClaim: s.OIDC.GroupsClaim, AllowedGroup: s.OIDC.AllowedGroup, AdminGroup: s.OIDC.AdminGroup,
		},
		Version: version,
		Build:   build(),
	}
	gate := web.NewGate(config)
	server := web.NewServer(config, gate)
	served := make(chan error, 1)
	go func() { served <- server.Serve(web.Listen(listener, config)) }()
	defer func() { _ = server.Close() }() // closed already when it has been served

	store, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	blobs, closeBlobs, err := s.openBlobs()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBlobs()) }()

	config.Accounts = app.NewAccounts(store, domain.SystemClock{}, keys)
	if err := config.Accounts.EnsureOwner(ctx); err != nil {
		return err
	}
	config.App = app.New(store, blobs, domain.SystemClock{})
	config.App.LimitUploads(s.quota)
	stopHousekeeping := inBackground(ctx,
		func(ctx context.Context) { tidy(ctx, log, config.App.Housekeeping()) },
		func(ctx context.Context) { reindex(ctx, log, config.App.Housekeeping()) },
		func(ctx context.Context) {
			storeAgain(ctx, log, "storing when tokens were used failed", config.Accounts.StoreTokenUses)
		},
		func(ctx context.Context) {
			storeAgain(ctx, log, "storing when sessions were used failed", config.Accounts.StoreSessionUses)
		},
		func(ctx context.Context) {
			storeAgain(ctx, log, "counting the visits of shared links failed", config.App.Sharing(config.Accounts).StoreVisits)
		},
	)
	defer stopHousekeeping()
	gate.Open(web.New(config))
	log.Info("started", slog.String("version", version), slog.String("address", listener.Addr().String()))
	if err := p.welcome(base, keys); err != nil {
		return err
	}

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stop() // from here on a signal does what it always does: it ends the program
	log.Info("stopping, when what is under way is done; a second signal stops at once")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		log.Warn("some requests were cut off", slog.Any("error", errors.Join(err, server.Close())))
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	log.Info("stopped")
	return nil
}

// welcome tells on standard output that the app is ready. A link that signs in is printed for a person at a terminal
// alone: anywhere else it would lie in a log.
func (p *program) welcome(base *url.URL, keys domain.Keys) error {
	terminal, ok := p.stdout.(*os.File)
	if !ok || !isatty.IsTerminal(terminal.Fd()) {
		_, err := fmt.Fprintf(p.stdout, "Octavo is ready at %s. Run `octavo link` for a link that opens it.\n", base)
		return err
	}
	link, err := newLink(base, keys, domain.OwnerID)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "Octavo is ready. Open %s\n(The link works once, within %.0f minutes; `octavo link` prints another.)\n",
		link, domain.SignInLife.Minutes())
	return err
}

// When the app tidies up: a while after the start, which has enough to do, and then again and again.
const (
	finishingGap = 10 * time.Second // and at once
	firstTidying = time.Minute
	tidyingGap   = 10 * time.Minute
)

// tidy finishes what has been begun, and removes what has had its time, until ctx ends.
func tidy(ctx context.Context, log *slog.Logger, housekeeping *app.Housekeeping) {
	finishing := time.NewTicker(finishingGap)
	defer finishing.Stop()
	tidying := time.NewTimer(firstTidying)
	defer tidying.Stop()
	for {
		if err := housekeeping.Finish(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "going on with a change of many notes failed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-finishing.C:
		case <-tidying.C:
			if err := housekeeping.Run(ctx); err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "tidying up failed", slog.Any("error", err))
			}
			tidying.Reset(tidyingGap)
		}
	}
}

// storeAgain stores what no request waits for, again and again until ctx ends, and then once more. What may fail is logged so.
func storeAgain(ctx context.Context, log *slog.Logger, failed string, store func(context.Context) error) {
	next := time.NewTicker(domain.TokenTouch)
	defer next.Stop()
	for last := false; !last; {
		select {
		case <-ctx.Done():
			last = true
		case <-next.C:
		}
		storing, cancel := context.WithTimeout(context.WithoutCancel(ctx), storingTime)
		if err := store(storing); err != nil {
			log.ErrorContext(ctx, failed, slog.Any("error", err))
		}
		cancel()
	}
}

// storingTime is how long that may take: the program may be about to stop.
const storingTime = 5 * time.Second

// inBackground runs each of the functions until ctx ends or stop is called, which returns when all have come to their end.
func inBackground(ctx context.Context, run ...func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, fn := range run {
		running.Go(func() { fn(ctx) })
	}
	return func() {
		cancel()
		running.Wait()
	}
}

// boundAddr returns the host as it was set, since a wildcard's own form depends on the system, and the port as bound.
func boundAddr(set string, listener net.Listener) string {
	host, _, err := net.SplitHostPort(set)
	_, port, portErr := net.SplitHostPort(listener.Addr().String())
	if err != nil || portErr != nil {
		return listener.Addr().String()
	}
	return net.JoinHostPort(host, port)
}

func (s *settings) logger(p *program) *slog.Logger {
	options := &slog.HandlerOptions{Level: s.level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, options))
	}
	return slog.New(slog.NewTextHandler(p.stderr, options))
}

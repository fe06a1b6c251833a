package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/semaphore"
)

// How much is done at once. A request beyond waits for a moment and then is answered that the server is busy.
const (
	maxUnderWay  = 64 // requests of those who show a session or a key
	maxStrangers = 32 // requests of others
	maxUploads   = 16
	maxStreams   = 16       // lists that are sent whole
	maxSearches  = 3        // each may read a hundred whole notes; fewer than SQLite has connections to read with
	maxIncoming  = 32 << 20 // bytes of the large bodies of requests

	largeBody = 64 << 10 // bytes from which on a body counts
	largeText = 32 << 10 // bytes from which on a text is large: those are rendered and compared one after the other

	busyTime = time.Second // for something to become free
)

// limits are what requests have in common: how many of each kind there may be at once.
type limits struct {
	underWay, strangers, uploads, streams, searches, largeTexts chan struct{}
	incoming                                                    *semaphore.Weighted
	cookies                                                     string // the name by which a session is shown
}

// newLimits returns limits for a machine that does work things at once, on which cookies is the name of session cookies.
func newLimits(work int, cookies string) limits {
	places := func(n int) chan struct{} { return make(chan struct{}, n) }
	return limits{
		underWay: places(maxUnderWay), strangers: places(maxStrangers), uploads: places(maxUploads), streams: places(maxStreams),
		searches:   places(maxSearches),
		largeTexts: places(max(1, work-1)), // so that others go on meanwhile
		incoming:   semaphore.NewWeighted(maxIncoming),
		cookies:    cookies,
	}
}

// places are those that a request takes. It leaves them when it is answered, or before, when nothing is left to do but to
// wait for its reader.
type places struct{ leave []func() }

const placesName = "places"

func placesOf(c echo.Context) *places {
	p, ok := c.Get(placesName).(*places)
	if !ok {
		p = &places{}
		c.Set(placesName, p)
	}
	return p
}

func (p *places) leaveAll() {
	for _, leave := range p.leave {
		leave()
	}
	p.leave = nil
}

// wait takes one of the free places, and returns errBusy when none becomes free.
func wait(ctx context.Context, free chan struct{}) error {
	select {
	case free <- struct{}{}:
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, busyTime)
	defer cancel()
	select {
	case free <- struct{}{}:
		return nil
	case <-ctx.Done():
		return errBusy
	}
}

// take has a request take one of the free places.
func take(c echo.Context, free chan struct{}) error {
	if err := wait(c.Request().Context(), free); err != nil {
		return err
	}
	p := placesOf(c)
	p.leave = append(p.leave, func() { <-free })
	return nil
}

// limited has so many requests under way and no more.
func (l *limits) limited(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		free := l.underWay
		if _, hasKey := bearer(r); !hasKey {
			if _, err := r.Cookie(l.cookies); err != nil {
				free = l.strangers
			}
		}
		if c.Path() != route.Health() && c.Path() != route.Ready() {
			if err := take(c, free); err != nil {
				return err
			}
		}
		defer placesOf(c).leaveAll()
		return next(c)
	}
}

// takeBody takes a part of what there may be of the bodies of requests, for one that is large or doesn't say how large it
// is.
func (l *limits) takeBody(c echo.Context) error {
	r := c.Request()
	size := r.ContentLength
	if size < 0 {
		size = bodyLimit(withinSpace(r.URL.Path))
	}
	if size <= largeBody || r.Body == http.NoBody {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), busyTime)
	defer cancel()
	if err := l.incoming.Acquire(ctx, size); err != nil {
		return errBusy
	}
	p := placesOf(c)
	p.leave = append(p.leave, func() { l.incoming.Release(size) })
	return nil
}

// takeText takes a place among those who render or compare large texts, if size says that this one is large.
func (l *limits) takeText(c echo.Context, size int) error {
	if size <= largeText {
		return nil
	}
	return take(c, l.largeTexts)
}

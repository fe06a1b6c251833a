package web

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// requestTime is how long a request may take once its body has been read. With the time to find out what has become of
// what wasn't confirmed, the answer is there after 15 seconds.
const requestTime = 12 * time.Second

var errTooLate = domain.NewError(domain.Unavailable, "database.slow")

// withDeadline ends the context of each request, but for those that may go on as long as they move something.
func withDeadline(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if isTransfer(r.Method, c.Path()) {
			return next(c)
		}
		limit := requestTime
		hasBody := r.Body != nil && r.Body != http.NoBody
		if hasBody {
			limit += readTimeout
		}
		ctx, cancel := context.WithTimeoutCause(r.Context(), limit, errTooLate)
		defer cancel()
		if hasBody {
			var tooLate context.CancelCauseFunc
			ctx, tooLate = context.WithCancelCause(ctx)
			timer := time.AfterFunc(requestTime, func() { tooLate(errTooLate) })
			defer timer.Stop()
			r.Body = prolonging{r.Body, timer}
		}
		c.SetRequest(r.WithContext(ctx))
		// An error is shown in the time that the client has.
		defer func() { c.SetRequest(c.Request().WithContext(r.Context())) }()
		return next(c)
	}
}

// isTransfer reports whether a route takes or gives a file or a list of any length.
func isTransfer(method, path string) bool {
	path = withinSpace(path)
	return strings.HasPrefix(path, route.Files()) || path == route.AttachToNew() || path == route.AttachToNote(":id") ||
		(isSafe(method) && path == route.Records())
}

// prolonging is a body whose reading doesn't count as time that the request takes. That has limits of its own.
type prolonging struct {
	io.ReadCloser
	timer *time.Timer
}

func (b prolonging) Read(p []byte) (int, error) {
	if b.timer.Stop() {
		defer b.timer.Reset(requestTime)
	}
	return b.ReadCloser.Read(p)
}

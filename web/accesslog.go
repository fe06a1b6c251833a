package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// accessLog logs each request in one line once it is answered. It says the route, not the path, nor what follows it: names
// of tags and files, what somebody looks for and the keys of links are nobody else's.
func (j *journal) accessLog(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begun := time.Now()
		r, w := c.Request(), c.Response()
		id := rand.Text()[:12]
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		c.SetRequest(r.WithContext(ctx))
		w.Header().Set(echo.HeaderXRequestID, id)
		defer func() { // also of an answer that breaks off
			j.log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("route", c.Path()),
				slog.Int("status", w.Status), slog.Int64("bytes", w.Size), slog.Duration("duration", time.Since(begun)),
				slog.String("request_id", id))
		}()
		if err := next(c); err != nil {
			c.Error(err)
		}
		return nil
	}
}

type requestIDKey struct{}

// requestID returns the id under which the request is logged that a context is of.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

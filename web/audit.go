package web

import (
	"log/slog"

	"github.com/labstack/echo/v4"
)

// journal is what the program logs of requests.
type journal struct {
	log              *slog.Logger
	faults, refusals repeats
}

// event is something that matters to the security of the installation.
type event string

// The events, as they are called in the log.
const (
	signIn       event = "signed in"
	signOut      event = "signed out"
	sessionEnded event = "session ended"

	wrongLink        event = "a link was refused"
	wrongKey         event = "an API key was refused"
	crossSiteRefused event = "a request from another site was refused"
)

// audit logs an event with who caused it, as far as that is known: never with a secret.
func (j *journal) audit(c echo.Context, what event, attrs ...slog.Attr) {
	ctx := c.Request().Context()
	attrs = append(attrs, slog.String("event", string(what)), slog.String("address", c.RealIP()), slog.String("request_id", requestID(ctx)))
	j.log.LogAttrs(ctx, slog.LevelInfo, "security", attrs...)
}

// auditRefusal logs an event that anybody can cause, as often as they like: once a second at most.
func (j *journal) auditRefusal(c echo.Context, what event, attrs ...slog.Attr) {
	ctx := c.Request().Context()
	j.refusals.tell(string(what), requestID(ctx),
		func() { j.audit(c, what, attrs...) },
		func(reference string, again int) {
			j.log.LogAttrs(ctx, slog.LevelInfo, "security", slog.String("event", string(what)), slog.Int("count", again),
				slog.String("request_id", reference))
		})
}

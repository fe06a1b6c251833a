package web

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
)

// journal is what the program logs of requests, and the trail that it keeps of those that matter to security.
type journal struct {
	log              *slog.Logger
	faults, refusals repeats
	trail            *app.Audit
	keptRefusals     repeats
}

// How often an event is kept that anybody can cause, and how long keeping one may take.
const (
	keptGap  = time.Minute
	keepTime = 5 * time.Second
)

// by says who caused an event, and to, to whom it was done. All other attributes are details.
func by(user domain.ID) slog.Attr { return slog.String(byUser, string(user)) }
func to(user domain.ID) slog.Attr { return slog.String(toUser, string(user)) }

// aboutSpace says which space it is about, where the path of the request doesn't.
func aboutSpace(id domain.ID) slog.Attr { return slog.String(inSpace, string(id)) }

const (
	byUser  = "user"
	toUser  = "for"
	inSpace = "space"
)

// audit logs and keeps an event that matters to the security of the installation: never with a secret.
func (j *journal) audit(c echo.Context, what domain.Code, attrs ...slog.Attr) {
	j.logEvent(c, what, attrs)
	j.keep(c.Request().Context(), newEvent(c, what, attrs))
}

// auditRefusal logs an event that anybody can cause, as often as they like: once a second at most. Once a minute it is kept,
// for each user to whose account it happens, and then how often it has happened since.
func (j *journal) auditRefusal(c echo.Context, what domain.Code, attrs ...slog.Attr) {
	ctx := c.Request().Context()
	j.refusals.tell(string(what), requestID(ctx),
		func() { j.logEvent(c, what, attrs) },
		func(reference string, again int) {
			j.log.LogAttrs(ctx, slog.LevelInfo, "security", eventName(what), slog.Int("count", again),
				slog.String("request_id", reference))
		})

	e, first := newEvent(c, what, attrs), false
	j.keptRefusals.tell(string(what)+" "+string(e.To), "",
		func() { first = true },
		func(_ string, again int) {
			j.keep(context.Background(), domain.AuditEvent{Action: what, To: e.To, Detail: "again=" + strconv.Itoa(again)})
		})
	if first { // nobody waits for it: how long an answer takes is to tell nothing of whether there is such a user
		go j.keep(ctx, e)
	}
}

func (j *journal) logEvent(c echo.Context, what domain.Code, attrs []slog.Attr) {
	ctx := c.Request().Context()
	attrs = append(attrs, eventName(what), slog.String("address", c.RealIP()), slog.String("request_id", requestID(ctx)))
	j.log.LogAttrs(ctx, slog.LevelInfo, "security", attrs...)
}

// eventName says in the log what has happened.
func eventName(what domain.Code) slog.Attr {
	return slog.String("event", strings.TrimPrefix(string(what), "audit."))
}

func newEvent(c echo.Context, what domain.Code, attrs []slog.Attr) domain.AuditEvent {
	e := domain.AuditEvent{Action: what, Address: c.RealIP()}
	if who := admitted(c); who.base.IsShared() {
		e.Space = who.grant.Space()
	}
	var details []string
	for _, attr := range attrs {
		value := attr.Value.String()
		switch attr.Key {
		case byUser:
			e.User = domain.ID(value)
		case toUser:
			e.To = domain.ID(value)
		case inSpace:
			e.Space = domain.ID(value)
		default:
			if strings.ContainsAny(value, " =\"") { // so that no value looks like several
				value = strconv.Quote(value)
			}
			details = append(details, attr.Key+"="+value)
		}
	}
	e.Detail = strings.Join(details, " ")
	return e
}

// keep keeps an event, whether whoever caused it waits for an answer or not. What has been done has been done, even where
// that can't be kept.
func (j *journal) keep(ctx context.Context, e domain.AuditEvent) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	if err := j.trail.Record(ctx, e); err != nil {
		j.log.LogAttrs(ctx, slog.LevelWarn, "an audit event couldn't be kept", eventName(e.Action),
			slog.Any("error", err), slog.String("request_id", requestID(ctx)))
	}
}

package backend

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"

	"octavo/domain"
)

// About is the part of an URL that an error is about.
type About string

// What a server can refuse.
const (
	Address  About = "address"
	Login    About = "login"
	Database About = "database"
	TLS      About = "TLS"
)

// Refusal is the error of a server that is there but doesn't take what the URL says. It is domain.Unavailable.
type Refusal struct {
	About About
	unusable
}

func refuse(about About, format string, args ...any) error {
	return &Refusal{about, unusable{domain.Unavailable, fmt.Sprintf(format, args...)}}
}

// unusable says why a database can't be used to whoever runs the program, and is of a kind. What users read of an error
// is a code instead.
type unusable struct {
	kind domain.Kind
	text string
}

func newUnusable(kind domain.Kind, format string, args ...any) error {
	return unusable{kind, fmt.Sprintf(format, args...)}
}

func (e unusable) Error() string { return e.text }

// Unwrap returns the kind.
func (e unusable) Unwrap() error { return e.kind }

// unconnected says why a connection failed, on one line.
func unconnected(ctx context.Context, at server, err error) error {
	var pg *pgconn.PgError
	var my *mysql.MySQLError
	code := ""
	switch {
	case errors.As(err, &pg):
		code = pg.Code
	case errors.As(err, &my):
		code = fmt.Sprint(my.Number)
	}
	switch code {
	case "28P01", "28000", "1045", "1698", "1251", "1275":
		if pg != nil && strings.Contains(pg.Message, "no pg_hba.conf entry") {
			return refuse(Login, "%s lets in no user %q: %s", at, at.user, pg.Message)
		}
		return refuse(Login, "%s refuses the password of user %q", at, at.user)
	case "3D000", "1049", "1046":
		return refuse(Database, "%s has no database %q: create it", at, at.database)
	case "42501", "1044":
		return refuse(Database, "%s doesn't let user %q use the database %q", at, at.user, at.database)
	}
	if code == "" {
		if found := stranger(ctx, at.kind, at.network, at.address); found != "" {
			return refuse(Address, "%s isn't there: %s", at, found)
		}
	}
	if isTLS(err) {
		return refuse(TLS, "%s can't be reached by TLS: %s", at, reason(err))
	}
	return newUnusable(domain.Unavailable, "%s can't be reached: %s", at, reason(err))
}

// isTLS reports whether it was the encryption that two sides couldn't agree on.
func isTLS(err error) bool {
	var header tls.RecordHeaderError
	var unproved *tls.CertificateVerificationError
	if errors.Is(err, mysql.ErrNoTLS) || errors.As(err, &header) || errors.As(err, &unproved) {
		return true
	}
	for _, says := range []string{"tls:", "x509:", "server refused TLS"} { // what has no type of its own
		if strings.Contains(err.Error(), says) {
			return true
		}
	}
	return false
}

// reason returns on one line why a connection failed. pgx lists each way in which it has tried, so the network's or
// the server's own words are taken where there are any.
func reason(err error) string {
	var network *net.OpError
	var answered *pgconn.PgError
	switch {
	case errors.As(err, &answered):
		return answered.Message
	case errors.As(err, &network):
		return network.Error()
	}
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.Join(strings.Fields(lines[len(lines)-1]), " ")
}

package backend

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
)

// told is an error of a driver whose text has nothing of what was sent or stored, so that it may be logged.
type told struct {
	text string
	err  error
}

func (e *told) Error() string { return e.text }

// Unwrap returns the driver's own error.
func (e *told) Unwrap() error { return e.err }

// tell returns err as what may be told of it.
func tell(err error) error {
	if err == nil || errors.Is(err, io.EOF) { // as after each row, and all of them: what follows takes memory for what it looks for
		return err
	}
	var (
		lite sqlite3.Error
		pg   *pgconn.PgError
		my   *mysql.MySQLError
	)
	switch {
	case errors.As(err, &pg):
		text := fmt.Sprintf("%s: %s (SQLSTATE %s", pg.Severity, withoutValues(pg.Message), pg.Code)
		for _, name := range []string{pg.ConstraintName, pg.Routine} {
			if name != "" {
				text += ", " + name
			}
		}
		return &told{text + ")", err}
	case errors.As(err, &my):
		text := fmt.Sprintf("MySQL error %d (%s): %s", my.Number, my.SQLState[:], withoutValues(my.Message))
		if key := duplicateOf.FindString(my.Message); key != "" {
			text += " " + key
		}
		return &told{text, err}
	case errors.As(err, &lite):
		text := lite.Error()
		if lite.Code != sqlite3.ErrConstraint && lite.SystemErrno == 0 { // which name columns, and what the system says
			text = withoutValues(text)
		}
		return &told{fmt.Sprintf("SQLite error %d: %s", lite.ExtendedCode, text), err}
	case strings.Contains(err.Error(), "failed to encode"): // by pgx, with the argument
		return &told{"failed to encode an argument", err}
	}
	return err
}

// duplicateOf matches the end of what MySQL says of a duplicate, which comes after the value.
var duplicateOf = regexp.MustCompile(`for key '[\w.]+'$`)

// withoutValues returns what a database says up to the first value, name or text in it: those are quoted, or come after
// a colon.
func withoutValues(message string) string {
	if i := strings.IndexAny(message, "\"'`:“«„‘"); i >= 0 {
		message = strings.TrimRight(message[:i], " (") + " …"
	}
	return message
}

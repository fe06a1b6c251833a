package backend

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"octavo/domain"
)

// MaxAttempts is how often a transaction, or a statement outside of any, is run before the database counts as too busy.
const MaxAttempts = 8

// Diagnose tells what an error of a database means to the domain, or "" for an error that it has no kind for. again
// reports whether a transaction that failed so may succeed when it is simply run again.
func Diagnose(err error) (kind domain.Kind, again bool) {
	var (
		unconfirmed *Unconfirmed
		damage      *Damage
		lite        sqlite3.Error
		pg          *pgconn.PgError
		my          *mysql.MySQLError
		refused     *pgconn.ConnectError
	)
	switch {
	case errors.As(err, &unconfirmed):
		return domain.Unknown, false
	case errors.As(err, &damage):
		return domain.Damaged, false
	case errors.Is(err, errTakenBack):
		return domain.Unavailable, true
	case errors.As(err, &lite):
		return diagnoseSQLite(lite)
	case errors.As(err, &pg):
		kind, again = diagnosePostgres(pg.Code)
		if errors.As(err, &refused) {
			kind = domain.Unavailable
		}
		return kind, again
	case errors.As(err, &my):
		switch {
		case my.Number == 1030 && damagedEngine.MatchString(my.Message):
			return domain.Damaged, false
		case fullEngine.MatchString(my.Message):
			return domain.StorageFull, false
		}
		return diagnoseMySQL(my.Number)
	case isTimeout(err):
		return domain.Unavailable, false
	case errors.As(err, &refused), isBroken(err):
		return domain.Unavailable, true // nothing had been committed
	}
	return "", false
}

// isTimeout reports whether somebody has stopped waiting.
func isTimeout(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, os.ErrDeadlineExceeded)
}

// isBroken reports whether a connection to a server has broken, or is closed.
func isBroken(err error) bool {
	var broken net.Error
	for _, known := range []error{
		io.EOF, io.ErrUnexpectedEOF, io.ErrShortWrite, net.ErrClosed,
		driver.ErrBadConn, sql.ErrConnDone, pgconn.ErrConnClosed, mysql.ErrInvalidConn,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return errors.As(err, &broken)
}

// lostByServer reports whether what had been sent to a server may have been done, although it was answered by err.
func lostByServer(err error) bool {
	var pg *pgconn.PgError
	var my *mysql.MySQLError
	switch {
	case errors.As(err, &pg):
		// An ERROR takes back what it is about. What is worse ends the connection, at whatever moment.
		return cmp.Or(pg.SeverityUnlocalized, pg.Severity) != "ERROR" || isClass(pg.Code, "08") || pg.Code == "40003"
	case errors.As(err, &my):
		return my.Number == 1180 || isAwayMySQL(my.Number) // ER_ERROR_DURING_COMMIT
	case errors.Is(err, driver.ErrBadConn), pgconn.SafeToRetry(err): // it wasn't sent
		return false
	}
	return isTimeout(err) || isBroken(err)
}

// lostBySQLite reports whether what failed with err may be in the log all the same, from which the next start takes it:
// it has been written, and then the disk didn't say that it has it.
func lostBySQLite(err error) bool {
	var lite sqlite3.Error
	var before *uncommitted
	return errors.As(err, &lite) && lite.Code == sqlite3.ErrIoErr && lite.ExtendedCode != sqlite3.ErrIoErrWrite &&
		!errors.As(err, &before)
}

func diagnoseSQLite(err sqlite3.Error) (kind domain.Kind, again bool) {
	switch err.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return domain.Unavailable, true
	case sqlite3.ErrInterrupt:
		return domain.Unavailable, false
	case sqlite3.ErrFull:
		return domain.StorageFull, false
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return domain.Damaged, false
	}
	if err.SystemErrno == syscall.ENOSPC || err.SystemErrno == syscall.EDQUOT {
		return domain.StorageFull, false
	}
	switch err.ExtendedCode {
	case sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintUnique:
		return domain.Conflict, false
	case sqlite3.ErrConstraintForeignKey: // what a row refers to isn't there
		return domain.NotFound, false
	}
	return "", false
}

// diagnosePostgres reads a code of https://www.postgresql.org/docs/current/errcodes-appendix.html.
func diagnosePostgres(code string) (kind domain.Kind, again bool) {
	switch code {
	case "23505": // unique_violation
		return domain.Conflict, false
	case "22P02": // invalid_text_representation: an id that is no UUID, and so nothing's
		return domain.NotFound, false
	case "23503": // foreign_key_violation: what a row refers to isn't there
		return domain.NotFound, false
	case "40001", "40P01", "55P03": // serialization_failure, deadlock_detected, lock_not_available
		return domain.Unavailable, true
	case "XX001", "XX002": // data_corrupted, index_corrupted
		return domain.Damaged, false
	case "53100": // disk_full
		return domain.StorageFull, false
	case "57014": // query_canceled, by its time limit
		return domain.Unavailable, false
	case "25006": // read_only_sql_transaction: this server isn't the first one any more
		return domain.Unavailable, false
	}
	// connection exception, insufficient resources, operator intervention
	if isClass(code, "08", "53", "57") {
		return domain.Unavailable, true
	}
	return "", false
}

func isClass(code string, classes ...string) bool {
	return slices.Contains(classes, code[:min(2, len(code))])
}

// damagedEngine matches what ER_GET_ERRNO says where it passes on that a storage engine has found a table or an index
// crashed or corrupted, or a page that it can't decrypt.
var damagedEngine = regexp.MustCompile(`(?i)\berror (126|127|134|144|145|175|176|180|192)\b`)

// fullEngine matches what several errors, ER_GET_ERRNO and ER_ERROR_ON_WRITE among them, say of a full disk and of a used
// up quota.
var fullEngine = regexp.MustCompile(`(?i)\b(error|errcode:|errno:) (28|122)\b`)

// diagnoseMySQL reads a code of https://mariadb.com/docs/server/reference/error-codes; MySQL shares all but the last.
func diagnoseMySQL(code uint16) (kind domain.Kind, again bool) {
	switch code {
	case 1062: // ER_DUP_ENTRY
		return domain.Conflict, false
	case 1452: // ER_NO_REFERENCED_ROW_2: what a row refers to isn't there
		return domain.NotFound, false
	case 1205, 1213: // ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK
		return domain.Unavailable, true
	case 126, 127, 134, 144, 145, // the storage engine's own: a table or an index has crashed
		1034, 1035, // ER_NOT_KEYFILE, ER_OLD_KEYFILE
		1194, 1195, // ER_CRASHED_ON_USAGE, ER_CRASHED_ON_REPAIR
		1712, 1877, // ER_INDEX_CORRUPT, ER_TABLE_CORRUPT
		1812, 1932: // ER_TABLESPACE_MISSING, ER_NO_SUCH_TABLE_IN_ENGINE
		return domain.Damaged, false
	case 20, 1021, 1114: // EE_DISK_FULL, ER_DISK_FULL, ER_RECORD_FILE_FULL
		return domain.StorageFull, false
	case 1040, 1203, 1226: // too many connections
		return domain.Unavailable, true
	case 1290, 1317, 1836, 1969, 3024: // read-only, interrupted, read-only, statement timeouts
		return domain.Unavailable, false
	}
	if isAwayMySQL(code) {
		return domain.Unavailable, true
	}
	return "", false
}

// isAwayMySQL reports whether a server that answers with code ends the connection.
func isAwayMySQL(code uint16) bool {
	switch code {
	case 1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, // shutdown, forced close, network errors
		1927, 2002, 2006, 2013: // the connection was killed, or is lost as proxies say it
		return true
	}
	return false
}

// MissingTable reports whether err says that the table of a query, or a column of it, doesn't exist.
func MissingTable(err error) bool {
	var (
		lite sqlite3.Error
		pg   *pgconn.PgError
		my   *mysql.MySQLError
	)
	switch {
	case errors.As(err, &lite):
		return lite.Code == sqlite3.ErrError // the code of any query that makes no sense; there is none of its own
	case errors.As(err, &pg):
		return pg.Code == "42P01" || pg.Code == "42703"
	case errors.As(err, &my):
		return my.Number == 1146 || my.Number == 1054
	}
	return false
}

// IsForbidden reports whether err says that the user of the database may not do that.
func IsForbidden(err error) bool {
	var pg *pgconn.PgError
	var my *mysql.MySQLError
	switch {
	case errors.As(err, &pg):
		return pg.Code == "42501" // insufficient_privilege
	case errors.As(err, &my):
		return my.Number == 1142 // ER_TABLEACCESS_DENIED_ERROR
	}
	return false
}

// IsDone reports whether err says that a change of MySQL's schema has been made before.
func IsDone(err error) bool {
	var my *mysql.MySQLError
	if !errors.As(err, &my) {
		return false
	}
	switch my.Number {
	case 1050, // ER_TABLE_EXISTS_ERROR
		1051, 1091, 1146, // ER_BAD_TABLE_ERROR, ER_CANT_DROP_FIELD_OR_KEY, ER_NO_SUCH_TABLE: it has gone, or another name
		1054,       // ER_BAD_FIELD_ERROR, of a column that was renamed
		1060, 1061, // ER_DUP_FIELDNAME, ER_DUP_KEYNAME
		1068,       // ER_MULTIPLE_PRI_KEY
		1826, 1022: // ER_FK_DUP_NAME, ER_DUP_KEY, of a foreign key
		return true
	}
	return my.Number == 1005 && strings.Contains(my.Message, "errno: 121") // MariaDB, of a foreign key
}

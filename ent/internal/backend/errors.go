package backend

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"regexp"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"octavo/domain"
)

// Diagnose tells what an error of a database means to the domain, or "" for an error that it has no kind for. again
// tells whether a transaction that failed so may succeed when it is simply run again.
func Diagnose(err error) (kind domain.Kind, again bool) {
	var (
		lite   sqlite3.Error
		pg     *pgconn.PgError
		my     *mysql.MySQLError
		refuse *pgconn.ConnectError
		broken net.Error
	)
	switch {
	case errors.As(err, &lite):
		return diagnoseSQLite(lite)
	case errors.As(err, &pg):
		return diagnosePostgres(pg.Code)
	case errors.As(err, &my):
		if my.Number == 1030 && damagedEngine.MatchString(my.Message) {
			return domain.Damaged, false
		}
		return diagnoseMySQL(my.Number)
	case errors.As(err, &refuse), errors.As(err, &broken), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, mysql.ErrInvalidConn), errors.Is(err, sql.ErrConnDone):
		return domain.Unavailable, false // what was under way may have happened or not
	}
	return "", false
}

func diagnoseSQLite(err sqlite3.Error) (kind domain.Kind, again bool) {
	switch err.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return domain.Unavailable, true
	case sqlite3.ErrFull:
		return domain.StorageFull, false
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return domain.Damaged, false
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
	}
	switch class := code[:min(2, len(code))]; class {
	case "08", "53", "57": // connection exception, insufficient resources, operator intervention
		return domain.Unavailable, false
	}
	return "", false
}

// damagedEngine matches what ER_GET_ERRNO says where it passes on that a storage engine has found a table or an index
// crashed or corrupted, or a page that it can't decrypt.
var damagedEngine = regexp.MustCompile(`(?i)\berror (126|127|134|144|145|175|176|180|192)\b`)

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
	case 1021, 1114: // ER_DISK_FULL, ER_RECORD_FILE_FULL
		return domain.StorageFull, false
	case 1040, 1053, 1203, 1317, 1969, 3024: // too many connections, shutdown, interrupted, statement timeouts
		return domain.Unavailable, false
	}
	return "", false
}

// MissingTable tells whether err says that the table of a query doesn't exist.
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
		return pg.Code == "42P01"
	case errors.As(err, &my):
		return my.Number == 1146
	}
	return false
}

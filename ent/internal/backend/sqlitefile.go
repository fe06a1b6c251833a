package backend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entgo.io/ent/dialect"

	"octavo/domain"
)

// sqliteMagic is how each file of SQLite begins.
const sqliteMagic = "SQLite format 3\x00"

// CheckedAtOnce is up to which size in bytes a file is looked through when it is opened, which takes it some 50 ms. Larger
// ones are looked through while they are in use. Only tests change it.
var CheckedAtOnce int64 = 16 << 20

// Damage is an error that says what is wrong with a database.
type Damage struct{ Text string }

func (e *Damage) Error() string { return "the database is damaged: " + e.Text }

// refuseForeign returns nil for a file that is empty or Octavo's, and Invalid for any other one, of which nothing has
// been changed then: neither the file nor what lies beside it.
func refuseForeign(ctx context.Context, path string) error {
	empty, err := checkBeginning(path)
	if err != nil || empty {
		return err
	}
	names, err := tablesOf(ctx, path)
	log, logErr := os.Stat(path + "-wal")
	if (err != nil || len(names) == 0) && logErr == nil && log.Size() > 0 {
		// What has been written lately stands in the log only, which nobody can read without changing it.
		names, err = tablesOfCopy(ctx, path)
	}
	if err != nil {
		return err
	}
	return foreign("the database file "+path, names)
}

// checkBeginning reports whether a file is empty. It is Invalid when it doesn't begin like one of SQLite, and Damage when
// nobody could write into it.
func checkBeginning(path string) (empty bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	header := make([]byte, 100)
	n, err := io.ReadFull(file, header)
	switch {
	case errors.Is(err, io.EOF):
		return true, nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, err
	case !strings.HasPrefix(string(header[:n]), sqliteMagic):
		return false, newUnusable(domain.Invalid, "the file %s is no SQLite database, and nothing was changed in it; "+
			"if it was one, it is damaged: restore a backup", path)
	case n < len(header):
		return false, &Damage{"its header is cut off"}
	case header[18] > 2 || header[19] > 2: // which SQLite takes for a newer format, and only reads
		return false, &Damage{"its header tells of an unknown format"}
	}
	return false, nil
}

// tablesOf returns the names of the tables in a file as it stands, without its log.
func tablesOf(ctx context.Context, path string) (names []string, err error) {
	db := sql.OpenDB(sqliteConnector{fileURL(path, url.Values{"mode": {"ro"}, "immutable": {"1"}})})
	defer func() { _ = db.Close() }()
	return texts(ctx, db, tableNames[dialect.SQLite])
}

// tablesOfCopy returns the names of the tables in a file and its log, read in a copy of both.
func tablesOfCopy(ctx context.Context, path string) (names []string, err error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".octavo-look-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	copied := filepath.Join(dir, "copy.db")
	for _, end := range []string{"", "-wal"} {
		if err := copyFile(path+end, copied+end); err != nil {
			return nil, err
		}
	}
	whole := sql.OpenDB(sqliteConnector{fileURL(copied, nil)})
	_, err = whole.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err = errors.Join(err, whole.Close()); err != nil {
		return nil, err
	}
	return tablesOf(ctx, copied)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// fileURL is how SQLite is told of a file, and of settings.
func fileURL(path string, settings url.Values) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + settings.Encode()
}

// quickCheck looks through a file that is small, and returns Damage if it isn't sound.
func (db *DB) quickCheck(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && info.Size() > CheckedAtOnce) {
		return nil
	}
	if err != nil {
		return err
	}
	return complaints(ctx, db.Reader, "PRAGMA quick_check(3)")
}

// Check looks through the whole file of an SQLite database, however long it takes, and returns Damage if it isn't sound.
// Whoever reads or writes meanwhile doesn't wait. The servers look after that themselves.
func (db *DB) Check(ctx context.Context) error {
	if db.path == "" {
		return nil
	}
	alone := sqlitePool(ctx, db.path, 1, 0, url.Values{"_query_only": {"true"}})
	defer func() { _ = alone.Close() }()
	if err := complaints(ctx, alone, "PRAGMA integrity_check(10)"); err != nil {
		return err
	}
	var table string
	var row, parent, key any
	err := alone.QueryRowContext(ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	// Nothing can be read wrongly for it, so this is no damage.
	return fmt.Errorf("the database has rows in %s that belong to what isn't there in %v", table, parent)
}

// complaints returns what a check says of damage.
func complaints(ctx context.Context, db *sql.DB, check string) error {
	said, err := texts(ctx, db, check)
	if err != nil || slices.Equal(said, []string{"ok"}) {
		return err
	}
	return &Damage{strings.Join(strings.Fields(strings.Join(said, ", ")), " ")}
}

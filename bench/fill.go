package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3"

	"octavo/domain"
)

// maxRecords is how many records there are beside the most notes.
const maxRecords = 100_000

// contents is what requests need to know of a filled database.
type contents struct {
	token   string      // of a session of the owner
	notes   []domain.ID // some of them, spread evenly over all
	records []domain.ID
	count   struct{ notes, records int }
}

// fillSQLite fills the file at path, whose tables and owner Octavo has made. The file is of use only if it succeeds.
func fillSQLite(ctx context.Context, path string, notes int) (*contents, error) {
	return fill(ctx, "sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_journal_mode=OFF&_synchronous=OFF&_locking_mode=EXCLUSIVE&_cache_size=-262144", notes)
}

// fillPostgres does the same for the database at a URL.
func fillPostgres(ctx context.Context, databaseURL string, notes int) (*contents, error) {
	return fill(ctx, "pgx", databaseURL, notes)
}

func fill(ctx context.Context, driver, source string, notes int) (_ *contents, err error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	c, err := insertAll(ctx, tx, notes)
	if err != nil {
		return nil, err
	}
	return c, tx.Commit()
}

func insertAll(ctx context.Context, tx *sql.Tx, notes int) (*contents, error) {
	insert := &inserter{ctx: ctx, tx: tx}
	c := &contents{}
	c.count.notes, c.count.records = notes, min(notes, maxRecords)

	now := time.Now().UTC().Truncate(time.Microsecond)
	session, token := domain.NewSession(domain.OwnerID, now)
	c.token = token
	insert.into("sessions", "token_hash, user_id, created_at, seen_at")
	insert.row(session.Token, session.User, session.Created.UnixMicro(), session.Seen.UnixMicro())

	w := newWriter(1)
	// The notes were written in the last five years, and one in four has been changed since.
	age := 5 * 365 * 24 * time.Hour
	written := func(i, n int) time.Time { return now.Add(-age + age*time.Duration(i)/time.Duration(n)) }
	insert.into("notes", "id, owner_id, title, content, excerpt, pinned, state, created_at, updated_at, version")
	for i := range notes {
		n, err := domain.NewNote(domain.NoteDraft{Content: w.markdown()}, written(i, notes).Truncate(time.Microsecond))
		if err != nil {
			return nil, err
		}
		if w.random.IntN(4) == 0 {
			since := now.Sub(n.Created).Microseconds()
			n.Updated = n.Created.Add(time.Duration(w.random.Int64N(since)) * time.Microsecond)
		}
		pinned := i < 3 // of people's pins there are few, however many notes they have
		insert.row(n.ID, domain.OwnerID, n.Title, n.Content, n.Excerpt, pinned, n.State,
			n.Created.UnixMicro(), n.Updated.UnixMicro(), n.Version)
		c.notes = sample(c.notes, n.ID, i, notes)
	}

	insert.into("records", "id, owner_id, title, content, created_at, updated_at")
	for i := range c.count.records {
		r, err := domain.NewRecord(w.record(), written(i, c.count.records).Truncate(time.Microsecond))
		if err != nil {
			return nil, err
		}
		insert.row(r.ID, domain.OwnerID, r.Title, r.Content, r.Created.UnixMicro(), r.Updated.UnixMicro())
		c.records = sample(c.records, r.ID, i, c.count.records)
	}
	return c, insert.err
}

// sample appends the i-th of n ids, or leaves it out where there are more than enough.
func sample(ids []domain.ID, id domain.ID, i, n int) []domain.ID {
	const enough = 50_000
	if i%(n/enough+1) == 0 {
		return append(ids, id)
	}
	return ids
}

// inserter inserts rows through one statement after the other. After an error it does nothing more.
type inserter struct {
	ctx       context.Context
	tx        *sql.Tx
	statement *sql.Stmt
	err       error
}

func (in *inserter) into(table, columns string) {
	if in.err != nil {
		return
	}
	places := make([]string, strings.Count(columns, ",")+1)
	for i := range places {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	in.statement, in.err = in.tx.PrepareContext(in.ctx,
		fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, columns, strings.Join(places, ", ")))
}

func (in *inserter) row(values ...any) {
	if in.err == nil {
		_, in.err = in.statement.ExecContext(in.ctx, values...)
	}
}

// writer makes up texts: few words in nearly each of them and many in hardly any, as in a language (Zipf's law). The
// same seed gives the same texts.
type writer struct {
	random *rand.Rand
	zipf   *rand.Zipf
	words  []string
}

func newWriter(seed uint64) *writer {
	const vocabulary = 20_000
	w := &writer{random: rand.New(rand.NewPCG(seed, 0))}
	w.zipf = rand.NewZipf(w.random, 1.1, 3, vocabulary-1)
	syllables := strings.Fields("ba co di fu ga he jo ka li mo nu pe qui ra so ti ur va wen yx")
	for i := range vocabulary {
		var word strings.Builder
		for n := i + len(syllables); n > 0; n /= len(syllables) {
			word.WriteString(syllables[n%len(syllables)])
		}
		w.words = append(w.words, word.String())
	}
	return w
}

func (w *writer) word() string { return w.words[w.zipf.Uint64()] }

func (w *writer) phrase(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = w.word()
	}
	return strings.Join(words, " ")
}

// sentence returns n words that begin with a capital and end with a full stop. One in three has something marked.
func (w *writer) sentence(n int) string {
	head, tail := w.phrase(n/2), w.phrase(n-n/2)
	switch w.random.IntN(12) {
	case 0:
		tail = "**" + tail + "**"
	case 1:
		tail = "*" + tail + "*"
	case 2:
		tail = "`" + tail + "`"
	case 3:
		tail = "[" + tail + "](https://example.org/" + w.word() + ")"
	}
	return strings.ToUpper(head[:1]) + head[1:] + " " + tail + "."
}

func (w *writer) paragraph(sentences int) string {
	list := make([]string, sentences)
	for i := range list {
		list[i] = w.sentence(8 + w.random.IntN(8))
	}
	return strings.Join(list, " ")
}

// markdown returns about 1 KB of Markdown: a heading, paragraphs, a list.
func (w *writer) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", w.phrase(3+w.random.IntN(4)), w.paragraph(6))
	fmt.Fprintf(&b, "## %s\n\n", w.phrase(2))
	for range 3 + w.random.IntN(3) {
		fmt.Fprintf(&b, "- %s\n", w.phrase(4))
	}
	fmt.Fprintf(&b, "\n%s\n", w.paragraph(6))
	return b.String()
}

func (w *writer) record() domain.RecordDraft {
	return domain.RecordDraft{Title: w.phrase(4), Content: w.markdown()}
}

// createPostgres makes a new database on a server, and returns its URL and how to drop it.
func createPostgres(ctx context.Context, server string) (database string, drop func() error, err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, errors.New("the URL of the PostgreSQL server can't be read")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("octavo_bench_%016x", rand.Uint64())
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, errors.Join(err, admin.Close())
	}
	u.Path = "/" + name
	return u.String(), func() error {
		_, err := admin.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE "+name)
		return errors.Join(err, admin.Close())
	}, nil
}

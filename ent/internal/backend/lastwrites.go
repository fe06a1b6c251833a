package backend

import (
	"context"
	"database/sql/driver"
	"maps"
	"slices"
	"strings"
)

// What is written last of all that is committed together. FTS5 stores what it has been told so far with each savepoint, as a
// piece of its index that later has to be merged with others: a piece for all takes far less than one for each transaction.

type atLastKey struct{}

// AtLast returns a context for a statement that deletes or inserts the row of search_index whose number is its first argument.
// On a connection that is shared it is run at the end of what is committed together, or before the next statement that names
// such a table, and elsewhere at once.
func AtLast(ctx context.Context) context.Context { return context.WithValue(ctx, atLastKey{}, true) }

// looksIntoLast reports whether a statement may ask for what is written last.
func looksIntoLast(query string) bool {
	return strings.Contains(query, "search_index") || strings.Contains(query, "search_words")
}

// mostLast is how many bytes are remembered at most, so that they don't take much memory. FTS5 itself remembers as many.
const mostLast = 1 << 20

// lastWrites are what becomes of rows, by their numbers.
type lastWrites struct {
	rows map[int64]lastWrite
	size int // of all arguments so far, more or less
}

type lastWrite struct {
	deletion, insertion string // "" for none
	args                []driver.NamedValue
}

// add remembers a statement.
func (w *lastWrites) add(statement string, args []driver.NamedValue) {
	number := args[0].Value.(int64)
	row := w.rows[number]
	if strings.HasPrefix(statement, "DELETE ") {
		row.deletion, row.insertion, row.args = statement, "", args
	} else {
		row.insertion, row.args = statement, args
	}
	w.put(number, row)
}

func (w *lastWrites) put(number int64, row lastWrite) {
	if w.rows == nil {
		w.rows = map[int64]lastWrite{}
	}
	w.rows[number] = row
	for _, arg := range row.args {
		text, _ := arg.Value.(string)
		w.size += len(text)
	}
}

// join adds what comes afterwards.
func (w *lastWrites) join(later lastWrites) {
	for number, row := range later.rows {
		if row.deletion == "" {
			row.deletion = w.rows[number].deletion
		}
		w.put(number, row)
	}
}

// run runs all that is remembered: first the deletions, and then the insertions in the order of numbers. In another order
// FTS5 would store each by itself.
func (w *lastWrites) run(conn driver.ExecerContext) error {
	numbers := slices.Sorted(maps.Keys(w.rows))
	for _, number := range numbers {
		if row := w.rows[number]; row.deletion != "" {
			if _, err := conn.ExecContext(context.Background(), row.deletion, row.args[:1]); err != nil {
				return err
			}
		}
	}
	for _, number := range numbers {
		if row := w.rows[number]; row.insertion != "" {
			if _, err := conn.ExecContext(context.Background(), row.insertion, row.args); err != nil {
				return err
			}
		}
	}
	return nil
}

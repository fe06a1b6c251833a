package backend

import (
	"context"
	"database/sql/driver"
)

// Watch is told what is asked of a database, and what that finds. Tests count by it.
type Watch struct {
	Asked  func(Statement)
	Waited func() // whenever an answer is waited for; or nil
	Found  func(row []driver.Value)
}

// Statement is what a database is told to run.
type Statement struct {
	Text string
	Args []driver.NamedValue
}

type watchKey struct{}

// Watched returns a context for Open, so that w watches the database.
func Watched(ctx context.Context, w *Watch) context.Context {
	return context.WithValue(ctx, watchKey{}, w)
}

// watchOf returns who watches what is opened in ctx, or nil.
func watchOf(ctx context.Context) *Watch {
	w, _ := ctx.Value(watchKey{}).(*Watch)
	return w
}

func (w *Watch) asked(text string, args []driver.NamedValue) {
	if w != nil {
		w.Asked(Statement{text, args})
	}
}

func (w *Watch) waited() {
	if w != nil && w.Waited != nil {
		w.Waited()
	}
}

func (w *Watch) found(row []driver.Value) {
	if w != nil {
		w.Found(row)
	}
}

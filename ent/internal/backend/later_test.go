package backend

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// gathered is a database that can be sent several statements, and what it was sent together.
type gathered struct {
	*sql.DB
	sent []string
	err  error
}

func newGathered() *gathered {
	g := &gathered{}
	sendAll := func(_ context.Context, _ driverConn, list []Statement) (int64, error) {
		var texts []string
		for _, s := range list {
			texts = append(texts, s.Text)
		}
		g.sent = append(g.sent, strings.Join(texts, " "))
		return int64(len(list)), g.err
	}
	g.DB = sql.OpenDB(connector{brokenDriver{errors.New("sent alone")}, time.Hour, lostByServer, nil, sendAll})
	return g
}

func (g *gathered) wantSent(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(g.sent, want) {
		t.Errorf("sent %q, want %q", g.sent, want)
	}
}

func (g *gathered) begin(t *testing.T) *sql.Tx {
	t.Helper()
	tx, err := g.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func TestWhatIsLeftForLaterIsSentTogether(t *testing.T) {
	later := Later(t.Context())
	for end, c := range map[string]struct {
		run  func(tx *sql.Tx) error
		want []string
	}{
		"a statement": {func(tx *sql.Tx) error {
			result, err := tx.ExecContext(t.Context(), "C")
			if err == nil {
				if n, _ := result.RowsAffected(); n != 3 {
					t.Errorf("%d rows found, want those of the last", n)
				}
			}
			return err
		}, []string{"A B C"}},
		"a wish":     {func(tx *sql.Tx) error { _, err := tx.ExecContext(t.Context(), Send); return err }, []string{"A B"}},
		"a query":    {func(tx *sql.Tx) error { return ignore(tx.QueryRowContext(t.Context(), "C").Err(), "sent alone") }, []string{"A B"}},
		"a commit":   {func(tx *sql.Tx) error { return ignore(tx.Commit(), "sent alone") }, []string{"A B"}},
		"a rollback": {func(tx *sql.Tx) error { return tx.Rollback() }, nil},
	} {
		t.Run(end, func(t *testing.T) {
			g := newGathered()
			tx := g.begin(t)
			for _, text := range []string{"A", "B"} {
				if _, err := tx.ExecContext(later, text); err != nil {
					t.Fatal(err)
				}
			}
			g.wantSent(t)
			if err := c.run(tx); err != nil {
				t.Error(err)
			}
			g.wantSent(t, c.want...)
		})
	}
}

// ignore returns err unless it says that.
func ignore(err error, says string) error {
	if err != nil && strings.Contains(err.Error(), says) {
		return nil
	}
	return err
}

func TestWhatFailsLaterFailsTheCommitAndIsNoCommitOfUnknownOutcome(t *testing.T) {
	g := newGathered()
	g.err = errors.New("duplicate key")
	tx := g.begin(t)
	_, err := tx.ExecContext(Later(t.Context()), "A")
	if err != nil {
		t.Fatal(err)
	}
	var unconfirmed *Unconfirmed
	if err := tx.Commit(); !errors.Is(err, g.err) || errors.As(err, &unconfirmed) {
		t.Errorf("got %v, want %v", err, g.err)
	}
	g.err = nil
	if err := ignore(g.begin(t).Commit(), "sent alone"); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
	g.wantSent(t, "A")
}

func TestBehindWhatHasFailedNothingIsRunInATransaction(t *testing.T) {
	g := newGathered()
	g.err = errors.New("no such space")
	tx := g.begin(t)
	if _, err := tx.ExecContext(Later(t.Context()), "A"); err != nil {
		t.Fatal(err)
	}
	_, send := tx.ExecContext(t.Context(), Send)
	_, later := tx.ExecContext(Later(t.Context()), "B")
	_, exec := tx.ExecContext(t.Context(), "C")
	query := tx.QueryRowContext(t.Context(), "D").Err()
	commit := tx.Commit()
	for what, err := range map[string]error{"send": send, "later": later, "exec": exec, "query": query, "commit": commit} {
		if !errors.Is(err, g.err) {
			t.Errorf("%s: got %v, want %v", what, err, g.err)
		}
	}
	g.wantSent(t, "A")
	g.err = nil
	if _, err := g.begin(t).ExecContext(Later(t.Context()), "E"); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
}

func TestNothingIsLeftForLaterOutsideOfATransaction(t *testing.T) {
	g := newGathered()
	if _, err := g.ExecContext(Later(t.Context()), "A"); ignore(err, "sent alone") != nil || err == nil {
		t.Errorf("got %v, want it run at once", err)
	}
	if _, err := g.ExecContext(t.Context(), Send); err != nil {
		t.Errorf("with nothing to send: %v", err)
	}
}

func TestNoMoreWaitsThanALimit(t *testing.T) {
	for what, text := range map[string]string{"many statements": "A", "a large one": strings.Repeat("A", mostBytesWaiting)} {
		g := newGathered()
		tx := g.begin(t)
		for range mostWaiting {
			if _, err := tx.ExecContext(Later(t.Context()), text); err != nil {
				t.Fatal(err)
			}
		}
		if len(g.sent) == 0 {
			t.Errorf("%s wait", what)
		}
	}
}

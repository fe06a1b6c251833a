package ent_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
)

// commit is how each driver ends a transaction.
var commit = map[string]string{"postgresql": "commit", "mysql": "\x03COMMIT"} // and no READ COMMITTED

// eachProxied runs test for each kind of server, with one store that reaches it through a proxy and one that doesn't.
func eachProxied(t *testing.T, test func(t *testing.T, name string, proxy *enttest.Proxy, store, direct *ent.Store)) {
	t.Helper()
	for name, create := range servers {
		t.Run(name, func(t *testing.T) {
			databaseURL := create(t)
			direct := enttest.Open(t, databaseURL)
			defer closeStore(t, direct)
			proxied, proxy := enttest.Through(t, databaseURL)
			store := enttest.Open(t, proxied)
			defer closeStore(t, store)
			must(t, direct.Users().Add(t.Context(), domain.NewOwner(time.Now().UTC())))
			test(t, name, proxy, store, direct)
		})
	}
}

// waysToFail are the ways in which a server may not answer what it has been sent. A server that freezes is waited for
// until the context ends.
func waysToFail(proxy *enttest.Proxy) map[string]func(cancel func()) {
	return map[string]func(func()){
		"the connection breaks": func(func()) { proxy.Cut() },
		"the server freezes": func(cancel func()) {
			proxy.Freeze()
			cancel()
		},
	}
}

func TestCommitWhoseAnswerIsLostIsUnknownAndNotRunAgain(t *testing.T) {
	eachProxied(t, func(t *testing.T, name string, proxy *enttest.Proxy, store, direct *ent.Store) {
		for how, fail := range waysToFail(proxy) {
			t.Run(how, func(t *testing.T) {
				defer proxy.Thaw()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				proxy.After(commit[name], func() { fail(cancel) })
				record, runs := newRecord(t), 0
				err := store.Atomically(ctx, func(repos domain.Repos) error {
					runs++
					return repos.Records(owner).Add(ctx, record)
				})
				if !errors.Is(err, domain.Unknown) || runs != 1 {
					t.Errorf("after %d runs got error %v, want %q after one", runs, err, domain.Unknown)
				}
				eventuallyThere(t, direct, record.ID)
			})
		}
	})
}

func TestStatementWhoseAnswerIsLostIsUnknown(t *testing.T) {
	eachProxied(t, func(t *testing.T, _ string, proxy *enttest.Proxy, store, direct *ent.Store) {
		for how, fail := range waysToFail(proxy) {
			t.Run(how, func(t *testing.T) {
				defer proxy.Thaw()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				must(t, store.Records(owner).Add(ctx, newRecord(t))) // so that the statement is prepared
				record := newRecord(t)
				proxy.After(record.Title, func() { fail(cancel) })
				if err := store.Records(owner).Add(ctx, record); !errors.Is(err, domain.Unknown) {
					t.Errorf("got error %v, want %q", err, domain.Unknown)
				}
				eventuallyThere(t, direct, record.ID)
			})
		}
	})
}

func TestTransactionThatBreaksBeforeItsCommitIsRunAgain(t *testing.T) {
	eachProxied(t, func(t *testing.T, _ string, proxy *enttest.Proxy, store, direct *ent.Store) {
		record, runs := newRecord(t), 0
		proxy.After(record.Title, proxy.Cut)
		must(t, store.Atomically(t.Context(), func(repos domain.Repos) error {
			runs++
			return repos.Records(owner).Add(t.Context(), record)
		}))
		if runs != 2 {
			t.Errorf("it took %d runs, want 2", runs)
		}
		eventuallyThere(t, direct, record.ID)
	})
}

func TestConnectionsThatBrokeWhileIdleAreReplaced(t *testing.T) {
	eachProxied(t, func(t *testing.T, _ string, proxy *enttest.Proxy, store, _ *ent.Store) {
		for range 3 {
			must(t, store.Ping(t.Context()))
			proxy.Cut()
			must(t, store.Atomically(t.Context(), func(repos domain.Repos) error {
				return repos.Records(owner).Add(t.Context(), newRecord(t))
			}))
		}
	})
}

func TestNothingWaitsForAFrozenServerLongerThanItsContext(t *testing.T) {
	eachProxied(t, func(t *testing.T, _ string, proxy *enttest.Proxy, store, _ *ent.Store) {
		record := newRecord(t)
		must(t, store.Records(owner).Add(t.Context(), record))
		tooLate := domain.NewError(domain.Unavailable, "too late")
		proxy.Freeze()
		for what, do := range map[string]func(ctx context.Context) error{
			"a read":  func(ctx context.Context) error { _, err := store.Records(owner).Get(ctx, record.ID); return err },
			"a write": func(ctx context.Context) error { return store.Records(owner).Update(ctx, record) },
			"a ping":  store.Ping,
			"a transaction": func(ctx context.Context) error {
				return store.Atomically(ctx, func(repos domain.Repos) error { return repos.Records(owner).Update(ctx, record) })
			},
		} {
			ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, tooLate)
			// What dials has the same deadline, and may be the first to say so.
			if err := do(ctx); !errors.Is(err, domain.Unavailable) && !errors.Is(err, domain.Unknown) {
				t.Errorf("%s: got error %v", what, err)
			}
			cancel()
		}
		proxy.Thaw()
		must(t, store.Records(owner).Update(t.Context(), record))
	})
}

// newRecord returns a record with a title of its own.
func newRecord(t *testing.T) domain.Record {
	t.Helper()
	r, err := domain.NewRecord(domain.RecordDraft{Title: "record " + string(domain.NewID())}, time.Now().UTC())
	must(t, err)
	return r
}

// eventuallyThere waits for a record of a transaction that the server may still be at.
func eventuallyThere(t *testing.T, store *ent.Store, id domain.ID) {
	t.Helper()
	for range 1000 {
		_, err := store.Records(owner).Get(t.Context(), id)
		if err == nil {
			return
		}
		if !errors.Is(err, domain.NotFound) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("what was committed isn't there")
}

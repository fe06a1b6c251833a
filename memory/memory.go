// Package memory keeps everything in the program's memory, for demonstrations and for tests of what stands above the
// store. It passes the same contract as the SQL adapter and forgets everything when it is closed.
package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"octavo/domain"
)

var _ domain.Store = (*Store)(nil)

// Store is a domain.Store in memory. Its zero value is not usable; New makes one.
type Store struct {
	mu   sync.RWMutex
	data tables
}

// tables holds the entities by id, each with its owner where it has one.
type tables struct {
	users    map[domain.ID]domain.User
	sessions map[domain.TokenHash]domain.Session
	notes    table[domain.Note]
	records  table[domain.Record]
}

// table holds the entities of one kind, each with the user whose it is.
type table[E any] map[domain.ID]owned[E]

type owned[E any] struct {
	owner  domain.ID
	entity E
}

// add stores an entity under a new id.
func (t table[E]) add(owner, id domain.ID, entity E) error {
	if _, taken := t[id]; taken {
		return domain.ErrExists
	}
	t[id] = owned[E]{owner, entity}
	return nil
}

// get returns the owner's entity, or notFound.
func (t table[E]) get(owner, id domain.ID, notFound error) (E, error) {
	if row, ok := t[id]; ok && row.owner == owner {
		return row.entity, nil
	}
	var none E
	return none, notFound
}

// remove removes the owner's entity, or returns notFound.
func (t table[E]) remove(owner, id domain.ID, notFound error) error {
	if _, err := t.get(owner, id, notFound); err != nil {
		return err
	}
	delete(t, id)
	return nil
}

// of returns all entities of the owner, in no order.
func (t table[E]) of(owner domain.ID) (list []E) {
	for _, row := range t {
		if row.owner == owner {
			list = append(list, row.entity)
		}
	}
	return list
}

// New returns an empty store.
func New() *Store {
	return &Store{data: tables{
		users:    map[domain.ID]domain.User{},
		sessions: map[domain.TokenHash]domain.Session{},
		notes:    table[domain.Note]{},
		records:  table[domain.Record]{},
	}}
}

// Atomically implements domain.Store: fn works on a copy, which replaces the data when it succeeds. Transactions run
// one after the other.
func (s *Store) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := tables{
		users:    maps.Clone(s.data.users),
		sessions: maps.Clone(s.data.sessions),
		notes:    maps.Clone(s.data.notes),
		records:  maps.Clone(s.data.records),
	}
	if err := fn(repos{access: inTx{&copied}}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.data = copied
	return nil
}

// Ping implements domain.Store.
func (s *Store) Ping(ctx context.Context) error { return ctx.Err() }

// Close implements domain.Store.
func (s *Store) Close() error { return nil }

// access runs one call of a repository on the tables: under the store's lock, or inside a transaction that holds it.
type access interface {
	read(ctx context.Context, fn func(*tables) error) error
	write(ctx context.Context, fn func(*tables) error) error
}

func (s *Store) read(ctx context.Context, fn func(*tables) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return fn(&s.data)
}

func (s *Store) write(ctx context.Context, fn func(*tables) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn(&s.data)
}

type inTx struct{ data *tables }

func (tx inTx) read(ctx context.Context, fn func(*tables) error) error { return tx.write(ctx, fn) }

func (tx inTx) write(ctx context.Context, fn func(*tables) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(tx.data)
}

type repos struct{ access }

// Users implements domain.Repos.
func (s *Store) Users() domain.Users { return repos{s}.Users() }

func (r repos) Users() domain.Users { return users(r) }

type users struct{ access }

func (r users) Add(ctx context.Context, u domain.User) error {
	return r.write(ctx, func(t *tables) error {
		if _, taken := t.users[u.ID]; taken {
			return domain.ErrExists
		}
		t.users[u.ID] = u
		return nil
	})
}

func (r users) Get(ctx context.Context, id domain.ID) (u domain.User, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if u, ok = t.users[id]; !ok {
			return domain.ErrUserNotFound
		}
		return nil
	})
	return u, err
}

// Sessions implements domain.Repos.
func (s *Store) Sessions() domain.Sessions { return repos{s}.Sessions() }

func (r repos) Sessions() domain.Sessions { return sessions(r) }

type sessions struct{ access }

func (r sessions) Add(ctx context.Context, s domain.Session) error {
	return r.write(ctx, func(t *tables) error {
		if _, taken := t.sessions[s.Token]; taken {
			return domain.ErrExists
		}
		t.sessions[s.Token] = s
		return nil
	})
}

func (r sessions) Get(ctx context.Context, token domain.TokenHash) (s domain.Session, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if s, ok = t.sessions[token]; !ok {
			return domain.ErrSessionNotFound
		}
		return nil
	})
	return s, err
}

func (r sessions) Touch(ctx context.Context, token domain.TokenHash, seen time.Time) error {
	return r.write(ctx, func(t *tables) error {
		if s, ok := t.sessions[token]; ok {
			s.Seen = seen
			t.sessions[token] = s
		}
		return nil
	})
}

func (r sessions) Remove(ctx context.Context, token domain.TokenHash) error {
	return r.write(ctx, func(t *tables) error {
		delete(t.sessions, token)
		return nil
	})
}

func (r sessions) RemoveEnded(ctx context.Context, now time.Time) error {
	return r.write(ctx, func(t *tables) error {
		maps.DeleteFunc(t.sessions, func(_ domain.TokenHash, s domain.Session) bool { return s.Ended(now) })
		return nil
	})
}

// Notes implements domain.Repos.
func (s *Store) Notes(a domain.Actor) domain.Notes { return repos{s}.Notes(a) }

func (r repos) Notes(a domain.Actor) domain.Notes { return notes{r.access, a.User} }

type notes struct {
	access
	owner domain.ID
}

func (r notes) Add(ctx context.Context, n domain.Note) error {
	return r.write(ctx, func(t *tables) error { return t.notes.add(r.owner, n.ID, n) })
}

func (r notes) Get(ctx context.Context, id domain.ID) (n domain.Note, err error) {
	err = r.read(ctx, func(t *tables) error {
		n, err = t.notes.get(r.owner, id, domain.ErrNoteNotFound)
		return err
	})
	return n, err
}

func (r notes) List(ctx context.Context, state domain.NoteState, after *domain.NoteCursor, limit int) (
	list []domain.NoteSummary, err error,
) {
	err = r.read(ctx, func(t *tables) error {
		for _, n := range t.notes.of(r.owner) {
			if n.State == state {
				list = append(list, n.Summary())
			}
		}
		return nil
	})
	slices.SortFunc(list, inListOrder)
	if after != nil {
		position := domain.NoteSummary{ID: after.ID, Pinned: after.Pinned, Updated: after.Updated}
		begin, found := slices.BinarySearchFunc(list, position, inListOrder)
		if found {
			begin++
		}
		list = list[begin:]
	}
	return list[:min(limit, len(list))], err
}

func inListOrder(a, b domain.NoteSummary) int {
	if a.Pinned != b.Pinned {
		if a.Pinned {
			return -1
		}
		return 1
	}
	return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(b.ID, a.ID))
}

func (r notes) Update(ctx context.Context, n domain.Note) error {
	return r.write(ctx, func(t *tables) error {
		stored, err := t.notes.get(r.owner, n.ID, domain.ErrNoteNotFound)
		if err != nil {
			return err
		}
		if stored.Version != n.Version-1 {
			return domain.ErrNoteChanged
		}
		t.notes[n.ID] = owned[domain.Note]{r.owner, n}
		return nil
	})
}

func (r notes) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error { return t.notes.remove(r.owner, id, domain.ErrNoteNotFound) })
}

// Records implements domain.Repos.
func (s *Store) Records(a domain.Actor) domain.Records { return repos{s}.Records(a) }

func (r repos) Records(a domain.Actor) domain.Records { return records{r.access, a.User} }

type records struct {
	access
	owner domain.ID
}

func (r records) Add(ctx context.Context, rec domain.Record) error {
	return r.write(ctx, func(t *tables) error { return t.records.add(r.owner, rec.ID, rec) })
}

func (r records) Get(ctx context.Context, id domain.ID) (rec domain.Record, err error) {
	err = r.read(ctx, func(t *tables) error {
		rec, err = t.records.get(r.owner, id, domain.ErrRecordNotFound)
		return err
	})
	return rec, err
}

func (r records) List(ctx context.Context, after domain.RecordCursor, limit int) (list []domain.Record, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.records.of(r.owner)
		return nil
	})
	list = slices.DeleteFunc(list, func(rec domain.Record) bool { return rec.ID <= domain.ID(after) })
	slices.SortFunc(list, func(a, b domain.Record) int { return cmp.Compare(a.ID, b.ID) })
	return list[:min(limit, len(list))], err
}

func (r records) Update(ctx context.Context, rec domain.Record) error {
	return r.write(ctx, func(t *tables) error {
		if _, err := t.records.get(r.owner, rec.ID, domain.ErrRecordNotFound); err != nil {
			return err
		}
		t.records[rec.ID] = owned[domain.Record]{r.owner, rec}
		return nil
	})
}

func (r records) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error { return t.records.remove(r.owner, id, domain.ErrRecordNotFound) })
}

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
	repos
	mu   sync.RWMutex
	data tables
}

// tables holds the entities. What they point to is never changed once it is stored, so that a copy of the maps is a
// copy of everything.
type tables struct {
	users     map[domain.ID]domain.User
	sessions  map[domain.TokenHash]domain.Session
	steps     map[domain.ID]domain.SecondStep
	passkeys  map[domain.TokenHash]domain.Passkey
	vouched   map[domain.TokenHash]domain.Identity
	tokens    map[domain.TokenHash]domain.AccessToken
	spaces    map[domain.ID]domain.Space
	members   map[own[domain.ID]]member      // by user
	tickets   map[domain.TokenHash]time.Time // when they were used
	tries     map[domain.TokenHash]domain.Tries
	invited   map[domain.ID]domain.Invitation
	audit     map[domain.ID]domain.AuditEvent
	notes     table[*storedNote]
	tagNames  map[own[string]]domain.Tag      // by the tag's key: how it was written last
	revisions map[domain.ID][]domain.Revision // by note, oldest first
	drafts    map[draftKey]storedDraft
	searches  table[domain.SavedSearch]
	undos     table[storedUndo]
	files     map[own[domain.FileHash]]domain.File
	fileNames map[own[string]]fileName // by the key of the name
	creations map[own[string]]domain.Creation
	records   table[domain.Record]
	shares    table[domain.Share]
	present   map[presence]time.Time // until when
	imports   table[domain.Import]
	imported  map[own[importedKey]]domain.Imported
	leases    map[string]time.Time // by job: when it ends
	trust     domain.Trust
}

// own is the key of something that each space may have one of.
type own[K comparable] struct {
	space domain.ID
	key   K
}

// table holds the entities of one kind by id, each with the space that it is in.
type table[E any] map[domain.ID]owned[E]

type owned[E any] struct {
	space  domain.ID
	entity E
}

// add stores an entity under a new id.
func (t table[E]) add(space, id domain.ID, entity E) error {
	if _, taken := t[id]; taken {
		return domain.ErrExists
	}
	t[id] = owned[E]{space, entity}
	return nil
}

// get returns the space's entity, or notFound.
func (t table[E]) get(space, id domain.ID, notFound error) (E, error) {
	if row, ok := t[id]; ok && row.space == space {
		return row.entity, nil
	}
	var none E
	return none, notFound
}

// update stores an entity over the one there is, or returns notFound.
func (t table[E]) update(space, id domain.ID, entity E, notFound error) error {
	if _, err := t.get(space, id, notFound); err != nil {
		return err
	}
	t[id] = owned[E]{space, entity}
	return nil
}

// remove removes the space's entity, or returns notFound.
func (t table[E]) remove(space, id domain.ID, notFound error) error {
	if _, err := t.get(space, id, notFound); err != nil {
		return err
	}
	delete(t, id)
	return nil
}

// of returns all entities of the space, in no order.
func (t table[E]) of(space domain.ID) (list []E) {
	for _, row := range t {
		if row.space == space {
			list = append(list, row.entity)
		}
	}
	return list
}

// New returns an empty store.
func New() *Store {
	s := &Store{data: tables{
		users:     map[domain.ID]domain.User{},
		sessions:  map[domain.TokenHash]domain.Session{},
		steps:     map[domain.ID]domain.SecondStep{},
		passkeys:  map[domain.TokenHash]domain.Passkey{},
		vouched:   map[domain.TokenHash]domain.Identity{},
		tokens:    map[domain.TokenHash]domain.AccessToken{},
		spaces:    map[domain.ID]domain.Space{},
		members:   map[own[domain.ID]]member{},
		tickets:   map[domain.TokenHash]time.Time{},
		tries:     map[domain.TokenHash]domain.Tries{},
		invited:   map[domain.ID]domain.Invitation{},
		audit:     map[domain.ID]domain.AuditEvent{},
		notes:     table[*storedNote]{},
		tagNames:  map[own[string]]domain.Tag{},
		revisions: map[domain.ID][]domain.Revision{},
		drafts:    map[draftKey]storedDraft{},
		searches:  table[domain.SavedSearch]{},
		undos:     table[storedUndo]{},
		files:     map[own[domain.FileHash]]domain.File{},
		fileNames: map[own[string]]fileName{},
		creations: map[own[string]]domain.Creation{},
		records:   table[domain.Record]{},
		shares:    table[domain.Share]{},
		present:   map[presence]time.Time{},
		imports:   table[domain.Import]{},
		imported:  map[own[importedKey]]domain.Imported{},
		leases:    map[string]time.Time{},
	}}
	s.repos = repos{s}
	return s
}

func (t *tables) clone() tables {
	return tables{
		users:     maps.Clone(t.users),
		sessions:  maps.Clone(t.sessions),
		steps:     maps.Clone(t.steps),
		passkeys:  maps.Clone(t.passkeys),
		vouched:   maps.Clone(t.vouched),
		tokens:    maps.Clone(t.tokens),
		spaces:    maps.Clone(t.spaces),
		members:   maps.Clone(t.members),
		tickets:   maps.Clone(t.tickets),
		tries:     maps.Clone(t.tries),
		invited:   maps.Clone(t.invited),
		audit:     maps.Clone(t.audit),
		notes:     maps.Clone(t.notes),
		tagNames:  maps.Clone(t.tagNames),
		revisions: maps.Clone(t.revisions),
		drafts:    maps.Clone(t.drafts),
		searches:  maps.Clone(t.searches),
		undos:     maps.Clone(t.undos),
		files:     maps.Clone(t.files),
		fileNames: maps.Clone(t.fileNames),
		creations: maps.Clone(t.creations),
		records:   maps.Clone(t.records),
		shares:    maps.Clone(t.shares),
		present:   maps.Clone(t.present),
		imports:   maps.Clone(t.imports),
		imported:  maps.Clone(t.imported),
		leases:    maps.Clone(t.leases),
		trust:     t.trust,
	}
}

// Atomically implements domain.Store: fn works on a copy, which replaces the data when it succeeds. Transactions run
// one after the other.
func (s *Store) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := s.data.clone()
	if err := fn(repos{inTx{&copied}}); err != nil {
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

// runner runs one call of a repository on the tables: under the store's lock, or inside a transaction that holds it.
type runner interface {
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

// repos implements domain.Repos.
type repos struct{ runner }

// in returns what runs the calls of repositories for whoever has an access.
func (r repos) in(a domain.ReadAccess) inSpace { return inSpace{r.runner, a.Space(), a.User()} }

// inSpace runs the calls of a repository for a user in a space.
type inSpace struct {
	runner
	space, user domain.ID
}

// write implements runner. Nothing is stored in a space that isn't there.
func (r inSpace) write(ctx context.Context, fn func(*tables) error) error {
	return r.runner.write(ctx, func(t *tables) error {
		if _, there := t.spaces[r.space]; !there {
			return domain.ErrSpaceNotFound
		}
		return fn(t)
	})
}

// first returns at most limit of list.
func first[E any](list []E, limit int) []E { return list[:min(limit, len(list))] }

// ReadRecords implements domain.Repos.
func (r repos) ReadRecords(a domain.ReadAccess) domain.RecordReader { return records{r.in(a)} }

// Records implements domain.Repos.
func (r repos) Records(a domain.WriteAccess) domain.Records { return records{r.in(a.Read())} }

type records struct{ inSpace }

func (r records) Add(ctx context.Context, rec domain.Record) error {
	return r.write(ctx, func(t *tables) error { return t.records.add(r.space, rec.ID, rec) })
}

func (r records) Get(ctx context.Context, id domain.ID) (rec domain.Record, err error) {
	err = r.read(ctx, func(t *tables) error {
		rec, err = t.records.get(r.space, id, domain.ErrRecordNotFound)
		return err
	})
	return rec, err
}

func (r records) List(ctx context.Context, after domain.RecordCursor, limit int) (list []domain.Record, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.records.of(r.space)
		return nil
	})
	list = slices.DeleteFunc(list, func(rec domain.Record) bool { return rec.ID <= domain.ID(after) })
	slices.SortFunc(list, func(a, b domain.Record) int { return cmp.Compare(a.ID, b.ID) })
	return first(list, limit), err
}

func (r records) Update(ctx context.Context, rec domain.Record) error {
	return r.write(ctx, func(t *tables) error {
		return t.records.update(r.space, rec.ID, rec, domain.ErrRecordNotFound)
	})
}

func (r records) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error { return t.records.remove(r.space, id, domain.ErrRecordNotFound) })
}

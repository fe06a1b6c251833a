package app

import (
	"context"

	"octavo/domain"
	"octavo/domain/query"
)

// narrowed is a store in which whoever may see the notes of a tag alone finds no others, whatever asks for them.
type narrowed struct{ domain.Store }

func (s narrowed) ReadNotes(a domain.ReadAccess) domain.NoteReader {
	return narrowedRepos{s.Store}.ReadNotes(a)
}

func (s narrowed) Notes(a domain.WriteAccess) domain.Notes { return narrowedRepos{s.Store}.Notes(a) }

func (s narrowed) Index(a domain.ReadAccess) domain.Index { return narrowedRepos{s.Store}.Index(a) }

func (s narrowed) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(narrowedRepos{repos}) })
}

type narrowedRepos struct{ domain.Repos }

func (r narrowedRepos) ReadNotes(a domain.ReadAccess) domain.NoteReader {
	if a.OfTag() == "" {
		return r.Repos.ReadNotes(a)
	}
	return narrowedReader{r.Repos.ReadNotes(a), a}
}

func (r narrowedRepos) Notes(a domain.WriteAccess) domain.Notes {
	if a.Read().OfTag() == "" {
		return r.Repos.Notes(a)
	}
	notes := r.Repos.Notes(a)
	return narrowedNotes{narrowedReader{notes, a.Read()}, notes, a}
}

func (r narrowedRepos) Index(a domain.ReadAccess) domain.Index {
	if a.OfTag() == "" {
		return r.Repos.Index(a)
	}
	return narrowedIndex{r.Repos.Index(a), a.OfTag()}
}

// narrowedReader reads the notes of a tag.
type narrowedReader struct {
	all    domain.NoteReader
	access domain.ReadAccess
}

func (r narrowedReader) Get(ctx context.Context, id domain.ID) (domain.Note, error) {
	n, err := r.all.Get(ctx, id)
	if err == nil && !r.access.Shows(n) {
		return domain.Note{}, domain.ErrNoteNotFound
	}
	return n, err
}

func (r narrowedReader) Version(ctx context.Context, id domain.ID) (int, error) {
	n, err := r.Get(ctx, id)
	return n.Version, err
}

func (r narrowedReader) List(ctx context.Context, filter domain.NoteFilter, after *domain.NoteCursor, limit int) ([]domain.NoteSummary, error) {
	filter, ok := r.access.Narrow(filter)
	if !ok {
		return nil, nil
	}
	return r.all.List(ctx, filter, after, limit)
}

func (r narrowedReader) ListVersion(ctx context.Context, filter domain.NoteFilter, limit int) (string, error) {
	filter, ok := r.access.Narrow(filter)
	if !ok {
		return domain.ListVersion(nil), nil
	}
	return r.all.ListVersion(ctx, filter, limit)
}

func (r narrowedReader) ListCount(ctx context.Context, filter domain.NoteFilter, limit int) (int, error) {
	filter, ok := r.access.Narrow(filter)
	if !ok {
		return 0, nil
	}
	return r.all.ListCount(ctx, filter, limit)
}

func (r narrowedReader) Many(ctx context.Context, ids []domain.ID) (shown []domain.Note, err error) {
	found, err := r.all.Many(ctx, ids)
	for _, n := range found {
		if r.access.Shows(n) {
			shown = append(shown, n)
		}
	}
	return shown, err
}

// narrowedNotes changes the notes of a tag. What is changed has been read before, and WriteAccess.MayChange is asked what it
// becomes.
type narrowedNotes struct {
	narrowedReader
	all    domain.Notes
	access domain.WriteAccess
}

func (r narrowedNotes) Add(ctx context.Context, n domain.Note) error {
	if err := r.access.MayAdd(n); err != nil {
		return err
	}
	return r.all.Add(ctx, n)
}

func (r narrowedNotes) AddMany(ctx context.Context, list []domain.Note, said []domain.Revision) error {
	for _, n := range list {
		if err := r.access.MayAdd(n); err != nil {
			return err
		}
	}
	return r.all.AddMany(ctx, list, said)
}

func (r narrowedNotes) Update(ctx context.Context, n domain.Note, over int) error {
	return r.all.Update(ctx, n, over)
}

func (r narrowedNotes) UpdateMany(ctx context.Context, list []domain.Note) error {
	return r.all.UpdateMany(ctx, list)
}

func (r narrowedNotes) Remove(ctx context.Context, id domain.ID) error {
	if _, err := r.Get(ctx, id); err != nil {
		return err
	}
	return r.all.Remove(ctx, id)
}

// narrowedIndex finds the notes of a tag.
type narrowedIndex struct {
	all domain.Index
	tag string
}

func (x narrowedIndex) Search(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) ([]domain.Note, error) {
	return x.all.Search(ctx, q.Tagged(x.tag), after, limit)
}

func (x narrowedIndex) Places(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) ([]domain.SearchCursor, error) {
	return x.all.Places(ctx, q.Tagged(x.tag), after, limit)
}

func (x narrowedIndex) SearchFirst(ctx context.Context, part, q query.Query, limit int) ([]domain.Note, error) {
	return x.all.SearchFirst(ctx, part.Tagged(x.tag), q.Tagged(x.tag), limit)
}

func (x narrowedIndex) Brief() domain.Index { return narrowedIndex{x.all.Brief(), x.tag} }

func (x narrowedIndex) Count(ctx context.Context, q query.Query, limit int) (domain.SearchCount, error) {
	return x.all.Count(ctx, q.Tagged(x.tag), limit)
}

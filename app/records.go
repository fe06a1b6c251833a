package app

import (
	"context"
	"iter"

	"octavo/domain"
)

// Records is what programs do with the records they keep.
//
// Its methods return NotFound for an id that no record of the space has, whether or not another has.
type Records struct {
	records      RecordRepos
	transactions domain.Transactions // nil where the caller sees to them
	clock        domain.Clock
}

// RecordRepos gives the repositories of records, as a domain.Store does.
type RecordRepos interface {
	ReadRecords(domain.ReadAccess) domain.RecordReader
	Records(domain.WriteAccess) domain.Records
}

// NewRecords returns the use cases over any repositories of records: those that a store has within a transaction, or your
// own. What reads a record to change it needs a transaction around it then, or to be the only one that writes.
func NewRecords(records RecordRepos, clock domain.Clock) *Records {
	return &Records{records: records, clock: clock}
}

// Records returns the use cases of records, each of which is a transaction of its own.
func (a *App) Records() *Records {
	return &Records{records: a.store, transactions: a.store, clock: a.clock}
}

// within runs fn with the records of a space, in one transaction.
func (s *Records) within(ctx context.Context, access domain.WriteAccess, fn func(domain.Records) error) error {
	if s.transactions == nil {
		return fn(s.records.Records(access))
	}
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error { return fn(repos.Records(access)) })
}

// Create stores a new record made of draft. The errors of draft are those of domain.NewRecord.
func (s *Records) Create(ctx context.Context, access domain.WriteAccess, draft domain.RecordDraft) (domain.Record, error) {
	if err := access.MayEdit(); err != nil {
		return domain.Record{}, err
	}
	r, err := domain.NewRecord(draft, s.clock.Now())
	if err != nil {
		return domain.Record{}, err
	}
	return r, s.records.Records(access).Add(ctx, r)
}

// Get returns a record.
func (s *Records) Get(ctx context.Context, access domain.ReadAccess, id domain.ID) (domain.Record, error) {
	return s.records.ReadRecords(access).Get(ctx, id)
}

// RecordPage is one page of the list of records.
type RecordPage struct {
	Records []domain.Record
	Next    string // the cursor of the next page, "" on the last one
}

// List returns a page of at most limit records, fewer where they are large, in the order in which they were made. after is
// the Next of the page before, or "" for the first page; any other text is Invalid.
func (s *Records) List(ctx context.Context, access domain.ReadAccess, after string, limit int) (RecordPage, error) {
	var cursor domain.RecordCursor
	if after != "" {
		var err error
		if cursor, err = domain.ParseRecordCursor(after); err != nil {
			return RecordPage{}, err
		}
	}
	var page RecordPage
	bytes := 0
	for r, err := range s.from(ctx, access, cursor) {
		switch {
		case err != nil:
			return RecordPage{}, err
		case len(page.Records) == limit || bytes > pageBytes: // so there is a next page
			page.Next = domain.RecordCursor(page.Records[len(page.Records)-1].ID).String()
			return page, nil
		}
		page.Records = append(page.Records, r)
		bytes += len(r.Content)
	}
	return page, nil
}

// pageBytes is how much the records of a page may hold together before the page ends, short of its limit.
const pageBytes = 4 << 20

// All returns every record in the order in which they were made. It reads them piece by piece, so that no transaction
// stays open while the caller works: a record that is made or removed meanwhile may be among them or not. An error
// ends the sequence.
func (s *Records) All(ctx context.Context, access domain.ReadAccess) iter.Seq2[domain.Record, error] {
	return s.from(ctx, access, "")
}

// How many records are read at once: at first a number that costs little even if they are large, and then as many as
// hold about so many bytes. What waits to be sent, and the garbage that it leaves, stays small beside the program itself,
// and the queries cost less than the records.
const (
	firstChunk = 24
	mostChunk  = 100
	chunkBytes = 1 << 20
)

// from returns the records after a cursor, for All and List.
func (s *Records) from(ctx context.Context, access domain.ReadAccess, after domain.RecordCursor) iter.Seq2[domain.Record, error] {
	return func(yield func(domain.Record, error) bool) {
		for chunk := firstChunk; ; {
			list, err := s.records.ReadRecords(access).List(ctx, after, chunk)
			if err != nil {
				yield(domain.Record{}, err)
				return
			}
			bytes := 1
			for i, r := range list {
				bytes += len(r.Content)
				list[i] = domain.Record{} // so that what has been taken can go
				if !yield(r, nil) {
					return
				}
				after = domain.RecordCursor(r.ID)
			}
			if len(list) < chunk {
				return
			}
			chunk = min(max(1, chunkBytes*len(list)/bytes), mostChunk)
		}
	}
}

// Update puts draft in place of the title and content of a record that is as wanted; when it isn't, the error is
// ErrRecordChanged. The errors of draft are those of domain.NewRecord.
func (s *Records) Update(ctx context.Context, access domain.WriteAccess, id domain.ID, wanted If[domain.Record],
	draft domain.RecordDraft,
) (updated domain.Record, err error) {
	if err := access.MayEdit(); err != nil {
		return domain.Record{}, err
	}
	err = s.within(ctx, access, func(records domain.Records) error {
		r, err := records.Get(ctx, id)
		if err != nil {
			return err
		}
		if updated, err = r.Edited(draft, s.clock.Now()); err != nil {
			return err
		}
		if !wanted.is(r) {
			return domain.ErrRecordChanged
		}
		return records.Update(ctx, updated)
	})
	return updated, err
}

// Delete removes a record that is as wanted; when it isn't, the error is ErrRecordChanged.
func (s *Records) Delete(ctx context.Context, access domain.WriteAccess, id domain.ID, wanted If[domain.Record]) error {
	if err := access.MayEdit(); err != nil {
		return err
	}
	if wanted == nil {
		return s.records.Records(access).Remove(ctx, id)
	}
	return s.within(ctx, access, func(records domain.Records) error {
		r, err := records.Get(ctx, id)
		if err != nil {
			return err
		}
		if !wanted(r) {
			return domain.ErrRecordChanged
		}
		return records.Remove(ctx, id)
	})
}

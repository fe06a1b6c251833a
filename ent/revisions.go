package ent

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"octavo/domain"
)

// revisions is the domain.Revisions of a database.
type revisions struct {
	repos
	owner string
}

func (r repos) Revisions(actor domain.Actor) domain.Revisions {
	return revisions{r, string(actor.User)}
}

func (r revisions) Add(ctx context.Context, rev domain.Revision) error {
	_, err := r.exec(ctx, r.text.insertRevision, append([]any{string(rev.Note), r.owner}, r.values(rev)[1:]...)...)
	if errors.Is(err, domain.NotFound) {
		return domain.ErrNoteNotFound
	}
	return err
}

// values returns what revisionColumns are to hold.
func (r revisions) values(rev domain.Revision) []any {
	return []any{
		string(rev.Note), r.owner, rev.Version, rev.Title, tagsText(rev.Tags, nil), len(rev.Content),
		micros(rev.Saved), orNull(rev.Author), rev.Content,
	}
}

func (r revisions) At(ctx context.Context, note domain.ID, version int) (domain.Revision, error) {
	rev := domain.Revision{Note: note}
	var tags string
	var saved int64
	var author sql.NullString
	err := scanRow(ctx, r.read, r.text.revision, []any{string(note), version, r.owner},
		&rev.Version, &rev.Title, &rev.Content, &tags, &saved, &author)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Revision{}, domain.ErrRevisionNotFound
	}
	if err != nil {
		return domain.Revision{}, r.failure(ctx, err)
	}
	rev.Tags, _ = ownTags(tags)
	rev.Saved, rev.Author = fromMicros(saved), domain.ID(author.String)
	return rev, nil
}

func (r revisions) List(ctx context.Context, note domain.ID, before, limit int) ([]domain.RevisionSummary, error) {
	if before == 0 {
		before = math.MaxInt
	}
	return scanAll(ctx, r.repos, r.text.revisions, []any{string(note), before, r.owner, limit},
		func(row *sql.Rows) (s domain.RevisionSummary, err error) {
			var saved int64
			var author sql.NullString
			err = row.Scan(&s.Version, &s.Title, &s.Size, &saved, &author)
			s.Saved, s.Author = fromMicros(saved), domain.ID(author.String)
			return s, err
		})
}

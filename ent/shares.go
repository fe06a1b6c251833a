package ent

import (
	"context"
	"errors"
	"maps"
	"slices"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/domain/password"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/gen/share"
	"octavo/ent/gen/user"
	"octavo/ent/schema"
)

// shareLinks is the domain.ShareLinks of a database.
type shareLinks struct{ repos }

func (r repos) ShareLinks() domain.ShareLinks { return shareLinks{r} }

func (r shareLinks) Admit(ctx context.Context, secret domain.TokenHash) (domain.Share, domain.Membership, error) {
	row, err := r.read.Share.Query().
		Where(share.SecretHash(string(secret)), share.HasUserWith(user.Disabled(false))).
		Only(schema.AcrossSpaces(ctx))
	if gen.IsNotFound(err) {
		return domain.Share{}, domain.Membership{}, domain.ErrShareNotFound
	}
	if err != nil {
		return domain.Share{}, domain.Membership{}, r.failure(ctx, err)
	}
	m, err := r.Spaces().Membership(ctx, domain.ID(row.SpaceID), domain.ID(row.UserID))
	if errors.Is(err, domain.NotFound) {
		return domain.Share{}, domain.Membership{}, domain.ErrShareNotFound
	}
	if err != nil {
		return domain.Share{}, domain.Membership{}, err
	}
	return shareFromRow(row), m, nil
}

func (r shareLinks) CountVisits(ctx context.Context, visits map[domain.ID]domain.ShareVisits) error {
	return r.atomically(ctx, func(tx repos) error {
		for _, id := range slices.Sorted(maps.Keys(visits)) { // in one order, so that two instances don't wait for each other
			across := schema.AcrossSpaces(ctx)
			row, err := locked(tx, tx.read.Share.Query().Where(share.ID(string(id)))).Only(across)
			if gen.IsNotFound(err) {
				continue
			}
			if err != nil {
				return r.failure(ctx, err)
			}
			counted := shareFromRow(row).Counted(visits[id])
			err = tx.write.Share.Update().
				Where(share.ID(string(id))).
				SetVisits(counted.Visits).
				SetNillableVisitedAt(orNever(counted.Visited)).
				Exec(across)
			if err != nil {
				return r.failure(ctx, err)
			}
		}
		return nil
	})
}

// shares is the domain.Shares of a database.
type shares struct {
	repos
	space string
}

func (r repos) ReadShares(a domain.ReadAccess) domain.ShareReader {
	return shares{r, string(a.Space())}
}

func (r repos) Shares(a domain.WriteAccess) domain.Shares { return shares{r, string(a.Space())} }

func (r shares) Add(ctx context.Context, s domain.Share) error {
	return r.atomically(ctx, func(tx repos) error {
		if s.Note != "" { // of the space
			if _, err := (notes{tx, r.space}).Version(ctx, s.Note); err != nil {
				return err
			}
		}
		return r.failure(ctx, tx.write.Share.Create().
			SetID(string(s.ID)).
			SetSecretHash(string(s.Secret)).
			SetSpaceID(r.space).
			SetUserID(string(s.By)).
			SetNillableNoteID(orNil(s.Note)).
			SetTag(string(s.Tag)).
			SetAllows(string(s.Right)).
			SetNillablePassword(orNoPassword(s.Password)).
			SetCreatedAt(s.Created).
			SetNillableExpiresAt(orNever(s.Expires)).
			SetVisits(s.Visits).
			SetNillableVisitedAt(orNever(s.Visited)).
			SetChanges(s.Changes).
			Exec(ctx))
	})
}

// orNoPassword is how the hash of a password is stored that may be none.
func orNoPassword(hash password.Hash) *string {
	if hash == "" {
		return nil
	}
	return (*string)(&hash)
}

func shareFromRow(row *gen.Share) domain.Share {
	s := domain.Share{
		ID: domain.ID(row.ID), Secret: domain.TokenHash(row.SecretHash), Space: domain.ID(row.SpaceID), By: domain.ID(row.UserID),
		Note: orNone(row.NoteID), Tag: domain.Tag(row.Tag), Right: domain.ShareRight(row.Allows), Created: row.CreatedAt,
		Visits: row.Visits, Changes: row.Changes,
	}
	if row.Password != nil {
		s.Password = password.Hash(*row.Password)
	}
	if row.ExpiresAt != nil {
		s.Expires = *row.ExpiresAt
	}
	if row.VisitedAt != nil {
		s.Visited = *row.VisitedAt
	}
	return s
}

func (r shares) List(ctx context.Context) ([]domain.ListedShare, error) {
	newest := entsql.OrderDesc()
	rows, err := r.read.Share.Query().
		Where(share.SpaceID(r.space)).
		Order(share.ByCreatedAt(newest), share.ByID(newest)).
		WithNote(func(q *gen.NoteQuery) {
			q.Where(note.SpaceID(r.space)).Select(note.FieldTitle, note.FieldState)
		}).
		All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.ListedShare, len(rows))
	for i, row := range rows {
		list[i].Share = shareFromRow(row)
		if of := row.Edges.Note; of != nil {
			list[i].Title, list[i].Trashed = of.Title, domain.NoteState(of.State) == domain.Trashed
		}
	}
	return list, nil
}

func (r shares) Get(ctx context.Context, id domain.ID) (domain.Share, error) {
	row, err := r.read.Share.Query().Where(share.ID(string(id)), share.SpaceID(r.space)).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Share{}, domain.ErrShareNotFound
	}
	if err != nil {
		return domain.Share{}, r.failure(ctx, err)
	}
	return shareFromRow(row), nil
}

func (r shares) SetSecret(ctx context.Context, id domain.ID, secret domain.TokenHash) error {
	found, err := r.write.Share.Update().
		Where(share.ID(string(id)), share.SpaceID(r.space)).
		SetSecretHash(string(secret)).
		Save(ctx)
	return r.foundShare(ctx, found, err)
}

func (r shares) SetTag(ctx context.Context, id domain.ID, tag domain.Tag) error {
	found, err := r.write.Share.Update().
		Where(share.ID(string(id)), share.SpaceID(r.space)).
		SetTag(string(tag)).
		Save(ctx)
	return r.foundShare(ctx, found, err)
}

func (r shares) Changed(ctx context.Context, id domain.ID) error {
	found, err := r.write.Share.Update().
		Where(share.ID(string(id)), share.SpaceID(r.space)).
		AddChanges(1).
		Save(ctx)
	return r.foundShare(ctx, found, err)
}

func (r shares) Remove(ctx context.Context, id domain.ID) error {
	found, err := r.write.Share.Delete().Where(share.ID(string(id)), share.SpaceID(r.space)).Exec(ctx)
	return r.foundShare(ctx, found, err)
}

// foundShare returns what came of a statement about one share.
func (r shares) foundShare(ctx context.Context, found int, err error) error {
	if err == nil && found == 0 {
		return domain.ErrShareNotFound
	}
	return r.failure(ctx, err)
}

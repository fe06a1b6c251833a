package ent

import (
	"context"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/invitation"
)

// invitations is the domain.Invitations of a database.
type invitations struct{ repos }

func (r repos) Invitations() domain.Invitations { return invitations{r} }

func (r invitations) Add(ctx context.Context, i domain.Invitation) error {
	row := r.write.Invitation.Create().
		SetID(string(i.ID)).
		SetSecretHash(string(i.Secret)).
		SetAdmin(i.Admin).
		SetInviterID(string(i.By)).
		SetJoins(domain.JoinsText(i.Joins)).
		SetCreatedAt(i.Created).
		SetExpiresAt(i.Expires)
	if i.User != "" {
		row.SetUserID(string(i.User))
	}
	return r.failure(ctx, row.Exec(ctx))
}

func (r invitations) BySecret(ctx context.Context, secret domain.TokenHash) (domain.Invitation, error) {
	row, err := r.read.Invitation.Query().Where(invitation.SecretHash(string(secret))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Invitation{}, domain.ErrNotInvited
	}
	if err != nil {
		return domain.Invitation{}, r.failure(ctx, err)
	}
	return invitationFromRow(row), nil
}

func invitationFromRow(row *gen.Invitation) domain.Invitation {
	i := domain.Invitation{
		ID: domain.ID(row.ID), Secret: domain.TokenHash(row.SecretHash), Admin: row.Admin, By: domain.ID(row.InviterID),
		Joins: domain.ParseJoins(row.Joins), Created: row.CreatedAt, Expires: row.ExpiresAt,
	}
	if row.UserID != nil {
		i.User = domain.ID(*row.UserID)
	}
	return i
}

func (r invitations) List(ctx context.Context) ([]domain.Invitation, error) {
	newest := entsql.OrderDesc()
	rows, err := r.read.Invitation.Query().Order(invitation.ByCreatedAt(newest), invitation.ByID(newest)).All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.Invitation, len(rows))
	for i, row := range rows {
		list[i] = invitationFromRow(row)
	}
	return list, nil
}

func (r invitations) Take(ctx context.Context, id domain.ID) error {
	n, err := r.write.Invitation.Delete().Where(invitation.ID(string(id))).Exec(ctx)
	if err == nil && n == 0 {
		return domain.ErrNotInvited
	}
	return r.failure(ctx, err)
}

func (r invitations) RemoveFor(ctx context.Context, user domain.ID) error {
	_, err := r.write.Invitation.Delete().Where(invitation.UserID(string(user))).Exec(ctx)
	return r.failure(ctx, err)
}

func (r invitations) RemoveFrom(ctx context.Context, admin domain.ID) error {
	_, err := r.write.Invitation.Delete().Where(invitation.InviterID(string(admin))).Exec(ctx)
	return r.failure(ctx, err)
}

func (r repos) removeInvitations(ctx context.Context, now time.Time, limit int) (int, error) {
	ids, err := r.read.Invitation.Query().Where(invitation.ExpiresAtLTE(now)).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Invitation.Delete().Where(invitation.IDIn(ids...)).Exec(ctx)
}

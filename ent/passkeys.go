package ent

import (
	"context"
	"encoding/base64"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/passkey"
	"octavo/ent/gen/user"
)

// passkeys is the domain.Passkeys of a database.
type passkeys struct{ repos }

func (r repos) Passkeys() domain.Passkeys { return passkeys{r} }

func (r passkeys) Add(ctx context.Context, p domain.Passkey) error {
	return r.atomically(ctx, func(tx repos) error {
		there, err := tx.read.User.Query().Where(user.ID(string(p.User))).Exist(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		if !there {
			return domain.ErrUserNotFound
		}
		return r.failure(ctx, tx.write.Passkey.Create().
			SetID(string(p.ID)).
			SetUserID(string(p.User)).
			SetName(p.Name).
			SetCredential(base64.RawURLEncoding.EncodeToString(p.Credential.ID)).
			SetPublicKey(base64.RawURLEncoding.EncodeToString(p.Credential.Key)).
			SetSignCount(int64(p.Credential.Count)).
			SetBackupEligible(p.Credential.BackupEligible).
			SetBackedUp(p.Credential.BackedUp).
			SetCreatedAt(p.Created).
			SetNillableUsedAt(orNever(p.Used)).
			Exec(ctx))
	})
}

func (r passkeys) Get(ctx context.Context, id domain.TokenHash) (domain.Passkey, error) {
	row, err := r.read.Passkey.Query().Where(passkey.ID(string(id))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Passkey{}, domain.ErrPasskeyNotFound
	}
	if err != nil {
		return domain.Passkey{}, r.failure(ctx, err)
	}
	return passkeyFromRow(row)
}

func passkeyFromRow(row *gen.Passkey) (domain.Passkey, error) {
	p := domain.Passkey{
		ID: domain.TokenHash(row.ID), User: domain.ID(row.UserID), Name: row.Name, Created: row.CreatedAt,
		Credential: domain.Credential{
			Count: uint32(row.SignCount), BackupEligible: row.BackupEligible, BackedUp: row.BackedUp, //nolint:gosec // as it was stored
		},
	}
	if row.UsedAt != nil {
		p.Used = *row.UsedAt
	}
	var err error
	if p.Credential.ID, err = base64.RawURLEncoding.DecodeString(row.Credential); err == nil {
		p.Credential.Key, err = base64.RawURLEncoding.DecodeString(row.PublicKey)
	}
	return p, err
}

func (r passkeys) Put(ctx context.Context, p domain.Passkey) error {
	update := r.write.Passkey.Update().
		Where(passkey.ID(string(p.ID))).
		SetName(p.Name).
		SetSignCount(int64(p.Credential.Count)).
		SetBackedUp(p.Credential.BackedUp)
	if used := orNever(p.Used); used != nil {
		update.SetUsedAt(*used)
	}
	n, err := update.Save(ctx)
	if err == nil && n == 0 {
		return domain.ErrPasskeyNotFound
	}
	return r.failure(ctx, err)
}

func (r passkeys) List(ctx context.Context, id domain.ID) ([]domain.Passkey, error) {
	rows, err := r.read.Passkey.Query().
		Where(passkey.UserID(string(id))).
		Order(passkey.ByCreatedAt(), passkey.ByID()).
		All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.Passkey, len(rows))
	for i, row := range rows {
		if list[i], err = passkeyFromRow(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r passkeys) Remove(ctx context.Context, user domain.ID, id domain.TokenHash) error {
	n, err := r.write.Passkey.Delete().Where(passkey.ID(string(id)), passkey.UserID(string(user))).Exec(ctx)
	if err == nil && n == 0 {
		return domain.ErrPasskeyNotFound
	}
	return r.failure(ctx, err)
}

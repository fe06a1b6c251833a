package ent

import (
	"context"
	"errors"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/note"
	"octavo/ent/gen/predicate"
)

// drafts is the domain.Drafts of a database.
type drafts struct {
	repos
	space, user string
}

func (r repos) ReadDrafts(a domain.ReadAccess) domain.DraftReader {
	return drafts{r, string(a.Space()), string(a.User())}
}

func (r repos) Drafts(a domain.WriteAccess) domain.Drafts {
	return drafts{r, string(a.Space()), string(a.User())}
}

func (r drafts) Put(ctx context.Context, d domain.Draft) error {
	return r.atomically(ctx, func(r2 repos) error { return drafts{r2, r.space, r.user}.put(ctx, d) })
}

func (r drafts) put(ctx context.Context, d domain.Draft) error {
	// What ends this draft may be under way. It has its row, or else the note, or by adding that row the space: so one of
	// the two waits here for the other.
	if d.IsNew() {
		if err := r.lockSpace(ctx, r.space); err != nil {
			return err
		}
	} else {
		found, err := locked(r.repos, r.read.Note.Query().Where(note.ID(string(d.Note)), note.SpaceID(r.space))).IDs(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		if len(found) == 0 {
			return domain.ErrNoteNotFound
		}
	}
	endings, err := locked(r.repos, r.read.Draft.Query().Where(r.theirs(), draft.DraftKey(string(d.Key)))).
		Select(draft.FieldEnding).
		Strings(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	if len(endings) > 0 && endings[0] != "" {
		return domain.ErrDraftEnded
	}
	return r.failure(ctx, draftRow(r.write.Draft.Create(), d).
		SetSpaceID(r.space).
		SetUserID(r.user).
		OnConflictColumns(draft.FieldSpaceID, draft.FieldUserID, draft.FieldDraftKey).
		UpdateNewValues().
		UpdateNoteID(). // also when it has none any more
		Exec(ctx))
}

// theirs are the user's drafts in the space.
func (r drafts) theirs() predicate.Draft {
	return draft.And(draft.SpaceID(r.space), draft.UserID(r.user))
}

// open are those that haven't ended.
func (r drafts) open() predicate.Draft { return draft.And(r.theirs(), draft.Ending("")) }

func (r drafts) Get(ctx context.Context, key domain.ID) (domain.Draft, error) {
	return r.one(ctx, r.read.Draft.Query().Where(r.open(), draft.DraftKey(string(key))))
}

func (r drafts) Captured(ctx context.Context) (domain.Draft, error) {
	return r.one(ctx, r.read.Draft.Query().Where(r.open(), draft.Captured(true)).Order(lastSaved...))
}

// lastSaved is the order of lists of drafts.
var lastSaved = []draft.OrderOption{draft.BySavedAt(entsql.OrderDesc()), draft.ByDraftKey(entsql.OrderDesc())}

func (r drafts) one(ctx context.Context, query *gen.DraftQuery) (domain.Draft, error) {
	row, err := query.First(ctx)
	if err = r.failure(ctx, err); gen.IsNotFound(err) || errors.Is(err, domain.NotFound) {
		return domain.Draft{}, domain.ErrDraftNotFound
	}
	if err != nil {
		return domain.Draft{}, err
	}
	return draftOf(row), nil
}

func (r drafts) List(ctx context.Context, of domain.ID, limit int) ([]domain.Draft, error) {
	rows, err := r.lastSaved(limit, ofNote(of)).All(ctx)
	return draftsOf(rows), r.listFailure(ctx, err)
}

func (r drafts) All(ctx context.Context, limit int) ([]domain.Draft, error) {
	rows, err := r.lastSaved(limit).All(ctx)
	return draftsOf(rows), r.listFailure(ctx, err)
}

// lastSaved finds the drafts of a user in a space, the last saved first.
func (r drafts) lastSaved(limit int, which ...predicate.Draft) *gen.DraftQuery {
	return r.read.Draft.Query().Where(r.open()).Where(which...).Order(lastSaved...).Limit(limit)
}

// ofNote finds the drafts of a note, or for "" those of new notes.
func ofNote(id domain.ID) predicate.Draft {
	if id == "" {
		return draft.NoteIDIsNil()
	}
	return draft.NoteID(string(id))
}

func draftsOf(rows []*gen.Draft) []domain.Draft {
	var list []domain.Draft
	for _, row := range rows {
		list = append(list, draftOf(row))
	}
	return list
}

func (r drafts) Remove(ctx context.Context, key domain.ID) error {
	open := predicate.Draft(draft.And(r.open(), draft.DraftKey(string(key))))
	return r.listFailure(ctx, notes{r.repos, r.space}.remove(ctx, draft.Table, open))
}

func (r drafts) End(ctx context.Context, key domain.ID, now time.Time) error {
	said := []string{
		draft.FieldNoteID, draft.FieldBase, draft.FieldTitle, draft.FieldTags, draft.FieldContent, draft.FieldSavedAt,
		draft.FieldEnding, draft.FieldEndedAt,
	}
	unique := []string{draft.FieldSpaceID, draft.FieldUserID, draft.FieldDraftKey}
	row := []any{r.space, r.user, string(key), nil, 0, "", "", "", now, string(domain.DraftSaved), now}
	return r.failure(ctx, r.insert(ctx, draft.Table, slices.Concat(unique, said), [][]any{row}, orReplace(unique, said...)...))
}

func (r drafts) Discard(ctx context.Context, key domain.ID, now time.Time) (bool, error) {
	n, err := r.end(ctx, domain.DraftDiscarded, now, r.open(), draft.DraftKey(string(key)))
	if errors.Is(err, domain.NotFound) { // an id that is none
		return false, nil
	}
	return n > 0, err
}

func (r drafts) DiscardAll(ctx context.Context, now time.Time) (int, error) {
	return r.end(ctx, domain.DraftDiscarded, now, r.open())
}

func (r drafts) TellExpired(ctx context.Context, now time.Time) (int, error) {
	return r.end(ctx, domain.DraftDiscarded, now, r.theirs(), draft.Ending(string(domain.DraftExpired)))
}

func (r drafts) end(ctx context.Context, ending domain.DraftEnding, now time.Time, which ...predicate.Draft) (int, error) {
	n, err := r.write.Draft.Update().Where(which...).SetEnding(string(ending)).SetEndedAt(now).Save(ctx)
	return n, r.failure(ctx, err)
}

func (r drafts) Restore(ctx context.Context, discarded, now time.Time) (n int, err error) {
	err = r.atomically(ctx, func(r2 repos) error {
		those := draft.And(r.theirs(), draft.Ending(string(domain.DraftDiscarded)), draft.EndedAt(discarded))
		expired := draft.SavedAtLTE(now.Add(-domain.DraftLife))
		if err := r2.write.Draft.Update().Where(those, expired).SetSavedAt(now).Exec(ctx); err != nil {
			return r.failure(ctx, err)
		}
		n, err = r2.write.Draft.Update().Where(those).SetEnding("").ClearEndedAt().Save(ctx)
		return r.failure(ctx, err)
	})
	return n, err
}

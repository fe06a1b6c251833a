package ent

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notetag"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/tag"
)

// notes is the domain.Notes of a database, and what can be told from them: the domain.Tags, Links and Index.
type notes struct {
	repos
	space string
}

func (r repos) ReadNotes(a domain.ReadAccess) domain.NoteReader { return notes{r, string(a.Space())} }

func (r repos) Notes(a domain.WriteAccess) domain.Notes { return notes{r, string(a.Space())} }

func (r repos) Tags(a domain.ReadAccess) domain.Tags { return notes{r, string(a.Space())} }

func (r repos) Links(a domain.ReadAccess) domain.Links {
	return links{notes{r, string(a.Space())}, string(a.User())}
}

func (r repos) Index(a domain.ReadAccess) domain.Index {
	return noteIndex{notes: notes{r, string(a.Space())}}
}

// atomically runs fn in a transaction, as repos.atomically does.
func (r notes) atomically(ctx context.Context, fn func(notes) error) error {
	return r.repos.atomically(ctx, func(tx repos) error { return fn(notes{tx, r.space}) })
}

func (r notes) Add(ctx context.Context, n domain.Note) error {
	return r.atomically(ctx, func(r notes) error {
		now := derivedOf(n)
		if err := r.insert(ctx, note.Table, addedFields, [][]any{r.addedValues(n, now)}); err != nil {
			return err
		}
		if err := r.store(ctx, []domain.Note{n}, []derived{{}}, []derived{now}); err != nil {
			return err
		}
		return r.send(ctx)
	})
}

func (r notes) Get(ctx context.Context, id domain.ID) (domain.Note, error) {
	query := r.text.note
	if r.within {
		query = r.text.noteLocked
	}
	var row gen.Note
	err := scanRow(ctx, r.read, query, []any{string(id), r.space}, intoNote(&row)...)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Note{}, domain.ErrNoteNotFound
	}
	if err != nil {
		return domain.Note{}, r.failure(ctx, err)
	}
	if r.within {
		r.held[[2]string{r.space, row.ID}] = row.Version
	}
	return noteOf(&row), nil
}

func (r notes) Version(ctx context.Context, id domain.ID) (int, error) {
	version, err := r.read.Note.Query().Where(note.ID(string(id)), note.SpaceID(r.space)).Select(note.FieldVersion).Int(ctx)
	if gen.IsNotFound(err) {
		return 0, domain.ErrNoteNotFound
	}
	return version, r.failure(ctx, err)
}

func (r notes) List(ctx context.Context, filter domain.NoteFilter, after *domain.NoteCursor, limit int) (
	[]domain.NoteSummary, error,
) {
	order, err := r.orderOf(ctx, filter)
	if err != nil {
		return nil, err
	}
	query := r.read.Note.Query().Where(order.among)
	if order.index == "" {
		query.Where(inSpace[predicate.Note](note.FieldSpaceID, r.space))
	} else {
		query.Modify(forceIndex(order.index))
	}
	if after != nil {
		query.Where(afterCursor[predicate.Note](order.columns, order.ascending, placeOf(*after)))
	}
	shown := query.Order(order.sort).Limit(limit).Select(summaryFields...)
	if filter.Order == domain.ByCreated {
		shown.Select(note.FieldCreatedAt)
	}
	if filter.State == domain.Trashed {
		shown.Select(note.FieldMovedAt)
	}
	rows, err := shown.All(ctx)
	if err := r.listFailure(ctx, err); err != nil {
		return nil, err
	}
	list := make([]domain.NoteSummary, len(rows))
	for i, row := range rows {
		row.State = string(filter.State)
		list[i] = summaryOf(row)
		list[i].Created = row.CreatedAt
	}
	return list, nil
}

// ListVersion takes a fourth of the CPU of reading the list, as it has the database put the versions together.
func (r notes) ListVersion(ctx context.Context, filter domain.NoteFilter, limit int) (string, error) {
	order, err := r.orderOf(ctx, filter)
	if err != nil {
		return "", err
	}
	d := entsql.Dialect(r.text.dialect)
	n := d.Table(note.Table)
	if order.index == "" {
		n.As("n") // or joining would call it something else
	}
	list := d.Select(n.C(note.FieldID), n.C(note.FieldVersion)).From(n)
	order.among(list) // in the space
	order.sort(list)
	if order.index != "" {
		forceIndex(order.index)(list)
	}
	version := "GROUP_CONCAT(l.id || '.' || l.version, ' ')"
	switch r.text.dialect {
	case dialect.Postgres:
		version = "string_agg(CAST(l.id AS text) || '.' || CAST(l.version AS text), ' ')"
	case dialect.MySQL:
		version = "GROUP_CONCAT(CONCAT(l.id, '.', l.version) SEPARATOR ' ')"
	}
	query, args := d.SelectExpr(entsql.Raw(version)).From(list.Limit(limit).As("l")).Query()
	var found sql.NullString
	err = scanRow(ctx, r.read, query, args, &found)
	return found.String, r.listFailure(ctx, err)
}

func (r notes) ListCount(ctx context.Context, filter domain.NoteFilter, limit int) (int, error) {
	d := entsql.Dialect(r.text.dialect)
	n := d.Table(note.Table)
	list := d.Select(n.C(note.FieldID)).From(n)
	if filter.Tag == "" {
		order, err := r.orderOf(ctx, domain.NoteFilter{State: filter.State})
		if err != nil {
			return 0, err
		}
		order.among(list)
		order.sort(list) // along an index, of which PostgreSQL thinks in this way alone
		forceIndex(order.index)(list)
	} else {
		t := d.Table(notetag.Table)
		list = d.Select(t.C(notetag.FieldNoteID)).From(t).Where(entsql.And(
			entsql.EQ(t.C(notetag.FieldSpaceID), r.space),
			entsql.EQ(t.C(notetag.FieldTagKey), storedKey(filter.Tag)),
			entsql.EQ(t.C(notetag.FieldState), string(filter.State)),
		))
	}
	query, args := d.Select(entsql.Count("*")).From(list.Limit(limit).As("l")).Query()
	count := 0
	err := scanRow(ctx, r.read, query, args, &count)
	return count, r.listFailure(ctx, err)
}

// placeOf returns where a list is continued.
func placeOf(c domain.NoteCursor) []any {
	if c.Order == domain.ByTitle {
		return []any{c.Place, string(c.ID)}
	}
	return []any{c.Pinned, c.Time, string(c.ID)}
}

func (r notes) Update(ctx context.Context, n domain.Note, over int) error {
	return r.atomically(ctx, func(r notes) error {
		was, err := r.derived(ctx, n.ID, over)
		if err != nil {
			return err
		}
		now := derivedOf(n)
		if err := r.store(ctx, []domain.Note{n}, []derived{was}, []derived{now}); err != nil {
			return err
		}
		statement, values := r.text.updateNote, changedValues(n, now)
		if now.state == was.state && now.place == was.place { // which begins with the pin
			statement, values = r.text.updateKept, values[:len(values)-keptFields]
		}
		update := append(values, string(n.ID), r.space, over)
		if version, held := r.holds(r.space, n.ID); held && version == over {
			r.held[[2]string{r.space, string(n.ID)}] = n.Version
			return r.later(ctx, statement, update...)
		}
		found, err := r.exec(ctx, statement, update...)
		if err == nil && found == 0 { // another one was faster, since a moment ago
			_, err = r.derived(ctx, n.ID, over)
		}
		return err
	})
}

func (r notes) Remove(ctx context.Context, id domain.ID) error {
	return r.atomically(ctx, func(r notes) error {
		row, err := locked(r.repos, r.read.Note.Query().Where(note.ID(string(id)), note.SpaceID(r.space))).
			Select(note.FieldTags, note.FieldState).
			Only(ctx)
		if gen.IsNotFound(err) {
			return domain.ErrNoteNotFound
		}
		if err != nil {
			return r.failure(ctx, err)
		}
		if err := r.unindex(ctx, id); err != nil {
			return err
		}
		delete(r.held, [2]string{r.space, row.ID})
		if _, err := r.write.Note.Delete().Where(note.ID(row.ID), note.SpaceID(r.space)).Exec(ctx); err != nil {
			return r.failure(ctx, err)
		}
		before := taggings(row.Tags)
		counts := tagCounts{}
		counts.add(before, nil, derived{tags: row.Tags, state: row.State}, derived{})
		if err := r.countTags(ctx, counts); err != nil {
			return err
		}
		return r.forgetTags(ctx, slices.Sorted(maps.Keys(before)))
	})
}

func (r notes) Beginning(ctx context.Context, prefix string, limit int) ([]domain.TagCount, error) {
	from, to := keyRange(prefix)
	rows, err := r.read.Tag.Query().
		Where(tag.SpaceID(r.space), tag.TagKeyGTE(from), tag.TagKeyLTE(to), tag.NotesGT(0)).
		Order(tag.ByTagKey()).
		Limit(limit).
		Select(tag.FieldName, tag.FieldNotes).
		All(ctx)
	if err != nil {
		return nil, r.listFailure(ctx, err)
	}
	var list []domain.TagCount
	for _, row := range rows {
		if c := (domain.TagCount{Tag: domain.Tag(row.Name), Notes: row.Notes}); from == prefix || strings.HasPrefix(c.Tag.Key(), prefix) {
			list = append(list, c)
		}
	}
	return list, nil
}

func (r notes) Tagged(ctx context.Context, key string, id domain.ID, limit int) ([]domain.ID, error) {
	rows, err := r.read.NoteTag.Query().
		Where(notetag.SpaceID(r.space), notetag.TagKey(storedKey(key)), notetag.NoteIDGT(after(id))).
		Order(ascending[notetag.OrderOption](notetag.FieldNoteID)).
		Limit(limit).
		Modify(forceIndex("tagged_by_id")).
		Select(notetag.FieldNoteID).
		All(ctx)
	var ids []domain.ID
	for _, row := range rows {
		ids = append(ids, domain.ID(row.NoteID))
	}
	return ids, r.listFailure(ctx, err)
}

func textFromRow(row *sql.Rows) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

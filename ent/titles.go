package ent

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notealias"
	"octavo/ent/gen/notelink"
)

func (r notes) Titled(ctx context.Context, keys ...string) (map[string]domain.NoteTitle, error) {
	titles := make(map[string]domain.NoteTitle, len(keys))
	for _, first := range []firstNote{{"titled", firstTitled}, {"aliased", firstAliased}} {
		var missing []string
		for _, key := range keys {
			if _, found := titles[key]; !found {
				missing = append(missing, key)
			}
		}
		found, err := r.firstOf(ctx, first, missing)
		if err != nil {
			return nil, err
		}
		maps.Copy(titles, found)
	}
	return titles, nil
}

// firstNote selects the first note that is found by a key. Its arguments are the space, the key and the trash, which it is
// to leave out.
type firstNote struct {
	by        string
	selection func(name string, key any) *entsql.Selector
}

// firstTitled is about the titles of notes.
func firstTitled(name string, key any) *entsql.Selector {
	d := entsql.Dialect(name)
	n := d.Table(note.Table)
	s := d.Select(n.Columns(note.FieldTitleKey, note.FieldID, note.FieldTitle, note.FieldExcerpt)...).
		From(n).
		Where(entsql.And(entsql.EQ(n.C(note.FieldSpaceID), ""), entsql.EQ(n.C(note.FieldTitleKey), key), outsideTrash(n))).
		OrderBy(n.C(note.FieldID)).
		Limit(1)
	along("notes_by_title")(s)
	return s
}

// firstAliased is about their aliases.
func firstAliased(name string, key any) *entsql.Selector {
	d := entsql.Dialect(name)
	a, n := d.Table(notealias.Table), d.Table(note.Table).As("n")
	s := d.Select(a.C(notealias.FieldTitleKey)).
		AppendSelect(n.Columns(note.FieldID, note.FieldTitle, note.FieldExcerpt)...).
		From(a).
		Join(n).On(n.C(note.FieldID), a.C(notealias.FieldNoteID)).
		Where(entsql.And(entsql.EQ(a.C(notealias.FieldSpaceID), ""), entsql.EQ(a.C(notealias.FieldTitleKey), key), outsideTrash(n))).
		OrderBy(a.C(notealias.FieldNoteID)).
		Limit(1)
	along("aliases_by_title")(s)
	return s
}

func outsideTrash(notes *entsql.SelectTable) *entsql.Predicate {
	return entsql.NEQ(notes.C(note.FieldState), string(domain.Trashed))
}

// titledPiece is how many titles are looked for by one query at most, if it has a part for each.
const titledPiece = 100

// firstOf returns what first selects for each key.
func (r notes) firstOf(ctx context.Context, first firstNote, keys []string) (map[string]domain.NoteTitle, error) {
	titles := map[string]domain.NoteTitle{}
	size := titledPiece
	if r.text.dialect == dialect.Postgres {
		size *= 100
	}
	for piece := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(keys))), size) {
		asked := map[string]string{} // what is asked for, by what is stored
		for _, key := range piece {
			asked[storedKey(key)] = key
		}
		query, args := r.forEach(first, slices.Collect(maps.Keys(asked)))
		_, err := scanAll(ctx, r.repos, query, args, func(row *sql.Rows) (none struct{}, err error) {
			var key string
			var t domain.NoteTitle
			err = row.Scan(&key, (*string)(&t.ID), &t.Title, &t.Excerpt)
			titles[asked[key]] = t
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	return titles, nil
}

// forEach returns a query for what first selects for each key, and its arguments. PostgreSQL's is the same for any number of
// keys, as in anyOf. To make it anew takes some 50 µs for a page with four links, with SQLite, and to run it 40.
func (r notes) forEach(first firstNote, keys []string) (query string, args []any) {
	if r.text.dialect == dialect.Postgres {
		return r.text.once(first.by, 0, func() string { return forAny(first) }), []any{keys, r.space, string(domain.Trashed)}
	}
	for _, key := range keys {
		args = append(args, r.space, key, string(domain.Trashed))
	}
	return r.text.once(first.by, len(keys), func() string { return forSome(r.text.dialect, first, len(keys)) }), args
}

// forAny returns a query for PostgreSQL of what first selects for each of the keys in an array.
func forAny(first firstNote) string {
	b := &entsql.Builder{}
	b.SetDialect(dialect.Postgres)
	b.WriteString("SELECT found.* FROM unnest(CAST(").Arg("").WriteString(" AS text[])) AS asked (key) CROSS JOIN LATERAL ")
	b.Wrap(func(b *entsql.Builder) { b.Join(first.selection(dialect.Postgres, entsql.Raw("asked.key"))) }).WriteString(" AS found")
	return b.String()
}

// forSome returns a query of what first selects for each of so many keys.
func forSome(name string, first firstNote, keys int) string {
	part := func() *entsql.Selector {
		return entsql.Dialect(name).Select().From(first.selection(name, "").As("found"))
	}
	all := part()
	for range keys - 1 {
		all.UnionAll(part())
	}
	query, _ := all.Query()
	return query
}

func (r notes) Titles(ctx context.Context, prefix string, limit int) (list []domain.NoteTitle, err error) {
	from, to := keyRange(prefix)
	titled, err := r.read.Note.Query().
		Where(note.SpaceID(r.space), note.TitleKeyGTE(from), note.TitleKeyLTE(to), note.StateNEQ(string(domain.Trashed))).
		Order(firstFirst[note.OrderOption](note.FieldTitleKey, note.FieldID)).
		Limit(limit).
		Modify(along("notes_by_title")).
		Select(note.FieldTitle).
		All(ctx)
	if err := r.listFailure(ctx, err); err != nil {
		return nil, err
	}
	for _, row := range titled {
		list = append(list, domain.NoteTitle{ID: domain.ID(row.ID), Title: row.Title})
	}
	aliased, err := r.read.NoteAlias.Query().
		Where(notealias.SpaceID(r.space), notealias.TitleKeyGTE(from), notealias.TitleKeyLTE(to)).
		Order(firstFirst[notealias.OrderOption](notealias.FieldTitleKey, notealias.FieldNoteID)).
		Limit(limit).
		Modify(ofItsNote, along("aliases_by_title")).
		Select(notealias.FieldNoteID, notealias.FieldAlias).
		All(ctx)
	if err := r.listFailure(ctx, err); err != nil {
		return nil, err
	}
	for _, row := range aliased {
		list = append(list, domain.NoteTitle{ID: domain.ID(row.NoteID), Title: row.Alias})
	}
	if from != prefix {
		list = slices.DeleteFunc(list, func(t domain.NoteTitle) bool {
			return !strings.HasPrefix(domain.TitleKey(t.Title), prefix)
		})
	}
	slices.SortFunc(list, func(a, b domain.NoteTitle) int {
		return cmp.Or(cmp.Compare(domain.TitleKey(a.Title), domain.TitleKey(b.Title)), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(limit, len(list))], nil
}

// ofItsNote leaves out aliases of notes in the trash, and those that are the title of a note.
func ofItsNote(s *entsql.Selector) {
	n := entsql.Dialect(s.Dialect()).Table(note.Table).As("n")
	s.Join(n).On(n.C(note.FieldID), s.C(notealias.FieldNoteID)).
		Where(outsideTrash(n)).
		Where(entsql.NotExists(titledAs(s, notealias.FieldSpaceID, notealias.FieldTitleKey)))
}

// titledAs selects the notes that have what s has in a column for their title.
func titledAs(s *entsql.Selector, space, key string) *entsql.Selector {
	d := entsql.Dialect(s.Dialect())
	w := d.Table(note.Table).As("w")
	return d.Select(w.C(note.FieldID)).From(w).Where(entsql.And(
		entsql.ColumnsEQ(w.C(note.FieldSpaceID), s.C(space)), entsql.ColumnsEQ(w.C(note.FieldTitleKey), s.C(key)), outsideTrash(w),
	))
}

// aliasedAs selects the notes that have what a link has for its whole key for an alias.
func aliasedAs(s *entsql.Selector) *entsql.Selector {
	d := entsql.Dialect(s.Dialect())
	a, w := d.Table(notealias.Table).As("a"), d.Table(note.Table).As("w")
	return d.Select(w.C(note.FieldID)).From(a).Join(w).On(w.C(note.FieldID), a.C(notealias.FieldNoteID)).Where(entsql.And(
		entsql.ColumnsEQ(a.C(notealias.FieldSpaceID), s.C(notelink.FieldSpaceID)),
		entsql.ColumnsEQ(a.C(notealias.FieldTitleKey), s.C(notelink.FieldWholeKey)),
		outsideTrash(w),
	))
}

func (r notes) Linking(ctx context.Context, keys []string, id domain.ID, limit int) ([]domain.NoteSummary, error) {
	var args []any
	for _, key := range keys {
		args = append(args, r.space, storedKey(key), after(id), "", string(domain.Trashed), string(domain.Trashed))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	// To make it anew takes some 70 µs with SQLite, and to run it 30.
	query := r.text.once(fmt.Sprint("linking ", limit), len(keys), func() string {
		return selectLinking(r.text.dialect, len(keys), limit)
	})
	return scanAll(ctx, r.repos, query, args, summaryFromRow)
}

// selectLinking returns a query for what is shown of the first notes behind one that link to some titles.
func selectLinking(name string, titles, limit int) string {
	d := entsql.Dialect(name)
	ids := linking(name, limit)
	if titles > 1 { // each of them with a limit of its own
		ids = d.Select().From(ids.As("linking"))
		for range titles - 1 {
			ids.Union(d.Select().From(linking(name, limit).As("linking")))
		}
	}
	l, n := ids.As("l"), d.Table(note.Table).As("n")
	query, _ := d.Select(n.Columns(summaryFields...)...).
		From(l).
		Join(n).On(n.C(note.FieldID), l.C(notelink.FieldNoteID)).
		OrderBy(l.C(notelink.FieldNoteID)).
		Limit(limit).
		Query()
	return query
}

// linking selects the ids of the first notes behind one that link to a title. A link with a path doesn't count where all of
// it leads to a note. Its arguments are the space, the title's key, the id, "", and twice the trash.
func linking(name string, limit int) *entsql.Selector {
	d := entsql.Dialect(name)
	k := d.Table(notelink.Table)
	s := d.Select(k.C(notelink.FieldNoteID)).Distinct().From(k)
	s.Where(entsql.And(
		entsql.EQ(k.C(notelink.FieldSpaceID), ""),
		entsql.EQ(k.C(notelink.FieldTitleKey), ""),
		entsql.GT(k.C(notelink.FieldNoteID), ""),
		entsql.Or(entsql.EQ(k.C(notelink.FieldWholeKey), ""), entsql.And(
			entsql.NotExists(titledAs(s, notelink.FieldSpaceID, notelink.FieldWholeKey)), entsql.NotExists(aliasedAs(s)),
		)),
	)).OrderBy(k.C(notelink.FieldNoteID)).Limit(limit)
	along("links_by_title")(s)
	return s
}

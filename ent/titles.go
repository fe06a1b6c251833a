package ent

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notealias"
	"octavo/ent/gen/notelink"
	"octavo/ent/gen/predicate"
)

func (r notes) Titled(ctx context.Context, keys ...string) (map[string]domain.NoteTitle, error) {
	titles := make(map[string]domain.NoteTitle, len(keys))
	atOnce := titledAtOnce
	if r.text.dialect == dialect.Postgres { // which is given any number of them
		atOnce = rowsPiece
	}
	for _, find := range []struct {
		notes  func(ctx context.Context, keys []string) ([]keyedTitle, error)
		atOnce int
	}{{r.titled, atOnce}, {r.aliased, rowsPiece}} {
		asked := map[string]string{} // what is asked for, by what is stored
		for _, key := range keys {
			if titles[key].ID == "" {
				asked[storedKey(key)] = key
			}
		}
		for some := range slices.Chunk(slices.Sorted(maps.Keys(asked)), find.atOnce) {
			found, err := find.notes(ctx, some)
			if err != nil {
				return nil, err
			}
			for _, t := range found {
				if before := titles[asked[t.key]]; before.ID == "" || t.ID < before.ID {
					titles[asked[t.key]] = t.NoteTitle
				}
			}
		}
	}
	return titles, nil
}

// keyedTitle is a note that a title leads to, and the title's stored key.
type keyedTitle struct {
	key string
	domain.NoteTitle
}

const (
	titledAtOnce = 20  // how many titles are looked for at once: more than most notes link to
	sameTitles   = 200 // how many notes are read at most to find the first one for each of them
)

// selectTitled returns the statement that reads the notes outside of the trash that have one of titledAtOnce titles, at most
// sameTitles. Its arguments are the space, the titles' keys, and the trash. Each page of a note with links asks for them,
// and this takes 34 µs of CPU for four with SQLite instead of the 66 µs of Ent's own query. PostgreSQL is given any number
// of keys as one argument, before the others, and looks for the first note of each: of a list it might think that reading
// all titles of a space takes less.
func selectTitled(name string) string {
	d := entsql.Dialect(name)
	n := d.Table(note.Table)
	s := d.Select(n.Columns(note.FieldTitleKey, note.FieldID, note.FieldTitle, note.FieldExcerpt)...).
		From(n).
		Where(entsql.EQ(n.C(note.FieldSpaceID), ""))
	if name == dialect.Postgres {
		s.Where(entsql.EQ(n.C(note.FieldTitleKey), entsql.Raw("asked.key"))).
			Where(outsideTrash(n)).
			OrderBy(n.C(note.FieldID)).
			Limit(1)
		asked := entsql.ExprFunc(func(b *entsql.Builder) {
			b.WriteString("unnest(CAST(").Arg("").WriteString(" AS text[])) AS asked (key)")
		})
		first := entsql.ExprFunc(func(b *entsql.Builder) {
			b.WriteString("LATERAL ").Wrap(func(b *entsql.Builder) { b.Join(s) }).WriteString(" AS found")
		})
		query, _ := d.Select("found.*").FromExpr(asked).AppendFromExpr(first).Query()
		return query
	}
	s.Where(entsql.In(n.C(note.FieldTitleKey), anys(make([]string, titledAtOnce))...)).
		Where(outsideTrash(n)).
		Limit(sameTitles)
	along("notes_by_title")(s)
	query, _ := s.Query()
	return query
}

// titled returns the notes that titles lead to, the first one of each among them.
func (r notes) titled(ctx context.Context, keys []string) ([]keyedTitle, error) {
	args := []any{keys, r.space, string(domain.Trashed)}
	if r.text.dialect != dialect.Postgres {
		args = make([]any, 2+titledAtOnce) // behind the keys NULL, which no title has
		args[0], args[1+titledAtOnce] = r.space, string(domain.Trashed)
		copy(args[1:], anys(keys))
	}
	list, err := scanAll(ctx, r.repos, r.text.titled, args, func(row *sql.Rows) (t keyedTitle, err error) {
		err = row.Scan(&t.key, (*string)(&t.ID), &t.Title, &t.Excerpt)
		return t, err
	})
	if err != nil || len(list) < sameTitles || r.text.dialect == dialect.Postgres {
		return list, err
	}
	list = nil
	for _, key := range keys { // any number of notes may be called the same
		row, err := r.read.Note.Query().
			Where(note.SpaceID(r.space), note.TitleKey(key), note.StateNEQ(string(domain.Trashed))).
			Order(firstFirst[note.OrderOption](note.FieldTitleKey, note.FieldID)).
			Modify(along("notes_by_title")).
			Select(note.FieldTitle, note.FieldExcerpt).
			First(ctx)
		if gen.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		list = append(list, keyedTitle{key, domain.NoteTitle{ID: domain.ID(row.ID), Title: row.Title, Excerpt: row.Excerpt}})
	}
	return list, nil
}

// aliased returns the notes that aliases lead to, the first one of each. Links whose title no note has are asked for alone.
func (r notes) aliased(ctx context.Context, keys []string) (list []keyedTitle, err error) {
	aliases, err := r.read.NoteAlias.Query().
		Where(notealias.SpaceID(r.space), anyOf[predicate.NoteAlias](notealias.FieldTitleKey, keys)).
		Unique(true).
		Select(notealias.FieldTitleKey).
		Strings(ctx)
	if err := r.listFailure(ctx, err); err != nil {
		return nil, err
	}
	for _, key := range aliases {
		row, err := r.read.NoteAlias.Query().
			Where(notealias.SpaceID(r.space), notealias.TitleKey(key)).
			Order(firstFirst[notealias.OrderOption](notealias.FieldTitleKey, notealias.FieldNoteID)).
			WithNote(func(q *gen.NoteQuery) {
				q.Where(inSpace[predicate.Note](note.FieldSpaceID, r.space)).Select(note.FieldTitle, note.FieldExcerpt)
			}).
			Modify(ofItsNote, along("aliases_by_title")).
			First(ctx)
		if gen.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		if n := row.Edges.Note; n != nil { // and hasn't been removed meanwhile
			list = append(list, keyedTitle{key, domain.NoteTitle{ID: domain.ID(n.ID), Title: n.Title, Excerpt: n.Excerpt}})
		}
	}
	return list, nil
}

func outsideTrash(notes *entsql.SelectTable) *entsql.Predicate {
	return entsql.NEQ(notes.C(note.FieldState), string(domain.Trashed))
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
	var list []domain.NoteSummary
	for _, key := range keys { // of a note's title and of its aliases, of which most have none
		args := []any{r.space, storedKey(key), after(id), "", string(domain.Trashed), string(domain.Trashed), limit}
		some, err := scanAll(ctx, r.repos, r.text.linking, args, summaryFromRow)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(a, b domain.NoteSummary) int { return cmp.Compare(a.ID, b.ID) })
	list = slices.CompactFunc(list, func(a, b domain.NoteSummary) bool { return a.ID == b.ID })
	return list[:min(limit, len(list))], nil
}

// selectLinking returns the statement that reads what is shown of the first notes behind one that link to a title, as each
// note's page does. A link with a path doesn't count where all of it leads to a note. Its arguments are the space, the
// title's key, the id, "", twice the trash, and how many at most. It takes 40 µs of CPU with SQLite instead of the 80 µs of
// Ent's own query.
func selectLinking(name string) string {
	d := entsql.Dialect(name)
	k, n := d.Table(notelink.Table), d.Table(note.Table).As("n")
	ids := d.Select(k.C(notelink.FieldNoteID)).Distinct().From(k)
	ids.Where(entsql.And(
		entsql.EQ(k.C(notelink.FieldSpaceID), ""),
		entsql.EQ(k.C(notelink.FieldTitleKey), ""),
		entsql.GT(k.C(notelink.FieldNoteID), ""),
		entsql.Or(entsql.EQ(k.C(notelink.FieldWholeKey), ""), entsql.And(
			entsql.NotExists(titledAs(ids, notelink.FieldSpaceID, notelink.FieldWholeKey)), entsql.NotExists(aliasedAs(ids)),
		)),
	)).OrderBy(k.C(notelink.FieldNoteID))
	along("links_by_title")(ids)
	l := d.Table("l")
	query, _ := d.Select(n.Columns(summaryFields...)...).
		FromExpr(entsql.ExprFunc(func(b *entsql.Builder) {
			b.Wrap(func(b *entsql.Builder) { b.Join(ids).WriteString(" LIMIT ").Arg(0) }).WriteString(" AS ").Ident("l")
		})).
		Join(n).On(n.C(note.FieldID), l.C(notelink.FieldNoteID)).
		Query()
	return query
}

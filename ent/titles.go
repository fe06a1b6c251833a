package ent

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"
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
	titles, _, err := r.Around(ctx, keys, "", 0)
	return titles, err
}

func (r notes) Around(ctx context.Context, keys []string, linked string, limit int) (
	titles map[string]domain.NoteTitle, linking []domain.NoteSummary, err error,
) {
	given := make(map[string]string, len(keys)) // what is asked for, by what is stored
	for _, key := range keys {
		given[storedKey(key)] = key
	}
	atOnce := titledAtOnce
	if r.text.dialect == dialect.Postgres { // which is given any number of them
		atOnce = rowsPiece
	}
	pieces := slices.Collect(slices.Chunk(slices.Sorted(maps.Keys(given)), atOnce))
	if limit > 0 && len(pieces) == 0 {
		pieces = append(pieces, nil)
	}
	titles = make(map[string]domain.NoteTitle, len(keys))
	for _, some := range pieces {
		found, err := r.surroundings(ctx, some, linked, limit)
		if err != nil {
			return nil, nil, err
		}
		linking, limit = append(linking, found.linking...), 0
		for _, list := range [][]keyedTitle{found.titled, found.aliased} {
			for key, t := range firstOfEach(list) {
				if titles[given[key]].ID == "" {
					titles[given[key]] = t
				}
			}
		}
	}
	sortByID(linking)
	return titles, linking, nil
}

// firstOfEach returns, for each key, the note that was made first.
func firstOfEach(list []keyedTitle) map[string]domain.NoteTitle {
	first := make(map[string]domain.NoteTitle, len(list))
	for _, t := range list {
		if before, ok := first[t.key]; !ok || t.ID < before.ID {
			first[t.key] = t.NoteTitle
		}
	}
	return first
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

// The parts of what selectAround finds.
const (
	partTitled = iota
	partAliased
	partLinking
)

// selectAround returns the statement that reads the notes outside of the trash that have one of titledAtOnce titles, and
// those that have it for an alias, at most sameTitles of each, and what linkingTo finds of the notes that link to one
// title. It is what a note's page shows around it: together that takes two thirds of the CPU of the parts with SQLite, and
// one round trip to a server. The arguments of each part follow those of the one before: the space, the titles' keys, and
// the trash, twice, and then those of linkingTo. PostgreSQL is given any number of keys as one argument, before the
// space, and looks for the first note of each: of a list it might think that reading all titles of a space takes less.
func selectAround(name string) string {
	d := entsql.Dialect(name)
	n, a := d.Table(note.Table), d.Table(notealias.Table).As("a")
	shown := func(part int, n *entsql.SelectTable, key string) *entsql.Selector {
		s := d.SelectExpr(entsql.Expr(strconv.Itoa(part)+" AS part"), entsql.Expr(key+" AS title_key"))
		return s.AppendSelect(n.Columns(note.FieldID, note.FieldTitle, note.FieldExcerpt, note.FieldState, note.FieldVersion)...)
	}
	titled := amongKeys(name, shown(partTitled, n, n.C(note.FieldTitleKey)).From(n),
		n.C(note.FieldSpaceID), n.C(note.FieldTitleKey), n.C(note.FieldID), outsideTrash(n))
	forceIndex("notes_by_title")(titled)
	m := d.Table(note.Table).As("n")
	aliased := amongKeys(name, shown(partAliased, m, a.C(notealias.FieldTitleKey)).From(a).
		Join(m).On(m.C(note.FieldID), a.C(notealias.FieldNoteID)),
		a.C(notealias.FieldSpaceID), a.C(notealias.FieldTitleKey), a.C(notealias.FieldNoteID), outsideTrash(m))
	linking := linkingTo(name, shown(partLinking, m, m.C(note.FieldTitleKey)), m, "")
	if name == dialect.Postgres {
		query, _ := firstForEach(titled).UnionAll(firstForEach(aliased)).UnionAll(linking).Query()
		return query
	}
	query, _ := d.Select("*").From(titled.As("t")).
		UnionAll(d.Select("*").From(aliased.As("a"))).
		UnionAll(linking).
		Query()
	return query
}

// amongKeys has a query find the rows that have one of the keys that are asked for, as selectAround says.
func amongKeys(name string, s *entsql.Selector, space, key, id string, more *entsql.Predicate) *entsql.Selector {
	s.Where(entsql.EQ(space, ""))
	if name == dialect.Postgres {
		return s.Where(entsql.EQ(key, entsql.Raw("asked.key"))).Where(more).OrderBy(id).Limit(1)
	}
	return s.Where(entsql.In(key, anys(make([]string, titledAtOnce))...)).Where(more).Limit(sameTitles)
}

// firstForEach has PostgreSQL run a query for each of the keys that are asked for.
func firstForEach(s *entsql.Selector) *entsql.Selector {
	return firstForEachOf(entsql.ExprFunc(func(b *entsql.Builder) {
		b.WriteString("unnest(CAST(").Arg("").WriteString(" AS text[])) AS asked (key)")
	}), s)
}

func firstForEachOf(keys entsql.Querier, s *entsql.Selector) *entsql.Selector {
	found := entsql.ExprFunc(func(b *entsql.Builder) {
		b.WriteString("LATERAL ").Wrap(func(b *entsql.Builder) { b.Join(s) }).WriteString(" AS found")
	})
	return entsql.Dialect(dialect.Postgres).Select("found.*").FromExpr(keys).AppendFromExpr(found)
}

// surroundings are what is found around a note.
type surroundings struct {
	titled, aliased []keyedTitle
	linking         []domain.NoteSummary
}

// surroundings returns the notes that some titles lead to, the first one of each among them, and at most limit that
// link to one.
func (r notes) surroundings(ctx context.Context, keys []string, linked string, limit int) (found surroundings, err error) {
	var args []any
	if r.text.dialect == dialect.Postgres {
		args = []any{keys, r.space, string(domain.Trashed)}
	} else {
		args = make([]any, 2+titledAtOnce) // behind the keys NULL, which no title has
		args[0], args[1+titledAtOnce] = r.space, string(domain.Trashed)
		copy(args[1:], anys(keys))
	}
	args = append(args, args...)
	args = append(args, r.space, storedKey(linked), beforeAll, "", string(domain.Trashed), string(domain.Trashed), limit)
	_, err = scanAll(ctx, r.repos, r.text.around, args, func(row *sql.Rows) (none struct{}, err error) {
		var part int
		var t keyedTitle
		var state string
		err = row.Scan(&part, &t.key, (*string)(&t.ID), &t.Title, &t.Excerpt, &state, &t.Version)
		switch part {
		case partTitled:
			found.titled = append(found.titled, t)
		case partAliased:
			found.aliased = append(found.aliased, t)
		case partLinking:
			found.linking = append(found.linking, domain.NoteSummary{ID: t.ID, Title: t.Title, State: domain.NoteState(state), Version: t.Version})
		}
		return none, err
	})
	if r.text.dialect == dialect.Postgres {
		return found, err
	}
	if err == nil && len(found.titled) == sameTitles { // any number of notes may be called the same
		found.titled, err = r.titled(ctx, keys)
	}
	if err == nil && len(found.aliased) == sameTitles {
		found.aliased, err = r.aliased(ctx, keys)
	}
	return found, err
}

// titled returns the notes that titles lead to, the first one of each. Each title is asked for alone.
func (r notes) titled(ctx context.Context, keys []string) (list []keyedTitle, err error) {
	for _, key := range keys {
		row, err := r.read.Note.Query().
			Where(note.SpaceID(r.space), note.TitleKey(key), note.StateNEQ(string(domain.Trashed))).
			Order(ascending[note.OrderOption](note.FieldTitleKey, note.FieldID)).
			Modify(forceIndex("notes_by_title")).
			Select(note.FieldTitle, note.FieldExcerpt, note.FieldVersion).
			First(ctx)
		if gen.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		list = append(list, keyedTitle{key, titleOf(row)})
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
			Order(ascending[notealias.OrderOption](notealias.FieldTitleKey, notealias.FieldNoteID)).
			WithNote(func(q *gen.NoteQuery) {
				q.Where(inSpace[predicate.Note](note.FieldSpaceID, r.space)).Select(note.FieldTitle, note.FieldExcerpt, note.FieldVersion)
			}).
			Modify(ofItsNote, forceIndex("aliases_by_title")).
			First(ctx)
		if gen.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		if n := row.Edges.Note; n != nil { // and hasn't been removed meanwhile
			list = append(list, keyedTitle{key, titleOf(n)})
		}
	}
	return list, nil
}

func titleOf(row *gen.Note) domain.NoteTitle {
	return domain.NoteTitle{ID: domain.ID(row.ID), Title: row.Title, Excerpt: row.Excerpt, Version: row.Version}
}

func outsideTrash(notes *entsql.SelectTable) *entsql.Predicate {
	return entsql.NEQ(notes.C(note.FieldState), string(domain.Trashed))
}

func (r notes) Titles(ctx context.Context, prefix string, limit int) (list []domain.NoteTitle, err error) {
	from, to := keyRange(prefix)
	titled, err := r.read.Note.Query().
		Where(note.SpaceID(r.space), note.TitleKeyGTE(from), note.TitleKeyLTE(to), note.StateNEQ(string(domain.Trashed))).
		Order(ascending[note.OrderOption](note.FieldTitleKey, note.FieldID)).
		Limit(limit).
		Modify(forceIndex("notes_by_title")).
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
		Order(ascending[notealias.OrderOption](notealias.FieldTitleKey, notealias.FieldNoteID)).
		Limit(limit).
		Modify(ofItsNote, forceIndex("aliases_by_title")).
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
		rows, err := r.read.Note.Query().
			Where(inSpace[predicate.Note](note.FieldSpaceID, r.space), func(s *entsql.Selector) {
				l := idsLinkingTo(s.Dialect(), r.space, storedKey(key), after(id)).Limit(limit).As("l")
				s.Join(l).On(s.C(note.FieldID), l.C(notelink.FieldNoteID))
			}).
			Select(summaryFields...).Select(note.FieldState, note.FieldMovedAt).
			All(ctx)
		if err := r.listFailure(ctx, err); err != nil {
			return nil, err
		}
		for _, row := range rows {
			list = append(list, summaryOf(row))
		}
	}
	sortByID(list)
	list = slices.CompactFunc(list, func(a, b domain.NoteSummary) bool { return a.ID == b.ID })
	return list[:min(limit, len(list))], nil
}

func sortByID(list []domain.NoteSummary) {
	slices.SortFunc(list, func(a, b domain.NoteSummary) int { return cmp.Compare(a.ID, b.ID) })
}

// linkingTo has a query find the first notes, called n, that link to a title. Its arguments are the space, the title's key,
// unless a query finds that, the id behind which it begins, "", twice the trash, and how many at most.
func linkingTo(name string, s *entsql.Selector, n *entsql.SelectTable, key any) *entsql.Selector {
	ids := idsLinkingTo(name, "", key, "")
	l := entsql.Dialect(name).Table("l")
	return s.FromExpr(entsql.ExprFunc(func(b *entsql.Builder) {
		b.Wrap(func(b *entsql.Builder) { b.Join(ids).WriteString(" LIMIT ").Arg(0) }).WriteString(" AS ").Ident("l")
	})).
		Join(n).On(n.C(note.FieldID), l.C(notelink.FieldNoteID))
}

// idsLinkingTo selects the ids, in order behind one, of the notes that link to a title, of which key is the key or a query
// for it. A link with a path doesn't count where all of it leads to a note.
func idsLinkingTo(name, space string, key any, behind string) *entsql.Selector {
	d := entsql.Dialect(name)
	k := d.Table(notelink.Table)
	ids := d.Select(k.C(notelink.FieldNoteID)).Distinct().From(k)
	ids.Where(entsql.And(
		entsql.EQ(k.C(notelink.FieldSpaceID), space),
		entsql.EQ(k.C(notelink.FieldTitleKey), key),
		entsql.GT(k.C(notelink.FieldNoteID), behind),
		entsql.Or(entsql.EQ(k.C(notelink.FieldWholeKey), ""), entsql.And(
			entsql.NotExists(titledAs(ids, notelink.FieldSpaceID, notelink.FieldWholeKey)), entsql.NotExists(aliasedAs(ids)),
		)),
	)).OrderBy(k.C(notelink.FieldNoteID))
	forceIndex("links_by_title")(ids)
	return ids
}

package ent

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notealias"
	"octavo/ent/gen/notelink"
)

// What selectAroundVersion finds besides the parts of selectAround.
const (
	partOwn   = partLinking + 1 + iota // the note itself
	partDraft                          // what a user types for it
)

// selectAroundVersion returns the statement that reads the version of a note, and of what selectAround finds for the titles
// that the note's rows say it links to, and when a user has saved the drafts of it, which come first: SQLite reads times where
// the first query has some. Whoever has a page of the note is told by that alone that it is as it was.
func selectAroundVersion(name string) string {
	d := entsql.Dialect(name)
	own := d.Table(note.Table)
	never := "NULL"
	if name == dialect.Postgres { // which takes it for a text within a query of its own
		never = "CAST(NULL AS timestamptz)"
	}
	version := func(part int, key string, n *entsql.SelectTable) *entsql.Selector {
		return d.SelectExpr(entsql.Expr(strconv.Itoa(part)+" AS part"), entsql.Expr(key+" AS title_key")).
			AppendSelect(n.Columns(note.FieldID, note.FieldVersion)...).
			AppendSelectExprAs(entsql.Expr(never), draft.FieldSavedAt)
	}
	drafts := d.SelectExpr(entsql.Expr(strconv.Itoa(partDraft)+" AS part"), entsql.Expr("'' AS title_key")).
		AppendSelect(draft.FieldDraftKey).AppendSelectExprAs(entsql.Expr("0"), note.FieldVersion).AppendSelect(draft.FieldSavedAt).
		From(entsql.Table(draft.Table)).
		Where(entsql.And(entsql.EQ(draft.FieldSpaceID, ""), entsql.EQ(draft.FieldUserID, ""), entsql.EQ(draft.FieldNoteID, ""),
			entsql.EQ(draft.FieldEnding, "")))
	itself := version(partOwn, "''", own).From(own).
		Where(entsql.And(entsql.EQ(own.C(note.FieldID), ""), entsql.EQ(own.C(note.FieldSpaceID), "")))

	n, a, m := d.Table(note.Table).As("t"), d.Table(notealias.Table).As("a"), d.Table(note.Table).As("n")
	titled := version(partTitled, n.C(note.FieldTitleKey), n)
	aliased := version(partAliased, a.C(notealias.FieldTitleKey), m)
	switch name {
	case dialect.Postgres:
		keys := entsql.ExprFunc(func(b *entsql.Builder) {
			b.Wrap(func(b *entsql.Builder) { b.Join(keysOf(name)) }).WriteString(" AS asked (key)")
		})
		titled = firstForEachOf(keys, amongKeys(name, titled.From(n),
			n.C(note.FieldSpaceID), n.C(note.FieldTitleKey), n.C(note.FieldID), outsideTrash(n)))
		aliased = firstForEachOf(keys, amongKeys(name, aliased.From(a).Join(m).On(m.C(note.FieldID), a.C(notealias.FieldNoteID)),
			a.C(notealias.FieldSpaceID), a.C(notealias.FieldTitleKey), a.C(notealias.FieldNoteID), outsideTrash(m)))
	case dialect.SQLite: // which would rather begin with all aliases than with a list that it has to make
		titled.From(n).
			Where(entsql.And(entsql.In(n.C(note.FieldTitleKey), keysOf(name)), entsql.EQ(n.C(note.FieldSpaceID), ""), outsideTrash(n))).
			Limit(sameTitles)
		aliased.From(a).Join(m).On(m.C(note.FieldID), a.C(notealias.FieldNoteID)).
			Where(entsql.And(entsql.In(a.C(notealias.FieldTitleKey), keysOf(name)), entsql.EQ(a.C(notealias.FieldSpaceID), ""), outsideTrash(m))).
			Limit(sameTitles)
	default:
		k := keysOf(name).As("k")
		titled.From(k).Join(n).On(n.C(note.FieldTitleKey), k.C("title_key")).
			Where(entsql.And(entsql.EQ(n.C(note.FieldSpaceID), ""), outsideTrash(n))).Limit(sameTitles)
		k = keysOf(name).As("k")
		aliased.From(k).Join(a).On(a.C(notealias.FieldTitleKey), k.C("title_key")).Join(m).On(m.C(note.FieldID), a.C(notealias.FieldNoteID)).
			Where(entsql.And(entsql.EQ(a.C(notealias.FieldSpaceID), ""), outsideTrash(m))).Limit(sameTitles)
	}
	if name != dialect.Postgres {
		titled, aliased = d.Select("*").From(titled.As("t")), d.Select("*").From(aliased.As("a"))
	}
	title := d.Select(note.FieldTitleKey).From(entsql.Table(note.Table)).Where(entsql.EQ(note.FieldID, ""))
	linking := linkingTo(name, version(partLinking, m.C(note.FieldTitleKey), m), m, title)
	query, _ := drafts.UnionAll(itself).UnionAll(titled).UnionAll(aliased).UnionAll(linking).Query()
	return query
}

// keysOf selects the keys of the titles around a note: that it links to, whole and by the ends of their paths, and its own.
// The id of the note is an argument of it four times, with "" behind the second one.
func keysOf(name string) *entsql.Selector {
	d := entsql.Dialect(name)
	keys := func(table, column, note string) *entsql.Selector {
		t := d.Table(table)
		return d.Select().From(t).AppendSelectAs(t.C(column), "title_key").Where(entsql.EQ(t.C(note), ""))
	}
	paths := keys(notelink.Table, notelink.FieldWholeKey, notelink.FieldNoteID)
	paths.Where(entsql.NEQ(notelink.FieldWholeKey, ""))
	return keys(notelink.Table, notelink.FieldTitleKey, notelink.FieldNoteID).
		Union(paths).
		Union(keys(note.Table, note.FieldTitleKey, note.FieldID)).
		Union(keys(notealias.Table, notealias.FieldTitleKey, notealias.FieldNoteID))
}

// links tells where links lead, and what a user types around them.
type links struct {
	notes
	user string
}

func (r links) AroundVersion(ctx context.Context, noteID domain.ID, limit, drafts int) (string, error) {
	id, trash := string(noteID), string(domain.Trashed)
	args := []any{r.space, r.user, id, "", id, r.space}
	for range 2 {
		args = append(args, id, id, "", id, id, r.space, trash)
	}
	args = append(args, r.space, id, beforeAll, "", trash, trash, limit)
	var version int
	var titled, aliased []keyedTitle
	var linking []domain.NoteSummary
	var typed []domain.Draft
	_, err := scanAll(ctx, r.repos, r.text.aroundVersion, args, func(row *sql.Rows) (none struct{}, err error) {
		var part int
		var t keyedTitle
		var saved sql.NullTime
		err = row.Scan(&part, &t.key, (*string)(&t.ID), &t.Version, &saved)
		switch part {
		case partOwn:
			version = t.Version
		case partTitled:
			titled = append(titled, t)
		case partAliased:
			aliased = append(aliased, t)
		case partLinking:
			linking = append(linking, domain.NoteSummary{ID: t.ID, Version: t.Version})
		case partDraft:
			typed = append(typed, domain.Draft{Key: t.ID, Saved: saved.Time})
		}
		return none, err
	})
	switch {
	case err != nil:
		return "", err
	case version == 0:
		return "", domain.ErrNoteNotFound
	case r.text.dialect != dialect.Postgres && max(len(titled), len(aliased)) == sameTitles: // there may be more of them
		return "", nil
	}
	titles := firstOfEach(aliased)
	for key, t := range firstOfEach(titled) {
		titles[key] = t
	}
	sortByID(linking)
	slices.SortFunc(typed, func(a, b domain.Draft) int {
		return cmp.Or(b.Saved.Compare(a.Saved), cmp.Compare(b.Key, a.Key))
	})
	return domain.AroundVersion(version, titles, linking, typed[:min(drafts, len(typed))]), nil
}

package ent

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/gen/fileuse"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notealias"
	"octavo/ent/gen/notelink"
)

// derived is what the rows beside a note's own are made of: its tags, its links, the files that it mentions.
type derived struct {
	tags   string // see tagsText
	state  string
	pinned bool
	listed time.Time
	place  string // domain.TitlePlace
	links  []link // sorted; more is whole_key
	alias  []link // sorted; more is the alias

	// What is written anew whatever it was before.
	files []domain.FileHash
	entry query.Entry
}

// link is what a note is found by through a title: a link to it, or an alias.
type link struct {
	key, more string
	row       int // its id, of one that is stored
}

func (l link) compare(other link) int {
	return cmp.Or(cmp.Compare(l.key, other.key), cmp.Compare(l.more, other.more))
}

// derivedOf returns what follows from a note.
func derivedOf(n domain.Note) derived {
	follows := n.Following()
	d := derived{
		tags: tagsText(n.Tags, n.TextTags), state: string(n.State), pinned: n.Pinned, listed: n.Listed(),
		place: domain.TitlePlace(n.Pinned, n.Title),
		files: follows.Files, entry: follows.Entry,
	}
	for _, key := range follows.Links {
		d.links = append(d.links, link{key: storedKey(key)})
	}
	for _, path := range follows.Paths {
		d.links = append(d.links, link{key: storedKey(path.Title), more: storedKey(path.Whole)})
	}
	for _, alias := range follows.Aliases {
		d.alias = append(d.alias, link{key: storedKey(domain.TitleKey(alias)), more: alias})
	}
	d.sort()
	d.links, d.alias = slices.Compact(d.links), slices.Compact(d.alias)
	return d
}

// What a row of selectDerived is about.
const (
	linkKind  = "link"
	aliasKind = "alias"
)

// selectDerived returns the statement that reads what the rows beside a note's own have been made of, once for each of its
// links and aliases, of which there may be none. Each save does. It takes 6 µs of CPU with SQLite instead of the 39 µs of
// Ent's own three queries.
func selectDerived(name string) string {
	d := entsql.Dialect(name)
	n, links, aliases := d.Table(note.Table).As("n"), d.Table(notelink.Table), d.Table(notealias.Table)
	kind := func(kind string) entsql.Querier { return entsql.Raw("'" + kind + "'") }
	l := d.Select().From(links).
		AppendSelectExprAs(kind(linkKind), "kind").
		AppendSelectAs(links.C(notelink.FieldID), "id").
		AppendSelectAs(links.C(notelink.FieldTitleKey), "title_key").
		AppendSelectAs(links.C(notelink.FieldWholeKey), "more").
		Where(entsql.EQ(links.C(notelink.FieldNoteID), "")).
		UnionAll(d.Select().From(aliases).
			AppendSelectExprAs(kind(aliasKind), "kind").
			AppendSelect(aliases.Columns(notealias.FieldID, notealias.FieldTitleKey, notealias.FieldAlias)...).
			Where(entsql.EQ(aliases.C(notealias.FieldNoteID), ""))).
		As("l")
	query, _ := d.
		Select(n.Columns(note.FieldVersion, note.FieldTags, note.FieldState, note.FieldPinned, note.FieldListedAt, note.FieldTitlePlace)...).
		AppendSelect(l.C("kind"), l.C("id"), l.C("title_key"), l.C("more")).
		From(n).
		LeftJoin(l).OnP(entsql.ExprP("1 = 1")).
		Where(entsql.And(entsql.EQ(n.C(note.FieldID), ""), entsql.EQ(n.C(note.FieldSpaceID), ""))).
		Query()
	return query
}

// derived returns what the rows beside a note's own have been made of until now. It returns NotFound when there is no
// such note and Conflict when the stored version is another.
func (r notes) derived(ctx context.Context, noteID domain.ID, version int) (derived, error) {
	var d derived
	stored := 0
	id := string(noteID)
	rows, err := scanAll(ctx, r.repos, r.text.derived, []any{id, id, id, r.space},
		func(row *sql.Rows) (none struct{}, err error) {
			var kind, key, more sql.NullString
			var id sql.NullInt64
			err = row.Scan(&stored, &d.tags, &d.state, &d.pinned, &d.listed, &d.place, &kind, &id, &key, &more)
			switch l := (link{key.String, more.String, int(id.Int64)}); kind.String {
			case linkKind:
				d.links = append(d.links, l)
			case aliasKind:
				d.alias = append(d.alias, l)
			}
			return none, err
		})
	switch {
	case err != nil:
		return derived{}, err
	case len(rows) == 0:
		return derived{}, domain.ErrNoteNotFound
	case version != stored:
		return derived{}, domain.ErrNoteChanged
	}
	d.sort()
	return d, nil
}

func (d *derived) sort() {
	slices.SortFunc(d.links, link.compare)
	slices.SortFunc(d.alias, link.compare)
}

// store brings what is stored beside notes from what it was made of to what it is made of now: the rows beside their own,
// and what searches know of them.
func (r notes) store(ctx context.Context, list []domain.Note, before, now []derived) error {
	if err := r.storeLinks(ctx, list, before, now); err != nil {
		return err
	}
	var files [][]any
	entries := make([]indexed, len(list))
	for i, n := range list {
		files = append(files, fileUses(n.ID, r.space, now[i].files)...)
		entries[i] = indexed{n, now[i].entry}
	}
	if err := r.insertFileUses(ctx, files); err != nil {
		return err
	}
	if err := r.index(ctx, entries...); err != nil {
		return err
	}
	return r.storeTags(ctx, list, before, now) // at last: others wait for the counts of the same tags
}

// storeLinks brings the links and the aliases of notes from those that were to those that are now.
func (r notes) storeLinks(ctx context.Context, list []domain.Note, before, now []derived) error {
	var gone, unnamed []int
	var links, aliases [][]any
	for i, n := range list {
		id := string(n.ID)
		for _, l := range without(before[i].links, now[i].links) {
			gone = append(gone, l.row)
		}
		for _, l := range without(before[i].alias, now[i].alias) {
			unnamed = append(unnamed, l.row)
		}
		for _, l := range without(now[i].links, before[i].links) {
			links = append(links, []any{id, r.space, l.key, l.more})
		}
		for _, l := range without(now[i].alias, before[i].alias) {
			aliases = append(aliases, []any{id, r.space, l.key, l.more})
		}
	}
	err := inChunks(gone, func(ids []int) error {
		return r.remove(ctx, notelink.Table, notelink.IDIn(ids...))
	})
	if err == nil {
		err = inChunks(unnamed, func(ids []int) error {
			return r.remove(ctx, notealias.Table, notealias.IDIn(ids...))
		})
	}
	if err == nil {
		err = r.insert(ctx, notelink.Table, linkFields, links)
	}
	if err == nil {
		err = r.insert(ctx, notealias.Table, aliasFields, aliases)
	}
	return r.failure(ctx, err)
}

var (
	linkFields  = []string{notelink.FieldNoteID, notelink.FieldSpaceID, notelink.FieldTitleKey, notelink.FieldWholeKey}
	aliasFields = []string{notealias.FieldNoteID, notealias.FieldSpaceID, notealias.FieldTitleKey, notealias.FieldAlias}
)

// without returns what is in one list and not in the other. Both are sorted.
func without(list, other []link) (some []link) {
	for _, l := range list {
		if _, found := slices.BinarySearchFunc(other, l, link.compare); !found {
			some = append(some, l)
		}
	}
	return some
}

// inChunks runs a statement for rowsPiece of a list at a time.
func inChunks[T any](list []T, run func(some []T) error) error {
	for some := range slices.Chunk(list, rowsPiece) {
		if err := run(some); err != nil {
			return err
		}
	}
	return nil
}

// insertFileUses stores rows of fileUses, of which some may be there.
func (r repos) insertFileUses(ctx context.Context, rows [][]any) error {
	fields := []string{fileuse.FieldNoteID, fileuse.FieldHash, fileuse.FieldSpaceID}
	return r.insert(ctx, fileuse.Table, fields, rows, entsql.DoNothing())
}

// fileUses returns the rows of the files that a note mentions, or a revision of it. That a note no longer mentions one
// isn't noted: its revisions still do.
func fileUses(note domain.ID, space string, files []domain.FileHash) (rows [][]any) {
	for _, hash := range files {
		rows = append(rows, []any{string(note), string(hash), space})
	}
	return rows
}

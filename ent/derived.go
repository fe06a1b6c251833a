package ent

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/gen"
	"octavo/ent/gen/notealias"
	"octavo/ent/gen/notelink"
)

// derived is what the rows beside a note's own are made of: its tags, its links, the files that it mentions.
type derived struct {
	tags   string // see tagsText
	state  string
	pinned bool
	listed int64
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
		tags: tagsText(n.Tags, n.TextTags), state: string(n.State), pinned: n.Pinned, listed: micros(n.Listed()),
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
			err = row.Scan(&stored, &d.tags, &d.state, &d.pinned, &d.listed, &kind, &id, &key, &more)
			d.addLink(kind.String, link{key.String, more.String, int(id.Int64)})
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

// addLink adds what a row says of a link or an alias.
func (d *derived) addLink(kind string, l link) {
	switch kind {
	case "link":
		d.links = append(d.links, l)
	case "alias":
		d.alias = append(d.alias, l)
	}
}

func (d *derived) sort() {
	slices.SortFunc(d.links, link.compare)
	slices.SortFunc(d.alias, link.compare)
}

// storeDerived brings the rows beside the note's own from what they were made of to what they are made of now, and what
// searches know of it.
func (r notes) storeDerived(ctx context.Context, n domain.Note, was, now derived) error {
	if err := r.storeBeside(ctx, n, was, now); err != nil {
		return err
	}
	return r.index(ctx, indexed{n, now.entry})
}

// storeBeside brings along the rows beside the note's own.
func (r notes) storeBeside(ctx context.Context, n domain.Note, was, now derived) error {
	if err := r.storeTags(ctx, n.ID, was, now); err != nil {
		return err
	}
	if err := r.storeLinks(ctx, []domain.Note{n}, []derived{was}, []derived{now}); err != nil {
		return err
	}
	return r.insertRows(ctx, "file_uses", fileUseColumns, r.text.orLeave, fileUses(n.ID, r.space, now.files))
}

func (r notes) storeTags(ctx context.Context, id domain.ID, was, now derived) error {
	if was.tags == "" && now.tags == "" {
		return nil
	}
	move := func() error {
		_, err := r.exec(ctx, r.text.moveTags, now.state, now.pinned, now.listed, string(id))
		return err
	}
	moved := was.state != now.state || was.pinned != now.pinned || was.listed != now.listed
	if was.tags == now.tags && was.state == now.state { // as with nearly each save
		if moved {
			return move()
		}
		return nil
	}
	before, after := taggings(was.tags), taggings(now.tags)
	gone, added := differences(slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	err := r.execAmong(ctx, "DELETE FROM note_tags WHERE note_id = ? AND ", []any{string(id)}, "tag_key", gone, "")
	if err != nil {
		return err
	}
	if moved && len(before) > len(gone) {
		if err := move(); err != nil {
			return err
		}
	}
	rows := make([][]any, len(added))
	for i, key := range added {
		rows[i] = []any{string(id), key, r.space, now.state, now.pinned, now.listed}
	}
	if err := r.insertRows(ctx, "note_tags", "note_id, tag_key, space_id, state, pinned, listed_at", "", rows); err != nil {
		return err
	}
	counts := tagCounts{}
	counts.add(before, after, was, now)
	if err := r.countTags(ctx, counts); err != nil {
		return err
	}
	return r.forgetTags(ctx, gone)
}

// tagCounts is what becomes of tags, by their keys: how many notes more, or fewer, count for them.
type tagCounts map[string]*tagCount

type tagCount struct {
	name    string
	written bool // how the tag is written is new: whoever loses it, or is only moved, has written nothing
	notes   int
}

// add adds what becomes of the tags that a note had, and those that it has, by their keys.
func (c tagCounts) add(before, after map[string]string, was, now derived) {
	count := func(names map[string]string, key, state string) int {
		if _, has := names[key]; !has || state == string(domain.Trashed) {
			return 0
		}
		return 1
	}
	all := maps.Clone(before)
	maps.Copy(all, after)
	for key, name := range all {
		change := count(after, key, now.state) - count(before, key, was.state)
		written := after[key] != "" && after[key] != before[key]
		_, kept := after[key]
		if change == 0 && kept && !written { // one that is lost may be forgotten, and is locked with the others before
			continue
		}
		total := c[key]
		if total == nil {
			total = &tagCount{name: name}
			c[key] = total
		}
		total.notes += change
		if written {
			total.name, total.written = name, true
		}
	}
}

// countTags changes the counts of tags, and how they are written. The first of its statements locks the rows of all of them,
// in the order of their keys: transactions that change the same tags wait for one another, and never in a circle.
func (r notes) countTags(ctx context.Context, counts tagCounts) error {
	var counted, named [][]any
	together := true // whether one statement does both
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		total := counts[key]
		counted = append(counted, []any{r.space, key, total.name, total.notes})
		if total.written {
			named = append(named, []any{r.space, key, total.name, 0})
		}
		together = together && total.written && total.notes >= 0 // a row of fewer notes says nothing of how the tag is written
	}
	const columns = "space_id, tag_key, name, notes"
	if together {
		return r.insertRows(ctx, "tags", columns, r.text.countAndName, counted)
	}
	if err := r.insertRows(ctx, "tags", columns, r.text.countTags, counted); err != nil {
		return err
	}
	return r.insertRows(ctx, "tags", columns, r.text.countAndName, named)
}

// forgetTags removes those tags that no note has any more.
func (r notes) forgetTags(ctx context.Context, keys []string) error {
	return r.execAmong(ctx, "DELETE FROM tags WHERE space_id = ? AND ", []any{r.space}, "tag_key", keys,
		` AND notes <= 0 AND NOT EXISTS
			(SELECT 1 FROM note_tags t WHERE t.space_id = tags.space_id AND t.tag_key = tags.tag_key)`)
}

// storeLinks brings the links and the aliases of notes from those that were to those that are now.
func (r notes) storeLinks(ctx context.Context, list []domain.Note, before, now []derived) error {
	var gone, unnamed []int
	var links [][]any
	var aliases []*gen.NoteAliasCreate
	for i, n := range list {
		id := string(n.ID)
		for _, l := range lacking(before[i].links, now[i].links) {
			gone = append(gone, l.row)
		}
		for _, l := range lacking(before[i].alias, now[i].alias) {
			unnamed = append(unnamed, l.row)
		}
		for _, l := range lacking(now[i].links, before[i].links) {
			links = append(links, []any{id, r.space, l.key, l.more})
		}
		for _, l := range lacking(now[i].alias, before[i].alias) {
			aliases = append(aliases, r.write.NoteAlias.Create().SetNoteID(id).SetSpaceID(r.space).SetTitleKey(l.key).SetAlias(l.more))
		}
	}
	err := inChunks(gone, func(ids []int) error {
		_, err := r.write.NoteLink.Delete().Where(notelink.IDIn(ids...)).Exec(ctx)
		return err
	})
	if err == nil {
		err = inChunks(unnamed, func(ids []int) error {
			_, err := r.write.NoteAlias.Delete().Where(notealias.IDIn(ids...)).Exec(ctx)
			return err
		})
	}
	if err == nil {
		err = inChunks(links, func(rows [][]any) error { return r.insertLinks(ctx, rows) })
	}
	if err == nil {
		err = inChunks(aliases, func(some []*gen.NoteAliasCreate) error { return r.write.NoteAlias.CreateBulk(some...).Exec(ctx) })
	}
	return r.failure(ctx, err)
}

// insertLinks inserts rows of a note's id, the space, and the keys of a link. Nearly each note that is saved has some:
// CreateBulk, which wants to know their ids, takes some 30 microseconds more for each.
func (r notes) insertLinks(ctx context.Context, rows [][]any) error {
	insertion := entsql.Dialect(r.text.dialect).Insert(notelink.Table).
		Columns(notelink.FieldNoteID, notelink.FieldSpaceID, notelink.FieldTitleKey, notelink.FieldWholeKey)
	for _, row := range rows {
		insertion.Values(row...)
	}
	statement, args := insertion.Query()
	_, err := r.exec(ctx, statement, args...)
	return err
}

// lacking returns what is in one list and not in the other. Both are sorted.
func lacking(list, other []link) (some []link) {
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

const fileUseColumns = "note_id, hash, space_id"

// fileUses returns the rows of the files that a note mentions, or a revision of it. That a note no longer mentions one
// isn't noted: its revisions still do.
func fileUses(note domain.ID, space string, files []domain.FileHash) (rows [][]any) {
	for _, hash := range files {
		rows = append(rows, []any{string(note), string(hash), space})
	}
	return rows
}

// differences returns what is in before alone and what is in after alone. All lists are sorted.
func differences(before, after []string) (gone, added []string) {
	for _, key := range before {
		if _, kept := slices.BinarySearch(after, key); !kept {
			gone = append(gone, key)
		}
	}
	for _, key := range after {
		if _, kept := slices.BinarySearch(before, key); !kept {
			added = append(added, key)
		}
	}
	return gone, added
}

// tagsText is how the tags of a note are stored with it: its own separated by blanks, then on a second line the others
// that its text has. A tag has no blank. It is "" when there are none.
func tagsText(own, inText []domain.Tag) string {
	if len(own)+len(inText) == 0 {
		return ""
	}
	var b strings.Builder
	for i, tags := range [][]domain.Tag{own, inText} {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j, tag := range tags {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(string(tag))
		}
	}
	return b.String()
}

// ownTags returns those tags of a tagsText that were given to the note beside its text, and the others.
func ownTags(text string) (own, inText []domain.Tag) {
	before, after, _ := strings.Cut(text, "\n")
	return allTags(before), allTags(after)
}

// allTags returns the tags of a tagsText.
func allTags(text string) []domain.Tag {
	var tags []domain.Tag
	for name := range strings.FieldsSeq(text) {
		tags = append(tags, domain.Tag(name))
	}
	return tags
}

// taggings returns the tags of a tagsText and those above them, by their keys. How the note itself writes a tag goes
// before how it writes it above another.
func taggings(text string) map[string]string {
	names := map[string]string{}
	add := func(tag domain.Tag) {
		if key := storedKey(tag.Key()); names[key] == "" {
			names[key] = string(tag)
		}
	}
	tags := allTags(text)
	for _, tag := range tags {
		add(tag)
	}
	for _, tag := range tags {
		for _, above := range tag.Above() {
			add(above)
		}
	}
	return names
}

// Keys may be longer than what they are made of. Those of more characters than maxKey are stored as so many that the
// hash of all of them fits behind.
const (
	maxKey  = 255
	keptKey = maxKey - 2*sha256.Size
)

// storedKey returns the key of a title or a tag as it is stored, and looked for.
func storedKey(key string) string {
	if len(key) <= maxKey || utf8.RuneCountInString(key) <= maxKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return firstRunes(key, keptKey) + hex.EncodeToString(sum[:])
}

// keyRange returns the first and the last stored key of those that begin with prefix. Where that is longer than what is
// kept of keys, some between them may not begin with it.
func keyRange(prefix string) (first, last string) {
	first = firstRunes(prefix, keptKey)
	return first, first + "\U0010FFFF"
}

func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

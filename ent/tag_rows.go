package ent

import (
	"context"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen/notetag"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/tag"
)

// What is stored of the tags of notes: a row for each of a note's tags and for those above them, how many notes each tag
// counts, and how a note has its tags itself.

// taggingFields are the columns of what storeTags inserts. Those behind the key follow the note.
var taggingFields = []string{
	notetag.FieldNoteID, notetag.FieldSpaceID, notetag.FieldTagKey, notetag.FieldState, notetag.FieldPinned, notetag.FieldListedAt,
}

func (r notes) storeTags(ctx context.Context, list []domain.Note, before, now []derived) error {
	var lost [][2]string
	var rows [][]any
	counts := tagCounts{}
	for i, n := range list {
		was, is := before[i], now[i]
		moved := was.state != is.state || was.pinned != is.pinned || !was.listed.Equal(is.listed)
		if was.tags == is.tags && !moved {
			continue
		}
		had, has := taggings(was.tags), taggings(is.tags)
		for key := range had {
			if has[key] == "" {
				lost = append(lost, [2]string{string(n.ID), key})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(has)) {
			if moved || had[key] == "" {
				rows = append(rows, []any{string(n.ID), r.space, key, is.state, is.pinned, is.listed})
			}
		}
		counts.add(had, has, was, is)
	}
	if err := r.removeTaggings(ctx, lost); err != nil {
		return err
	}
	replacing := orReplace([]string{notetag.FieldNoteID, notetag.FieldTagKey}, taggingFields[3:]...)
	if err := r.insert(ctx, notetag.Table, taggingFields, rows, replacing...); err != nil {
		return err
	}
	if err := r.countTags(ctx, counts); err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, pair := range lost {
		keys[pair[1]] = true
	}
	return r.forgetTags(ctx, slices.Sorted(maps.Keys(keys)))
}

// removeTaggings deletes the rows of these notes and tags: with a statement for each tag, as many notes mostly lose few of
// them, or else for each note.
func (r notes) removeTaggings(ctx context.Context, pairs [][2]string) error {
	notesOf, keysOf := map[string][]string{}, map[string][]string{}
	for _, pair := range pairs {
		notesOf[pair[1]] = append(notesOf[pair[1]], pair[0])
		keysOf[pair[0]] = append(keysOf[pair[0]], pair[1])
	}
	one, others, of := notetag.TagKey, notetag.FieldNoteID, notesOf
	if len(keysOf) < len(notesOf) {
		one, others, of = notetag.NoteID, notetag.FieldTagKey, keysOf
	}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		err := inChunks(of[key], func(some []string) error {
			return r.remove(ctx, notetag.Table, one(key), anyOf[predicate.NoteTag](others, some))
		})
		if err != nil {
			return err
		}
	}
	return nil
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
		together = together && total.written == (total.notes >= 0) // of which a row of fewer notes says nothing
	}
	if together {
		return r.insert(ctx, tag.Table, tagFields, counted, orCount(true)...)
	}
	if err := r.insert(ctx, tag.Table, tagFields, counted, orCount(false)...); err != nil {
		return err
	}
	return r.insert(ctx, tag.Table, tagFields, named, orCount(true)...)
}

var tagFields = []string{tag.FieldSpaceID, tag.FieldTagKey, tag.FieldName, tag.FieldNotes}

// orCount has an insertion of tags that are there add to how many notes they have and, unless those are fewer, change how
// they are written: a tag is called as it was written last.
func orCount(named bool) []entsql.ConflictOption {
	given := func(b *entsql.Builder, column string) *entsql.Builder {
		if b.Dialect() == dialect.MySQL {
			return b.WriteString("VALUES").Wrap(func(b *entsql.Builder) { b.Ident(column) })
		}
		return b.Ident(entsql.Dialect(b.Dialect()).Table("excluded").C(column))
	}
	return []entsql.ConflictOption{
		entsql.ConflictColumns(tag.FieldSpaceID, tag.FieldTagKey),
		entsql.ResolveWith(func(u *entsql.UpdateSet) {
			stored := u.Table()
			if named {
				u.Set(tag.FieldName, entsql.ExprFunc(func(b *entsql.Builder) {
					given(b.WriteString("CASE WHEN "), tag.FieldNotes).WriteString(" < 0 THEN ").Ident(stored.C(tag.FieldName))
					given(b.WriteString(" ELSE "), tag.FieldName).WriteString(" END")
				}))
			}
			u.Set(tag.FieldNotes, entsql.ExprFunc(func(b *entsql.Builder) {
				given(b.Ident(stored.C(tag.FieldNotes)).WriteString(" + "), tag.FieldNotes)
			}))
		}),
	}
}

// forgetTags removes those tags that no note has any more.
func (r notes) forgetTags(ctx context.Context, keys []string) error {
	return inChunks(keys, func(some []string) error {
		return r.remove(ctx, tag.Table, tag.SpaceID(r.space), anyOf[predicate.Tag](tag.FieldTagKey, some), tag.NotesLTE(0), func(s *entsql.Selector) {
			t := entsql.Dialect(s.Dialect()).Table(notetag.Table)
			s.Where(entsql.NotExists(entsql.Dialect(s.Dialect()).Select(t.C(notetag.FieldID)).From(t).Where(entsql.And(
				entsql.ColumnsEQ(t.C(notetag.FieldSpaceID), s.C(tag.FieldSpaceID)),
				entsql.ColumnsEQ(t.C(notetag.FieldTagKey), s.C(tag.FieldTagKey)),
			))))
		})
	})
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
	if text == "" {
		return nil
	}
	tags := make([]domain.Tag, 0, 1+strings.Count(text, " ")+strings.Count(text, "\n"))
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

package domain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"octavo/domain/markup"
	"octavo/domain/words"
)

// What tags may be at most.
const (
	MaxTag  = markup.MaxTag // code points of one tag
	MaxTags = 50            // tags given to a note beside its text
)

// Tag is a name under which notes are found, nested by '/'. It is written as somebody wrote it first; Key tells which
// tags are the same.
//
// A tag has 1 to MaxTag code points, which are letters, marks, digits, emoji, '_', '-' and '/'. It begins with
// something other than a mark, has a letter or an emoji or is digits parted by '_', '-' or '/', and no '/' stands at
// its beginning, at its end or beside another.
type Tag string

// NewTag returns the tag of a name, without '#', in Unicode's composed form (NFC). It is Invalid when the name breaks
// the rules of a Tag.
func NewTag(name string) (Tag, error) {
	tag, wrong := cleanTag(name)
	if wrong.Code != "" {
		return "", NewInvalid(FieldError{"tags", wrong})
	}
	return tag, nil
}

// Key returns what tags are compared by: upper and lower case and the widths of a letter are the same there, accents
// differ.
func (t Tag) Key() string { return words.FoldTag(string(t)) }

// Above returns the tags that the tag is nested in, the outermost first: of work/home/x, work and work/home.
func (t Tag) Above() []Tag {
	var above []Tag
	for i := range len(t) {
		if t[i] == '/' {
			above = append(above, t[:i])
		}
	}
	return above
}

// Renamed returns the tag under its new name if it is the one with the key from, or below that one, and as it is
// otherwise. Where the new name is itself below the old one, what has it already keeps it: work/home stays when work
// becomes work/home.
func (t Tag) Renamed(from string, to Tag) Tag {
	head := t
	if above, depth := t.Above(), strings.Count(from, "/"); depth < len(above) {
		head = above[depth]
	}
	if head.Key() != from || (to.isBelow(from) && (t.Key() == to.Key() || t.isBelow(to.Key()))) {
		return t
	}
	return to + t[len(head):]
}

// isBelow reports whether the tag is nested in the one with a key, at whatever depth.
func (t Tag) isBelow(key string) bool { return strings.HasPrefix(t.Key(), key+"/") }

// within reports whether the tag is the one with a key, or nested in it.
func (t Tag) within(key string) bool { return t.Key() == key || t.isBelow(key) }

// SplitTags returns the tags in the text field of a form, for NoteDraft.Tags, as they are typed: separated by blanks, commas or
// semicolons, those of East Asia among them. It is never nil.
func SplitTags(field string) []Tag {
	tags := []Tag{}
	for name := range strings.FieldsFuncSeq(field, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;，、；", r) }) {
		tags = append(tags, Tag(name))
	}
	return tags
}

// TitleKey returns what the titles of notes and of wiki links are compared by. It is empty for a blank title.
func TitleKey(title string) string { return words.Fold(title) }

// cleanTags returns the tags that somebody typed, with or without '#', each once, and what is wrong with them, if anything.
func cleanTags(typed []Tag) ([]Tag, []FieldError) {
	tags := make([]Tag, 0, min(len(typed), MaxTags))
	for _, name := range typed {
		tag, wrong := cleanTag(strings.TrimPrefix(string(name), "#"))
		if wrong.Code != "" {
			return nil, []FieldError{{"tags", wrong}}
		}
		tags = append(tags, tag)
	}
	tags = uniqueTags(tags)
	if len(tags) > MaxTags {
		return nil, []FieldError{NewFieldError("tags", "tag.too_many", "limit", MaxTags, "length", len(tags))}
	}
	return tags, nil
}

// uniqueTags returns the first of the tags with each key, or nil when there are none.
func uniqueTags(tags []Tag) []Tag {
	seen := make(map[string]bool, len(tags))
	var unique []Tag
	for _, tag := range tags {
		if key := tag.Key(); !seen[key] {
			seen[key] = true
			unique = append(unique, tag)
		}
	}
	return unique
}

// cleanTag returns the tag of a name, or what is wrong with it; the message has no code if nothing is.
func cleanTag(name string) (tag Tag, wrong Message) {
	if code := unstorable(name); code != "" {
		return "", NewMessage(code)
	}
	name, fault := markup.CheckTag(name)
	switch fault {
	case markup.TagEmpty:
		return "", NewMessage("tag.empty")
	case markup.TagTooLong:
		return "", NewMessage("tag.too_long", "limit", MaxTag, "length", utf8.RuneCountInString(name))
	case markup.TagCharacter:
		wrong := strings.IndexFunc(name, func(r rune) bool { return r != '/' && !markup.IsTagRune(r) })
		character, _ := utf8.DecodeRuneInString(name[wrong:])
		return "", NewMessage("tag.character", "name", name, "character", string(character))
	case markup.TagSlash:
		return "", NewMessage("tag.slash", "name", name)
	case markup.TagNoLetter:
		return "", NewMessage("tag.no_letter", "name", name)
	}
	return Tag(name), Message{}
}

// RenameTag returns content with each mention of a tag renamed, as Tag.Renamed has it. A mention that would no longer be a
// tag stays, as one that would be too long.
func RenameTag(content, fromKey string, to Tag) string {
	return markup.RenameTags(content, func(name string) string { return string(Tag(name).Renamed(fromKey, to)) })
}

// WithoutTag returns the draft without the tag with a key and those below it: it isn't given any more, and what the content
// mentions stays there as a word.
func (d NoteDraft) WithoutTag(key string) NoteDraft {
	within := func(t Tag) bool { return t.within(key) }
	d.Tags = slices.DeleteFunc(slices.Clone(d.Tags), within)
	d.Content = markup.RemoveTags(d.Content, func(name string) bool { return within(Tag(name)) })
	return d
}

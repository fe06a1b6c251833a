package domain

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"octavo/domain/markup"
)

// ImportKind names the program, or the format, that notes come from.
type ImportKind string

// The kinds of sources.
const (
	FromMarkdown      ImportKind = "markdown"
	FromObsidian      ImportKind = "obsidian"
	FromEvernote      ImportKind = "evernote"
	FromJoplin        ImportKind = "joplin"
	FromKeep          ImportKind = "keep"
	FromNotion        ImportKind = "notion"
	FromMemos         ImportKind = "memos"
	FromSimplenote    ImportKind = "simplenote"
	FromStandardNotes ImportKind = "standard_notes"
)

// ImportSource is the port to notes that come from elsewhere.
type ImportSource interface {
	Kind() ImportKind
	// Notes returns what the source has, one after the other and always in the same order; each call begins anew, so that a dry
	// run reads just what an import does. The memory it takes doesn't grow with texts and files. What can't be read of it is
	// an Incoming that says so. An error ends all of it: Invalid for a source that is broken as a whole or made to harm,
	// TooLarge where it is over a limit, or what ctx says.
	Notes(ctx context.Context) iter.Seq2[Incoming, error]
	Close() error
}

// Incoming is a note as its source has it. Without an ID it is a place in the source that no note could be made of, and
// Lost says why.
type Incoming struct {
	Place string // where the source has it, as the path of a file, for reports
	ID    string // the same whenever the source is read, and for no other note of it

	Title     string // one line; where that is blank, the content gives one
	Content   string // Markdown, as for NoteDraft; it may be longer than MaxContent: see Fitted
	Marks     []ImportMark
	Tags      []Tag
	Created   time.Time // zero where the source doesn't say
	Updated   time.Time // likewise
	Pinned    bool
	State     NoteState
	Files     []IncomingFile
	Revisions []IncomingRevision // what the note said before, the oldest first

	Lost []Message // what can't be carried, and why
}

// IncomingFile is a file that an incoming note shows or links to.
type IncomingFile struct {
	Name    string
	Type    string // media type as the source has it, or ""
	Size    int64  // bytes, as far as the source says; -1 where it doesn't
	Version string // another one when the content is, as far as that is known without reading it
	// Open returns the content. It may be called until the next note is asked for.
	Open func() (io.ReadCloser, error)
}

// IncomingRevision is what an incoming note said before.
type IncomingRevision struct {
	Title   string
	Content string
	Saved   time.Time
}

// ImportMark is a place in an incoming content that leads to another note of the source or to a file of the note. What stands
// there is what the source says, and stays where Incoming.Resolved finds nothing better. Marks are in order; one may hold others
// within its text. All offsets are in bytes of the content.
type ImportMark struct {
	Start, End    int
	Text, TextEnd int    // the words that are shown, within it; both 0 where it has none of its own
	Embed         bool   // what it leads to is shown in its place
	Wiki          bool   // it is written as a wiki link
	Table         bool   // it stands in a cell, where a bar needs a backslash
	Front         bool   // it stands in front matter
	File          int    // which of the files it leads to, counted from 1; 0 for a note
	Note          string // the ID of the note that it leads to, or
	Title         string // the title of that, where the source knows no more
	Heading       string
}

// IsNote reports whether a note could be made of what the source has.
func (n Incoming) IsNote() bool { return n.ID != "" }

// Hash returns a hash that changes whenever the note says something else at its source. Its times aren't part of it: files get
// others when they are copied.
func (n Incoming) Hash() string {
	h := sha256.New()
	field := func(values ...string) {
		for _, v := range values {
			_, _ = fmt.Fprintf(h, "%d:%s,", len(v), v)
		}
	}
	field(n.Title, n.Content, string(n.State), strconv.FormatBool(n.Pinned))
	for _, tag := range n.Tags {
		field("tag", string(tag))
	}
	for _, m := range n.Marks {
		field("mark", strconv.Itoa(m.Start), m.Note, m.Title, strconv.Itoa(m.File))
	}
	for _, f := range n.Files {
		field("file", f.Name, strconv.FormatInt(f.Size, 10), f.Version)
	}
	for _, r := range n.Revisions {
		field("revision", r.Title, r.Content, r.Saved.UTC().Format(time.RFC3339Nano))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Resolved returns the content with its marks leading to notes and files of Octavo: titleOf returns what the note is called
// that a mark leads to, and files are those of the note as they are stored, in their order. A file without a hash isn't, and
// what leads to it stays as it is, as does what titleOf doesn't know. Those are returned as missing.
func (n Incoming) Resolved(titleOf func(ImportMark) (title string, ok bool), files []File) (content string, missing []ImportMark) {
	r := importResolver{Incoming: n, titleOf: titleOf, files: files}
	content, _ = r.resolve(0, len(n.Content), 0)
	return content, r.missing
}

type importResolver struct {
	Incoming
	titleOf func(ImportMark) (string, bool)
	files   []File
	missing []ImportMark
}

// resolve returns the content from start to end with its marks resolved, from the mark i on, and which mark follows.
func (r *importResolver) resolve(start, end, i int) (text string, next int) {
	var b strings.Builder
	for i < len(r.Marks) && r.Marks[i].Start < end {
		m := r.Marks[i]
		b.WriteString(r.Content[start:m.Start])
		words := ""
		next := i + 1
		if m.TextEnd > m.Text {
			words, next = r.resolve(m.Text, m.TextEnd, next)
		}
		for next < len(r.Marks) && r.Marks[next].Start < m.End { // within what isn't its text
			next++
		}
		written, ok := r.mark(m, words)
		if !ok {
			r.missing = append(r.missing, m)
			written = r.Content[m.Start:m.End]
			if m.TextEnd > m.Text {
				written = r.Content[m.Start:m.Text] + words + r.Content[m.TextEnd:m.End]
			}
		}
		b.WriteString(written)
		start, i = m.End, next
	}
	b.WriteString(r.Content[start:end])
	return b.String(), i
}

// mark returns what is written in the place of a mark that shows some words.
func (r *importResolver) mark(m ImportMark, words string) (written string, ok bool) {
	if m.File > 0 {
		if m.File > len(r.files) || r.files[m.File-1].Hash == "" {
			return "", false
		}
		return m.toFile(r.files[m.File-1], words), true
	}
	title, ok := r.titleOf(m)
	if !ok {
		return "", false
	}
	return m.toNote(title, words, r.Content[m.Start:m.End]), true
}

// toFile returns a link to a file, or what shows it.
func (m ImportMark) toFile(f File, words string) string {
	if m.Front {
		return f.Path()
	}
	if m.Wiki {
		words = escapedBar(words, m.Table) // a size, as 300, is the last part of the words
		if _, size := markup.CutSize(words); size != "" && words == size {
			words = escapedBar(f.Name+"|"+size, m.Table)
		}
	}
	if words == "" {
		words = escapedText(f.Name)
	}
	link := "[" + words + "](" + f.Path() + ")"
	if m.Embed && f.Inline() {
		return "!" + link
	}
	return link
}

func escapedBar(text string, table bool) string {
	if !table {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, `\|`, "|"), "|", `\|`)
}

// toNote returns a link to the note with a title. What is written there already stays where it leads there.
func (m ImportMark) toNote(title, words, written string) string {
	if m.Wiki {
		links := markup.WikiLinks(written)
		if len(links) == 1 && TitleKey(links[0].Title) == TitleKey(title) {
			return written
		}
	}
	place := markup.LinkTitle(title)
	if m.Front {
		place = markup.WideInYAML(place)
	}
	if m.Heading != "" {
		place = strings.TrimSuffix(place, "#") + "#" + markup.LinkTitle(m.Heading)
	}
	label, plain := words, true
	if !m.Wiki {
		label, plain = plainWords(words)
		if said := html.UnescapeString(unescaped.ReplaceAllString(words, "$1")); said == title && m.Heading == "" || strings.Contains(said, "://") && !strings.ContainsAny(said, " []") {
			label, plain = "", true // an address says nothing to a reader
		}
	}
	switch {
	case !plain || m.Embed && !m.Wiki:
		return "[" + words + "](" + markup.Address(title, m.Heading) + ")"
	case label == "":
	case m.Table:
		place += `\|` + label
	default:
		place += "|" + label
	}
	place = "[[" + place + "]]"
	if m.Embed {
		place = "!" + place
	}
	return place
}

// plainWords returns the words of a link of Markdown as a wiki link has them, and false where they say more than words can.
func plainWords(words string) (plain string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(words); i++ {
		c := words[i]
		if c == '\\' && i+1 < len(words) && strings.IndexByte("\\`*_{}<>()#+-.!~=$\"'&:^", words[i+1]) >= 0 {
			i++
			b.WriteByte(words[i])
			continue
		}
		inWord := func(at int) bool {
			return at >= 0 && at < len(words) && (words[at] >= utf8.RuneSelf || isWordByte(words[at]))
		}
		if strings.IndexByte("[]|*`<&~=$^\n\\", c) >= 0 || c == '_' && (!inWord(i-1) || !inWord(i+1)) {
			return "", false
		}
		b.WriteByte(c)
	}
	return strings.TrimSpace(b.String()), true
}

// unescaped is a mark with a backslash before it.
var unescaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

func isWordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// Times returns when the note was made and last changed, as notes have it: now where the source says neither.
func (n Incoming) Times(now time.Time) (created, updated time.Time) {
	at := func(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
	created, updated = at(n.Created), at(n.Updated)
	switch {
	case n.Created.IsZero() && n.Updated.IsZero():
		return now, now
	case n.Created.IsZero():
		created = updated
	case n.Updated.IsZero() || updated.Before(created):
		updated = created
	}
	if updated.After(now) { // a clock was wrong
		updated = now
	}
	if created.After(updated) {
		created = updated
	}
	return created, updated
}

// Fitted returns the note with a content that there is room for: of one that is too long the beginning stays, and all of it
// becomes a file of the note, which stands above.
func (n Incoming) Fitted() Incoming {
	if _, all := n.room(MaxContent); all {
		return n
	}
	whole := n.Content
	name := FileName(strings.ReplaceAll(cmp.Or(n.Title, markup.TitleOf(whole)), "/", "-") + ".md")
	top := len(whole) - len(markup.WithoutFrontMatter(whole))
	if top > MaxContent/4 {
		top = 0
	}
	link := "[" + escapedText(name) + "](" + markup.Address(strings.TrimSuffix(name, ".md"), "") + ")\n\n"
	fitted := n
	fitted.Marks = nil
	fitted.Files = append(slices.Clone(n.Files), IncomingFile{
		Name: name, Type: "text/markdown", Size: int64(len(whole)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(whole)), nil },
	})
	cut, _ := n.room(MaxContent - len(link) - len(filesAddress) - 3*len(name))
	if line := strings.LastIndexByte(whole[:cut], '\n'); line > top && !slices.ContainsFunc(n.Marks, func(m ImportMark) bool { return m.Start <= line && line < m.End }) {
		cut = line + 1
	}
	cut = max(cut, top)
	fitted.Content = whole[:top] + link + whole[top:cut]
	at := ImportMark{Start: top, End: top + len(link) - 2, Text: top + 1, TextEnd: top + 1 + len(escapedText(name)), File: len(fitted.Files)}
	for _, m := range n.Marks {
		if m.Start >= cut {
			break
		}
		if m.Start >= top {
			if at.File > 0 {
				fitted.Marks, at.File = append(fitted.Marks, at), 0
			}
			m.Start, m.End = m.Start+len(link), m.End+len(link)
			if m.TextEnd > 0 {
				m.Text, m.TextEnd = m.Text+len(link), m.TextEnd+len(link)
			}
		}
		fitted.Marks = append(fitted.Marks, m)
	}
	if at.File > 0 {
		fitted.Marks = append(fitted.Marks, at)
	}
	fitted.Lost = append(slices.Clone(n.Lost), NewMessage("import.text_shortened", "limit", MaxContent>>10, "name", name))
	return fitted
}

// room returns how much of the content there is room for in so many bytes, once its marks lead where they are to, and whether
// that is all of it. No mark is cut.
func (n Incoming) room(bytes int) (cut int, all bool) {
	cut = len(markup.Beginning(n.Content, bytes))
	grown := 0
	for _, m := range n.Marks {
		if m.Start >= cut {
			break
		}
		grown += MaxTitle / 4 // a title may be longer than what stands there
		if m.File > 0 {
			grown += len(filesAddress) + 3*len(n.Files[m.File-1].Name)
		}
		if m.End+grown > bytes {
			return m.Start, false
		}
		cut = len(markup.Beginning(n.Content, bytes-grown))
	}
	return cut, cut == len(n.Content)
}

const filesAddress = "/files/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/"

// Lose notes what can't be carried of the note, as NewMessage has it.
func (n *Incoming) Lose(code Code, args ...any) { n.Lost = append(n.Lost, NewMessage(code, args...)) }

// Name gives the note a title: one line, no longer than titles are.
func (n *Incoming) Name(title string) {
	n.Title = markup.Truncate(markup.OneLine(storable(title)), MaxTitle)
	if strings.HasSuffix(n.Title, "…") && !strings.HasSuffix(title, "…") {
		n.Lose("import.title_shortened", "title", n.Title, "limit", MaxTitle)
	}
}

// Write gives the note a content, as it can be stored.
func (n *Incoming) Write(content string) {
	n.Content = lineEnds.Replace(strings.TrimPrefix(storable(content), byteOrderMark))
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// storable returns text without what no database stores.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

// Tag gives the note tags, as ImportTag makes them of some names, each once. A name that becomes another, or none, is lost,
// as are those beyond MaxTags.
func (n *Incoming) Tag(names ...string) {
	for _, name := range names {
		name = strings.TrimSpace(storable(name))
		if name == "" {
			continue
		}
		tag, ok := ImportTag(name)
		switch {
		case !ok:
			n.Lose("import.no_tag", "name", name)
			continue
		case len(uniqueTags(append(n.Tags, tag))) == len(n.Tags):
		case len(n.Tags) == MaxTags:
			n.Lose("import.too_many_tags", "name", name, "limit", MaxTags)
			continue
		default:
			n.Tags = append(n.Tags, tag)
		}
		if string(tag) != strings.TrimPrefix(name, "#") && tag.Key() != Tag(name).Key() {
			n.Lose("import.tag_changed", "name", name, "tag", string(tag))
		}
	}
}

// ImportTag returns the tag that a name becomes which another program allows: blanks and marks, which can't stand in a tag,
// become hyphens. ok is false where nothing is left.
func ImportTag(name string) (tag Tag, ok bool) {
	if tag, wrong := cleanTag(strings.TrimPrefix(name, "#")); wrong.Code == "" {
		return tag, true
	}
	var parts []string
	for part := range strings.SplitSeq(strings.TrimPrefix(name, "#"), "/") {
		var b strings.Builder
		for _, r := range part {
			switch {
			case r != '-' && markup.IsTagRune(r) && (b.Len() > 0 || !unicode.IsMark(r)):
				b.WriteRune(r)
			case !unicode.IsMark(r) && !strings.HasSuffix(b.String(), "-"):
				b.WriteByte('-')
			}
		}
		if part = strings.Trim(b.String(), "-"); part != "" {
			parts = append(parts, part)
		}
	}
	name = strings.Join(parts, "/")
	if utf8.RuneCountInString(name) > MaxTag {
		name = strings.TrimRight(string([]rune(name)[:MaxTag]), "-/")
	}
	if tag, wrong := cleanTag(name); wrong.Code == "" {
		return tag, true
	}
	tag, wrong := cleanTag("_" + markup.Beginning(name, MaxTag-1)) // a number, as 2026
	return tag, wrong.Code == "" && name != ""
}

// ImportTitles knows what the notes of a source are called, so that links lead there. It is given each of them once, by
// reading the source, before the links of any are resolved.
type ImportTitles struct {
	titles map[string]string // by id
	first  map[string]string // the ids of the first notes with a key
	linked map[string]bool   // ids of notes that are linked to
	given  map[string]bool   // ids of notes of which the title is decided
	number map[string]int    // how many titles were made of one with a key
	taken  func(title string) bool
}

// NewImportTitles returns titles of which none is known. Where a link leads to a note, and another note comes first with its
// title or taken, unless it is nil, says that one is there already, the note gets a title of its own.
func NewImportTitles(taken func(title string) bool) *ImportTitles {
	if taken == nil {
		taken = func(string) bool { return false }
	}
	return &ImportTitles{map[string]string{}, map[string]string{}, map[string]bool{}, map[string]bool{}, map[string]int{}, taken}
}

// Add takes in a note.
func (t *ImportTitles) Add(n Incoming) {
	if !n.IsNote() {
		return
	}
	title := n.Title
	if title == "" {
		title = markup.TitleOf(n.Content)
	}
	t.titles[n.ID] = title
	if key := TitleKey(title); t.first[key] == "" && n.State != Trashed {
		t.first[key] = n.ID
	}
	for _, m := range n.Marks {
		if m.Note != "" {
			t.linked[m.Note] = true
		}
	}
}

// Called says what a note of the source is called that is there already, as one that was imported before.
func (t *ImportTitles) Called(id, title string) {
	t.titles[id], t.first[TitleKey(title)], t.given[id] = title, id, true
}

// Title returns what the note with an id is to be called. It is decided when it is first asked for, so that the note may be there
// from then on.
func (t *ImportTitles) Title(id string) (title string, ok bool) {
	title, ok = t.titles[id]
	if !ok || title == "" || !t.linked[id] || t.given[id] {
		return title, ok
	}
	t.given[id] = true
	key := TitleKey(title)
	switch first := t.first[key]; {
	case first == id && !t.taken(title):
		return title, true
	case first == "" && !t.taken(title):
		t.first[key] = id
		return title, true
	}
	for i := t.number[key] + 2; ; i++ {
		other := markup.Truncate(title, MaxTitle-8) + " (" + strconv.Itoa(i) + ")"
		if own := TitleKey(other); t.first[own] == "" && !t.taken(other) {
			t.titles[id], t.first[own], t.number[key] = other, id, i-1
			return other, true
		}
	}
}

// Of returns what the note is called that a mark leads to.
func (t *ImportTitles) Of(m ImportMark) (title string, ok bool) {
	if m.Note != "" {
		title, ok = t.Title(m.Note)
		return title, ok && title != ""
	}
	id := t.first[TitleKey(m.Title)]
	return t.titles[id], id != ""
}

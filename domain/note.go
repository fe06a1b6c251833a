package domain

import (
	"slices"
	"time"

	"octavo/domain/markup"
	"octavo/domain/query"
)

// NoteState tells where a note is shown.
type NoteState string

// The states of a note.
const (
	Active   NoteState = query.Active
	Archived NoteState = query.Archived
	Trashed  NoteState = query.Trashed
)

// Note is a piece of Markdown that somebody wants to find again.
type Note struct {
	ID      ID
	Title   string // 1 to MaxTitle characters on one line
	Content string // Markdown, at most MaxContent bytes, lines ended by \n
	Excerpt string // the beginning of the content as plain text, for lists
	Tags    []Tag  // given beside the text, in the order given; nil when there are none
	// TextTags are the tags that the content has besides, in their order, each once, at most MaxTextTags; nil for none.
	TextTags []Tag
	Pinned   bool
	State    NoteState
	Created  time.Time
	Updated  time.Time // when title, content or tags last changed
	Moved    time.Time // when State last changed
	Version  int       // 1 when new, one more with each stored change
	Saved    int       // the version in which title, content and tags last changed: that of the newest revision
	Author   ID        // who made that change
}

// NoteDraft is what a person types: the parts of a note that they choose, and who they are.
type NoteDraft struct {
	Title   string // taken from the content's front matter or else its first line when blank
	Content string
	Tags    []string // nil leaves a note's tags as they are
	Author  ID
}

// Cleaned returns the draft as it is stored: what isn't valid stays as it is.
func (d NoteDraft) Cleaned() NoteDraft {
	if title, wrong := cleanTitle(d.Title); len(wrong) == 0 {
		d.Title = title
	}
	if content, wrong := cleanContent(d.Content); len(wrong) == 0 {
		d.Content = content
	}
	if tags, wrong := cleanTags(d.Tags); d.Tags != nil && len(wrong) == 0 {
		d.Tags = tagNames(tags)
	}
	return d
}

// tagNames returns the names of tags, for NoteDraft.Tags. It is never nil.
func tagNames(tags []Tag) []string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = string(tag)
	}
	return names
}

// NewNote returns a new active note made of draft. It is Invalid when title and content are both blank, when either
// is too long, when either can't be stored, or when a tag isn't one.
func NewNote(draft NoteDraft, now time.Time) (Note, error) {
	n := Note{ID: NewID(), State: Active, Created: now, Moved: now, Version: 1, Saved: 1}
	if err := n.write(draft, now); err != nil {
		return Note{}, err
	}
	return n.Reread(), nil
}

// Edited returns the note with draft in place of its title, content and tags. base is the version that draft was
// written upon: ErrNoteChanged is returned when the note has moved on since, and ErrNoteTrashed when it is in the
// trash. A draft that says what the note says already, as one that is sent again, changes nothing and so can't be in
// conflict. Otherwise the errors are those of NewNote.
func (n Note) Edited(draft NoteDraft, base int, now time.Time) (Note, error) {
	edited, err := n.rewritten(draft, base, now)
	if err != nil || edited.Version == n.Version {
		return edited, err
	}
	return edited.Reread(), nil
}

// Interim is Edited but for what follows from the content, which is left to Reread: for what is brought together with the
// note, and not stored as it is. To read a large content takes as long as all the rest.
func (n Note) Interim(draft NoteDraft, now time.Time) (Note, error) {
	return n.rewritten(draft, n.Version, now)
}

func (n Note) rewritten(draft NoteDraft, base int, now time.Time) (Note, error) {
	edited := n
	if err := edited.write(draft, now); err != nil {
		return Note{}, err
	}
	switch {
	case edited.saysTheSame(n):
		return n, nil
	case n.State == Trashed:
		return Note{}, ErrNoteTrashed
	case base != n.Version:
		return Note{}, ErrNoteChanged
	}
	edited.Version++
	edited.Saved = edited.Version
	return edited, nil
}

func (n Note) saysTheSame(other Note) bool {
	return n.Title == other.Title && n.Content == other.Content && slices.Equal(n.Tags, other.Tags)
}

// Draft returns the note as it is edited: with an empty title where the content's first line gives the same, so that
// the title goes on following that line.
func (n Note) Draft() NoteDraft {
	draft := NoteDraft{Title: n.Title, Content: n.Content, Tags: tagNames(n.Tags)}
	if n.Title == markup.TitleOf(n.Content) {
		draft.Title = ""
	}
	return draft
}

// WithPin returns the note pinned or not, and whether that changes anything.
func (n Note) WithPin(pinned bool) (changed Note, ok bool) {
	if n.Pinned == pinned {
		return n, false
	}
	n.Pinned = pinned
	n.Version++
	return n, true
}

// MovedTo returns the note in a state, and whether that changes anything. Moving is not editing: Updated stays. It
// isn't moved before it was last changed, whatever the clock says: what was put into the trash in 1970 would be purged
// once the clock is right again.
func (n Note) MovedTo(state NoteState, now time.Time) (moved Note, changed bool) {
	if n.State == state {
		return n, false
	}
	n.State, n.Moved = state, later(now, later(n.Updated, n.Moved))
	n.Version++
	return n, true
}

// Restored returns the note back from the trash, in the state given, and whether that changes anything: a note that
// isn't in the trash stays where it is.
func (n Note) Restored(to NoteState, now time.Time) (restored Note, changed bool) {
	if n.State != Trashed || to == Trashed {
		return n, false
	}
	return n.MovedTo(to, now)
}

// CanPurge returns nil when the note may be removed for good, which takes it to be in the trash, and a Conflict
// otherwise.
func (n Note) CanPurge() error {
	if n.State != Trashed {
		return NewError(Conflict, "note.not_in_trash")
	}
	return nil
}

// write validates draft and puts it into the note. What follows from it is left to Reread.
func (n *Note) write(draft NoteDraft, now time.Time) error {
	title, wrong := cleanTitle(draft.Title)
	content, wrongContent := cleanContent(draft.Content)
	tags, wrongTags := n.Tags, []FieldError(nil)
	if draft.Tags != nil {
		tags, wrongTags = cleanTags(draft.Tags)
	}
	if wrong = append(append(wrong, wrongContent...), wrongTags...); len(wrong) > 0 {
		return NewInvalid(wrong...)
	}
	if title == "" {
		title = markup.TitleOf(content)
	}
	if title == "" {
		return NewInvalid(NewFieldError("title", "note.empty"))
	}
	n.Title, n.Content, n.Tags, n.Updated, n.Author = title, content, tags, now, draft.Author
	return nil
}

// Reread returns the note with the excerpt and the tags that its content has.
func (n Note) Reread() Note {
	n.Excerpt = markup.Excerpt(n.Body())
	n.TextTags = textTags(markup.NewOutline(n.Content).Tags, n.Tags)
	return n
}

// textTags returns the tags of some marks that aren't among own, each once.
func textTags(marks []markup.TagMark, own []Tag) []Tag {
	if len(marks) == 0 {
		return nil
	}
	all := slices.Clone(own)
	written := map[string]bool{}
	for _, mark := range marks {
		if !written[mark.Name] {
			written[mark.Name] = true
			all = append(all, Tag(mark.Name))
		}
	}
	// The tags of a note have different keys, so they are the first ones.
	if all = uniqueTags(all)[len(own):]; len(all) == 0 {
		return nil
	}
	return all
}

// AllTags returns the tags of the note, given beside its text or within it, each once.
func (n Note) AllTags() []Tag { return slices.Concat(n.Tags, n.TextTags) }

// Listed returns the time by which lists sort the note: when it was put into the trash for those that are there, when
// it was last changed for the others.
func (n Note) Listed() time.Time { return listed(n.State, n.Updated, n.Moved) }

func listed(state NoteState, updated, moved time.Time) time.Time {
	if state == Trashed {
		return moved
	}
	return updated
}

// TitleLine returns where the content says the title, and reports false where it doesn't. That line is shown as the
// title, with the marks, links and footnotes that it has, and the rest of the content below it.
func (n Note) TitleLine() (markup.TitleLine, bool) {
	return markup.FindTitle(n.Content, n.Title)
}

// Body returns the content without front matter and the line that says the title: what is to be shown below it.
func (n Note) Body() string {
	if line, ok := n.TitleLine(); ok {
		return n.Content[line.Rest:]
	}
	return markup.WithoutFrontMatter(n.Content)
}

// Aliases returns the other titles that lead to the note: those of its front matter.
func (n Note) Aliases() []string {
	var aliases []string
	for _, alias := range markup.NewFrontMatter(n.Content).Aliases {
		if TitleKey(alias) != TitleKey(n.Title) {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

// TitleKeys returns the keys of the titles that lead to the note, unless another note comes first: its own, then its aliases'.
func (n Note) TitleKeys() []string {
	keys := []string{TitleKey(n.Title)}
	for _, alias := range n.Aliases() {
		keys = append(keys, TitleKey(alias))
	}
	return keys
}

// Following is what follows from a note: where it leads, what leads to it and what it is found by.
type Following struct {
	Links   []string          // the keys of the titles that it links to, each once
	Paths   []markup.PathLink // as Outline.PathLinks
	Aliases []string          // as Note.Aliases
	Files   []FileHash        // that it mentions, each once
	Entry   query.Entry
}

// Following returns what follows from the note, of which the text is read once.
func (n Note) Following() Following {
	outline, text := markup.ReadVisible(n.Content)
	f := Following{
		Links: outline.TitleKeys(), Paths: outline.PathLinks(), Aliases: n.Aliases(), Entry: n.searchEntry(outline, text),
	}
	for _, hash := range outline.Files {
		f.Files = append(f.Files, FileHash(hash))
	}
	return f
}

// SearchEntry returns what an index knows of the note.
func (n Note) SearchEntry() query.Entry {
	return n.searchEntry(markup.ReadVisible(n.Content))
}

func (n Note) searchEntry(outline markup.Outline, text string) query.Entry {
	var keys []string
	for _, tag := range n.AllTags() {
		keys = append(keys, tag.Key())
	}
	var has []query.Mark
	if len(outline.Tasks) > 0 {
		has = append(has, query.HasTask)
	}
	if outline.HasImage {
		has = append(has, query.HasImage)
	}
	if outline.HasLink {
		has = append(has, query.HasLink)
	}
	return query.NewEntry(n.Title, text, keys, has, n.Pinned, string(n.State))
}

// NoteSummary is what a list shows of a note.
type NoteSummary struct {
	ID      ID
	Title   string
	Excerpt string
	Tags    []Tag // all of them, those in the text as well
	Pinned  bool
	State   NoteState
	Updated time.Time
	Moved   time.Time
	Version int
}

// Summary returns what a list shows of the note.
func (n Note) Summary() NoteSummary {
	return NoteSummary{n.ID, n.Title, n.Excerpt, n.AllTags(), n.Pinned, n.State, n.Updated, n.Moved, n.Version}
}

// Listed returns the time by which lists sort the note, as Note.Listed does.
func (n NoteSummary) Listed() time.Time { return listed(n.State, n.Updated, n.Moved) }

// Cursor returns the note's place in the list of its state.
func (n NoteSummary) Cursor() NoteCursor {
	return NoteCursor{State: n.State, Pinned: n.Pinned, Listed: n.Listed(), ID: n.ID}
}

package domain

import (
	"slices"
	"strings"
	"time"

	"octavo/domain/markup"
	"octavo/domain/query"
	"octavo/domain/textdiff"
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
	ID ID
	NoteFields
	Excerpt string // the beginning of the content as plain text, for lists
	// Picture is the first file that the content shows by its address, for lists; "" for none. It needn't be there.
	Picture FileHash
	// TextTags are the tags that the content has besides, in their order, each once, at most MaxTextTags; nil for none.
	TextTags []Tag
	Pinned   bool
	State    NoteState
	Created  time.Time
	Updated  time.Time // when one of NoteFields last changed
	Moved    time.Time // when State last changed
	Version  int       // 1 when new, one more with each stored change
	Saved    int       // the version in which NoteFields last changed: that of the newest revision
}

// NoteFields are what a person chooses for a note, and who that was. Each revision of the note keeps them.
//
// What holds for one of them is said by Equal and by the methods of NoteDraft.
type NoteFields struct {
	Title   string // 1 to MaxTitle characters on one line
	Content string // Markdown, at most MaxContent bytes, lines ended by \n
	Tags    []Tag  // given beside the text, in the order given; nil when there are none
	Author  ID     // who last changed one of the others
	Share   ID     // by whose link that came in, on behalf of the author, or ""
}

// Equal reports whether both say the same, whoever wrote it.
func (f NoteFields) Equal(other NoteFields) bool {
	return f.Title == other.Title && f.Content == other.Content && slices.Equal(f.Tags, other.Tags)
}

// NoteDraft is the fields of a note as a person types them, which needn't be valid. The title is taken from the content's
// front matter or else its first line when blank. Tags that are nil leave a note's tags as they are.
type NoteDraft NoteFields

// Cleaned returns the draft as it is stored: what isn't valid stays as it is.
func (d NoteDraft) Cleaned() NoteDraft {
	d, _ = d.clean()
	return d
}

// clean is Cleaned, and says what isn't valid.
func (d NoteDraft) clean() (cleaned NoteDraft, wrong []FieldError) {
	title, wrongTitle := cleanTitle(d.Title)
	if len(wrongTitle) == 0 {
		d.Title = title
	}
	content, wrongContent := cleanContent(d.Content)
	if len(wrongContent) == 0 {
		d.Content = content
	}
	tags, wrongTags := cleanTags(d.Tags)
	if d.Tags != nil && len(wrongTags) == 0 {
		d.Tags = append([]Tag{}, tags...)
	}
	return d, slices.Concat(wrongTitle, wrongContent, wrongTags)
}

// completed returns the draft with what it leaves as it is.
func (d NoteDraft) completed(as NoteDraft) NoteDraft {
	if d.Tags == nil {
		d.Tags = as.Tags
	}
	return d
}

// merged brings together what two people have made of base, but for the content. agreed is false when both have changed the
// title.
func merged(base, mine, theirs NoteDraft) (both NoteDraft, agreed bool) {
	both.Author, both.Share = mine.Author, mine.Share
	both.Title, agreed = textdiff.MergeValue(base.Title, mine.Title, theirs.Title)
	both.Tags = textdiff.MergeSet(base.Tags, mine.Tags, theirs.Tags)
	return both, agreed
}

// Fingerprint returns a hash that drafts have in common only if they say the same. Creation.Request keeps it, so
// that a field which is added may change it for those drafts alone that have it.
func (d NoteDraft) Fingerprint() TokenHash {
	d = d.Cleaned()
	text := d.Title + "\x00" + d.Content
	for _, tag := range d.Tags {
		text += "\x00" + string(tag)
	}
	return HashToken(text)
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

// Edited returns the note with draft in place of its fields. base is the version that draft was
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
	case edited.Equal(n.NoteFields):
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

// Draft returns the note as it is edited: with an empty title where the content's first line gives the same, so that
// the title goes on following that line.
func (n Note) Draft() NoteDraft {
	draft := NoteDraft(n.NoteFields)
	draft.Tags = append([]Tag{}, n.Tags...)
	draft.Author, draft.Share = "", ""
	if n.Title == markup.TitleOf(n.Content) {
		draft.Title = ""
	}
	return draft
}

// Continued returns the note as it is edited, with a paragraph more at the end of its text. It is Invalid when there is none.
func (n Note) Continued(text string) (NoteDraft, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return NoteDraft{}, NewInvalid(NewFieldError("content", "note.nothing_added"))
	}
	draft := n.Draft()
	switch {
	case draft.Content == "", strings.HasSuffix(draft.Content, "\n\n"):
	case strings.HasSuffix(draft.Content, "\n"):
		draft.Content += "\n"
	default:
		draft.Content += "\n\n"
	}
	draft.Content += text
	return draft, nil
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
	draft, wrong := draft.clean()
	if len(wrong) > 0 {
		return NewInvalid(wrong...)
	}
	draft = draft.completed(NoteDraft(n.NoteFields))
	if draft.Title == "" {
		draft.Title = markup.TitleOf(draft.Content)
	}
	if draft.Title == "" {
		return NewInvalid(NewFieldError("title", "note.empty"))
	}
	if len(draft.Tags) == 0 {
		draft.Tags = nil
	}
	n.NoteFields, n.Updated = NoteFields(draft), now
	return nil
}

// Reread returns the note with the excerpt, the picture and the tags that its content has.
func (n Note) Reread() Note {
	outline := markup.NewOutline(n.Content)
	n.Excerpt = markup.Excerpt(n.Body())
	n.Picture = FileHash(outline.Picture)
	n.TextTags = textTags(outline.Tags, n.Tags)
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
	Picture FileHash // as Note.Picture
	Tags    []Tag    // all of them, those in the text as well
	Pinned  bool
	State   NoteState
	Updated time.Time
	Created time.Time // in a list that is sorted by it, and zero elsewhere
	Trashed time.Time // when it was put into the trash, if it is there
	Version int
}

// Summary returns what a list shows of the note, but for Created.
func (n Note) Summary() NoteSummary {
	s := NoteSummary{n.ID, n.Title, n.Excerpt, n.Picture, n.AllTags(), n.Pinned, n.State, n.Updated, time.Time{}, time.Time{}, n.Version}
	if n.State == Trashed {
		s.Trashed = n.Moved
	}
	return s
}

// Listed returns the time by which lists sort the note, as Note.Listed does.
func (n NoteSummary) Listed() time.Time { return listed(n.State, n.Updated, n.Trashed) }

// Cursor returns the note's place in the list of its state in an order, of which the summary comes.
func (n NoteSummary) Cursor(order NoteOrder) NoteCursor {
	c := NoteCursor{State: n.State, Order: order, Pinned: n.Pinned, ID: n.ID}
	switch order {
	case ByTitle:
		c.Place = TitlePlace(n.Pinned, n.Title)
	case ByCreated:
		c.Time = n.Created
	default:
		c.Time = n.Listed()
	}
	return c
}

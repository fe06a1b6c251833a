package views

import (
	"strconv"
	"strings"
)

// Link is a text that leads somewhere.
type Link struct {
	Text string
	URL  string
}

// Text is what a note says.
type Text struct {
	FrontMatter string     // as it is written
	Properties  []Property // what it says, unless it can't be read
	HTML        string     // the rendered content, sanitized
}

// Property is something that a note says of itself, with its values. Each is a text in which some parts lead somewhere.
type Property struct {
	Name   string
	Values [][]Link
}

// Note is a note on its own page.
type Note struct {
	Base Base
	May  May
	NoteHead
	Heading                  string // the line of the content that says the title, rendered and sanitized; "" where the title itself is shown
	Text                     Text
	HeadingID                string // the id of that line, "" where the content doesn't say the title
	Trashed                  bool
	Added                    string // for its end, as typed
	AddError                 string // why it can't be added, or ""
	Version                  string // of what it says; what is ticked is based on it
	Tags                     []Link
	Headings                 []Heading // of its table of contents, or none
	Linked                   Backlinks
	HasTasks                 bool   // there are boxes that can be ticked
	Moves                    bool   // into another space
	HasDraft                 bool   // somebody is editing it and hasn't saved
	Date, DateTime           string // last changed
	Created, CreatedDateTime string
}

// Heading is an entry of a table of contents.
type Heading struct {
	Level int // 1 for the highest that there is
	Text  string
	ID    string // of the element in the page
}

// Backlinks are the notes that link to one.
type Backlinks struct {
	Notes []Backlink
	More  bool   // there are more than those
	URL   string // of the same with the sentences, or "" where they are there
}

// Backlink is a note that links to another.
type Backlink struct {
	Link
	Sentence []Span // in which the link stands, or nothing
	More     int    // how many more of its links lead there
}

// DraftList is what somebody has been typing and hasn't saved.
type DraftList struct {
	Base   Base
	Life   int // how many days a draft stays that isn't changed
	Drafts []Draft
	More   int // that aren't shown
}

// Draft is the draft of a note that is there, or of a new one.
type Draft struct {
	Note, Key, Title       string
	Date, DateTime         string // when it was kept
	GoesDate, GoesDateTime string // when it goes
}

// url is where somebody goes on with the draft.
func (d Draft) url(base Base) string {
	if d.Note == "" {
		return base.NewNoteFrom(d.Key)
	}
	return base.EditNoteFrom(d.Note, d.Key)
}

// NoteDraft is a draft of a note that is there, and how it differs from what the note says.
type NoteDraft struct {
	Base           Base
	ID             string // of the note
	Key            string // of the draft
	More           int    // other drafts of the note
	Date, DateTime string // when the draft was kept
	Stale          bool   // the note has been changed since the draft was begun
	Diff           Diff
}

// Diff is what leads from one text to another.
type Diff struct {
	Fields    []DiffField // those beside the text that change
	Lines     []DiffLine  // none when the text stays
	More      int         // lines that follow and aren't shown
	WordCount string      // how much was added and removed, in words
}

// DiffField is what becomes of a field.
type DiffField struct {
	Label string
	Parts []DiffPart
}

// DiffLine is a line of a diff.
type DiffLine struct {
	Gap   int    // unchanged lines that are left out before it
	Kind  string // "added", "removed", "changed" or "kept"
	Parts []DiffPart
}

// DiffPart is a piece of a line.
type DiffPart struct {
	Kind string // "added", "removed" or "kept"; "left" says how much isn't shown
	Text string
}

// sign returns the character that tells a line's kind without colour.
func (l DiffLine) sign() string {
	switch l.Kind {
	case "added":
		return "+"
	case "removed":
		return "−"
	case "changed":
		return "±"
	}
	return ""
}

// Merge is a note whose text collides with what was typed meanwhile: what to choose from.
type Merge struct {
	NoteForm              // what was typed
	Theirs         string // the version that it is brought together with
	Date, DateTime string // when that was stored
	Author         string // who did
	Places         []Place
	TitlePlace     *Place // where the titles collide
	Again          bool   // the note has been changed once more since the choices were made
	Missing        int    // how many choices are missing
}

func (m Merge) collisions() int {
	n := 0
	for _, p := range m.Places {
		if p.Number > 0 {
			n++
		}
	}
	return n
}

// Place is a part of a merge: text that both sides agree on, or a collision.
type Place struct {
	Text         string // agreed, or "" at a collision
	Number       int    // of the collision, counted from 1; 0 for agreed text
	Mine, Theirs []DiffPart
	Chosen       string // "mine", "theirs", "both" or ""
	Missing      bool   // nothing has been chosen, although the form was sent
	Focus        bool   // it is the first of these
}

func (p Place) name() string {
	if p.Number == 0 {
		return "choice-title"
	}
	return "choice-" + strconv.Itoa(p.Number)
}

// folded returns the first and the last lines of a long agreed text, and what is folded away between them.
func (p Place) folded() (head, middle, tail string) { return fold(p.Text, 2) }

// History is one page of a note's revisions.
type History struct {
	Base      Base
	ID, Title string
	Sessions  []Session
	Older     string // URL of the next page, or ""
	// For how many days every save is kept, and for how many years the last of each day.
	AllDays, DailyYears int
}

// Session is what one person saved within a while.
type Session struct {
	Name      string // of that person
	Revisions []Revision
}

// Revision is what a note said once.
type Revision struct {
	URL            string
	Number         string
	Title          string
	Name           string // of who saved it
	Size           string
	Current        bool // the note says so now
	First          bool // the note said so when it was made
	Date, DateTime string
}

// RevisionView is a revision on its own page.
type RevisionView struct {
	Base Base
	May  May
	ID   string
	Note string // the title of the note now
	Revision
	Text  bool // the page shows the text, not what was changed
	Prose Text
	Diff  Diff
}

// fold parts a text of lines into its first and last few and what is between them, which is "" when that is little.
func fold(text string, keep int) (head, middle, tail string) {
	const least = 4 // lines that are worth folding
	all := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	if len(all) < 2*keep+least {
		return text, "", ""
	}
	return strings.Join(all[:keep], ""), strings.Join(all[keep:len(all)-keep], ""), strings.Join(all[len(all)-keep:], "")
}

package views

import "strconv"

// NoteList is one page of a list of notes.
type NoteList struct {
	Base      Base
	May       May
	Archive   bool   // the list shows the archive
	TrashDays int    // how long notes stay in the trash
	Trash     bool   // the list shows the trash: its cards offer to restore, not to delete
	Tag       string // whose notes it shows, or "" for all
	Below     []TagLink
	Clear     string // URL of the same list without the tag
	Drafts    int    // which wait to be gone on with, besides the one in the form on top
	Cards     []Card
	Count     string     // how many notes there are, in words, or "" where that isn't known
	CountURL  string     // of the page that counts them
	Select    string     // URL of the same page where notes can be chosen, or ""
	Choice    *Selection // notes are being chosen
	Until     string     // when the trash was read, for emptying it, or ""
	More      string     // URL of the next page, or ""
	Lines     bool       // each note is a line and no card
	// Arrangement is how the list can be sorted and shown otherwise, or nil where it can't be.
	Arrangement *Arrangement
}

// Arrangement is all that the links depend on by which a list is sorted and shown otherwise.
type Arrangement struct {
	Base  Base
	View  string // "archived", or "" for the active notes
	Tag   string // that the notes have, or "" for all of them
	Order string // what the list is sorted by
	Sort  string // what its URL says of that, or ""
	As    string // the way in which it is shown: AsCards or AsLines
}

// The ways in which lists show notes.
const (
	AsCards = "cards"
	AsLines = "lines"
)

// sorted is the URL of the list in an order.
func (a Arrangement) sorted(order string) string {
	return a.Base.NotesWith(ListQuery{View: a.View, Tag: a.Tag, Sort: order})
}

// shown is the URL of the list as it is sorted, shown in a way.
func (a Arrangement) shown(as string) string {
	return a.Base.NotesWith(ListQuery{View: a.View, Tag: a.Tag, Sort: a.Sort, As: as})
}

// captures reports whether the form to capture a note is on top of the list: where that would show.
func (l NoteList) captures() bool {
	return l.May.Adds() && !l.Archive && !l.Trash && l.Tag == "" && l.Choice == nil
}

// Selection is what a page shows on which notes are chosen, to do something with all of them.
type Selection struct {
	Base Base
	Back string // URL of the same page without choosing, below Base
	All  string // URL of the same page with every note on it chosen
	None string // URL of the same page with none chosen
	// EveryURL is that of the same page with every note chosen that the list or the search has, or "" where the page has all.
	EveryURL string
	Matching string // says how many those are: that they can be chosen or, where Every is set, that they are
	Chosen   int    // how many on the page are
	Page     bool   // every note on the page is chosen
	Every    bool   // every note is chosen, on whatever page
	Any      bool   // there are notes at all

	Active, Archived, Trashed bool // there may be notes in that state among them

	Tags  []string // that notes on the page have
	Tag   string   // as typed
	Error string   // what is wrong with what was sent, or ""
	// TagError tells that Error is about the tag.
	TagError bool

	Spaces []Choice // that the notes can be moved into, or none
}

// Choice is something that can be chosen in a field.
type Choice struct {
	Value, Text string
	Chosen      bool
}

// TagLink leads to the notes that have a tag.
type TagLink struct {
	Tag   string
	URL   string
	Notes string // how many there are
}

// Card is a note in a list.
type Card struct {
	NoteHead
	Excerpt string
	// Thumbnail is the URL of the picture that the note shows first, or "".
	Thumbnail string
	Tags      []Link
	MoreTags  int    // that there are beside those
	Date      string // when it was last changed or, in the trash, put there, for people
	DateTime  string // the same as RFC 3339, for programs
	Days      int    // in how many days it is deleted for good, in the trash
	Chosen    bool   // where notes are being chosen
	Focus     bool   // it has just been pinned or unpinned: the button has the focus again
}

// Search is a query and what it finds.
type Search struct {
	Base     Base
	May      May
	Query    string // as typed
	Problems []QueryProblem
	Count    string // how many notes there are, in words
	CountURL string // of the page that counts them, where Count doesn't say it exactly; otherwise ""
	Facets   []TagLink
	Hits     []Hit
	More     string     // URL of the next page, or ""
	Select   string     // URL of the same page where notes can be chosen, or ""
	Choice   *Selection // notes are being chosen
	Saved    []SavedSearch
	SavedAs  string // the name under which the query is saved, or ""
	Name     string // for saving it, as typed
	Error    string // why it can't be saved, or ""

	Shares     bool // there are other spaces
	Everywhere bool // all of them are searched
}

// QueryProblem is a part of a query that counts for nothing, and why.
type QueryProblem struct {
	Part, Text string
}

// Hit is a note that a search finds.
type Hit struct {
	ID, URL        string
	Thumbnail      string // as a Card's
	Chosen         bool   // where notes are being chosen
	Title, Snippet []Span
	Tags           []Link
	MoreTags       int
	Pinned         bool
	State          string // "Archived", "In the trash" or ""
	Date, DateTime string // when it was last changed
	Space          *Link  // in which it is, where several are searched
}

// Span is a piece of text, marked where it is what was looked for.
type Span struct {
	Text string
	Hit  bool
}

// SavedSearch is a query with a name.
type SavedSearch struct {
	Name, Query, URL string
	Remove           string // where a POST removes it
}

// Tags is the tree of all tags, or of those that a text is in.
type Tags struct {
	Base   Base
	May    May
	Filter string // the text, as typed
	Count  string // how many tags there are, in words
	Nodes  []TagNode
	Nested bool   // there is something to fold
	Open   bool   // what is below a tag shows at once, unless it is said of that tag
	Fold   string // URL that folds all of it up
	Unfold string // URL that unfolds all of it
	Cookie string // the name of the cookie in which a script remembers what is folded
}

// TagNode is a tag with those below it.
type TagNode struct {
	TagLink
	Above  string // the part of its name that is the tag above it, with the slash, or ""
	Name   string // the rest
	Rename string // URL of the form that renames it
	Delete string // URL of the question whether to delete it
	Fold   string // what it is called in the cookie
	Open   bool   // what is below it shows at once
	Below  []TagNode
}

// Rename is the form that renames a tag.
type Rename struct {
	Base   Base
	URL    string
	Tag    string
	To     string // as typed
	Error  string // what is wrong with it, or ""
	Exists bool   // there is such a tag: the two would become one
	Notes  string // how many notes would change
}

// moreCount says that there are so many more.
func moreCount(n int) string { return "+" + strconv.Itoa(n) }

// DeleteTag is the question whether a tag is to be deleted.
type DeleteTag struct {
	Base  Base
	URL   string
	Tag   string
	Notes string   // how many notes have it
	Below []string // the first of the tags nested under it
	More  int      // how many more of them there are
}

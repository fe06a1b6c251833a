package views

// NoteList is one page of a list of notes.
type NoteList struct {
	Base      Base
	Archive   bool   // the list shows the archive
	TrashDays int    // how long notes stay in the trash
	Trash     bool   // the list shows the trash: its cards offer to restore, not to delete
	Tag       string // whose notes it shows, or "" for all
	Below     []TagLink
	Clear     string // URL of the same list without the tag
	Drafts    []Draft
	Cards     []Card
	Select    string     // URL of the same page where notes can be chosen
	Choice    *Selection // notes are being chosen
	More      string     // URL of the next page, or ""
}

// Selection is what a page shows on which notes are chosen, to do something with all of them.
type Selection struct {
	Back  string // URL of the same page without choosing, below Base
	All   string // URL of the same page with every note on it chosen
	Tag   string // as typed
	Error string // what is wrong with what was sent, or ""
	// TagError tells that Error is about the tag.
	TagError bool
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
	Excerpt  string
	Tags     []Link
	MoreTags int    // that there are beside those
	Date     string // when it was last changed or, in the trash, put there, for people
	DateTime string // the same as RFC 3339, for programs
	Days     int    // in how many days it is deleted for good, in the trash
	Chosen   bool   // where notes are being chosen
	Focus    bool   // it has just been pinned or unpinned: the button has the focus again
}

// Search is a query and what it finds.
type Search struct {
	Base     Base
	Query    string // as typed
	Problems []QueryProblem
	Count    string // how many notes there are, in words
	Facets   []TagLink
	Hits     []Hit
	More     string // URL of the next page, or ""
	Saved    []SavedSearch
	SavedAs  string // the name under which the query is saved, or ""
	Name     string // for saving it, as typed
	Error    string // why it can't be saved, or ""
}

// QueryProblem is a part of a query that counts for nothing, and why.
type QueryProblem struct {
	Part, Text string
}

// Hit is a note that a search finds.
type Hit struct {
	URL            string
	Title, Snippet []Span
	Tags           []Link
	MoreTags       int
	Pinned         bool
	State          string // "Archived", "In the trash" or ""
	Date, DateTime string // when it was last changed
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
	Filter string // the text, as typed
	Count  string // how many tags there are, in words
	Nodes  []TagNode
	Open   bool // what is below a tag shows at once
}

// TagNode is a tag with those below it.
type TagNode struct {
	TagLink
	Above  string // the part of its name that is the tag above it, with the slash, or ""
	Name   string // the rest
	Rename string // URL of the form that renames it
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

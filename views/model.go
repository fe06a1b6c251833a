package views

// Page is the frame around every page. All texts are ready to print; all URLs are complete paths, below Base.
type Page struct {
	Base     string // what every path of the app begins with: "" or, on a sub-path, for example "/octavo"
	Nonce    string // of the response's Content-Security-Policy, for its scripts
	Title    string // of the document, without the app's name
	Section  string // the navigation's current entry: "notes", "trash" or ""
	SignedIn bool
	Notice   *Notice
}

// Notice is a message about what has just been done, with a way to undo it.
type Notice struct {
	Text string
	Undo string // where a POST undoes it, or ""
}

// NoteList is one page of a list of notes.
type NoteList struct {
	Base  string
	Trash bool // the list shows the trash: its cards offer to restore, not to delete
	Cards []Card
	More  string // URL of the next page, or ""
}

// Card is a note in a list.
type Card struct {
	ID       string
	Title    string
	Excerpt  string
	Pinned   bool
	Date     string // when it was last changed, for people
	DateTime string // the same as RFC 3339, for programs
}

// NoteForm is the form that makes or changes a note, with what was typed and what is wrong with it.
type NoteForm struct {
	Base         string
	ID           string // of the note being edited, "" for a new one
	Title        string
	Content      string
	Version      string // the version that the edit is based on, "" for a new note
	TitleError   string
	ContentError string
	Unsent       bool // it could not be taken, whatever is in it
	Trashed      bool // the note has been moved to the trash since the form was opened
	// Theirs is the note as it is stored now, when it has been changed since the form was opened.
	Theirs *Theirs
}

// unsaved tells whether the form comes back with what is stored nowhere.
func (f NoteForm) unsaved() bool {
	return f.TitleError != "" || f.ContentError != "" || f.Theirs != nil || f.Trashed || f.Unsent
}

// Theirs is the other side of an edit conflict.
type Theirs struct {
	Title    string
	Content  string
	Date     string
	DateTime string
}

// Note is a note on its own page.
type Note struct {
	Base                     string
	ID                       string
	Title                    string
	HTML                     string // the rendered content, sanitized
	Pinned                   bool
	Trashed                  bool
	Date, DateTime           string // last changed
	Created, CreatedDateTime string
}

// Problem is a page that says what went wrong.
type Problem struct {
	Status int
	Title  string // what happened, in a few words
	Text   string // what it means and what to do
	// Unsent is the form that could not be taken, so that what was typed can be sent again.
	Unsent *NoteForm
}

// API is what the page about the JSON API presents.
type API struct {
	Text   string // an introduction, one paragraph
	Spec   string // URL of the OpenAPI document
	Groups []APIGroup
}

// APIGroup holds the operations on one kind of thing.
type APIGroup struct {
	Name       string
	Operations []Operation
}

// Operation is one method on one path.
type Operation struct {
	ID          string // unique on the page, fit for a fragment
	Method      string
	Path        string
	Summary     string
	Description string
	Params      []Param
	Body        string // schema of the request's body as indented JSON, or ""
	Responses   []Response
}

// Param is a parameter of an operation.
type Param struct {
	Name        string
	In          string // "path", "query" or "header"
	Type        string
	Required    bool
	Description string
}

// Response is one answer of an operation.
type Response struct {
	Status string
	Text   string // what it means
	Body   string // schema of its body as indented JSON, or ""
}

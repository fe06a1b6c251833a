package views

import "strings"

// Page is the frame around every page. All texts are ready to print; all URLs are complete paths.
type Page struct {
	Base     Base
	Title    string // of the document, without the app's name
	Section  string // the navigation's current entry: "notes", "archive", "trash", "tags", "search", "settings", "docs" or ""
	SignedIn bool
	Notice   *Notice
	May      May
	Switcher *Switcher // nil for whoever shares no space
	Searches []Link    // the first of those that have been saved
	// MoreSearches tells that there are more than those.
	MoreSearches bool
}

// May is what somebody may do in a space: pages offer nothing else.
type May int

// What that can be. In their own space people may do everything.
const (
	MayEdit May = iota // everything
	MayAdd             // notes, files and text at the end of notes, and tick boxes
	MayRead
)

// Adds reports whether somebody may add to what is there, and Edits whether they may do everything with it.
func (m May) Adds() bool  { return m <= MayAdd }
func (m May) Edits() bool { return m == MayEdit }

// Switcher leads from one space to another.
type Switcher struct {
	Own    bool // the page is about what is in somebody's own space
	Name   string
	Shared []Link // spaces that they share with others
	Here   string // URL of the one that the page is about, or ""
}

// SignIn is the form that asks for a name and a password, with what was typed and why it wasn't taken.
type SignIn struct {
	Base  Base
	Name  string
	Stay  bool   // signed in when the browser is closed
	Back  string // where it leads, below Base, or ""
	Error string
	// Passkey is what somebody may sign in with instead.
	Passkey  PasskeyAsk
	Provider ProviderLink
}

// Settings is what somebody may set of themselves.
type Settings struct {
	Base     Base
	Name     string // as typed, or as it is
	Password Password
	Admin    bool
	Errors   []FieldError

	Identities         Identities
	MayLeave           bool // their account can go
	Days               int  // that it stays then
	Goes, GoesDateTime string
}

// Password says whether somebody has a password, and how many characters one has at least.
type Password struct {
	Has      bool
	Shortest int
}

// Tokens are those of somebody, and the form that makes another.
type Tokens struct {
	Base   Base
	Tokens []Token
	Key    bool // whether the API key is theirs, too
	Form   TokenForm
	Secret string // of the one that has just been made, or ""
	Made   string // its name
}

// Token is an access token, and what revokes it.
type Token struct {
	Key, Name                string
	Space                    string // that it is for, or "" for their own
	Tag                      string // of the notes that it is for, or "" for all
	Scopes                   []string
	Created, CreatedDateTime string
	Used, UsedDateTime       string // "" for one that hasn't been used
	Expires, ExpiresDateTime string // "" for one that doesn't expire
	Expired                  bool
}

// TokenForm is what somebody wants of a new token.
type TokenForm struct {
	Name   string
	Scopes []TokenScope
	Tag    string
	Spaces []TokenSpace // that it may be for besides their own
	Days   []TokenDays
	Errors []FieldError
}

// TokenScope is something that a token may be for.
type TokenScope struct {
	Name, Text string
	Chosen     bool
}

// TokenSpace is a shared space that a token may be for.
type TokenSpace struct {
	ID, Name string
	Chosen   bool
}

// TokenDays is how long a token may be good for.
type TokenDays struct {
	Days   int
	Text   string
	Chosen bool
}

// Notice is a message about what has just been done, with a way to undo it.
type Notice struct {
	Text string
	Link *Link  // where there is more about it, or nil
	Undo string // where a POST undoes it, or ""
}

// NoteHead is what shows of a note both in a list and on its own page.
type NoteHead struct {
	ID       string
	Title    string
	Pinned   bool
	Archived bool
}

// NoteForm is the form that makes or changes a note, with what was typed and what is wrong with it.
type NoteForm struct {
	Base        Base
	ID          string // of the note being edited, "" for a new one
	Title       string
	Tags        string // as typed, separated by blanks
	Content     string
	Version     string // the version that the edit is based on, "" for a new note
	Draft       string // the key under which what is typed is kept, or "" to keep nothing
	Continues   string // the draft that the form begins with, and when that was kept
	Errors      []FieldError
	FileError   string // of the file that was to be attached
	LargestFile int    // how many bytes an attached file may have
	Unsent      bool   // it could not be taken, whatever is in it
	Trashed     bool   // the note has been moved to the trash since the form was opened
	Gone        bool   // the note has been deleted for good since then: the form makes a new one
	Attached    bool   // a file has been attached, and nothing saved
	Shared      bool   // others may have it open, too
	Others      string // who they are, in words, or ""
}

// FieldError says what is wrong with a field of a form.
type FieldError struct {
	Field string // its name, which is also its id
	Label string // or "" for a field that the form doesn't show
	Text  string
}

// error returns what is wrong with a field, or "".
func (f NoteForm) error(field string) string { return errorOf(f.Errors, field) }

func errorOf(errors []FieldError, field string) string {
	for _, wrong := range errors {
		if wrong.Field == field {
			return wrong.Text
		}
	}
	return ""
}

// allErrors returns what is wrong with all the fields.
func (f NoteForm) allErrors() string {
	texts := make([]string, len(f.Errors))
	for i, wrong := range f.Errors {
		texts[i] = wrong.Text
	}
	return strings.Join(texts, " ")
}

// url is where the form is posted to, and where it leads back to.
func (f NoteForm) url() string {
	if f.ID == "" {
		return f.Base.Notes()
	}
	return f.Base.Note(f.ID)
}

// attachURL is where the form is posted to with a file.
func (f NoteForm) attachURL() string {
	if f.ID == "" {
		return f.Base.AttachToNew()
	}
	return f.Base.AttachToNote(f.ID)
}

// wrong reports whether a field of the form can't be taken as it is.
func (f NoteForm) wrong() bool {
	return f.FileError != "" || len(f.Errors) > 0
}

// unsaved reports whether the form comes back with what is stored nowhere.
func (f NoteForm) unsaved() bool {
	return f.wrong() || f.Trashed || f.Gone || f.Unsent || f.Attached
}

// Problem is a page that says what went wrong.
type Problem struct {
	Status int
	Title  string // what happened, in a few words
	Text   string // what it means and what to do
	// Unsent is the form that could not be taken, so that what was typed can be sent again.
	Unsent *NoteForm
	SignIn *SignIn // where that is what is missing, and nothing has been sent
}

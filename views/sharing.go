package views

// Sharing is what is shared by links: of a note or of a tag, with the form that shares it once more, or all of it.
type Sharing struct {
	Base   Base
	Tag    string // or "" for that of a note, or for all
	Back   Link   // to the note or the notes of the tag, or zero for all
	Shares []Share
	Form   *ShareForm // or nil for all
	Made   *MadeShare // that has just been made, or nil
}

// MadeShare is the link of a share, which is shown once.
type MadeShare struct {
	URL                      string
	Allows                   string
	Password                 bool
	Expires, ExpiresDateTime string // "" for one that doesn't expire
}

// Share is a share in a list, and what becomes of it.
type Share struct {
	ID                       string
	Of                       Link // what it is of; the text alone where that has no page
	Allows                   string
	State                    string // why it opens nothing at present, or ""
	Password                 bool
	Created, CreatedDateTime string
	Expires, ExpiresDateTime string // "" for one that doesn't expire
	Visits                   string
	Visited                  string // the day of the last one, "" for none
	Changes                  string // "" for one that lets nothing be changed
	Renewable                bool   // by whoever looks at it
}

// ShareForm is what somebody wants of a new share.
type ShareForm struct {
	URL    string
	Rights []ShareOption
	Days   []ShareOption
	Errors []FieldError
}

// ShareOption is something to choose of a share.
type ShareOption struct {
	Value, Text string
	Chosen      bool
}

// SharedNote is a note as whoever has a link sees it.
type SharedNote struct {
	Base           Base
	Title          string
	Heading        string // as Note.Heading
	HeadingID      string // as Note.HeadingID
	HTML           string // its text, in which nothing leads into the app
	Date, DateTime string
	Up             *Link  // to the list that it is part of, or nil
	Notice         string // what has just been done, or can't be, or ""
	TasksURL       string // where boxes are ticked, or "" where there are none, or none may be
	Version        string // of what it says; what is ticked is based on it
	LinesURL       string // where lines are added, or "" where none may be
	Lines          string // as typed
	LinesError     string
}

// SharedList is the notes of a tag as whoever has a link sees them.
type SharedList struct {
	Base  Base
	Tag   string
	Notes []SharedEntry
	More  string // where it goes on, or ""
}

// SharedEntry is a note in such a list.
type SharedEntry struct {
	Link
	Excerpt        string
	Date, DateTime string
}

// SharedLock asks for the password of a link.
type SharedLock struct {
	Base  Base
	URL   string
	Error string
}

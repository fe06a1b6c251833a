package views

// Sessions are what somebody is signed in with.
type Sessions struct {
	Base     Base
	Browsers []Browser
	// After how many days a session ends: without a visit, and in any case.
	IdleDays, LifeDays int
}

// Browser is one session.
type Browser struct {
	Key             string // names it in the form
	Name            string // of the browser, and what it runs on
	This            bool   // it shows the page
	Seen            string // for people
	SeenDateTime    string // the same as RFC 3339, for programs
	Created         string
	CreatedDateTime string
}

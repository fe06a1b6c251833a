package views

// Sessions are what somebody is signed in with.
type Sessions struct {
	Base     Base
	Browsers []Browser
	// After how many days a session ends: without a visit, and in any case.
	IdleDays, LifeDays int
}

// SignOut is the question whether somebody means to sign out: what they have asked for, to be sent again.
type SignOut struct {
	URL     string
	Session string // that is to be ended, as the form of the sessions names it, or ""
	Button  string // what it says
	Back    string // where those stay who don't
}

// Browser is one session.
type Browser struct {
	Key             string // names it in the form
	Name            string // of the browser, and what it runs on
	This            bool   // it shows the page
	Seen            string // for people
	SeenDateTime    string // the same as RFC 3339, for programs
	Address         string // that it was last seen from, or ""
	Created         string
	CreatedDateTime string
}

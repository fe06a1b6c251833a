package views

// People are those who have an account, for admins.
type People struct {
	Base        Base
	Users       []Person
	Invitations []OpenInvitation
	Stays       int         // days that the account of somebody stays who is to go
	Days        int         // how many an invitation lasts
	Link        *SentLink   // that has just been made, or nil
	Joins       []JoinField // of the spaces that somebody new may join
}

// JoinField chooses whether somebody new joins a space, and what they are to be there.
type JoinField struct {
	ID, Name string
	Roles    []Choice
}

// Person is somebody who has an account.
type Person struct {
	ID                   string
	Name                 string
	Standing             string // what they are beside a member, for people, or ""
	Admin, Disabled      bool
	Changeable           bool // by the admin who looks at them
	Since, SinceDateTime string
	Goes, GoesDateTime   string // when their account goes, or ""
}

// OpenInvitation is one that hasn't been taken.
type OpenInvitation struct {
	ID                       string
	For, By                  string // what tells people whom it is for, and who has made it
	Joins                    string // which spaces they join, or ""
	Expires, ExpiresDateTime string
}

// SentLink is a link that an admin sends to somebody.
type SentLink struct {
	URL                      string
	For                      string // the name of a user who is to choose another password, or "" for somebody new
	Expires, ExpiresDateTime string
}

// Invitation is what somebody who has been invited chooses.
type Invitation struct {
	Base     Base
	Key      string // from the link
	Name     string // as typed, or of the user who is to choose another password
	Known    bool   // whether they are such a user
	Shortest int    // how many characters a password has at least
	Errors   []FieldError
}

package views

// Moving is where a note can be moved to.
type Moving struct {
	Note  Link
	URL   string   // that it is posted to
	To    []Choice // or none
	Error string   // what is wrong with what was chosen, or ""
}

// Spaces are those that somebody shares with others, and the form that makes another.
type Spaces struct {
	Base   Base
	Shared []SharedSpace
	Closed []ClosedSpace // that go, and that they own
	Name   string        // of the new one, as typed
	Error  string        // what is wrong with it, or ""
}

// SharedSpace is a space that somebody shares with others.
type SharedSpace struct {
	Base       Base // of what is in it
	Name, Role string
}

// ClosedSpace is one that goes, unless its owner keeps it.
type ClosedSpace struct {
	ID, Name           string
	Goes, GoesDateTime string
}

// Members are those who are in a space, with what an owner may do about that.
type Members struct {
	Base   Base
	Name   string // of the space, as typed or as it is
	Owner  bool   // whoever looks at them owns it
	Shares bool   // they may share by links, too
	Days   int    // that a space stays which is to go
	Only   bool   // and nobody else does, so that they can't leave
	Others []Member
	Me     Member
	Roles  []RoleChoice
	Added  string // the name of who is to be added, as typed
	Role   string // the role that they are to have
	Errors []FieldError
	Error  string // what has kept something from being done, or ""
}

// all returns everyone, whoever looks at them first.
func (m Members) all() []Member { return append([]Member{m.Me}, m.Others...) }

// error returns what is wrong with a field, or "".
func (m Members) error(field string) string { return errorOf(m.Errors, field) }

// Member is somebody who is in a space.
type Member struct {
	ID, Name             string
	Role, RoleText       string
	Me                   bool
	Since, SinceDateTime string
}

// RoleChoice is a role that a member may have.
type RoleChoice struct {
	Role, Text string
	Means      string // what they may do then
}

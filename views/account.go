package views

// Account is what somebody decides of their own: whether it goes or stays.
type Account struct {
	Base               Base
	Days               int         // that it stays once they have said that it goes
	Goes, GoesDateTime string      // when it goes, or "" while it stays
	Inherited          []Inherited // what becomes of the spaces that only they own
}

// Inherited is a space that somebody else owns once an account has gone.
type Inherited struct {
	Space string
	Heir  string // or "" where the space goes as well
}

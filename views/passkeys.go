package views

// PasskeyAsk has a browser sign with a passkey.
type PasskeyAsk struct {
	URL  string // that tells what to ask it for
	Host string // where passkeys are used, or "" where they can't be
}

// Passkeys are those of somebody, and the form that adds another.
type Passkeys struct {
	Base     Base
	Host     string // where passkeys are used, or "" where they can't be
	Passkeys []Passkey
	Form     PasskeyForm
	Error    string // why one couldn't be removed or renamed, or ""
}

// Passkey is a passkey in the list.
type Passkey struct {
	Key                      string // names it in forms
	Name                     string
	Synced                   bool // it is on several devices, or may be
	Created, CreatedDateTime string
	Used, UsedDateTime       string // "" while it hasn't been
}

// PasskeyForm is the form that adds a passkey, as typed.
type PasskeyForm struct {
	NeedsLogin bool   // they have no password, and so no name to sign in with
	Login      string // that name
	Name       string // of the passkey
	Errors     []FieldError
}

package views

// Confirm is what somebody is asked for their password or a passkey before.
type Confirm struct {
	URL    string // that takes the form
	Fields []HiddenField
	Error  string // what was wrong with the password, or ""

	Password bool // they have one
	Passkey  PasskeyAsk
}

// HiddenField is what a form has said that is sent once more.
type HiddenField struct{ Name, Value string }

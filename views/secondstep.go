package views

import "fmt"

// SecondStep is what somebody signs in with besides the password.
type SecondStep struct {
	Base                 Base
	On                   bool
	Since, SinceDateTime string
	Left                 int      // of the recovery codes
	Codes                []string // that have just been made, or nil
	RenewError, OffError string   // what was wrong with the code that was sent with one of the forms, or ""

	// Where it is off:
	NeedsPassword bool // there is none, so it can't be turned on
	Secret        string
	QR            QR // of what an app is told
	Errors        []FieldError
}

// QR is a QR code.
type QR struct {
	Path string // of an SVG, in units of a square
	Size int    // in squares
}

// margin is how many light squares a QR code has around it.
const margin = 4

func (q QR) viewBox() string {
	return fmt.Sprintf("%d %d %d %d", -margin, -margin, q.Size+2*margin, q.Size+2*margin)
}

// CodeNeeded asks somebody who has told their password for a code.
type CodeNeeded struct {
	Base    Base
	Halfway string // that tells the server that they have
	Stay    bool   // as chosen with the password
	Back    string
	Error   string // what was wrong with the code, or ""
	Passkey PasskeyAsk
}

package domain

import (
	"errors"
	"strings"
	"time"
)

// Kind classifies an error by what its reader can do about it. A Kind is itself an error, so that
// errors.Is(err, NotFound) holds through any wrapping.
type Kind string

// The kinds of error that the domain and its adapters give. Any other error is a fault of the program or of its
// surroundings, and its text isn't meant for users.
const (
	// NotFound says that there is no such thing, or that it belongs to somebody else: the two look alike.
	NotFound Kind = "not found"
	// Invalid says that what was given breaks a rule; FieldErrors tells which.
	Invalid Kind = "invalid"
	// Conflict says that the thing has changed since it was read, or exists already.
	Conflict Kind = "conflict"
	// TooLarge says that what was sent is more than is taken.
	TooLarge Kind = "too large"
	// Unauthenticated says that nobody has proved who they are.
	Unauthenticated Kind = "unauthenticated"
	// Forbidden says that somebody who may see the thing may not do this with it.
	Forbidden Kind = "forbidden"
	// TooMany says that it has been tried too often, and may be tried again after Error.Wait.
	TooMany Kind = "too many"
	// Unavailable says that the database can't answer now, that nothing was changed and that the same call may succeed
	// later.
	Unavailable Kind = "unavailable"
	// Unknown says that a change was sent to the database whose answer never came: it has been made or not.
	Unknown Kind = "unknown outcome"
	// StorageFull says that nothing more can be stored; reading goes on.
	StorageFull Kind = "storage full"
	// Damaged says that the database isn't what was written into it, and that nothing more is.
	Damaged Kind = "damaged"
)

func (k Kind) Error() string { return string(k) }

// Error is an error of a Kind with a Message that may be said to a user.
type Error struct {
	Kind Kind
	Message
	Fields []FieldError  // of Invalid only: what is wrong with which field
	Wait   time.Duration // of TooMany only
}

// FieldError is one broken rule. Field is the field's name in forms and in JSON.
type FieldError struct {
	Field string
	Message
}

// Error returns the error as logs have it: codes in the place of words.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.String()
	}
	var b strings.Builder
	b.WriteString(e.String())
	for i, f := range e.Fields {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(f.Field + ": " + f.String())
	}
	return b.String()
}

// Unwrap makes errors.Is match the kind.
func (e *Error) Unwrap() error { return e.Kind }

// NewError returns an error of kind, which says a message with a code and arguments, as of NewMessage.
func NewError(kind Kind, code Code, args ...any) error {
	return &Error{Kind: kind, Message: NewMessage(code, args...)}
}

// NewFieldError returns what is wrong with a field, as a code and arguments, as of NewMessage.
func NewFieldError(field string, code Code, args ...any) FieldError {
	return FieldError{Field: field, Message: NewMessage(code, args...)}
}

// NewInvalid returns an Invalid error for the given fields, or nil when there are none.
func NewInvalid(fields ...FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: NewMessage("invalid"), Fields: fields}
}

// FieldErrors returns what is wrong with which field, or nil when err says nothing about fields.
func FieldErrors(err error) []FieldError {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

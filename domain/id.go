package domain

import "github.com/google/uuid"

// ID identifies an entity: a UUID in its canonical text form, lower case with hyphens.
type ID string

// NewID returns a new UUIDv7 (RFC 9562), which sorts by the time it was made.
func NewID() ID { return ID(uuid.Must(uuid.NewV7()).String()) }

const idLength = 36

// ParseID reads an ID, whose letters may be of either case, as RFC 9562 has it. ok is false for any other text, other
// ways of writing a UUID among them: nothing can have such an id.
func ParseID(s string) (id ID, ok bool) {
	if len(s) != idLength { // uuid takes it in braces, without hyphens and as a URN, too
		return "", false
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return "", false
	}
	return ID(u.String()), true
}

package domain

import "github.com/google/uuid"

// ID identifies an entity: a UUID in its canonical text form, lower case with hyphens.
type ID string

// NewID returns a new UUIDv7 (RFC 9562), which sorts by the time it was made.
func NewID() ID { return ID(uuid.Must(uuid.NewV7()).String()) }

// ParseID reads an ID in canonical form. ok is false for any other text: nothing can have such an id.
func ParseID(s string) (id ID, ok bool) {
	u, err := uuid.Parse(s)
	if err != nil || u.String() != s {
		return "", false
	}
	return ID(s), true
}

package domain

import (
	"context"
	"time"
)

// Present is somebody who has the editor of a note open.
type Present struct {
	User  ID
	Name  string
	Until time.Time // when they count as gone unless they say before that they are still there
}

// How long somebody counts as there who has said so.
const (
	PresenceLife  = 20 * time.Second // of a page that says it again every few seconds
	PresencePlain = time.Minute      // of a page without scripts, which says it once
	// MaxPresent is how many are told of at most.
	MaxPresent = 10
)

// Stays reports whether what is stored of somebody is good enough at now for who stays for a time: it is written again only when
// half of that is over.
func (p Present) Stays(now time.Time, life time.Duration) bool {
	left := p.Until.Sub(now)
	return left > life/2 && left <= life
}

// Presences keeps who has the editors of the notes of one space open, for a user who may edit there.
type Presences interface {
	// At returns those who have the editor of a note open at now, the user too, at most MaxPresent and the user, those who came to
	// Octavo first before others. It returns none when there is no such note.
	At(ctx context.Context, note ID, now time.Time) ([]Present, error)
	// Enter stores that the user has it open until a time. It returns NotFound when there is no such note.
	Enter(ctx context.Context, note ID, until time.Time) error
}

package domain

import (
	"testing"
	"time"
)

func TestWhoStaysIsWrittenAgainOnceHalfOfTheTimeIsOver(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	for left, stays := range map[time.Duration]bool{
		PresenceLife: true, PresenceLife/2 + 1: true, PresenceLife / 2: false, -time.Second: false, PresencePlain: false,
	} {
		if got := (Present{Until: now.Add(left)}).Stays(now, PresenceLife); got != stays {
			t.Errorf("with %v left: %v", left, got)
		}
	}
	if (Present{}).Stays(now, PresenceLife) {
		t.Error("who hasn't come stays")
	}
}

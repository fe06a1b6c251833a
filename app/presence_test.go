package app_test

import (
	"slices"
	"testing"
	"time"

	"octavo/domain"
)

func TestWhoHasAnEditorOpenIsSeenByTheOthersUntilSoonAfterTheyLeave(t *testing.T) {
	s := newShared(t, domain.RoleEditor)
	ada := accessTo(s.store, s.space, s.member)
	meet := func(access domain.WriteAccess, want ...string) {
		t.Helper()
		if got := must(s.Presences().Meet(t.Context(), access, s.note.ID, domain.PresenceLife))(t); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	name := must(s.store.Users().Get(t.Context(), domain.OwnerID))(t).Name
	meet(ada)
	meet(ada) // who isn't told of themselves
	for range 10 {
		s.clock.now = s.clock.now.Add(5 * time.Second)
		meet(s.owner, "Ada")
		meet(ada, name)
	}
	s.clock.now = s.clock.now.Add(domain.PresenceLife) // they have left
	meet(s.owner)
	_, err := s.Presences().Meet(t.Context(), s.owner, domain.NewID(), domain.PresenceLife)
	wantKind(t, err, domain.NotFound)
}

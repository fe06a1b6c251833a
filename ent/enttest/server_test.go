package enttest

import (
	"net"
	"testing"

	"octavo/ent"
)

func TestAServerWhosePortIsTakenGetsAnother(t *testing.T) {
	other, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	tries := 0
	s := serverAt(t, "postgresql", func(t testing.TB) string {
		if tries++; tries == 1 {
			return other.Addr().String()
		}
		return freeAddress(t)
	})
	if tries != 2 {
		t.Errorf("the server was started %d times, want 2", tries)
	}
	store, err := ent.Open(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

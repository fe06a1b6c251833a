package app

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"octavo/domain"
)

// uses are those of sessions or tokens that are yet to be stored, so that no request waits for that. The zero value is ready
// for use.
type uses[V any] struct {
	mu   sync.Mutex
	last map[domain.TokenHash]V
}

func (u *uses[V]) add(hash domain.TokenHash, use V) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.last == nil {
		u.last = map[domain.TokenHash]V{}
	}
	u.last[hash] = use
}

func (u *uses[V]) take() map[domain.TokenHash]V {
	u.mu.Lock()
	defer u.mu.Unlock()
	last := u.last
	u.last = nil
	return last
}

func (u *uses[V]) get(hash domain.TokenHash) (use V, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	use, ok = u.last[hash]
	return use, ok
}

// use remembers that a session has been used from an address.
func (s *Accounts) use(session domain.Session, now time.Time, from netip.Addr) {
	if session.Touched(now, from) {
		s.visits.add(session.Token, session.Use(now, from))
	}
}

// StoreSessionUses stores when sessions were last used, and from where, as far as it hasn't been. It is for the background, once
// in a SessionTouch.
func (s *Accounts) StoreSessionUses(ctx context.Context) error {
	used := s.visits.take()
	if len(used) == 0 {
		return nil
	}
	return s.sessions.Touch(ctx, used)
}

package domaintest

import (
	"context"

	"octavo/domain"
)

// CutShort is a store of which nothing can be written any more after some transactions, as when the program ends there.
type CutShort struct {
	domain.Store
	Transactions int    // that are carried out
	Before       func() // if not nil, is called before each of them
}

// Atomically implements domain.Store.
func (s *CutShort) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	if s.Before != nil {
		s.Before()
	}
	if s.Transactions--; s.Transactions < 0 {
		return domain.Unavailable
	}
	return s.Store.Atomically(ctx, fn)
}

package app

import (
	"context"
	"errors"

	"octavo/domain"
)

// Accounts tells who somebody is. While nobody has a password the owner key opens the installation: whoever has it is
// the owner.
type Accounts struct {
	store    domain.Store
	clock    domain.Clock
	ownerKey domain.TokenHash
}

// NewAccounts returns the service over store, for an installation whose owner key has the given hash.
func NewAccounts(store domain.Store, clock domain.Clock, ownerKey domain.TokenHash) *Accounts {
	return &Accounts{store: store, clock: clock, ownerKey: ownerKey}
}

// EnsureOwner makes sure that the installation has its owner. Many instances may call it at once.
func (s *Accounts) EnsureOwner(ctx context.Context) error {
	_, err := s.store.Users().Get(ctx, domain.OwnerID)
	if !errors.Is(err, domain.NotFound) {
		return err
	}
	err = s.store.Users().Add(ctx, domain.NewOwner(s.clock.Now()))
	if errors.Is(err, domain.Conflict) {
		return nil // another instance was faster
	}
	return err
}

// Open starts a session for whoever has the owner key and returns its token. A wrong key is Unauthenticated.
func (s *Accounts) Open(ctx context.Context, key string) (token string, err error) {
	actor, err := s.ByKey(key)
	if err != nil {
		return "", err
	}
	session, token := domain.NewSession(actor.User, "", s.clock.Now())
	return token, s.store.Sessions().Add(ctx, session)
}

// ByKey returns who has the owner key. A wrong key is Unauthenticated.
func (s *Accounts) ByKey(key string) (domain.Actor, error) {
	// Comparing hashes takes no longer for a better guess: an attacker can't choose the hash of a guess.
	if domain.HashToken(key) != s.ownerKey {
		return domain.Actor{}, errNoKey
	}
	return domain.Actor{User: domain.OwnerID}, nil
}

// BySession returns whose session has the token. A token of no session, or of one that has ended, is Unauthenticated.
func (s *Accounts) BySession(ctx context.Context, token string) (domain.Actor, error) {
	session, err := s.store.Sessions().Get(ctx, domain.HashToken(token))
	if errors.Is(err, domain.NotFound) {
		return domain.Actor{}, errNoKey
	}
	if err != nil {
		return domain.Actor{}, err
	}
	now := s.clock.Now()
	if !session.Opens(now) {
		return domain.Actor{}, errNoKey
	}
	if session.Touched(now) {
		err = s.store.Sessions().Touch(ctx, session.Token, now)
	}
	if errors.Is(err, domain.StorageFull) || errors.Is(err, domain.Unavailable) || errors.Is(err, domain.Damaged) {
		err = nil // what can't be written now can still be read; the next request touches the session again
	}
	return domain.Actor{User: session.User}, err
}

// SignOut ends the session with the token, if there is one.
func (s *Accounts) SignOut(ctx context.Context, token string) error {
	return s.store.Sessions().Remove(ctx, domain.HashToken(token))
}

var errNoKey = domain.NewError(domain.Unauthenticated, "Open the link from your terminal; the command octavo link prints it again")

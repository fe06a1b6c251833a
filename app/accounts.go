package app

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"octavo/domain"
)

// Accounts tells who somebody is. A ticket signs in whom it is for, a name and a password whoever has them, and programs act
// for the owner with the API key.
type Accounts struct {
	users        domain.Users
	sessions     domain.Sessions
	steps        domain.SecondSteps
	passkeys     domain.Passkeys
	identities   domain.Identities
	tokens       domain.AccessTokens
	attempts     domain.Attempts
	spaces       domain.Spaces
	transactions domain.Transactions
	clock        domain.Clock
	keys         domain.Keys
	spare        spareSessions
	uses         uses[time.Time]         // of tokens
	visits       uses[domain.SessionUse] // of sessions
	anyPassword  atomic.Bool             // once somebody has a password, somebody always has
}

// NewAccounts returns the use cases over a store's users, their sessions and their own spaces, for an installation with the
// given keys.
func NewAccounts(store domain.Store, clock domain.Clock, keys domain.Keys) *Accounts {
	return &Accounts{
		users: store.Users(), sessions: store.Sessions(), steps: store.SecondSteps(), passkeys: store.Passkeys(), identities: store.Identities(), tokens: store.AccessTokens(),
		attempts: store.Attempts(), spaces: store.Spaces(),
		transactions: store, clock: clock, keys: keys,
	}
}

// Now returns the time by which tokens expire.
func (s *Accounts) Now() time.Time { return s.clock.Now() }

// EnsureOwner makes sure that the installation has its owner. Many instances may call it at once.
func (s *Accounts) EnsureOwner(ctx context.Context) error {
	_, err := s.users.Get(ctx, domain.OwnerID)
	if !errors.Is(err, domain.NotFound) {
		return err
	}
	err = s.users.Add(ctx, domain.NewOwner(s.clock.Now()))
	if errors.Is(err, domain.Conflict) {
		return nil // another instance was faster
	}
	return err
}

// Open starts a session of whoever the ticket is for, in the browser that calls itself so, and ends the session that it
// replaces, whose token is instead, unless that is "". A ticket that is none, has ended, has been used, or is for somebody
// who isn't let in, is Unauthenticated.
func (s *Accounts) Open(ctx context.Context, ticket, browser, instead string) (SignedIn, error) {
	secret, err := s.keys.SignIn()
	if err != nil {
		return SignedIn{}, err
	}
	now := s.clock.Now()
	made, err := domain.CheckTicket(secret, ticket, now)
	if err != nil {
		return SignedIn{}, err
	}
	if err := opensFor(made)(s.users.Get(ctx, made.User)); err != nil { // beforehand, too: a full disk may refuse the whole transaction
		return SignedIn{}, err
	}
	session, token := domain.NewSession(made.User, browser, now)
	used := usedTicket{made, domain.HashToken(ticket)}
	err = storeSession(ctx, s.transactions, session, used, domain.HashToken(instead), now)
	if errors.Is(err, domain.StorageFull) {
		err = s.spare.add(session, used)
	}
	return SignedIn{User: made.User, Token: token}, err
}

// opensFor returns what returns nil when a ticket opens for a user who has been looked up, and otherwise why it doesn't.
func opensFor(ticket domain.Ticket) func(domain.User, error) error {
	return func(user domain.User, err error) error {
		switch {
		case errors.Is(err, domain.NotFound):
			return domain.ErrNoTicket
		case err != nil:
			return err
		}
		return ticket.OpensFor(user)
	}
}

// ByKey returns what whoever has the API key is in their own space. A wrong key is Unauthenticated.
func (s *Accounts) ByKey(ctx context.Context, key string) (domain.Membership, error) {
	return s.byKeyIn(ctx, "", key)
}

func (s *Accounts) byKeyIn(ctx context.Context, space domain.ID, key string) (domain.Membership, error) {
	hash, err := s.keys.API()
	if err != nil {
		return domain.Membership{}, err
	}
	// Comparing hashes takes no longer for a better guess: an attacker can't choose the hash of a guess.
	if domain.HashToken(key) != hash {
		return domain.Membership{}, errWrongKey
	}
	return s.in(ctx, space, domain.OwnerID)
}

// in returns what a user is in a space or, when that is "", in their own. As one that is shared, their own isn't found.
func (s *Accounts) in(ctx context.Context, space, user domain.ID) (domain.Membership, error) {
	own := domain.Actor{User: user}.PersonalSpace()
	if space == own {
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	return s.spaces.Membership(ctx, cmp.Or(space, own), user)
}

// BySession returns what the user whose session has the token is in their own space. A token of no session, or of one that has
// ended, is Unauthenticated.
func (s *Accounts) BySession(ctx context.Context, token string) (domain.Membership, error) {
	return s.BySessionIn(ctx, "", token, netip.Addr{})
}

// BySessionIn is BySession in a space that is shared or, when that is "", in their own one, from an address. It is
// ErrSpaceNotFound for those who aren't in it.
func (s *Accounts) BySessionIn(ctx context.Context, space domain.ID, token string, from netip.Addr) (domain.Membership, error) {
	now := s.clock.Now()
	session, member, err := s.admit(ctx, space, domain.HashToken(token))
	if errors.Is(err, domain.ErrSessionNotFound) {
		var by domain.Ticket
		if session, by, err = s.spare.get(ctx, s.transactions, domain.HashToken(token), now); err == nil {
			err = opensFor(by)(s.users.Get(ctx, session.User)) // whoever keeps them out, elsewhere perhaps, doesn't know of it
		}
		if err == nil {
			member, err = s.in(ctx, space, session.User)
		}
	}
	stranger := errors.Is(err, domain.ErrSpaceNotFound)
	if (errors.Is(err, domain.NotFound) || errors.Is(err, domain.Unauthenticated)) && !stranger {
		return domain.Membership{}, domain.ErrSignedOut
	}
	if err != nil && !stranger {
		return domain.Membership{}, err
	}
	if !session.Opens(now) {
		return domain.Membership{}, domain.ErrSignedOut
	}
	if stranger || space == (domain.Actor{User: session.User}.PersonalSpace()) {
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	s.use(session, now, from)
	return member, nil
}

func (s *Accounts) admit(ctx context.Context, space domain.ID, token domain.TokenHash) (domain.Session, domain.Membership, error) {
	if space == "" {
		return s.sessions.Admit(ctx, token)
	}
	return s.sessions.AdmitTo(ctx, token, space)
}

// SignOut ends the session with the token, if there is one.
func (s *Accounts) SignOut(ctx context.Context, token string) error {
	s.spare.remove(func(session domain.Session) bool { return session.Token == domain.HashToken(token) })
	return s.sessions.Remove(ctx, domain.HashToken(token))
}

// Sessions returns the sessions of the actor, the last seen first.
func (s *Accounts) Sessions(ctx context.Context, actor domain.Actor) ([]domain.Session, error) {
	all, err := s.sessions.List(ctx, actor.User)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	all = append(s.spare.list(actor.User, now), all...)
	for i, session := range all {
		if use, ok := s.visits.get(session.Token); ok { // which is yet to be stored
			all[i].Seen, all[i].Address = use.Seen, use.Address
		}
	}
	slices.SortStableFunc(all, func(a, b domain.Session) int { return b.Seen.Compare(a.Seen) })
	return slices.DeleteFunc(all, func(session domain.Session) bool { return session.Ended(now) }), nil
}

// EndSession ends one session of the actor. It is NotFound when it isn't theirs, or has been ended already.
func (s *Accounts) EndSession(ctx context.Context, actor domain.Actor, token domain.TokenHash) error {
	mine := func(session domain.Session) bool { return session.Token == token && session.User == actor.User }
	if s.spare.remove(mine) > 0 {
		return nil
	}
	session, err := s.sessions.Get(ctx, token)
	if err != nil {
		return err
	}
	if session.User != actor.User {
		return domain.ErrSessionNotFound
	}
	return s.sessions.Remove(ctx, token)
}

// EndSessions ends the sessions of the actor, all but the one with the token kept, and returns how many. Kept may be "".
func (s *Accounts) EndSessions(ctx context.Context, actor domain.Actor, kept domain.TokenHash) (int, error) {
	spare := s.spare.remove(func(session domain.Session) bool { return session.User == actor.User && session.Token != kept })
	stored, err := s.sessions.RemoveOf(ctx, actor.User, kept)
	return spare + stored, err
}

var errWrongKey = domain.NewError(domain.Unauthenticated, "key.wrong")

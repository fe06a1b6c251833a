package app

import (
	"context"
	"errors"
	"net/netip"
	"strconv"

	"octavo/domain"
)

// Identities has people sign in by a provider that vouches for them.
type Identities struct {
	repos        domain.Repos
	transactions domain.Transactions
	accounts     *Accounts
	clock        domain.Clock
	provider     domain.Provider
	groups       domain.Groups
}

// Identities returns the use cases over who users are to a provider, with what is made of its groups.
func (a *App) Identities(accounts *Accounts, provider domain.Provider, groups domain.Groups) *Identities {
	return &Identities{repos: a.store, transactions: a.store, accounts: accounts, clock: a.clock, provider: provider, groups: groups}
}

// Provider returns what people call the provider, or "" where there is none.
func (s *Identities) Provider() string { return s.provider.Name() }

// List returns who the actor is to the provider.
func (s *Identities) List(ctx context.Context, actor domain.Actor) ([]domain.Identity, error) {
	return s.repos.Identities().List(ctx, actor.User)
}

// Send returns where a browser is sent to, and what it keeps until it comes back. It is Unavailable while the provider doesn't
// answer, and NotFound where there is none.
func (s *Identities) Send(ctx context.Context, j domain.Journey) (url, kept string, err error) {
	if s.Provider() == "" {
		return "", "", domain.NotFound
	}
	secret, err := s.accounts.keys.SignIn()
	if err != nil {
		return "", "", err
	}
	j, kept = j.Begin(secret, s.clock.Now())
	url, err = s.provider.Send(ctx, j)
	return url, kept, err
}

// Return is a browser that comes back from the provider.
type Return struct {
	Kept, State, Code string
	Address           netip.Addr // that it comes from
	Browser           string     // what it calls itself
	Device            string     // what SignedIn gave it before, or ""
	Instead           string     // the token of the session that it has, or ""
}

// Returned is what somebody has come back to.
type Returned struct {
	SignedIn
	Journey  domain.Journey
	New      bool // they had no account
	Standing domain.Standing
	Changed  bool // that has another standing since
}

// Finish starts a session for whoever the provider vouches for, or has them be that user who has begun within their session. It
// is ErrProviderRefused, with why, unless it is the provider that says so, to what this browser has begun, and for the first time;
// ErrProviderTooLate when it took too long, TooMany after too many that weren't, ErrNotVouched for somebody who may not come in, and a Conflict for an identity that
// is another user's.
func (s *Identities) Finish(ctx context.Context, in Return) (Returned, error) {
	secret, err := s.accounts.keys.SignIn()
	if err != nil {
		return Returned{}, err
	}
	j, err := domain.Resume(secret, in.Kept, in.State, s.clock.Now())
	if err != nil {
		return Returned{}, err
	}
	back := Returned{Journey: j}
	err = s.accounts.trying(ctx, []domain.Allowance{domain.ProviderAllowance(in.Address)}, func() error {
		back, err = s.finish(ctx, back, in, secret)
		return err
	})
	return back, err
}

// finish is Finish for a browser that has come back to what it has begun.
func (s *Identities) finish(ctx context.Context, back Returned, in Return, secret []byte) (Returned, error) {
	j := back.Journey
	// Before the provider is asked, which gives an answer to a code once.
	err := s.repos.Sessions().UseTicket(ctx, j.Ticket(), s.clock.Now())
	if errors.Is(err, domain.Conflict) {
		err = domain.ErrProviderTooLate
	}
	if err != nil {
		return back, err
	}
	who, err := s.provider.Ask(ctx, j, in.Code)
	if err != nil {
		return back, err
	}
	if !s.groups.Let(who) {
		return back, domain.ErrNotVouched
	}
	if j.Session != "" {
		back.User, err = s.connect(ctx, j.Session, domain.HashToken(in.Instead), who)
		return back, err
	}
	return s.signIn(ctx, back, in, who, secret)
}

// connect has an identity be that of the user whose session has begun the journey, and whose browser has come back.
func (s *Identities) connect(ctx context.Context, session, has domain.TokenHash, who domain.Vouched) (user domain.ID, err error) {
	if session != has {
		return "", domain.ErrProviderRefused
	}
	current, err := s.accounts.session(ctx, s.repos.Sessions(), session)
	if err != nil {
		return "", err
	}
	err = s.accounts.changeSecondStep(ctx, domain.Actor{User: current.User}, session, func(repos domain.Repos, user domain.User) error {
		err := repos.Identities().Add(ctx, who.Identity(user.ID, s.clock.Now()))
		if errors.Is(err, domain.Conflict) {
			return errIdentityTaken
		}
		return err
	})
	return current.User, err
}

func (s *Identities) signIn(ctx context.Context, back Returned, in Return, who domain.Vouched, secret []byte) (Returned, error) {
	var user domain.User
	var token string
	err := s.transactions.Atomically(ctx, func(repos domain.Repos) (err error) {
		now := s.clock.Now()
		back.New, back.Changed = false, false
		identity, err := repos.Identities().Get(ctx, who.ID())
		switch {
		case errors.Is(err, domain.NotFound):
			back.New = true
			user, err = s.newcomer(ctx, repos, who)
		case err == nil:
			user, err = repos.Users().Hold(ctx, identity.User)
		}
		if err != nil {
			return err
		}
		if user.Disabled {
			back.User = user.ID
			return domain.ErrNotVouched
		}
		if after := s.groups.Rights(user, who); after.Admin != user.Admin {
			if !after.Admin {
				if err := repos.Invitations().RemoveFrom(ctx, user.ID); err != nil {
					return err
				}
			}
			user, back.Changed = after, true
			if err := repos.Users().SetRights(ctx, user); err != nil {
				return err
			}
		}
		if err := repos.Identities().Touch(ctx, who.ID(), now); err != nil {
			return err
		}
		var session domain.Session
		session, token = domain.NewSession(user.ID, in.Browser, now)
		return replaceSession(ctx, repos, session, in.Instead)
	})
	if err != nil {
		return back, err
	}
	s.accounts.spare.remove(func(session domain.Session) bool { return session.Token == domain.HashToken(in.Instead) })
	back.SignedIn = SignedIn{User: user.ID, Token: token, Device: deviceOf(secret, in.Device, user)}
	back.Standing = user.Standing()
	return back, nil
}

// maxNamesakes is how many people of one name get an account.
const maxNamesakes = 100

// newcomer makes an account for somebody who has none, with a name that nobody else has.
func (s *Identities) newcomer(ctx context.Context, repos domain.Repos, who domain.Vouched) (domain.User, error) {
	user, err := s.groups.Newcomer(who, s.clock.Now())
	if err != nil {
		return domain.User{}, err
	}
	named := user
	for n := 2; ; n++ {
		_, err := repos.Users().ByLogin(ctx, named.Login())
		if errors.Is(err, domain.NotFound) {
			break
		}
		if err == nil && n > maxNamesakes {
			err = domain.ErrNameTaken
		}
		if err != nil {
			return domain.User{}, err
		}
		named = user.Again(strconv.Itoa(n))
	}
	if err := repos.Users().Add(ctx, named); err != nil {
		return domain.User{}, err
	}
	if err := repos.Identities().Add(ctx, who.Identity(named.ID, s.clock.Now())); err != nil {
		return domain.User{}, err
	}
	return named, repos.Users().SetPassword(ctx, named)
}

// Disconnect has an identity of the actor's sign nobody in from then on. It is NotFound when it isn't theirs, and a Conflict when
// it is their last way in.
func (s *Identities) Disconnect(ctx context.Context, actor domain.Actor, id, session domain.TokenHash) error {
	return s.accounts.changeSecondStep(ctx, actor, session, func(repos domain.Repos, user domain.User) error {
		had, err := repos.Identities().List(ctx, actor.User)
		if err != nil {
			return err
		}
		passkeys, err := repos.Passkeys().List(ctx, actor.User)
		if err != nil {
			return err
		}
		if err := repos.Identities().Remove(ctx, actor.User, id); err != nil {
			return err
		}
		return user.MayRemove(len(had) + len(passkeys))
	})
}

var errIdentityTaken = domain.NewError(domain.Conflict, "identity.taken")

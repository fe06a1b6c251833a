package app

import (
	"context"
	"errors"
	"net/netip"

	"octavo/domain"
)

// Passkeys has people sign in with keys that their devices keep.
type Passkeys struct {
	repos          domain.Repos
	transactions   domain.Transactions
	accounts       *Accounts
	clock          domain.Clock
	authenticators domain.Authenticators
}

// Passkeys returns the use cases over the passkeys of users, who sign in with accounts.
func (a *App) Passkeys(accounts *Accounts, authenticators domain.Authenticators) *Passkeys {
	return &Passkeys{repos: a.store, transactions: a.store, accounts: accounts, clock: a.clock, authenticators: authenticators}
}

// Host returns the name of the host at which passkeys are used, or "" where they can't be.
func (s *Passkeys) Host() string { return s.authenticators.Host() }

// List returns the passkeys of the actor, those that were made first before others.
func (s *Passkeys) List(ctx context.Context, actor domain.Actor) ([]domain.Passkey, error) {
	return s.repos.Passkeys().List(ctx, actor.User)
}

// Offer returns what the actor's browser is asked to make a passkey with, within the session with a token.
func (s *Passkeys) Offer(ctx context.Context, actor domain.Actor, session domain.TokenHash) ([]byte, error) {
	user, err := s.repos.Users().Get(ctx, actor.User)
	if err != nil {
		return nil, err
	}
	had, err := s.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	if err := domain.CheckNewPasskey(had); err != nil {
		return nil, err
	}
	challenge, err := s.challenge(domain.ToAddPasskey(session))
	if err != nil {
		return nil, err
	}
	return s.authenticators.Offer(challenge, user, had)
}

func (s *Passkeys) challenge(of domain.Purpose) ([]byte, error) {
	secret, err := s.accounts.keys.SignIn()
	if err != nil {
		return nil, err
	}
	return domain.NewChallenge(secret, of, s.clock.Now()), nil
}

// answers returns nil when a challenge was made for a purpose, and hasn't ended.
func (s *Passkeys) answers(challenge []byte, of domain.Purpose) error {
	secret, err := s.accounts.keys.SignIn()
	if err != nil {
		return err
	}
	return domain.CheckChallenge(secret, challenge, of, s.clock.Now())
}

// useUp has a challenge be of use once.
func useUp(ctx context.Context, repos domain.Repos, challenge []byte, s *Passkeys) error {
	err := repos.Sessions().UseTicket(ctx, domain.HashToken(string(challenge)), s.clock.Now())
	if errors.Is(err, domain.Conflict) {
		return domain.ErrPasskeyTooLate
	}
	return err
}

// NewPasskey is what somebody's browser has made.
type NewPasskey struct {
	Name   string // that they know it by
	Answer []byte // of the browser, to Offer
	// Login is what somebody without a password is called from then on; others keep their names.
	Login string
}

// Add keeps a passkey of the actor, who came by the session with a token. It is Invalid when a name is, Unauthenticated when
// the browser's answer isn't one to what it has been offered within that session, or when that has ended, and a Conflict when
// they have it already or can't have more.
func (s *Passkeys) Add(ctx context.Context, actor domain.Actor, made NewPasskey, session domain.TokenHash) error {
	user, err := s.repos.Users().Get(ctx, actor.User)
	if err != nil {
		return err
	}
	named := user
	var wrong []domain.FieldError
	if user.Password == "" {
		wrong = domain.FieldErrors(named.SetName(made.Login))
	}
	if wrong = append(wrong, domain.FieldErrors((&domain.Passkey{}).Rename(made.Name))...); len(wrong) > 0 {
		return domain.NewInvalid(wrong...)
	}
	credential, challenge, err := s.authenticators.Made(made.Answer, user)
	if err != nil {
		return err
	}
	if err := s.answers(challenge, domain.ToAddPasskey(session)); err != nil {
		return err
	}
	passkey, err := domain.NewPasskey(actor.User, made.Name, credential, s.clock.Now())
	if err != nil {
		return err
	}
	return s.change(ctx, actor, session, func(repos domain.Repos, now domain.User, had []domain.Passkey) error {
		if err := useUp(ctx, repos, challenge, s); err != nil {
			return err
		}
		if err := domain.CheckNewPasskey(had); err != nil {
			return err
		}
		err := repos.Passkeys().Add(ctx, passkey)
		if errors.Is(err, domain.Conflict) {
			return errPasskeyTaken
		}
		if err != nil || now.Password != "" {
			return err
		}
		now.Name = named.Name
		return repos.Users().SetPassword(ctx, now)
	})
}

// change runs fn in a transaction in which nobody else changes what the actor signs in with, while their session lasts.
func (s *Passkeys) change(ctx context.Context, actor domain.Actor, session domain.TokenHash,
	fn func(domain.Repos, domain.User, []domain.Passkey) error,
) error {
	return s.accounts.changeSecondStep(ctx, actor, session, func(repos domain.Repos, user domain.User) error {
		had, err := repos.Passkeys().List(ctx, actor.User)
		if err != nil {
			return err
		}
		return fn(repos, user, had)
	})
}

// Rename gives a passkey of the actor another name. It is Invalid when that is, and NotFound when it isn't theirs.
func (s *Passkeys) Rename(ctx context.Context, actor domain.Actor, id domain.TokenHash, name string, session domain.TokenHash) error {
	return s.change(ctx, actor, session, func(repos domain.Repos, _ domain.User, had []domain.Passkey) error {
		for _, passkey := range had {
			if passkey.ID != id {
				continue
			}
			if err := passkey.Rename(name); err != nil {
				return err
			}
			return repos.Passkeys().Put(ctx, passkey)
		}
		return domain.ErrPasskeyNotFound
	})
}

// Remove has a passkey of the actor sign nobody in from then on. It is NotFound when it isn't theirs, and a Conflict when it is
// their last way in.
func (s *Passkeys) Remove(ctx context.Context, actor domain.Actor, id domain.TokenHash, session domain.TokenHash) error {
	return s.change(ctx, actor, session, func(repos domain.Repos, user domain.User, had []domain.Passkey) error {
		if err := repos.Passkeys().Remove(ctx, actor.User, id); err != nil {
			return err
		}
		identities, err := repos.Identities().List(ctx, actor.User)
		if err != nil {
			return err
		}
		return user.MayRemove(len(had) + len(identities))
	})
}

// Ask returns what a browser is asked for to sign somebody in: whoever they are or, with what SignIn has given it, the user
// whose password it has told. It is ErrHalfwayEnded when they have to begin again.
func (s *Passkeys) Ask(ctx context.Context, halfway string) ([]byte, error) {
	if halfway == "" {
		challenge, err := s.challenge(domain.ToSignIn)
		if err != nil {
			return nil, err
		}
		return s.authenticators.Ask(challenge, nil, true)
	}
	user, err := s.accounts.halfwayUser(ctx, s.repos.Users().Get, halfway)
	if err != nil {
		return nil, err
	}
	return s.ask(ctx, user.ID, domain.ToGoOn(halfway), false)
}

// AskToConfirm returns what the actor's browser is asked for to prove who they are, within the session with a token.
func (s *Passkeys) AskToConfirm(ctx context.Context, actor domain.Actor, session domain.TokenHash) ([]byte, error) {
	return s.ask(ctx, actor.User, domain.ToConfirm(session), true)
}

func (s *Passkeys) ask(ctx context.Context, user domain.ID, of domain.Purpose, verified bool) ([]byte, error) {
	had, err := s.repos.Passkeys().List(ctx, user)
	if err != nil {
		return nil, err
	}
	if len(had) == 0 {
		return nil, domain.ErrPasskeyNotFound
	}
	challenge, err := s.challenge(of)
	if err != nil {
		return nil, err
	}
	return s.authenticators.Ask(challenge, had, verified)
}

// ByPasskey is what somebody signs in with.
type ByPasskey struct {
	Answer  []byte     // of their browser, to Ask
	Halfway string     // that SignIn gave it, or "" where they haven't told a password
	Address netip.Addr // that it comes from
	Browser string     // what it calls itself
	Device  string     // what SignedIn gave it before, or ""
	Instead string     // the token of the session that it replaces, or ""
}

// SignIn starts a session for whoever has a passkey: alone, where their device has verified them, or after their password. It is
// Unauthenticated when the answer is none to what was asked for, or by none that is theirs, ErrPasskeyCloned when somebody else
// seems to have that too, ErrHalfwayEnded when they have to begin again, and TooMany after too many tries. Whose passkey it is
// said to be is told where nobody is let in, too.
func (s *Passkeys) SignIn(ctx context.Context, in ByPasskey) (SignedIn, error) {
	secret, err := s.accounts.keys.SignIn()
	if err != nil {
		return SignedIn{}, err
	}
	of, allowance := domain.ToSignIn, domain.PasskeyAllowance(in.Address)
	if in.Halfway != "" {
		user, err := s.accounts.halfwayUser(ctx, s.repos.Users().Get, in.Halfway)
		if err != nil { // uncounted, or whoever knows an id could use up the tries of others
			return SignedIn{}, err
		}
		if !domain.IsDeviceOf(secret, in.Device, user) {
			in.Device = ""
		}
		of, allowance = domain.ToGoOn(in.Halfway), domain.CodeAllowance(user.ID, in.Device)
	}
	var user domain.User
	var token string
	err = s.accounts.trying(ctx, []domain.Allowance{allowance}, func() error {
		passkey, signature, challenge, err := s.signed(ctx, in.Answer, of, in.Halfway == "")
		if user.ID = passkey.User; err != nil {
			return err
		}
		var session domain.Session
		session, token = domain.NewSession(passkey.User, in.Browser, s.clock.Now())
		return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
			if in.Halfway != "" {
				told, err := s.accounts.halfwayUser(ctx, repos.Users().Hold, in.Halfway)
				if err == nil && told.ID != passkey.User {
					err = domain.ErrPasskeyRefused
				}
				if err != nil {
					return err
				}
				user = told
			} else if user, err = repos.Users().Hold(ctx, passkey.User); err != nil {
				return err
			}
			if user.Disabled {
				return domain.ErrPasskeyRefused
			}
			if err := s.use(ctx, repos, passkey.ID, signature, challenge); err != nil {
				return err
			}
			return replaceSession(ctx, repos, session, in.Instead)
		})
	})
	if err != nil {
		return SignedIn{User: user.ID}, err
	}
	s.accounts.spare.remove(func(session domain.Session) bool { return session.Token == domain.HashToken(in.Instead) })
	return SignedIn{User: user.ID, Token: token, Device: deviceOf(secret, in.Device, user)}, nil
}

// signed returns the passkey that an answer is by, what it says, and the challenge that it answers, which is for a purpose.
func (s *Passkeys) signed(ctx context.Context, answer []byte, of domain.Purpose, verified bool) (
	p domain.Passkey, signature domain.Signature, challenge []byte, err error,
) {
	id, user, err := s.authenticators.Read(answer)
	if err != nil {
		return p, signature, nil, err
	}
	p, err = s.repos.Passkeys().Get(ctx, id)
	if errors.Is(err, domain.NotFound) || err == nil && user != "" && user != p.User {
		return domain.Passkey{}, signature, nil, domain.ErrPasskeyRefused
	}
	if err != nil {
		return p, signature, nil, err
	}
	if signature, challenge, err = s.authenticators.Signed(answer, p, verified); err != nil {
		return p, signature, nil, err
	}
	return p, signature, challenge, s.answers(challenge, of)
}

// use stores that a passkey has signed a challenge, in a transaction that holds its user.
func (s *Passkeys) use(ctx context.Context, repos domain.Repos, id domain.TokenHash, signature domain.Signature, challenge []byte) error {
	if err := useUp(ctx, repos, challenge, s); err != nil {
		return err
	}
	passkey, err := repos.Passkeys().Get(ctx, id)
	if errors.Is(err, domain.NotFound) { // since a moment ago
		return domain.ErrPasskeyRefused
	}
	if err != nil {
		return err
	}
	if passkey, err = passkey.Signed(signature, s.clock.Now()); err != nil {
		return err
	}
	return repos.Passkeys().Put(ctx, passkey)
}

// Confirm has the actor prove by a passkey who they are, which the session with the token keeps for a while. It is
// Unauthenticated when it isn't theirs, as SignIn says.
func (s *Passkeys) Confirm(ctx context.Context, actor domain.Actor, answer []byte, session domain.TokenHash) error {
	return s.accounts.trying(ctx, []domain.Allowance{domain.PasswordAllowance(actor.User)}, func() error {
		passkey, signature, challenge, err := s.signed(ctx, answer, domain.ToConfirm(session), true)
		if err == nil && passkey.User != actor.User {
			err = domain.ErrPasskeyRefused
		}
		if err != nil {
			return err
		}
		now := s.clock.Now()
		err = s.accounts.changeSecondStep(ctx, actor, session, func(repos domain.Repos, _ domain.User) error {
			if err := s.use(ctx, repos, passkey.ID, signature, challenge); err != nil {
				return err
			}
			return repos.Sessions().Confirm(ctx, session, now)
		})
		if err == nil {
			s.accounts.spare.confirm(session, now)
		}
		return err
	})
}

var errPasskeyTaken = domain.NewError(domain.Conflict, "passkey.taken")

package app

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"time"

	"octavo/domain"
)

// NeedsLink reports whether the actor, once signed out, comes back by a new link alone, which is made on the server: they
// have neither a password, a passkey nor an identity.
func (s *Accounts) NeedsLink(ctx context.Context, actor domain.Actor) (bool, error) {
	u, err := s.users.Get(ctx, actor.User)
	if err != nil || u.Password != "" {
		return false, err
	}
	passkeys, err := s.passkeys.List(ctx, actor.User)
	if err != nil || len(passkeys) > 0 {
		return false, err
	}
	identities, err := s.identities.List(ctx, actor.User)
	return len(identities) == 0, err
}

// TakesPasswords reports whether somebody has a password, a passkey or an identity, so that it makes sense to ask for one.
func (s *Accounts) TakesPasswords(ctx context.Context) (bool, error) {
	if s.anyPassword.Load() {
		return true, nil
	}
	found, err := s.users.AnyPassword(ctx)
	if found {
		s.anyPassword.Store(true)
	}
	return found, err
}

// User returns who the actor is.
func (s *Accounts) User(ctx context.Context, actor domain.Actor) (domain.User, error) {
	return s.users.Get(ctx, actor.User)
}

// SignIn is what somebody signs in with.
type SignIn struct {
	Name, Password string
	Address        netip.Addr // that it comes from
	Browser        string     // what it calls itself
	Device         string     // what SignedIn gave the browser before, or ""
	Instead        string     // the token of the session that it replaces, or ""
}

// SignedIn is a session that has been started.
type SignedIn struct {
	User   domain.ID // also where it hasn't been, because of the password
	Token  string    // of the session
	Device string    // by which the browser is known when it signs in again
	// Halfway is what SignInWithCode asks for, where there is no session yet, and "" otherwise.
	Halfway string
}

// SignIn starts a session for whoever knows a name and its password. A wrong one is ErrWrongPassword, which doesn't tell
// which of the two was wrong, and takes as long either way. Too many tries are TooMany; they are counted beforehand, so
// that those that come at once count too. Where a code is asked for besides, it starts none, and returns what tells that the
// password was right.
func (s *Accounts) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	secret, err := s.keys.SignIn()
	if err != nil {
		return SignedIn{}, err
	}
	user, err := s.users.ByLogin(ctx, domain.LoginOf(in.Name))
	if err != nil && !errors.Is(err, domain.NotFound) {
		return SignedIn{}, err
	}
	if user.ID == "" || !domain.IsDeviceOf(secret, in.Device, user) {
		in.Device = ""
	}
	err = s.trying(ctx, domain.SignInAllowances(domain.LoginOf(in.Name), in.Address, in.Device), func() error {
		err := checkPassword(ctx, user, in.Password, ErrWrongPassword)
		if err == nil && user.Disabled {
			err = ErrWrongPassword // which tells no more about them than about any other name
		}
		return err
	})
	if err != nil {
		return SignedIn{User: user.ID}, err
	}
	halfway := ""
	session, token := domain.NewSession(user.ID, in.Browser, s.clock.Now())
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		now, err := repos.Users().Hold(ctx, user.ID)
		if err != nil {
			return err
		}
		if now.Password != user.Password || now.Disabled {
			return ErrWrongPassword // since a moment ago
		}
		step, err := repos.SecondSteps().Get(ctx, user.ID)
		if err != nil {
			return err
		}
		if step.On() {
			halfway = domain.NewHalfway(secret, user, s.clock.Now())
			return nil
		}
		return replaceSession(ctx, repos, session, in.Instead)
	})
	if err != nil {
		return SignedIn{User: user.ID}, err
	}
	if halfway != "" {
		return SignedIn{User: user.ID, Halfway: halfway}, nil
	}
	s.spare.remove(func(session domain.Session) bool { return session.Token == domain.HashToken(in.Instead) })
	return SignedIn{User: user.ID, Token: token, Device: deviceOf(secret, in.Device, user)}, nil
}

// replaceSession stores a session in place of the one with the token instead, if there is one.
func replaceSession(ctx context.Context, repos domain.Repos, session domain.Session, instead string) error {
	if err := repos.Sessions().Remove(ctx, domain.HashToken(instead)); err != nil {
		return err
	}
	return repos.Sessions().Add(ctx, session)
}

// deviceOf returns what a browser is known by to a user from now on: what it was known by before, if it was.
func deviceOf(secret []byte, device string, user domain.User) string {
	if domain.IsDeviceOf(secret, device, user) {
		return device
	}
	return domain.NewDevice(secret, user)
}

// trying counts a try under allowances before it is made, and takes that back when it was right.
func (s *Accounts) trying(ctx context.Context, allowances []domain.Allowance, try func() error) error {
	for _, a := range allowances {
		wait, err := s.attempts.Try(ctx, a.Key, a.Limit, s.clock.Now())
		if err != nil {
			return err
		}
		if wait > 0 {
			return domain.NewTooMany(wait)
		}
	}
	if err := try(); err != nil {
		return err
	}
	for _, a := range allowances {
		if err := s.attempts.TakeBack(ctx, a.Key); err != nil {
			return err
		}
	}
	return nil
}

// checkPassword returns wrong unless a user has that password.
func checkPassword(ctx context.Context, u domain.User, password string, wrong error) error {
	right, err := u.Password.Matches(ctx, password)
	if err == nil && !right {
		return wrong
	}
	return err
}

// NewPassword is what a user is to sign in with from now on.
type NewPassword struct {
	Name, Password string
	Current        string // the password that they have, if they have one
}

// SetPassword gives the actor a name and a password, ends all their sessions but the one with the token kept, and revokes all
// their access tokens and the links by which they could choose another one. It is Invalid when Current isn't their password,
// and what User.SetPassword says, and Unauthenticated when that session has ended meanwhile.
func (s *Accounts) SetPassword(ctx context.Context, actor domain.Actor, given NewPassword, kept domain.TokenHash) error {
	user, err := s.users.Get(ctx, actor.User)
	if err != nil {
		return err
	}
	if user.Password != "" {
		if err := s.checkCurrent(ctx, user, given.Current); err != nil {
			return err
		}
	}
	return s.storePassword(ctx, user, given, kept)
}

// ResetPassword is SetPassword for whoever has the machine's shell, and needs no other password. The user's passkeys are removed,
// and who they are to a provider. The name stays where none
// is given. It returns the user as they are now.
func (s *Accounts) ResetPassword(ctx context.Context, actor domain.Actor, name, password string) (domain.User, error) {
	user, err := s.users.Get(ctx, actor.User)
	if err != nil {
		return domain.User{}, err
	}
	err = s.storePassword(ctx, user, NewPassword{Name: cmp.Or(name, user.Name), Password: password}, "")
	if err != nil {
		return domain.User{}, err
	}
	return s.users.Get(ctx, actor.User)
}

func (s *Accounts) storePassword(ctx context.Context, user domain.User, given NewPassword, kept domain.TokenHash) error {
	had := user.Password
	if err := user.SetPassword(ctx, given.Name, given.Password); err != nil {
		return err
	}
	// First, or one of them could be stored behind what removes the others.
	s.spare.remove(func(session domain.Session) bool { return session.User == user.ID && session.Token != kept })
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		now, err := repos.Users().Hold(ctx, user.ID)
		if err != nil {
			return err
		}
		if now.Password != had {
			return ErrNotCurrent // since a moment ago
		}
		if err := s.stillIn(ctx, repos, kept); err != nil {
			return err
		}
		if err := repos.Users().SetPassword(ctx, user); err != nil {
			return err
		}
		if err := repos.Sessions().Confirm(ctx, kept, s.clock.Now()); err != nil {
			return err
		}
		if kept == "" {
			if err := forgetWaysIn(ctx, repos, user.ID); err != nil {
				return err
			}
		}
		return endAccessOf(ctx, repos, user.ID, kept, s.clock.Now())
	})
}

// forgetWaysIn removes what else somebody has signed in with who is helped to another password: that may be another one's by now.
func forgetWaysIn(ctx context.Context, repos domain.Repos, user domain.ID) error {
	passkeys, err := repos.Passkeys().List(ctx, user)
	if err != nil {
		return err
	}
	for _, p := range passkeys {
		if err := repos.Passkeys().Remove(ctx, user, p.ID); err != nil {
			return err
		}
	}
	identities, err := repos.Identities().List(ctx, user)
	if err != nil {
		return err
	}
	for _, i := range identities {
		if err := repos.Identities().Remove(ctx, user, i.ID); err != nil {
			return err
		}
	}
	return nil
}

// stillIn returns nil while a session hasn't ended, by which somebody makes what outlives it: their request may have been on
// its way for a while. It is "" for whoever has the machine's shell.
func (s *Accounts) stillIn(ctx context.Context, repos domain.Repos, session domain.TokenHash) error {
	if session == "" {
		return nil
	}
	_, err := s.session(ctx, repos.Sessions(), session)
	return err
}

// session returns the session with a token. It is Unauthenticated once that has ended.
func (s *Accounts) session(ctx context.Context, sessions domain.Sessions, token domain.TokenHash) (domain.Session, error) {
	if kept, ok := s.spare.find(token, s.clock.Now()); ok {
		return kept, nil
	}
	stored, err := sessions.Get(ctx, token)
	if errors.Is(err, domain.NotFound) {
		return domain.Session{}, domain.ErrSignedOut
	}
	return stored, err
}

// Sure reports whether what can't be undone needs no other proof of who the actor is, who came by the session with the token:
// they have given one shortly before, or have neither a password nor a passkey to give.
func (s *Accounts) Sure(ctx context.Context, actor domain.Actor, session domain.TokenHash) (bool, error) {
	current, err := s.session(ctx, s.sessions, session)
	if err != nil || current.Sure(s.clock.Now()) {
		return err == nil, err
	}
	u, err := s.users.Get(ctx, actor.User)
	if err != nil || u.Password != "" {
		return false, err
	}
	passkeys, err := s.passkeys.List(ctx, actor.User)
	return err == nil && len(passkeys) == 0, err
}

// Confirm has the actor prove by their password who they are, which the session with the token keeps for a while. It is
// Invalid when the password isn't theirs, and TooMany after too many that weren't.
func (s *Accounts) Confirm(ctx context.Context, actor domain.Actor, password string, session domain.TokenHash) error {
	user, err := s.users.Get(ctx, actor.User)
	if err != nil {
		return err
	}
	if err := s.checkCurrent(ctx, user, password); err != nil {
		return err
	}
	now := s.clock.Now()
	s.spare.confirm(session, now)
	return s.sessions.Confirm(ctx, session, now)
}

// checkCurrent is Invalid unless a user has that password, and TooMany after too many tries.
func (s *Accounts) checkCurrent(ctx context.Context, user domain.User, password string) error {
	return s.trying(ctx, []domain.Allowance{domain.PasswordAllowance(user.ID)}, func() error {
		return checkPassword(ctx, user, password, ErrNotCurrent)
	})
}

// endAccessOf ends the sessions of a user but the one with the token kept, their tokens, the links that sign them in, and the
// invitations with which they may choose another password.
func endAccessOf(ctx context.Context, repos domain.Repos, user domain.ID, kept domain.TokenHash, now time.Time) error {
	if err := repos.Users().EndTickets(ctx, user, now); err != nil {
		return err
	}
	if _, err := repos.Sessions().RemoveOf(ctx, user, kept); err != nil {
		return err
	}
	if err := repos.AccessTokens().RemoveOf(ctx, user); err != nil {
		return err
	}
	return repos.Invitations().RemoveFor(ctx, user)
}

// What is wrong with what somebody says of themselves.
var (
	ErrWrongPassword = domain.NewError(domain.Unauthenticated, "sign_in.wrong")
	ErrNotCurrent    = domain.NewInvalid(domain.NewFieldError("current", "user.password.not_current"))
)

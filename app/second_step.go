package app

import (
	"cmp"
	"context"
	"errors"

	"octavo/domain"
)

// Code is what somebody who has told their password signs in with besides.
type Code struct {
	Halfway string // that SignIn gave the browser
	Code    string // that an app shows, or one for when that is lost
	Browser string // what it calls itself
	Device  string // what SignedIn gave the browser before, or ""
	Instead string // the token of the session that it replaces, or ""
}

// SignInWithCode starts a session for whoever has told their password before, and now tells the code as well. It is
// ErrWrongCode when the code is none of theirs or has been used, ErrHalfwayEnded when they have to begin again, and TooMany
// after too many codes that were wrong.
func (s *Accounts) SignInWithCode(ctx context.Context, in Code) (SignedIn, error) {
	secret, err := s.keys.SignIn()
	if err != nil {
		return SignedIn{}, err
	}
	now := s.clock.Now()
	user, err := s.halfwayUser(ctx, s.users.Get, in.Halfway)
	if err != nil { // uncounted, or whoever knows an id could use up the tries of others
		return SignedIn{}, err
	}
	id := user.ID
	if !domain.IsDeviceOf(secret, in.Device, user) {
		in.Device = ""
	}
	session, token := domain.NewSession(id, in.Browser, now)
	err = s.trying(ctx, []domain.Allowance{domain.CodeAllowance(id, in.Device)}, func() error {
		return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
			// Held so that a code that is told twice at once is taken once.
			if _, err := s.halfwayUser(ctx, repos.Users().Hold, in.Halfway); err != nil {
				return err
			}
			step, err := repos.SecondSteps().Get(ctx, id)
			if err != nil {
				return err
			}
			if step.On() { // since it was asked for
				if step, err = step.Take(in.Code, now); err != nil {
					return err
				}
				if err := repos.SecondSteps().Put(ctx, step); err != nil {
					return err
				}
			}
			return replaceSession(ctx, repos, session, in.Instead)
		})
	})
	if err != nil {
		return SignedIn{User: user.ID}, err
	}
	s.spare.remove(func(session domain.Session) bool { return session.Token == domain.HashToken(in.Instead) })
	return SignedIn{User: id, Token: token, Device: deviceOf(secret, in.Device, user)}, nil
}

// halfwayUser returns whose password a browser has told, as get finds them. It is ErrHalfwayEnded when they have to begin again.
func (s *Accounts) halfwayUser(ctx context.Context, get func(context.Context, domain.ID) (domain.User, error), halfway string) (domain.User, error) {
	secret, err := s.keys.SignIn()
	if err != nil {
		return domain.User{}, err
	}
	id, ok := domain.UserOfHalfway(halfway)
	if !ok {
		return domain.User{}, domain.ErrHalfwayEnded
	}
	user, err := get(ctx, id)
	if errors.Is(err, domain.NotFound) || (err == nil && (user.Disabled || !domain.IsHalfway(secret, halfway, user, s.clock.Now()))) {
		return domain.User{}, domain.ErrHalfwayEnded
	}
	return user, err
}

// SecondStep returns what the actor signs in with besides the password.
func (s *Accounts) SecondStep(ctx context.Context, actor domain.Actor) (domain.SecondStep, error) {
	return s.steps.Get(ctx, actor.User)
}

// TurnOnSecondStep has the actor sign in with an app besides the password, which has been given the secret and shows the code,
// and returns the codes for when it is lost. It ends their other sessions and the links by which they could choose another
// password: whoever has come by the password alone is out. It is Invalid for a wrong code, a Conflict for somebody without a
// password or with an app already, and Unauthenticated when the session with the token has ended meanwhile.
func (s *Accounts) TurnOnSecondStep(ctx context.Context, actor domain.Actor, secret, code string, session domain.TokenHash) ([]string, error) {
	step, codes, err := domain.NewSecondStep(actor.User, secret, code, s.clock.Now())
	if err != nil {
		return nil, err
	}
	s.spare.remove(func(other domain.Session) bool { return other.User == actor.User && other.Token != session })
	err = s.changeSecondStep(ctx, actor, session, func(repos domain.Repos, user domain.User) error {
		if user.Password == "" {
			return domain.ErrPasswordFirst
		}
		had, err := repos.SecondSteps().Get(ctx, actor.User)
		if err != nil {
			return err
		}
		if had.On() {
			return domain.ErrSecondStepOn
		}
		if _, err := repos.Sessions().RemoveOf(ctx, actor.User, session); err != nil {
			return err
		}
		if err := repos.Invitations().RemoveFor(ctx, actor.User); err != nil {
			return err
		}
		return repos.SecondSteps().Put(ctx, step)
	})
	return codes, err
}

// RenewRecoveryCodes returns other codes for when the app is lost, in place of those that the actor had, who tells a code:
// whoever knows the password alone can't. It is Invalid when that is none of theirs or has been used, TooMany after too many
// that were wrong, and a Conflict for somebody who signs in by the password alone.
func (s *Accounts) RenewRecoveryCodes(ctx context.Context, actor domain.Actor, code string, session domain.TokenHash) (codes []string, err error) {
	err = s.withCode(ctx, actor, code, session, func(repos domain.Repos, step domain.SecondStep) error {
		codes = step.Renew()
		return repos.SecondSteps().Put(ctx, step)
	})
	return codes, err
}

// TurnOffSecondStep has the actor sign in by the password alone. It wants a code, as RenewRecoveryCodes does.
func (s *Accounts) TurnOffSecondStep(ctx context.Context, actor domain.Actor, code string, session domain.TokenHash) error {
	return s.withCode(ctx, actor, code, session, func(repos domain.Repos, _ domain.SecondStep) error {
		return repos.SecondSteps().Remove(ctx, actor.User)
	})
}

// withCode runs change, as changeSecondStep does, with the second step of an actor who has told a code of it.
func (s *Accounts) withCode(ctx context.Context, actor domain.Actor, code string, session domain.TokenHash,
	change func(domain.Repos, domain.SecondStep) error,
) error {
	if step, err := s.steps.Get(ctx, actor.User); err != nil || !step.On() {
		return cmp.Or(err, domain.ErrNoSecondStep)
	}
	return s.trying(ctx, []domain.Allowance{domain.OwnCodeAllowance(actor.User)}, func() error {
		return s.changeSecondStep(ctx, actor, session, func(repos domain.Repos, _ domain.User) error {
			step, err := repos.SecondSteps().Get(ctx, actor.User)
			if err != nil {
				return err
			}
			if !step.On() { // since a moment ago
				return domain.ErrNoSecondStep
			}
			step, err = step.Take(code, s.clock.Now())
			if errors.Is(err, domain.ErrWrongCode) {
				return errNotTheirCode
			}
			if err != nil {
				return err
			}
			return change(repos, step)
		})
	})
}

// ResetSecondStep has the actor sign in by the password alone, for whoever has the machine's shell. It is a Conflict for
// somebody who does so already.
func (s *Accounts) ResetSecondStep(ctx context.Context, actor domain.Actor) error {
	return s.changeSecondStep(ctx, actor, "", func(repos domain.Repos, _ domain.User) error {
		step, err := repos.SecondSteps().Get(ctx, actor.User)
		if err == nil && !step.On() {
			err = domain.ErrNoSecondStep
		}
		if err != nil {
			return err
		}
		return repos.SecondSteps().Remove(ctx, actor.User)
	})
}

// changeSecondStep runs change in a transaction in which nobody else changes what the actor signs in with, while their session lasts.
func (s *Accounts) changeSecondStep(ctx context.Context, actor domain.Actor, session domain.TokenHash,
	change func(domain.Repos, domain.User) error,
) error {
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		user, err := repos.Users().Hold(ctx, actor.User)
		if err != nil {
			return err
		}
		if err := s.stillIn(ctx, repos, session); err != nil {
			return err
		}
		return change(repos, user)
	})
}

var errNotTheirCode = domain.NewInvalid(domain.NewFieldError("code", "second_step.wrong"))

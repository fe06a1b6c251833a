package app

import (
	"context"
	"errors"

	"octavo/domain"
)

// MakeToken makes a token of the actor, and returns its secret as well, which nothing tells again. The actor came by a session
// or, if that is "", has the machine's shell. It is Invalid as domain.NewAccessToken and domain.CheckNewToken say, NotFound when
// they aren't in the space, and Unauthenticated when the session has ended meanwhile.
func (s *Accounts) MakeToken(ctx context.Context, actor domain.Actor, draft domain.TokenDraft, session domain.TokenHash) (
	t domain.AccessToken, secret string, err error,
) {
	t, secret, err = domain.NewAccessToken(actor, draft, s.clock.Now())
	if err != nil {
		return domain.AccessToken{}, "", err
	}
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		user, err := repos.Users().Hold(ctx, actor.User) // so that two made at once are checked in turn
		if err != nil {
			return err
		}
		if user.Disabled { // since a moment ago
			return domain.ErrSignedOut
		}
		if err := s.stillIn(ctx, repos, session); err != nil {
			return err
		}
		if _, err := repos.Spaces().Membership(ctx, t.Space, actor.User); err != nil {
			return err
		}
		had, err := repos.AccessTokens().List(ctx, actor.User)
		if err != nil {
			return err
		}
		if err := domain.CheckNewToken(had, t); err != nil {
			return err
		}
		return repos.AccessTokens().Add(ctx, t)
	})
	if err != nil {
		return domain.AccessToken{}, "", err
	}
	return t, secret, nil
}

// Tokens returns the tokens of the actor, those that have expired too, the last made first.
func (s *Accounts) Tokens(ctx context.Context, actor domain.Actor) ([]domain.AccessToken, error) {
	return s.tokens.List(ctx, actor.User)
}

// RevokeToken has a token of the actor open nothing from the next request on. It is NotFound when it isn't theirs, or has
// been revoked already.
func (s *Accounts) RevokeToken(ctx context.Context, actor domain.Actor, hash domain.TokenHash) error {
	return s.tokens.Remove(ctx, actor.User, hash)
}

// ByBearer returns what may be done by whoever has the API key, in the owner's own space, or the secret of a token, in the space
// that it is for. Any other text, that of a token that has expired too, is Unauthenticated, and none is told from another.
func (s *Accounts) ByBearer(ctx context.Context, secret string) (domain.Grant, error) {
	return s.ByBearerIn(ctx, "", secret)
}

// ByBearerIn is ByBearer in a space that is shared, unless that is "". It is ErrSpaceNotFound for an owner who isn't in it, and
// for tokens that are for another space.
func (s *Accounts) ByBearerIn(ctx context.Context, space domain.ID, secret string) (domain.Grant, error) {
	if domain.IsTokenSecret(secret) {
		grant, err := s.byToken(ctx, secret)
		if own := (domain.Actor{User: grant.User()}).PersonalSpace(); err == nil && space != "" && (space != grant.Space() || space == own) {
			return domain.Grant{}, domain.ErrSpaceNotFound
		}
		return grant, err
	}
	member, err := s.byKeyIn(ctx, space, secret)
	if err != nil {
		return domain.Grant{}, err
	}
	return member.Grant(), nil
}

func (s *Accounts) byToken(ctx context.Context, secret string) (domain.Grant, error) {
	now := s.clock.Now()
	token, member, err := s.tokens.Admit(ctx, domain.HashToken(secret))
	if errors.Is(err, domain.NotFound) || (err == nil && token.Expired(now)) {
		return domain.Grant{}, errWrongKey
	}
	if err != nil {
		return domain.Grant{}, err
	}
	if token.Touched(now) {
		s.uses.add(token.Hash, now)
	}
	return token.Grant(member), nil
}

// StoreTokenUses stores when tokens were last used, as far as it hasn't been. It is for the background, once in a TokenTouch.
func (s *Accounts) StoreTokenUses(ctx context.Context) error {
	used := s.uses.take()
	if len(used) == 0 {
		return nil
	}
	return s.tokens.Touch(ctx, used)
}

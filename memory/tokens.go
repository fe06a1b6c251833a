package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"octavo/domain"
)

// AccessTokens implements domain.Repos.
func (r repos) AccessTokens() domain.AccessTokens { return accessTokens(r) }

type accessTokens struct{ runner }

func (r accessTokens) Add(ctx context.Context, token domain.AccessToken) error {
	return r.write(ctx, func(t *tables) error {
		if _, taken := t.tokens[token.Hash]; taken {
			return domain.ErrExists
		}
		t.tokens[token.Hash] = token
		return nil
	})
}

func (r accessTokens) Admit(ctx context.Context, hash domain.TokenHash) (token domain.AccessToken, m domain.Membership, err error) {
	err = r.read(ctx, func(t *tables) error {
		found, there := t.tokens[hash]
		member, err := t.membership(found.Space, found.User)
		if !there || err != nil {
			return domain.ErrTokenNotFound
		}
		token, m = found, member
		return nil
	})
	return token, m, err
}

func (r accessTokens) Touch(ctx context.Context, used map[domain.TokenHash]time.Time) error {
	return r.write(ctx, func(t *tables) error {
		for hash, at := range used {
			if token, there := t.tokens[hash]; there && at.After(token.Used) {
				token.Used = at
				t.tokens[hash] = token
			}
		}
		return nil
	})
}

func (r accessTokens) List(ctx context.Context, user domain.ID) (list []domain.AccessToken, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, token := range t.tokens {
			if token.User == user {
				list = append(list, token)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.AccessToken) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.Hash, b.Hash))
	})
	return list, err
}

func (r accessTokens) Remove(ctx context.Context, user domain.ID, hash domain.TokenHash) error {
	return r.write(ctx, func(t *tables) error {
		if t.tokens[hash].User != user {
			return domain.ErrTokenNotFound
		}
		delete(t.tokens, hash)
		return nil
	})
}

func (r accessTokens) RemoveOf(ctx context.Context, user domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		maps.DeleteFunc(t.tokens, func(_ domain.TokenHash, token domain.AccessToken) bool { return token.User == user })
		return nil
	})
}

func (r accessTokens) RemoveIn(ctx context.Context, user, space domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		maps.DeleteFunc(t.tokens, func(_ domain.TokenHash, token domain.AccessToken) bool {
			return token.User == user && token.Space == space
		})
		return nil
	})
}

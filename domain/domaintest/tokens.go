package domaintest

import (
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// token returns a token of somebody for a space.
func (f *fixture) token(t *testing.T, user, space domain.ID, draft domain.TokenDraft, made time.Time) domain.AccessToken {
	t.Helper()
	draft.Space = space
	token, _, err := domain.NewAccessToken(domain.Actor{User: user}, draft, made)
	must(t, err)
	must(t, f.AccessTokens().Add(f.ctx, token))
	return token
}

func tokenLifecycle(t *testing.T, f *fixture) {
	alice, bob := f.alice.User(), f.bob.User()
	some := domain.TokenDraft{Name: "phone", Scopes: []domain.Scope{domain.ScopeNotesRead}, Tag: "Work/Ä"}
	longest := domain.TokenDraft{
		Name: strings.Repeat("\u0645", domain.MaxTokenName), Scopes: domain.AllScopes(), Days: domain.MaxTokenDays,
	}
	old := f.token(t, alice, f.alice.Space(), longest, f.now)
	young := f.token(t, alice, f.alice.Space(), some, f.now.Add(time.Second))
	bobs := f.token(t, bob, f.bob.Space(), some, f.now)
	wantKind(t, f.AccessTokens().Add(f.ctx, old), domain.Conflict)
	list := func(user domain.ID, want ...domain.AccessToken) {
		t.Helper()
		got, err := f.AccessTokens().List(f.ctx, user)
		must(t, err)
		wantEqual(t, got, want)
	}
	list(alice, young, old)
	list(bob, bobs)
	list(domain.NewID())

	wantKind(t, f.AccessTokens().Remove(f.ctx, alice, bobs.Hash), domain.NotFound)
	must(t, f.AccessTokens().Remove(f.ctx, alice, young.Hash))
	wantKind(t, f.AccessTokens().Remove(f.ctx, alice, young.Hash), domain.NotFound)
	list(alice, old)
	ofSpace := f.token(t, alice, f.share(t, domain.RoleReader), some, f.now.Add(time.Second))
	must(t, f.AccessTokens().RemoveIn(f.ctx, bob, ofSpace.Space))
	list(alice, ofSpace, old)
	for range 2 {
		must(t, f.AccessTokens().RemoveIn(f.ctx, alice, ofSpace.Space))
		list(alice, old)
	}
	must(t, f.AccessTokens().RemoveOf(f.ctx, alice))
	must(t, f.AccessTokens().RemoveOf(f.ctx, alice))
	list(alice)
	list(bob, bobs)
}

func tokenAdmits(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleOwner)
	token := f.token(t, f.bob.User(), space,
		domain.TokenDraft{Name: "phone", Scopes: []domain.Scope{domain.ScopeNotesRead}, Days: 1}, f.now)
	f.token(t, f.alice.User(), space, domain.TokenDraft{Name: "phone", Scopes: []domain.Scope{domain.ScopeFiles}}, f.now)
	for _, role := range []domain.Role{domain.RoleEditor, domain.RoleReader} {
		must(t, f.Spaces().SetMember(f.ctx, space, f.bob.User(), role, f.now))
		got, member, err := f.AccessTokens().Admit(f.ctx, token.Hash)
		must(t, err)
		wantEqual(t, got, token)
		wantEqual(t, member.Read(), domain.NewMembership(space, f.bob.User(), role).Read())
		wantEqual(t, member.Role(), role)
	}
	must(t, f.Searches(f.write(t, space, f.alice.User())).Add(f.ctx, f.search(t, "plans")))
	_, member, err := f.AccessTokens().Admit(f.ctx, token.Hash)
	must(t, err)
	own, err := f.Spaces().Membership(f.ctx, space, f.bob.User())
	must(t, err)
	wantEqual(t, member, own)

	must(t, f.Spaces().RemoveMember(f.ctx, space, f.bob.User()))
	for _, hash := range []domain.TokenHash{token.Hash, domain.HashToken("another"), ""} {
		got, member, err := f.AccessTokens().Admit(f.ctx, hash)
		wantKind(t, err, domain.NotFound)
		wantEqual(t, got, domain.AccessToken{})
		wantEqual(t, member, domain.Membership{})
	}
}

func tokensAreTouched(t *testing.T, f *fixture) {
	draft := domain.TokenDraft{Name: "a", Scopes: domain.AllScopes()}
	a, b := f.token(t, f.alice.User(), f.alice.Space(), draft, f.now), f.token(t, f.bob.User(), f.bob.Space(), draft, f.now)
	touch := func(used map[domain.TokenHash]time.Time, wantA, wantB time.Time) {
		t.Helper()
		must(t, f.AccessTokens().Touch(f.ctx, used))
		for user, want := range map[domain.ID]time.Time{a.User: wantA, b.User: wantB} {
			got, err := f.AccessTokens().List(f.ctx, user)
			must(t, err)
			wantEqual(t, got[0].Used, want)
		}
	}
	later := f.now.Add(time.Minute)
	touch(nil, time.Time{}, time.Time{})
	touch(map[domain.TokenHash]time.Time{a.Hash: f.now, domain.HashToken("gone"): f.now}, f.now, time.Time{})
	touch(map[domain.TokenHash]time.Time{a.Hash: later, b.Hash: f.now}, later, f.now)
	touch(map[domain.TokenHash]time.Time{a.Hash: f.now, b.Hash: later}, later, later)
}

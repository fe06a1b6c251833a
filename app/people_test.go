package app_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// admins is an installation with an owner who invites others.
type admins struct {
	*signIns
	people *app.People
	owner  domain.AdminAccess
}

func newAdmins(t *testing.T) *admins {
	s := &admins{signIns: newSignInsOver(t, &interrupted{Store: memory.New()})}
	s.people = app.New(s.store, nil, s.clock).People(s.accounts)
	s.owner = must(s.people.Access(t.Context(), domain.Actor{User: domain.OwnerID}, ""))(t)
	return s
}

// join has somebody new take an invitation.
func (s *admins) join(name string, admin bool) app.SignedIn {
	s.t.Helper()
	secret := must(s.invite(s.owner, admin))(s.t)
	return must(s.accept(secret, name, secretWords))(s.t)
}

// invite makes an invitation, as an admin who has a right.
func (s *admins) invite(access domain.AdminAccess, admin bool) (secret string, err error) {
	_, secret, err = s.people.Invite(s.t.Context(), access, admin)
	return secret, err
}

// recover makes a link for a user to choose another password.
func (s *admins) recover(access domain.AdminAccess, user domain.ID) (secret string, err error) {
	_, secret, err = s.people.Recover(s.t.Context(), access, user)
	return secret, err
}

func (s *admins) setAdmin(access domain.AdminAccess, user domain.ID, admin bool) error {
	_, err := s.people.SetAdmin(s.t.Context(), access, user, admin)
	return err
}

func (s *admins) setDisabled(access domain.AdminAccess, user domain.ID, disabled bool) error {
	_, err := s.people.SetDisabled(s.t.Context(), access, user, disabled)
	return err
}

func (s *admins) accept(secret, name, password string) (app.SignedIn, error) {
	in, _, err := s.people.Accept(s.t.Context(), secret, app.Acceptance{Name: name, Password: password})
	return in, err
}

func (s *admins) wantSignIn(name, password string, want error) {
	s.t.Helper()
	if _, err := s.try(app.SignIn{Name: name, Password: password}); !errors.Is(err, want) {
		s.t.Errorf("%s: %v, want %v", name, err, want)
	}
}

func (s *admins) wantSession(token string, want error) {
	s.t.Helper()
	if _, err := s.accounts.BySession(s.t.Context(), token); !errors.Is(err, want) {
		s.t.Errorf("%v, want %v", err, want)
	}
}

// open returns how many invitations there are.
func (s *admins) open() int {
	s.t.Helper()
	_, open, err := s.people.List(s.t.Context(), s.owner)
	must(0, err)(s.t)
	return len(open)
}

func TestWhoIsInvitedChoosesANameAndAPasswordAndHasTheirOwnSpace(t *testing.T) {
	s := newAdmins(t)
	secret := must(s.invite(s.owner, false))(t)
	if u := must(s.people.Invited(t.Context(), secret))(t); u.ID != "" {
		t.Errorf("the invitation is for %+v", u)
	}
	for _, c := range []struct{ name, password string }{{"", secretWords}, {"Bo", "short"}, {"ada", secretWords}} {
		if _, err := s.accept(secret, c.name, c.password); !errors.Is(err, domain.Invalid) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if users, _, err := s.people.List(t.Context(), s.owner); err != nil || len(users) != 1 {
		t.Errorf("there are %d users after what couldn't be accepted, %v", len(users), err)
	}
	in := must(s.accept(secret, "Bo", secretWords))(t)
	member := must(s.accounts.BySession(t.Context(), in.Token))(t)
	if member.Read().Space() != in.User || member.Read().User() != in.User || in.User == domain.OwnerID {
		t.Errorf("%+v is let in as %v", in, member.Read())
	}
	s.wantSignIn("bo", secretWords, nil)
	if _, err := s.people.Access(t.Context(), domain.Actor{User: in.User}, ""); !errors.Is(err, domain.Forbidden) {
		t.Errorf("who isn't an admin: %v", err)
	}
	if _, err := s.accept(secret, "Cy", secretWords); !errors.Is(err, domain.NotFound) {
		t.Errorf("once more: %v", err)
	}
	if _, err := s.people.Invited(t.Context(), secret); !errors.Is(err, domain.NotFound) {
		t.Errorf("once more: %v", err)
	}
}

func TestAnInvitationEndsWithTimeAndWhenItIsWithdrawn(t *testing.T) {
	s := newAdmins(t)
	late := must(s.invite(s.owner, false))(t)
	s.clock.now = s.clock.now.Add(domain.InvitationLife)
	withdrawn := must(s.invite(s.owner, false))(t)
	_, open, err := s.people.List(t.Context(), s.owner)
	if err != nil || len(open) != 1 {
		t.Fatalf("%+v, %v", open, err)
	}
	must(0, s.people.Withdraw(t.Context(), s.owner, open[0].ID))(t)
	for _, secret := range []string{late, withdrawn, "", domain.NewToken()} {
		_, err := s.people.Invited(t.Context(), secret)
		if _, acceptErr := s.accept(secret, "Bo", secretWords); !errors.Is(err, domain.ErrNotInvited) || !errors.Is(acceptErr, domain.ErrNotInvited) {
			t.Errorf("%v, %v", err, acceptErr)
		}
	}
}

func TestWhoIsKeptOutIsSoWithTheNextRequestAndComesBackToAllThatTheyHad(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", true)
	boAccess := must(s.people.Access(t.Context(), domain.Actor{User: bo.User}, domain.HashToken(bo.Token)))(t)
	must(s.invite(boAccess, true))(t)
	recovery := must(s.recover(s.owner, bo.User))(t)

	draft := domain.TokenDraft{Name: "phone", Scopes: domain.AllScopes()}
	_, token, err := s.accounts.MakeToken(t.Context(), domain.Actor{User: bo.User}, draft, "")
	must(s.accounts.ByBearer(t.Context(), must(token, err)(t)))(t)

	must(s.people.SetDisabled(t.Context(), s.owner, bo.User, true))(t)
	s.wantSession(bo.Token, domain.Unauthenticated)
	_, err = s.accounts.ByBearer(t.Context(), token)
	wantKind(t, err, domain.Unauthenticated)
	_, _, err = s.accounts.MakeToken(t.Context(), domain.Actor{User: bo.User}, draft, "")
	wantKind(t, err, domain.Unauthenticated)
	s.wantSignIn("bo", secretWords, app.ErrWrongPassword)
	if _, err := s.try(app.SignIn{Name: "Bo", Password: secretWords, Device: bo.Device, Address: netip.MustParseAddr("192.0.2.9")}); !errors.Is(err, app.ErrWrongPassword) {
		t.Errorf("from a device that is known: %v", err)
	}
	if n := s.open(); n != 0 {
		t.Errorf("%d invitations remain", n)
	}
	if _, err := s.accept(recovery, "", "another one of them"); !errors.Is(err, domain.ErrNotInvited) {
		t.Errorf("a recovery made before: %v", err)
	}
	if _, err := s.recover(s.owner, bo.User); !errors.Is(err, domain.Conflict) {
		t.Errorf("a recovery of somebody kept out: %v", err)
	}
	if _, err := s.invite(boAccess, true); !errors.Is(err, domain.Forbidden) {
		t.Errorf("they invite: %v", err)
	}

	must(s.people.SetDisabled(t.Context(), s.owner, bo.User, false))(t)
	s.wantSession(bo.Token, domain.Unauthenticated)
	s.wantSignIn("bo", secretWords, nil)
	if _, err := s.people.Access(t.Context(), domain.Actor{User: bo.User}, domain.HashToken(bo.Token)); err != nil {
		t.Errorf("no longer an admin: %v", err)
	}
}

func TestWhoIsNoLongerAnAdminInvitesNobodyAndNeitherDoTheirInvitations(t *testing.T) {
	s := newAdmins(t)
	bo, cy := s.join("Bo", true), s.join("Cy", false)
	boAccess := must(s.people.Access(t.Context(), domain.Actor{User: bo.User}, domain.HashToken(bo.Token)))(t)
	secret := must(s.invite(boAccess, true))(t)
	must(s.people.SetAdmin(t.Context(), s.owner, bo.User, false))(t)

	if _, err := s.accept(secret, "Di", secretWords); !errors.Is(err, domain.ErrNotInvited) {
		t.Errorf("their invitation: %v", err)
	}
	_, inviting := s.invite(boAccess, false)
	_, recovering := s.recover(boAccess, cy.User)
	for _, err := range []error{
		inviting, recovering, s.setAdmin(boAccess, cy.User, true), s.setDisabled(boAccess, cy.User, true),
	} {
		if !errors.Is(err, domain.Forbidden) {
			t.Errorf("with the right that they had: %v", err)
		}
	}
	s.wantSession(bo.Token, nil)
}

func TestNobodyTakesTheOwnersAccountOrShutsThemselvesOut(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", true)
	boAccess := must(s.people.Access(t.Context(), domain.Actor{User: bo.User}, domain.HashToken(bo.Token)))(t)
	for _, c := range []struct {
		access domain.AdminAccess
		user   domain.ID
	}{{boAccess, domain.OwnerID}, {boAccess, bo.User}, {s.owner, domain.OwnerID}} {
		_, recovering := s.recover(c.access, c.user)
		for _, err := range []error{
			recovering, s.setAdmin(c.access, c.user, false), s.setDisabled(c.access, c.user, true),
		} {
			if !errors.Is(err, domain.Conflict) {
				t.Errorf("%v changes %v: %v", c.access.User(), c.user, err)
			}
		}
	}
	for _, err := range []error{
		s.setAdmin(s.owner, domain.NewID(), true), s.setDisabled(s.owner, domain.NewID(), true),
	} {
		if !errors.Is(err, domain.NotFound) {
			t.Errorf("somebody who isn't there: %v", err)
		}
	}
}

func TestWhoHasForgottenTheirPasswordChoosesAnotherByALink(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", false)
	first := must(s.recover(s.owner, bo.User))(t)
	secret := must(s.recover(s.owner, bo.User))(t)
	if _, err := s.people.Invited(t.Context(), first); !errors.Is(err, domain.ErrNotInvited) {
		t.Errorf("the link before: %v", err)
	}
	if u := must(s.people.Invited(t.Context(), secret))(t); u.ID != bo.User {
		t.Errorf("the link is for %+v", u)
	}
	s.wantSession(bo.Token, nil)
	_, token, err := s.accounts.MakeToken(t.Context(), domain.Actor{User: bo.User}, domain.TokenDraft{Name: "x", Scopes: domain.AllScopes()}, "")
	must(0, err)(t)
	again := must(s.accept(secret, "Somebody else", "battery staple"))(t)
	if again.User != bo.User {
		t.Errorf("%+v", again)
	}
	s.wantSession(bo.Token, domain.Unauthenticated)
	_, err = s.accounts.ByBearer(t.Context(), token)
	wantKind(t, err, domain.Unauthenticated)
	s.wantSession(again.Token, nil)
	s.wantSignIn("Bo", secretWords, app.ErrWrongPassword)
	s.wantSignIn("Bo", "battery staple", nil)
	s.clock.now = s.clock.now.Add(time.Minute)
	if _, err := s.accept(secret, "", "yet another one"); !errors.Is(err, domain.ErrNotInvited) {
		t.Errorf("once more: %v", err)
	}
}

func TestAnotherPasswordEndsTheLinksThatChooseOne(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", false)
	secret := must(s.recover(s.owner, bo.User))(t)
	given := app.NewPassword{Name: "Bo", Password: "battery staple", Current: secretWords}
	must(0, s.accounts.SetPassword(t.Context(), domain.Actor{User: bo.User}, given, ""))(t)
	if _, err := s.people.Invited(t.Context(), secret); !errors.Is(err, domain.ErrNotInvited) {
		t.Errorf("the link still opens: %v", err)
	}
}

func TestALinkKeepsTheNameThatItsUserHasBeenGivenMeanwhile(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", false)
	secret := must(s.recover(s.owner, bo.User))(t)
	s.meanwhile(func(repos domain.Repos) error {
		u, err := repos.Users().Get(t.Context(), bo.User)
		if err != nil {
			return err
		}
		u.Name = "Bob"
		return repos.Users().SetPassword(t.Context(), u)
	})
	must(s.accept(secret, "", "battery staple"))(t)
	s.wantSignIn("bob", "battery staple", nil)
}

func TestWhoIsKeptOutWhileTheyComeInStaysOut(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", false)
	secret := must(s.recover(s.owner, bo.User))(t)
	keptOut := func(repos domain.Repos) error {
		return repos.Users().SetRights(t.Context(), domain.User{ID: bo.User, Disabled: true})
	}
	s.meanwhile(keptOut)
	if _, err := s.accept(secret, "", "battery staple"); !errors.Is(err, domain.ErrNotInvited) {
		t.Errorf("by a link: %v", err)
	}
	must(s.people.SetDisabled(t.Context(), s.owner, bo.User, false))(t)
	s.meanwhile(keptOut)
	s.wantSignIn("Bo", secretWords, app.ErrWrongPassword)
}

// meanwhile has something done just before the next transaction that begins by holding a user.
func (s *admins) meanwhile(do func(domain.Repos) error) {
	s.store.(*interrupted).next = do
}

// interrupted is a store in which somebody else is faster once.
type interrupted struct {
	domain.Store
	next func(domain.Repos) error
}

func (s *interrupted) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(interruptedRepos{repos, s}) })
}

type interruptedRepos struct {
	domain.Repos
	store *interrupted
}

func (r interruptedRepos) Users() domain.Users { return interruptedUsers{r.Repos.Users(), r} }

type interruptedUsers struct {
	domain.Users
	repos interruptedRepos
}

func (u interruptedUsers) Hold(ctx context.Context, id domain.ID) (domain.User, error) {
	if next := u.repos.store.next; next != nil {
		u.repos.store.next = nil
		if err := next(u.repos.Repos); err != nil {
			return domain.User{}, err
		}
	}
	return u.Users.Hold(ctx, id)
}

func TestAnInvitationThatManyTakeAtOnceMakesOneAccount(t *testing.T) {
	s := newAdmins(t)
	secret := must(s.invite(s.owner, false))(t)
	var wg sync.WaitGroup
	var joined atomic.Int32
	for _, name := range []string{"Bo", "Cy", "Di", "Ed"} {
		wg.Go(func() {
			_, err := s.accept(secret, name, secretWords)
			switch {
			case err == nil:
				joined.Add(1)
			case !errors.Is(err, domain.ErrNotInvited):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if users, _, err := s.people.List(t.Context(), s.owner); err != nil || joined.Load() != 1 || len(users) != 2 {
		t.Errorf("%d joined, and there are %d users, %v", joined.Load(), len(users), err)
	}
}

func TestAnInvitationIsNoWayToAskForNames(t *testing.T) {
	s := newAdmins(t)
	secret := must(s.invite(s.owner, false))(t)
	for range domain.TriesOfAccount {
		if _, err := s.accept(secret, "Ada", secretWords); !errors.Is(err, domain.Invalid) {
			t.Fatal(err)
		}
	}
	if _, err := s.accept(secret, "Bo", secretWords); !errors.Is(err, domain.TooMany) {
		t.Errorf("once more: %v", err)
	}
	s.clock.now = s.clock.now.Add(domain.TriesWindow)
	must(s.accept(secret, "Bo", secretWords))(t)
}

func TestASessionEndsThatAnotherReplacesByALink(t *testing.T) {
	s := newAdmins(t)
	before := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	secret := must(s.invite(s.owner, false))(t)
	chosen := app.Acceptance{Name: "Bo", Password: secretWords, Instead: before.Token}
	if _, _, err := s.people.Accept(t.Context(), secret, chosen); err != nil {
		t.Fatal(err)
	}
	s.wantSession(before.Token, domain.Unauthenticated)
}

func TestNothingLastingIsMadeByASessionThatHasEnded(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", true)
	actor, session := domain.Actor{User: bo.User}, domain.HashToken(bo.Token)
	access := must(s.people.Access(t.Context(), actor, session))(t)
	draft := domain.TokenDraft{Name: "phone", Scopes: domain.AllScopes()}
	for _, want := range []error{nil, domain.ErrSignedOut} {
		_, inviting := s.invite(access, true)
		_, _, making := s.accounts.MakeToken(t.Context(), actor, draft, session)
		given := app.NewPassword{Name: "Bo", Password: secretWords, Current: secretWords}
		setting := s.accounts.SetPassword(t.Context(), actor, given, session)
		for what, err := range map[string]error{"an invitation": inviting, "a token": making, "a password": setting} {
			if !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
		}
		must(0, s.accounts.SignOut(t.Context(), bo.Token))(t)
	}
}

func TestAnotherPasswordThatIsHelpedToForgetsPasskeysAndIdentities(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", false)
	add := func() {
		t.Helper()
		p := must(domain.NewPasskey(bo.User, "phone", domain.Credential{ID: []byte("id"), Key: []byte("key")}, s.clock.Now()))(t)
		must(0, s.store.Passkeys().Add(t.Context(), p))(t)
		must(0, s.store.Identities().Add(t.Context(), domain.Vouched{Issuer: "https://id.example", Subject: "1"}.Identity(bo.User, s.clock.Now())))(t)
	}
	wantNone := func() {
		t.Helper()
		passkeys := must(s.store.Passkeys().List(t.Context(), bo.User))(t)
		identities := must(s.store.Identities().List(t.Context(), bo.User))(t)
		if len(passkeys)+len(identities) > 0 {
			t.Errorf("they come in by %v and %v", passkeys, identities)
		}
	}
	add()
	must(s.accept(must(s.recover(s.owner, bo.User))(t), "", "another one"))(t)
	wantNone()
	add()
	must(s.accounts.ResetPassword(t.Context(), domain.Actor{User: bo.User}, "", "one more word"))(t)
	wantNone()
}

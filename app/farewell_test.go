package app_test

import (
	"errors"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
)

// tidyFor lets the clock run for a while, with housekeeping as often as the program does it.
func (s *admins) tidyFor(d time.Duration) {
	s.t.Helper()
	jobs := app.New(s.store, nil, s.clock).Housekeeping()
	for end := s.clock.now.Add(d); s.clock.now.Before(end); s.clock.now = s.clock.now.Add(time.Hour) {
		must(0, jobs.Run(s.t.Context()))(s.t)
	}
}

func (s *admins) leave(in app.SignedIn) (domain.User, error) {
	return s.accounts.Leave(s.t.Context(), domain.Actor{User: in.User}, domain.HashToken(in.Token))
}

func (s *admins) stay(in app.SignedIn) (domain.User, error) {
	return s.accounts.Stay(s.t.Context(), domain.Actor{User: in.User}, domain.HashToken(in.Token))
}

// wantUser checks whether a user is there.
func (s *admins) wantUser(id domain.ID, there bool) {
	s.t.Helper()
	if _, err := s.store.Users().Get(s.t.Context(), id); (err == nil) != there {
		s.t.Errorf("got %v", err)
	}
}

func TestAnAccountGoesAfterTwoWeeksInWhichItsUserMayComeBack(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", true)
	invitation := must(s.invite(must(s.people.Access(t.Context(), domain.Actor{User: bo.User}, ""))(t), false))(t)
	elsewhere := must(s.try(app.SignIn{Name: "Bo", Password: secretWords}))(t)
	u := must(s.leave(bo))(t)
	if u.Goes != s.clock.now.Add(domain.FarewellLife) {
		t.Errorf("goes at %v", u.Goes)
	}
	s.wantSession(bo.Token, nil)
	s.wantSession(elsewhere.Token, domain.ErrSignedOut)
	if _, err := s.accept(invitation, "Eve", secretWords); !errors.Is(err, domain.ErrNotInvited) {
		t.Errorf("somebody whose account goes invites others: %v", err)
	}
	s.tidyFor(domain.FarewellLife - 2*time.Hour)
	bo = must(s.try(app.SignIn{Name: "Bo", Password: secretWords}))(t)
	if u := must(s.stay(bo))(t); !u.Goes.IsZero() {
		t.Errorf("goes at %v", u.Goes)
	}
	s.tidyFor(72 * time.Hour)
	s.wantUser(bo.User, true)

	must(s.leave(bo))(t)
	s.tidyFor(domain.FarewellLife + 48*time.Hour)
	s.wantUser(bo.User, false)
	s.wantSession(bo.Token, domain.ErrSignedOut)
	s.wantSignIn("Bo", secretWords, app.ErrWrongPassword)
	events := must(s.store.Audit().List(t.Context(), "", 1))(t)
	if len(events) != 1 || events[0].Action != domain.AuditAccountGone || events[0].To != bo.User || events[0].Detail != "name=Bo" {
		t.Errorf("the audit log says %+v", events)
	}
}

func TestTheOwnersAccountDoesntGo(t *testing.T) {
	s := newAdmins(t)
	ada := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	_, err := s.leave(ada)
	wantKind(t, err, domain.Conflict)
	_, err = s.people.Remove(t.Context(), s.owner, domain.OwnerID)
	wantKind(t, err, domain.Conflict)
}

func TestWhomAnAdminRemovesIsKeptOutAtOnceAndComesBackWhenLetInInTime(t *testing.T) {
	s := newAdmins(t)
	bo := s.join("Bo", false)
	for i, want := range []bool{true, false} {
		if got := must(s.people.Remove(t.Context(), s.owner, bo.User))(t); got != want {
			t.Errorf("%d: changed is %v", i, got)
		}
	}
	s.wantSession(bo.Token, domain.ErrSignedOut)
	s.wantSignIn("Bo", secretWords, app.ErrWrongPassword)
	s.tidyFor(domain.FarewellLife - 2*time.Hour)
	must(0, s.setDisabled(s.owner, bo.User, false))(t)
	s.wantSignIn("Bo", secretWords, nil)
	s.tidyFor(72 * time.Hour)
	s.wantUser(bo.User, true)

	must(s.people.Remove(t.Context(), s.owner, bo.User))(t)
	s.clock.now = s.clock.now.Add(domain.FarewellLife)
	wantKind(t, s.setDisabled(s.owner, bo.User, false), domain.Conflict)
	s.tidyFor(72 * time.Hour)
	s.wantUser(bo.User, false)
}

func TestASpaceOfSomebodyWhoHasGoneIsHandedOverOrGoesToo(t *testing.T) {
	s := newSharers(t)
	s.add(s.bo, "di", domain.RoleReader)
	bo := domain.Actor{User: s.bo.User}
	alone := must(s.memberships.Create(t.Context(), bo, "", "Alone"))(t)
	want := []app.Inheritance{
		{Space: s.space, Heir: domain.Member{User: s.cy.User, Name: "Cy", Role: domain.RoleEditor, Since: s.clock.now}}, {Space: alone},
	}
	got := must(s.memberships.Inheritances(t.Context(), bo))(t)
	if len(got) != 2 || got[0] != want[0] && got[1] != want[0] || got[0] != want[1] && got[1] != want[1] {
		t.Errorf("got %+v", got)
	}
	must(s.leave(s.bo))(t)
	s.tidyFor(domain.FarewellLife + 48*time.Hour)
	s.wantUser(s.bo.User, false)
	shared := must(s.memberships.Spaces(t.Context(), domain.Actor{User: s.cy.User}))(t)
	if len(shared) != 1 || shared[0].Role != domain.RoleOwner {
		t.Errorf("Cy has %+v", shared)
	}
	s.tidyFor(domain.FarewellLife)
	if _, err := s.store.Spaces().Hold(t.Context(), alone.ID); !errors.Is(err, domain.NotFound) {
		t.Errorf("what nobody is in any more is there: %v", err)
	}
}

func TestASpaceIsClosedForTwoWeeksAndThenGone(t *testing.T) {
	s := newSharers(t)
	bo := domain.Actor{User: s.bo.User}
	open := func(in app.SignedIn) error {
		return s.memberships.Open(t.Context(), domain.Actor{User: in.User}, domain.HashToken(in.Token), s.space.ID)
	}
	wantKind(t, open(s.bo), domain.NotFound) // it isn't closed
	must(0, s.memberships.Close(t.Context(), must(s.access(s.bo))(t)))(t)
	s.wantIn(s.bo, "")
	s.wantIn(s.cy, "")
	closed := must(s.memberships.Closed(t.Context(), bo))(t)
	if len(closed) != 1 || closed[0].Goes != s.clock.now.Add(domain.FarewellLife) {
		t.Errorf("closed are %+v", closed)
	}
	for _, in := range []app.SignedIn{s.cy, s.di} {
		wantKind(t, open(in), domain.NotFound)
	}
	must(0, open(s.bo))(t)
	s.wantIn(s.bo, domain.RoleOwner)
	s.wantIn(s.cy, domain.RoleEditor)

	must(0, s.memberships.Close(t.Context(), must(s.access(s.bo))(t)))(t)
	s.tidyFor(domain.FarewellLife)
	wantKind(t, open(s.bo), domain.NotFound) // its time is over
	s.tidyFor(48 * time.Hour)
	if _, err := s.store.Spaces().Hold(t.Context(), s.space.ID); !errors.Is(err, domain.NotFound) {
		t.Errorf("it is there: %v", err)
	}
}

func TestWhoIsInvitedIntoASpaceThatGoesJoinsWithoutIt(t *testing.T) {
	s := newSharers(t)
	ada := domain.Actor{User: domain.OwnerID}
	goes, stays := must(s.memberships.Create(t.Context(), ada, "", "Goes"))(t), must(s.memberships.Create(t.Context(), ada, "", "Stays"))(t)
	_, secret, err := s.people.Invite(t.Context(), s.owner, false,
		domain.Join{Space: goes.ID, Role: domain.RoleReader}, domain.Join{Space: stays.ID, Role: domain.RoleReader})
	must(0, err)(t)
	goes.Close(s.clock.Now())
	must(0, s.store.Spaces().SetGoes(t.Context(), goes))(t)
	in := must(s.accept(secret, "Eve", secretWords))(t)
	shared := must(s.memberships.Spaces(t.Context(), domain.Actor{User: in.User}))(t)
	if len(shared) != 1 || shared[0].ID != stays.ID {
		t.Errorf("they are in %+v", shared)
	}
}

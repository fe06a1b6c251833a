package app_test

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"

	"octavo/app"
	"octavo/domain"
)

// sharers is an installation with a space of Bo's, in which others are.
type sharers struct {
	*admins
	memberships *app.Memberships
	space       domain.Space
	bo, cy, di  app.SignedIn // of whom Bo owns it, and Cy is an editor
}

func newSharers(t *testing.T) *sharers {
	s := &sharers{admins: newAdmins(t)}
	s.memberships = app.New(s.store, nil, s.clock).Memberships(s.accounts)
	s.bo, s.cy, s.di = s.join("Bo", false), s.join("Cy", false), s.join("Di", false)
	s.space = must(s.memberships.Create(t.Context(), domain.Actor{User: s.bo.User}, domain.HashToken(s.bo.Token), "The family"))(t)
	s.add(s.bo, "cy", domain.RoleEditor)
	return s
}

// access returns the right of an owner of the space, who has come by their session.
func (s *sharers) access(in app.SignedIn) (domain.SpaceAccess, error) {
	s.t.Helper()
	member, err := s.accounts.BySessionIn(s.t.Context(), s.space.ID, in.Token, netip.Addr{})
	if err != nil {
		return domain.SpaceAccess{}, err
	}
	return member.Grant().Administer(domain.HashToken(in.Token))
}

func (s *sharers) add(by app.SignedIn, name string, role domain.Role) {
	s.t.Helper()
	must(s.memberships.Add(s.t.Context(), must(s.access(by))(s.t), name, role))(s.t)
}

// wantIn checks what somebody is in the space, "" for nothing.
func (s *sharers) wantIn(in app.SignedIn, want domain.Role) {
	s.t.Helper()
	member, err := s.accounts.BySessionIn(s.t.Context(), s.space.ID, in.Token, netip.Addr{})
	if member.Role() != want || (want == "") != errors.Is(err, domain.ErrSpaceNotFound) {
		s.t.Errorf("somebody is %q, %v, want %q", member.Role(), err, want)
	}
}

func TestWhoMakesASpaceOwnsItAndSharesItWithOthers(t *testing.T) {
	s := newSharers(t)
	s.wantIn(s.bo, domain.RoleOwner)
	s.wantIn(s.cy, domain.RoleEditor)
	s.wantIn(s.di, "")
	actor := domain.Actor{User: s.cy.User}
	shared := must(s.memberships.Spaces(t.Context(), actor))(t)
	if len(shared) != 1 || shared[0].Space != s.space || shared[0].Role != domain.RoleEditor {
		t.Errorf("Cy shares %+v", shared)
	}
	member := must(s.accounts.BySessionIn(t.Context(), s.space.ID, s.cy.Token, netip.Addr{}))(t)
	all := must(s.memberships.Members(t.Context(), member.Read()))(t)
	if len(all) != 2 || all[0].Name != "Bo" || all[1].Name != "Cy" || all[1].Since != s.clock.Now() {
		t.Errorf("there are %+v", all)
	}
	must(0, s.memberships.Rename(t.Context(), must(s.access(s.bo))(t), "Home"))(t)
	if err := s.memberships.Rename(t.Context(), must(s.access(s.bo))(t), " "); !errors.Is(err, domain.Invalid) {
		t.Errorf("a space without a name: %v", err)
	}
	if shared = must(s.memberships.Spaces(t.Context(), actor))(t); shared[0].Name != "Home" {
		t.Errorf("it is called %q", shared[0].Name)
	}
	if _, err := s.memberships.Create(t.Context(), actor, domain.HashToken(s.cy.Token), ""); !errors.Is(err, domain.Invalid) {
		t.Errorf("a new space without a name: %v", err)
	}
}

func TestOnlyOwnersSayWhoSharesASpace(t *testing.T) {
	s := newSharers(t)
	for _, role := range []domain.Role{domain.RoleEditor, domain.RoleContributor, domain.RoleReader} {
		must(0, s.memberships.SetRole(t.Context(), must(s.access(s.bo))(t), s.cy.User, role))(t)
		if _, err := s.access(s.cy); !errors.Is(err, domain.Forbidden) {
			t.Errorf("as %s: %v", role, err)
		}
	}
	if _, err := s.access(s.di); !errors.Is(err, domain.ErrSpaceNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	own := must(s.accounts.BySession(t.Context(), s.bo.Token))(t)
	if _, err := own.Administer(""); !errors.Is(err, domain.ErrSpaceNotFound) {
		t.Errorf("their own space: %v", err)
	}
	if _, err := s.accounts.BySessionIn(t.Context(), s.bo.User, s.bo.Token, netip.Addr{}); !errors.Is(err, domain.ErrSpaceNotFound) {
		t.Errorf("their own space as one that is shared: %v", err)
	}
}

func TestARightToSayWhoSharesASpaceEndsAtOnce(t *testing.T) {
	for name, end := range map[string]func(s *sharers, cy domain.SpaceAccess) error{
		"removed": func(s *sharers, _ domain.SpaceAccess) error {
			return s.memberships.Remove(s.t.Context(), must(s.access(s.bo))(s.t), s.cy.User)
		},
		"no owner": func(s *sharers, _ domain.SpaceAccess) error {
			return s.memberships.SetRole(s.t.Context(), must(s.access(s.bo))(s.t), s.cy.User, domain.RoleEditor)
		},
		"signed out": func(s *sharers, _ domain.SpaceAccess) error { return s.accounts.SignOut(s.t.Context(), s.cy.Token) },
		"kept out":   func(s *sharers, _ domain.SpaceAccess) error { return s.setDisabled(s.owner, s.cy.User, true) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSharers(t)
			must(0, s.memberships.SetRole(t.Context(), must(s.access(s.bo))(t), s.cy.User, domain.RoleOwner))(t)
			cy := must(s.access(s.cy))(t)
			must(0, end(s, cy))(t)
			_, added := s.memberships.Add(t.Context(), cy, "di", domain.RoleReader)
			for what, err := range map[string]error{
				"renames": s.memberships.Rename(t.Context(), cy, "Mine"), "adds": added,
				"sets": s.memberships.SetRole(t.Context(), cy, s.bo.User, domain.RoleReader), "removes": s.memberships.Remove(t.Context(), cy, s.bo.User),
			} {
				if err == nil {
					t.Errorf("who is %s %s somebody", name, what)
				}
			}
			s.wantIn(s.bo, domain.RoleOwner)
			s.wantIn(s.di, "")
		})
	}
}

func TestNothingIsSharedBySessionsThatHaveEnded(t *testing.T) {
	s := newSharers(t)
	member := must(s.accounts.BySessionIn(t.Context(), s.space.ID, s.cy.Token, netip.Addr{}))(t)
	must(0, s.accounts.SignOut(t.Context(), s.cy.Token))(t)
	_, err := s.memberships.Create(t.Context(), domain.Actor{User: s.cy.User}, domain.HashToken(s.cy.Token), "Mine")
	if !errors.Is(err, domain.Unauthenticated) {
		t.Errorf("a space is made: %v", err)
	}
	if err := s.memberships.Leave(t.Context(), member.Read(), domain.HashToken(s.cy.Token)); !errors.Is(err, domain.Unauthenticated) {
		t.Errorf("a space is left: %v", err)
	}
}

func TestMembersLeaveAndComeBackAndTheirNotesStay(t *testing.T) {
	s := newSharers(t)
	member := must(s.accounts.BySessionIn(t.Context(), s.space.ID, s.cy.Token, netip.Addr{}))(t)
	must(0, s.memberships.Leave(t.Context(), member.Read(), domain.HashToken(s.cy.Token)))(t)
	s.wantIn(s.cy, "")
	must(0, s.memberships.Leave(t.Context(), member.Read(), domain.HashToken(s.cy.Token)))(t)
	if err := s.memberships.Remove(t.Context(), must(s.access(s.bo))(t), s.cy.User); !errors.Is(err, domain.NotFound) {
		t.Errorf("who has left is removed: %v", err)
	}
	if err := s.memberships.SetRole(t.Context(), must(s.access(s.bo))(t), s.cy.User, domain.RoleReader); !errors.Is(err, domain.NotFound) {
		t.Errorf("who has left gets a role: %v", err)
	}
	s.wantIn(s.cy, "")
	s.add(s.bo, "Cy", domain.RoleReader)
	s.wantIn(s.cy, domain.RoleReader)
}

func TestASpaceIsHandedOverAndNeverWithoutAnOwner(t *testing.T) {
	s := newSharers(t)
	bo, owned := must(s.access(s.bo))(t), must(s.accounts.BySessionIn(t.Context(), s.space.ID, s.bo.Token, netip.Addr{}))(t)
	for _, err := range []error{
		s.memberships.Leave(t.Context(), owned.Read(), bo.Session()), s.memberships.Remove(t.Context(), bo, s.bo.User),
		s.memberships.SetRole(t.Context(), bo, s.bo.User, domain.RoleReader),
	} {
		if !errors.Is(err, domain.ErrOwnerNeeded) {
			t.Errorf("the only owner: %v", err)
		}
	}
	must(0, s.memberships.SetRole(t.Context(), bo, s.cy.User, domain.RoleOwner))(t)
	must(0, s.memberships.Leave(t.Context(), owned.Read(), bo.Session()))(t)
	s.wantIn(s.bo, "")
	s.wantIn(s.cy, domain.RoleOwner)
}

func TestOfTwoOwnersWhoRemoveEachOtherOneStays(t *testing.T) {
	for range 20 {
		s := newSharers(t)
		must(0, s.memberships.SetRole(t.Context(), must(s.access(s.bo))(t), s.cy.User, domain.RoleOwner))(t)
		rights := map[domain.ID]domain.SpaceAccess{s.cy.User: must(s.access(s.bo))(t), s.bo.User: must(s.access(s.cy))(t)}
		var wg sync.WaitGroup
		var removed atomic.Int64
		for whom, by := range rights {
			wg.Go(func() {
				if s.memberships.Remove(t.Context(), by, whom) == nil {
					removed.Add(1)
				}
			})
		}
		wg.Wait()
		if removed.Load() != 1 {
			t.Fatalf("%d of two owners have been removed", removed.Load())
		}
	}
}

func TestWhoGuessesNamesSoonHasToWait(t *testing.T) {
	s := newSharers(t)
	bo := must(s.access(s.bo))(t)
	for i := range domain.TriesOfAccount + 3 { // those who are found don't count
		if i%4 == 0 {
			if _, err := s.memberships.Add(t.Context(), bo, "cy", domain.RoleReader); !errors.Is(err, domain.ErrMemberAlready) {
				t.Errorf("who is a member: %v", err)
			}
			continue
		}
		if _, err := s.memberships.Add(t.Context(), bo, fmt.Sprintf("nobody %d", i), domain.RoleReader); !errors.Is(err, domain.Invalid) {
			t.Errorf("nobody %d: %v", i, err)
		}
	}
	for range 3 {
		_, _ = s.memberships.Add(t.Context(), bo, "nobody", domain.RoleReader) // may be the last that may
	}
	if _, err := s.memberships.Add(t.Context(), bo, "di", domain.RoleReader); !errors.Is(err, domain.TooMany) {
		t.Errorf("after too many: %v", err)
	}
	s.wantIn(s.di, "")
	s.clock.now = s.clock.now.Add(domain.TriesWindow)
	s.add(s.bo, "di", domain.RoleReader)
}

func TestWhoIsKeptOutIsNobodyToShareWith(t *testing.T) {
	s := newSharers(t)
	must(0, s.setDisabled(s.owner, s.di.User, true))(t)
	_, kept := s.memberships.Add(t.Context(), must(s.access(s.bo))(t), "di", domain.RoleReader)
	_, never := s.memberships.Add(t.Context(), must(s.access(s.bo))(t), "nobody", domain.RoleReader)
	if !errors.Is(kept, domain.Invalid) || kept.Error() != never.Error() {
		t.Errorf("got %v, want %v", kept, never)
	}
}

func TestNobodyIsPutIntoMoreSpacesThanTheirPagesCanName(t *testing.T) {
	s := newSharers(t)
	for range domain.MaxSpaces - 1 {
		space := must(domain.NewSpace("Another", s.clock.Now()))(t)
		must(0, s.store.Spaces().Add(t.Context(), space, s.di.User))(t)
	}
	s.add(s.bo, "di", domain.RoleReader)
	_, err := s.memberships.Create(t.Context(), domain.Actor{User: s.di.User}, domain.HashToken(s.di.Token), "Another")
	if !errors.Is(err, domain.Conflict) {
		t.Errorf("they make another: %v", err)
	}
	must(0, s.memberships.Remove(t.Context(), must(s.access(s.bo))(t), s.di.User))(t)
	must(s.memberships.Create(t.Context(), domain.Actor{User: s.di.User}, domain.HashToken(s.di.Token), "Another"))(t)
	if _, err := s.memberships.Add(t.Context(), must(s.access(s.bo))(t), "di", domain.RoleReader); !errors.Is(err, domain.Conflict) {
		t.Errorf("they are put into another: %v", err)
	}
}

func TestATokenForOnesOwnSpaceOpensNoSharedOne(t *testing.T) {
	s := newSharers(t)
	draft := domain.TokenDraft{Name: "phone", Scopes: domain.AllScopes()}
	_, secret, err := s.accounts.MakeToken(t.Context(), domain.Actor{User: s.bo.User}, draft, domain.HashToken(s.bo.Token))
	must(0, err)(t)
	must(s.accounts.ByBearerIn(t.Context(), "", secret))(t)
	for _, space := range []domain.ID{s.space.ID, s.bo.User, domain.NewID()} {
		if _, err := s.accounts.ByBearerIn(t.Context(), space, secret); !errors.Is(err, domain.ErrSpaceNotFound) {
			t.Errorf("%s: %v", space, err)
		}
	}
	if _, err := s.accounts.ByBearerIn(t.Context(), s.space.ID, "octp_wrong"); !errors.Is(err, domain.Unauthenticated) {
		t.Errorf("a wrong one: %v", err)
	}
	if _, err := s.accounts.ByBearerIn(t.Context(), s.space.ID, keys.Key); !errors.Is(err, domain.ErrSpaceNotFound) {
		t.Errorf("the key of who isn't in it: %v", err)
	}
	must(0, s.store.Spaces().SetMember(t.Context(), s.space.ID, domain.OwnerID, domain.RoleReader, s.clock.Now()))(t)
	grant := must(s.accounts.ByBearerIn(t.Context(), s.space.ID, keys.Key))(t)
	if grant.Space() != s.space.ID || grant.Role() != domain.RoleReader {
		t.Errorf("the key opens %s as %s", grant.Space(), grant.Role())
	}
}

func TestAnEndedSessionTellsNothingOfSpaces(t *testing.T) {
	s := newSharers(t)
	s.clock.now = s.clock.now.Add(domain.SessionIdle)
	for _, space := range []domain.ID{s.space.ID, domain.NewID(), s.bo.User} {
		if _, err := s.accounts.BySessionIn(t.Context(), space, s.bo.Token, netip.Addr{}); !errors.Is(err, domain.ErrSignedOut) {
			t.Errorf("%v", err)
		}
	}
	if _, err := s.accounts.BySessionIn(t.Context(), s.space.ID, "none", netip.Addr{}); !errors.Is(err, domain.ErrSignedOut) {
		t.Errorf("%v", err)
	}
}

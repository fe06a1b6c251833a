package domaintest

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octavo/domain"
)

func userRoundTrip(t *testing.T, f *fixture) {
	u := domain.NewOwner(f.now)
	must(t, f.Users().Add(f.ctx, u))
	got, err := f.Users().Get(f.ctx, u.ID)
	must(t, err)
	wantEqual(t, got, u)
	_, err = f.Users().Get(f.ctx, domain.NewID())
	wantKind(t, err, domain.NotFound)
}

func userIDIsUnique(t *testing.T, f *fixture) {
	u := domain.NewOwner(f.now)
	must(t, f.Users().Add(f.ctx, u))
	wantKind(t, f.Users().Add(f.ctx, u), domain.Conflict)
}

func usersByLogin(t *testing.T, f *fixture) {
	any, err := f.Users().AnyPassword(f.ctx)
	must(t, err)
	wantEqual(t, any, false)
	owner, other := domain.NewOwner(f.now), domain.User{ID: domain.NewID(), Name: "Owner", Created: f.now}
	must(t, f.Users().Add(f.ctx, owner))
	must(t, f.Users().Add(f.ctx, other))
	_, err = f.Users().ByLogin(f.ctx, owner.Login())
	wantKind(t, err, domain.NotFound) // without a password

	owner.Name, owner.Password = "Ada Löwe", "$argon2id$..."
	must(t, f.Users().SetPassword(f.ctx, owner))
	for range 2 {
		got, err := f.Users().ByLogin(f.ctx, domain.LoginOf(" ada  LÖWE"))
		must(t, err)
		wantEqual(t, got, owner)
		got, err = f.Users().Get(f.ctx, owner.ID)
		must(t, err)
		wantEqual(t, got, owner)
		must(t, f.Atomically(f.ctx, func(r domain.Repos) error {
			got, err = r.Users().Hold(f.ctx, owner.ID)
			return err
		}))
		wantEqual(t, got, owner)
		owner.Password = "$argon2id$another"
		must(t, f.Users().SetPassword(f.ctx, owner)) // their own name isn't taken
	}
	any, err = f.Users().AnyPassword(f.ctx)
	must(t, err)
	wantEqual(t, any, true)

	other.Name, other.Password = "ADA LÖWE", "$argon2id$..."
	wantEqual(t, f.Users().SetPassword(f.ctx, other), domain.ErrNameTaken)
	got, err := f.Users().Get(f.ctx, other.ID)
	must(t, err)
	wantEqual(t, got.Password, "")
	stranger := domain.User{ID: domain.NewID(), Name: "Bo", Password: "$argon2id$..."}
	wantKind(t, f.Users().SetPassword(f.ctx, stranger), domain.NotFound)
	_, err = f.Users().Hold(f.ctx, stranger.ID)
	wantKind(t, err, domain.NotFound)
	for _, login := range []string{"", "owner", "bo", "ada lowe"} {
		_, err = f.Users().ByLogin(f.ctx, login)
		wantKind(t, err, domain.NotFound)
	}
}

func usersHaveRights(t *testing.T, f *fixture) {
	owner := domain.NewOwner(f.now)
	must(t, f.Users().Add(f.ctx, owner))
	admin, member := domain.NewUser(true, f.now.Add(time.Hour)), domain.NewUser(false, f.now.Add(time.Minute))
	for i, u := range []*domain.User{&admin, &member} {
		u.Name, u.Password = []string{"Ada", "Bo"}[i], "$argon2id$..."
		must(t, f.Users().Add(f.ctx, *u))
		got, err := f.Users().Get(f.ctx, u.ID)
		must(t, err)
		want := *u
		want.Password = "" // which is stored by SetPassword
		wantEqual(t, got, want)
		must(t, f.Users().SetPassword(f.ctx, *u))
		member, err := f.Spaces().Membership(f.ctx, u.ID, u.ID)
		must(t, err)
		wantEqual(t, member.Read().Space(), u.ID)
	}
	ours := func() (list []domain.User) {
		t.Helper()
		all, err := f.Users().List(f.ctx)
		must(t, err)
		for _, u := range all {
			if u.ID == owner.ID || u.ID == admin.ID || u.ID == member.ID {
				list = append(list, u)
			}
		}
		return list
	}
	wantEqual(t, ours(), []domain.User{owner, member, admin})

	admin.Admin, admin.Goes, member.Disabled = false, f.now.Add(time.Hour), true
	for _, u := range []domain.User{admin, member} {
		must(t, f.Users().SetRights(f.ctx, u))
	}
	wantEqual(t, ours(), []domain.User{owner, member, admin})
	must(t, f.Users().SetPassword(f.ctx, member)) // which changes no rights
	got, err := f.Users().ByLogin(f.ctx, member.Login())
	must(t, err)
	wantEqual(t, got, member)
	wantKind(t, f.Users().SetRights(f.ctx, domain.NewUser(true, f.now)), domain.NotFound)
	admin.Goes = time.Time{}
	must(t, f.Users().SetRights(f.ctx, admin))
	wantEqual(t, ours(), []domain.User{owner, member, admin})

	member.LinksSince = f.now.Add(time.Hour + time.Microsecond)
	must(t, f.Users().EndTickets(f.ctx, member.ID, member.LinksSince))
	must(t, f.Users().EndTickets(f.ctx, domain.NewID(), member.LinksSince))
	wantEqual(t, ours(), []domain.User{owner, member, admin})
	must(t, f.Users().SetRights(f.ctx, member))
	must(t, f.Users().SetPassword(f.ctx, member))
	got, err = f.Users().Get(f.ctx, member.ID)
	must(t, err)
	wantEqual(t, got, member)
}

func invitationsAreTakenOnce(t *testing.T, f *fixture) {
	alice, bob := domain.User{ID: f.alice.User(), Admin: true}, domain.User{ID: f.bob.User()}
	admin, err := alice.Administer("")
	must(t, err)
	first, secret := admin.Invite(true, f.now, domain.Join{Space: domain.NewID(), Role: domain.RoleReader}, domain.Join{Space: domain.NewID(), Role: domain.RoleOwner})
	second, _ := admin.Invite(false, f.now.Add(time.Second))
	recovery, _, err := admin.Recover(bob, f.now.Add(time.Minute))
	must(t, err)
	for _, i := range []domain.Invitation{first, second, recovery} {
		must(t, f.Invitations().Add(f.ctx, i))
	}
	list := func() []domain.Invitation {
		t.Helper()
		list, err := f.Invitations().List(f.ctx)
		must(t, err)
		return list
	}
	wantEqual(t, list(), []domain.Invitation{recovery, second, first})
	got, err := f.Invitations().BySecret(f.ctx, domain.HashToken(secret))
	must(t, err)
	wantEqual(t, got, first)
	again := second
	again.ID = domain.NewID()
	wantKind(t, f.Invitations().Add(f.ctx, again), domain.Conflict) // its secret is another one's
	stranger := again
	stranger.Secret, stranger.User = domain.HashToken("another"), domain.NewID()
	wantKind(t, f.Invitations().Add(f.ctx, stranger), domain.NotFound)

	must(t, f.Invitations().Take(f.ctx, first.ID))
	wantEqual(t, f.Invitations().Take(f.ctx, first.ID), domain.ErrNotInvited)
	_, err = f.Invitations().BySecret(f.ctx, first.Secret)
	wantEqual(t, err, domain.ErrNotInvited)

	n, err := f.Housekeeping().RemoveEnded(f.ctx, recovery.Expires.Add(-time.Microsecond))
	must(t, err)
	wantEqual(t, n, 0)
	n, err = f.Housekeeping().RemoveEnded(f.ctx, recovery.Expires)
	must(t, err)
	wantEqual(t, n, 1)
	wantEqual(t, list(), []domain.Invitation{second})

	must(t, f.Invitations().Add(f.ctx, recovery))
	must(t, f.Invitations().RemoveFrom(f.ctx, bob.ID))
	must(t, f.Invitations().RemoveFor(f.ctx, alice.ID))
	wantEqual(t, list(), []domain.Invitation{recovery, second})
	must(t, f.Invitations().RemoveFor(f.ctx, bob.ID))
	wantEqual(t, list(), []domain.Invitation{second})
	must(t, f.Invitations().RemoveFrom(f.ctx, alice.ID))
	wantEqual(t, len(list()), 0)
}

func auditKept(t *testing.T, f *fixture) {
	var events []domain.AuditEvent // the newest first
	for i, e := range []domain.AuditEvent{
		{Action: domain.AuditSignedIn, User: f.alice.User(), Address: "2001:db8::1"},
		{Action: domain.AuditPasswordRefused, Address: "192.0.2.1"},
		{Action: domain.AuditDisabled, User: f.alice.User(), To: domain.NewID(), Detail: "disabled=true (ä)"}, // who is gone
		{Action: domain.AuditSpaceMade, User: f.alice.User(), Space: domain.NewID()},
	} {
		e = domain.NewAuditEvent(e, f.now.Add(time.Duration(i)*time.Second))
		must(t, f.Audit().Add(f.ctx, e))
		events = append([]domain.AuditEvent{e}, events...)
	}
	wantKind(t, f.Audit().Add(f.ctx, events[0]), domain.Conflict)
	list := func(after domain.ID, limit int) []domain.AuditEvent {
		t.Helper()
		list, err := f.Audit().List(f.ctx, after, limit)
		must(t, err)
		return list
	}
	wantEqual(t, list("", 10), events)
	wantEqual(t, list("", 2), events[:2])
	wantEqual(t, list(events[1].ID, 2), events[2:])
	wantEqual(t, len(list(events[3].ID, 2)), 0)
	for _, e := range events {
		if e.Space == "" {
			continue
		}
		got, err := f.Audit().ListIn(f.ctx, e.Space, "", 10)
		must(t, err)
		wantEqual(t, got, []domain.AuditEvent{e})
		got, err = f.Audit().ListIn(f.ctx, e.Space, e.ID, 10)
		must(t, err)
		wantEqual(t, len(got), 0)
	}

	n, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(domain.AuditLife))
	must(t, err)
	wantEqual(t, n, 1)
	wantEqual(t, list("", 10), events[:3])
}

func triesCounted(t *testing.T, f *fixture) {
	key, other := domain.HashToken("a"), domain.HashToken("b")
	try := func(key domain.TokenHash, after, want time.Duration) {
		t.Helper()
		wait, err := f.Attempts().Try(f.ctx, key, 2, f.now.Add(after))
		must(t, err)
		wantEqual(t, wait, want)
	}
	try(key, 0, 0)
	must(t, f.Attempts().TakeBack(f.ctx, key))
	must(t, f.Attempts().TakeBack(f.ctx, key)) // there is none left
	must(t, f.Attempts().TakeBack(f.ctx, other))
	try(key, time.Minute, 0)
	try(key, time.Minute, 0)
	try(key, 2*time.Minute, domain.TriesWindow-2*time.Minute)
	try(other, time.Minute, 0)
	must(t, f.Attempts().TakeBack(f.ctx, key))
	try(key, 3*time.Minute, 0)
	try(key, domain.TriesWindow, 0)

	_, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(2*domain.TriesWindow-time.Second))
	must(t, err)
	try(key, domain.TriesWindow+time.Minute, 0)
	try(key, domain.TriesWindow+time.Minute, domain.TriesWindow-time.Minute)
	n, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(2*domain.TriesWindow))
	must(t, err)
	wantEqual(t, n, 1)
}

func triesAtOnce(t *testing.T, f *fixture) {
	var wg sync.WaitGroup
	var taken atomic.Int32
	for range 12 {
		wg.Go(func() {
			wait, err := f.Attempts().Try(f.ctx, domain.HashToken("a"), 5, f.now)
			if err != nil {
				t.Error(err)
			} else if wait == 0 {
				taken.Add(1)
			}
		})
	}
	wg.Wait()
	wantEqual(t, taken.Load(), 5)
}

func sessionLifecycle(t *testing.T, f *fixture) {
	s, token := domain.NewSession(f.alice.User(), "Firefox", f.now)
	s.Address = netip.MustParseAddr("192.0.2.7")
	must(t, f.Sessions().Add(f.ctx, s))

	got, err := f.Sessions().Get(f.ctx, domain.HashToken(token))
	must(t, err)
	wantEqual(t, got, s)

	for _, from := range []string{"192.0.2.1", "2001:db8:1111:2222:3333:4444:5555:6666", ""} {
		s.Seen = s.Seen.Add(time.Hour)
		s.Address, _ = netip.ParseAddr(from)
		must(t, f.Sessions().Touch(f.ctx, map[domain.TokenHash]domain.SessionUse{
			s.Token: {Seen: s.Seen, Address: s.Address}, domain.HashToken("none"): {Seen: s.Seen},
		}))
		got, err = f.Sessions().Get(f.ctx, s.Token)
		must(t, err)
		wantEqual(t, got, s)
	}

	s.Confirmed = s.Confirmed.Add(time.Minute)
	must(t, f.Sessions().Confirm(f.ctx, s.Token, s.Confirmed))
	got, err = f.Sessions().Get(f.ctx, s.Token)
	must(t, err)
	wantEqual(t, got, s)

	must(t, f.Sessions().Remove(f.ctx, s.Token))
	_, err = f.Sessions().Get(f.ctx, s.Token)
	wantKind(t, err, domain.NotFound)
	must(t, f.Sessions().Remove(f.ctx, s.Token))
	must(t, f.Sessions().Touch(f.ctx, map[domain.TokenHash]domain.SessionUse{s.Token: {Seen: s.Seen}}))
	must(t, f.Sessions().Confirm(f.ctx, s.Token, s.Confirmed))
}

func sessionAdmits(t *testing.T, f *fixture) {
	must(t, f.Searches(f.alice).Add(f.ctx, f.search(t, "plans")))
	s, token := domain.NewSession(f.alice.User(), "Firefox", f.now)
	s.Address = netip.MustParseAddr("192.0.2.7")
	must(t, f.Sessions().Add(f.ctx, s))
	bobs, _ := domain.NewSession(f.bob.User(), "Firefox", f.now)
	must(t, f.Sessions().Add(f.ctx, bobs))
	for range 2 {
		got, member, err := f.Sessions().Admit(f.ctx, domain.HashToken(token))
		must(t, err)
		want := s
		want.Confirmed = time.Time{}
		wantEqual(t, got, want)
		own, err := f.Spaces().Membership(f.ctx, s.User, s.User)
		must(t, err)
		wantEqual(t, member, own)
		d := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "typed"}, Saved: f.now}
		must(t, f.Drafts(f.alice).Put(f.ctx, d))
	}
	must(t, f.Sessions().Remove(f.ctx, s.Token))
	_, member, err := f.Sessions().Admit(f.ctx, s.Token)
	wantKind(t, err, domain.NotFound)
	wantEqual(t, member, domain.Membership{})
	_, member, err = f.Sessions().Admit(f.ctx, bobs.Token)
	must(t, err)
	wantEqual(t, member.Read(), f.bob.Read())
}

func sessionsAreListedAndEnded(t *testing.T, f *fixture) {
	seen := func(user domain.ID, ago time.Duration) domain.Session {
		s, _ := domain.NewSession(user, "Mozilla/5.0 (Ä)", f.now.Add(-time.Hour))
		s.Seen = f.now.Add(-ago)
		must(t, f.Sessions().Add(f.ctx, s))
		return s
	}
	old, young, ended := seen(f.alice.User(), time.Minute), seen(f.alice.User(), 0), seen(f.alice.User(), domain.SessionIdle)
	bobs := seen(f.bob.User(), 0)

	list, err := f.Sessions().List(f.ctx, f.alice.User())
	must(t, err)
	wantEqual(t, list, []domain.Session{young, old, ended})
	list, err = f.Sessions().List(f.ctx, domain.NewID())
	must(t, err)
	wantEqual(t, len(list), 0)

	n, err := f.Sessions().RemoveOf(f.ctx, f.alice.User(), old.Token)
	must(t, err)
	wantEqual(t, n, 2)
	list, err = f.Sessions().List(f.ctx, f.alice.User())
	must(t, err)
	wantEqual(t, list, []domain.Session{old})

	n, err = f.Sessions().RemoveOf(f.ctx, f.alice.User(), "")
	must(t, err)
	wantEqual(t, n, 1)
	_, err = f.Sessions().Get(f.ctx, bobs.Token)
	must(t, err)
}

func ticketsAreUsedOnce(t *testing.T, f *fixture) {
	ticket := domain.HashToken("ticket")
	must(t, f.Sessions().UseTicket(f.ctx, ticket, f.now))
	wantKind(t, f.Sessions().UseTicket(f.ctx, ticket, f.now.Add(time.Hour)), domain.Conflict)
	must(t, f.Sessions().UseTicket(f.ctx, domain.HashToken("another"), f.now))

	_, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(domain.UsedTicketLife-time.Second))
	must(t, err)
	wantKind(t, f.Sessions().UseTicket(f.ctx, ticket, f.now), domain.Conflict)
	n, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(domain.UsedTicketLife))
	must(t, err)
	wantEqual(t, n, 2)
}

package domaintest

import (
	"errors"
	"testing"
	"time"

	"octavo/domain"
)

// shared returns a share that somebody has made where they may edit.
func (f *fixture) shared(t *testing.T, access domain.WriteAccess, draft domain.ShareDraft) domain.Share {
	t.Helper()
	s, _, err := access.Share(f.ctx, draft, f.now)
	must(t, err)
	f.later(time.Second)
	return s
}

func shareLifecycle(t *testing.T, f *fixture) {
	n := f.addNote(t, "shared")
	ofNote := f.shared(t, f.alice, domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend, Days: domain.MaxShareDays, Password: "correct horse"})
	ofTag := f.shared(t, f.alice, domain.ShareDraft{Tag: "Books/to Read", Right: domain.ShareRead})
	ofTag.Visits, ofTag.Visited, ofTag.Changes = 3, domain.VisitDay(f.now), 4
	shares := f.Shares(f.alice)
	must(t, shares.Add(f.ctx, ofNote))
	must(t, shares.Add(f.ctx, ofTag))
	wantKind(t, shares.Add(f.ctx, ofNote), domain.Conflict)
	same := f.shared(t, f.alice, domain.ShareDraft{Tag: "x", Right: domain.ShareRead})
	same.Secret = ofNote.Secret
	wantKind(t, shares.Add(f.ctx, same), domain.Conflict)
	nothing := f.shared(t, f.alice, domain.ShareDraft{Note: domain.NewID(), Right: domain.ShareRead})
	wantKind(t, shares.Add(f.ctx, nothing), domain.NotFound)
	list := func(want ...domain.ListedShare) {
		t.Helper()
		got, err := f.ReadShares(f.alice.Read()).List(f.ctx)
		must(t, err)
		wantEqual(t, got, want)
	}
	list(domain.ListedShare{Share: ofTag}, domain.ListedShare{Share: ofNote, Title: "shared"})
	n, _ = n.MovedTo(domain.Trashed, f.now)
	must(t, f.notes.Update(f.ctx, n, n.Version-1))
	list(domain.ListedShare{Share: ofTag}, domain.ListedShare{Share: ofNote, Title: "shared", Trashed: true})

	ofNote.Secret, ofNote.Changes = domain.HashToken("another"), 2
	must(t, shares.SetSecret(f.ctx, ofNote.ID, ofNote.Secret))
	ofTag.Tag = "Bücher"
	must(t, shares.SetTag(f.ctx, ofTag.ID, ofTag.Tag))
	must(t, shares.Changed(f.ctx, ofNote.ID))
	must(t, shares.Changed(f.ctx, ofNote.ID))
	got, err := shares.Get(f.ctx, ofNote.ID)
	must(t, err)
	wantEqual(t, got, ofNote)

	must(t, f.notes.Remove(f.ctx, n.ID))
	list(domain.ListedShare{Share: ofTag})
	must(t, shares.Remove(f.ctx, ofTag.ID))
	list()
	for _, err := range []error{
		shares.Remove(f.ctx, ofTag.ID), shares.Changed(f.ctx, ofTag.ID), shares.SetSecret(f.ctx, ofTag.ID, ofTag.Secret),
		shares.SetTag(f.ctx, ofTag.ID, ofTag.Tag),
	} {
		wantKind(t, err, domain.NotFound)
	}
	_, err = shares.Get(f.ctx, ofTag.ID)
	wantKind(t, err, domain.NotFound)
}

func shareAdmits(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleEditor)
	bobs := f.write(t, space, f.bob.User())
	s := f.shared(t, bobs, domain.ShareDraft{Tag: "books", Right: domain.ShareTick, Days: 1})
	must(t, f.Shares(bobs).Add(f.ctx, s))
	must(t, f.Shares(f.alice).Add(f.ctx, f.shared(t, f.alice, domain.ShareDraft{Tag: "books", Right: domain.ShareRead})))
	admits := func(want domain.Role) {
		t.Helper()
		got, member, err := f.ShareLinks().Admit(f.ctx, s.Secret)
		must(t, err)
		wantEqual(t, got, s)
		wantEqual(t, member.Role(), want)
		now, err := f.Spaces().Membership(f.ctx, space, f.bob.User())
		must(t, err)
		wantEqual(t, member, now)
	}
	admitsNobody := func(secret domain.TokenHash) {
		t.Helper()
		got, member, err := f.ShareLinks().Admit(f.ctx, secret)
		wantKind(t, err, domain.NotFound)
		wantEqual(t, got, domain.Share{})
		wantEqual(t, member, domain.Membership{})
	}
	admits(domain.RoleEditor)
	must(t, f.Spaces().SetMember(f.ctx, space, f.bob.User(), domain.RoleOwner, f.now))
	admits(domain.RoleOwner)
	admitsNobody("")
	admitsNobody(domain.HashToken("another"))

	bob, err := f.Users().Get(f.ctx, f.bob.User())
	must(t, err)
	for _, disabled := range []bool{true, false} {
		bob.Disabled = disabled
		must(t, f.Users().SetRights(f.ctx, bob))
		if disabled {
			admitsNobody(s.Secret)
		} else {
			admits(domain.RoleOwner)
		}
	}
}

func sharesEndForGood(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleEditor)
	alices, bobs := f.write(t, space, f.alice.User()), f.write(t, space, f.bob.User())
	others := f.shared(t, alices, domain.ShareDraft{Tag: "books", Right: domain.ShareRead})
	elsewhere := f.shared(t, f.bob, domain.ShareDraft{Tag: "books", Right: domain.ShareRead})
	must(t, f.Shares(alices).Add(f.ctx, others))
	must(t, f.Shares(f.bob).Add(f.ctx, elsewhere))
	for what, lose := range map[string]func() error{
		"a reader":      func() error { return f.Spaces().SetMember(f.ctx, space, f.bob.User(), domain.RoleReader, f.now) },
		"a contributor": func() error { return f.Spaces().SetMember(f.ctx, space, f.bob.User(), domain.RoleContributor, f.now) },
		"no member":     func() error { return f.Spaces().RemoveMember(f.ctx, space, f.bob.User()) },
	} {
		s := f.shared(t, bobs, domain.ShareDraft{Tag: "books", Right: domain.ShareTick})
		must(t, f.Shares(bobs).Add(f.ctx, s))
		must(t, lose())
		must(t, f.Spaces().SetMember(f.ctx, space, f.bob.User(), domain.RoleEditor, f.now)) // and back
		if _, _, err := f.ShareLinks().Admit(f.ctx, s.Secret); !errors.Is(err, domain.NotFound) {
			t.Errorf("who was %s shares again: %v", what, err)
		}
		list, err := f.Shares(alices).List(f.ctx)
		must(t, err)
		wantEqual(t, list, []domain.ListedShare{{Share: others}})
	}
	_, _, err := f.ShareLinks().Admit(f.ctx, elsewhere.Secret)
	must(t, err)
}

func visitsAreCounted(t *testing.T, f *fixture) {
	a := f.shared(t, f.alice, domain.ShareDraft{Tag: "a", Right: domain.ShareRead})
	b := f.shared(t, f.bob, domain.ShareDraft{Tag: "b", Right: domain.ShareRead})
	must(t, f.Shares(f.alice).Add(f.ctx, a))
	must(t, f.Shares(f.bob).Add(f.ctx, b))
	today := domain.VisitDay(f.now)
	for _, visits := range []map[domain.ID]domain.ShareVisits{
		nil,
		{a.ID: {Count: 2, Day: today}, domain.NewID(): {Count: 1, Day: today}},
		{a.ID: {Count: 1, Day: today.AddDate(0, 0, -1)}, b.ID: {Count: 5, Day: today}},
	} {
		must(t, f.ShareLinks().CountVisits(f.ctx, visits))
	}
	a.Visits, a.Visited = 3, today
	b.Visits, b.Visited = 5, today
	for access, want := range map[domain.WriteAccess]domain.Share{f.alice: a, f.bob: b} {
		got, err := f.Shares(access).Get(f.ctx, want.ID)
		must(t, err)
		wantEqual(t, got, want)
	}
}

func foreignShares(t *testing.T, f *fixture) {
	n := f.addNote(t, "alice's")
	s := f.shared(t, f.alice, domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	must(t, f.Shares(f.alice).Add(f.ctx, s))
	stolen := f.shared(t, f.bob, domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	theirs := f.Shares(f.bob)
	_, err := theirs.Get(f.ctx, s.ID)
	for _, err := range []error{
		err, theirs.Add(f.ctx, stolen), theirs.Changed(f.ctx, s.ID), theirs.SetSecret(f.ctx, s.ID, stolen.Secret), theirs.Remove(f.ctx, s.ID),
	} {
		wantKind(t, err, domain.NotFound)
	}
	list, err := theirs.List(f.ctx)
	must(t, err)
	wantEqual(t, len(list), 0)
	got, err := f.Shares(f.alice).Get(f.ctx, s.ID)
	must(t, err)
	wantEqual(t, got, s)

	var none domain.WriteAccess
	if err := f.Shares(none).Add(f.ctx, domain.Share{ID: domain.NewID(), By: f.alice.User(), Tag: "x", Right: domain.ShareRead, Created: f.now}); err == nil {
		t.Error("something is shared of no space")
	}
}

// changesByLink stores a note that has come to what it says by a link, and what it said so before.
func changesByLink(t *testing.T, f *fixture) {
	n := f.addNote(t, "listed")
	share := domain.NewID()
	for version, by := range []domain.ID{2: share, 3: domain.NewID(), 4: ""} {
		if version < 2 {
			continue
		}
		must(t, f.Revisions(f.alice).AddMany(f.ctx, []domain.Revision{n.Revision()}))
		n.Content, n.Share, n.Version, n.Saved = n.Content+"x", by, version, version
		must(t, f.notes.Update(f.ctx, n.Reread(), version-1))
		wantNote(t, f.notes, n.Reread())
	}
	list, err := f.Revisions(f.alice).List(f.ctx, n.ID, 0, 10)
	must(t, err)
	said, err := f.Revisions(f.alice).At(f.ctx, n.ID, 2)
	must(t, err)
	if len(list) != 3 || list[1].Share != share || list[0].Share == "" || list[2].Share != "" || said.Share != share {
		t.Errorf("got %v and %v", list, said)
	}
	single := said
	single.Version = 5
	must(t, f.Revisions(f.alice).Add(f.ctx, single))
	got, err := f.Revisions(f.alice).At(f.ctx, n.ID, 5)
	must(t, err)
	wantEqual(t, got, single)
}

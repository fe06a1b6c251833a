package domaintest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

// write returns a user's access to a space.
func (f *fixture) write(t *testing.T, space, user domain.ID) domain.WriteAccess {
	t.Helper()
	m, err := f.Spaces().Membership(f.ctx, space, user)
	must(t, err)
	access, err := m.Write()
	must(t, err)
	return access
}

// OwnersAccess returns the access of the owner of an installation to their own space, as each store gives it that has
// them.
func OwnersAccess() domain.WriteAccess {
	access, _ := domain.NewMembership(domain.OwnerID, domain.OwnerID, domain.RoleOwner).Write() // no reader's
	return access
}

// share returns the id of a new space that is Alice's, in which Bob has a role.
func (f *fixture) share(t *testing.T, role domain.Role) domain.ID {
	t.Helper()
	s := domain.Space{ID: domain.NewID(), Name: "shared: é", Created: f.now}
	must(t, f.Spaces().Add(f.ctx, s, f.alice.User()))
	must(t, f.Spaces().SetMember(f.ctx, s.ID, f.bob.User(), role, f.now))
	return s.ID
}

var roles = []domain.Role{domain.RoleOwner, domain.RoleEditor, domain.RoleContributor, domain.RoleReader}

func (f *fixture) wantRole(t *testing.T, space, user domain.ID, want domain.Role) {
	t.Helper()
	m, err := f.Spaces().Membership(f.ctx, space, user)
	must(t, err)
	wantEqual(t, m.Read(), domain.NewMembership(space, user, want).Read())
	wantEqual(t, m.Role(), want)
}

func members(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleReader)
	wantKind(t, f.Spaces().Add(f.ctx, domain.Space{ID: space, Name: "again", Created: f.now}, f.bob.User()), domain.Conflict)
	wantKind(t, f.Spaces().Add(f.ctx, domain.Space{ID: domain.NewID(), Created: f.now}, domain.NewID()), domain.NotFound)
	f.wantRole(t, space, f.alice.User(), domain.RoleOwner)
	f.wantRole(t, f.alice.User(), f.alice.User(), domain.RoleOwner)
	for _, role := range roles {
		for range 2 {
			must(t, f.Spaces().SetMember(f.ctx, space, f.bob.User(), role, f.now))
			f.wantRole(t, space, f.bob.User(), role)
		}
	}
	f.wantRole(t, space, f.alice.User(), domain.RoleOwner)
	f.wantRole(t, f.bob.User(), f.bob.User(), domain.RoleOwner)
	wantKind(t, f.Spaces().SetMember(f.ctx, domain.NewID(), f.bob.User(), domain.RoleReader, f.now), domain.NotFound)
	wantKind(t, f.Spaces().SetMember(f.ctx, space, domain.NewID(), domain.RoleReader, f.now), domain.NotFound)

	err := f.Atomically(f.ctx, func(repos domain.Repos) error {
		return errors.Join(repos.Spaces().RemoveMember(f.ctx, space, f.bob.User()), errOnPurpose)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("got error %v, want the function's own", err)
	}
	f.wantRole(t, space, f.bob.User(), domain.RoleReader)
}

// beside returns what the look-up of a membership tells besides.
func (f *fixture) beside(t *testing.T, access domain.WriteAccess) domain.Beside {
	t.Helper()
	m, err := f.Spaces().Membership(f.ctx, access.Space(), access.User())
	must(t, err)
	return m.Beside
}

func searchesAreTold(t *testing.T, f *fixture) {
	none, bobs := f.beside(t, f.alice).Searches, f.beside(t, f.bob)
	wantEqual(t, none, "")
	before := none
	wantTold := func(changed bool) {
		t.Helper()
		now := f.beside(t, f.alice).Searches
		if (now != before) != changed {
			t.Errorf("the version is %q after %q", now, before)
		}
		before = now
		list, err := f.Searches(f.alice).List(f.ctx)
		must(t, err)
		wantEqual(t, now, domain.SearchesVersion(list))
	}
	all := make([]domain.SavedSearch, domain.MaxSavedSearches)
	for i := range all {
		all[i] = f.search(t, "plans")
		must(t, f.Searches(f.alice).Add(f.ctx, all[i]))
		wantTold(true)
	}
	wantKind(t, f.Searches(f.bob).Remove(f.ctx, all[0].ID), domain.NotFound)
	wantTold(false)
	must(t, f.Notes(f.alice).Add(f.ctx, f.note(t, "A plan", "")))
	wantTold(false)
	last := all[len(all)-1]
	err := f.Atomically(f.ctx, func(repos domain.Repos) error {
		return errors.Join(repos.Searches(f.alice).Remove(f.ctx, last.ID), errOnPurpose)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("got error %v, want the function's own", err)
	}
	wantTold(false)
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error { // as many, and another one the last
		return errors.Join(repos.Searches(f.alice).Remove(f.ctx, last.ID), repos.Searches(f.alice).Add(f.ctx, f.search(t, "plans")))
	}))
	wantTold(true)
	wantEqual(t, f.beside(t, f.bob), bobs)
}

func draftsAreTold(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleEditor)
	bobs := f.write(t, space, f.bob.User())
	n := f.note(t, "A plan", "")
	must(t, f.Notes(bobs).Add(f.ctx, n))
	wantTold := func(want int, expired bool) {
		t.Helper()
		got := f.beside(t, bobs)
		wantEqual(t, got.Drafts, want)
		wantEqual(t, got.Expired, expired)
		wantEqual(t, f.beside(t, f.write(t, space, f.alice.User())).Drafts, 0)
		wantEqual(t, f.beside(t, f.bob).Drafts, 0)
	}
	wantTold(0, false)
	d := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "typed"}, Saved: f.now}
	must(t, f.Drafts(bobs).Put(f.ctx, d))
	wantTold(1, false)
	must(t, f.Drafts(bobs).Remove(f.ctx, d.Key))
	wantTold(0, false)
	d.Note, d.Base = n.ID, n.Version
	must(t, f.Drafts(bobs).Put(f.ctx, d))
	must(t, f.Drafts(bobs).Put(f.ctx, domain.Draft{Key: domain.NewID(), Saved: f.now.Add(time.Hour)}))
	must(t, f.Drafts(bobs).End(f.ctx, domain.NewID(), f.now))
	wantTold(2, false)
	must(t, f.Notes(bobs).Remove(f.ctx, n.ID)) // which takes its draft along
	wantTold(1, false)
	_, err := f.Housekeeping().ExpireDrafts(f.ctx, f.now.Add(2*time.Hour), f.now)
	must(t, err)
	wantTold(0, true)
	_, err = f.Drafts(bobs).TellExpired(f.ctx, f.now)
	must(t, err)
	wantTold(0, false)
}

func sharedSpaces(t *testing.T, f *fixture) {
	alice, bob := f.alice.User(), f.bob.User()
	none, err := f.Spaces().SharedBy(f.ctx, bob)
	must(t, err)
	wantEqual(t, len(none), 0)
	wantEqual(t, f.beside(t, f.bob).Spaces, "")

	// The one that is made first has the greater id.
	first := domain.Space{ID: "0198c5b2-0000-7000-8000-000000000009", Name: "The family & 日本", Created: f.now}
	second := domain.Space{ID: "0198c5b2-0000-7000-8000-000000000001", Name: "team", Created: f.now.Add(time.Second)}
	for _, s := range []domain.Space{second, first} {
		must(t, f.Spaces().Add(f.ctx, s, alice))
		must(t, f.Spaces().SetMember(f.ctx, s.ID, bob, domain.RoleReader, f.now.Add(time.Minute)))
	}
	must(t, f.Spaces().SetMember(f.ctx, first.ID, bob, domain.RoleEditor, f.now.Add(time.Hour))) // who stays as long in it
	_, err = f.Spaces().Hold(f.ctx, domain.NewID())
	wantKind(t, err, domain.NotFound)
	second.Name = "Team: «é»"
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		held, err := repos.Spaces().Hold(f.ctx, second.ID)
		if err != nil {
			return err
		}
		held.Name = second.Name
		return repos.Spaces().SetName(f.ctx, held)
	}))
	must(t, f.Spaces().SetName(f.ctx, domain.Space{ID: domain.NewID(), Name: "of none"}))

	for user, roles := range map[domain.ID][2]domain.Role{
		alice: {domain.RoleOwner, domain.RoleOwner}, bob: {domain.RoleEditor, domain.RoleReader},
	} {
		shared, err := f.Spaces().SharedBy(f.ctx, user)
		must(t, err)
		wantEqual(t, shared, []domain.SharedSpace{{Space: first, Role: roles[0]}, {Space: second, Role: roles[1]}})
		for _, in := range []domain.ID{user, first.ID} {
			m, err := f.Spaces().Membership(f.ctx, in, user)
			must(t, err)
			wantEqual(t, m.Beside.Spaces, domain.SpaceLine(second)+domain.SpaceLine(first))
		}
	}
	members, err := f.Spaces().Members(f.ctx, first.ID)
	must(t, err)
	names := map[domain.ID]string{}
	for _, user := range []domain.ID{alice, bob} {
		u, err := f.Users().Get(f.ctx, user)
		must(t, err)
		names[user] = u.Name
	}
	wantEqual(t, members, []domain.Member{
		{User: alice, Name: names[alice], Role: domain.RoleOwner, Since: f.now},
		{User: bob, Name: names[bob], Role: domain.RoleEditor, Since: f.now.Add(time.Minute)},
	})
	for _, unknown := range []domain.ID{domain.NewID(), "", "no id"} {
		members, err := f.Spaces().Members(f.ctx, unknown)
		must(t, err)
		wantEqual(t, len(members), 0)
		shared, err := f.Spaces().SharedBy(f.ctx, unknown)
		must(t, err)
		wantEqual(t, len(shared), 0)
	}
}

func sessionAdmitsToSpace(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleReader)
	bobs, _ := domain.NewSession(f.bob.User(), "Firefox", f.now)
	must(t, f.Sessions().Add(f.ctx, bobs))
	bobs.Confirmed = time.Time{} // as Admit has it
	must(t, f.Searches(f.write(t, space, f.alice.User())).Add(f.ctx, f.search(t, "plans")))
	for _, in := range []domain.ID{space, f.bob.User()} {
		got, member, err := f.Sessions().AdmitTo(f.ctx, bobs.Token, in)
		must(t, err)
		wantEqual(t, got, bobs)
		want, err := f.Spaces().Membership(f.ctx, in, f.bob.User())
		must(t, err)
		wantEqual(t, member, want)
	}
	must(t, f.Spaces().RemoveMember(f.ctx, space, f.bob.User()))
	for _, foreign := range []domain.ID{space, domain.NewID(), f.alice.User()} {
		got, member, err := f.Sessions().AdmitTo(f.ctx, bobs.Token, foreign)
		if !errors.Is(err, domain.ErrSpaceNotFound) {
			t.Errorf("got error %v, want that the space isn't found", err)
		}
		wantEqual(t, got, bobs)
		wantEqual(t, member, domain.Membership{})
		_, _, err = f.Sessions().AdmitTo(f.ctx, "", foreign)
		if !errors.Is(err, domain.ErrSessionNotFound) {
			t.Errorf("got error %v, want that the session isn't found", err)
		}
	}
}

func foreignSpaces(t *testing.T, f *fixture) {
	space := domain.Space{ID: domain.NewID(), Name: "Alice's", Created: f.now}
	must(t, f.Spaces().Add(f.ctx, space, f.alice.User()))
	_, unknown := f.Spaces().Membership(f.ctx, domain.NewID(), f.bob.User())
	wantKind(t, unknown, domain.NotFound)
	for _, foreign := range []domain.ID{space.ID, f.alice.Space(), "", "no id"} {
		m, err := f.Spaces().Membership(f.ctx, foreign, f.bob.User())
		if !errors.Is(err, domain.ErrSpaceNotFound) || err.Error() != unknown.Error() {
			t.Errorf("got error %v, want the same as of what doesn't exist, %v", err, unknown)
		}
		wantEqual(t, m, domain.Membership{})
	}
	for _, stranger := range []domain.ID{domain.NewID(), ""} {
		_, err := f.Spaces().Membership(f.ctx, space.ID, stranger)
		wantKind(t, err, domain.NotFound)
	}
}

func formerMembers(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleEditor)
	for range 2 {
		must(t, f.Spaces().RemoveMember(f.ctx, space, f.bob.User()))
		_, err := f.Spaces().Membership(f.ctx, space, f.bob.User())
		wantKind(t, err, domain.NotFound)
	}
	f.wantRole(t, space, f.alice.User(), domain.RoleOwner)
	f.wantRole(t, f.bob.User(), f.bob.User(), domain.RoleOwner)
	must(t, f.Spaces().SetMember(f.ctx, space, f.bob.User(), domain.RoleReader, f.now))
	f.wantRole(t, space, f.bob.User(), domain.RoleReader)
}

func lastOwners(t *testing.T, f *fixture) {
	spaces, alice, bob := f.Spaces(), f.alice.User(), f.bob.User()
	space := f.share(t, domain.RoleEditor)
	wantKind(t, spaces.RemoveMember(f.ctx, space, alice), domain.Conflict)
	wantKind(t, spaces.SetMember(f.ctx, space, alice, domain.RoleEditor, f.now), domain.Conflict)
	f.wantRole(t, space, alice, domain.RoleOwner)
	must(t, spaces.SetMember(f.ctx, space, bob, domain.RoleOwner, f.now))
	must(t, spaces.SetMember(f.ctx, space, alice, domain.RoleEditor, f.now))
	f.wantRole(t, space, alice, domain.RoleEditor)
	wantKind(t, spaces.RemoveMember(f.ctx, space, bob), domain.Conflict)

	must(t, spaces.SetMember(f.ctx, alice, bob, domain.RoleOwner, f.now))
	wantKind(t, spaces.RemoveMember(f.ctx, alice, alice), domain.Conflict)
	must(t, spaces.RemoveMember(f.ctx, alice, bob))

	must(t, spaces.SetMember(f.ctx, space, alice, domain.RoleOwner, f.now))
	var wg sync.WaitGroup
	var left atomic.Int64
	for _, user := range []domain.ID{alice, bob} {
		wg.Go(func() {
			switch err := spaces.RemoveMember(f.ctx, space, user); {
			case err == nil:
				left.Add(1)
			case !errors.Is(err, domain.Conflict) && !errors.Is(err, domain.Unavailable):
				t.Errorf("got error %v", err)
			}
		})
	}
	wg.Wait()
	if left.Load() != 1 {
		t.Errorf("%d of two owners have left", left.Load())
	}
}

// kept is one of each thing that is in a space.
type kept struct {
	note   domain.Note
	said   domain.Revision
	search domain.SavedSearch
	file   domain.File
	record domain.Record
}

// keep stores one of each thing in a space.
func (f *fixture) keep(t *testing.T, access domain.WriteAccess, name string) kept {
	t.Helper()
	k := kept{note: f.note(t, name, "to [["+name+"]]", domain.Tag(name)), search: f.search(t, name), file: f.file(name), record: f.record(t, name)}
	k.said = f.revision(k.note.ID, 0)
	must(t, f.Notes(access).Add(f.ctx, k.note))
	must(t, f.Revisions(access).Add(f.ctx, k.said))
	must(t, f.Searches(access).Add(f.ctx, k.search))
	must(t, f.Files(access).Add(f.ctx, k.file))
	must(t, f.Records(access).Add(f.ctx, k.record))
	return k
}

// wantKept checks that just this is in a space.
func (f *fixture) wantKept(t *testing.T, access domain.ReadAccess, want kept) {
	t.Helper()
	name, key := want.note.Title, domain.TitleKey(want.note.Title)
	note, err := f.ReadNotes(access).Get(f.ctx, want.note.ID)
	must(t, err)
	wantEqual(t, note, want.note)
	many, err := f.ReadNotes(access).Many(f.ctx, []domain.ID{want.note.ID})
	must(t, err)
	wantEqual(t, many, []domain.Note{want.note})
	list, err := f.ReadNotes(access).List(f.ctx, activeOnes, nil, 10)
	must(t, err)
	wantEqual(t, list, []domain.NoteSummary{want.note.Summary()})
	tags, err := f.Tags(access).Beginning(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, tags, []domain.TagCount{{Tag: domain.Tag(name), Notes: 1}})
	tagged, err := f.Tags(access).Tagged(f.ctx, domain.Tag(name).Key(), "", 10)
	must(t, err)
	wantEqual(t, tagged, []domain.ID{want.note.ID})
	led, err := f.Links(access).Titles(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, led, []domain.NoteTitle{{ID: want.note.ID, Title: name}})
	linking, err := f.Links(access).Linking(f.ctx, []string{key}, "", 10)
	must(t, err)
	wantEqual(t, linking, []domain.NoteSummary{want.note.Summary()})
	found, err := f.Index(access).Search(f.ctx, query.Parse(""), nil, 10)
	must(t, err)
	wantEqual(t, found, []domain.Note{want.note})
	said, err := f.ReadRevisions(access).At(f.ctx, want.note.ID, want.said.Version)
	must(t, err)
	wantEqual(t, said, want.said)
	searches, err := f.ReadSearches(access).List(f.ctx)
	must(t, err)
	wantEqual(t, searches, []domain.SavedSearch{want.search})
	file, err := f.ReadFiles(access).Get(f.ctx, want.file.Hash)
	must(t, err)
	wantEqual(t, file, want.file)
	named, err := f.ReadFiles(access).Named(f.ctx, domain.TitleKey(want.file.Name))
	must(t, err)
	wantEqual(t, len(named), 1)
	records, err := f.ReadRecords(access).List(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, records, []domain.Record{want.record})
}

// wantNotKept checks that nothing of this is in a space.
func (f *fixture) wantNotKept(t *testing.T, access domain.ReadAccess, foreign kept) {
	t.Helper()
	_, err := f.ReadNotes(access).Get(f.ctx, foreign.note.ID)
	wantKind(t, err, domain.NotFound)
	_, err = f.ReadRevisions(access).At(f.ctx, foreign.note.ID, foreign.said.Version)
	wantKind(t, err, domain.NotFound)
	_, err = f.ReadSearches(access).Get(f.ctx, foreign.search.ID)
	wantKind(t, err, domain.NotFound)
	_, err = f.ReadFiles(access).Get(f.ctx, foreign.file.Hash)
	wantKind(t, err, domain.NotFound)
	_, err = f.ReadRecords(access).Get(f.ctx, foreign.record.ID)
	wantKind(t, err, domain.NotFound)
}

func rolesInSpace(t *testing.T, f *fixture) {
	for _, role := range roles {
		space := f.share(t, role)
		alices := f.keep(t, f.write(t, space, f.alice.User()), "alices")
		m, err := f.Spaces().Membership(f.ctx, space, f.bob.User())
		must(t, err)
		f.wantKept(t, m.Read(), alices)
		bobs, err := m.Write()
		if role == domain.RoleReader {
			wantKind(t, err, domain.Forbidden)
			continue
		}
		must(t, err)
		edited, err := alices.note.Edited(domain.NoteDraft{Content: alices.note.Content + " and more", Author: f.bob.User()}, 1, f.now)
		must(t, err)
		must(t, f.Notes(bobs).Update(f.ctx, edited, 1))
		wantNote(t, f.Notes(f.write(t, space, f.alice.User())), edited)
	}
}

func spacesApart(t *testing.T, f *fixture) {
	shared := f.write(t, f.share(t, domain.RoleEditor), f.alice.User())
	bobs := f.write(t, shared.Space(), f.bob.User())
	all := map[domain.WriteAccess]kept{}
	for access, name := range map[domain.WriteAccess]string{f.alice: "alices", f.bob: "bobs", shared: "shared"} {
		all[access] = f.keep(t, access, name)
	}
	for access, own := range all {
		f.wantKept(t, access.Read(), own)
		for _, foreign := range all {
			if foreign.note.ID != own.note.ID {
				f.wantNotKept(t, access.Read(), foreign)
			}
		}
	}
	f.wantKept(t, bobs.Read(), all[shared])

	// Being in both spaces, Alice still doesn't reach from one into the other.
	own := all[f.alice]
	stolen := own.note
	stolen.Title, stolen.Version = "stolen", 2
	wantKind(t, f.Notes(shared).Update(f.ctx, stolen, 1), domain.NotFound)
	wantKind(t, f.Notes(shared).Remove(f.ctx, own.note.ID), domain.NotFound)
	wantKind(t, f.Notes(shared).Add(f.ctx, own.note), domain.Conflict)
	wantKind(t, f.Searches(shared).Remove(f.ctx, own.search.ID), domain.NotFound)
	wantKind(t, f.Records(shared).Remove(f.ctx, own.record.ID), domain.NotFound)
	wantKind(t, f.Drafts(shared).Put(f.ctx, f.draft(t, own.note.ID, "stolen")), domain.NotFound)
	f.wantKept(t, f.alice.Read(), own)
	f.wantKept(t, shared.Read(), all[shared])

	// What removes goes by space, too.
	must(t, f.Notes(shared).Remove(f.ctx, all[shared].note.ID))
	f.wantKept(t, f.alice.Read(), own)
	f.wantKept(t, f.bob.Read(), all[f.bob])
}

func ownKeepings(t *testing.T, f *fixture) {
	alices := f.write(t, f.share(t, domain.RoleOwner), f.alice.User())
	bobs := f.write(t, alices.Space(), f.bob.User())
	n := f.note(t, "shared", "text")
	must(t, f.Notes(alices).Add(f.ctx, n))
	for _, note := range []domain.ID{n.ID, ""} {
		mine := f.draft(t, note, "alice's")
		theirs := f.draftAgain(t, mine, "bob's")
		must(t, f.Drafts(alices).Put(f.ctx, mine))
		_, err := f.ReadDrafts(bobs.Read()).Get(f.ctx, mine.Key)
		wantKind(t, err, domain.NotFound)
		must(t, f.Drafts(bobs).Remove(f.ctx, mine.Key))
		must(t, f.Drafts(bobs).Put(f.ctx, theirs))
		for access, want := range map[domain.WriteAccess]domain.Draft{alices: mine, bobs: theirs} {
			got, err := f.ReadDrafts(access.Read()).Get(f.ctx, mine.Key)
			must(t, err)
			wantEqual(t, got, want)
			list, err := f.ReadDrafts(access.Read()).List(f.ctx, note, 10)
			must(t, err)
			wantEqual(t, list, []domain.Draft{want})
		}
		must(t, f.Drafts(bobs).Remove(f.ctx, mine.Key))
		got, err := f.ReadDrafts(alices.Read()).Get(f.ctx, mine.Key)
		must(t, err)
		wantEqual(t, got, mine)
	}

	u := domain.NewUndo(f.now)
	u.Said = []domain.Message{domain.NewMessage("undo.trashed", "count", 1)}
	must(t, f.Undos(alices).Add(f.ctx, u))
	must(t, f.Undos(alices).Remember(f.ctx, u.ID, []domain.UndoNote{{ID: n.ID, Version: 2, Saved: 1, State: domain.Active}}))
	_, err := f.ReadUndos(bobs.Read()).Get(f.ctx, u.ID)
	wantKind(t, err, domain.NotFound)
	list, err := f.ReadUndos(bobs.Read()).Notes(f.ctx, u.ID, "", 10)
	must(t, err)
	wantEqual(t, len(list), 0)
	wantKind(t, f.Undos(bobs).Update(f.ctx, u), domain.NotFound)
	wantKind(t, f.Undos(bobs).Remember(f.ctx, u.ID, []domain.UndoNote{{ID: n.ID, Version: 3}}), domain.NotFound)
	must(t, f.Undos(bobs).Remove(f.ctx, u.ID))
	got, err := f.ReadUndos(alices.Read()).Get(f.ctx, u.ID)
	must(t, err)
	wantEqual(t, got, u)
	list, err = f.ReadUndos(alices.Read()).Notes(f.ctx, u.ID, "", 10)
	must(t, err)
	wantEqual(t, len(list), 1)

	// Bob's draft goes with the note that Alice removes.
	bobsDraft := f.draft(t, n.ID, "bob's")
	must(t, f.Drafts(bobs).Put(f.ctx, bobsDraft))
	must(t, f.Notes(alices).Remove(f.ctx, n.ID))
	_, err = f.ReadDrafts(bobs.Read()).Get(f.ctx, bobsDraft.Key)
	wantKind(t, err, domain.NotFound)
}

func noAccess(t *testing.T, f *fixture) {
	own := f.keep(t, f.alice, "alices")
	var read domain.ReadAccess
	var write domain.WriteAccess
	f.wantNotKept(t, read, own)
	for what, store := range map[string]func() error{
		"note":     func() error { return f.Notes(write).Add(f.ctx, f.note(t, "none", "")) },
		"revision": func() error { return f.Revisions(write).Add(f.ctx, f.revision(own.note.ID, 1)) },
		"draft":    func() error { return f.Drafts(write).Put(f.ctx, f.draft(t, "", "none")) },
		"search":   func() error { return f.Searches(write).Add(f.ctx, f.search(t, "none")) },
		"undo":     func() error { return f.Undos(write).Add(f.ctx, domain.NewUndo(f.now)) },
		"file":     func() error { return f.Files(write).Add(f.ctx, f.file("none")) },
		"record":   func() error { return f.Records(write).Add(f.ctx, f.record(t, "none")) },
		"creation": func() error {
			return f.Creations(write).Add(f.ctx, domain.Creation{Key: "none", Request: domain.HashToken("r"), Note: own.note.ID, Created: f.now})
		},
	} {
		if err := store(); !errors.Is(err, domain.NotFound) {
			t.Errorf("%s: got error %v, want one of kind %q", what, err, domain.NotFound)
		}
	}
	wantKind(t, f.Notes(write).Remove(f.ctx, own.note.ID), domain.NotFound)
	f.wantKept(t, f.alice.Read(), own)
}

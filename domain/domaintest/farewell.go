package domaintest

import (
	"slices"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

// closedSpaces checks what is seen of a space that goes.
func closedSpaces(t *testing.T, f *fixture) {
	id := f.share(t, domain.RoleOwner)
	stays := f.share(t, domain.RoleReader)
	hold := func() (s domain.Space) {
		t.Helper()
		must(t, f.Atomically(f.ctx, func(repos domain.Repos) (err error) {
			s, err = repos.Spaces().Hold(f.ctx, id)
			return err
		}))
		return s
	}
	wantClosed := func(user domain.ID, want ...domain.Space) {
		t.Helper()
		got, err := f.Spaces().Closed(f.ctx, user)
		must(t, err)
		wantEqual(t, len(got), len(want))
		for i := range got {
			wantEqual(t, got[i], want[i])
		}
	}
	shared := f.beside(t, f.bob).Spaces
	wantClosed(f.alice.User())
	space := hold()
	for range 2 {
		space.Close(f.now)
		must(t, f.Spaces().SetGoes(f.ctx, space))
		wantEqual(t, hold(), space)
		wantClosed(f.alice.User(), space)
		wantClosed(f.bob.User(), space)
		for _, user := range []domain.ID{f.alice.User(), f.bob.User()} {
			_, err := f.Spaces().Membership(f.ctx, id, user)
			wantEqual(t, err, error(domain.ErrSpaceNotFound))
			list, err := f.Spaces().SharedBy(f.ctx, user)
			must(t, err)
			wantEqual(t, len(list), 1)
			wantEqual(t, list[0].ID, stays)
		}
		wantEqual(t, f.beside(t, f.bob).SharedSpaces(), []domain.Space{{ID: stays, Name: "shared: é"}})
		session, _ := domain.NewSession(f.bob.User(), "", f.now)
		must(t, f.Sessions().Add(f.ctx, session))
		_, _, err := f.Sessions().AdmitTo(f.ctx, session.Token, id)
		wantEqual(t, err, error(domain.ErrSpaceNotFound))
		wantKind(t, f.Spaces().SetMember(f.ctx, id, f.bob.User(), domain.RoleOwner, f.now), domain.NotFound)

		must(t, space.Open(f.now))
		must(t, f.Spaces().SetGoes(f.ctx, space))
		wantEqual(t, hold(), space)
		wantClosed(f.alice.User())
		f.wantRole(t, id, f.bob.User(), domain.RoleOwner)
		wantEqual(t, f.beside(t, f.bob).Spaces, shared)
	}
	must(t, f.Spaces().SetMember(f.ctx, id, f.bob.User(), domain.RoleEditor, f.now))
	space.Close(f.now)
	must(t, f.Spaces().SetGoes(f.ctx, space))
	wantClosed(f.bob.User()) // who doesn't own it
	must(t, f.Spaces().SetGoes(f.ctx, domain.Space{ID: domain.NewID()}))
}

// absentOwners checks that owners who are away don't count.
func absentOwners(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleOwner)
	bob, err := f.Users().Get(f.ctx, f.bob.User())
	must(t, err)
	for _, away := range []domain.User{
		{ID: bob.ID, Disabled: true}, {ID: bob.ID, Goes: f.now.Add(time.Hour)},
	} {
		must(t, f.Users().SetRights(f.ctx, away))
		wantEqual(t, f.Spaces().RemoveMember(f.ctx, space, f.alice.User()), error(domain.ErrOwnerNeeded))
		wantEqual(t, f.Spaces().SetMember(f.ctx, space, f.alice.User(), domain.RoleEditor, f.now), error(domain.ErrOwnerNeeded))
		list, err := f.Spaces().Members(f.ctx, space)
		must(t, err)
		for _, m := range list {
			wantEqual(t, m.Away, m.User == bob.ID)
		}
	}
	must(t, f.Spaces().SetMember(f.ctx, space, bob.ID, domain.RoleReader, f.now)) // one who is away may be none any more
	must(t, f.Spaces().SetMember(f.ctx, space, bob.ID, domain.RoleOwner, f.now))
	must(t, f.Users().SetRights(f.ctx, bob))
	must(t, f.Spaces().RemoveMember(f.ctx, space, f.alice.User()))
}

// goneForGood checks what is removed of a space and of an account.
func goneForGood(t *testing.T, f *fixture) {
	space := f.share(t, domain.RoleEditor)
	bobs := f.write(t, space, f.bob.User())
	fill := func(access domain.WriteAccess) domain.File {
		t.Helper()
		must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
			for range many / 2 {
				n := f.note(t, "a plan", "of [[it]]", "goes")
				if err := repos.Notes(access).Add(f.ctx, n); err != nil {
					return err
				}
				if err := repos.Revisions(access).Add(f.ctx, f.revision(n.ID, 1)); err != nil {
					return err
				}
				if err := repos.Records(access).Add(f.ctx, f.record(t, "a record")); err != nil {
					return err
				}
			}
			return nil
		}))
		must(t, f.Drafts(access).Put(f.ctx, domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "typed"}, Saved: f.now}))
		file := f.file("goes " + string(access.Space()))
		file.Created = f.now.Add(-48 * time.Hour)
		must(t, f.Files(access).Add(f.ctx, file))
		return file
	}
	ofSpace, ofBob := fill(bobs), fill(f.bob)
	passkey, err := domain.NewPasskey(f.bob.User(), "phone", domain.Credential{ID: []byte("id"), Key: []byte("key")}, f.now)
	must(t, err)
	must(t, f.Passkeys().Add(f.ctx, passkey))
	session, _ := domain.NewSession(f.bob.User(), "", f.now)
	must(t, f.Sessions().Add(f.ctx, session))
	token := f.token(t, f.alice.User(), space, domain.TokenDraft{Name: "of the space", Scopes: []domain.Scope{domain.ScopeFiles}}, f.now)
	kept := f.addText(t, "a plan", "of mine", "goes")

	at := f.now.Add(domain.FarewellLife)
	closed := domain.Space{ID: space}
	closed.Close(f.now)
	must(t, f.Spaces().SetGoes(f.ctx, closed))
	must(t, f.Users().SetRights(f.ctx, domain.User{ID: f.bob.User(), Disabled: true, Goes: at}))
	wantGone := func(now time.Time, want ...domain.ID) {
		t.Helper()
		users, spaces, err := f.Housekeeping().Gone(f.ctx, now)
		must(t, err)
		wantEqual(t, append(users, spaces...), want)
	}
	wantGone(at.Add(-time.Microsecond))
	wantGone(at, f.bob.User(), space)

	purge := func(id domain.ID) {
		t.Helper()
		for n := 1; n > 0; {
			var err error
			n, err = f.Housekeeping().PurgeSpace(f.ctx, id, at)
			must(t, err)
			if n > many {
				t.Fatalf("%d at once", n)
			}
		}
	}
	for _, id := range []domain.ID{space, f.bob.User(), f.alice.User()} { // none of which is gone, or not yet
		n, err := f.Housekeeping().PurgeSpace(f.ctx, id, at.Add(-time.Microsecond))
		must(t, err)
		wantEqual(t, n, 0)
	}
	for range 2 { // once the files are there still, and once they aren't
		purge(space)
		purge(f.bob.User())
		wantGone(at, f.bob.User(), space)
	}
	hashes, err := f.Housekeeping().RemoveUnusedFiles(f.ctx, f.now)
	must(t, err)
	wantEqual(t, hashes, slices.Sorted(slices.Values([]domain.FileHash{ofSpace.Hash, ofBob.Hash})))
	purge(space)
	wantGone(at, f.bob.User())
	purge(f.bob.User())
	wantGone(at)
	_, err = f.Users().Get(f.ctx, f.bob.User())
	wantKind(t, err, domain.NotFound)
	_, err = f.Passkeys().Get(f.ctx, passkey.ID)
	wantKind(t, err, domain.NotFound)
	_, err = f.Sessions().Get(f.ctx, session.Token)
	wantKind(t, err, domain.NotFound)
	_, _, err = f.AccessTokens().Admit(f.ctx, token.Hash)
	wantKind(t, err, domain.NotFound)
	_, err = f.Spaces().Hold(f.ctx, space)
	wantKind(t, err, domain.NotFound)
	closedOnes, err := f.Spaces().Closed(f.ctx, f.alice.User())
	must(t, err)
	wantEqual(t, len(closedOnes), 0)
	purge(domain.NewID())

	wantNote(t, f.notes, kept)
	f.wantTags(t, "goes:1")
	wantEqual(t, len(f.found(t, f.Index(f.alice.Read()), query.Parse("plan"), 10)), 1)
}

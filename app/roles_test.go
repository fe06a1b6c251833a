package app_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
)

// shared is a space of the owner's, in which there is one of everything.
type shared struct {
	*house
	space   domain.ID
	owner   domain.WriteAccess
	member  domain.ID
	note    domain.Note // with a revision, a tag and two boxes
	trashed domain.Note
	record  domain.Record
	search  domain.SavedSearch
	share   domain.Share // of the note

	imported domain.Import // of nothing
}

const sharedText = "- [ ] milk\n- [x] bread #food"

func newShared(t *testing.T, role domain.Role) *shared {
	t.Helper()
	s := &shared{house: newHouse(t), space: domain.NewID(), member: domain.NewID()}
	ctx := t.Context()
	must(0, s.store.Users().Add(ctx, domain.User{ID: s.member, Name: "Ada", Created: s.clock.now}))(t)
	must(0, s.store.Spaces().Add(ctx, domain.Space{ID: s.space, Name: "Shared", Created: s.clock.now}, domain.OwnerID))(t)
	must(0, s.store.Spaces().SetMember(ctx, s.space, s.member, role, s.clock.now))(t)
	s.owner = accessTo(s.store, s.space, domain.OwnerID)
	first := must(s.notes.Create(ctx, s.owner, domain.NoteDraft{Title: "Shopping", Content: "nothing"}))(t)
	draft := domain.NoteDraft{Title: "Shopping", Content: sharedText}
	s.note = must(s.Editing().Update(ctx, s.owner, first.ID, nil, draft))(t).Note
	s.trashed = must(s.notes.Create(ctx, s.owner, domain.NoteDraft{Title: "Gone"}))(t)
	s.trashed, _, _ = s.notes.Trash(ctx, s.owner, s.trashed.ID, nil)
	s.record = must(s.Records().Create(ctx, s.owner, domain.RecordDraft{Title: "Record"}))(t)
	s.search = must(s.Search().Save(ctx, s.owner, "", "tea"))(t)
	s.share, _, _ = s.sharing().Make(ctx, s.owner, "", domain.ShareDraft{Note: s.note.ID, Right: domain.ShareRead})
	s.imported, _ = s.importing().Run(ctx, s.owner, someNotes(0), app.ImportOptions{})
	return s
}

// edit returns the form of the note with another content.
func (s *shared) edit(content string) app.Edit {
	return app.Edit{NoteDraft: domain.NoteDraft{Title: "Shopping", Content: content}, Base: s.note.Version}
}

// Who may do something, besides owners.
const (
	adding  = domain.RoleContributor
	editing = domain.RoleEditor
)

// useCases are all that write, each named after the service and its method, with what tells several calls of one apart
// behind it.
var useCases = map[string]struct {
	least domain.Role
	do    func(ctx context.Context, s *shared, a domain.WriteAccess) error
}{
	"Notes.Create": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.notes.Create(ctx, a, domain.NoteDraft{Title: "New", Content: "text #tag", Tags: []domain.Tag{"x"}}))
	}},
	"Importing.Plan": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.importing().Plan(ctx, a, someNotes(2), app.ImportOptions{}))
	}},
	"Importing.Run": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.importing().Run(ctx, a, someNotes(2), app.ImportOptions{}))
	}},
	"Importing.Undo": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.importing().Undo(ctx, a, s.imported.ID))
	}},
	"Notes.Pin": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.notes.Pin(ctx, a, s.note.ID, true))
	}},
	"Notes.Archive": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.notes.Archive(ctx, a, s.note.ID, true))
	}},
	"Notes.Trash": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		_, _, err := s.notes.Trash(ctx, a, s.note.ID, nil)
		return err
	}},
	"Notes.Restore": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.notes.Restore(ctx, a, s.trashed.ID, domain.Active))
	}},
	"Notes.Purge": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.notes.Purge(ctx, a, s.trashed.ID))
	}},
	"Notes.EmptyTrash": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		_, _, err := s.notes.EmptyTrash(ctx, a, s.trashed.Moved)
		return err
	}},
	"Editing.Create": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().Create(ctx, a, app.Edit{NoteDraft: domain.NoteDraft{Content: "new"}, Key: domain.NewID()}))
	}},
	"Editing.CreateOnce": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().CreateOnce(ctx, a, "key", domain.NoteDraft{Content: "new"}))
	}},
	"Editing.Update adds": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().Update(ctx, a, s.note.ID, nil, domain.NoteDraft{Title: "Shopping", Content: sharedText + "\nmore"}))
	}},
	"Editing.Update replaces": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().Update(ctx, a, s.note.ID, nil, domain.NoteDraft{Title: "Shopping", Content: "less"}))
	}},
	"Editing.Update renames": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().Update(ctx, a, s.note.ID, nil, domain.NoteDraft{Title: "Else", Content: sharedText}))
	}},
	"Editing.Save adds": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().Save(ctx, a, s.note.ID, s.edit(sharedText+"\n- [ ] tea #drink")))
	}},
	"Editing.Save replaces": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().Save(ctx, a, s.note.ID, s.edit("- [ ] milk")))
	}},
	"Editing.Save tags": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		edit := s.edit(sharedText)
		edit.Tags = []domain.Tag{"another"}
		return failed(s.Editing().Save(ctx, a, s.note.ID, edit))
	}},
	"Editing.Append": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().Append(ctx, a, s.note.ID, "- [ ] tea #drink"))
	}},
	"Editing.SetTask": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().SetTask(ctx, a, s.note.ID, s.note.Version, 1, true))
	}},
	"Editing.ToggleTask": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().ToggleTask(ctx, a, s.note.ID, s.note.Version, 2))
	}},
	"Editing.AddLines": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Editing().AddLines(ctx, a, s.note.ID, s.note.Version, "more"))
	}},
	"Sharing.Make": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		_, _, err := s.sharing().Make(ctx, a, "", domain.ShareDraft{Note: s.note.ID, Right: domain.ShareRead})
		return err
	}},
	"Sharing.Renew": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		own := s.share // made while they still might
		own.ID, own.By, own.Secret = domain.NewID(), a.User(), domain.HashToken("theirs")
		if err := s.store.Shares(a).Add(ctx, own); err != nil {
			return err
		}
		_, _, err := s.sharing().Renew(ctx, a, "", own.ID)
		return err
	}},
	"Sharing.Revoke": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.sharing().Revoke(ctx, a, s.share.ID))
	}},
	"History.Restore": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.History().Restore(ctx, a, s.note.ID, 1))
	}},
	"Tags.Rename": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Tags().Rename(ctx, a, "food", "meals", false))
	}},
	"Tags.Delete": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Tags().Delete(ctx, a, "food"))
	}},
	"Bulk.Change": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Bulk().Change(ctx, a, app.ManyTag, "many", []domain.ID{s.note.ID}))
	}},
	"Bulk.Change moves": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Bulk().Change(ctx, a, app.ManyMove, string(a.User()), []domain.ID{s.note.ID}))
	}},
	"Bulk.ChangeFound moves": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Bulk().ChangeFound(ctx, a, app.ManyMove, string(a.User()), "milk"))
	}},
	"Bulk.ChangeFound": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Bulk().ChangeFound(ctx, a, app.ManyTrash, "", "milk"))
	}},
	"Bulk.Undo": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		undo := domain.NewUndo(s.clock.now) // of something that they have done while they still might
		if err := s.store.Undos(a).Add(ctx, undo); err != nil {
			return err
		}
		return failed(s.Bulk().Undo(ctx, a, undo.ID))
	}},
	"Drafts.Keep": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		d := domain.Draft{Key: domain.NewID(), Note: s.note.ID, Base: 1, NoteDraft: domain.NoteDraft{Content: "typed"}}
		return failed(s.Drafts().Keep(ctx, a, d, app.Continued{}))
	}},
	"Drafts.Discard": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Drafts().Discard(ctx, a, domain.NewID()))
	}},
	"Drafts.DiscardAll": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		_, _, err := s.Drafts().DiscardAll(ctx, a)
		return err
	}},
	"Drafts.Cancel": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		d := domain.Draft{Key: domain.NewID(), Note: s.note.ID, Base: 1, NoteDraft: domain.NoteDraft{Content: "typed"}}
		return failed(s.Drafts().Cancel(ctx, a, d, app.Continued{}))
	}},
	"Drafts.Restore": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		d := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "typed"}}
		as, err := s.Drafts().Cancel(ctx, a, d, app.Continued{})
		if err != nil {
			return err
		}
		return s.Drafts().Restore(ctx, a, as.At)
	}},
	"Drafts.TellExpired": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		_, _, err := s.Drafts().TellExpired(ctx, a)
		return err
	}},
	"Presences.Meet": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Presences().Meet(ctx, a, s.note.ID, domain.PresenceLife))
	}},
	"Files.Upload": {adding, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Files().Upload(ctx, a, "a.txt", "text/plain", strings.NewReader("text")))
	}},
	"Records.Create": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Records().Create(ctx, a, domain.RecordDraft{Title: "New"}))
	}},
	"Records.Update": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Records().Update(ctx, a, s.record.ID, nil, domain.RecordDraft{Title: "Changed"}))
	}},
	"Records.Delete": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return s.Records().Delete(ctx, a, s.record.ID, nil)
	}},
	"Search.Save": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Search().Save(ctx, a, "", "coffee"))
	}},
	"Search.Remove": {editing, func(ctx context.Context, s *shared, a domain.WriteAccess) error {
		return failed(s.Search().Remove(ctx, a, s.search.ID))
	}},
}

func failed[T any](_ T, err error) error { return err }

func TestEachRoleDoesWhatItMayAndNothingElse(t *testing.T) {
	for name, c := range useCases {
		for _, role := range []domain.Role{domain.RoleOwner, domain.RoleEditor, domain.RoleContributor} {
			t.Run(name+" as "+string(role), func(t *testing.T) {
				s := newShared(t, role)
				err := c.do(t.Context(), s, accessTo(s.store, s.space, s.member))
				if role == domain.RoleContributor && c.least == editing {
					wantKind(t, err, domain.Forbidden)
					s.wantUntouched()
				} else if err != nil {
					t.Errorf("got error %v", err)
				}
			})
		}
	}
}

// wantUntouched checks that all is as it was.
func (s *shared) wantUntouched() {
	s.t.Helper()
	ctx, read := s.t.Context(), s.owner.Read()
	for _, n := range []domain.Note{s.note, s.trashed} {
		if got := must(s.notes.Get(ctx, read, n.ID))(s.t); !reflect.DeepEqual(got, n) {
			s.t.Errorf("the note is now %+v", got)
		}
	}
	active := must(s.notes.List(ctx, read, domain.NoteFilter{State: domain.Active}, "", 10))(s.t)
	history := must(s.History().List(ctx, read, s.note.ID, 0, 10))(s.t)
	records := must(s.Records().List(ctx, read, "", 10))(s.t)
	searches := must(s.Search().Saved(ctx, read))(s.t)
	if len(active.Notes) != 1 || len(history.Revisions) != 2 || len(records.Records) != 1 || records.Records[0] != s.record ||
		len(searches) != 1 || searches[0] != s.search {
		s.t.Errorf("there are %v, %v, %v, %v", active, history.Revisions, records, searches)
	}
}

func TestWhoMayNotWriteGetsNothingToWriteWith(t *testing.T) {
	s := newShared(t, domain.RoleReader)
	ctx, spaces := t.Context(), s.Spaces()
	member, stranger := domain.Actor{User: s.member}, domain.Actor{User: domain.NewID()}
	if read := must(spaces.Read(ctx, member, s.space))(t); must(s.notes.Get(ctx, read, s.note.ID))(t).Title != "Shopping" {
		t.Error("a reader reads another note")
	}
	none, err := spaces.Write(ctx, member, s.space)
	wantKind(t, err, domain.Forbidden)
	if none != (domain.WriteAccess{}) {
		t.Errorf("a reader gets %v", none)
	}
	for _, space := range []domain.ID{s.space, domain.NewID(), domain.OwnerID} {
		_, errRead := spaces.Read(ctx, stranger, space)
		_, errWrite := spaces.Write(ctx, stranger, space)
		if !errors.Is(errRead, domain.ErrSpaceNotFound) || !errors.Is(errWrite, domain.ErrSpaceNotFound) {
			t.Errorf("a stranger gets %v and %v", errRead, errWrite)
		}
	}
}

func TestWhatAContributorAddsIsBroughtTogetherWithWhatOthersChanged(t *testing.T) {
	s := newShared(t, domain.RoleContributor)
	bobs := accessTo(s.store, s.space, s.member)
	must(s.Editing().Save(t.Context(), s.owner, s.note.ID, s.edit("- [ ] oat milk\n- [x] bread #food")))(t)
	saved := must(s.Editing().Save(t.Context(), bobs, s.note.ID, s.edit(sharedText+"\n- [ ] tea")))(t)
	if want := "- [ ] oat milk\n- [x] bread #food\n- [ ] tea"; saved.Note.Content != want || saved.Note.Author != s.member {
		t.Errorf("got %q by %s", saved.Note.Content, saved.Note.Author)
	}
	_, err := s.Editing().Save(t.Context(), bobs, s.note.ID, s.edit("- [ ] milk\n- [x] cake #food"))
	wantKind(t, err, domain.Forbidden)
}

func TestLinksFollowATitleThatAContributorHasMadeLonger(t *testing.T) {
	for _, role := range []domain.Role{domain.RoleEditor, domain.RoleContributor} {
		s := newShared(t, role)
		n := must(s.notes.Create(t.Context(), s.owner, domain.NoteDraft{Content: "Milk"}))(t)
		linking := must(s.notes.Create(t.Context(), s.owner, domain.NoteDraft{Title: "Linking", Content: "see [[Milk]]"}))(t)
		edit := app.Edit{NoteDraft: domain.NoteDraft{Content: "Milk and tea"}, Base: 1}
		saved := must(s.Editing().Save(t.Context(), accessTo(s.store, s.space, s.member), n.ID, edit))(t)
		if got := must(s.notes.Get(t.Context(), s.owner.Read(), linking.ID))(t).Content; got != "see [[Milk and tea]]" {
			t.Errorf("%s: the link says %q", role, got)
		}
		// Whoever may not take that back isn't offered to.
		if offered := saved.Undo != ""; offered != (role == domain.RoleEditor) {
			t.Errorf("%s: an undo is offered: %v", role, offered)
		}
	}
}

// TestEachUseCaseThatWritesIsInTheTable goes through the services for the methods that take the right to write.
func TestEachUseCaseThatWritesIsInTheTable(t *testing.T) {
	known := map[string]bool{}
	for name := range useCases {
		method, _, _ := strings.Cut(name, " ")
		known[method] = true
	}
	features := reflect.ValueOf(newHouse(t).App)
	for i := range features.NumMethod() {
		name := features.Type().Method(i).Name
		if m := features.Method(i).Type(); m.NumIn() != 0 || m.NumOut() != 1 || m.Out(0).Kind() != reflect.Pointer {
			continue
		}
		service := features.Method(i).Call(nil)[0].Type()
		for j := range service.NumMethod() {
			m := service.Method(j)
			for k := range m.Type.NumIn() {
				if use := name + "." + m.Name; m.Type.In(k) == reflect.TypeFor[domain.WriteAccess]() && !known[use] {
					t.Errorf("%s isn't in the table", use)
				}
			}
		}
	}
}

package domain

import (
	"errors"
	"testing"
)

func TestNotesAreMovedByWhoMayEditInBothSpaces(t *testing.T) {
	for _, from := range []Role{RoleOwner, RoleEditor, RoleContributor} {
		for _, to := range roles {
			access, _ := NewMembership("one", "ada", from).Write()
			there := NewMembership("another", "ada", to)
			move, err := access.MoveTo(there)
			if may := from != RoleContributor && to != RoleContributor && to != RoleReader; !may {
				if !errors.Is(err, Forbidden) || move != (Transfer{}) {
					t.Errorf("a role of %s, and of %s there: %v, %v", from, to, move, err)
				}
				continue
			}
			if err != nil || move.From() != access || move.To().Read() != there.Read() || move.Back().From() != move.To() ||
				move.Back().To() != access {
				t.Errorf("a role of %s, and of %s there: %v, %v", from, to, move, err)
			}
		}
	}
}

func TestNobodyMovesNotesForSomebodyElseOrByATokenOrALink(t *testing.T) {
	access, _ := NewMembership("one", "ada", RoleOwner).Write()
	if _, err := access.MoveTo(NewMembership("another", "bob", RoleOwner)); !errors.Is(err, Forbidden) {
		t.Errorf("into somebody else's space: %v", err)
	}
	if _, err := access.MoveTo(NewMembership("one", "ada", RoleOwner)); !errors.Is(err, Invalid) {
		t.Errorf("into the same space: %v", err)
	}
	there := NewMembership("another", "ada", RoleOwner)
	for _, scope := range AllScopes() {
		byToken, err := AccessToken{Scopes: []Scope{scope}}.Grant(NewMembership("one", "ada", RoleOwner)).Write(scope)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := byToken.MoveTo(there); !errors.Is(err, Forbidden) {
			t.Errorf("by a token for %s: %v", scope, err)
		}
	}
	byLink, err := ShareAccess{Share{Right: ShareAppend}, access.Read()}.Write()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := byLink.MoveTo(there); !errors.Is(err, Forbidden) {
		t.Errorf("by a link: %v", err)
	}
}

func TestANoteThatIsMovedSaysTheSame(t *testing.T) {
	access, _ := NewMembership("one", "ada", RoleOwner).Write()
	move, err := access.MoveTo(NewMembership("another", "ada", RoleOwner))
	if err != nil {
		t.Fatal(err)
	}
	n := Note{ID: NewID(), Version: 3, Saved: 2, State: Archived, Pinned: true}
	moved, err := move.Move(n, nil)
	n.Version = 4
	if err != nil || moved.Version != 4 || moved.Saved != n.Saved || moved.Summary().ID != n.ID || moved.State != Archived || !moved.Pinned {
		t.Errorf("got %+v, %v", moved, err)
	}
	n.State = Trashed
	if _, err := move.Move(n, nil); !errors.Is(err, ErrNoteTrashed) {
		t.Errorf("out of the trash: %v", err)
	}
}

func TestANoteStaysWhereItsPicturesAreWhatTheyAre(t *testing.T) {
	access, _ := NewMembership("one", "ada", RoleOwner).Write()
	move, err := access.MoveTo(NewMembership("another", "ada", RoleOwner))
	if err != nil {
		t.Fatal(err)
	}
	plan := map[string]File{"plan.png": {Hash: "a"}}
	for _, c := range []struct {
		content     string
		here, there map[string]File
		moves       bool
	}{
		{"![[Plan.png]]", plan, map[string]File{"plan.png": {Hash: "b"}}, false},
		{"![[Sub/plan.PNG]]", plan, map[string]File{"plan.png": {Hash: "b"}}, false},
		{"![[plan.png]]", plan, plan, true},
		{"![[plan.png]]", plan, nil, true},
		{"![[plan.png]]", nil, plan, true},
		{"plan.png", plan, map[string]File{"plan.png": {Hash: "b"}}, true},
	} {
		_, err := move.Move(Note{NoteFields: NoteFields{Content: c.content}}, OtherFiles(c.here, c.there))
		if (err == nil) != c.moves || err != nil && !errors.Is(err, Invalid) {
			t.Errorf("%q from %v to %v: %v", c.content, c.here, c.there, err)
		}
	}
}

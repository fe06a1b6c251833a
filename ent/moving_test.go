package ent_test

import (
	"fmt"
	"slices"
	"testing"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/gen/migrate"
)

// What belongs to a note and is forgotten by moving.Move would stay behind, where nobody finds it.
func TestNothingOfANoteStaysBehindWhenItIsMoved(t *testing.T) {
	store := enttest.Open(t, enttest.InMemory)
	defer closeStore(t, store)
	ctx, n := t.Context(), addLinked(t, store, 1)[0]
	owner, err := store.Spaces().Membership(ctx, domain.OwnerID, domain.OwnerID)
	must(t, err)
	here, err := owner.Write()
	must(t, err)
	space := domain.Space{ID: domain.NewID(), Name: "Family", Created: n.Created}
	must(t, store.Spaces().Add(ctx, space, domain.OwnerID))
	there, err := store.Spaces().Membership(ctx, space.ID, domain.OwnerID)
	must(t, err)
	transfer, err := here.MoveTo(there)
	must(t, err)

	hash := domain.FileHash(domain.HashToken("a file"))
	said := n
	n, err = n.Edited(domain.NoteDraft{
		Title: n.Title, Content: "---\naliases: [Other]\n---\n[[link]] #tag ![](/files/" + string(hash) + ")",
	}, n.Version, n.Created)
	must(t, err)
	must(t, store.Notes(here).Update(ctx, n, said.Version))
	must(t, store.Revisions(here).Add(ctx, said.Revision()))
	must(t, store.Drafts(here).Put(ctx, domain.Draft{Key: domain.NewID(), Note: n.ID, Base: 1, Saved: n.Created}))
	share, _, err := here.Share(ctx, domain.ShareDraft{Note: n.ID, Right: domain.ShareRead}, n.Created)
	must(t, err)
	must(t, store.Shares(here).Add(ctx, share))
	must(t, store.Presences(here).Enter(ctx, n.ID, n.Created))

	goes := []string{"shares", "presences"}
	remember := []string{"creations", "imported_notes"} // where a note came to be
	count := func(table string, space domain.ID) (rows int) {
		t.Helper()
		found, err := ent.Client(store).QueryContext(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE note_id = ? AND space_id = ?", table),
			string(n.ID), string(space))
		must(t, err)
		defer func() { must(t, found.Close()) }()
		found.Next()
		must(t, found.Scan(&rows))
		must(t, found.Err())
		return rows
	}
	var tables []string
	for _, table := range migrate.Tables {
		if table.HasColumn("note_id") && table.HasColumn("space_id") && !slices.Contains(remember, table.Name) {
			tables = append(tables, table.Name)
			if count(table.Name, here.Space()) == 0 {
				t.Errorf("nothing is in %s before", table.Name)
			}
		}
	}
	if !slices.Contains(tables, goes[0]) {
		t.Fatalf("only %v belong to a note", tables)
	}
	moved, err := transfer.Move(n, nil)
	must(t, err)
	_, err = store.Moving(transfer).Move(ctx, []domain.Note{moved}, nil)
	must(t, err)
	for _, table := range tables {
		if left, arrived := count(table, here.Space()), count(table, space.ID); left != 0 || (arrived == 0) != slices.Contains(goes, table) {
			t.Errorf("of %s %d are left, and %d there", table, left, arrived)
		}
	}
}

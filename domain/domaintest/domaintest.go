// Package domaintest holds what every domain.Store promises, as tests. An adapter that passes Run can stand behind
// the use cases.
package domaintest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// Run tests that the stores which open returns keep the promises of domain.Store. open is called for each promise
// with that test's t and returns a new, empty store; Run closes it.
func Run(t *testing.T, open func(t *testing.T) domain.Store) {
	each(t, slices.Concat(inTurn, atOnce), open)
}

// RunAtOnce is Run for those promises alone that are about what happens at once.
func RunAtOnce(t *testing.T, open func(t *testing.T) domain.Store) {
	each(t, atOnce, open)
}

// promise is something that each store promises.
type promise struct {
	name string
	test func(*testing.T, *fixture)
}

func each(t *testing.T, promises []promise, open func(t *testing.T) domain.Store) {
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			store := open(t)
			t.Cleanup(func() {
				if err := store.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			p.test(t, newFixture(t, store))
		})
	}
}

var (
	inTurn = []promise{
		{"a stored user comes back as it was", userRoundTrip},
		{"a user's id is given once", userIDIsUnique},
		{"a user with a password is found by their name, which is nobody else's", usersByLogin},
		{"users are listed, made admins and kept out, and their accounts go", usersHaveRights},
		{"a space that goes is closed to its members until it stays", closedSpaces},
		{"owners who are away don't count as those that a space needs", absentOwners},
		{"what goes is removed for good with all that is in it, and nothing else", goneForGood},
		{"an invitation is taken once, and goes when it ends or with whom it is from or for", invitationsAreTakenOnce},
		{"audit events are kept for a year, and listed in pages", auditKept},
		{"tries are counted until a window is full, and forgotten once it is over", triesCounted},
		{"a session comes back until it is removed", sessionLifecycle},
		{"a session lets its user into their own space, by one look-up", sessionAdmits},
		{"the sessions of a user are listed, and ended by that user alone", sessionsAreListedAndEnded},
		{"a ticket is used once, and remembered for a day", ticketsAreUsedOnce},
		{"a second step comes back as it was stored last, until it is removed", secondStepLifecycle},
		{"a passkey comes back as it was stored last, until its user removes it", passkeyLifecycle},
		{"an identity comes back until its user removes it, who has a name", identityLifecycle},
		{"a user with a passkey is found by their name, which is nobody else's", usersWithPasskeysHaveNames},
		{"a token comes back until it is removed, and for no other user", tokenLifecycle},
		{"a token lets its user into its space as what they are there now, by one look-up", tokenAdmits},
		{"a token was used last when that was latest", tokensAreTouched},
		{"a share comes back until it is removed, alone or with its note", shareLifecycle},
		{"a share tells what its user is in its space now, and nothing while they are kept out", shareAdmits},
		{"shares end for good when their user leaves or may no longer share", sharesEndForGood},
		{"visits of a share add up, and the last was on the latest day", visitsAreCounted},
		{"a note and its revisions keep by which link they came in", changesByLink},

		{"a stored note comes back as it was", noteRoundTrip},
		{"any text that is valid comes back to the byte", textRoundTrip},
		{"a note of the largest size fits", largestNote},
		{"what is stored isn't shared with its caller", notesAreCopies},
		{"notes are listed pinned first, then newest, then by id", notesInOrder},
		{"the version of a note is told alone", noteVersions},
		{"a list has another version with each change of what it shows", listVersions},
		{"the trash is listed by when notes were put there", trashInOrder},
		{"notes are listed by when they were made and by their titles, too", notesInOtherOrders},
		{"pages of notes follow one another without gap or repeat", notesByPage},
		{"a list shows one state only", notesByState},
		{"a list has the picture that a note shows first", notesWithPictures},
		{"the notes of a list are counted, up to a limit", notesCounted},
		{"a list by tag shows the notes with that tag or one below it, page by page", notesByTag},
		{"an update stores every field", noteUpdate},
		{"a stale version is refused and nothing is lost", noteStaleUpdate},
		{"an id that is taken stays whose it is", takenIDs},
		{"what does not exist can be neither read, changed nor removed", unknownIDs},
		{"notes changed together are as if changed one by one", updatesTogether},
		{"notes are changed together, or none of them", updatesAllOrNone},
		{"many notes can be asked for at once, of large ones the first", manyAtOnce},
		{"a removed note is gone", noteRemove},
		{"a removed note takes its revisions and its draft along", noteRemoveTakesAll},

		{"tags are counted outside of the trash and follow every change", tagsFollow},
		{"a note counts once for a tag, however often it has it", tagsCountOnce},
		{"a text has a bounded number of tags, links and files", textsAreBounded},
		{"a tag is shown as it was written last", tagNames},
		{"tags are found by the beginning of their keys, in order", tagsByPrefix},
		{"tags that look alike are told apart", tagsApart},
		{"notes with a tag are paged by id, in every state", taggedByPage},

		{"a link leads to the first note made with its title, outside of the trash", titledFirst},
		{"any number of titles can be asked for at once", titledMany},
		{"any number of notes may have the same title or alias", titledTheSame},
		{"what is around a note is found at once, as if it were asked for one by one", aroundANote},
		{"what is around a note has another version with each change of it", aroundVersions},
		{"titles are found by the beginning of their keys, in order", titlesByPrefix},
		{"notes that link to a title follow every edit", linksFollow},
		{"notes that link to a title are paged by id, in every state", linkingByPage},
		{"a link to an alias leads to its note, but a title goes before it", aliasesLead},
		{"aliases are among the titles that begin with something", aliasesComplete},
		{"a link with a path leads to its last part while the whole leads nowhere", pathsLead},
		{"notes that link by a path are paged by id", pathsByPage},
		{"the longest tags and titles are found", longestKeys},

		{"a note, its revisions and its drafts keep each field that is chosen for it", fieldsKept},
		{"revisions come back as they were", revisionRoundTrip},
		{"the revision of a moment is the newest until then", revisionAt},
		{"pages of revisions follow one another, newest first", revisionsByPage},
		{"a version is kept once", revisionTaken},
		{"notes are added together with what they said before, or nothing of it", addedTogether},
		{"revisions are added together, or none of them, and found by their versions", revisionsTogether},

		{"a draft is kept, replaced and removed", draftLifecycle},
		{"the largest draft fits", largestDraft},
		{"drafts are listed, the last saved first", draftsListed},
		{"the draft of the form on top of the list is found", draftCaptured},
		{"a draft that has ended isn't found, and can't be put again", draftEnded},
		{"a draft that is put while it ends doesn't stay", draftEndedMeanwhile},
		{"drafts that were discarded come back together", draftsRestored},
		{"drafts that nobody changes expire, and go once their owner has been told", draftsExpired},
		{"a draft of a note that isn't there is refused", draftOfNothing},

		{"a search finds in every language what the query says, in its order", searchAgrees},
		{"a search finds a part of it first and each note once", searchFirstAgrees},
		{"a search finds what people expect", searchSpots},
		{"a search returns whole notes", searchReturnsNotes},
		{"pages of a search follow one another without gap or repeat", searchByPage},
		{"a search goes on after a note that has been changed or removed", searchAfterGone},
		{"a search finds a note as it is now", searchFollows},
		{"a search counts up to a limit, and the tags of what it counts", searchCounts},
		{"a search never finds somebody else's notes", searchForeign},
		{"a search knows all times, and thousands of notes of one second", searchTimes},
		{"the largest notes can be found, whatever they say", searchHostile},
		{"nothing is too long or too odd to be looked for", searchOdd},

		{"saved searches are listed by name", searchLifecycle},
		{"an undo of ten thousand notes comes back as it was", undoRoundTrip},
		{"what is left to do of an action is kept until it is done", unfinishedUndos},
		{"a file is added once and comes back as it was", fileLifecycle},
		{"a request is carried out once", creationLifecycle},
		{"an import comes back as it was stored last, and imports are listed, the newest first", importLifecycle},
		{"what has become of what was imported is told by the newest import, and by each alone", importedThings},
		{"imports that have stopped are found, and those that have ended forgotten, but not what they remember", importsEnd},
		{"imports into one space are in no other, and go with it", importsApart},

		{"what has been in the trash for long is purged, in pieces, and nothing else", purgeTrash},
		{"notes with revisions of an age are found, by page", aging},
		{"revisions are thinned out", thinning},
		{"undos, creations and sessions that have ended are removed, and live ones kept", removeEnded},
		{"a file stays while a note, an old revision or a draft mentions it", filesInUse},
		{"or has its name", filesInUseByName},
		{"a content stays while anybody has its file", filesOfMany},
		{"pictures are measured, once", picturesAreMeasured},

		{"a space has its owner, and members with roles", members},
		{"a look-up tells whether the saved searches have changed", searchesAreTold},
		{"a look-up tells whether its user has drafts in the space", draftsAreTold},
		{"a space tells who is in it, and somebody which they share", sharedSpaces},
		{"a session lets its user into a space that they are a member of, by one look-up", sessionAdmitsToSpace},
		{"a space that somebody isn't a member of looks like one that doesn't exist", foreignSpaces},
		{"who isn't a member any more is a stranger", formerMembers},
		{"each role reads what is in a space, and all but readers write there", rolesInSpace},
		{"what is in one space is in no other, even of the same user's", spacesApart},
		{"in a shared space drafts and undos are their user's alone", ownKeepings},
		{"an access to no space opens nothing", noAccess},

		{"notes that are moved into another space are as if they had always been there", notesMoved},
		{"a search finds what has been moved in its order, and no more where it was", movedAmongOthers},
		{"what a note said before moves along", historyMoves},
		{"notes are moved together, or none of them", movesAllOrNone},
		{"the files of a note come along, and stay while others have them", filesMove},
		{"what somebody types into a note moves along, or becomes a note of its own", draftsMove},
		{"links that share a note end when it is moved, and no others", sharesEnd},
		{"a note that is moved leads and is led to where it is", linksStayBehind},

		{"who has a note open counts as there until they said, and in its space alone", presencesEnd},
		{"somebody else's note looks like one that doesn't exist", foreignNotes},
		{"somebody else's history, drafts and searches look like ones that don't exist", foreignKeepings},
		{"somebody else's share looks like one that doesn't exist", foreignShares},
		{"somebody else's tags and links count for nothing", foreignTags},
		{"two users may use the same keys", sameKeys},
		{"somebody else's record looks like one that doesn't exist", foreignRecords},
		{"records are kept, changed and removed", recordLifecycle},
		{"pages of records follow the order in which they were made", recordsByPage},

		{"a store answers a ping", ping},
	}
	atOnce = []promise{
		{"notes saved at once with the same new tags are all counted", tagRace},
		{"files that are added at once stay within what they may have", filesWithinQuota},
		{"of those who try at once as many may as there are tries", triesAtOnce},
		{"a lease is given to one of those who ask, and again when it has ended", leases},
		{"how far the clock is believed is kept", trustRoundTrip},
		{"a space keeps an owner, whoever leaves at once", lastOwners},
		{"a transaction keeps all of what it stored", atomicCommit},
		{"a transaction that fails keeps nothing, over all repositories", atomicRollback},
		{"a transaction that stores what is there already keeps nothing", atomicConflict},
		{"a transaction that panics keeps nothing and frees the store", atomicPanic},
		{"a transaction sees its own writes", atomicReadsItsWrites},
		{"read-modify-write in a transaction loses no update", atomicRace},
		{"of two writers upon one version one wins", versionRace},
		{"an ended context stops a call and changes nothing", endedContext},
		{"an ended context stops a search", searchEndedContext},
	}
)

// fixture is a store with two users, each with access to their own space.
type fixture struct {
	domain.Store
	ctx             context.Context
	alice, bob      domain.WriteAccess
	now             time.Time
	notes, others   domain.Notes
	records, theirs domain.Records
}

func newFixture(t *testing.T, store domain.Store) *fixture {
	t.Helper()
	f := &fixture{Store: store, ctx: t.Context(), now: time.Date(2026, 2, 3, 4, 5, 6, 789_012_000, time.UTC)}
	for _, access := range []*domain.WriteAccess{&f.alice, &f.bob} {
		u := domain.User{ID: domain.NewID(), Name: "somebody", Created: f.now}
		must(t, store.Users().Add(f.ctx, u))
		*access = f.write(t, u.ID, u.ID)
	}
	f.notes, f.others = store.Notes(f.alice), store.Notes(f.bob)
	f.records, f.theirs = store.Records(f.alice), store.Records(f.bob)
	return f
}

// later moves the fixture's time on.
func (f *fixture) later(d time.Duration) { f.now = f.now.Add(d) }

// note returns a new note of Alice's.
func (f *fixture) note(t *testing.T, title, content string, tags ...domain.Tag) domain.Note {
	t.Helper()
	n, err := domain.NewNote(domain.NoteDraft{Title: title, Content: content, Tags: tags, Author: f.alice.User()}, f.now)
	must(t, err)
	return n
}

// addNote stores a new note of Alice's.
func (f *fixture) addNote(t *testing.T, title string, tags ...domain.Tag) domain.Note {
	t.Helper()
	return f.addText(t, title, "content of "+title, tags...)
}

func (f *fixture) addText(t *testing.T, title, content string, tags ...domain.Tag) domain.Note {
	t.Helper()
	n := f.note(t, title, content, tags...)
	must(t, f.notes.Add(f.ctx, n))
	return n
}

// edit stores a note of Alice's with another text, a second later.
func (f *fixture) edit(t *testing.T, n domain.Note, title, content string, tags ...domain.Tag) domain.Note {
	t.Helper()
	f.later(time.Second)
	edited, err := n.Edited(domain.NoteDraft{Title: title, Content: content, Tags: tags, Author: f.alice.User()}, n.Version, f.now)
	must(t, err)
	must(t, f.notes.Update(f.ctx, edited, n.Version))
	return edited
}

// move stores a note of Alice's in another state.
func (f *fixture) move(t *testing.T, n domain.Note, state domain.NoteState) domain.Note {
	t.Helper()
	moved, changed := n.MovedTo(state, f.now)
	if !changed {
		t.Fatalf("%q is in the state %q already", n.Title, state)
	}
	must(t, f.notes.Update(f.ctx, moved, n.Version))
	return moved
}

func (f *fixture) record(t *testing.T, title string) domain.Record {
	t.Helper()
	r, err := domain.NewRecord(domain.RecordDraft{Title: title, Content: "content of " + title}, f.now)
	must(t, err)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind domain.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got error %v, want one of kind %q", err, kind)
	}
}

// wantEqual compares as == does and goes into slices, of which none and an empty one are the same.
func wantEqual[T any](t *testing.T, got, want T) {
	t.Helper()
	if !equalTo(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func equalTo[T any](got, want T) bool { return equal(reflect.ValueOf(got), reflect.ValueOf(want)) }

func equal(a, b reflect.Value) bool {
	switch {
	case a.Kind() == reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case a.Kind() == reflect.Struct && !a.Comparable():
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func wantNote(t *testing.T, notes domain.Notes, want domain.Note) {
	t.Helper()
	got, err := notes.Get(t.Context(), want.ID)
	must(t, err)
	wantEqual(t, got, want)
}

// inPages returns what get returns page after page, beginning after nil.
func inPages[E any](t *testing.T, get func(after *E) ([]E, error)) (all []E) {
	t.Helper()
	var after *E
	for {
		page, err := get(after)
		must(t, err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		if len(all) > 10_000 {
			t.Fatal("the pages don't end")
		}
		after = &page[len(page)-1]
	}
}

func titles(list []domain.NoteSummary) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n.Title
	}
	return strings.Join(names, " ")
}

package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// sharing returns the use cases of an instance over the house's store.
func (h *house) sharing() *app.Sharing { return h.Sharing(newAccounts(h.store, h.clock, keys)) }

// another returns those of another instance over the same store.
func (h *house) another() *app.Sharing {
	return app.New(h.store, new(memory.Blobs), h.clock).Sharing(newAccounts(h.store, h.clock, keys))
}

// share makes a share of the owner's, and returns it with its secret.
func (h *house) share(draft domain.ShareDraft) (domain.Share, string) {
	h.t.Helper()
	s, secret, err := h.sharing().Make(h.t.Context(), owner, "", draft)
	must(0, err)(h.t)
	return s, secret
}

// visit opens a link.
func (h *house) visit(secret string) app.Visit {
	h.t.Helper()
	return must(h.sharing().Open(h.t.Context(), secret, ""))(h.t)
}

// wantGone checks that a link opens nothing, and that nothing tells why.
func wantGone(t *testing.T, s *app.Sharing, secret string) {
	t.Helper()
	if v, err := s.Open(t.Context(), secret, ""); !errors.Is(err, domain.ErrShareNotFound) || v != (app.Visit{}) {
		t.Errorf("got %v and %v", v, err)
	}
}

// shown returns the errors of all that a visit may see of a note, each of which is to be the same.
func shown(t *testing.T, s *app.Sharing, v app.Visit, id domain.ID) []error {
	t.Helper()
	_, read := s.Note(t.Context(), v, id)
	_, _, file := s.File(t.Context(), v, id, domain.FileHash(domain.HashToken("none")))
	return []error{read, file, s.Tick(t.Context(), v, id, 1, 1), s.AddLines(t.Context(), v, id, 1, "tea")}
}

func wantAllGone(t *testing.T, errs []error) {
	t.Helper()
	for i, err := range errs {
		if !errors.Is(err, domain.ErrShareNotFound) {
			t.Errorf("%d: got error %v", i, err)
		}
	}
}

func TestALinkOpensItsNoteUntilItIsRevoked(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "- [ ] milk")
	other := h.note("Other", "- [ ] secret")
	s, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	elsewhere := h.another()
	v := must(elsewhere.Open(t.Context(), secret, ""))(t)
	if got := must(elsewhere.Note(t.Context(), v, ""))(t); got.ID != n.ID {
		t.Errorf("it shows %v", got.Note)
	}
	wantAllGone(t, shown(t, elsewhere, v, other.ID))
	wantAllGone(t, shown(t, elsewhere, v, domain.NewID()))
	if _, err := elsewhere.Notes(t.Context(), v, "", 10); !errors.Is(err, domain.ErrShareNotFound) {
		t.Errorf("it lists notes: %v", err)
	}

	must(h.sharing().Revoke(t.Context(), owner, s.ID))(t)
	wantGone(t, elsewhere, secret)
	// What was under way comes in no more.
	wantAllGone(t, []error{elsewhere.Tick(t.Context(), v, "", 1, 1), elsewhere.AddLines(t.Context(), v, "", 1, "tea")})
	if got := h.get(n.ID); got.Content != n.Content || got.Version != n.Version {
		t.Errorf("the note says %q", got.Content)
	}
	_, err := h.sharing().Revoke(t.Context(), owner, s.ID)
	wantKind(t, err, domain.NotFound)
}

func TestWhatALinkOpensNoMoreIsToldFromNothingAtAllByNothing(t *testing.T) {
	h := newHouse(t)
	n, tagged := h.note("List", "- [ ] milk"), h.note("Book", "", "books")
	_, expiring := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareRead, Days: 1})
	renewed, replaced := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	_, ofTag := h.share(domain.ShareDraft{Tag: "books", Right: domain.ShareRead})
	_, ofNote := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	_, secret, err := h.sharing().Renew(t.Context(), owner, "", renewed.ID)
	must(0, err)(t)
	h.visit(secret)
	s := h.sharing()
	must(s.Note(t.Context(), h.visit(ofTag), tagged.ID))(t)
	before := h.visit(ofTag)

	h.clock.now = h.clock.now.AddDate(0, 0, 1)
	_, _, err = h.notes.Trash(t.Context(), owner, n.ID, nil)
	must(0, err)(t)
	must(h.Editing().Update(t.Context(), owner, tagged.ID, nil, domain.NoteDraft{Title: "Book", Tags: []domain.Tag{}}))(t)
	for _, gone := range []string{expiring, replaced, "", "x", ofNote[1:], domain.NewToken(), strings.Repeat("a", 26)} {
		wantGone(t, s, gone)
	}
	wantAllGone(t, shown(t, s, h.visit(ofNote), ""))
	wantAllGone(t, shown(t, s, before, tagged.ID))
	_, err = s.Notes(t.Context(), h.visit(ofTag), "", 10)
	wantAllGone(t, []error{err})

	must(h.notes.Restore(t.Context(), owner, n.ID, domain.Archived))(t)
	must(s.Note(t.Context(), h.visit(ofNote), ""))(t)
	_, _, err = h.notes.Trash(t.Context(), owner, n.ID, nil)
	must(0, err)(t)
	must(h.notes.Purge(t.Context(), owner, n.ID))(t)
	wantGone(t, s, ofNote)
}

func TestALinkOfATagShowsItsNotesAndNoOther(t *testing.T) {
	h := newHouse(t)
	var books []domain.Note
	for i := range 3 {
		books = append(books, h.note(fmt.Sprint("Book ", i), "- [ ] read", "books/novels"))
		h.clock.now = h.clock.now.Add(time.Second)
	}
	other := h.note("Diary", "- [ ] secret", "mine")
	archived := h.note("Old", "", "books")
	must(h.notes.Archive(t.Context(), owner, archived.ID, true))(t)
	_, secret := h.share(domain.ShareDraft{Tag: "Books", Right: domain.ShareTick})
	s, v := h.sharing(), h.visit(secret)
	page := must(s.Notes(t.Context(), v, "", 2))(t)
	rest := must(s.Notes(t.Context(), v, page.Next, 2))(t)
	if len(page.Notes) != 2 || len(rest.Notes) != 1 || page.Notes[0].ID != books[2].ID || rest.Notes[0].ID != books[0].ID || rest.Next != "" {
		t.Errorf("got %v and %v", page, rest)
	}
	must(s.Note(t.Context(), v, books[1].ID))(t)
	must(0, s.Tick(t.Context(), v, books[1].ID, 1, 1))(t)
	wantKind(t, s.AddLines(t.Context(), v, books[1].ID, 1, "more"), domain.Forbidden)
	wantAllGone(t, shown(t, s, v, other.ID))
	wantAllGone(t, shown(t, s, v, archived.ID))
	wantAllGone(t, shown(t, s, v, ""))
}

func TestALinkOpensWhatItsUserMayShareWhileTheyMay(t *testing.T) {
	h := newShared(t, domain.RoleEditor)
	bobs := accessTo(h.store, h.space, h.member)
	_, secret, err := h.sharing().Make(t.Context(), bobs, "", domain.ShareDraft{Note: h.note.ID, Right: domain.ShareRead})
	must(0, err)(t)
	elsewhere := h.another()
	opens := func(want bool) {
		t.Helper()
		if _, err := elsewhere.Open(t.Context(), secret, ""); (err == nil) != want {
			t.Errorf("it opens: %v", err)
		}
	}
	setRole := func(role domain.Role) {
		t.Helper()
		must(0, h.store.Spaces().SetMember(t.Context(), h.space, h.member, role, h.clock.now))(t)
	}
	opens(true)
	setRole(domain.RoleOwner)
	opens(true)
	user := must(h.store.Users().Get(t.Context(), h.member))(t)
	for _, disabled := range []bool{true, false} {
		user.Disabled = disabled
		must(0, h.store.Users().SetRights(t.Context(), user))(t)
		opens(!disabled)
	}
	for _, role := range []domain.Role{domain.RoleReader, domain.RoleContributor, ""} {
		setRole(domain.RoleEditor)
		_, secret, err = h.sharing().Make(t.Context(), bobs, "", domain.ShareDraft{Note: h.note.ID, Right: domain.ShareRead})
		must(0, err)(t)
		opens(true)
		if role == "" {
			must(0, h.store.Spaces().RemoveMember(t.Context(), h.space, h.member))(t)
		} else {
			setRole(role)
		}
		opens(false)
		setRole(domain.RoleEditor) // which doesn't bring it back
		opens(false)
	}
}

func TestASessionThatHasEndedSharesNothing(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "")
	s, _ := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	gone := domain.HashToken("a session that has ended")
	_, secret, err := h.sharing().Make(t.Context(), owner, gone, domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	wantKind(t, err, domain.Unauthenticated)
	_, renewed, err := h.sharing().Renew(t.Context(), owner, gone, s.ID)
	wantKind(t, err, domain.Unauthenticated)
	list := must(h.sharing().List(t.Context(), owner.Read()))(t)
	if secret != "" || renewed != "" || len(list) != 1 || list[0].Secret != s.Secret {
		t.Errorf("got %q, %q and %v", secret, renewed, list)
	}
}

func TestNothingIsSharedThatIsntThere(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "")
	_, _, err := h.notes.Trash(t.Context(), owner, n.ID, nil)
	must(0, err)(t)
	for draft, kind := range map[domain.ShareDraft]domain.Kind{
		{Note: domain.NewID()}: domain.NotFound, {Note: n.ID}: domain.Conflict, {Tag: "unused"}: domain.NotFound,
	} {
		draft.Right = domain.ShareRead
		_, secret, err := h.sharing().Make(t.Context(), owner, "", draft)
		if wantKind(t, err, kind); secret != "" {
			t.Errorf("%v: there is a link", draft)
		}
	}
}

func TestWhatComesInByALinkIsMarkedAndCounted(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "- [ ] milk\n- [ ] bread")
	share, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	s, v := h.sharing(), h.visit(secret)
	must(0, s.Tick(t.Context(), v, "", n.Version, 1))(t)
	must(0, s.AddLines(t.Context(), v, "", n.Version, "tea"))(t)
	if got := h.get(n.ID); got.Content != "- [x] milk\n- [ ] bread\n- [ ] tea" || got.Share != share.ID || got.Author != domain.OwnerID {
		t.Errorf("got %q by %q", got.Content, got.Share)
	}
	must(h.Editing().Update(t.Context(), owner, n.ID, nil, domain.NoteDraft{Title: "List", Content: "mine"}))(t)
	history := must(h.History().List(t.Context(), owner.Read(), n.ID, 0, 10))(t)
	var by []domain.ID
	for _, r := range history.Revisions {
		by = append(by, r.Share)
	}
	if want := []domain.ID{"", share.ID, share.ID, ""}; fmt.Sprint(by) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", by, want)
	}
	if list := must(s.List(t.Context(), owner.Read()))(t); list[0].Changes != 2 || list[0].Title != "List" {
		t.Errorf("got %+v", list)
	}
	// What has been undone before, or is taken back now, isn't the link's.
	must(h.History().Restore(t.Context(), owner, n.ID, history.Revisions[1].Version))(t)
	if got := h.get(n.ID); got.Share != "" {
		t.Errorf("what was brought back is marked by %q", got.Share)
	}
}

func TestVisitorsWhoTickAtOnceLoseNothing(t *testing.T) {
	h := newHouse(t)
	const boxes = 8
	var list strings.Builder
	for i := range boxes {
		fmt.Fprintf(&list, "- [ ] x%d\n", i)
	}
	n := h.note("List", list.String())
	_, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	var wg sync.WaitGroup
	for i := range boxes {
		wg.Go(func() {
			s := h.another()
			v, err := s.Open(t.Context(), secret, "")
			if err == nil {
				err = errors.Join(s.Tick(t.Context(), v, "", n.Version, i+1), s.AddLines(t.Context(), v, "", n.Version, fmt.Sprint("line ", i)))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := h.get(n.ID).Content
	if strings.Count(got, "- [x] x") != boxes || strings.Count(got, "- [ ] line ") != boxes {
		t.Errorf("got %q", got)
	}
}

func TestTheSameFormTwiceComesInOnce(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "- [ ] milk")
	_, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	s, v := h.sharing(), h.visit(secret)
	for range 2 {
		must(0, s.Tick(t.Context(), v, "", n.Version, 1))(t)
	}
	n = h.get(n.ID)
	for range 2 {
		must(0, s.AddLines(t.Context(), v, "", n.Saved, "tea\r\n"))(t)
	}
	want := "- [x] milk\n- [ ] tea"
	if got := h.get(n.ID).Content; got != want {
		t.Errorf("got %q", got)
	}
	must(0, s.AddLines(t.Context(), v, "", h.get(n.ID).Saved, "tea"))(t) // by somebody who has seen the first
	if got := h.get(n.ID).Content; got != want+"\n- [ ] tea" {
		t.Errorf("got %q", got)
	}
}

func TestALinkFillsNoDisk(t *testing.T) {
	h := newHouse(t)
	n := h.note("Long", strings.Repeat("x", domain.MaxContent-100))
	_, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	s, v := h.sharing(), h.visit(secret)
	add := func() error { return s.AddLines(t.Context(), v, "", h.get(n.ID).Saved, "x") }
	count := 0
	for ; add() == nil; count++ {
	}
	wantKind(t, add(), domain.TooMany)
	if revisions := must(h.History().List(t.Context(), owner.Read(), n.ID, 0, 100))(t).Revisions; len(revisions) != count+1 || count > 20 {
		t.Errorf("%d revisions after %d lines", len(revisions), count)
	}
	h.clock.now = h.clock.now.Add(domain.TriesWindow)
	must(0, add())(t)
	wantKind(t, s.AddLines(t.Context(), v, "", n.Version, strings.Repeat("x", 200)), domain.Invalid) // there is no room
}

func TestAPasswordIsTriedSoOftenAndNoMore(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "")
	share, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareRead, Password: secretWords})
	s := h.sharing()
	from := func(n int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, byte(n)}) }
	_, err := s.Open(t.Context(), secret, "")
	wantKind(t, err, domain.Unauthenticated)
	pass, _, err := s.Unlock(t.Context(), secret, secretWords, from(1))
	must(0, err)(t)
	must(h.another().Open(t.Context(), secret, pass))(t)
	for range 10 {
		_, _, err := s.Unlock(t.Context(), secret, "wrong", from(1))
		wantKind(t, err, domain.Unauthenticated)
	}
	// Those who try are told apart by where they come from, on every instance.
	_, _, err = h.another().Unlock(t.Context(), secret, secretWords, from(1))
	wantKind(t, err, domain.TooMany)
	_, _, err = s.Unlock(t.Context(), secret, secretWords, from(2))
	must(0, err)(t)
	must(s.Open(t.Context(), secret, pass))(t) // who is in stays in

	_, another, err := s.Renew(t.Context(), owner, "", share.ID)
	must(0, err)(t)
	if _, err := s.Open(t.Context(), another, pass); !errors.Is(err, domain.ErrShareLocked) {
		t.Errorf("a new link is open: %v", err)
	}
	_, _, err = s.Unlock(t.Context(), secret, secretWords, from(3))
	wantKind(t, err, domain.NotFound)
}

func TestAFileIsSeenByALinkWhereItsNoteShowsIt(t *testing.T) {
	h := newHouse(t)
	upload := func(name string) domain.File {
		return must(h.Files().Upload(t.Context(), owner, name, "image/png", strings.NewReader(name)))(t)
	}
	addressed, named, other := upload("a.png"), upload("b.png"), upload("c.png")
	n := h.note("Pictures", addressed.Markdown()+"\n\n![[b.png]] [[Other]]\n")
	h.note("Other", other.Markdown())
	_, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	s, v := h.sharing(), h.visit(secret)
	for _, f := range []domain.File{addressed, named} {
		got, content, err := s.File(t.Context(), v, "", f.Hash)
		must(0, err)(t)
		must(0, content.Close())(t)
		if got.Hash != f.Hash {
			t.Errorf("got %v", got)
		}
	}
	if _, _, err := s.File(t.Context(), v, "", other.Hash); !errors.Is(err, domain.ErrShareNotFound) {
		t.Errorf("the file of another note: %v", err)
	}
	if shown := must(s.Note(t.Context(), v, ""))(t); shown.Targets.Titles["Other"].Note.ID != "" {
		t.Error("it tells of another note")
	}
	// Nor is it by being named there.
	for _, lines := range []string{"![[c.png]]", other.Markdown(), "[x]: /files/" + string(other.Hash)} {
		wantKind(t, s.AddLines(t.Context(), v, "", n.Version, lines), domain.Invalid)
	}
	if got := h.get(n.ID); got.Version != n.Version {
		t.Errorf("the note says %q", got.Content)
	}
}

// countedShares counts how often visits are stored.
type countedShares struct {
	domain.ShareLinks
	times *int
}

func (s countedShares) CountVisits(ctx context.Context, visits map[domain.ID]domain.ShareVisits) error {
	*s.times++
	return s.ShareLinks.CountVisits(ctx, visits)
}

type visitStore struct {
	domain.Store
	times int
}

func (s *visitStore) ShareLinks() domain.ShareLinks {
	return countedShares{s.Store.ShareLinks(), &s.times}
}

func TestNoVisitWritesAndAllAreCounted(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "")
	_, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	store := &visitStore{Store: h.store}
	s := app.New(store, new(memory.Blobs), h.clock).Sharing(newAccounts(store, h.clock, keys))
	v := must(s.Open(t.Context(), secret, ""))(t)
	for range 3 {
		s.Visited(v)
	}
	want := func(visits, times int) {
		t.Helper()
		list := must(s.List(t.Context(), owner.Read()))(t)
		if list[0].Visits != visits || store.times != times {
			t.Errorf("%d visits, stored %d times", list[0].Visits, store.times)
		}
	}
	want(0, 0)
	for range 2 {
		must(0, s.StoreVisits(t.Context()))(t)
		want(3, 1)
	}
	if day := must(s.List(t.Context(), owner.Read()))(t)[0].Visited; day != time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC) {
		t.Errorf("the last one was on %v", day)
	}
}

func TestALinkOfATagFollowsItsNameAndComesBackWithIt(t *testing.T) {
	h := newHouse(t)
	h.note("Emma", "", "books/Novels")
	n := h.note("List", "", "lists")
	_, ofTag := h.share(domain.ShareDraft{Tag: "books/novels", Right: domain.ShareRead})
	_, ofOther := h.share(domain.ShareDraft{Tag: "lists", Right: domain.ShareRead})
	revoked, _ := h.share(domain.ShareDraft{Tag: "books", Right: domain.ShareRead})
	shows := func(want domain.Tag) {
		t.Helper()
		v := h.visit(ofTag)
		page := must(h.sharing().Notes(t.Context(), v, "", 10))(t)
		if len(page.Notes) != 1 || page.Notes[0].Title != "Emma" || v.Share().Tag != want {
			t.Errorf("the link of %s shows %v", v.Share().Tag, page.Notes)
		}
		must(h.sharing().Note(t.Context(), h.visit(ofOther), n.ID))(t)
	}
	renamed := must(h.Tags().Rename(t.Context(), owner, "books", "Library", false))(t)
	shows("Library/novels")
	must(h.sharing().Revoke(t.Context(), owner, revoked.ID))(t)
	must(h.Bulk().Undo(t.Context(), owner, renamed.Undo))(t)
	shows("books/novels")
}

func TestAnExpiredLinkIsntRenewed(t *testing.T) {
	h := newHouse(t)
	s, _ := h.share(domain.ShareDraft{Note: h.note("List", "").ID, Right: domain.ShareRead, Days: 1})
	h.clock.now = h.clock.now.AddDate(0, 0, 1)
	_, _, err := h.sharing().Renew(t.Context(), owner, "", s.ID)
	wantKind(t, err, domain.Conflict)
}

func TestLinesByALinkAddNoTag(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "tea #shopping", "home")
	_, secret := h.share(domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	s, v := h.sharing(), h.visit(secret)
	wantKind(t, s.AddLines(t.Context(), v, "", n.Version, "milk #secret"), domain.Invalid)
	must(0, s.AddLines(t.Context(), v, "", n.Version, "#1 milk #Shopping, #home"))(t)
	if got := h.get(n.ID); got.Version != n.Version+1 {
		t.Errorf("the note says %q", got.Content)
	}
}

func TestALinkOfATagThatIsMergedShowsNoNotesOfTheOther(t *testing.T) {
	h := newHouse(t)
	h.note("Cake", "", "party")
	h.note("Salary", "", "work")
	_, secret := h.share(domain.ShareDraft{Tag: "party", Right: domain.ShareRead})
	merged := must(h.Tags().Rename(t.Context(), owner, "party", "work", true))(t)
	if page, err := h.sharing().Notes(t.Context(), h.visit(secret), "", 10); !errors.Is(err, domain.ErrShareNotFound) {
		t.Errorf("it shows %v, %v", page.Notes, err)
	}
	must(h.Bulk().Undo(t.Context(), owner, merged.Undo))(t)
	page := must(h.sharing().Notes(t.Context(), h.visit(secret), "", 10))(t)
	if len(page.Notes) != 1 || page.Notes[0].Title != "Cake" {
		t.Errorf("it shows %v", page.Notes)
	}
}

func TestUndoingAnOlderNameLeavesALinkWithTheLatest(t *testing.T) {
	h := newHouse(t)
	h.note("Emma", "", "books")
	_, secret := h.share(domain.ShareDraft{Tag: "books", Right: domain.ShareRead})
	first := must(h.Tags().Rename(t.Context(), owner, "books", "novels", false))(t)
	must(h.Tags().Rename(t.Context(), owner, "novels", "library", false))(t)
	must(h.Bulk().Undo(t.Context(), owner, first.Undo))(t)
	if tag := h.visit(secret).Share().Tag; tag != "library" {
		t.Errorf("it is of %s", tag)
	}
}

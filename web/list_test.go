package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
	"octavo/web"
)

// tagged stores a note with tags and returns it.
func (s *site) tagged(title string, tags ...domain.Tag) domain.Note {
	s.t.Helper()
	n, err := s.notes.Create(s.t.Context(), s.owner, domain.NoteDraft{Title: title, Tags: tags})
	if err != nil {
		s.t.Fatal(err)
	}
	s.clock.advance(time.Second)
	return n
}

// texts returns the texts of all elements that the selector finds.
func (a answer) texts(selector string) string {
	a.t.Helper()
	var all []string
	a.page().Find(selector).Each(func(_ int, s selection) { all = append(all, strings.Join(strings.Fields(s.Text()), " ")) })
	return strings.Join(all, ", ")
}

func (a answer) attr(selector, name string) string {
	a.t.Helper()
	return a.page().Find(selector).First().AttrOr(name, "none")
}

// choose sends the form that does something with many notes.
func (s *site) choose(fields url.Values, options ...option) answer {
	s.t.Helper()
	return s.do(http.MethodPost, "/notes/bulk", formType, fields.Encode(), options...)
}

func TestAListByTagShowsTheNotesWithItAndWithTagsBelowIt(t *testing.T) {
	s := newSite(t)
	s.tagged("Taxes", "work/money", "todo")
	s.tagged("Standup", "Work")
	s.tagged("Other", "workshop")
	s.note("Written", "in the text: #work/home/desk")

	page := s.get("/notes?tag=work").wantStatus(http.StatusOK)
	wantEqual(t, page.text("h1"), "#work")
	wantEqual(t, page.texts("#cards h2"), "Written, Standup, Taxes")
	wantEqual(t, page.texts("nav.chips a"), "#work/home 1, #work/money 1")
	wantEqual(t, page.attr("nav.chips a", "href"), "/notes?tag=work%2Fhome")
	wantEqual(t, page.attr(".clear", "href"), "/notes")
	wantEqual(t, page.page().Find("#capture").Length(), 0)

	wantEqual(t, s.get("/notes?tag=work%2Fmoney").texts("#cards h2"), "Taxes")
	wantEqual(t, s.get("/notes?tag=%23WORK%2FMONEY").texts("#cards h2"), "Taxes")
	none := s.get("/notes?tag=nothing").wantStatus(http.StatusOK)
	wantEqual(t, none.texts(".empty-title"), "No notes with this tag")
	s.get("/notes?tag=no+tag").wantStatus(http.StatusUnprocessableEntity)
}

func TestAListByTagIsPagedAndStaysByTag(t *testing.T) {
	s := newSite(t)
	for i := range 23 {
		s.tagged(fmt.Sprintf("In %02d", i), "a/b")
		s.tagged(fmt.Sprintf("Out %02d", i))
	}
	more := s.get("/notes?tag=a").attr(".more a", "href")
	wantEqual(t, s.get(more).texts("#cards h2"), "In 02, In 01, In 00")
	wantEqual(t, s.get(more, htmx("")).texts("h2"), "In 02, In 01, In 00")
}

func TestACardShowsItsTagsWhichLeadToTheirNotes(t *testing.T) {
	s := newSite(t)
	s.tagged("Few", "work/home", "日本")
	card := s.get("/notes")
	wantEqual(t, card.texts(".card .chips a"), "#work/home, #日本")
	wantEqual(t, card.attr(".card .chips a", "href"), "/notes?tag=work%2Fhome")
	s.get(card.attr(".card .chips a:last-child", "href")).wantStatus(http.StatusOK)

	n := s.tagged("Many", "a", "b", "c", "d", "e", "f", "g", "h")
	wantEqual(t, s.get("/notes").texts("#note-"+string(n.ID)+" .chips > *"), "#a, #b, #c, #d, #e, #f, +2 more")
	s.post(noteURL(n) + "/archive")
	wantEqual(t, s.get("/notes?view=archived").attr(".card .chips a", "href"), "/notes?tag=a&view=archived")
}

func TestThePinOfACardIsToggledInItsPlace(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	url := noteURL(n)
	wantEqual(t, s.get("/notes").attr(".card form[action$=pin]", "action"), url+"/pin")

	pinned := s.postWith(url+"/pin", []option{htmx("")}).wantStatus(http.StatusOK)
	wantEqual(t, pinned.attr(".card form[action$=pin]", "action"), url+"/unpin")
	wantEqual(t, pinned.attr("[autofocus]", "aria-label"), "Unpin")
	wantEqual(t, pinned.text("hx-partial"), "Note pinned.")
	if !s.stored(n.ID).Pinned {
		t.Error("the note isn't pinned")
	}
	unpinned := s.postWith(url+"/unpin", []option{htmx("")}).wantStatus(http.StatusOK)
	wantEqual(t, unpinned.attr("[autofocus]", "aria-label"), "Pin")
}

func TestArchivingACardOffersUndoInItsPlace(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	for _, tt := range []struct {
		action, undo, happened string
		state                  domain.NoteState
	}{
		{"/archive", "/unarchive", "“Plan” archived.", domain.Archived},
		{"/unarchive", "/archive", "“Plan” moved out of the archive.", domain.Active},
	} {
		gone := s.postWith(noteURL(n)+tt.action, []option{htmx("")}).wantStatus(http.StatusOK)
		wantEqual(t, gone.text(".gone p"), tt.happened)
		wantEqual(t, gone.attr("form", "hx-post"), noteURL(n)+tt.undo)
		wantEqual(t, s.stored(n.ID).State, tt.state)

		undo := gone.attr("[name=undo]", "value")
		back := s.postWith(noteURL(n)+tt.undo, []option{htmx("")}, "undo", undo).wantStatus(http.StatusOK)
		wantEqual(t, back.texts(".card h2"), "Plan")
		s.post(noteURL(n) + tt.action)
	}
}

func TestTheArchiveIsAListOfItsOwn(t *testing.T) {
	s := newSite(t)
	n := s.note("Old", "")
	s.note("New", "")
	s.post(noteURL(n) + "/archive")
	page := s.get("/notes?view=archived").wantStatus(http.StatusOK)
	wantEqual(t, page.texts("#cards h2"), "Old")
	wantEqual(t, page.text("[aria-current=page]"), "Archive")
	wantEqual(t, page.page().Find(".card form[action$=unarchive]").Length(), 1)
	wantEqual(t, s.get("/notes").texts("#cards h2"), "New")
}

func TestTheTrashSaysWhenANoteWasDeletedAndWhenItGoesForGood(t *testing.T) {
	s := newSite(t)
	early, late := s.note("Early", ""), s.note("Late", "")
	s.post(noteURL(late) + "/trash")
	s.clock.advance(10 * 24 * time.Hour)
	s.post(noteURL(early) + "/trash")
	s.comeBack()
	s.clock.advance(time.Hour)

	page := s.get("/notes?view=trash")
	wantEqual(t, page.texts("#cards h2"), "Early, Late") // the last deleted first
	wantEqual(t, page.texts(".going"), "Deleted 13 Feb 2026, 04:05 UTCWill be deleted permanently in 30 days, "+
		"Deleted 3 Feb 2026, 04:05 UTCWill be deleted permanently in 20 days")
	for range 2 { // in between somebody looks, as sessions end when nobody does
		s.clock.advance(9*24*time.Hour + 18*time.Hour)
		s.comeBack()
	}
	if going := s.get("/notes?view=trash").texts(".going"); !strings.HasSuffix(going, "Will be deleted permanently within a day") {
		t.Errorf("the trash says %q", going)
	}
}

func TestDraftsAreToldOfAboveTheListAndWhatWasCapturedStandsInTheBox(t *testing.T) {
	s := newSite(t)
	key := s.get("/notes").attr("#capture [name=draft]", "value")
	s.post("/drafts/"+key, "content", "Half a thought\nmore", "capture", "1").wantStatus(http.StatusNoContent)
	page := s.get("/notes")
	wantEqual(t, page.text("#capture-content"), "Half a thought more")
	wantEqual(t, page.page().Find(".draft-hint").Length(), 0)
	if page.attr("#capture [name=draft]", "value") == key {
		t.Error("two forms have the same draft")
	}
	s.post("/drafts/"+string(domain.NewID()), "content", "Typed elsewhere").wantStatus(http.StatusNoContent)
	page = s.get("/notes")
	wantEqual(t, page.text(".draft-hint a"), "1 unsaved draft")
	wantEqual(t, page.attr(".draft-hint a", "href"), "/drafts")
	wantEqual(t, s.get("/notes?tag=x").page().Find(".draft-hint").Length(), 0)
	wantEqual(t, s.get("/drafts").texts(".drafts a"), "Typed elsewhere, Half a thought")

	for range 2 { // as when the first answer got lost
		s.post("/notes", "content", "Half a thought\nmore", "draft", page.attr("#capture [name=draft]", "value"),
			"continues", page.attr("#capture [name=continues]", "value")).wantStatus(http.StatusSeeOther)
	}
	wantEqual(t, s.titles(domain.Active), "Half a thought")
	wantEqual(t, s.get("/notes").text("#capture-content"), "")
	s.post("/drafts/discard")
	wantEqual(t, s.get("/notes").page().Find(".draft-hint").Length(), 0)
}

func TestManyNotesAreChosenAndChangedAtOnceWithoutScripts(t *testing.T) {
	s := newSite(t)
	for _, title := range []string{"One", "Two", "Three"} {
		s.tagged(title, "x")
	}
	page := s.get(s.get("/notes?tag=x").attr("a.select", "href")).wantStatus(http.StatusOK)
	fields := url.Values{"back": {page.attr("#bulk [name=back]", "value")}, "action": {"archive"}}
	page.page().Find("#bulk [name=id]").Each(func(i int, box selection) {
		if label := page.texts("label[for=" + box.AttrOr("id", "?") + "]"); label == "Two" || label == "Three" {
			fields.Add("id", box.AttrOr("value", ""))
		}
	})
	done := s.choose(fields).wantRedirect("/notes?tag=x")
	wantEqual(t, s.titles(domain.Active), "One")
	after := s.after(done)
	wantEqual(t, after.text("#notices p"), "2 notes archived.")
	s.undo(after)
	wantEqual(t, s.titles(domain.Active), "Three, Two, One")
}

func TestTheTrashIsEmptiedOfWhatItsPageShowed(t *testing.T) {
	s := newSite(t)
	trash := func(title string) {
		s.clock.advance(time.Second)
		s.post("/notes/" + string(s.note(title, "").ID) + "/trash")
	}
	wantEqual(t, s.get("/notes?view=trash").page().Find(".emptying").Length(), 0)
	s.note("Kept", "")
	pinned := s.note("One", "").ID // comes first in the list
	s.post("/notes/" + string(pinned) + "/pin")
	s.post("/notes/" + string(pinned) + "/trash")
	trash("Two")
	page := s.get("/notes?view=trash")
	s.clock.advance(time.Second)
	trash("Late")
	done := s.post(page.attr(".emptying form", "action"), "until", page.attr(".emptying [name=until]", "value"))
	wantEqual(t, s.after(done.wantRedirect("/notes?view=trash")).text("#notices p"), "2 notes deleted permanently.")
	wantEqual(t, s.titles(domain.Trashed), "Late")
	wantEqual(t, s.titles(domain.Active), "Kept")
}

func TestEachListOffersWhatCanBeDoneWithItsNotes(t *testing.T) {
	s := newSite(t)
	archived, trashed := s.note("Archived", ""), s.note("Trashed", "")
	s.note("Active", "")
	s.post(noteURL(archived) + "/archive")
	s.post(noteURL(trashed) + "/trash")
	for view, want := range map[string]string{
		"":         "Add tag, Remove tag, Archive, Pin, Unpin, Move to trash",
		"archived": "Add tag, Remove tag, Unarchive, Pin, Unpin, Move to trash",
		"trash":    "Restore",
	} {
		wantEqual(t, s.get("/notes?select=1&view="+view).texts(".bulk button"), want)
	}
}

func TestAllNotesOnAPageAreChosenByALink(t *testing.T) {
	s := newSite(t)
	for i := range 22 {
		s.note(fmt.Sprint(i), "")
	}
	page := s.get("/notes?select=1")
	wantEqual(t, page.page().Find("[name=id][checked]").Length(), 0)
	all := s.get(page.attr("a.all", "href"))
	wantEqual(t, all.page().Find("[name=id][checked]").Length(), 20)
	next := s.get(all.attr(".more a", "href"), htmx(""))
	wantEqual(t, next.page().Find("[name=id]").Length(), 2) // which can be chosen too
}

func TestManyNotesAreTagged(t *testing.T) {
	s := newSite(t)
	n := s.note("One", "")
	fields := url.Values{"id": {string(n.ID)}, "action": {"tag"}, "tag": {"work/home"}, "back": {"/notes"}}
	s.choose(fields).wantRedirect("/notes")
	wantEqual(t, string(s.stored(n.ID).Tags[0]), "work/home")
	again := s.after(s.choose(fields).wantRedirect("/notes"))
	wantEqual(t, again.text("#notices p"), "Nothing to change.")
}

func TestWhatCanNotBeDoneWithManyNotesKeepsThemChosen(t *testing.T) {
	s := newSite(t)
	one := s.note("One", "")
	s.note("Two", "")
	for _, tt := range []struct{ fields, message string }{
		{"action=tag&tag=not+a+tag&id=" + string(one.ID), "“not a tag” isn’t a tag"},
		{"action=explode&id=" + string(one.ID), "Choose an action"},
		{"action=archive&id=nonsense", "Select at least one note."},
		{"action=archive", "Select at least one note."},
	} {
		fields, err := url.ParseQuery(tt.fields)
		if err != nil {
			t.Fatal(err)
		}
		page := s.choose(fields).wantStatus(http.StatusUnprocessableEntity)
		if !strings.Contains(page.text("#bulk-error"), tt.message) {
			t.Errorf("%s: %s", tt.fields, page.text("#bulk-error"))
		}
		chosen := page.page().Find("[name=id][checked]")
		if want := fields.Get("id") == string(one.ID); (chosen.Length() == 1) != want {
			t.Errorf("%s: %d are chosen", tt.fields, chosen.Length())
		}
		wantEqual(t, page.attr("#bulk-tag", "value"), fields.Get("tag"))
	}
	if s.stored(one.ID).Version != 1 {
		t.Error("the note has been changed")
	}
}

func TestChoosingLeadsBackIntoTheAppAlone(t *testing.T) {
	s := newSite(t)
	n := s.note("One", "")
	action := "pin"
	for back, want := range map[string]string{
		"/notes?view=archived&tag=a":            "/notes?tag=a&view=archived",
		"https://evil.example/notes?tag=a":      "/notes?tag=a",
		"//evil.example":                        "/notes",
		`/\evil.example`:                        "/notes",
		"javascript:alert(1)":                   "/notes",
		"/notes?view=nonsense":                  "/notes",
		"":                                      "/notes",
		"/notes?x=%0d%0aSet-Cookie:%20a=b&tag=": "/notes",
	} {
		s.choose(url.Values{"id": {string(n.ID)}, "action": {action}, "back": {back}}).wantRedirect(want)
		action = map[string]string{"pin": "unpin", "unpin": "pin"}[action]
	}
}

func TestSomebodyElsesNotesAreNotChanged(t *testing.T) {
	s := newSite(t)
	stranger := s.stranger()
	theirs, err := s.notes.Create(t.Context(), stranger, domain.NoteDraft{Title: "Theirs"})
	if err != nil {
		t.Fatal(err)
	}
	s.choose(url.Values{"id": {string(theirs.ID)}, "action": {"trash"}}).wantRedirect("/notes")
	n, err := s.notes.Get(t.Context(), stranger.Read(), theirs.ID)
	if err != nil || n.State != domain.Active {
		t.Errorf("got %v, %v", n.State, err)
	}
}

// asked counts how often repositories are asked for: once for each query outside of a transaction.
type asked struct {
	domain.Store
	names *[]string
}

func (a asked) note(name string) { *a.names = append(*a.names, name) }

func (a asked) Sessions() domain.Sessions { return askedSessions{a.Store.Sessions(), a} }

type askedSessions struct {
	domain.Sessions
	asked
}

func (s askedSessions) Get(ctx context.Context, token domain.TokenHash) (domain.Session, error) {
	s.note("sessions")
	return s.Sessions.Get(ctx, token)
}

func (s askedSessions) Admit(ctx context.Context, token domain.TokenHash) (domain.Session, domain.Membership, error) {
	s.note("admission")
	return s.Sessions.Admit(ctx, token)
}

func (s askedSessions) AdmitTo(ctx context.Context, token domain.TokenHash, space domain.ID) (domain.Session, domain.Membership, error) {
	s.note("admission")
	return s.Sessions.AdmitTo(ctx, token, space)
}

func (a asked) ReadNotes(access domain.ReadAccess) domain.NoteReader {
	a.note("notes")
	return a.Store.ReadNotes(access)
}

func (a asked) Tags(access domain.ReadAccess) domain.Tags {
	a.note("tags")
	return a.Store.Tags(access)
}

func (a asked) Links(access domain.ReadAccess) domain.Links {
	a.note("links")
	return a.Store.Links(access)
}

func (a asked) Index(access domain.ReadAccess) domain.Index {
	a.note("index")
	return a.Store.Index(access)
}

func (a asked) ReadDrafts(access domain.ReadAccess) domain.DraftReader {
	a.note("drafts")
	return a.Store.ReadDrafts(access)
}

func (a asked) ReadSearches(access domain.ReadAccess) domain.SearchReader {
	a.note("searches")
	return a.Store.ReadSearches(access)
}

func (a asked) ReadRevisions(access domain.ReadAccess) domain.RevisionReader {
	a.note("revisions")
	return a.Store.ReadRevisions(access)
}

func (a asked) ReadUndos(access domain.ReadAccess) domain.UndoReader {
	a.note("undos")
	return a.Store.ReadUndos(access)
}

func (a asked) Spaces() domain.Spaces { return askedSpaces{a.Store.Spaces(), a} }

type askedSpaces struct {
	domain.Spaces
	asked
}

func (s askedSpaces) Membership(ctx context.Context, space, user domain.ID) (domain.Membership, error) {
	s.note("membership")
	return s.Spaces.Membership(ctx, space, user)
}

func (a asked) Users() domain.Users { return askedUsers{a.Store.Users(), a} }

type askedUsers struct {
	domain.Users
	asked
}

func (u askedUsers) Get(ctx context.Context, id domain.ID) (domain.User, error) {
	u.note("users")
	return u.Users.Get(ctx, id)
}

func (a asked) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	a.note("transaction")
	return a.Store.Atomically(ctx, fn)
}

func TestAListCostsAsManyQueriesWhateverIsInIt(t *testing.T) {
	var cfg web.Config
	s := newSite(t, func(c *web.Config) { cfg = *c })
	var names []string
	store := asked{s.store, &names}
	cfg.App = app.New(store, &memory.Blobs{}, s.clock)
	cfg.Accounts = app.NewAccounts(store, s.clock, s.keys())
	s.handler = web.New(cfg)
	for i := range 25 {
		n := s.tagged(fmt.Sprint(i), "a", "a/b", domain.Tag(fmt.Sprint("a/c", i)))
		if i > 20 {
			s.post(noteURL(n) + "/trash")
		}
		s.post("/searches", "q", fmt.Sprint(i))
	}
	s.get("/search") // which reads the saved searches, for all pages
	for path, want := range map[string]string{
		"/notes":               "admission notes",
		"/notes?view=archived": "admission notes",
		"/notes?view=trash":    "admission notes",
		"/notes?select=1":      "admission notes index",
		"/notes?tag=a":         "admission notes tags",
		"/tags":                "admission tags",
		"/search":              "admission",
		"/complete/tags?q=a":   "admission tags",
		"/complete/titles?q=1": "admission links index",
		"/complete/titles?q=":  "admission index",
	} {
		names = nil
		s.get(path).wantStatus(http.StatusOK)
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s asks for %s, not %s", path, got, want)
		}
	}
	names = nil
	s.get("/notes", htmx(""))
	wantEqual(t, strings.Join(names, " "), "admission notes")

	linked := s.note("Linked", "")
	s.note("Linking", "to [[Linked]]")
	names = nil
	s.get(noteURL(s.note("Both", "to [[Linked]], [[nothing]] and [[another]]")))
	s.get(noteURL(linked))
	wantEqual(t, strings.Join(names, " "), "admission notes links admission notes links")

	s.post("/searches", "q", "one more")
	s.post("/drafts/"+string(domain.NewID()), "content", "typed")
	for _, want := range []string{"admission notes drafts searches", "admission notes drafts"} {
		names = nil
		s.get("/notes")
		wantEqual(t, strings.Join(names, " "), want)
	}
}

func TestAPageIsSmallWithAllThatItLoads(t *testing.T) {
	s := newSite(t)
	var n domain.Note
	for range 20 {
		n = s.note("What the river house needs", strings.Repeat("We walked along the river. ", 8)+"#river/house")
	}
	gzip := header("Accept-Encoding", "gzip")
	for _, path := range []string{"/notes", "/search?q=river", "/tags", noteURL(n), noteURL(n) + "/edit", "/notes/new"} {
		total := len(s.get(path, gzip).wantStatus(http.StatusOK).body)
		s.get(path).page().Find("script[src], link[href]").Each(func(_ int, element selection) {
			url := element.AttrOr("src", element.AttrOr("href", ""))
			total += len(s.get(url, gzip).wantStatus(http.StatusOK).body)
		})
		if total > 60_000 {
			t.Errorf("%s takes %d bytes", path, total)
		}
		t.Logf("%s: %d bytes", path, total)
	}
}

func TestTheAddressOfAListRemembersHowMuchOfItWasLoaded(t *testing.T) {
	s := newSite(t)
	for i := range 45 {
		s.tagged(fmt.Sprintf("Note %02d", i), "work")
	}
	const list = "/notes?sort=title&tag=work"
	more := s.get(list).attr(".more a", "hx-get")
	from := func(url string) string {
		return s.get(more, htmx("more"), header("HX-Current-URL", "http://"+testHost+url)).wantStatus(http.StatusOK).Header.Get("HX-Replace-Url")
	}
	wantEqual(t, from(list), "/notes?pages=2&sort=title&tag=work")
	wantEqual(t, from(list+"&pages=2"), "/notes?pages=3&sort=title&tag=work")
	wantEqual(t, from(list+"&pages=10"), "/notes?pages=10&sort=title&tag=work") // what is beyond is loaded again by scrolling
	wantEqual(t, from("/search?q=tea"), "")

	for _, test := range []struct {
		pages string
		cards int
		last  string
	}{{"1", 20, "Note 19"}, {"2", 40, "Note 39"}, {"3", 45, "Note 44"}, {"-1", 20, "Note 19"}, {"x", 20, "Note 19"}} {
		page := s.get(list + "&pages=" + test.pages).wantStatus(http.StatusOK).page()
		wantEqual(t, page.Find("#cards .card").Length(), test.cards)
		wantEqual(t, page.Find("#cards .card h2").Last().Text(), test.last)
		wantEqual(t, page.Find("#cards .more").Length() == 1, test.cards < 45)
	}
	choosing := s.get(list + "&pages=2&select=1")
	wantEqual(t, s.get(choosing.attr(".all", "href")).page().Find("#cards .card").Length(), 40)
	two := s.tagOf(list + "&pages=2")
	unchanged, _ := s.again(list+"&pages=2", two)
	wantEqual(t, unchanged, true)
	s.post(noteURL(s.named("Note 30")), "title", "Note 30", "content", "another", "version", "1").wantStatus(http.StatusSeeOther)
	unchanged, _ = s.again(list+"&pages=2", two)
	wantEqual(t, unchanged, false)
}

func TestNobodyIsShownMoreOfAListThanTenPages(t *testing.T) {
	s := newSite(t)
	for i := range 210 {
		s.tagged(fmt.Sprintf("Note %03d", i))
	}
	page := s.get("/notes?pages=1000000").wantStatus(http.StatusOK).page()
	wantEqual(t, page.Find("#cards .card").Length(), 200)
	wantEqual(t, page.Find("#cards .more").Length(), 1)
}

func TestAListSaysHowManyNotesItHas(t *testing.T) {
	s := newSite(t)
	s.tagged("Alone", "few")
	for i := range 25 {
		s.tagged(fmt.Sprintf("Note %02d", i), "work")
	}
	archived := s.tagged("Old", "work")
	s.post(noteURL(archived) + "/archive").wantStatus(http.StatusSeeOther)

	for list, want := range map[string]string{
		"/notes": "26 notes", "/notes?tag=work": "25 notes", "/notes?tag=few": "1 note", "/notes?view=archived": "1 note",
	} {
		page := s.get(list).wantStatus(http.StatusOK)
		url := page.attr(".list-count", "hx-get")
		if page.page().Find(".more").Length() > 0 { // so that this page doesn't count them all
			wantEqual(t, page.text(".list-count"), "Count the notes")
			wantEqual(t, page.attr(".list-count", "hx-trigger"), "load, recount")
			wantEqual(t, page.attr(".list-count a", "href"), url)
		} else {
			wantEqual(t, page.text(".list-count"), want)
		}
		wantEqual(t, s.get(url).wantStatus(http.StatusOK).text(".list-count"), want) // without scripts
		part := s.get(url, htmx("count")).wantStatus(http.StatusOK)
		wantEqual(t, part.text(".list-count"), want)
		wantEqual(t, part.page().Find("main, .card").Length(), 0)
	}
}

func TestAPageWithACountIsAnotherOneWhenTheCountIs(t *testing.T) {
	s := newSite(t)
	for i := range 30 {
		s.tagged(fmt.Sprintf("Note %02d", i), "work")
	}
	tag := s.tagOf("/notes?count=true&tag=work")
	unchanged, _ := s.again("/notes?count=true&tag=work", tag)
	wantEqual(t, unchanged, true)
	s.post(noteURL(s.named("Note 00")) + "/archive").wantStatus(http.StatusSeeOther) // which the first page doesn't show
	unchanged, _ = s.again("/notes?count=true&tag=work", tag)
	wantEqual(t, unchanged, false)
}

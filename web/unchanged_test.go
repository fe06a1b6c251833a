package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/web"
)

// again asks for a page that a browser has already, and returns whether it was told to keep that.
func (s *site) again(path, tag string, options ...option) (unchanged bool, got answer) {
	s.t.Helper()
	got = s.get(path, append(options, header("If-None-Match", tag))...)
	if got.StatusCode != http.StatusNotModified {
		got.wantStatus(http.StatusOK)
	}
	return got.StatusCode == http.StatusNotModified, got
}

func (s *site) tagOf(path string) string {
	s.t.Helper()
	tag := s.get(path).wantStatus(http.StatusOK).Header.Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) {
		s.t.Fatalf("%s has the ETag %q", path, tag)
	}
	return tag
}

func TestANoticeIsNotShownAgainWithAPageThatHasNotChanged(t *testing.T) {
	s := newSite(t)
	n := s.note("Tea", "green")
	for _, path := range []string{noteURL(n), "/notes"} {
		s.post("/drafts/"+string(domain.NewID()), "content", "typed long ago").wantStatus(http.StatusNoContent)
		_, err := s.store.Housekeeping().ExpireDrafts(t.Context(), s.clock.Now().Add(time.Second), s.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		page := s.get(path)
		if page.text("#notices p") == "" {
			t.Fatalf("%s doesn't tell that a draft has expired", path)
		}
		if unchanged, _ := s.again(path, page.Header.Get("ETag")); unchanged {
			t.Errorf("%s is as it was when it told that a draft had expired", path)
		}
	}
}

func TestAPageThatHasNotChangedIsNotSentAgain(t *testing.T) {
	s := newSite(t)
	n := s.tagged("Tea", "drinks/hot")
	s.saved(n.ID, "green, as [[Coffee]] isn't")
	for _, path := range []string{
		"/notes", "/notes?tag=drinks", "/notes?view=archived", "/notes?view=trash", "/notes?select=1", noteURL(n), noteURL(n) + "/history",
		noteURL(n) + "/history/1", "/search", "/search?q=tea", "/tags", "/settings/sessions", "/docs",
	} {
		page := s.get(path)
		tag := s.tagOf(path)
		unchanged, got := s.again(path, `W/"another", `+tag, header("Accept-Encoding", "gzip"))
		if !unchanged || got.body != "" {
			t.Errorf("%s: status %d, %d bytes", path, got.StatusCode, len(got.body))
		}
		for _, name := range []string{"ETag", "Cache-Control", "Vary", "Content-Security-Policy"} {
			got.wantHeader(name, page.Header.Get(name)) // which a browser puts in the place of what it has
		}
		if unchanged, _ := s.again(path, `W/"another"`); unchanged {
			t.Errorf("%s isn't sent to a browser that has another one", path)
		}
		if part := s.get(path, byHtmx(), header("If-None-Match", tag)); part.StatusCode == http.StatusNotModified || part.Header.Get("ETag") != "" {
			t.Errorf("a script that asks for a part of %s is told to keep the page", path)
		}
		s.get(path, nobody, header("If-None-Match", tag)).wantStatus(http.StatusUnauthorized).wantHeader("Cache-Control", "no-store")
	}
}

func TestWhateverAPageShowsChangesItsETag(t *testing.T) {
	const list, tagList, tags = "/notes", "/notes?tag=drinks", "/tags"
	for name, test := range map[string]struct {
		pages  []string // "" is that of the note
		change func(s *site, n domain.Note)
	}{
		"an edit": {[]string{list, tagList, ""}, func(s *site, n domain.Note) { s.saved(n.ID, "black") }},
		"another title": {[]string{list, tagList, ""}, func(s *site, n domain.Note) {
			s.post(noteURL(n), "title", "Infusions", "content", "green", "version", "2").wantRedirect(noteURL(n))
		}},
		"a pin":                      {[]string{list, tagList, ""}, func(s *site, n domain.Note) { s.post(noteURL(n) + "/pin") }},
		"archiving":                  {[]string{list, tagList, ""}, func(s *site, n domain.Note) { s.post(noteURL(n) + "/archive") }},
		"the trash":                  {[]string{list, tagList, tags, ""}, func(s *site, n domain.Note) { s.post(noteURL(n) + "/trash") }},
		"a tag":                      {[]string{list, tagList, tags, ""}, func(s *site, n domain.Note) { s.saved(n.ID, "#drinks/cold") }},
		"a renamed tag":              {[]string{list, tagList, tags, ""}, func(s *site, n domain.Note) { s.post("/tags/drinks/hot/rename", "to", "drinks/warm") }},
		"a tag below":                {[]string{tagList, tags, list}, func(s *site, _ domain.Note) { s.tagged("Milk", "drinks/cold") }},
		"a new note":                 {[]string{list}, func(s *site, _ domain.Note) { s.note("New", "") }},
		"a linked title":             {[]string{""}, func(s *site, _ domain.Note) { s.note("Coffee", "a note that is linked") }},
		"what a linked note says":    {[]string{""}, func(s *site, _ domain.Note) { s.saved(s.named("Milk").ID, "of oats") }},
		"a linked note in the trash": {[]string{""}, func(s *site, _ domain.Note) { s.post(noteURL(s.named("Milk")) + "/trash") }},
		"another note of a linked title": {[]string{""}, func(s *site, _ domain.Note) {
			milk := s.named("Milk")
			s.note("Milk", "of almonds")
			s.post(noteURL(milk) + "/trash")
		}},
		"a linked alias": {[]string{""}, func(s *site, _ domain.Note) { s.note("Espresso", "---\naliases: [Coffee]\n---\n") }},
		"a linked path":  {[]string{""}, func(s *site, _ domain.Note) { s.note("pots/Kettle", "") }},
		"the title of a backlink": {[]string{""}, func(s *site, _ domain.Note) {
			n := s.named("Breakfast")
			s.post(noteURL(n), "title", "Brunch", "content", n.Content, "version", "1").wantRedirect(noteURL(n))
		}},
		"a backlink that is none any more": {[]string{""}, func(s *site, _ domain.Note) { s.saved(s.named("Breakfast").ID, "bread") }},
		"a backlink in the trash":          {[]string{""}, func(s *site, _ domain.Note) { s.post(noteURL(s.named("Breakfast")) + "/trash") }},
		"a backlink that leads elsewhere":  {[]string{""}, func(s *site, _ domain.Note) { s.note("shop/Tea", "") }},
		"a box that is ticked": {[]string{list, ""}, func(s *site, n domain.Note) {
			s.post(noteURL(n)+"/tasks", "task", "1", "version", "2").wantStatus(http.StatusSeeOther)
		}},
		"a note above it that is purged": {[]string{list}, func(s *site, _ domain.Note) {
			n := s.named("Breakfast")
			s.post(noteURL(n) + "/trash")
			s.post(noteURL(n) + "/purge")
		}},
		"a new backlink":   {[]string{""}, func(s *site, _ domain.Note) { s.note("Kitchen", "[[Tea]]") }},
		"a draft":          {[]string{list}, func(s *site, _ domain.Note) { s.post("/drafts/"+string(domain.NewID()), "content", "typed") }},
		"the note's draft": {[]string{""}, func(s *site, n domain.Note) { s.draft(n, "content", "typed") }},
		"a saved search":   {[]string{list, tagList, tags, ""}, func(s *site, _ domain.Note) { s.post("/searches", "q", "tea") }},
		"more notes than a page has": {[]string{list}, func(s *site, _ domain.Note) {
			s.clock.advance(-time.Hour)
			for range 20 {
				s.note("Older", "")
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			n := s.tagged("Tea", "drinks/hot")
			s.saved(n.ID, "green, as [[Coffee]] isn't, with [[Milk]] and water from the [[pots/Kettle]]\n\n- [ ] boil it")
			s.note("Milk", "of cows")
			s.note("Kettle", "made of iron")
			s.note("Breakfast", "bread and [[Tea]]")
			s.note("Errands", "to buy [[shop/Tea]]")
			path := func(page string) string {
				if page == "" {
					return noteURL(n)
				}
				return page
			}
			was := map[string]string{}
			for _, page := range test.pages {
				was[page] = s.tagOf(path(page))
			}
			test.change(s, n)
			s.clock.advance(time.Second)
			for _, page := range test.pages {
				unchanged, got := s.again(path(page), was[page])
				if unchanged {
					t.Errorf("%s is as before", path(page))
				} else if got.Header.Get("ETag") == was[page] {
					t.Errorf("%s is sent again with the same ETag", path(page))
				}
			}
		})
	}
}

// named returns the note with a title.
func (s *site) named(title string) domain.Note {
	s.t.Helper()
	found, err := s.store.Links(s.owner.Read()).Titled(s.t.Context(), domain.TitleKey(title))
	if err != nil || len(found) != 1 {
		s.t.Fatalf("%s: %v %v", title, found, err)
	}
	return s.stored(found[domain.TitleKey(title)].ID)
}

func TestDraftsAndSearchesArePartOfAListsETag(t *testing.T) {
	s := newSite(t)
	n := s.note("Tea", "green")
	for _, path := range []string{"/notes", noteURL(n)} {
		draft := "/drafts/" + string(domain.NewID())
		note := ""
		if path != "/notes" {
			note = string(n.ID)
		}
		tags := map[string]string{}
		for _, step := range []struct {
			what   string
			change func()
		}{
			{"nothing", func() {}},
			{"a draft", func() { s.post(draft, "content", "green", "capture", "1", "note", note, "version", "1", "tags", "one") }},
			{"a draft that is typed on", func() { s.post(draft, "content", "green and black", "capture", "1", "note", note, "version", "1") }},
			{"another", func() {
				s.post("/drafts/"+string(domain.NewID()), "content", "white", "capture", "1", "note", note, "version", "1")
			}},
			{"none of them", func() { s.post(draft + "/discard") }},
			{"a search", func() { s.post("/searches", "q", "tea", "name", "of "+path) }},
		} {
			s.clock.advance(time.Second)
			step.change()
			tag := s.tagOf(path)
			if before := tags[tag]; before != "" {
				t.Errorf("%s has the same ETag with %s and with %s", path, before, step.what)
			}
			tags[tag] = step.what
			if unchanged, _ := s.again(path, tag); !unchanged {
				t.Errorf("%s with %s is sent again", path, step.what)
			}
		}
	}
}

func TestANoteHasTheSameETagWithoutBeingMade(t *testing.T) {
	s := newSite(t)
	n := s.note("Tea", "with [[Milk]] and [[sugar.png]], from a [[cups/Mug]]")
	aliased := s.note("Mate", "---\naliases: [Yerba]\n---\n[[Tea]]")
	for _, title := range []string{"Milk", "Mug"} {
		s.note(title, "")
	}
	for range 60 { // more than a page shows
		s.note("Linking", "[[Milk]]")
	}
	for _, n := range []domain.Note{n, aliased, s.named("Milk"), s.named("Mug")} {
		tag := s.tagOf(noteURL(n))
		for range 2 {
			unchanged, got := s.again(noteURL(n), tag)
			if !unchanged || got.Header.Get("ETag") != tag {
				t.Errorf("%s: status %d, ETag %s instead of %s", n.Title, got.StatusCode, got.Header.Get("ETag"), tag)
			}
		}
	}
	tag := s.tagOf(noteURL(n))
	s.upload("sugar.png", "a picture")
	if unchanged, _ := s.again(noteURL(n), tag); unchanged {
		t.Error("a file that a link leads to leaves the page as it was")
	}
	s.post(noteURL(n) + "/trash")
	s.post(noteURL(n) + "/purge")
	s.get(noteURL(n), header("If-None-Match", tag)).wantStatus(http.StatusNotFound)
}

func TestAnETagIsOfOneReaderOneAddressAndOneBuild(t *testing.T) {
	s := newSite(t)
	other := newSite(t, func(c *web.Config) { c.Build = "another" })
	if other.tagOf("/notes") == s.tagOf("/notes") {
		t.Error("another build has the same ETag")
	}
	tags := map[string]string{}
	for _, path := range []string{"/notes", "/notes?view=archived", "/notes?tag=none", "/tags"} {
		tag := s.tagOf(path)
		if other := tags[tag]; other != "" {
			t.Errorf("%s and %s have the same ETag", path, other)
		}
		tags[tag] = path
	}
}

func TestANoticeIsShownToABrowserThatHasThePage(t *testing.T) {
	s := newSite(t)
	n := s.note("Tea", "")
	for _, path := range []string{"/notes", noteURL(n)} {
		s.post(noteURL(n) + "/pin")
		tag := s.tagOf(path)
		cookies := s.cookie.String()
		for _, c := range s.post(noteURL(n) + "/unpin").Cookies() {
			cookies += "; " + c.Name + "=" + c.Value
		}
		s.post(noteURL(n) + "/pin") // so that the page is as it was, but for the notice
		unchanged, got := s.again(path, tag, header("Cookie", cookies))
		if unchanged || !strings.Contains(got.text("#notices"), "npinned") {
			t.Errorf("%s: status %d", path, got.StatusCode)
		}
		if unchanged, _ := s.again(path, got.Header.Get("ETag")); unchanged {
			t.Errorf("%s shows the notice again", path)
		}
	}
}

func TestAListInJSONThatHasNotChangedIsNotSentAgain(t *testing.T) {
	s := newSite(t)
	n := s.tagged("Tea", "drinks")
	for _, url := range []string{"/api/v1/notes", "/api/v1/notes?limit=1", "/api/v1/notes?tag=drinks", "/api/v1/notes?view=archived"} {
		tag := s.json(http.MethodGet, url, "").wantStatus(http.StatusOK).Header.Get("ETag")
		if got := s.json(http.MethodGet, url, "", header("If-None-Match", tag)).wantStatus(http.StatusNotModified); got.body != "" || tag == "" {
			t.Errorf("%s: the ETag is %q, the answer %q", url, tag, got.body)
		}
		s.post(noteURL(n) + "/pin")
		s.post(noteURL(n) + "/archive")
		changed := s.json(http.MethodGet, url, "", header("If-None-Match", tag)).wantStatus(http.StatusOK)
		if changed.Header.Get("ETag") == tag {
			t.Errorf("%s has the ETag that it had before", url)
		}
		s.post(noteURL(n) + "/unarchive")
		s.post(noteURL(n) + "/unpin")
	}
	s.json(http.MethodGet, "/api/v1/notes?q=tea", "", header("If-None-Match", `"x"`)).wantStatus(http.StatusOK).wantHeader("ETag", "")
}

func TestAFormOnAPageThatWasKeptMakesANoteAlthoughItsKeyIsUsed(t *testing.T) {
	s := newSite(t)
	key := s.get("/notes").page().Find("#capture [name=draft]").AttrOr("value", "")
	s.post("/notes", "content", "one", "draft", key).wantStatus(http.StatusSeeOther)
	s.post("/notes", "content", "two", "draft", key).wantStatus(http.StatusSeeOther)
	wantEqual(t, s.titles(domain.Active), "two, one")
}

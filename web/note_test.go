package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
)

// after gets a page as a browser does that has just been sent there: with the notice that the answer before has left.
func (s *site) after(a answer, options ...option) answer {
	s.t.Helper()
	to := a.wantStatus(http.StatusSeeOther).Header.Get("Location")
	cookie := s.cookie.String()
	for _, c := range a.Cookies() {
		cookie += "; " + c.Name + "=" + c.Value
	}
	return s.get(to, append(options, header("Cookie", cookie))...).wantStatus(http.StatusOK)
}

// undo presses the button of a page's notice.
func (s *site) undo(page answer) answer {
	s.t.Helper()
	action, ok := page.page().Find("#notices form").Attr("action")
	if !ok {
		s.t.Fatalf("the notice offers no undo: %s", page.text("#notices"))
	}
	return s.post(action)
}

func noteURL(n domain.Note) string { return "/notes/" + string(n.ID) }

func TestANoteShowsWhereItsLinksAndTagsLeadAndWhatLinksToIt(t *testing.T) {
	s := newSite(t)
	tea := s.note("Tea", "See [[Kettle & co]] and [[tea]] and #drinks/hot")
	other := s.note("Breakfast", "First [[TEA]], then #food")
	page := s.get(noteURL(tea)).wantStatus(http.StatusOK).page()
	var links []string
	page.Find(".prose a, .tags a, .linking a").Each(func(_ int, a selection) {
		links = append(links, a.Text()+" "+a.AttrOr("href", ""))
	})
	wantEqual(t, strings.Join(links, "\n"), strings.Join([]string{
		"#drinks/hot /notes?tag=drinks%2Fhot",
		"Kettle & co /notes/new?title=Kettle+%26+co",
		"tea " + noteURL(tea),
		"#drinks/hot /notes?tag=drinks%2Fhot",
		"Breakfast " + noteURL(other),
	}, "\n"))
	form := s.get("/notes/new?title=Kettle+%26+co").wantStatus(http.StatusOK)
	wantEqual(t, form.page().Find("[name=title]").Text(), "Kettle & co")
}

func TestBacklinksShowTheSentencesAroundThem(t *testing.T) {
	s := newSite(t)
	tea := s.note("Tea", "[[Breakfast]]")
	other := s.note("Breakfast", "Bread. First **[[Tea|the *tea*]]**, then <milk>! More [[tea]].")
	s.note("朝食", "昨日。今日は[[Tea]]を飲む。明日。")
	s.note("Long", strings.Repeat("word ", 200)+"[[Tea]]"+strings.Repeat(" word", 200))
	s.note("Code", "`[[Tea]]`")
	link := s.get(noteURL(tea)).wantStatus(http.StatusOK).page().Find(".backlinks [hx-get]")
	url := link.AttrOr("hx-get", "")
	wantEqual(t, link.AttrOr("href", ""), url)

	sentences := func(page selection) (list []string) {
		page.Find(".linking li").Each(func(_ int, li selection) {
			html, _ := li.Find("p[dir=auto]").Html()
			list = append(list, li.Find("a").Text()+": "+strings.Join(strings.Fields(html), " ")+li.Find(".hint").Text())
		})
		return list
	}
	tag := s.tagOf(url)
	page := s.get(url).page()
	shown := sentences(page.Find("main"))
	wantEqual(t, len(shown), 3)
	wantEqual(t, shown[0], "Breakfast: First <mark>the *tea*</mark>, then &lt;milk&gt;!1 more link")
	wantEqual(t, shown[1], "朝食: 今日は<mark>Tea</mark>を飲む。")
	if long := shown[2]; !strings.Contains(long, "word <mark>Tea</mark> word") || !strings.HasSuffix(long, "word…") || len(long) > 230 {
		t.Errorf("a long sentence is %q", long)
	}
	wantEqual(t, page.Find("main a[href='"+noteURL(tea)+"']").Length(), 1)

	part := s.get(url, htmx("section")).wantStatus(http.StatusOK).page()
	wantEqual(t, strings.Join(sentences(part.Find("section.backlinks")), "\n"), strings.Join(shown, "\n"))
	wantEqual(t, part.Find("[hx-get], main").Length(), 0)

	before := s.tagOf(noteURL(tea))
	s.saved(other.ID, "Bread. Then [[tea]].")
	for _, kept := range []struct{ url, tag string }{{url, tag}, {noteURL(tea), before}} {
		if unchanged, _ := s.again(kept.url, kept.tag); unchanged {
			t.Errorf("%s is said to be the same after a sentence around a link has changed", kept.url)
		}
	}
	none := s.note("Alone", "")
	wantEqual(t, s.get(noteURL(none)+"/backlinks").wantStatus(http.StatusOK).page().Find("main p").Last().Text(), "No other note links to this one.")
}

func TestATitleWithMarksIsShownWithThem(t *testing.T) {
	s := newSite(t)
	anna := s.note("Anna", "hello")
	n := s.note("", "# Meeting with [[Anna]] and [docs](https://e.org)[^1]\n\nText\n\n[^1]: said")
	page := s.get(noteURL(n)).wantStatus(http.StatusOK).page()
	wantEqual(t, page.Find("title").Text(), "Meeting with Anna and docs · Octavo")
	heading := page.Find("article header h1#note-meeting-with-anna-and-docs")
	wantEqual(t, heading.Text(), "Meeting with Anna and docs1")
	wantEqual(t, heading.Find("a.wiki").AttrOr("href", ""), noteURL(anna))
	wantEqual(t, heading.Find("a[href='https://e.org']").Length(), 1)
	wantEqual(t, page.Find(".prose .footnotes a").AttrOr("href", ""), "#"+heading.Find("sup").AttrOr("id", ""))
	wantEqual(t, page.Find(".prose h1").Length(), 0)

	page = s.get(noteURL(s.note("", "# C#\n\n## C#\n\n[up](#c) [here](#c-1)"))).page()
	wantEqual(t, page.Find("h1#note-c").Text(), "C#")
	wantEqual(t, page.Find("h2#note-c-1").Text(), "C#")
}

func TestANoteWithManyHeadingsHasATableOfContents(t *testing.T) {
	s := newSite(t)
	short := s.note("Short", "## One\n\n## Two\n\n## Three")
	wantEqual(t, s.get(noteURL(short)).page().Find(".toc").Length(), 0)
	long := s.note("Long", "## One\n\n### Two\n\n## Three\n\n## Four `code`")
	page := s.get(noteURL(long)).page()
	var contents []string
	page.Find(".toc li").Each(func(_ int, item selection) {
		link := item.Find("a")
		contents = append(contents, item.AttrOr("class", "")+" "+link.Text())
		wantEqual(t, page.Find(".prose "+strings.ReplaceAll(link.AttrOr("href", ""), ".", `\.`)).Text(), link.Text())
	})
	wantEqual(t, strings.Join(contents, "; "), "level-1 One; level-2 Two; level-1 Three; level-1 Four code")
}

func TestABoxIsTickedAndItsTickTakenOff(t *testing.T) {
	s := newSite(t)
	n := s.note("Shopping", "- [ ] milk\n- [x] tea\n")
	page := s.get(noteURL(n)).page()
	form := page.Find("form#tasks")
	box := page.Find("[form=tasks]").First()
	wantEqual(t, box.AttrOr("aria-checked", ""), "false")
	s.post(form.AttrOr("action", ""), box.AttrOr("name", ""), box.AttrOr("value", ""),
		"version", form.Find("[name=version]").AttrOr("value", "")).wantRedirect(noteURL(n) + "#" + box.AttrOr("id", "?"))
	wantEqual(t, s.stored(n.ID).Content, "- [x] milk\n- [x] tea\n")

	// The page is an old one by now: each box does what it showed.
	s.post(noteURL(n)+"/tasks", "task", "2", "version", "1").wantStatus(http.StatusSeeOther)
	wantEqual(t, s.stored(n.ID).Content, "- [x] milk\n- [ ] tea\n")

	s.post(noteURL(n)+"/tasks/2", "checked", "true", "version", "3").wantStatus(http.StatusSeeOther)
	s.post(noteURL(n)+"/tasks/1", "version", "4").wantStatus(http.StatusSeeOther)
	wantEqual(t, s.stored(n.ID).Content, "- [ ] milk\n- [x] tea\n")

	s.post(noteURL(n)+"/tasks/3", "version", "5").wantStatus(http.StatusNotFound)
	s.post(noteURL(n)+"/tasks/0", "version", "5").wantStatus(http.StatusUnprocessableEntity)
	s.post(noteURL(n)+"/tasks/1", "checked", "maybe", "version", "5").wantStatus(http.StatusUnprocessableEntity)
	s.post(noteURL(n)+"/tasks/1", "checked", "true").wantStatus(http.StatusUnprocessableEntity)
	s.post(noteURL(n) + "/trash")
	s.post(noteURL(n)+"/tasks/1", "checked", "true", "version", "6").wantStatus(http.StatusConflict)
	wantEqual(t, s.get(noteURL(n)).page().Find("form#tasks, .prose button").Length(), 0)
}

func TestTickingThroughHTMXBringsTheNoteAlone(t *testing.T) {
	s := newSite(t)
	n := s.note("Shopping", "- [ ] milk\n")
	got := s.postWith(noteURL(n)+"/tasks", []option{htmx("")}, "task", "1", "version", "1").wantStatus(http.StatusOK)
	if strings.Contains(got.body, "<html") {
		t.Error("the answer is a whole page")
	}
	wantEqual(t, got.page().Find("article#note [form=tasks]").AttrOr("aria-checked", ""), "true")
	wantEqual(t, got.page().Find("#tasks [name=version]").AttrOr("value", ""), "2")
}

func TestABoxWhoseLineSomebodyElseChangedStaysAsItIs(t *testing.T) {
	s := newSite(t)
	n := s.note("Shopping", "- [ ] milk\n- [ ] tea\n")
	s.post(noteURL(n), "title", "Shopping", "content", "- [ ] juice\n- [ ] tea\n", "version", "1").wantStatus(http.StatusSeeOther)

	for _, options := range [][]option{nil, {htmx("")}} {
		refused := s.postWith(noteURL(n)+"/tasks", options, "task", "1", "version", "1").wantStatus(http.StatusConflict)
		if !strings.Contains(refused.body, "changed that line") || !strings.Contains(refused.body, "juice") {
			t.Errorf("got %s", refused.body)
		}
	}
	s.post(noteURL(n)+"/tasks", "task", "2", "version", "1").wantStatus(http.StatusSeeOther) // nobody has touched that one
	wantEqual(t, s.stored(n.ID).Content, "- [ ] juice\n- [x] tea\n")
}

func TestWhatIsDoneWithANoteIsSaidAndCanBeUndone(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	is := func() string { return fmt.Sprint(s.stored(n.ID).State, " ", s.stored(n.ID).Pinned) }
	for _, tt := range []struct{ begin, action, then string }{
		{"active false", "pin", "active true"},
		{"active true", "unpin", "active false"},
		{"active false", "archive", "archived false"},
		{"archived false", "unarchive", "active false"},
		{"archived false", "trash", "trashed false"},
		{"active false", "trash", "trashed false"},
		{"trashed false", "restore", "active false"},
	} {
		t.Run(tt.begin+" "+tt.action, func(t *testing.T) {
			s.t = t
			for _, back := range []string{"/restore", "/unarchive", "/unpin"} {
				s.post(noteURL(n) + back)
			}
			switch tt.begin {
			case "active true":
				s.post(noteURL(n) + "/pin")
			case "archived false":
				s.post(noteURL(n) + "/archive")
			case "trashed false":
				s.post(noteURL(n) + "/trash")
			}
			done := s.post(noteURL(n) + "/" + tt.action)
			wantEqual(t, is(), tt.then)
			s.undo(s.after(done)).wantStatus(http.StatusSeeOther)
			wantEqual(t, is(), tt.begin)
		})
	}
}

func TestThePageOffersWhatCanBeDoneWithTheNote(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	actions := func() string {
		var all []string
		s.get(noteURL(n)).page().Find("#note form").Each(func(_ int, form selection) {
			all = append(all, strings.TrimPrefix(form.AttrOr("action", ""), noteURL(n)+"/"))
		})
		return strings.Join(all, " ")
	}
	wantEqual(t, actions(), "pin archive trash")
	s.post(noteURL(n) + "/pin")
	s.post(noteURL(n) + "/archive")
	wantEqual(t, actions(), "unpin unarchive trash")
	s.post(noteURL(n) + "/trash")
	wantEqual(t, actions(), "restore purge")
	s.post(noteURL(n) + "/archive").wantStatus(http.StatusConflict)
}

func TestAnActionLeadsBackToWhereItWasChosen(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	const site = "http://" + testHost
	for _, tt := range []struct{ action, referer, to string }{
		{"pin", "", "/notes"},
		{"pin", site + noteURL(n), noteURL(n)},
		{"pin", site + "/notes?tag=a%2Fb&after=x", "/notes?tag=a%2Fb&after=x"},
		{"pin", site + "/search?q=x", "/search?q=x"},
		{"pin", "http://elsewhere.example/notes", "/notes"},
		{"pin", site + "//elsewhere.example", "/notes"},
		{"pin", site + "/logout", "/notes"},
		{"trash", site + noteURL(n), "/notes"},
		{"restore", site + noteURL(n), noteURL(n)},
		{"trash", site + "/notes?view=archived", "/notes?view=archived"},
		{"purge", site + noteURL(n), "/notes?view=trash"},
	} {
		s.postWith(noteURL(n)+"/"+tt.action, []option{header("Referer", tt.referer)}).wantRedirect(tt.to)
	}
}

func TestTheNotesOwnPageAsksToBeLedBackToIt(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	form := s.get(noteURL(n)).page().Find("#note form[action$=pin]")
	back := form.Find("[name=back]")
	s.post(form.AttrOr("action", ""), "back", back.AttrOr("value", "")).wantRedirect(noteURL(n)) // although no Referer is sent
}

func TestAnArchivedNoteThatWasDeletedThroughHTMXComesBackToTheArchive(t *testing.T) {
	s := newSite(t)
	n := s.note("Old", "")
	s.post(noteURL(n) + "/archive")
	gone := s.postWith(noteURL(n)+"/trash", []option{htmx("")}).wantStatus(http.StatusOK)
	s.postWith(gone.page().Find("form").AttrOr("action", ""), []option{htmx("")}).wantStatus(http.StatusOK)
	wantEqual(t, s.titles(domain.Archived), "Old")
}

func TestWhatWasDoneToManyNotesIsTakenBackButForThoseThatWereChangedSince(t *testing.T) {
	s := newSite(t)
	var ids []domain.ID
	for i := range 3 {
		ids = append(ids, s.note(fmt.Sprint(i), "").ID)
	}
	archive := func() domain.ID {
		changed, err := s.app.Bulk().Change(t.Context(), s.owner, app.ManyArchive, "", ids)
		if err != nil {
			t.Fatal(err)
		}
		return changed.Undo
	}
	undo := archive()
	list := s.get("/notes", header("Cookie", s.cookie.String()+"; "+sessionCookie+"_notice=undo."+string(undo)))
	if !strings.Contains(list.text("#notices"), "3 notes archived.") {
		t.Errorf("the notice says %q", list.text("#notices"))
	}
	page := s.after(s.undo(list).wantRedirect("/notes"))
	wantEqual(t, page.text("#notices"), "Undone.")
	wantEqual(t, s.titles(domain.Active), "2, 1, 0")

	undo = archive()
	s.post("/notes/" + string(ids[0]) + "/pin")
	page = s.after(s.post("/undo/" + string(undo)))
	wantEqual(t, page.text("#notices"), "Undone, except for 1 note that has been changed since.")
	s.post("/undo/" + string(undo)).wantStatus(http.StatusNotFound)
}

func TestAPreviewShowsATextAndSavesNothing(t *testing.T) {
	s := newSite(t)
	n := s.note("Tea", "")
	for _, fetch := range []bool{true, false} {
		var options []option
		if fetch {
			options = []option{htmx("")}
		}
		s.postWith("/preview", options, "content", strings.Repeat("x", domain.MaxContent+1)).wantStatus(http.StatusRequestEntityTooLarge)
		got := s.postWith("/preview", options, "content", "**bold** [[tea]]\n\n- [ ] box", "title", "T").wantStatus(http.StatusOK)
		wantEqual(t, strings.Contains(got.body, "<html"), !fetch)
		wantEqual(t, got.text("strong"), "bold")
		wantEqual(t, got.page().Find("a.wiki").AttrOr("href", ""), noteURL(n))
		wantEqual(t, got.page().Find("input[disabled]").Length(), 1)
	}
	wantEqual(t, s.titles(domain.Active), "Tea")
}

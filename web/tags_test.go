package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"octavo/domain"
)

func TestTagsAreATreeWithHowManyNotesHaveThem(t *testing.T) {
	s := newSite(t)
	s.tagged("One", "work/home", "work-a")
	s.tagged("Two", "work/home/desk", "日本/庭")
	s.note("Three", "#Work here")
	s.post(noteURL(s.tagged("Gone", "trashed")) + "/trash")

	page := s.get("/tags").wantStatus(http.StatusOK)
	wantEqual(t, page.texts("#tag-tree > ul > li > .tag-row > a:first-child"), "#Work, #work-a, #日本")
	wantEqual(t, page.texts("#tag-tree > ul > li:first-child > details > ul > li > .tag-row > a:first-child"), "#work/home")
	wantEqual(t, page.texts("#tag-tree > ul > li:first-child > details > ul ul .tag-row > a:first-child"), "#work/home/desk")
	wantEqual(t, page.texts("#tag-tree > ul > li:first-child .tag-row .count"), "3 notes, 2 notes, 1 note")
	page.page().Find(".tag-row a").Each(func(_ int, link selection) { s.get(link.AttrOr("href", "?")).wantStatus(http.StatusOK) })
}

func TestTagsAreFilteredWithAndWithoutScripts(t *testing.T) {
	s := newSite(t)
	s.tagged("One", "work/home", "homework", "garden")
	page := s.get("/tags?q=HOME").wantStatus(http.StatusOK)
	wantEqual(t, page.texts(".tag-row > a:first-child"), "#homework, #work, #work/home")
	wantEqual(t, page.attr("#tag-filter", "value"), "HOME")
	wantEqual(t, page.text("#tag-tree .hint"), "2 tags")

	part := s.get("/tags?q=HOME", htmx("tag-tree")).wantStatus(http.StatusOK)
	wantEqual(t, part.texts(".tag-row > a:first-child"), "#homework, #work, #work/home")
	wantEqual(t, part.page().Find("header").Length(), 0)
	wantEqual(t, part.text("hx-partial"), "2 tags")
	wantEqual(t, s.get("/tags?q=nothing").text(".empty-title"), "No tags match")
}

func TestTheListOfATagLeadsToChangingIt(t *testing.T) {
	s := newSite(t)
	s.tagged("One", "work/home")
	page := s.get("/notes?tag=work")
	wantEqual(t, page.texts(".tag-tools a"), "Share, Rename, Delete")
	for _, link := range []string{page.attr(".tag-tools a", "href"), page.attr(".tag-tools a:last-child", "href")} {
		s.get(link).wantStatus(http.StatusOK)
	}
	for _, other := range []string{"/notes", "/notes?tag=work&select=1", "/notes?tag=none"} {
		wantEqual(t, s.get(other).texts(".tag-tools a"), "")
	}
}

func TestTheTreeOfTagsIsFoldedAndUnfoldedAsIsRemembered(t *testing.T) {
	s := newSite(t)
	s.tagged("One", "work/home/desk", "garden/herbs")
	open := func(page answer) string {
		t.Helper()
		page.wantStatus(http.StatusOK)
		return fmt.Sprint(page.page().Find("#tag-tree details[open]").Length(), " of ", page.page().Find("#tag-tree details").Length())
	}
	page := s.get("/tags")
	wantEqual(t, open(page), "3 of 3")
	wantEqual(t, page.texts(".folding a"), "Unfold all, Fold all")

	folded := s.get(page.attr(".folding a:last-child", "href")).wantRedirect("/tags")
	wantEqual(t, cookieOf(folded, sessionCookie+"_tags"), sessionCookie+"_tags=all")
	wantEqual(t, folded.Cookies()[0].SameSite, http.SameSiteLaxMode)
	with := func(value string) option { return s.choosing("_tags=" + value) }
	page = s.get("/tags", with("all"))
	wantEqual(t, open(page), "0 of 3")
	wantEqual(t, open(s.get("/tags?q=o", with("all"))), "2 of 2")

	one := page.attr("#tag-tree > ul > li:first-child > details", "data-fold")
	wantEqual(t, open(s.get("/tags", with("all."+one))), "1 of 3")
	wantEqual(t, open(s.get("/tags", with("none."+one))), "2 of 3")
	for _, unknown := range []string{"", "nonsense", "...", "%00"} {
		wantEqual(t, open(s.get("/tags", with(unknown))), "3 of 3")
	}
	if has := page.Header.Get("ETag"); has == "" || has == s.get("/tags").Header.Get("ETag") {
		t.Errorf("the folded tree has the ETag %q, as the unfolded one", has)
	}
	s = newSite(t)
	s.tagged("One", "work")
	wantEqual(t, s.get("/tags").texts(".folding a"), "")
}

func TestATagIsRenamedEverywhereAndThatIsUndone(t *testing.T) {
	s := newSite(t)
	tagged, written := s.tagged("One", "work/home"), s.note("Two", "text #work/home/desk")
	form := s.get("/tags/work/home/rename").wantStatus(http.StatusOK)
	wantEqual(t, form.attr("#to", "value"), "work/home")
	url := form.attr(".rename-form", "action")

	done := s.post(url, "to", " #house ").wantRedirect("/tags")
	wantEqual(t, string(s.stored(tagged.ID).Tags[0]), "house")
	wantEqual(t, s.stored(written.ID).Content, "text #house/desk")
	s.get(url).wantStatus(http.StatusNotFound)

	after := s.after(done)
	wantEqual(t, after.text("#notices p"), "Renamed #work/home to #house in 2 notes.")
	s.undo(after)
	wantEqual(t, string(s.stored(tagged.ID).Tags[0]), "work/home")
	wantEqual(t, s.stored(written.ID).Content, "text #work/home/desk")
}

func TestATagIsDeletedWithThoseBelowItAndThatIsUndone(t *testing.T) {
	s := newSite(t)
	tagged, written := s.tagged("One", "work/home", "plan"), s.note("Two", "text #work/home/desk")
	url := s.get("/tags").attr(`.delete[aria-label="Delete #work/home"]`, "href")
	asks := s.get(url).wantStatus(http.StatusOK)
	wantEqual(t, asks.text("h1"), "Delete #work/home")
	wantEqual(t, asks.texts("main .chips li"), "#work/home/desk")
	wantEqual(t, s.stored(tagged.ID).Version, 1)

	after := s.after(s.post(asks.attr(".rename-form", "action")).wantRedirect("/tags"))
	wantEqual(t, after.text("#notices p"), "Removed #work/home from 2 notes.")
	wantEqual(t, after.texts(".tag-row > a:first-child"), "#plan")
	wantEqual(t, s.stored(written.ID).Content, "text work/home/desk")
	s.get(url).wantStatus(http.StatusNotFound)
	s.undo(after)
	wantEqual(t, string(s.stored(tagged.ID).Tags[0]), "work/home")
	wantEqual(t, s.stored(written.ID).Content, "text #work/home/desk")
	for _, path := range []string{"/tags/nothing/delete", "/tags/no%20tag/delete", "/tags/delete"} {
		s.get(path).wantStatus(http.StatusNotFound)
		s.post(path).wantStatus(http.StatusNotFound)
	}
}

func TestRenamingToATagThatExistsAsksFirst(t *testing.T) {
	s := newSite(t)
	n := s.tagged("One", "job")
	for i := range 2 {
		s.tagged(fmt.Sprint("w", i), "work")
	}
	asks := s.post("/tags/work/rename", "to", "JOB").wantStatus(http.StatusConflict)
	wantEqual(t, asks.text(".merge p"), "#job already exists. Merge 2 notes into it?")
	wantEqual(t, s.get("/notes?tag=work").texts("#cards h2"), "w1, w0")

	merge := asks.page().Find(".merge form")
	s.post(merge.AttrOr("action", ""), "to", merge.Find("[name=to]").AttrOr("value", ""),
		"merge", merge.Find("[name=merge]").AttrOr("value", "")).wantRedirect("/tags")
	wantEqual(t, s.get("/notes?tag=job").texts("#cards h2"), "w1, w0, One")
	wantEqual(t, s.stored(n.ID).Version, 1)
	wantEqual(t, s.get("/tags").texts(".tag-row > a:first-child"), "#job")
}

func TestATagIsWrittenInAnotherWayWithoutAsking(t *testing.T) {
	s := newSite(t)
	n := s.tagged("One", "work")
	s.post("/tags/work/rename", "to", "Work").wantRedirect("/tags")
	wantEqual(t, string(s.stored(n.ID).Tags[0]), "Work")
	same := s.post("/tags/Work/rename", "to", "Work").wantRedirect("/tags")
	wantEqual(t, len(same.Cookies()), 0) // nothing has changed, and nothing is said
}

func TestANameThatIsNoTagComesBackWithAMessage(t *testing.T) {
	s := newSite(t)
	n := s.tagged("One", "work")
	for _, name := range []string{"", "two words", "a//b", "123", "\xff", strings.Repeat("x", 101)} {
		page := s.post("/tags/work/rename", "to", name).wantStatus(http.StatusUnprocessableEntity)
		if page.text("#to-error") == "" {
			t.Errorf("%q: there is no message", name)
		}
		wantEqual(t, page.attr("#to", "aria-invalid"), "true")
		wantEqual(t, page.attr("#to", "value"), strings.ToValidUTF8(name, "\uFFFD"))
	}
	wantEqual(t, s.stored(n.ID).Version, 1)
}

func TestATagOfAnyScriptAndNamedLikeAPathIsRenamed(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"日本/東京", "وسم", "rename", "a/rename", "rename/rename", "🌱"} {
		n := s.tagged("One", domain.Tag(name))
		page := s.get("/tags?q=" + name).wantStatus(http.StatusOK)
		var url string
		page.page().Find(".tag-row").Each(func(_ int, row selection) {
			if strings.TrimSpace(row.Find("a").First().Text()) == "#"+name {
				url = row.Find(".rename").AttrOr("href", "")
			}
		})
		s.get(url).wantStatus(http.StatusOK)
		s.post(url, "to", "x/"+name).wantRedirect("/tags")
		wantEqual(t, string(s.stored(n.ID).Tags[0]), "x/"+name)
		if err := s.store.Notes(s.owner).Remove(t.Context(), n.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/tags/work", "/tags/rename", "/tags/no%20tag/rename"} {
		s.get(path).wantStatus(http.StatusNotFound)
	}
}

// completions are what an editor is offered, by the name that they have in the answer.
func (s *site) completions(target, name string) string {
	s.t.Helper()
	var found []map[string]any
	s.get(target).wantStatus(http.StatusOK).decode(&found)
	texts := make([]string, len(found))
	for i, f := range found {
		texts[i] = fmt.Sprint(f[name])
	}
	return strings.Join(texts, ", ")
}

func TestTheNotesEditedLastAreOfferedFirst(t *testing.T) {
	s := newSite(t)
	pinned := s.note("Green tea", "")
	s.note("Tea", "---\naliases: [Teatime]\n---\nand a teapot")
	s.note("Teapot", "")
	s.note("Coffee", "no tea at all")
	s.post(noteURL(pinned) + "/pin")
	trashed := s.note("Tea of yesterday", "")
	s.post(noteURL(trashed) + "/trash")
	wantEqual(t, s.completions("/complete/titles?q=", "title"), "Coffee, Teapot, Tea, Green tea")
	wantEqual(t, s.completions("/complete/titles?q=te", "title"), "Teapot, Tea, Teatime, Green tea")
	wantEqual(t, s.completions("/complete/titles?q=tea", "title"), "Tea, Teapot, Teatime, Green tea")
	wantEqual(t, s.completions("/complete/titles?q=tag:tea", "title"), "")
	s.note("日本語のノート", "")
	wantEqual(t, s.completions("/complete/titles?q="+url.QueryEscape("日本"), "title"), "日本語のノート")
	s.note("قائمة التسوق", "")
	wantEqual(t, s.completions("/complete/titles?q="+url.QueryEscape("التسوق"), "title"), "قائمة التسوق")
}

func TestNothingIsOfferedForWhatCantBeTheBeginningOfAny(t *testing.T) {
	s := newSite(t)
	s.note("Tea "+strings.Repeat("x", 251), "## Cups\n\n#garden")
	wantEqual(t, len(s.completions("/complete/titles?q=tea+"+strings.Repeat("x", 251), "title")), 255)
	for _, typed := range []string{"tea " + strings.Repeat("x", 252), "tea\x00", "tea\xff", strings.Repeat("\"(* ", 5000)} {
		q := url.QueryEscape(typed)
		for _, path := range []string{"/complete/titles?q=", "/complete/tags?q=", "/complete/headings?q=&note="} {
			if got := s.get(path + q).wantStatus(http.StatusOK).body; got != "[]" {
				t.Errorf("%s%.20s: got %s", path, q, got)
			}
		}
	}
}

// What is offered is what a link with it leads to.
func TestTheHeadingsOfANoteAreOfferedByItsTitlesAndLeadToThem(t *testing.T) {
	s := newSite(t)
	n := s.note("Garden", "---\naliases: [Plot]\n---\n# Garden\n\n## What *grows*\n\n## Tools [old]\n\nSheds\n---\n\n## What grows\n\n```\n# no heading\n```\n")
	for _, title := range []string{"Garden", "garden", "Plot"} {
		wantEqual(t, s.completions("/complete/headings?q=&note="+title, "heading"), "Garden, What grows, Tools ［old］, Sheds")
	}
	wantEqual(t, s.completions("/complete/headings?q=OL&note=Garden", "heading"), "Tools ［old］")
	wantEqual(t, s.get("/complete/headings?q=&note=Nowhere").body, "[]")
	page := s.get(noteURL(n)).page()
	for _, heading := range strings.Split(s.completions("/complete/headings?q=&note=Garden", "heading"), ", ") {
		href := s.get(noteURL(s.note("Link to "+heading, "See [[Garden#"+heading+"]]."))).attr(".prose a", "href")
		_, id, _ := strings.Cut(href, "#")
		if id, err := url.PathUnescape(id); err != nil || page.Find(`[id="`+id+`"]`).Length() != 1 {
			t.Errorf("[[Garden#%s]] leads to %s, where nothing is (%v)", heading, href, err)
		}
	}
}

func TestAnEditorIsHelpedToCompleteTagsAndTitles(t *testing.T) {
	s := newSite(t)
	s.get("/complete/tags?q=x").wantStatus(http.StatusOK).wantHeader("Content-Type", "application/json")
	wantEqual(t, s.get("/complete/tags?q=x").body, "[]")
	wantEqual(t, s.get("/complete/titles?q=x").body, "[]")
	for i := range 12 {
		s.tagged(fmt.Sprintf("Plan %02d", i), "work/home", domain.Tag(fmt.Sprintf("t%02d", i)))
	}
	wantEqual(t, s.get("/complete/tags?q=WORK%2F").body, `[{"tag":"work/home","notes":12}]`)
	wantEqual(t, s.get("/complete/titles?q=plan+03").body, `[{"title":"Plan 03"}]`)

	s.note("C# [draft]", "")
	wantEqual(t, s.get("/complete/titles?q=c").body, `[{"title":"C# ［draft］"}]`) // as it can be linked

	var found []struct{ Title, Tag string }
	s.get("/complete/titles?q=").decode(&found)
	wantEqual(t, len(found), 10)
	s.get("/complete/tags?q=t").decode(&found)
	wantEqual(t, len(found), 10)

	var problem struct{ Status int }
	s.get("/complete/tags?q=t", nobody).wantStatus(http.StatusUnauthorized).decode(&problem)
	wantEqual(t, problem.Status, http.StatusUnauthorized)
}

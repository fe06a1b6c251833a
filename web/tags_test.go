package web_test

import (
	"fmt"
	"net/http"
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
	wantEqual(t, s.get("/tags?q=nothing").text(".empty-title"), "No tag is like that")
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
	wantEqual(t, after.text("#notices p"), "Renamed #work/home to #house: 2 notes.")
	s.undo(after)
	wantEqual(t, string(s.stored(tagged.ID).Tags[0]), "work/home")
	wantEqual(t, s.stored(written.ID).Content, "text #work/home/desk")
}

func TestRenamingToATagThatExistsAsksFirst(t *testing.T) {
	s := newSite(t)
	n := s.tagged("One", "job")
	for i := range 2 {
		s.tagged(fmt.Sprint("w", i), "work")
	}
	asks := s.post("/tags/work/rename", "to", "JOB").wantStatus(http.StatusConflict)
	wantEqual(t, asks.text(".merge p"), "#job exists already. Merge 2 notes into it?")
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

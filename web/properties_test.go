package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestANoteShowsWhatItSaysOfItself(t *testing.T) {
	s := newSite(t)
	anna := s.note("Anna", "")
	n := s.note("", "---\ntitle: About tea\ntags: [drinks/hot, two words]\nup: \"[[Anna]] & [[Nobody|none]]\"\nnumber: 5\n---\nText\n")
	page := s.get(noteURL(n)).wantStatus(http.StatusOK).page()
	wantEqual(t, page.Find("h1").First().Text(), "About tea")
	var rows []string
	page.Find(".properties tr").Each(func(_ int, row selection) {
		rows = append(rows, row.Find("th").Text()+": "+row.Find("td").Text())
	})
	wantEqual(t, strings.Join(rows, "\n"), "title: About tea\ntags: #drinks/hot, two words\nup: Anna & none\nnumber: 5")
	wantEqual(t, page.Find(".properties a").Eq(0).AttrOr("href", ""), "/notes?tag=drinks%2Fhot")
	wantEqual(t, page.Find(".properties a").Eq(1).AttrOr("href", ""), noteURL(anna))
	wantEqual(t, page.Find(".tags a").Text(), "#drinks/hot")
	wantEqual(t, strings.Contains(page.Find(".prose p").Text(), "title:"), false)
	wantEqual(t, s.get(noteURL(anna)).page().Find(".linking a").Text(), "About tea")
}

func TestFrontMatterThatCannotBeReadIsShownAsItIs(t *testing.T) {
	s := newSite(t)
	n := s.note("Broken", "---\na: [b\n---\nText\n")
	page := s.get(noteURL(n)).wantStatus(http.StatusOK).page()
	wantEqual(t, page.Find(".properties pre").Text(), "a: [b\n")
	wantEqual(t, page.Find(".prose p").Text(), "Text")
}

func TestBacklinksStandWithTheNoteThatALinkLeadsTo(t *testing.T) {
	s := newSite(t)
	first := s.note("Plan", "---\naliases: [Scheme]\n---\n")
	second := s.note("Plan", "---\naliases: [Scheme, Draft]\n---\n")
	s.note("A", "[[plan]]")
	s.note("B", "[[Scheme]] and [x](work/Draft.md)")
	backlinks := func(url string) string {
		var titles []string
		s.get(url).page().Find(".linking a").Each(func(_ int, a selection) { titles = append(titles, a.Text()) })
		return strings.Join(titles, " ")
	}
	wantEqual(t, backlinks(noteURL(first)), "A B")
	wantEqual(t, backlinks(noteURL(second)), "B")
}

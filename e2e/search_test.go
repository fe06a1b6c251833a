package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

func (s *process) addNotesToFind() {
	s.t.Helper()
	s.addNote("The river house", "Größe of the roof: see #work/home.")
	s.addNote("Garden", "Green tea by the river, #garden")
	s.addNote("日本語のメモ", "これは日本語で書かれたメモです。")
}

func TestResultsFollowWhatIsTypedAndSoDoesTheAddress(t *testing.T) {
	eachBackend(t, func(t *testing.T, settings []string) {
		program := start(t, settings...)
		program.addNotesToFind()
		b := newTab(t)
		b.open(program.link())
		b.open(program.base + "/search")
		eval[bool](b, "window.samePage = true")
		address := func(query string) {
			t.Helper()
			b.wait(fmt.Sprintf(`new URLSearchParams(location.search).get("q") === %s`, js(query)))
		}

		b.do(chromedp.KeyEvent("riv")) // the field has the focus
		b.waitFor(".found-count", "2 notes")
		b.waitFor(".hit h2 mark", "river")
		b.waitFor(".hit .excerpt mark", "river")
		b.waitFor("#announcer", "2 notes")
		address("riv")
		b.do(chromedp.KeyEvent("er gross")) // and so "river" is no longer the word being typed
		b.waitFor(".found-count", "1 note")
		b.waitFor(".hit:only-child h2", "The river house")
		b.waitFor(".hit .excerpt mark", "Größe")
		address("river gross")
		b.fill("#q", "日本")
		b.waitFor(".hit:only-child h2", "日本語のメモ")
		b.fill("#q", `river created:yesterdy -tag:garden`)
		b.waitFor(".query-problems", "created:yesterdy")
		b.waitFor(".hit:only-child h2", "The river house")
		b.fill("#q", "zebra")
		b.waitFor(".results .empty", "No notes found")
		b.wait(`document.activeElement.id === "q"`)
		b.wait("window.samePage")

		b.fill("#q", "riv")
		b.waitFor(".found-count", "2 notes")
		b.click(`.results > .chips a[href*="garden"]`)
		b.waitFor(".hit:only-child h2", "Garden")
		if query := b.value("#q"); query != "tag:garden riv" {
			t.Errorf("the field holds %q", query)
		}
		address("tag:garden riv")
		b.click(".hit h2 a")
		b.waitFor(".note h1", "Garden")
		eval[bool](b, "history.back(), true")
		b.waitFor(".hit:only-child h2", "Garden")
	})
}

func TestWithScriptsOffASearchIsAFormOnEveryPage(t *testing.T) {
	program := start(t)
	program.addNotesToFind()
	b := newTab(t)
	b.withoutScripts()
	b.open(program.link())
	b.fill("#find", "riv")
	b.do(enter)
	b.waitFor(".found-count", "2 notes")
	b.waitFor(".hit h2 mark", "river")
	b.fill("#q", "river -tag:garden")
	b.do(enter)
	b.waitFor(".hit:only-child h2", "The river house")
	b.click(".chips a[href*=work]")
	b.waitFor(".hit:only-child h2", "The river house")
	b.fill("#q", "is:nonsense")
	b.click(".search button")
	b.waitFor(".query-problems", "is:nonsense")
}

func TestASearchIsSavedUsedAndRemoved(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		program.addNotesToFind()
		b.open(program.link())
		b.open(program.base + "/search?q=river")
		b.click(".save-search summary")
		b.fill("#search-name", "By the water")
		b.click(".save-search button")
		b.waitFor(".notice", "Search saved.")
		b.waitFor(".results", "Saved as “By the water”")

		b.open(program.base + "/notes")
		b.click(".searches summary")
		b.click(".searches a")
		b.waitFor(".found-count", "2 notes")

		b.open(program.base + "/search")
		b.waitFor(".saved code", "river")
		b.click(".saved button")
		b.waitGone(".saved")
		b.waitFor(".notice", "Search removed.")
		b.undo()
		b.waitFor(".notice", "Search saved.")
		b.open(program.base + "/search")
		b.waitFor(".saved a", "By the water")
	})
}

func TestAMessageOutlivesTheCountThatFollowsThePage(t *testing.T) {
	program := start(t)
	for i := range 25 {
		program.addNote(fmt.Sprintf("Walk %d", i), "along the river")
	}
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + "/search?q=river")
	b.waitFor(".found-count", "25 notes")
	b.click(".save-search summary")
	b.fill("#search-name", "By the water")
	b.click(".save-search button")
	b.waitFor(".results", "Saved as “By the water”")
	b.waitFor(".found-count", "25 notes")
	b.waitFor(".notice", "Search saved.")
}

func TestMoreResultsCome(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		for i := range 25 {
			program.addNote(fmt.Sprintf("Walk %d", i), "along the river")
		}
		b.open(program.link())
		b.open(program.base + "/search?q=river")
		want := 25
		if b.plain {
			b.click(".found-count a")
		}
		b.waitFor(".found-count", "25 notes")
		if b.plain {
			b.click(".more a")
			want = 5
		}
		b.wait(fmt.Sprintf(`scrollTo(0, document.body.scrollHeight), document.querySelectorAll(".hit").length === %d`, want))
		b.waitGone(".more")
	})
}

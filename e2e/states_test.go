package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"octavo/domain"
	"octavo/web"
)

// What TestEachPageIsAccessibleAndFits says of pages holds in each state that they can be brought into.
func TestEachStateOfAPageIsAccessibleAndFits(t *testing.T) {
	program := start(t)
	b := newTab(t)
	check := func(name, selector, text string) {
		t.Helper()
		b.waitFor(selector, text)
		b.waitUntilIdle()
		for _, found := range b.audit() {
			t.Errorf("%s: %s", name, found)
		}
	}
	b.open(program.base + "/open?key=wrong")
	check("a link that doesn't sign in", ".status", "401")
	b.open(program.link())

	for i := range 25 {
		program.addNote(fmt.Sprintf("Tea %d", i), "Green tea, #garden/herbs")
	}
	rich := program.addNote("Rich", richMarkdown+"\n#garden and [[Rich]] and [[Tea 1]], #home/a/b/c/d\n")
	program.changeNote(rich, draft{"Rich", richMarkdown + "\nwith another line, #garden #home and [[Tea 1]]\n"})

	b.open(program.base + rich)
	b.click(".note .actions form[action$='/pin'] button")
	check("a note that is pinned", ".note form[action$='/unpin']", "")
	b.open(program.base + rich + "/history")
	check("the history", "h1", "History")
	b.open(program.base + rich + "/history/1")
	check("an old version", ".note h1", "")
	b.open(program.base + rich + "/history/2")
	check("what has been changed", ".note h1", "")
	b.click(".switch a:last-child")
	check("the text of an old version", ".note .prose", "12,345")

	b.open(program.base + "/search")
	check("a search that begins", ".empty", "")
	b.fill("#q", "tea")
	check("a search with its count", ".hit", "Tea")
	b.waitGone(".found-count a")
	check("a search that has been counted", "#facets", "garden")
	b.click(".save-search summary")
	check("a search that is given a name", "#search-name", "")
	b.fill("#search-name", "Cups of tea")
	b.do(enter)
	b.waitFor("main", "Cups of tea")
	check("a search that has a name", "main", "Cups of tea")
	b.open(program.base + "/search?q=nothing-at-all+created:never")
	check("a search that finds nothing", ".empty", "")

	b.open(program.base + "/tags")
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => d.open = true)`))
	check("the tags", ".tag-row", "garden")
	b.fill("#tag-filter", "none-like-it")
	check("no tags", ".empty", "")
	b.open(program.base + "/tags/garden/rename")
	check("a tag that is renamed", "#to", "")
	b.fill("#to", "1")
	b.do(enter)
	check("a tag with a wrong name", "#to-error", "")
	b.fill("#to", "home")
	b.do(enter)
	check("two tags that become one", ".merge", "")
	b.open(program.base + "/notes?tag=garden")
	check("the notes with a tag", "h1", "garden")
	b.open(program.base + "/settings/sessions")
	check("the sessions", ".browsers", "")

	b.open(program.base + "/notes")
	b.click("a.select")
	check("notes that can be chosen", "#bulk", "")
	b.click(".card.choice label")
	check("a note that is chosen", ".chosen", "1")
	b.click("#bulk button[value=archive]")
	check("notes that have been archived", "#notices .notice", "")
	b.open(program.base + "/notes?view=archived")
	check("the archive", ".card", "")

	b.open(program.base + "/notes")
	b.turnToBox()
	b.fill("#capture-content", "[[Te")
	check("titles that are offered above the notes", "#capture .choices", "Tea")
	b.fill("#capture-content", kb.Backspace)

	b.openEditorAt(program.base + "/notes/new")
	b.paste("#content", "A text and a [[Te")
	b.do(chromedp.KeyEvent("a"))
	check("titles that are offered", ".choices", "Tea")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.paste("#content", richMarkdown)
	b.fill("#tags", "one two ")
	b.click(".preview-button")
	check("a preview", "#preview table", "12,345")
	b.waitFor(".draft-state", "Draft saved")
	b.open(program.base + "/notes")
	check("a draft that is offered", ".draft-hint", "")
	b.openEditorAt(program.base + "/notes/new")
	b.paste("#content", "typed when the server has gone")
	again := program.offline()
	check("a draft that isn't kept", ".draft-state", "Not saved yet")
	b.click("#editor .primary")
	check("a note that isn't saved", "#notices [role=alert]", "")
	again()
	b.takeProblems()

	b = b.another()
	b.openEditorAt(program.base + rich + "/edit")
	b.click("#content")
	eval[bool](b, fmt.Sprintf(`(() => {
		const data = new DataTransfer();
		data.items.add(new File([new Uint8Array(%d)], "film.mp4"));
		return document.querySelector("#content").dispatchEvent(%s);
	})()`, domain.MaxFile+1, dropped))
	check("a file that is too large", ".uploads .error", "25 MiB")
	b.hold("*/files")
	b.give("#content", "slow.png", picture(t), dropped)
	b.waitFor(".uploads progress", "")
	for _, found := range b.audit() {
		t.Errorf("a file on its way: %s", found)
	}
}

// What couldn't be taken is a page of its own where a browser sends a form by itself.
func TestEachPageThatSaysWhatFailedIsAccessibleAndFits(t *testing.T) {
	t.Parallel() // most of the time is spent waiting for a database that is locked
	path := filepath.Join(t.TempDir(), "notes.db")
	program := start(t, "SQLITE_PATH="+path)
	b := newTab(t)
	b.open(program.link())
	sent := func(name, form, content, status string) {
		t.Helper()
		eval[bool](b, fmt.Sprintf(`((form) => {
			form.querySelector("[name=content]").value = %s;
			HTMLFormElement.prototype.submit.call(form);
			return true;
		})(document.querySelector(%s))`, js(content), js(form)))
		b.waitFor(".status", status)
		b.waitUntilIdle()
		for _, found := range b.audit() {
			t.Errorf("%s: %s", name, found)
		}
	}
	b.open(program.base + "/notes")
	sent("a text that is far too large", "#capture", strings.Repeat("x", domain.MaxContent<<1), "413")

	b.openEditorAt(program.base + "/notes/new")
	db := openDatabase(t, "sqlite:"+path)
	db.SetMaxOpenConns(1)
	execute(t, db, "BEGIN IMMEDIATE")
	sent("a text that can't be saved now", "#editor", "kept on the page", "503")
	execute(t, db, "ROLLBACK")
	if got := b.value("#content"); got != "kept on the page" {
		t.Errorf("the form holds %q", got)
	}
	b.takeProblems()
}

func TestThePageOfAStartIsAccessibleFitsAndGoesOnByItself(t *testing.T) {
	gate := web.NewGate(web.Config{BaseURL: &url.URL{Path: "/sub"}})
	server := httptest.NewServer(gate)
	t.Cleanup(server.Close)
	b := newTab(t)
	b.open(server.URL + "/sub/notes?tag=tea#main")
	b.waitFor("h1", "updating its database")
	for _, found := range b.audit() {
		t.Error(found)
	}
	gate.Open(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, "<h1>The app at %s</h1>", r.URL)
	}))
	b.waitFor("h1", "The app at /sub/notes?tag=tea")
	b.takeProblems()
}

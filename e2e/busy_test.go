package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// On a slow line whatever is pressed shows at once that it is at work, before there is an answer, and is sent once however
// often it is pressed.
func TestWhatIsPressedShowsThatItIsAtWorkAndIsSentOnce(t *testing.T) {
	program := start(t)
	note := program.addNote("Rich", "- [ ] to do\n\n#garden\n")
	program.changeNote(note, draft{"Rich", "- [ ] to do\n\n#garden more\n"})
	for i := range 30 {
		program.addNote(fmt.Sprintf("Tea %d", i), "green")
	}
	b := newTab(t)
	b.open(program.link())

	for _, pressed := range []struct{ page, selector string }{
		{"/notes", `.card form[action$="/pin"] button`},
		{"/notes", `.card form[action$="/archive"] button`},
		{"/notes", `.card form[action$="/trash"] button`},
		{"", `.gone button`}, // Undo, on the page as it is
		{note, `.note form[action$="/pin"] button`},
		{"", `#notices .notice button`},
		{note + "/history/1", `form[action*="/restore"] button`},
		{"/tags/garden/rename", `.rename-form .primary`},
		{"/settings/sessions", `.browsers form button`},
	} {
		if pressed.page != "" {
			b.open(program.base + pressed.page)
		}
		b.pressHeld(pressed.selector, 1)
	}

	b = newTab(t)
	b.open(program.link())
	b.open(program.base + "/notes")
	b.fill("#capture-content", "captured on a slow line")
	b.pressHeld("#capture .primary", 1)
	b.waitFor(".cards", "captured on a slow line")
	b.openEditorAt(program.base + "/notes/new")
	b.paste("#content", "saved on a slow line")
	b.pressHeld("#editor .primary", 1)
	b.waitFor(".note", "saved on a slow line")
	b.openEditorAt(program.base + "/notes/new")
	b.paste("#content", "saved while writing")
	b.waitFor(".draft-state", "Draft saved")
	b.shownWhileHeld("*/notes", ctrl("s"))
	b.wait(`location.pathname.endsWith("/edit")`)
	for _, text := range []string{"first", "second"} {
		b.openEditorAt(program.base + "/notes/new")
		b.paste("#content", text)
		b.waitFor(".draft-state", "Draft saved")
	}
	b.open(program.base + "/drafts")
	b.pressHeld(".drafts form button", 1)
	b.waitFor("#notices .notice", "Undo")
	b.pressHeld(".list-head form button", 1)

	b.open(program.base + "/notes?select=1")
	b.waitFor("#bulk", "")
	b.click(".card.choice label")
	b.pressHeld("#bulk button[value=archive]", 1)
	b.waitFor("#notices .notice", "Undo")
	b.pressHeld("#notices .notice button", 1)
}

// So do links, of which the last that is pressed is followed, and what is asked for while one types.
func TestWhatLeadsElsewhereShowsThatItIsAtWork(t *testing.T) {
	program := start(t)
	note := program.addNote("Rich", "#garden")
	for i := range 30 {
		program.addNote(fmt.Sprintf("Tea %d", i), "green #garden")
	}
	b := newTab(t)
	b.open(program.link())
	for _, pressed := range []struct{ page, selector string }{
		{"/notes", `.arrange a[href*="sort"], .arrange a[href*="order"]`},
		{"/notes", `.masthead nav a[href$="/tags"]`},
		{"/notes", `.card .chips a`},
		{"/notes", `.card h2 a`},
		{"/notes", `a.select`},
		{"/search?q=tea", `#facets a`},
		{note, `.note .actions a`},
	} {
		b.open(program.base + pressed.page)
		b.pressHeld(pressed.selector, 2)
	}

	b.open(program.base + "/notes")
	b.fill("#find", "tea")
	b.pressHeld(".search button", 2)
	b.waitFor(".hit", "Tea")
	b.focus("#q")
	b.shownWhileHeld("*/search*", chromedp.KeyEvent(kb.End), chromedp.KeyEvent(" 1"))
	b.open(program.base + "/tags")
	b.focus("#tag-filter")
	b.shownWhileHeld("*/tags*", chromedp.KeyEvent("gar"))
	b.open(program.base + "/notes")
	b.shownWhileHeld("*after=*", chromedp.Evaluate[chromedp.Void](`scrollTo(0, document.body.scrollHeight)`))
	b.waitFor(".card", "Rich")
}

// atWork is whether something is seen to be at work.
const atWork = `[...document.querySelectorAll("[aria-busy=true]")].some((e) => e.checkVisibility() && getComputedStyle(e, "::after").content !== "none")`

// pressHeld presses something twice while every answer is held back, which is to send so many requests.
func (b *tab) pressHeld(selector string, requests int) {
	b.t.Helper()
	b.waitFor(selector, "")
	b.waitUntilIdle()
	b.holdAll("*")
	shown := eval[bool](b, fmt.Sprintf(`((pressed) => {
		pressed.click();
		const shown = pressed.ariaBusy === "true" && %s;
		pressed.click();
		return shown;
	})(document.querySelector(%s))`, atWork, js(selector))) // at once: a page that is about to go answers nothing more
	if !shown {
		b.t.Errorf("%s doesn't show that it is at work", selector)
	}
	eventually(b.t, "a request is held back", func() bool { return b.heldBack() > 0 })
	if n := b.heldBack(); n > requests {
		b.t.Errorf("%s is sent %d times", selector, n)
	}
	b.holdNothing()
	b.wait(fmt.Sprintf(`document.querySelector(%s)?.ariaBusy !== "true"`, js(selector)))
	b.waitUntilIdle()
}

// shownWhileHeld does something on a page that stays, and waits until it is seen to be at work before there is an answer.
func (b *tab) shownWhileHeld(pattern string, act ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.waitUntilIdle()
	b.holdAll(pattern)
	b.do(act...)
	b.wait(atWork)
	b.release()
	b.wait("!" + atWork)
}

// holdAll is hold, and forgets what was held before.
func (b *tab) holdAll(pattern string) {
	b.t.Helper()
	b.mu.Lock()
	b.held = nil
	b.mu.Unlock()
	b.hold(pattern)
}

func (b *tab) heldBack() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.held)
}

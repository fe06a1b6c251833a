package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// visibleText is how many pixels of the text are in the window, between the tools and what can be done with it.
const visibleText = `(() => {
	const box = (selector) => document.querySelector(selector).getBoundingClientRect();
	return Math.min(box("#editor > .bar").top, box("#content").bottom) - Math.max(box("markdown-toolbar").bottom, box("#content").top);
})()`

func TestOnAPhoneTheTextKeepsMostOfWhatTheKeyboardLeaves(t *testing.T) {
	const left = 844 - 336 // of a phone's window, above a keyboard
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	b.do(chromedp.EmulateViewport(390, left))
	b.openEditorAt(program.base + "/notes/new")
	if mode := eval[string](b, `document.querySelector("meta[name=viewport]").content`); !strings.Contains(mode, "interactive-widget=resizes-content") {
		t.Errorf("the window doesn't shrink for the keyboard: %s", mode)
	}
	b.fill("#title", "On the road")
	b.focus("#content")
	b.wait(fmt.Sprintf("%s >= %d", visibleText, left*6/10))
	b.paste("#content", strings.Repeat("a line of a long note\n", 200))
	b.wait(fmt.Sprintf("%s >= %d", visibleText, left*6/10))
	t.Logf("%d of %d pixels", eval[int](b, "Math.round("+visibleText+")"), left)
}

func TestTheTextFillsTheWindowAndGrowsWithOneScrollbar(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	b.do(chromedp.EmulateViewport(1280, 800))
	b.openEditorAt(program.base + "/notes/new")
	b.wait(`document.scrollingElement.scrollHeight === innerHeight`)
	b.wait(fmt.Sprintf("%s > 500", visibleText))
	b.paste("#content", strings.Repeat("a line of a long note\n", 200)+"the last")
	b.wait(`document.scrollingElement.scrollHeight > 4000`)
	b.wait(`((f) => f.scrollHeight <= f.clientHeight + 1)(document.querySelector("#content"))`)
	b.do(enter)
	b.wait(`scrollY > 3000`) // the caret stays in sight, above what covers the window's end
	b.wait(`((f) => f.getBoundingClientRect().bottom - parseFloat(getComputedStyle(f).paddingBlockEnd) <= document.querySelector("#editor > .bar").getBoundingClientRect().top)(document.querySelector("#content"))`)
	b.wait(`document.querySelector("markdown-toolbar").getBoundingClientRect().top === 0`)
}

func TestATitleWrapsAndIsOneLine(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	title := strings.TrimSpace(strings.Repeat("a long title ", 19))
	b.fill("#title", title)
	b.wait(`((f) => f.clientHeight > 100 && f.scrollHeight <= f.clientHeight + 1)(document.querySelector("#title"))`)
	b.do(enter)
	b.wait(`document.activeElement.id === "content"`)
	b.paste("#title", "one\ntwo")
	b.wait(`document.querySelector("#title").value === "one two"`)
}

func TestTagsAreChipsThatAreTypedAsWords(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.paste("#content", "tagged")
	b.fill("#tags", "house work/river house half")
	b.wait(`document.querySelector("[name=tags]").value === "house work/river half"`)
	b.click(`.chips li:first-child button`)
	b.waitFor("#announcer", "Tag house removed")
	b.wait(`document.activeElement.id === "tags"`)
	b.click("#editor .primary")
	b.waitFor(".note .tags", "work/river")
	b.waitFor(".note .tags", "half")
	if tags := eval[int](b, `document.querySelectorAll(".note .tags li").length`); tags != 2 {
		t.Errorf("%d tags are saved", tags)
	}
}

// openEditorAt opens a form and waits until it is an editor.
func (b *tab) openEditorAt(url string) {
	b.t.Helper()
	b.open(url)
	b.waitFor("markdown-toolbar md-bold", "")
	b.wait(`!document.querySelector(".scripted").hidden`)
}

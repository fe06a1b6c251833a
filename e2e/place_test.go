package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// longNote is a text with headings, each over a few lines.
func longNote(headings int) string {
	var text strings.Builder
	for i := range headings {
		fmt.Fprintf(&text, "## Day %d\n\n%s\n\n", i+1, strings.Repeat("Rain on the river, tea in the house. ", 12))
	}
	return text.String()
}

// onTop is whether what is seen at an element's middle is the element.
const onTop = `((e) => {
	const { x, y, width, height } = e.getBoundingClientRect();
	return e.contains(document.elementFromPoint(x + width / 2, y + height / 2));
})`

func TestEditIsAtHandWhileReading(t *testing.T) {
	program := start(t)
	url := program.base + program.addNote("The river house", longNote(60))
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		b.open(program.link())
		for _, width := range []int64{1280, 800, 390} {
			b.do(chromedp.EmulateViewport(width, 800))
			b.open(url)
			const along = `document.querySelector(".along a")`
			shown := onTop + "(" + along + ")"
			if eval[bool](b, shown) {
				t.Errorf("%d px: there are two to press before anything is scrolled", width)
			}
			before := eval[int](b, "document.documentElement.scrollHeight")
			eval[bool](b, `scrollTo(0, 5000), true`)
			b.wait("scrollY === 5000 && " + shown)
			if after := eval[int](b, "document.documentElement.scrollHeight"); after != before {
				t.Errorf("%d px: the page was %d px high, and is %d", width, before, after)
			}
			if over := eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%d px: the page is %d px wider than the window", width, over)
			}
			eval[bool](b, `document.querySelector("[id^=note-day-30]").scrollIntoView(), true`)
			if !eval[bool](b, onTop+`(document.querySelector("[id^=note-day-30]"))`) {
				t.Errorf("%d px: a heading that a link leads to is behind the bar", width)
			}
			eval[bool](b, `scrollTo(0, 0), document.querySelector(".along a").focus({ focusVisible: true, preventScroll: true }), true`)
			b.wait(shown) // wherever the focus is, it is seen
		}
		b.click(".along a")
		b.waitFor("h1", "Edit note")
	})
}

func TestTheEditorAndTheNoteOpenWhereTheOtherWasLeft(t *testing.T) {
	program := start(t)
	text := "---\nkind: diary\n---\n```sh\n# no heading\n```\n\n" + longNote(60)
	url := program.base + program.addNote("The river house", text)
	b := newTab(t)
	b.open(program.link())
	// What stands in the line before the caret.
	const caretIn = `(() => {
		const field = document.querySelector("#content");
		const { value, selectionStart: at } = field;
		return document.activeElement === field ? value.slice(value.lastIndexOf("\n", at - 1) + 1, at) : "";
	})()`
	for _, size := range [][2]int64{{1280, 800}, {390, 844}} {
		b.do(chromedp.EmulateViewport(size[0], size[1]))
		b.open(url)
		eval[bool](b, `document.querySelector("#note-day-40").scrollIntoView(), scrollBy(0, -200), true`)
		eval[bool](b, `document.querySelector(".along a").click(), true`) // a tool would scroll to it before
		b.wait(caretIn + ` === "## Day 40"`)
		b.waitUntilIdle()
		b.wait(`scrollY > 2000`)
		// What is typed is typed there.
		b.do(chromedp.KeyEvent(", by night"))
		// Saved further down, the note is shown there.
		eval[bool](b, `((f) => f.setSelectionRange(f.value.indexOf("## Day 50") + 30, f.value.indexOf("## Day 50") + 30))(document.querySelector("#content")), true`)
		b.click("#editor .primary")
		b.waitFor(".prose h2", "Day 40, by night")
		b.wait(`((top) => top >= 0 && top < innerHeight / 4)(document.querySelector("#note-day-50").getBoundingClientRect().top)`)
		b.open(url)
		b.wait("scrollY === 0") // and only then
		program.changeNote(strings.TrimPrefix(url, program.base), draft{"The river house", text})
	}
	// From the note's beginning one gets to that of the editor.
	b.open(url)
	b.click(".actions a")
	b.waitFor("h1", "Edit note")
	b.waitUntilIdle()
	b.wait(`!document.querySelector(".scripted").hidden && scrollY === 0 && document.activeElement.id !== "content"`)
}

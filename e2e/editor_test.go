package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys of the editor.
var (
	escape = chromedp.KeyEvent(kb.Escape)
	undo   = chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl))
)

// openEditor opens the form of a new note, and waits until it is an editor.
func (b *tab) openEditor(program *process) {
	b.t.Helper()
	b.open(program.link)
	b.open(program.base + "/notes/new")
	b.waitFor("markdown-toolbar md-bold", "")
	b.wait(`!document.querySelector(".scripted").hidden`)
}

// holds waits until the text has content, in which | stands for the caret.
func (b *tab) holds(content string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`((f) => f.value.slice(0, f.selectionStart) + "|" + f.value.slice(f.selectionStart))(document.querySelector("#content")) === %s`, js(content)))
}

func TestAListGoesOnWithEnterAndEndsInAnEmptyItem(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	for _, tt := range []struct{ typed, next, end string }{
		{"- one", "- one\n- |", "- one\n|"},
		{"9) nine", "9) nine\n10) |", "9) nine\n|"},
		{"- [x] done", "- [x] done\n- [ ] |", "- [x] done\n|"},
		{"> quoted", "> quoted\n> |", "> quoted\n|"},
		{"  * inner", "  * inner\n  * |", "  * inner\n|"},
		{"> - both", "> - both\n> - |", "> - both\n> |"},
	} {
		b.paste("#content", tt.typed)
		b.do(enter)
		b.holds(tt.next)
		b.do(enter)
		b.holds(tt.end)
		b.do(undo)
		b.wait(fmt.Sprintf(`document.querySelector("#content").value === %s`, js(strings.TrimSuffix(tt.next, "|"))))
	}
	for _, plain := range []string{"no list", "* * *", "```\n- code"} {
		b.paste("#content", plain)
		b.do(enter)
		b.holds(plain + "\n|")
	}
}

func TestTabIndentsAListAndEscapeLeadsOut(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	b.paste("#content", "1. one\n2. two")
	b.do(tabKey)
	b.holds("1. one\n   2. two|")
	b.do(shiftTab)
	b.holds("1. one\n2. two|")
	b.do(tabKey, undo)
	b.wait(`document.querySelector("#content").value === "1. one\n2. two"`)
	b.paste("#content", "1. one\n2. two")

	b.do(escape, tabKey)
	b.wait(`document.activeElement.id !== "content"`)
	b.holds("1. one\n2. two|")
	b.do(shiftTab)
	b.wait(`document.activeElement.id === "content"`)
	b.do(escape, shiftTab)
	b.wait(`document.activeElement.closest("markdown-toolbar") !== null`)

	b.paste("#content", "no list")
	b.do(tabKey)
	b.wait(`document.activeElement.id !== "content"`)
}

func TestTheToolbarMarksUpByKeyboardAndByPointer(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	b.paste("#content", "word")
	b.do(selectAll)
	b.click("md-bold")
	b.wait(`document.querySelector("#content").value === "**word**"`)
	b.do(undo)
	b.wait(`document.querySelector("#content").value === "word"`)

	b.do(escape, shiftTab)
	b.wait(`document.activeElement.matches("md-header")`)
	eval[bool](b, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }))`)
	b.wait(`document.querySelector("#content").value === "## word"`)
	b.do(escape)
	b.do(shiftTab, chromedp.KeyEvent(kb.End))
	b.wait(`document.activeElement.matches("button.attach")`)
}

func TestAnAddressPastedOverTextBecomesALink(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	b.paste("#content", "here")
	b.do(selectAll)
	eval[bool](b, `(() => {
		const data = new DataTransfer();
		data.setData("text/plain", "https://example.com/");
		return document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true }));
	})()`)
	b.holds("[here](https://example.com/)|")
	b.do(undo)
	b.wait(`document.querySelector("#content").value === "here"`)
}

func TestTheEditorGoesOnAfterTheFormHasComeBack(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.click("#editor .primary")
	b.waitFor("[role=alert]", "can’t be saved yet")
	b.paste("#content", "- one")
	b.do(enter)
	b.holds("- one\n- |")
	b.waitFor(".words", "1 word")
	b.do(selectAll)
	b.click("md-ordered-list")
	b.wait(`document.querySelector("#content").value.startsWith("1. one")`)
}

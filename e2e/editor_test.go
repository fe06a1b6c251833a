package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
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
	b.open(program.link())
	b.openEditorAt(program.base + "/notes/new")
}

// holds waits until the text has content, in which | stands for the caret.
func (b *tab) holds(content string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`((f) => f.value.slice(0, f.selectionStart) + "|" + f.value.slice(f.selectionStart))(document.querySelector("#content")) === %s`, js(content)))
}

// put fills the text with content, in which | stands for the caret, or two of them for the ends of a selection.
func (b *tab) put(content string) {
	b.t.Helper()
	parts := strings.Split(content, "|")
	b.paste("#content", strings.Join(parts, ""))
	from := len(parts[0])
	to := from
	if len(parts) == 3 {
		to += len(parts[1])
	}
	eval[int](b, fmt.Sprintf(`document.querySelector("#content").setSelectionRange(%d, %d), 0`, from, to))
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
	b.holds("1. one\n   1. two|")
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
	b.waitFor("[role=alert]", "Not saved yet")
	b.wait(`document.activeElement.matches("[role=alert]")`) // which a page gives it late
	b.paste("#content", "- one")
	b.do(enter)
	b.holds("- one\n- |")
	b.waitFor(".words", "1 word")
	b.do(selectAll)
	b.click("md-ordered-list")
	b.wait(`document.querySelector("#content").value.startsWith("1. one")`)
}

func TestWhatIsTypedIsKeptAsADraftAndLeavingDoesNotAsk(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.paste("#content", "typed and never saved")
	b.waitFor("#editor .draft-state", "Draft saved")
	b.open(program.base + "/notes") // a dialog would fail the test

	b.fill("#capture-content", "captured and never added")
	b.waitFor("#capture .draft-state", "Draft saved")
	b.open(program.base + "/notes/new")
}

func TestADraftThatCannotBeKeptIsTriedAgain(t *testing.T) {
	installed := install(t)
	program := installed.start()
	b := newTab(t)
	b.openEditor(program)
	program.stop()
	b.paste("#content", "typed on a train")
	b.waitFor("#editor .draft-state", "Not saved yet: kept in this browser")
	b.waitFor("#alarm", "Not saved yet: kept in this browser")
	b.takeProblems() // that the server can't be reached
	installed.configure("HTTP_ADDR=" + strings.TrimPrefix(program.base, "http://"))
	installed.start()
	b.waitFor("#editor .draft-state", "Draft saved")
	b.takeProblems()
}

func TestSavingWaitsForTheDraftOnItsWayAndNoneFollows(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.hold("*/drafts/*")
	b.paste("#content", "Note\nonce")
	eventually(t, "a draft is on its way", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.held) > 0
	})
	b.do(ctrlEnter, ctrlEnter)
	b.release()
	b.waitFor(".prose", "once")

	var notes []stored
	program.call(http.StatusOK, http.MethodGet, "/api/v1/notes", nil, &notes)
	if len(notes) != 1 {
		t.Errorf("%d notes are stored, want 1", len(notes))
	}
	b.open(program.base + "/notes/new")
	if b.value("#content") != "" {
		t.Error("the draft of a note that is saved has come back")
	}
}

func TestThePreviewFollowsTheTextAndIsRemembered(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.click(".preview-button")
	b.paste("#content", "some **bold** text")
	b.waitFor("#preview strong", "bold")
	b.click("#editor .primary")
	b.waitFor(".note h1 strong", "bold") // the first line is the title
	b.click(`.note a[href$="/edit"]`)
	b.waitFor("#preview strong", "bold")
}

func TestTitlesAndTagsAreCompleted(t *testing.T) {
	program := start(t)
	program.addNote("The river house", "#work/home")
	b := newTab(t)
	b.openEditor(program)
	b.fill("#content", "[[the riv")
	b.waitFor(".choices [aria-selected=true]", "The river house")
	b.do(tabKey)
	b.holds("[[The river house]]|")
	b.fill("#content", "#work/h")
	b.waitFor(".choices", "work/home")
	b.do(tabKey)
	b.holds("#work/home |")
	b.do(undo)
	b.wait(`document.querySelector("#content").value.startsWith("#work/h") && !document.querySelector("#content").value.includes("home")`)
}

func TestEnterChoosesWhatIsOfferedAndBreaksNoLine(t *testing.T) {
	// A key that a browser sends as one with the text that it types, and as two events.
	key := &input.DispatchKeyEventParams{Type: kb.KeyDown, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, Text: "\r", UnmodifiedText: "\r"}
	press := func(b *tab) { command(b, input.DispatchKeyEvent, *key) }
	program := start(t)
	program.addNote("The river house", "## Rooms")
	b := newTab(t)
	b.openEditor(program)
	for name, press := range map[string]func(b *tab){"one event": press, "two events": func(b *tab) { b.do(enter) }} {
		t.Run(name, func(t *testing.T) {
			b.fill("#content", "- [[the riv")
			b.waitFor(".choices [aria-selected=true]", "The river house")
			press(b)
			b.holds("- [[The river house]]|")
			press(b)
			b.holds("- [[The river house]]\n- |")
			b.fill("#content", "#riv")
			b.do(chromedp.KeyEvent("er"))
			press(b) // nothing is selected
			b.holds("#river\n|")
		})
	}
}

func TestLinksAreCompletedFromTheNotesEditedLastToAHeading(t *testing.T) {
	program := start(t)
	program.addNote("The river house", "## Rooms\n\n"+strings.Repeat("a line\n\n", 100)+"## القوارب\n\n## Boats [old]\n\nin the shed")
	program.addNote("日本語のノート", "")
	b := newTab(t)
	b.openEditor(program)
	b.fill("#content", "[[")
	b.waitFor(".choices [aria-selected=true]", "日本語のノート") // the last edited
	b.fill("#content", "[[the river house#")
	b.waitFor(".choices [aria-selected=true]", "Rooms")
	b.waitFor(".choices", "القوارب")
	b.do(chromedp.KeyEvent("boa"))
	b.waitFor(".choices [aria-selected=true]", "Boats")
	b.do(tabKey)
	b.holds("[[the river house#Boats ［old］]]|")
	b.click("#editor .primary")
	b.click(`.note a[href*="#note-boats"]`)
	b.waitFor(".note h2", "Boats [old]")
	b.wait(`document.querySelector(":target")?.textContent.includes("Boats") && scrollY > 1000`)
}

func TestAFileThatIsPastedIsAttached(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	b.paste("#content", "see ")
	eval[bool](b, `(() => {
		const data = new DataTransfer();
		data.items.add(new File(["some text"], "list.txt", { type: "text/plain" }));
		return document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true }));
	})()`)
	b.wait(`document.querySelector("#content").value.includes("list.txt](/files/")`)
	b.waitFor("#announcer", "list.txt attached")
	b.click("#editor .primary")
	b.waitFor(`.note h1 a[href^="/files/"]`, "list.txt") // the first line is the title
}

func TestWithScriptsOffThePreviewIsAPage(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.withoutScripts()
	b.open(program.link())
	b.open(program.base + "/notes/new")
	if got := eval[string](b, `(({ formAction, formTarget }) => formAction + " " + formTarget)(document.querySelector(".preview-button"))`); got != program.base+"/preview _blank" {
		t.Errorf("the preview opens %s", got)
	}
}

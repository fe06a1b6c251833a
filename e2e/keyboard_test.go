package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What follows is done by keyboard alone. Wherever the focus goes, one sees it, and nothing covers what has it.

var (
	space = chromedp.KeyEvent(" ")
	down  = chromedp.KeyEvent(kb.ArrowDown)
	right = chromedp.KeyEvent(kb.ArrowRight)
)

func TestListsAreUsedByKeyboard(t *testing.T) {
	program := start(t)
	for i := range 22 {
		program.addNote(fmt.Sprintf("Tea %d", i), "green #tea")
	}
	b := newTab(t)
	b.open(program.link())
	b.onALowScreen()
	b.reach(".skip")
	b.do(enter)
	b.focused("main")
	b.reach("#capture-content")
	b.do(chromedp.KeyEvent("Captured"))
	b.reach("#capture .primary")
	b.do(enter)
	b.waitFor("#cards", "Captured")
	b.focused("#capture-content")
	b.do(chromedp.KeyEvent("again"), ctrlEnter)
	b.waitFor("#cards", "again")
	b.focused("#capture-content")

	b.reach(`.card form[action$="/pin"] button`)
	b.do(space)
	b.focused(`.card form[action$="/unpin"] button`)
	b.do(enter)
	b.focused(`.card form[action$="/pin"] button`)
	for _, move := range []string{"archive", "trash"} {
		b.reach(`.card form[action$="/` + move + `"] button`)
		b.do(enter)
		b.focused(".gone button")
		b.do(enter)
		b.waitGone(".gone")
		b.focused(".card *")
	}
	b.hold("*after=*")
	b.reach(".more a")
	b.release()
	b.focused("#cards > :nth-child(n + 21) *")
	b.open(program.base + "/notes")

	b.reach("a.select")
	b.do(enter)
	b.waitFor("#bulk", "")
	b.reach("#cards > :nth-child(2) input")
	b.do(space)
	b.reach("#cards > :nth-child(9) input")
	b.do(space)
	b.waitFor(".chosen", "2")
	b.reach("#bulk-tag")
	b.do(chromedp.KeyEvent("drinks"), enter)
	b.waitFor("#notices .notice", "2")
	b.follow("a.select", "#bulk")
	b.reach("#bulk .all")
	b.do(enter)
	b.follow("#bulk .every a", "#bulk .choose .every")
	b.reach("#bulk button[value=trash]")
	b.do(enter)
	b.waitFor(".empty", "No notes yet")
	b.follow("#notices .notice button", ".card")
	b.waitFor(".card", "Tea")

	b.reach(`.card form[action$="/trash"] button`)
	b.do(enter)
	b.focused(".gone button")
	for range 2 {
		b.reach(`.card form[action$="/trash"] button`)
		b.do(enter)
		b.focused(".gone button")
	}
	b.follow(".masthead nav a[href$=trash]", ".lead")
	b.reach(`.card form[action$="/restore"] button`)
	b.do(enter)
	b.focused(".gone a")
	b.reach(".card summary")
	b.do(enter)
	b.reach(".card .danger")
	b.do(enter)
	b.focused(".gone p")
	b.reach(".emptying summary")
	b.do(space)
	b.follow(".emptying .danger", ".empty")
}

func TestANoteIsUsedByKeyboard(t *testing.T) {
	program := start(t)
	paragraphs := strings.Repeat("\na paragraph\n", 40)
	river := program.addNote("River", "# Banks\n- [ ] to do\n\n```\ncode\n```\n# Depth\n"+paragraphs+"\n[[Meadow]]\n")
	program.addNote("Meadow", "#grass/short in the wind, by the [[River]]")
	b := newTab(t)
	b.open(program.link())
	b.onALowScreen()
	b.open(program.base + river)
	b.reach(".prose [role=checkbox]")
	b.do(space)
	b.waitFor(".prose [aria-checked=true]", "")
	b.waitUntilIdle()
	b.focused(".prose [role=checkbox]")
	b.reach(".copy")
	b.reach(".prose a.wiki")
	b.reachBack(".along a")
	b.do(enter)
	b.waitFor("markdown-toolbar md-bold", "")
	b.wait(`!document.querySelector(".scripted").hidden`)

	b.reach("md-header")
	b.do(right)
	b.focused("md-bold")
	b.reach("#content")
	b.do(chromedp.KeyEvent(kb.End), chromedp.KeyEvent(" by the [[Me"))
	b.waitFor(".choices", "Meadow")
	b.do(down, enter)
	b.wait(`document.querySelector("#content").value.includes("[[Meadow]]")`)
	b.do(escape)
	b.reach(".preview-button")
	b.do(space)
	b.waitFor("#preview .prose", "to do")
	b.focused(".preview-button")
	b.reachBack("#tags")
	b.do(chromedp.KeyEvent("one two "))
	b.reachBack(".chips li:last-child button")
	b.do(enter)
	b.focused("#tags")
	b.reach("#editor > .bar .primary")
	b.do(enter)
	b.waitFor(".note .tags", "one")

	b.follow(`.actions .button[href$="/edit"]`, "markdown-toolbar md-bold")
	b.wait(`!document.querySelector(".scripted").hidden`)
	b.reach("#content")
	b.do(chromedp.KeyEvent("cancelled "))
	b.waitFor(".draft-state", "Draft saved")
	b.do(escape)
	b.follow(".cancel", "#notices .notice")
	b.follow("#notices .notice button", "#editor")
	b.wait(`document.querySelector("#content").value.includes("cancelled")`)
	b.reach("#title")
	b.do(ctrlEnter)
	b.waitFor(".note .prose", "cancelled")

	b.follow(".actions a[href$=history]", ".history")
	b.reach(".history summary")
	b.do(enter)
	b.follow(".history details a", ".switch")
	b.follow(`form[action*="/restore"] button`, "#notices .notice")
	b.follow(`.actions form[action$="/pin"] button`, "#notices .notice")
	b.follow(`.actions form[action$="/trash"] button`, "#notices .notice")
	b.follow("#notices .notice button", "main")

	// An edit that collides with another.
	b.openEditorAt(program.base + river + "/edit")
	b.reach("#content")
	b.do(chromedp.KeyEvent("mine "))
	program.changeNote(river, draft{"River", "# theirs Banks\n"})
	b.do(ctrlEnter)
	b.focused("#merge .problem")
	b.reach("#merge .mine input")
	b.do(right)
	b.focused("#merge .theirs input")
	b.follow("#merge .primary", ".note .prose")
}

func TestTheOtherPagesAreUsedByKeyboard(t *testing.T) {
	program := start(t)
	for i := range 25 {
		program.addNote(fmt.Sprintf("Tea %d", i), "green #tea/green")
	}
	b := newTab(t)
	b.open(program.link())
	b.onALowScreen()
	b.reach("#find")
	b.do(chromedp.KeyEvent("tea"), enter)
	b.waitFor(".hit", "Tea")
	b.waitGone(".found-count a")
	b.reach("#facets a")
	b.reach(".save-search summary")
	b.do(enter)
	b.reach("#search-name")
	b.do(chromedp.KeyEvent("Cups"), enter)
	b.waitFor("main", "Cups")
	b.reach("#q")
	b.do(chromedp.KeyEvent(kb.End), chromedp.KeyEvent(" green"))
	b.waitGone(".found-count a")
	b.wait(`location.search.includes("green")`)
	b.focused("#q")
	b.hold("*after=*")
	b.reach(".more a")
	b.release()
	b.focused(".hits > :nth-child(n + 21) *")
	b.reachBack("a.select")
	b.do(enter)
	b.waitFor("#bulk", "")
	b.reach("#cards > :nth-child(7) input")
	b.do(space)
	b.follow("#bulk button[value=pin]", "#notices .notice")
	b.follow("#notices .notice button", "main")
	b.open(program.base + "/search")
	b.focused("#q")
	b.reach(".grammar summary")
	b.do(enter)
	b.reach(".saved button")
	b.do(enter)
	b.waitGone(".saved")

	b.follow(`.masthead nav a[href$="/tags"]`, "#tag-tree")
	b.reach("#tag-tree summary")
	b.do(enter)
	b.reach(".folding a")
	b.do(enter)
	b.reach("#tag-filter")
	b.do(chromedp.KeyEvent("gr"))
	b.wait(`location.search.includes("gr")`)
	b.focused("#tag-filter")
	b.follow(".tag-row .rename", "#to")
	b.focused("#to")
	b.do(selectAll, chromedp.KeyEvent("1"), enter)
	b.waitFor("#to-error", "")
	b.focused("#to")
	b.do(selectAll, chromedp.KeyEvent("cup"), enter)
	b.waitFor("#notices .notice", "cup")
	b.follow(".tag-row .delete", ".danger")
	b.follow(".danger", "#notices .notice")
	b.follow("#notices .notice button", "main")

	for _, text := range []string{"first", "second", "third"} {
		b.openEditorAt(program.base + "/notes/new")
		b.focused("#title")
		b.do(chromedp.KeyEvent(text))
		b.waitFor(".draft-state", "Draft saved")
	}
	b.open(program.base + "/notes")
	b.follow(".draft-hint a", ".drafts")
	b.follow(".drafts button", "#notices .notice")
	b.follow("#notices .notice button", "main")
	b.open(program.base + "/drafts")
	b.follow(".list-head button", ".empty")

	b.follow(".colophon a[href$=settings]", "#password")
	b.follow("main a[href$=sessions]", ".browsers")
	b.follow(".browsers button", ".danger")
	b.follow(".signing-out a", "main")
	b.follow(".sign-out button", ".danger")
	b.follow(".danger", ".status")
}

// onALowScreen gives the tab a window in which little is in sight at once, and has nothing move there.
func (b *tab) onALowScreen() {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(1280, 600))
	command(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

const shift = 8 // as the browser has it among the modifiers of a key

// follow goes to an element, presses it by Enter, and waits for another.
func (b *tab) follow(selector, next string) {
	b.t.Helper()
	b.reach(selector)
	eval[int](b, `globalThis.pressedBefore = 1`)
	b.do(enter)
	b.wait(`!("pressedBefore" in globalThis)`)
	b.waitFor(next, "")
	b.waitUntilIdle()
}

// reach presses Tab until an element has the focus, as whoever uses a keyboard does.
func (b *tab) reach(selector string) {
	b.t.Helper()
	b.waitFor(selector, "")
	b.travel(selector, 0)
}

// reachBack is reach by Shift and Tab.
func (b *tab) reachBack(selector string) {
	b.t.Helper()
	b.travel(selector, shift)
}

func (b *tab) travel(selector string, modifiers int64) {
	b.t.Helper()
	ends := 0
	for range 300 { // more than any page here has
		command(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: input.DispatchKeyEventTypeRawKeyDown, Key: "Tab", Code: "Tab", WindowsVirtualKeyCode: 9, Modifiers: modifiers,
		})
		at := eval[struct {
			There, Body bool
			Wrong       string
		}](b, fmt.Sprintf(focusState, js(selector)))
		if at.Wrong != "" {
			b.t.Errorf("on the way to %s: %s", selector, at.Wrong)
		}
		if at.There {
			return
		}
		if at.Body {
			if ends++; ends > 2 {
				break
			}
		}
	}
	b.t.Fatalf("%s can't be reached by keyboard\n%s", selector, b.state())
}

// focused waits until an element has the focus, by whatever has been done, and judges how that looks.
func (b *tab) focused(selector string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("document.activeElement.matches(%s)", js(selector)))
	if wrong := eval[struct{ Wrong string }](b, fmt.Sprintf(focusState, js(selector))).Wrong; wrong != "" {
		b.t.Error(wrong)
	}
}

// focusState says whether what has the focus matches a selector, and what is wrong with how that is shown.
const focusState = `((selector) => {
	const e = document.activeElement;
	const wrong = [];
	const judge = () => {
		const has = (x, pseudo) => {
			const { outlineStyle, outlineWidth } = getComputedStyle(x, pseudo);
			return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
		};
		// Where text is typed without a box, one sees the caret.
		const caret = e.matches("#title, #tags, #content, #capture-content");
		const around = [e, e.parentElement, e.closest("li, .choice")].filter(Boolean);
		if (!caret && !e.matches("[tabindex='-1']") && !around.some((x) => has(x))) wrong.push("there is no ring");
		const tall = ({ height }) => height > innerHeight / 2;
		for (const box of e.getClientRects()) {
			if (box.width === 0 || box.height === 0) continue;
			const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
			const ys = tall(box) ? [] : [box.top + 2, y, box.bottom - 2];
			for (const at of ys) {
				const hit = document.elementFromPoint(x, at);
				if (!hit) { wrong.push("it is out of sight at " + [x, at]); continue; }
				const same = e.contains(hit) || hit.contains(e) || hit.closest("label")?.control === e || hit.closest(".card, .choice")?.contains(e);
				if (!same) wrong.push("it is covered by " + hit.outerHTML.slice(0, 100) + " at " + [x, at]);
			}
		}
	};
	if (e !== document.body) judge();
	return {
		There: e.matches(selector), Body: e === document.body,
		Wrong: wrong.length ? e.outerHTML.slice(0, 160) + ": " + wrong.join(", ") : "",
	};
})(%s)`

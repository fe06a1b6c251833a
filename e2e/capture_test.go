package e2e

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// give has a field be given a file as by event, for which data holds it.
func (b *tab) give(selector, name string, content []byte, event string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(() => {
		const data = new DataTransfer();
		const bytes = Uint8Array.from(atob(%s), (c) => c.charCodeAt(0));
		data.items.add(new File([bytes], %s, { type: "image/png" }));
		document.querySelector(%s).dispatchEvent(%s);
		return true;
	})()`, js(base64.StdEncoding.EncodeToString(content)), js(name), js(selector), event))
}

// turnToBox gives the box above the notes the keyboard, and waits until what is loaded then is at work.
func (b *tab) turnToBox() {
	b.t.Helper()
	b.focus("#capture-content")
	const modules = `performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /\/(attach|completion|paste|text)\.\w+\.js$/.test(name))`
	b.wait(modules + ".length === 4")
	eval[bool](b, `Promise.all(`+modules+`.map((url) => import(url))).then(() => new Promise((resolve) => setTimeout(resolve, 0, true)))`)
}

const (
	pasted  = `new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true })`
	dropped = `new DragEvent("drop", { dataTransfer: data, cancelable: true, bubbles: true })`
)

func TestFilesArePastedAndDroppedIntoTheBoxAboveTheNotes(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	for range 2 { // the second time it is another box
		b.give("#capture-content", "dropped.png", picture(t), dropped) // before anybody has turned to the box
		b.waitFor("#announcer", "dropped.png attached")
		b.give("#capture-content", "pasted.png", picture(t), pasted)
		b.waitFor("#announcer", "pasted.png attached")
		b.waitGone(".uploads li")
		b.click("#capture .primary")
		b.wait(`document.querySelector("#capture-content").value === ""`)
	}
	b.click(".card a")
	b.wait(`document.querySelectorAll(".prose img").length === 2`)
	b.wait(`[...document.querySelectorAll(".prose img")].every((i) => i.naturalWidth === 3)`)
}

// showPicker has the dialog in which files are chosen, which belongs to the system, be a field of the page.
const showPicker = `HTMLInputElement.prototype.click = function () {
	this.id = "picker";
	this.hidden = true;
	document.body.append(this);
}, true`

func TestFilesAreChosenForTheBoxAboveTheNotes(t *testing.T) {
	chosen := filepath.Join(t.TempDir(), "chosen.png")
	if err := os.WriteFile(chosen, picture(t), 0o600); err != nil {
		t.Fatal(err)
	}
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	eval[bool](b, showPicker)
	for range 2 { // the second time it is another box
		b.click("#capture .attach") // before anybody has turned to the box
		b.wait(`document.querySelector("#picker") !== null`)
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#picker"), []string{chosen}))
		b.waitFor("#announcer", "chosen.png attached")
		b.waitGone(".uploads li")
		eval[bool](b, `document.querySelector("#picker").remove(), true`)
		b.click("#capture .primary")
		b.wait(`document.querySelector("#capture-content").value === ""`)
	}
	b.click(".card a")
	b.wait(`document.querySelector(".prose img").naturalWidth === 3`)

	b = newTab(t)
	b.withoutScripts()
	b.open(program.link())
	if eval[bool](b, `document.querySelector("#capture .attach").checkVisibility()`) {
		t.Error("a button shows that does nothing")
	}
	b.fill("#capture-content", "See this")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{chosen}))
	b.click(".attach-plain button")
	b.wait(`document.querySelector("#content").value.startsWith("See this\n\n![chosen.png](/files/")`)
	b.click("#editor .primary")
	b.waitFor("h1", "See this")
}

func TestANoteIsAddedOnceItsFilesHaveArrived(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	b.fill("#capture-content", "A picture: ")
	b.hold("*/files")
	b.give("#capture-content", "slow.png", picture(t), pasted)
	b.waitFor(".uploads", "slow.png")
	b.do(ctrlEnter)
	b.waitFor("#announcer", "saved when the uploads are done")
	b.release()
	b.waitFor(".card", "A picture")
	b.click(".card a")
	b.wait(`document.querySelector(".prose img").alt.includes("slow.png")`)
}

func TestTitlesAndTagsAreOfferedInTheBoxAboveTheNotes(t *testing.T) {
	program := start(t)
	program.addNote("River house", "#river/house")
	b := newTab(t)
	b.open(program.link())
	b.turnToBox()
	b.fill("#capture-content", "see [[riv")
	b.waitFor(".choices", "River house")
	b.do(enter)
	b.wait(`document.querySelector("#capture-content").value === "see [[River house]]"`)
	b.do(chromedp.KeyEvent(" #river/h"))
	b.waitFor(".choices", "river/house")
	b.do(tabKey)
	b.wait(`document.querySelector("#capture-content").value === "see [[River house]] #river/house "`)
	b.do(ctrlEnter)
	b.waitFor(".card", "see River house")
}

func TestTheBoxAboveTheNotesGrowsWithItsText(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	const height = `document.querySelector("#capture-content").offsetHeight`
	low := eval[int](b, height)
	b.paste("#capture-content", "1\n2\n3\n4\n5\n6\n7\n8")
	b.wait(fmt.Sprintf("%s > %d", height, 2*low))
	b.paste("#capture-content", "1")
	b.wait(fmt.Sprintf("%s === %d", height, low))
}

func TestWhatIsPastedIntoTheBoxAboveTheNotesBecomesMarkdown(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	b.turnToBox()
	b.fill("#capture-content", "see ")
	b.clip(map[string]string{"text/html": "<b>bold</b>", "text/plain": "bold"})
	b.wait(`document.querySelector("#capture-content").value === "see **bold**"`)
}

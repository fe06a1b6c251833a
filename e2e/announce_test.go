package e2e

import (
	"fmt"
	"testing"
)

// says waits until an element says a text and nothing else.
func (b *tab) says(selector, text string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.querySelector(%s).textContent === %s`, js(selector), js(text)))
}

// What becomes of whatever somebody does is said in one place, in turn, and failures at once.
func TestWhatHappenedLastIsSaid(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	said := func(text string) {
		t.Helper()
		b.says("#announcer", text)
	}
	b.fill("#capture-content", "Shopping")
	b.do(ctrlEnter)
	said("Note added.")
	b.click(".card form[action$='/trash'] button")
	said("“Shopping” moved to trash. You can undo this.")
	b.click(".gone button")
	said("Undone.")
	b.click(".card form[action$='/archive'] button")
	said("“Shopping” archived. You can undo this.")
	b.click(".gone button")
	said("Undone.")

	b.openEditorAt(program.base + "/notes/new")
	b.fill("#title", "Plan")
	b.click("#editor .primary")
	b.waitFor(".note h1", "Plan")
	said("Note saved.")
	b.click(".note .actions form[action$='/pin'] button")
	said("Note pinned.")
	b.click(`.note a[href$="/edit"]`)
	b.wait(`document.querySelector("#editor .attach")?.checkVisibility()`)
	said("")
	b.fill("#content", "never")
	b.waitFor(".draft-state", "Draft saved")
	b.click(".cancel")
	said("Draft discarded.")

	b.open(program.base + "/notes")
	said("")
	b.click("a.select")
	b.click(".card.choice label")
	b.click("#bulk button[value=archive]")
	said("1 note archived.")
}

func TestWhatFailsIsSaidAtOnce(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", "")
	b := newTab(t)
	b.openEditor(program)
	b.openEditorAt(program.base + note + "/edit")
	b.give("#content", "gone.png", picture(t), pasted)
	b.waitFor("#announcer", "gone.png attached")
	again := program.offline()
	b.give("#content", "lost.png", picture(t), pasted)
	b.says("#alarm", "lost.png: The server can’t be reached. Try again in a moment.")
	b.click("#editor .primary")
	b.waitFor("#notices [role=alert]", "Couldn’t reach the server")
	again()
	b.takeProblems()
}

package e2e

import (
	"strings"
	"testing"
)

// invited returns the tab of somebody who has come by an invitation of who looks at another one.
func (b *tab) invited(program *process, name string) *tab {
	b.t.Helper()
	b.open(program.base + "/settings/people")
	b.click("main button[value=member]")
	b.waitFor("#link-title", "Invitation link")
	guest := newTab(b.t)
	if b.plain {
		guest.withoutScripts()
	}
	guest.open(b.value("#link"))
	guest.fill("#name", name)
	guest.fill("#password", "correct horse")
	guest.do(enter)
	guest.waitFor("h1", "Notes")
	return guest
}

// looksGood checks that everybody can use the page, which is unchecked without scripts.
func (b *tab) looksGood() {
	b.t.Helper()
	if b.plain {
		return
	}
	for _, found := range b.audit() {
		b.t.Error(found)
	}
}

func TestTwoPeopleShareASpaceInEachRole(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		program.addNote("Diary", "of the owner alone")
		b.open(program.link())
		bo := b.invited(program, "Bo")

		b.click(`.colophon a[href="/settings"]`)
		b.click(`main a[href="/settings/spaces"]`)
		b.waitFor("h1", "Spaces")
		b.looksGood()
		b.fill("#name", "The family")
		b.do(enter)
		b.waitFor("h1", "Members of The family")
		b.fill("#member", "Bob")
		b.do(enter)
		b.waitFor("#member-error", "There’s no account with this name")
		b.looksGood()
		b.fill("#member", "bo")
		b.do(enter)
		b.waitFor(".notice", "Member added.")
		b.looksGood()

		b.click(".masthead .brand")
		b.waitFor(".spaces summary", "The family")
		b.waitFor(".empty", "No notes yet")
		b.click(".masthead nav .button")
		b.waitFor("#content", "")
		b.paste("#content", "Shopping\n\n- [ ] milk\n")
		b.click("#editor .primary")
		b.waitFor("h1", "Shopping")
		note := eval[string](b, "location.pathname")
		b.looksGood()

		// Bo, an editor, finds it beside their own notes, and changes it.
		bo.open(program.base + "/notes")
		bo.waitFor(".spaces summary", "Personal")
		bo.click(".spaces summary")
		bo.looksGood()
		bo.click(`.spaces a[href$="/notes"][dir]`)
		bo.waitFor(".card h2", "Shopping")
		if strings.Contains(eval[string](bo, `document.body.textContent`), "Diary") {
			t.Error("the space shows what is in the owner's own")
		}
		bo.open(program.base + note)
		bo.click(`.prose button[name=task]`)
		bo.waitFor(`.prose button[aria-checked="true"]`, "")
		bo.click(`.actions a[href$="/edit"]`)
		bo.waitFor("#content", "")
		bo.paste("#content", "Shopping\n\n- [x] oat milk\n")
		bo.click("#editor .primary")
		bo.waitFor(".prose", "oat milk")
		b.open(program.base + note + "/history")
		b.waitFor(".history", "Bo")

		setRole := func(role string) {
			t.Helper()
			b.open(program.base + strings.Split(note, "/notes/")[0] + "/settings")
			b.click(`summary[aria-label="Change Bo"]`)
			eval[string](b, `document.querySelector(".person-tools[open] select").value = "`+role+`"`)
			b.click(".person-tools[open] form:has(select) button")
			b.waitFor(".notice", "Saved.")
		}
		setRole("contributor")
		bo.open(program.base + note)
		bo.waitGone(`.actions a[href$="/edit"]`)
		bo.looksGood()
		bo.paste("#add", "and tea")
		bo.click("form:has(#add) button")
		bo.waitFor(".prose", "and tea")

		setRole("reader")
		bo.open(program.base + note)
		bo.waitFor("h1", "Shopping")
		bo.waitGone("#add")
		bo.waitGone(".prose button[name=task]")
		bo.looksGood()

		b.click(`summary[aria-label="Change Bo"]`)
		b.click(`form[action$="/members/remove"] button`)
		b.waitFor(".notice", "Member removed.")
		bo.open(program.base + note)
		bo.waitFor("main", "Space not found")
		bo.open(program.base + "/notes")
		bo.waitFor("h1", "Notes")
		bo.waitGone(".spaces")
	})
}

func TestTheSwitcherWorksByKeyboard(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		b.open(program.link())
		b.open(program.base + "/settings/spaces")
		b.fill("#name", "Team")
		b.do(enter)
		b.waitFor("h1", "Members of Team")
		b.focus(".spaces summary")
		b.do(enter)
		b.waitFor(".spaces[open] nav", "Personal")
		b.do(tabKey)
		b.do(enter)
		b.waitFor(".spaces summary", "Personal")
		b.waitFor(".empty", "No notes yet")
	})
}

func TestNotesMoveBetweenSpacesAndBack(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.addNote("Shopping", "milk")
		program.addNote("Tea", "green")
		b.open(program.link())
		b.open(program.base + note)
		b.waitFor("h1", "Shopping")
		b.waitGone(`.actions a[href$="/move"]`) // there is nowhere to move it
		b.open(program.base + "/settings/spaces")
		b.fill("#name", "The family")
		b.do(enter)
		b.waitFor("h1", "Members of The family")
		family := strings.TrimSuffix(eval[string](b, "location.pathname"), "/settings")

		b.open(program.base + note)
		b.click(`.actions a[href$="/move"]`)
		b.waitFor("h1", "Move Shopping")
		b.looksGood()
		b.click("main .primary")
		b.waitFor(".notice", "1 note moved to The family.")
		b.looksGood()
		b.waitFor(".card h2", "Tea")
		b.open(program.base + family + note)
		b.waitFor("h1", "Shopping")
		b.open(program.base + note)
		b.waitFor("main", "Note not found")

		b.open(program.base + "/search?q=milk")
		b.waitFor(".empty", "No notes found")
		b.click("#everywhere")
		if b.plain {
			b.click("#search button")
		}
		b.waitFor(".hit h2", "Shopping")
		b.waitFor(".hit .badge", "The family")
		b.waitFor(".found-count", "1 note")
		b.looksGood()
		b.click(".hit h2 a")
		b.waitFor("h1", "Shopping")
		b.back("#search", "")
		b.waitFor("#everywhere:checked", "")

		b.open(program.base + family + "/notes?select=all")
		b.waitFor("#bulk-to", "")
		b.looksGood()
		eval[string](b, `document.querySelector("#bulk-to").value = document.querySelector("#bulk-to option:last-child").value`)
		b.click("button[value=move]")
		b.waitFor(".notice", "1 note moved to your personal notes.")
		b.waitFor(".empty", "No notes yet")
		b.click(".notice button")
		b.waitFor(".notice", "Undone.")
		b.waitFor(".card h2", "Shopping")
	})
}

func TestAnInvitationLeadsIntoASpace(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		b.open(program.link())
		b.open(program.base + "/settings/spaces")
		b.fill("#name", "The family")
		b.do(enter)
		b.waitFor("h1", "Members of The family")
		b.open(program.base + "/settings/people")
		b.waitFor(".joins", "The family")
		b.looksGood()
		eval[string](b, `document.querySelector(".joins select").value = document.querySelector(".joins option:last-child").value`)
		b.click("main button[value=member]")
		b.waitFor("#link-title", "Invitation link")
		b.waitFor("#invitations-title ~ ul", "Joins The family: Reader.")
		b.looksGood()
		guest := newTab(t)
		if b.plain {
			guest.withoutScripts()
		}
		guest.open(b.value("#link"))
		guest.fill("#name", "Bo")
		guest.fill("#password", "correct horse")
		guest.do(enter)
		guest.waitFor("h1", "Notes")
		guest.click(".spaces summary")
		guest.click(`.spaces a[href$="/notes"][dir]`)
		guest.waitFor(".spaces summary", "The family")
	})
}

func TestTwoWhoEditANoteSeeThatTheOtherIsThere(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		b.open(program.link())
		b.open(program.base + "/settings/spaces")
		b.fill("#name", "The family")
		b.do(enter)
		b.waitFor("h1", "Members of The family")
		family := program.base + strings.TrimSuffix(eval[string](b, "location.pathname"), "/settings")
		bo := b.invited(program, "Bo")
		b.open(family + "/settings")
		b.fill("#member", "Bo")
		b.do(enter)
		b.waitFor(".notice", "Member added.")
		b.open(family + "/notes/new")
		b.waitFor("#content", "")
		b.paste("#content", "Shopping")
		b.click("#editor .primary")
		b.waitFor("h1", "Shopping")
		note := eval[string](b, "location.href")

		b.open(note + "/edit")
		b.waitFor("#content", "")
		bo.open(note + "/edit")
		bo.waitFor("#presence", "is editing this note, too")
		bo.looksGood()
		if b.plain {
			b.open(note + "/edit")
		}
		b.waitFor("#presence", "Bo")
		if !b.plain {
			bo.open(note) // and soon after has gone
			b.wait(`document.querySelector("#presence").textContent === ""`)
		}
	})
}

package e2e

import (
	"strings"
	"testing"
)

// share makes a link on the page of what is to be shared, and returns its secret.
func (b *tab) share(page, right, password string) (secret string) {
	b.t.Helper()
	b.open(page)
	b.click(`label[for="right-` + right + `"]`)
	if password != "" {
		b.fill("#password", password)
	}
	b.click("main .primary")
	b.waitFor("#link-title", "Your new link")
	_, secret, found := strings.Cut(b.value("#link"), "/s/")
	if !found {
		b.t.Fatalf("the link is %q", b.value("#link"))
	}
	return secret
}

// visitor returns a tab of somebody else's browser, which has scripts if b has.
func (b *tab) visitor() *tab {
	b.t.Helper()
	guest := newTab(b.t)
	if b.plain {
		guest.withoutScripts()
	}
	return guest
}

func TestSomebodyWithALinkReadsTicksAndAddsUntilItIsRevoked(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		looksGood := func(b *tab) {
			t.Helper()
			if b.plain {
				return
			}
			for _, found := range b.audit() {
				t.Error(found)
			}
		}
		note := program.addNote("Shopping", "See [[Diary]] #food\n\n- [ ] milk\n- [ ] bread\n")
		program.addNote("Diary", "secret")
		b.open(program.link())
		b.open(program.base + note)
		b.click(`.actions a[href$="/share"]`)
		b.waitFor("h1", "Share Shopping")
		looksGood(b)
		b.click(`label[for="right-append"]`)
		b.click("main .primary")
		b.waitFor("#link-hint", "Can read, tick boxes and add lines at the end.")
		looksGood(b)
		link := b.value("#link")
		if !b.plain {
			b.click("[data-copy]")
			b.waitFor("[data-copy]", "Copied")
		}

		guest := b.visitor()
		guest.open(link)
		guest.waitFor("h1", "Shopping")
		guest.waitFor(".prose", "See Diary #food")
		guest.waitGone("a[href*='/notes'], .masthead, script")
		looksGood(guest)
		guest.click(`[name=task][value="2"]`)
		guest.waitFor(`[name=task][value="2"][aria-checked=true]`, "")
		guest.waitUntilIdle()
		guest.fill("#lines", "oat milk")
		guest.click("#add button")
		guest.waitFor(".notice", "Added.")
		guest.waitFor(".prose li:nth-child(3)", "oat milk")
		looksGood(guest)

		b.open(program.base + note)
		b.waitFor(".prose li:nth-child(3)", "oat milk")
		b.waitFor(`[name=task][value="2"][aria-checked=true]`, "")
		b.open(program.base + note + "/history")
		b.waitFor(".history li:first-child", "someone with the link")

		ticking := b.share(program.base+note+"/share", "tick", "")
		guest.open(program.base + "/s/" + ticking)
		guest.waitGone("#lines")
		guest.click(`[name=task][value="1"]`)
		guest.waitFor(`[name=task][value="1"][aria-checked=true]`, "")
		guest.waitUntilIdle()

		b.open(program.base + "/settings/shares")
		b.waitFor(".browsers", "2 changes.")
		b.click(`form[action$="/revoke"] button`)
		b.waitGone(".browsers li:nth-child(2)")
		guest.open(program.base + "/s/" + ticking)
		guest.waitFor("h1", "This link doesn’t work")
		guest.open(link)
		guest.waitFor("h1", "Shopping")
		looksGood(b)
		b.click(`form[action$="/revoke"] button`)
		b.waitFor(".notice", "Link revoked.")
		b.waitFor(".empty", "Nothing is shared")
		looksGood(b)
		guest.open(link)
		guest.waitFor("h1", "This link doesn’t work")
		looksGood(guest)
	})
}

func TestSomebodyWithALinkReadsTheNotesOfATag(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		program.addNote("Dune", "a novel #books/novels")
		program.addNote("Diary", "of mine #mine")
		b.open(program.link())
		b.open(program.base + "/notes?tag=books")
		b.click(`.tag-tools a[href$="/share"]`)
		b.waitFor("h1", "Share #books")
		secret := b.share(program.base+"/tags/books/share", "read", "correct horse")

		guest := b.visitor()
		guest.open(program.base + "/s/" + secret)
		guest.waitFor("h1", "Password needed")
		guest.fill("#password", "battery staple")
		guest.click("main button")
		guest.waitFor("#password-error", "Wrong password")
		guest.waitUntilIdle()
		if !b.plain {
			for _, found := range guest.audit() {
				t.Error(found)
			}
		}
		guest.fill("#password", "correct horse")
		guest.click("main button")
		guest.waitFor("h1", "#books")
		guest.click(".reading-list a")
		guest.waitFor("h1", "Dune")
		guest.waitFor(".prose", "a novel #books/novels")
		guest.waitGone("form")
		guest.click(".back a")
		guest.waitGone(".reading-list li:nth-child(2)")

		b.click(`form[action$="/renew"] button`)
		b.waitFor("#link-title", "Your new link")
		guest.open(program.base + "/s/" + secret)
		guest.waitFor("h1", "This link doesn’t work")
		guest.open(b.value("#link"))
		guest.waitFor("h1", "Password needed")
	})
}

package e2e

import "testing"

func TestAnAdminInvitesSomebodyWhoComesInByTheLink(t *testing.T) {
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
		b.open(program.link())
		b.click(`.colophon a[href="/settings"]`)
		b.click(`main a[href="/settings/people"]`)
		b.waitFor("h1", "People")
		b.click("main button[value=member]")
		b.waitFor("#link-title", "Invitation link")
		looksGood(b)
		link := b.value("#link")

		guest := newTab(t)
		if b.plain {
			guest.withoutScripts()
		}
		guest.open(link)
		guest.fill("#name", "Bo")
		guest.fill("#password", "password")
		guest.do(enter)
		guest.waitFor("#password-error", "This password is easy to guess.")
		looksGood(guest)
		guest.fill("#password", "correct horse")
		guest.do(enter)
		guest.waitFor("h1", "Notes")

		b.open(program.base + "/settings/people")
		b.click(`summary[aria-label="Change Bo"]`)
		b.waitFor(".person-tools[open] button", "Create password link")
		looksGood(b)
		b.click(`form[action$="/disable"] button`)
		b.waitFor(".notice", "Saved.")
		b.waitFor(".browsers strong", "Owner")
		guest.open(program.base + "/notes")
		guest.waitFor("h1", "Sign in to see this page")
		guest.fill("#name", "Bo")
		guest.fill("#password", "correct horse")
		guest.do(enter)
		guest.waitFor(".error", "Name or password is wrong.")
		guest.open(link)
		guest.waitFor("main", "This link doesn’t work.")
	})
}

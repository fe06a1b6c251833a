package e2e

import "testing"

func TestSomebodySetsAPasswordAndSignsInWithIt(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.base + program.addNote("Plan", "its text")
		looksGood := func() {
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
		b.fill("#name", "Ada")
		b.fill("#password", "password")
		b.click("main .primary")
		b.waitFor("#password-error", "This password is easy to guess.")
		looksGood()
		b.fill("#password", "correct horse")
		b.click("main .primary")
		b.waitFor(".notice", "Password saved.")
		b.click(".sign-out button")
		b.waitFor("h1", "Sign in to see this page") // and no question whether they mean it

		b.open(note)
		b.fill("#name", "ada")
		b.fill("#password", "correct hors")
		b.do(enter)
		b.waitFor(".error", "Name or password is wrong.")
		looksGood()
		b.fill("#password", "correct horse")
		b.do(enter)
		b.waitFor("h1", "Plan") // where they wanted to go
	})
}

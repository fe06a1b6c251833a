package e2e

import (
	"path/filepath"
	"testing"
)

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

func TestWhoHasLeftABrowserOpenIsAskedForThePasswordBeforeOthersGetIn(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		path := filepath.Join(t.TempDir(), "octavo.db")
		program := start(t, "SQLITE_PATH="+path)
		b.open(program.link())
		b.click(`.colophon a[href="/settings"]`)
		b.fill("#name", "Ada")
		b.fill("#password", "correct horse")
		b.click("main .primary")
		b.waitFor(".notice", "Password saved.")
		execute(t, openDatabase(t, "sqlite:"+path), "UPDATE sessions SET confirmed_at = NULL")

		b.click(`main a[href="/settings/people"]`)
		b.click("main button[value=admin]")
		b.waitFor("h1", "Enter your password again")
		b.fill("#confirm", "correct hors")
		b.do(enter)
		b.waitFor("#confirm-error", "This isn’t your current password.")
		if !b.plain {
			for _, found := range b.audit() {
				t.Error(found)
			}
		}
		b.fill("#confirm", "correct horse")
		b.do(enter)
		b.waitFor("#link-title", "Invitation link")
		b.waitFor(".browsers", "admin") // as was chosen before
		b.click("main button[value=member]")
		b.waitFor("#link-title", "Invitation link")
	})
}

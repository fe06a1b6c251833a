package e2e

import "testing"

func TestSomebodyDeletesTheirAccountAndASpaceAndKeepsBoth(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
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
		b.open(program.base + "/settings/people")
		b.click("main button[value=member]")
		b.waitFor("#link-title", "Invitation link")
		b.open(b.value("#link"))
		b.fill("#name", "Bo")
		b.fill("#password", "correct horse")
		b.do(enter)
		b.waitFor("h1", "Notes")

		b.open(program.base + "/settings/spaces")
		b.fill("#name", "Alone")
		b.do(enter)
		b.waitFor("h1", "Alone")
		b.open(program.base + "/settings")
		b.click(`main a[href="/settings/account"]`)
		b.waitFor("main ul ~ ul li", "Alone will be deleted too")
		looksGood()
		b.click("main button.danger")
		b.waitFor(".lead", "Your account will be deleted on")
		looksGood()
		b.click("main button.primary")
		b.waitFor(".notice", "Your account stays.")

		b.open(program.base + "/settings/spaces")
		b.click(`main a.button[href$="/settings"]`)
		b.click("[aria-labelledby=delete-title] summary")
		looksGood()
		b.click("[aria-labelledby=delete-title] button.danger")
		b.waitFor(".notice", "Space deleted.")
		b.waitFor("#closed-title", "Deleted spaces")
		looksGood()
		b.click("#notices button")
		b.waitFor("h1", "Alone")
	})
}

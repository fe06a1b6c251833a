package e2e

import (
	"testing"
	"time"

	"octavo/domain/onetime"
)

func TestSomebodySignsInWithACodeOfTheirApp(t *testing.T) {
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
		b.open(program.base + "/settings")
		b.fill("#name", "Ada")
		b.fill("#password", "correct horse")
		b.click("main .primary")
		b.waitFor(".notice", "Password saved.")
		b.click(`main a[href="/settings/two-step"]`)
		b.waitFor("h1", "Two-step sign-in")
		looksGood()
		secret := onetime.Secret(eval[string](b, `document.querySelector(".secret code").textContent`))
		b.fill("#code", "000000")
		b.do(enter)
		b.waitFor("#code-error", "This isn’t the code that the app shows now.")
		looksGood()
		code, err := secret.Code(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		b.fill("#code", code)
		b.do(enter)
		b.waitFor("#codes-title", "Recovery codes")
		looksGood()
		codes := eval[[]string](b, `document.querySelector(".recovery-codes").textContent.trim().split("\n")`)
		recovery, another := codes[0], codes[1]
		b.click("main .button")
		b.click(".sign-out button")
		b.waitFor("h1", "Sign in to see this page")

		b.fill("#name", "Ada")
		b.fill("#password", "correct horse")
		b.do(enter)
		b.waitFor("h1", "Enter a code")
		looksGood()
		b.fill("#code", code) // which has been used
		b.do(enter)
		b.waitFor("#code-error", "This code is wrong or has already been used.")
		looksGood()
		b.fill("#code", recovery)
		b.do(enter)
		b.waitFor("h1", "Notes")
		b.open(program.base + "/settings/two-step")
		b.waitFor("main", "You have 9 recovery codes left.")
		looksGood()
		b.fill("#off-code", recovery) // which has been used
		b.do(enter)
		b.waitFor("#off-code-error", "This code is wrong or has already been used.")
		looksGood()
		b.fill("#off-code", another)
		b.do(enter)
		b.waitFor(".notice", "Two-step sign-in is off.")
	})
}

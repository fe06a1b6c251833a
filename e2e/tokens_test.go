package e2e

import (
	"net/http"
	"strings"
	"testing"
)

func TestSomebodyMakesATokenForAProgramAndRevokesIt(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		program.addNote("Plan", "its text")
		looksGood := func() {
			t.Helper()
			if b.plain {
				return
			}
			for _, found := range b.audit() {
				t.Error(found)
			}
		}
		asProgram := func(secret, path string) int {
			t.Helper()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, program.base+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+secret)
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = answer.Body.Close() }()
			return answer.StatusCode
		}
		b.open(program.link())
		b.click(`.colophon a[href="/settings"]`)
		b.click(`main a[href="/settings/tokens"]`)
		name := strings.Repeat("هاتفي ", 10) + "phon" // 64 characters
		b.paste("#name", name)
		b.click("main .primary")
		b.waitFor("#scope-error", "Choose at least one scope")
		looksGood()
		b.click(`label[for="scope-notes:read"]`)
		b.click("main .primary")
		b.waitFor(".secret", "Copy it now.")
		looksGood()
		secret := eval[string](b, `document.querySelector(".secret code").textContent`)
		b.waitFor(".browsers", "Never used.")

		if status := asProgram(secret, "/api/v1/notes"); status != http.StatusOK {
			t.Errorf("got %d with the token", status)
		}
		if status := asProgram(secret, "/records"); status != http.StatusForbidden {
			t.Errorf("got %d without the scope", status)
		}
		b.paste("#name", name)
		b.click(`label[for="scope-files"]`)
		b.click("main .primary")
		b.waitFor("#name-error", "You have a token with this name")
		looksGood()
		b.click(".browsers button")
		b.waitFor(".notice", "Token revoked.")
		looksGood()
		b.waitGone(".browsers button")
		if status := asProgram(secret, "/api/v1/notes"); status != http.StatusUnauthorized {
			t.Errorf("got %d with a token that is revoked", status)
		}
	})
}

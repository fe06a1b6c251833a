package e2e

import (
	"testing"

	"octavo/web/oidc/oidctest"
)

func TestSomebodySignsInByAProviderAndTheOwnerConnectsTheirs(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		provider := oidctest.New(t)
		provider.Claims["groups"] = []string{"notes"}
		program := start(t, "OIDC_ISSUER="+provider.URL, "OIDC_CLIENT_ID="+oidctest.ClientID, "OIDC_CLIENT_SECRET="+oidctest.ClientSecret,
			"OIDC_NAME=Example ID", "OIDC_ALLOWED_GROUP=notes")
		looksGood := func(b *tab) {
			t.Helper()
			if b.plain {
				return
			}
			for _, found := range b.audit() {
				t.Error(found)
			}
		}
		const byProvider = `main a[href^="/login/oidc"]`
		b.open(program.base + "/tags")
		b.waitFor(byProvider, "Sign in with Example ID")
		looksGood(b)
		b.click(byProvider)
		b.waitFor("h1", "Tags") // where they wanted to go
		b.open(program.base + "/settings")
		b.waitFor("section:has(#identities-title)", "Connected as Ada Lovelace.")
		looksGood(b)

		owner := newTab(t)
		if b.plain {
			owner.withoutScripts()
		}
		owner.open(program.link())
		owner.open(program.base + "/settings")
		provider.Claims["sub"], provider.Claims["name"] = "2", "The owner"
		owner.click(`form[action="/settings/identities"] button`)
		owner.waitFor("h1", "Connect Example ID")
		looksGood(owner)
		owner.click("main .button")
		owner.waitFor(".notice", "Connected.")
		owner.waitFor("section:has(#identities-title)", "Connected as The owner.")
		looksGood(owner)
		owner.click(".sign-out button")
		owner.click(byProvider)
		owner.waitFor("h1", "Notes")

		owner.click(".sign-out button")
		provider.Lie = func(_, claims map[string]any) { claims["aud"] = "another app" }
		owner.click(byProvider)
		owner.waitFor("#sign-in-error", "Signing in there didn’t work.")
		looksGood(owner)
	})
}

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"octavo/domain/onetime"
)

// plugIn gives a tab's browser a device that keeps passkeys and verifies whoever is there.
func (b *tab) plugIn() {
	b.t.Helper()
	command(b, webauthn.Enable, webauthn.EnableParams{})
	if _, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	}); err != nil {
		b.t.Fatal(err)
	}
}

// atName returns a URL at the name of this machine: at its address browsers use no passkeys.
func atName(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

func TestSomebodySignsInWithAPasskeyAloneAndInPlaceOfACode(t *testing.T) {
	program := start(t)
	base, b := atName(program.base), newTab(t)
	b.plugIn()
	looksGood := func() {
		t.Helper()
		for _, found := range b.audit() {
			t.Error(found)
		}
	}
	const usePasskey = "[data-passkey] button[type=button]"
	signOut := func() {
		t.Helper()
		b.click(".sign-out button")
		b.waitFor("h1", "Sign in to see this page")
	}

	b.open(atName(program.link()))
	b.open(base + "/settings")
	b.click(`main a[href="/settings/passkeys"]`)
	b.waitFor("h1", "Passkeys")
	looksGood()
	b.fill("#name", "Ada")
	b.fill("#passkey", "My phone")
	b.click("main .primary")
	b.waitFor(".notice", "Passkey added.")
	b.waitFor(".browsers bdi", "My phone")
	looksGood()
	b.fill("#passkey", "My phone again")
	b.click("main .primary")
	b.waitFor("[data-failed]", "This device has a passkey for your account already.")

	signOut()
	looksGood()
	b.click(usePasskey)
	b.waitFor("h1", "Notes")

	b.open(base + "/settings")
	b.fill("#password", "correct horse")
	b.click("main .primary")
	b.waitFor(".notice", "Password saved.")
	b.open(base + "/settings/two-step")
	secret := onetime.Secret(eval[string](b, `document.querySelector(".secret code").textContent`))
	code, err := secret.Code(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.fill("#code", code)
	b.do(enter)
	b.waitFor("#codes-title", "Recovery codes")
	signOut()
	b.fill("#name", "Ada")
	b.fill("#password", "correct horse")
	b.do(enter)
	b.waitFor("h1", "Enter a code")
	looksGood()
	b.click(usePasskey)
	b.waitFor("h1", "Notes")

	b.open(base + "/settings/passkeys")
	b.click(".person-tools summary")
	b.waitFor(".person-tools[open] button", "Rename")
	looksGood()
	b.click(".person-tools .danger")
	b.waitFor(".notice", "Passkey removed.")
	signOut()
	b.click(usePasskey) // which the device still has
	b.waitFor("#sign-in-error", "This passkey wasn’t accepted.")
	looksGood()
}

func TestWithoutScriptsOrAtAnAddressNoPasskeyIsAskedFor(t *testing.T) {
	for name, plain := range map[string]bool{"at a name without scripts": true, "at an address": false} {
		t.Run(name, func(t *testing.T) {
			program, b := start(t), newTab(t)
			base, link := program.base, program.link()
			if plain {
				b.withoutScripts()
				base, link = atName(base), atName(link)
			}
			b.open(link)
			b.open(base + "/settings/passkeys")
			b.waitFor("main", "To add a passkey, open this page at localhost")
			if eval[bool](b, `document.querySelector("form[data-passkey]").checkVisibility()`) {
				t.Error("the form is shown")
			}
			b.open(base + "/settings")
			b.fill("#name", "Ada")
			b.fill("#password", "correct horse")
			b.click("main .primary")
			b.waitFor(".notice", "Password saved.")
			b.click(".sign-out button")
			b.waitFor("h1", "Sign in to see this page")
			if eval[bool](b, `document.querySelector("[data-passkey]").checkVisibility()`) {
				t.Error("the button is shown")
			}
		})
	}
}

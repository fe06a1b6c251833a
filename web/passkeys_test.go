package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"octavo/domain"
	"octavo/web"
)

// authenticator is the device of somebody, with one passkey.
type authenticator struct {
	t        *testing.T
	key      *ecdsa.PrivateKey
	id, user []byte
	count    uint32
	// What it and the browser say, which a test may change.
	host, origin string
	verified     bool
	synced       byte // its flags
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &authenticator{
		t: t, key: key, id: []byte(rand.Text()), host: "localhost", origin: "http://localhost:8080", verified: true, synced: backupEligible | backedUp,
	}
}

// The flags of what an authenticator says.
const (
	userPresent    = 1
	userVerified   = 1 << 2
	backupEligible = 1 << 3
	backedUp       = 1 << 4
	withKey        = 1 << 6
)

var inBase64 = base64.RawURLEncoding.EncodeToString

// data returns what an authenticator signs, and what the browser says.
func (a *authenticator) data(ceremony, challenge string, flags byte) (authenticatorData, clientData []byte) {
	a.t.Helper()
	clientData, err := json.Marshal(map[string]any{"type": ceremony, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	if flags |= userPresent | a.synced; a.verified {
		flags |= userVerified
	}
	host := sha256.Sum256([]byte(a.host))
	return binary.BigEndian.AppendUint32(append(host[:], flags), a.count), clientData
}

func (a *authenticator) answer(response map[string]any) string {
	a.t.Helper()
	text, err := json.Marshal(map[string]any{
		"id": inBase64(a.id), "rawId": inBase64(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return string(text)
}

// make answers what a page has been told to ask for a new passkey.
func (a *authenticator) make(asked answer) string {
	a.t.Helper()
	var options struct {
		Challenge string
		User      struct{ ID string }
		RP        struct{ ID string }
	}
	asked.wantStatus(http.StatusOK).decode(&options)
	wantEqual(a.t, options.RP.ID, "localhost")
	var err error
	if a.user, err = base64.RawURLEncoding.DecodeString(options.User.ID); err != nil {
		a.t.Fatal(err)
	}
	data, clientData := a.data("webauthn.create", options.Challenge, withKey)
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.t.Fatal(err)
	}
	key, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		a.t.Fatal(err)
	}
	data = append(data, make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(append(data, a.id...), key...)
	attestation, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{"clientDataJSON": inBase64(clientData), "attestationObject": inBase64(attestation)})
}

// sign answers what a page has been told to ask for.
func (a *authenticator) sign(asked answer) string {
	a.t.Helper()
	var options struct{ Challenge string }
	asked.wantStatus(http.StatusOK).decode(&options)
	data, clientData := a.data("webauthn.get", options.Challenge, 0)
	hash := sha256.Sum256(clientData)
	signed := sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{
		"clientDataJSON": inBase64(clientData), "authenticatorData": inBase64(data), "signature": inBase64(signature), "userHandle": inBase64(a.user),
	})
}

// addPasskey has the owner add the passkey of a device.
func (s *site) addPasskey(a *authenticator, name string) answer {
	s.t.Helper()
	return s.post("/settings/passkeys", "name", "Ada", "passkey", name, "answer", a.make(s.post("/settings/passkeys/offer")))
}

// byPasskey asks for, and sends, what signs somebody in with a passkey.
func (s *site) byPasskey(a *authenticator, more ...string) answer {
	s.t.Helper()
	return s.postWith("/login", []option{nobody}, append([]string{"passkey", a.sign(s.postWith("/login/passkey", []option{nobody}))}, more...)...)
}

func TestAPasskeyAloneSignsSomebodyIn(t *testing.T) {
	s := newSite(t)
	a := newAuthenticator(t)
	added := s.after(s.addPasskey(a, " My phone").wantRedirect("/settings/passkeys"))
	wantEqual(t, added.text("#notices .notice"), "Passkey added.")
	wantEqual(t, added.text(".browsers bdi"), "My phone")
	if text := added.text(".browsers li"); !strings.Contains(text, "synced") || !strings.Contains(text, "Added 3 Feb 2026") || !strings.Contains(text, "Never used.") {
		t.Errorf("it shows %q", text)
	}

	s.clock.advance(24 * time.Hour)
	a.synced = backupEligible
	asked := s.get("/tags", nobody).wantStatus(http.StatusUnauthorized)
	wantEqual(t, asked.attr("[data-passkey]", "data-passkey"), "/login/passkey")
	wantEqual(t, asked.attr("[data-passkey]", "data-host"), "localhost")
	in := s.byPasskey(a, "back", "/tags", "stay", "1").wantRedirect("/tags")
	wantEqual(t, in.Cookies()[0].MaxAge, int(domain.SessionLife.Seconds()))
	s.get("/notes", header("Cookie", in.Cookies()[0].String())).wantStatus(http.StatusOK)
	if text := s.get("/settings/passkeys").text(".browsers li"); strings.Contains(text, "synced") || !strings.Contains(text, "Last used 4 Feb 2026") {
		t.Errorf("it shows %q", text)
	}
	s.post("/logout").wantRedirect("/notes") // and nobody asks whether they can come back
	s.byPasskey(a).wantRedirect("/notes")
	for _, event := range []string{"passkey_added", "signed_in"} {
		if !strings.Contains(s.log.String(), "event="+event+" ") {
			t.Errorf("%q isn't logged", event)
		}
	}
}

func TestAPasskeyIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*site, *authenticator) // what there was
		after func(*site)                 // it was asked for
		want  string
	}{
		"that isn't known":                  {spoil: func(_ *site, a *authenticator) { a.id = []byte("another") }},
		"that another key signs for":        {spoil: func(s *site, a *authenticator) { a.key = newAuthenticator(s.t).key }},
		"that was used at another site":     {spoil: func(_ *site, a *authenticator) { a.origin = "https://octavo.example.net" }},
		"that is of another site":           {spoil: func(_ *site, a *authenticator) { a.host = "example.net" }},
		"of whom nobody has verified":       {spoil: func(_ *site, a *authenticator) { a.verified = false }},
		"that says it is somebody's":        {spoil: func(_ *site, a *authenticator) { a.user = make([]byte, 16) }},
		"that says it is nobody's":          {spoil: func(_ *site, a *authenticator) { a.user = []byte("x") }},
		"that has been removed":             {after: func(s *site) { s.removePasskey("phone").wantRedirect("/settings/passkeys") }},
		"that took too long":                {after: func(s *site) { s.clock.advance(domain.ChallengeLife) }, want: "That took too long. Try again."},
		"that says that it can't be synced": {spoil: func(_ *site, a *authenticator) { a.synced = backedUp }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			a, other := newAuthenticator(t), newAuthenticator(t)
			s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
			s.addPasskey(other, "laptop").wantRedirect("/settings/passkeys")
			if c.spoil != nil {
				c.spoil(s, a)
			}
			signed := a.sign(s.postWith("/login/passkey", []option{nobody}))
			if c.after != nil {
				c.after(s)
			}
			refused := s.postWith("/login", []option{nobody}, "passkey", signed, "back", "/tags").wantStatus(http.StatusUnauthorized)
			if c.want == "" {
				c.want = "This passkey wasn’t accepted."
			}
			wantEqual(t, refused.text("#sign-in-error"), c.want)
			wantEqual(t, refused.attr("[name=back]", "value"), "/tags")
			wantEqual(t, len(refused.Cookies()), 0)
			s.byPasskey(other).wantRedirect("/notes")
			if !strings.Contains(s.log.String(), "event=wrong_passkey ") {
				t.Error("it isn't logged")
			}
		})
	}
}

// removePasskey removes the owner's passkey with a name.
func (s *site) removePasskey(name string) answer {
	s.t.Helper()
	return s.post("/settings/passkeys/remove", "key", s.get("/settings/passkeys").attr(`li:contains("`+name+`") [name=key]`, "value"))
}

func TestWhatAPasskeyHasSignedIsTakenOnceByWhicheverInstance(t *testing.T) {
	s := newSite(t)
	a := newAuthenticator(t)
	made := a.make(s.post("/settings/passkeys/offer"))
	s.post("/settings/passkeys", "name", "Ada", "passkey", "phone", "answer", made).wantRedirect("/settings/passkeys")
	s.removePasskey("phone").wantStatus(http.StatusConflict)
	if err := s.store.Passkeys().Remove(t.Context(), domain.OwnerID, domain.HashCredential(a.id)); err != nil {
		t.Fatal(err)
	}
	again := s.post("/settings/passkeys", "name", "Ada", "passkey", "phone", "answer", made).wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, again.text("#passkey-error"), "That took too long. Try again.")
	s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
	wantEqual(t, s.addPasskey(a, "phone").wantStatus(http.StatusUnprocessableEntity).text("#passkey-error"), "This passkey is in use already.")

	signed := a.sign(s.postWith("/login/passkey", []option{nobody}))
	s.postWith("/login", []option{nobody}, "passkey", signed).wantRedirect("/notes")
	s.postWith("/login", []option{nobody}, "passkey", signed).wantStatus(http.StatusUnauthorized)
	for _, none := range []string{"x", "{}", `{"id":"eA","rawId":"eA","type":"public-key","response":{}}`} {
		s.postWith("/login", []option{nobody}, "passkey", none).wantStatus(http.StatusUnauthorized)
		s.post("/settings/passkeys", "name", "Ada", "passkey", "phone", "answer", none).wantStatus(http.StatusUnprocessableEntity)
	}
	other := newAuthenticator(t)
	asked := s.postWith("/settings/passkeys/offer", []option{s.browser(firefox)})
	s.post("/settings/passkeys", "name", "Ada", "passkey", "x", "answer", other.make(asked)).wantStatus(http.StatusUnprocessableEntity) // of another session
}

func TestACopyOfAPasskeyIsRefusedAndTold(t *testing.T) {
	s := newSite(t)
	a := newAuthenticator(t)
	a.count, a.synced = 7, 0
	s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
	copied := *a
	a.count = 9
	s.byPasskey(a).wantRedirect("/notes")
	copied.count = 8
	refused := s.byPasskey(&copied).wantStatus(http.StatusUnauthorized)
	if text := refused.text("#sign-in-error"); !strings.Contains(text, "seems to have been copied") {
		t.Errorf("it says %q", text)
	}
	if log := s.get("/settings/audit").text("main"); !strings.Contains(log, "A passkey was refused because it seems to have been copied") {
		t.Errorf("the audit log is %q", log)
	}
	a.count = 10
	s.byPasskey(a).wantRedirect("/notes")
}

func TestAPasskeyTakesThePlaceOfTheCode(t *testing.T) {
	s := newSiteWithPassword(t)
	a, strangers := newAuthenticator(t), newAuthenticator(t)
	s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
	s.turnOn()
	bo := s.stranger().User()
	s.givePasskey(bo, strangers)

	asked := s.signIn(words, "stay", "1", "back", "/tags").wantStatus(http.StatusOK)
	wantEqual(t, asked.attr("[data-passkey]", "data-passkey"), "/login/passkey")
	halfway := asked.attr("[name=halfway]", "value")
	options := func() answer { return s.postWith("/login/passkey", []option{nobody}, "halfway", halfway) }
	tell := func(signed string) answer {
		return s.postWith("/login", []option{nobody}, "halfway", halfway, "stay", "1", "back", "/tags", "passkey", signed)
	}
	if !strings.Contains(options().body, inBase64(a.id)) || strings.Contains(options().body, inBase64(strangers.id)) {
		t.Errorf("asked for %s", options().body)
	}
	for name, wrong := range map[string]string{
		"somebody else's":           strangers.sign(options()),
		"signed for another reason": a.sign(s.postWith("/login/passkey", []option{nobody})),
	} {
		refused := tell(wrong).wantStatus(http.StatusUnauthorized)
		if refused.text("#code-error") != "This passkey wasn’t accepted." || refused.attr("[name=halfway]", "value") != halfway {
			t.Errorf("%s: %s", name, refused.text("main"))
		}
	}
	a.verified = false // the password has been told
	in := tell(a.sign(options())).wantRedirect("/tags")
	wantEqual(t, in.Cookies()[0].MaxAge, int(domain.SessionLife.Seconds()))
	late := a.sign(options())
	s.clock.advance(domain.HalfwayLife)
	wantEqual(t, tell(late).wantStatus(http.StatusUnauthorized).text("#sign-in-error"), "That took too long. Sign in again.")
}

// givePasskey has a device's passkey be that of another user.
func (s *site) givePasskey(user domain.ID, a *authenticator) {
	s.t.Helper()
	s.addPasskey(a, "for a moment").wantRedirect("/settings/passkeys")
	p, err := s.store.Passkeys().Get(s.t.Context(), domain.HashCredential(a.id))
	if err == nil {
		err = s.store.Passkeys().Remove(s.t.Context(), domain.OwnerID, p.ID)
	}
	if p.User = user; err == nil {
		err = s.store.Passkeys().Add(s.t.Context(), p)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	a.user = nil // it tells by its credential alone whose it is
}

func TestAPasskeyConfirmsWhatAPasswordWould(t *testing.T) {
	s := newSite(t)
	a := newAuthenticator(t)
	s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
	s.clock.advance(domain.ConfirmedLife)
	key := string(domain.HashCredential(a.id))
	rename := func(more ...string) answer {
		return s.post("/settings/passkeys/rename", append([]string{"key", key, "passkey", "Laptop"}, more...)...)
	}
	asked := rename().wantStatus(http.StatusForbidden)
	if asked.page().Find("[type=password]").Length() != 0 || asked.attr("[data-passkey]", "data-passkey") != "/settings/passkeys/ask" {
		t.Errorf("it asks %s", asked.text("main"))
	}
	wantEqual(t, asked.attr("[name=passkey]", "value"), "Laptop")
	wrong := rename("confirm_passkey", a.sign(s.postWith("/login/passkey", []option{nobody}))).wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, wrong.text("#confirm-error"), "This passkey wasn’t accepted.")
	a.verified = false
	rename("confirm_passkey", a.sign(s.post("/settings/passkeys/ask"))).wantStatus(http.StatusUnprocessableEntity)
	a.verified = true
	rename("confirm_passkey", a.sign(s.post("/settings/passkeys/ask"))).wantRedirect("/settings/passkeys")
	wantEqual(t, s.get("/settings/passkeys").text(".browsers bdi"), "Laptop")
	rename().wantRedirect("/settings/passkeys") // and isn't asked again
}

func TestPasskeysAreRenamedAndRemovedButForTheLastWayIn(t *testing.T) {
	s := newSite(t)
	a, b := newAuthenticator(t), newAuthenticator(t)
	s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
	wrong := s.post("/settings/passkeys/rename", "key", string(domain.HashCredential(a.id)), "passkey", " ").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, wrong.text("main > .error"), "Enter a name.")
	last := s.removePasskey("phone").wantStatus(http.StatusConflict)
	if text := last.text("main > .error"); !strings.HasPrefix(text, "This is your only way to sign in.") {
		t.Errorf("it says %q", text)
	}
	s.byPasskey(a).wantRedirect("/notes") // it is still there
	s.addPasskey(b, "laptop").wantRedirect("/settings/passkeys")
	wantEqual(t, s.after(s.removePasskey("phone").wantRedirect("/settings/passkeys")).text("#notices .notice"), "Passkey removed. It no longer signs you in.")
	s.byPasskey(a).wantStatus(http.StatusUnauthorized)
	s.post("/settings/password", "name", "Ada", "password", words).wantRedirect("/settings")
	s.removePasskey("laptop").wantRedirect("/settings/passkeys") // the password is left
	s.signIn(words).wantRedirect("/notes")
	log := s.get("/settings/audit").text("main")
	for _, event := range []string{"Added a passkey", "Removed a passkey"} {
		if !strings.Contains(log, event) {
			t.Errorf("%q isn't in the audit log", event)
		}
	}
}

func TestWhoSignsInWithAPasskeyAloneHasAName(t *testing.T) {
	s := newSite(t)
	a := newAuthenticator(t)
	for name, want := range map[string]string{"": "Enter a name", strings.Repeat("x", 65): "A name can have up to 64 characters"} {
		wrong := s.post("/settings/passkeys", "name", name, "passkey", "phone", "answer", a.make(s.post("/settings/passkeys/offer"))).wantStatus(http.StatusUnprocessableEntity)
		wantEqual(t, wrong.text("#name-error"), want)
		wantEqual(t, wrong.attr("#passkey", "value"), "phone")
	}
	s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
	wantEqual(t, s.get("/settings").attr("#name", "value"), "Ada")
	s.signIn(words).wantStatus(http.StatusUnauthorized)
	s.post("/settings/password", "name", "Ada", "password", words).wantRedirect("/settings")
	s.signIn(words).wantRedirect("/notes")
	s.post("/settings/passkeys", "name", "Eve", "passkey", "laptop", "answer", newAuthenticator(t).make(s.post("/settings/passkeys/offer"))).wantRedirect("/settings/passkeys")
	wantEqual(t, s.get("/settings").attr("#name", "value"), "Ada") // whoever has a password sets it with that
}

func TestSomebodyWhoIsKeptOutComesInWithNoPasskey(t *testing.T) {
	s := newSite(t)
	a := newAuthenticator(t)
	bo := domain.NewUser(false, s.clock.Now())
	bo.Name = "Bo"
	if err := s.store.Users().Add(t.Context(), bo); err != nil {
		t.Fatal(err)
	}
	s.givePasskey(bo.ID, a)
	s.byPasskey(a).wantRedirect("/notes")
	bo.Disabled = true
	if err := s.store.Users().SetRights(t.Context(), bo); err != nil {
		t.Fatal(err)
	}
	s.byPasskey(a).wantStatus(http.StatusUnauthorized)
}

func TestPasskeysAreForSitesWithANameAndHTTPS(t *testing.T) {
	for base, host := range map[string]string{
		"https://notes.example.org": "notes.example.org", "https://notes.example.org:8443/octavo": "notes.example.org", "http://localhost:8080": "localhost",
		"http://127.0.0.1:8080": "localhost", "http://[::1]:8080": "localhost", "http://notes.example.org": "", "http://192.0.2.1:8080": "", "https://192.0.2.1": "",
	} {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		s := newSite(t, func(cfg *web.Config) { cfg.BaseURL = u })
		page := s.get(u.Path+"/settings/passkeys", func(r *http.Request) { r.Host = u.Host }).wantStatus(http.StatusOK)
		got, there := page.page().Find("form[data-passkey]").Attr("data-host")
		if got != host || there != (host != "") {
			t.Errorf("%s: %q", base, got)
		}
		if _, hidden := page.page().Find("form[data-passkey]").Attr("hidden"); there && !hidden {
			t.Errorf("%s: the form is shown without scripts", base)
		}
	}
}

func TestWhoHasAPasskeyAloneProvesItBeforeTheyChooseAPassword(t *testing.T) {
	s := newSite(t)
	a := newAuthenticator(t)
	s.addPasskey(a, "phone").wantRedirect("/settings/passkeys")
	s.clock.advance(domain.ConfirmedLife)
	asked := s.post("/settings/password", "name", "Eve", "password", words).wantStatus(http.StatusForbidden)
	if strings.Contains(asked.body, words) {
		t.Error("the password comes back")
	}
	s.postWith("/login", []option{nobody}, "name", "Eve", "password", words).wantStatus(http.StatusUnauthorized)
	s.post("/settings/password", "name", "Eve", "password", words, "confirm_passkey", a.sign(s.post("/settings/passkeys/ask"))).
		wantRedirect("/settings")
}

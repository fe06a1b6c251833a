package app_test

import (
	"encoding/json"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"

	"octavo/app"
	"octavo/domain"
)

// devices is a domain.Authenticators in which whoever says that they have a passkey has it.
type devices struct{}

// said is what such a device answers.
type said struct {
	Credential []byte
	Challenge  []byte
	Count      uint32
}

func (devices) Host() string { return "localhost" }

func (devices) Offer(challenge []byte, _ domain.User, _ []domain.Passkey) ([]byte, error) {
	return challenge, nil
}

func (devices) Ask(challenge []byte, _ []domain.Passkey, _ bool) ([]byte, error) {
	return challenge, nil
}

func (d devices) read(answer []byte) (s said, err error) {
	if json.Unmarshal(answer, &s) != nil {
		err = domain.ErrPasskeyRefused
	}
	return s, err
}

func (d devices) Made(answer []byte, _ domain.User) (domain.Credential, []byte, error) {
	s, err := d.read(answer)
	return domain.Credential{ID: s.Credential, Key: []byte("key"), Count: s.Count}, s.Challenge, err
}

func (d devices) Read(answer []byte) (domain.TokenHash, domain.ID, error) {
	s, err := d.read(answer)
	return domain.HashCredential(s.Credential), "", err
}

func (d devices) Signed(answer []byte, _ domain.Passkey, _ bool) (domain.Signature, []byte, error) {
	s, err := d.read(answer)
	return domain.Signature{Count: s.Count}, s.Challenge, err
}

// withPasskeys is an installation whose owner has a passkey.
type withPasskeys struct {
	*signIns
	*app.Passkeys
}

func newWithPasskeys(t *testing.T) withPasskeys {
	t.Helper()
	s := newSignIns(t)
	w := withPasskeys{s, app.New(s.store, nil, s.clock).Passkeys(s.accounts, devices{})}
	offered := must(w.Offer(t.Context(), actor, ""))(t)
	must(0, w.Add(t.Context(), actor, app.NewPasskey{Name: "phone", Answer: answer(offered, 0)}, ""))(t)
	return w
}

// answer returns what the owner's device says to what it is asked.
func answer(challenge []byte, count uint32) []byte {
	text, err := json.Marshal(said{[]byte("credential"), challenge, count})
	if err != nil {
		panic(err)
	}
	return text
}

func (w withPasskeys) asked() []byte {
	w.t.Helper()
	return must(w.Ask(w.t.Context(), ""))(w.t)
}

func (w withPasskeys) signIn(answer []byte) (app.SignedIn, error) {
	return w.SignIn(w.t.Context(), app.ByPasskey{Answer: answer, Address: netip.MustParseAddr("192.0.2.1")})
}

func TestWhatAPasskeySignsSignsInOnceOfHoweverManyWhoTry(t *testing.T) {
	w := newWithPasskeys(t)
	signed := answer(w.asked(), 0)
	var wg sync.WaitGroup
	var in atomic.Int32
	for range 8 {
		wg.Go(func() {
			switch _, err := w.signIn(signed); {
			case err == nil:
				in.Add(1)
			case !errors.Is(err, domain.ErrPasskeyTooLate):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := in.Load(); n != 1 {
		t.Errorf("%d have signed in", n)
	}
}

func TestPasskeysAreTriedThirtyTimesFromAnAddress(t *testing.T) {
	w := newWithPasskeys(t)
	for range domain.TriesOfAddress {
		_, err := w.signIn(answer([]byte("none"), 0))
		wantKind(t, err, domain.Unauthenticated)
	}
	_, err := w.signIn(answer(w.asked(), 0))
	wantKind(t, err, domain.TooMany)
	must(w.SignIn(t.Context(), app.ByPasskey{Answer: answer(w.asked(), 0), Address: netip.MustParseAddr("192.0.2.2")}))(t)
	must(w.try(app.SignIn{Name: "Ada", Password: secretWords}))(t) // which is counted apart
	w.clock.now = w.clock.now.Add(domain.TriesWindow)
	must(w.signIn(answer(w.asked(), 0)))(t)
}

func TestASessionThatABrowserReplacesEndsByAPasskeyToo(t *testing.T) {
	w := newWithPasskeys(t)
	before := w.clock.open(t, w.accounts)
	in := must(w.SignIn(t.Context(), app.ByPasskey{Answer: answer(w.asked(), 0), Instead: before}))(t)
	must(w.accounts.BySession(t.Context(), in.Token))(t)
	_, err := w.accounts.BySession(t.Context(), before)
	wantKind(t, err, domain.Unauthenticated)
	user := must(w.accounts.User(t.Context(), actor))(t)
	if secret := must(keys.SignIn())(t); !domain.IsDeviceOf(secret, in.Device, user) {
		t.Error("the browser isn't known from then on")
	}
}

func TestPasskeysAreChangedByASessionThatLasts(t *testing.T) {
	w := newWithPasskeys(t)
	ended := domain.HashToken("ended")
	offered := must(w.Offer(t.Context(), actor, ended))(t)
	wantKind(t, w.Add(t.Context(), actor, app.NewPasskey{Name: "x", Answer: answer(offered, 0)}, ended), domain.Unauthenticated)
	id := domain.HashCredential([]byte("credential"))
	wantKind(t, w.Rename(t.Context(), actor, id, "another", ended), domain.Unauthenticated)
	wantKind(t, w.Remove(t.Context(), actor, id, ended), domain.Unauthenticated)
	asked := must(w.AskToConfirm(t.Context(), actor, ended))(t)
	wantKind(t, w.Confirm(t.Context(), actor, answer(asked, 0), ended), domain.Unauthenticated)
	if had := must(w.List(t.Context(), actor))(t); len(had) != 1 || had[0].Name != "phone" || !had[0].Used.IsZero() {
		t.Errorf("they are %+v", had)
	}

	bo := domain.Actor{User: domain.NewID()}
	must(0, w.store.Users().Add(t.Context(), domain.User{ID: bo.User, Created: w.clock.now}))(t)
	wantKind(t, w.Rename(t.Context(), bo, id, "another", ""), domain.NotFound)
	wantKind(t, w.Remove(t.Context(), bo, id, ""), domain.NotFound)
	_, err := w.AskToConfirm(t.Context(), bo, "")
	wantKind(t, err, domain.NotFound)
}

func TestSomebodyConfirmsByAPasskeyOfTheirsAlone(t *testing.T) {
	w := newWithPasskeys(t)
	token := domain.HashToken(w.clock.open(t, w.accounts))
	w.clock.now = w.clock.now.Add(domain.ConfirmedLife)
	asked := must(w.AskToConfirm(t.Context(), actor, token))(t)
	bo := domain.Actor{User: domain.NewID()}
	must(0, w.store.Users().Add(t.Context(), domain.User{ID: bo.User, Created: w.clock.now}))(t)
	wantKind(t, w.Confirm(t.Context(), bo, answer(asked, 0), token), domain.Unauthenticated)
	if sure := must(w.accounts.Sure(t.Context(), actor, token))(t); sure {
		t.Error("they are sure before")
	}
	must(0, w.Confirm(t.Context(), actor, answer(asked, 0), token))(t)
	if sure := must(w.accounts.Sure(t.Context(), actor, token))(t); !sure {
		t.Error("they aren't sure after")
	}
	wantKind(t, w.Confirm(t.Context(), actor, answer(asked, 0), token), domain.Unauthenticated)
}

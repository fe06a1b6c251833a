package app_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

const secretWords = "correct horse"

// signIns is an installation whose owner signs in as Ada with secretWords.
type signIns struct {
	t        *testing.T
	store    domain.Store
	accounts *app.Accounts
	clock    *clock
}

func newSignIns(t *testing.T) *signIns { return newSignInsOver(t, memory.New()) }

func newSignInsOver(t *testing.T, store domain.Store) *signIns {
	s := &signIns{t: t, store: store, clock: &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}}
	s.accounts = newAccounts(s.store, s.clock, keys)
	must(0, s.accounts.EnsureOwner(t.Context()))(t)
	must(0, s.set(app.NewPassword{Name: "Ada", Password: secretWords}))(t)
	return s
}

func (s *signIns) set(given app.NewPassword) error {
	return s.accounts.SetPassword(s.t.Context(), domain.Actor{User: domain.OwnerID}, given, "")
}

func (s *signIns) try(in app.SignIn) (app.SignedIn, error) {
	if !in.Address.IsValid() {
		in.Address = netip.MustParseAddr("192.0.2.1")
	}
	return s.accounts.SignIn(s.t.Context(), in)
}

func (s *signIns) wantTooMany(in app.SignIn, want bool) {
	s.t.Helper()
	_, err := s.try(in)
	if errors.Is(err, domain.TooMany) != want {
		s.t.Errorf("%q from %v: %v", in.Name, in.Address, err)
	}
}

func TestANameAndItsPasswordStartASession(t *testing.T) {
	s := newSignIns(t)
	before := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	in := must(s.try(app.SignIn{Name: " ADA ", Password: secretWords, Browser: "Firefox", Instead: before.Token}))(t)
	member := must(s.accounts.BySession(t.Context(), in.Token))(t)
	if in.User != domain.OwnerID || member.Read().User() != domain.OwnerID {
		t.Errorf("%+v is let in as %v", in, member.Read().User())
	}
	_, err := s.accounts.BySession(t.Context(), before.Token)
	wantKind(t, err, domain.Unauthenticated)
}

func TestAWrongNameAndAWrongPasswordAreToldAlike(t *testing.T) {
	s := newSignIns(t)
	for _, in := range []app.SignIn{
		{Name: "Ada", Password: "correct hors"},
		{Name: "Ada"},
		{Name: "Bo", Password: secretWords},
		{Password: secretWords},
		{Name: "Owner", Password: ""},
	} {
		if got, err := s.try(in); err != app.ErrWrongPassword || got.Token != "" || got.Device != "" { //nolint:errorlint // the very one
			t.Errorf("%+v: %+v, %v", in, got, err)
		}
	}
}

func TestAnAccountIsTriedTenTimesAtMostWhereverFromAndHoweverAtOnce(t *testing.T) {
	s := newSignIns(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	refused := map[bool]int{}
	for i := range 24 {
		wg.Go(func() {
			_, err := s.try(app.SignIn{Name: "ada", Password: "wrong one", Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})})
			mu.Lock()
			defer mu.Unlock()
			refused[errors.Is(err, domain.TooMany)]++
		})
	}
	wg.Wait()
	if refused[false] != domain.TriesOfAccount {
		t.Errorf("%d are tried", refused[false])
	}
	s.wantTooMany(app.SignIn{Name: "Ada", Password: secretWords}, true)
	s.wantTooMany(app.SignIn{Name: "Bo", Password: secretWords}, false)
	s.clock.now = s.clock.now.Add(domain.TriesWindow)
	must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
}

func TestAnAddressTriesThirtyTimesAtMostWhateverTheNames(t *testing.T) {
	s := newSignIns(t)
	from := func(name, address string) app.SignIn {
		return app.SignIn{Name: name, Password: "wrong one", Address: netip.MustParseAddr(address)}
	}
	for i := range domain.TriesOfAddress {
		s.wantTooMany(from(string(rune('a'+i)), "2001:db8::1"), false)
	}
	s.wantTooMany(from("another", "2001:db8::ffff"), true) // of the same line
	s.wantTooMany(from("another", "2001:db8:0:1::1"), false)
	_, err := s.try(from("another", "2001:db8::1"))
	var tooMany *domain.Error
	if !errors.As(err, &tooMany) || tooMany.Wait != domain.TriesWindow {
		t.Errorf("%v", err)
	}
}

func TestADeviceThatIsKnownStillSignsInWhileOthersTryTheName(t *testing.T) {
	s := newSignIns(t)
	in := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	for range domain.TriesOfAccount {
		s.wantTooMany(app.SignIn{Name: "Ada", Password: "wrong one"}, false)
	}
	s.wantTooMany(app.SignIn{Name: "Ada", Password: secretWords}, true)
	s.wantTooMany(app.SignIn{Name: "Ada", Password: secretWords, Device: in.Device + "A"}, true)
	again := must(s.try(app.SignIn{Name: "Ada", Password: secretWords, Device: in.Device}))(t)
	if again.Device != in.Device {
		t.Error("the device gets another secret")
	}
	for range domain.TriesOfAccount {
		s.wantTooMany(app.SignIn{Name: "Ada", Password: "wrong one", Device: in.Device}, false)
	}
	s.wantTooMany(app.SignIn{Name: "Ada", Password: secretWords, Device: in.Device}, true)
}

func TestWhatIsRightIsntCounted(t *testing.T) {
	s := newSignIns(t)
	for range domain.TriesOfAddress + 1 {
		must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	}
}

func TestAChangedPasswordEndsTheOtherSessionsAndTheOldPassword(t *testing.T) {
	s := newSignIns(t)
	here := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	there := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	change := app.NewPassword{Name: "Ada L", Password: "battery staple", Current: secretWords}
	must(0, s.accounts.SetPassword(t.Context(), domain.Actor{User: domain.OwnerID}, change, domain.HashToken(here.Token)))(t)
	must(s.accounts.BySession(t.Context(), here.Token))(t)
	_, err := s.accounts.BySession(t.Context(), there.Token)
	wantKind(t, err, domain.Unauthenticated)
	_, err = s.try(app.SignIn{Name: "Ada L", Password: secretWords})
	wantKind(t, err, domain.Unauthenticated)
	must(s.try(app.SignIn{Name: "ada l", Password: "battery staple"}))(t)

	for range domain.TriesOfAccount { // one was counted already
		_, err = s.try(app.SignIn{Name: "Ada L", Password: "wrong one"})
	}
	wantKind(t, err, domain.TooMany)
	_, err = s.try(app.SignIn{Name: "Ada L", Password: "battery staple", Device: here.Device})
	wantKind(t, err, domain.TooMany) // who knew the old password has no tries of their own any more
}

func TestAPasswordIsChangedByWhoKnowsItAlone(t *testing.T) {
	s := newSignIns(t)
	for _, current := range []string{"", "wrong one"} {
		err := s.set(app.NewPassword{Name: "Ada", Password: "battery staple", Current: current})
		if fields := domain.FieldErrors(err); len(fields) != 1 || fields[0].Field != "current" {
			t.Errorf("%q: %v", current, err)
		}
	}
	wantKind(t, s.set(app.NewPassword{Name: "Ada", Password: "short", Current: secretWords}), domain.Invalid)
	must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
	for range domain.TriesOfAccount - 2 {
		wantKind(t, s.set(app.NewPassword{Name: "Ada", Password: "battery staple", Current: "wrong one"}), domain.Invalid)
	}
	wantKind(t, s.set(app.NewPassword{Name: "Ada", Password: "battery staple", Current: secretWords}), domain.TooMany)
}

// changedMeanwhile is a store in which the owner's password becomes another one just before a transaction.
type changedMeanwhile struct{ domain.Store }

func (s changedMeanwhile) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	u, err := s.Users().Get(ctx, domain.OwnerID)
	if err != nil {
		return err
	}
	u.Password += "changed"
	if err := s.Users().SetPassword(ctx, u); err != nil {
		return err
	}
	return s.Store.Atomically(ctx, fn)
}

func TestAPasswordThatIsChangedMeanwhileOpensNothing(t *testing.T) {
	s := newSignIns(t)
	slow := newAccounts(changedMeanwhile{s.store}, s.clock, keys)
	_, err := slow.SignIn(t.Context(), app.SignIn{Name: "Ada", Password: secretWords, Address: netip.MustParseAddr("192.0.2.1")})
	wantKind(t, err, domain.Unauthenticated)
	if list := must(s.accounts.Sessions(t.Context(), domain.Actor{User: domain.OwnerID}))(t); len(list) != 0 {
		t.Errorf("%d sessions", len(list))
	}
}

func TestWhoHasNoPasswordNeedsALink(t *testing.T) {
	accounts := newAccounts(memory.New(), domain.SystemClock{}, keys)
	must(0, accounts.EnsureOwner(t.Context()))(t)
	actor := domain.Actor{User: domain.OwnerID}
	check := func(link, passwords bool) {
		t.Helper()
		if got := must(accounts.NeedsLink(t.Context(), actor))(t); got != link {
			t.Errorf("needs a link: %v", got)
		}
		if got := must(accounts.TakesPasswords(t.Context()))(t); got != passwords {
			t.Errorf("takes passwords: %v", got)
		}
	}
	check(true, false)
	must(0, accounts.SetPassword(t.Context(), actor, app.NewPassword{Name: "Ada", Password: secretWords}, ""))(t)
	check(false, true)
}

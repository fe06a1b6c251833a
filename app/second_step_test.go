package app_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/onetime"
)

// code returns what the owner's app shows.
func (s *signIns) code(secret onetime.Secret) string { return must(secret.Code(s.clock.now))(s.t) }

// turnOn has the owner sign in with an app, and returns its secret and the codes for when it is lost.
func (s *signIns) turnOn() (onetime.Secret, []string) {
	s.t.Helper()
	secret := onetime.NewSecret()
	codes := must(s.accounts.TurnOnSecondStep(s.t.Context(), actor, string(secret), s.code(secret), ""))(s.t)
	s.clock.now = s.clock.now.Add(time.Minute)
	return secret, codes
}

// halfway tells the owner's password.
func (s *signIns) halfway() string {
	s.t.Helper()
	in := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(s.t)
	if in.Token != "" || in.Device != "" || in.Halfway == "" {
		s.t.Fatalf("the password alone gives %+v", in)
	}
	return in.Halfway
}

func (s *signIns) tell(halfway, code string) (app.SignedIn, error) {
	return s.accounts.SignInWithCode(s.t.Context(), app.Code{Halfway: halfway, Code: code})
}

func TestWithASecondStepAPasswordAndACodeStartASession(t *testing.T) {
	s := newSignIns(t)
	secret, codes := s.turnOn()
	before := s.clock.open(t, s.accounts)
	halfway := s.halfway()
	_, err := s.tell(halfway, "000")
	wantKind(t, err, domain.Unauthenticated)
	in := must(s.accounts.SignInWithCode(t.Context(), app.Code{Halfway: halfway, Code: s.code(secret), Instead: before}))(t)
	member := must(s.accounts.BySession(t.Context(), in.Token))(t)
	if member.Read().User() != domain.OwnerID {
		t.Errorf("let in as %v", member.Read().User())
	}
	_, err = s.accounts.BySession(t.Context(), before)
	wantKind(t, err, domain.Unauthenticated)

	for _, again := range []string{halfway, s.halfway()} {
		if _, err := s.tell(again, s.code(secret)); !errors.Is(err, domain.ErrWrongCode) {
			t.Errorf("a code that has been used: %v", err)
		}
	}
	must(s.tell(s.halfway(), codes[0]))(t)
	if _, err := s.tell(s.halfway(), codes[0]); !errors.Is(err, domain.ErrWrongCode) {
		t.Errorf("a recovery code that has been used: %v", err)
	}
}

func TestACodeThatIsToldManyTimesAtOnceStartsOneSession(t *testing.T) {
	s := newSignIns(t)
	_, codes := s.turnOn()
	halfway := s.halfway()
	var wg sync.WaitGroup
	var let atomic.Int32
	for range 8 {
		wg.Go(func() {
			if _, err := s.tell(halfway, codes[0]); err == nil {
				let.Add(1)
			}
		})
	}
	wg.Wait()
	if n := let.Load(); n != 1 {
		t.Errorf("%d are let in", n)
	}
}

func TestCodesAreTriedTenTimesAtMost(t *testing.T) {
	s := newSignIns(t)
	secret, _ := s.turnOn()
	halfway := s.halfway()
	for range domain.TriesOfAccount {
		_, err := s.tell(halfway, "000000")
		wantKind(t, err, domain.Unauthenticated)
	}
	_, err := s.tell(halfway, s.code(secret))
	wantKind(t, err, domain.TooMany)
	s.clock.now = s.clock.now.Add(domain.TriesWindow)
	must(s.tell(s.halfway(), s.code(secret)))(t)
}

func TestWhoIsHalfwayInBeginsAgainWhenThePasswordIsAnotherOrThereIsNoTimeLeft(t *testing.T) {
	for name, change := range map[string]func(*signIns){
		"time": func(s *signIns) { s.clock.now = s.clock.now.Add(domain.HalfwayLife) },
		"password": func(s *signIns) {
			must(0, s.set(app.NewPassword{Name: "Ada", Password: "another horse", Current: secretWords}))(s.t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSignIns(t)
			secret, _ := s.turnOn()
			halfway := s.halfway()
			change(s)
			for _, ended := range []string{halfway, "", "x"} {
				if in, err := s.tell(ended, s.code(secret)); !errors.Is(err, domain.ErrHalfwayEnded) || in.Token != "" {
					t.Errorf("%q: %+v, %v", ended, in, err)
				}
			}
		})
	}
	s := newSignIns(t)
	bo := domain.NewUser(false, s.clock.now)
	must(0, bo.SetPassword(t.Context(), "Bo", secretWords))(t)
	must(0, s.store.Users().Add(t.Context(), bo))(t)
	must(0, s.store.Users().SetPassword(t.Context(), bo))(t)
	secret := onetime.NewSecret()
	must(s.accounts.TurnOnSecondStep(t.Context(), domain.Actor{User: bo.ID}, string(secret), s.code(secret), ""))(t)
	s.clock.now = s.clock.now.Add(time.Minute)
	in := must(s.try(app.SignIn{Name: "Bo", Password: secretWords}))(t)
	bo.Disabled = true
	must(0, s.store.Users().SetRights(t.Context(), bo))(t)
	if _, err := s.tell(in.Halfway, s.code(secret)); !errors.Is(err, domain.ErrHalfwayEnded) {
		t.Errorf("kept out meanwhile: %v", err)
	}
}

func TestASecondStepIsTurnedOnWithACodeRenewedAndTurnedOff(t *testing.T) {
	s := newSignIns(t)
	_, err := s.accounts.TurnOnSecondStep(t.Context(), actor, string(onetime.NewSecret()), "000000", "")
	wantKind(t, err, domain.Invalid)
	_, err = s.accounts.RenewRecoveryCodes(t.Context(), actor, "000000", "")
	wantKind(t, err, domain.Conflict)
	wantKind(t, s.accounts.TurnOffSecondStep(t.Context(), actor, "000000", ""), domain.Conflict)
	wantKind(t, s.accounts.ResetSecondStep(t.Context(), actor), domain.Conflict)
	must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)

	secret, codes := s.turnOn()
	renewed := must(s.accounts.RenewRecoveryCodes(t.Context(), actor, codes[1], ""))(t)
	if _, err := s.tell(s.halfway(), codes[0]); !errors.Is(err, domain.ErrWrongCode) {
		t.Errorf("a code that was replaced: %v", err)
	}
	must(s.tell(s.halfway(), renewed[0]))(t)
	if left := must(s.accounts.SecondStep(t.Context(), actor))(t).Recovery; len(left) != domain.RecoveryCodes-1 {
		t.Errorf("%d codes are left", len(left))
	}
	for _, wrong := range []string{"", "000000", codes[0], renewed[0]} {
		wantKind(t, s.accounts.TurnOffSecondStep(t.Context(), actor, wrong, ""), domain.Invalid)
		_, err = s.accounts.RenewRecoveryCodes(t.Context(), actor, wrong, "")
		wantKind(t, err, domain.Invalid)
	}
	must(0, s.accounts.TurnOffSecondStep(t.Context(), actor, s.code(secret), ""))(t)
	if in := must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t); in.Token == "" {
		t.Errorf("got %+v", in)
	}
}

func TestASecondStepIsChangedByASessionThatLastsAndForSomebodyWithAPassword(t *testing.T) {
	s := newSignIns(t)
	ended := domain.HashToken("ended")
	secret := onetime.NewSecret()
	_, err := s.accounts.TurnOnSecondStep(t.Context(), actor, string(secret), s.code(secret), ended)
	wantKind(t, err, domain.Unauthenticated)
	on, codes := s.turnOn()
	_, err = s.accounts.RenewRecoveryCodes(t.Context(), actor, codes[0], ended)
	wantKind(t, err, domain.Unauthenticated)
	wantKind(t, s.accounts.TurnOffSecondStep(t.Context(), actor, codes[0], ended), domain.Unauthenticated)
	must(s.tell(s.halfway(), s.code(on)))(t) // and nothing has been changed

	bo := domain.NewUser(false, s.clock.now)
	must(0, s.store.Users().Add(t.Context(), bo))(t)
	_, err = s.accounts.TurnOnSecondStep(t.Context(), domain.Actor{User: bo.ID}, string(secret), s.code(secret), "")
	wantKind(t, err, domain.Conflict)
}

func TestWhoHasntToldThePasswordUsesUpNoTriesOfOthers(t *testing.T) {
	s := newSignIns(t)
	secret, _ := s.turnOn()
	halfway := s.halfway()
	forged := domain.NewHalfway([]byte("another secret"), must(s.accounts.User(t.Context(), actor))(t), s.clock.now)
	for range 2 * domain.TriesOfAccount {
		if _, err := s.tell(forged, "000000"); !errors.Is(err, domain.ErrHalfwayEnded) {
			t.Fatal(err)
		}
	}
	in := must(s.tell(halfway, s.code(secret)))(t)
	s.clock.now = s.clock.now.Add(time.Minute)
	halfway = s.halfway()
	for range domain.TriesOfAccount {
		_, err := s.tell(halfway, "000000")
		wantKind(t, err, domain.Unauthenticated)
	}
	_, err := s.tell(halfway, s.code(secret))
	wantKind(t, err, domain.TooMany)
	must(s.accounts.SignInWithCode(t.Context(), app.Code{Halfway: halfway, Code: s.code(secret), Device: in.Device}))(t)
}

func TestTurningTheSecondStepOnEndsOtherSessionsAndHappensOnce(t *testing.T) {
	s := newSignIns(t)
	kept, other := s.clock.open(t, s.accounts), s.clock.open(t, s.accounts)
	secret := onetime.NewSecret()
	must(s.accounts.TurnOnSecondStep(t.Context(), actor, string(secret), s.code(secret), domain.HashToken(kept)))(t)
	must(s.accounts.BySession(t.Context(), kept))(t)
	_, err := s.accounts.BySession(t.Context(), other)
	wantKind(t, err, domain.Unauthenticated)
	before := must(s.accounts.SecondStep(t.Context(), actor))(t)
	_, err = s.accounts.TurnOnSecondStep(t.Context(), actor, string(secret), s.code(secret), domain.HashToken(kept))
	wantKind(t, err, domain.Conflict)
	if now := must(s.accounts.SecondStep(t.Context(), actor))(t); now.Recovery[0] != before.Recovery[0] {
		t.Error("the codes are others")
	}
}

func TestCodesToTurnTheSecondStepOffAreTriedTenTimesAtMost(t *testing.T) {
	s := newSignIns(t)
	secret, codes := s.turnOn()
	for range domain.TriesOfAccount {
		wantKind(t, s.accounts.TurnOffSecondStep(t.Context(), actor, "000000", ""), domain.Invalid)
	}
	wantKind(t, s.accounts.TurnOffSecondStep(t.Context(), actor, codes[0], ""), domain.TooMany)
	_, err := s.accounts.RenewRecoveryCodes(t.Context(), actor, codes[0], "")
	wantKind(t, err, domain.TooMany)
	must(s.tell(s.halfway(), s.code(secret)))(t) // which others can't keep them from
	must(0, s.accounts.ResetSecondStep(t.Context(), actor))(t)
	must(s.try(app.SignIn{Name: "Ada", Password: secretWords}))(t)
}

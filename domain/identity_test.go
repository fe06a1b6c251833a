package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

func TestGroupsSayWhoComesInAndWhoIsAnAdmin(t *testing.T) {
	ada := domain.Vouched{Issuer: "https://id.example.org", Subject: "1", Name: " Ada\nLovelace", Groups: []string{"notes", "admins"}}
	bo := domain.Vouched{Issuer: ada.Issuer, Subject: "2", Groups: []string{"others"}}
	both := domain.Groups{Allowed: "notes", Admin: "admins"}
	if !both.Let(ada) || both.Let(bo) || !(domain.Groups{}).Let(bo) {
		t.Error("the wrong ones come in")
	}
	u, err := both.Newcomer(ada, now)
	if err != nil || u.Name != "Ada Lovelace" || !u.Admin || u.ID == "" || u.Password != "" {
		t.Errorf("%+v, %v", u, err)
	}
	if u, err := (domain.Groups{Allowed: "others"}).Newcomer(bo, now); err != nil || u.Name != "Newcomer" || u.Admin {
		t.Errorf("%+v, %v", u, err)
	}
	for _, g := range []domain.Groups{both, {}, {Admin: "others"}} {
		if _, err := g.Newcomer(bo, now); !errors.Is(err, domain.ErrNotVouched) {
			t.Errorf("%+v: %v", g, err)
		}
	}
	if again := (domain.User{Name: strings.Repeat("x", domain.MaxUserName)}).Again("2"); len(again.Name) != domain.MaxUserName || !strings.HasSuffix(again.Name, "x 2") {
		t.Errorf("called %q", again.Name)
	}
	for _, c := range []struct {
		groups domain.Groups
		user   domain.User
		of     domain.Vouched
		want   bool
	}{
		{both, domain.User{ID: "1"}, ada, true},
		{both, domain.User{ID: "1", Admin: true}, bo, false},
		{domain.Groups{}, domain.User{ID: "1", Admin: true}, bo, true}, // as other admins have said
		{domain.Groups{}, domain.User{ID: "1"}, ada, false},
		{both, domain.User{ID: domain.OwnerID}, ada, false},
	} {
		if got := c.groups.Rights(c.user, c.of).Admin; got != c.want {
			t.Errorf("%+v of %+v: %v", c.user, c.of.Groups, got)
		}
	}
	if ada.ID() == bo.ID() || ada.ID() == (domain.Vouched{Issuer: "https://id.example.com", Subject: "1"}).ID() {
		t.Error("two people are the same")
	}
}

func TestAJourneyComesBackAsItBegan(t *testing.T) {
	secret := []byte("secret")
	j, kept := domain.Journey{Back: "/notes?tag=a.b", Stay: true, Session: domain.HashToken("session")}.Begin(secret, now)
	told := []string{j.State(), j.Nonce(), j.Verifier()}
	for i, secret := range told {
		if len(secret) != 43 || strings.Contains(kept, secret) || secret == told[(i+1)%3] {
			t.Errorf("the provider is told %q", secret)
		}
	}
	back, err := domain.Resume(secret, kept, j.State(), now.Add(domain.ChallengeLife-1))
	if err != nil || back.Back != j.Back || !back.Stay || back.Session != j.Session || back.Nonce() != j.Nonce() || back.Ticket() != j.Ticket() {
		t.Errorf("%+v, %v", back, err)
	}
	other, _ := j.Begin(secret, now)
	if other.State() == j.State() {
		t.Error("two journeys are the same")
	}
	signIn, keptToSignIn := domain.Journey{}.Begin(secret, now)
	for name, c := range map[string]struct {
		secret      string
		kept, state string
		later       time.Duration
		want        error
	}{
		"too late":                  {"secret", kept, j.State(), domain.ChallengeLife, domain.ErrProviderTooLate},
		"nothing kept":              {"secret", "", j.State(), 0, domain.ErrProviderTooLate},
		"of another server":         {"another", kept, j.State(), 0, domain.ErrProviderRefused},
		"another state":             {"secret", kept, other.State(), 0, domain.ErrProviderRefused},
		"no state":                  {"secret", kept, "", 0, domain.ErrProviderRefused},
		"to another place":          {"secret", kept + "AAA", j.State(), 0, domain.ErrProviderRefused},
		"for another session":       {"secret", strings.Replace(kept, string(j.Session), string(domain.HashToken("x")), 1), j.State(), 0, domain.ErrProviderRefused},
		"to sign in, and then more": {"secret", strings.Replace(keptToSignIn, ".0..", ".0."+string(j.Session)+".", 1), signIn.State(), 0, domain.ErrProviderRefused},
		"none":                      {"secret", "a.b.c.d!", j.State(), 0, domain.ErrProviderRefused},
	} {
		if _, err := domain.Resume([]byte(c.secret), c.kept, c.state, now.Add(c.later)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

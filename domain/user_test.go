package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

var owner = domain.NewOwner(time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC))

func TestAPasswordThatIsEasyToGuessOrNoNameIsRefusedAndChangesNothing(t *testing.T) {
	for _, c := range []struct{ name, password, want string }{
		{" \n", "correct horse", "name: user.name.empty"},
		{"\u200b\u2060", "correct horse", "name: user.name.empty"},
		{strings.Repeat("é", 65), "correct horse", "name: user.name.too_long limit=64"},
		{strings.Repeat("ﷺ", 20), "correct horse", "name: user.name.too_long limit=64"},
		{"\xff", "correct horse", "name: user.name.empty"},
		{"Ada", "seven77", "password: user.password.too_short least=8"},
		{"Ada", strings.Repeat("x", 1025), "password: user.password.too_long limit=1024"},
		{"Ada", "Password", "password: user.password.common"},
		{"Ada Lovelace", "ada lovelace", "password: user.password.common"},
		{"", "", "name: user.name.empty; password: user.password.too_short least=8"},
	} {
		u := owner
		err := u.SetPassword(t.Context(), c.name, c.password)
		if err == nil || err.Error() != "invalid: "+c.want {
			t.Errorf("%q, %q: %v", c.name, c.password, err)
		}
		if u != owner {
			t.Errorf("%q, %q: %+v", c.name, c.password, u)
		}
	}
}

func TestANameIsKeptAsWrittenAndFoundInAnyCase(t *testing.T) {
	u := owner
	if err := u.SetPassword(t.Context(), "  Ada\tLovelace ", "correct horse"); err != nil {
		t.Fatal(err)
	}
	if u.Name != "Ada Lovelace" || u.Login() != domain.LoginOf("ＡＤＡ  love\u200blace") || u.Password == "" {
		t.Errorf("%+v", u)
	}
}

func TestAdminsSayWhoHasAnAccountButNotTheOwnersOrTheirOwn(t *testing.T) {
	member, admin := domain.NewUser(false, owner.Created), domain.NewUser(true, owner.Created)
	keptOut := admin
	keptOut.Disabled = true
	for _, u := range []domain.User{member, keptOut, {}} {
		if _, err := u.Administer(""); !errors.Is(err, domain.Forbidden) {
			t.Errorf("%+v: %v", u, err)
		}
	}
	for _, by := range []domain.User{owner, admin} {
		access, err := by.Administer("session")
		if err != nil || access.User() != by.ID || access.Session() != "session" {
			t.Fatalf("%+v: %v", by, err)
		}
		for _, u := range []domain.User{owner, by} {
			if err := access.MayChange(u); !errors.Is(err, domain.Conflict) {
				t.Errorf("%+v may change %+v: %v", by, u, err)
			}
			if _, _, err := access.Recover(u, owner.Created); !errors.Is(err, domain.Conflict) {
				t.Errorf("%+v may let themselves in as %+v: %v", by, u, err)
			}
		}
		if err := access.MayChange(member); err != nil {
			t.Error(err)
		}
	}
}

func TestAnInvitationOpensUntilItEndsAndNotFromTheFuture(t *testing.T) {
	access, err := owner.Administer("")
	if err != nil {
		t.Fatal(err)
	}
	now := owner.Created
	invited, secret := access.Invite(true, now)
	member := domain.NewUser(false, now)
	recovery, other, err := access.Recover(member, now)
	if err != nil {
		t.Fatal(err)
	}
	if domain.HashToken(secret) != invited.Secret || !invited.Admin || invited.User != "" || invited.By != owner.ID {
		t.Errorf("%+v", invited)
	}
	if domain.HashToken(other) != recovery.Secret || recovery.Admin || recovery.User != member.ID || recovery.By != owner.ID {
		t.Errorf("%+v", recovery)
	}
	for _, c := range []struct {
		i    domain.Invitation
		life time.Duration
	}{{invited, 7 * 24 * time.Hour}, {recovery, 24 * time.Hour}} {
		for after, want := range map[time.Duration]bool{
			0: true, c.life - 1: true, c.life: false, -domain.SessionAhead + 1: true, -domain.SessionAhead: false,
		} {
			if got := c.i.Opens(now.Add(after)); got != want {
				t.Errorf("%v after: %v", after, got)
			}
		}
	}
}

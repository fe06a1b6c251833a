package domain_test

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"octavo/domain"
)

func TestATicketIsTakenForTenMinutes(t *testing.T) {
	secret, user, made := []byte("secret"), domain.NewID(), time.Date(2026, 2, 3, 4, 5, 6, 7000, time.UTC)
	ticket := domain.NewTicket(secret, user, made)
	for _, c := range []struct {
		later time.Duration
		want  error
	}{
		{0, nil},
		{domain.SignInLife - 2*time.Second, nil},
		{-30 * time.Second, nil}, // the clocks of two machines differ
		{domain.SignInLife, domain.ErrTicketEnded},
		{365 * 24 * time.Hour, domain.ErrTicketEnded},
		{-365 * 24 * time.Hour, domain.ErrTicketEnded}, // made by a clock that was a year ahead
	} {
		of, err := domain.CheckTicket(secret, ticket, made.Add(c.later))
		if !errors.Is(err, c.want) || (of == domain.Ticket{User: user, Made: made}) != (c.want == nil) {
			t.Errorf("%v later: %q and %v, want %v", c.later, of, err, c.want)
		}
	}
}

func TestATicketThatWasNotMadeWithTheSecretIsNone(t *testing.T) {
	now := time.Now()
	ticket := domain.NewTicket([]byte("secret"), domain.OwnerID, now)
	if _, err := domain.CheckTicket([]byte("another"), ticket, now); !errors.Is(err, domain.ErrNoTicket) {
		t.Errorf("of another secret: %v", err)
	}
	signed, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil {
		t.Fatal(err)
	}
	for i := range signed {
		signed[i] ^= 1
		forged := base64.RawURLEncoding.EncodeToString(signed)
		if _, err := domain.CheckTicket([]byte("secret"), forged, now); !errors.Is(err, domain.ErrNoTicket) {
			t.Errorf("with byte %d changed: %v", i, err)
		}
		signed[i] ^= 1
	}
	for _, none := range []string{"", "x", ticket[1:], ticket + "A", ticket + "=", ticket + "\n", domain.NewToken()} {
		if _, err := domain.CheckTicket([]byte("secret"), none, now); !errors.Is(err, domain.ErrNoTicket) {
			t.Errorf("%q: %v", none, err)
		}
	}
	if domain.NewTicket([]byte("secret"), domain.OwnerID, now) == ticket {
		t.Error("two tickets are the same")
	}
}

func TestATicketEndsWithWhatItsUserIsLetInBy(t *testing.T) {
	made := time.Date(2026, 2, 3, 4, 5, 6, 7000, time.UTC)
	ticket := domain.Ticket{User: domain.OwnerID, Made: made}
	for _, c := range []struct {
		name string
		user domain.User
		want error
	}{
		{"nothing has ended", domain.User{}, nil},
		{"made when that ended", domain.User{LinksSince: made}, nil},
		{"made before", domain.User{LinksSince: made.Add(time.Microsecond)}, domain.ErrTicketEnded},
		{"kept out", domain.User{Disabled: true}, domain.ErrNoTicket},
	} {
		if err := ticket.OpensFor(c.user); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

package domain_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"octavo/domain"
)

func TestWhatIsKeptOfAnEventHasItsBounds(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	long := strings.Repeat("é", 300)
	e := domain.NewAuditEvent(domain.AuditEvent{Action: domain.AuditSignedIn, Detail: "name=a\nb " + long, Address: long}, now)
	for _, c := range []struct {
		text  string
		limit int
	}{{e.Detail, domain.MaxAuditDetail}, {e.Address, domain.MaxAuditAddress}} {
		if n := utf8.RuneCountInString(c.text); n > c.limit || n < c.limit-1 {
			t.Errorf("%d of at most %d characters: %q", n, c.limit, c.text)
		}
	}
	if !strings.HasPrefix(e.Detail, "name=a b é") || e.At != now || e.ID == "" {
		t.Errorf("%+v", e)
	}
	if again := domain.NewAuditEvent(e, now.Add(time.Second)); again.ID <= e.ID {
		t.Errorf("%s doesn't follow %s", again.ID, e.ID)
	}
}

func TestAnEventConcernsWhomItWasDoneToUnlessItIsAboutASpace(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, c := range []struct {
		e    domain.AuditEvent
		want domain.ID
	}{
		{domain.AuditEvent{User: "ada"}, "ada"},
		{domain.AuditEvent{User: "ada", To: "bo"}, "bo"},
		{domain.AuditEvent{User: "ada", To: "bo", Space: "family"}, "family"},
		{domain.AuditEvent{}, ""},
	} {
		if got := domain.NewAuditEvent(c.e, now).Space; got != c.want {
			t.Errorf("%+v concerns %q, want %q", c.e, got, c.want)
		}
	}
}

func TestAnAddressIsShownToWhoeverCameFromThereOrWhereNobodyKnowsWhoDid(t *testing.T) {
	e := domain.AuditEvent{User: "admin", To: "bo", Address: "192.0.2.1"}
	if got := e.AddressFor("bo"); got != "" {
		t.Errorf("bo sees where the admin was: %s", got)
	}
	if got := e.AddressFor("admin"); got != e.Address {
		t.Errorf("the admin sees %q", got)
	}
	if e.User = ""; e.AddressFor("bo") != e.Address {
		t.Error("bo doesn't see where somebody unknown was")
	}
}

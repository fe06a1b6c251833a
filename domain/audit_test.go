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

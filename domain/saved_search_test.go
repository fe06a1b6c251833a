package domain_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"octavo/domain"
	"octavo/domain/query"
)

func TestASavedSearchIsNamedAfterItsQueryWhenItHasNoName(t *testing.T) {
	for _, c := range []struct{ name, query, wantName, wantQuery string }{
		{"Open tasks", " has:task ", "Open tasks", "has:task"},
		{" \t", "tag:work\nmilk", "tag:work milk", "tag:work milk"},
		{strings.Repeat("é", domain.MaxSearchName), "q", strings.Repeat("é", domain.MaxSearchName), "q"},
		{"", strings.Repeat("word ", 30), strings.Repeat("word ", 10) + "word…", strings.Repeat("word ", 29) + "word"},
	} {
		s, err := domain.NewSavedSearch(c.name, c.query, now)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, s, domain.SavedSearch{ID: s.ID, Name: c.wantName, Query: c.wantQuery, Created: now})
		if _, ok := domain.ParseID(string(s.ID)); !ok {
			t.Errorf("id %q can't be read back", s.ID)
		}
		if n := utf8.RuneCountInString(s.Name); n > domain.MaxSearchName {
			t.Errorf("the name has %d characters", n)
		}
	}
}

func TestASavedSearchNeedsAQuery(t *testing.T) {
	for _, c := range []struct{ name, query, fields string }{
		{"", "", "q"},
		{"name", " \n ", "q"},
		{"name", strings.Repeat("x", query.MaxLength+1), "q"},
		{"name", strings.Repeat("é", query.MaxLength/2+1), "q"},
		{"name", "\x00", "q"},
		{strings.Repeat("é", domain.MaxSearchName+1), "query", "name"},
		{"\xff", "", "name q"},
	} {
		_, err := domain.NewSavedSearch(c.name, c.query, now)
		if !errors.Is(err, domain.Invalid) {
			t.Errorf("%q: got %v", c.name, err)
		}
		var fields []string
		for _, wrong := range domain.FieldErrors(err) {
			fields = append(fields, wrong.Field)
		}
		wantEqual(t, strings.Join(fields, " "), c.fields)
	}
}

package domain_test

import (
	"errors"
	"strings"
	"testing"

	"octavo/domain"
)

func TestADraftNeedNotMakeAValidNote(t *testing.T) {
	key := domain.NewID()
	for _, d := range []domain.Draft{
		{Key: key, Saved: now},
		{Key: key, Base: 3, Title: "t", Content: "a\nb", Tags: "not a tag, ####", Saved: now},
	} {
		got, err := domain.NewDraft(key, d.Base, d.Title, strings.ReplaceAll(d.Content, "\n", "\r\n"), d.Tags, now)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, got, d)
		wantEqual(t, got.IsNew(), d.Base == 0)
	}
}

func TestADraftIsRefusedWhereItCanNotBeStored(t *testing.T) {
	for _, c := range []struct{ title, content, tags, fields string }{
		{strings.Repeat("é", domain.MaxTitle), strings.Repeat("x", domain.MaxContent), strings.Repeat("x", 32<<10), ""},
		{strings.Repeat("é", domain.MaxTitle+1), "", "", "title"},
		{"", strings.Repeat("x", domain.MaxContent+1), "", "content"},
		{"", "", strings.Repeat("x", 32<<10+1), "tags"},
		{"\x00", "\xff", "\x00", "title content tags"},
	} {
		_, err := domain.NewDraft(domain.NewID(), 0, c.title, c.content, c.tags, now)
		var fields []string
		for _, wrong := range domain.FieldErrors(err) {
			fields = append(fields, wrong.Field)
		}
		wantEqual(t, strings.Join(fields, " "), c.fields)
		wantEqual(t, errors.Is(err, domain.Invalid), c.fields != "")
	}
}

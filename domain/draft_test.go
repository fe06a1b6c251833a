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
		{Key: key, NoteDraft: domain.NoteDraft{Tags: []domain.Tag{}}, Saved: now},
		{
			Key: key, Note: domain.NewID(), Base: 3, Saved: now, TagsField: "not a tag, ####",
			NoteDraft: domain.NoteDraft{Title: "t", Content: "a\nb", Tags: []domain.Tag{"not", "a", "tag", "####"}},
		},
	} {
		typed := d
		typed.Content = strings.ReplaceAll(d.Content, "\n", "\r\n")
		got, err := domain.NewDraft(typed, now)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, got, d)
		wantEqual(t, got.IsNew(), d.Note == "")
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
		_, err := domain.NewDraft(domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Title: c.title, Content: c.content}, TagsField: c.tags}, now)
		var fields []string
		for _, wrong := range domain.FieldErrors(err) {
			fields = append(fields, wrong.Field)
		}
		wantEqual(t, strings.Join(fields, " "), c.fields)
		wantEqual(t, errors.Is(err, domain.Invalid), c.fields != "")
	}
}

func TestADraftIsCalledAsItsNoteWouldBe(t *testing.T) {
	for _, typed := range [][2]string{
		{"Title", "text"},
		{" A  title ", ""},
		{"", "# Plans for *May*\ntext"},
		{"", "---\ntitle: From above\n---\n# Head"},
		{"", "\n\n- [ ] milk"},
		{"", "***"},
		{"", strings.Repeat("word ", 200)},
	} {
		d, err := domain.NewDraft(domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Title: typed[0], Content: typed[1]}}, now)
		if err != nil {
			t.Fatal(err)
		}
		n, err := domain.NewNote(d.NoteDraft, now)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, d.Called(), n.Title)
	}
	wantEqual(t, domain.Draft{TagsField: "x"}.Called(), "")
}

func TestToTellWhatALongDraftIsCalledTakesItsFirstLine(t *testing.T) {
	allocations := func(lines int) float64 {
		d := domain.Draft{NoteDraft: domain.NoteDraft{Content: "# Plans\n" + strings.Repeat("[[a]] #b\n", lines)}}
		return testing.AllocsPerRun(3, func() { _ = d.Called() })
	}
	if few, many := allocations(1), allocations(20_000); many > few {
		t.Errorf("%v allocations, and %v for many lines", few, many)
	}
}

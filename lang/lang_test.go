package lang

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"

	"octavo/domain"
)

func parsed(t testing.TB, name, source string) *Language {
	t.Helper()
	l, err := parse(name, []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func wantEqual[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestATextHasItsArgumentsWhereItsWordsSaySo(t *testing.T) {
	l := parsed(t, "en.yaml", `
title:
  too_long: "Use at most {{.limit}} characters; this has {{.length}}."
link: "{{.name}} leads nowhere"
done: "Done."`)
	wantEqual(t, l.Text("title.too_long", "limit", 255, "length", 300), "Use at most 255 characters; this has 300.")
	wantEqual(t, l.Text("link", "name", "<b>"), "<b> leads nowhere")
	wantEqual(t, l.Text("done"), "Done.")
	wantEqual(t, l.Text("link"), "{{.name}} leads nowhere")
	wantEqual(t, l.Text("unknown.code"), "unknown.code")
	wantEqual(t, l.Say(domain.NewMessage("title.too_long", "limit", 5, "length", 6)), "Use at most 5 characters; this has 6.")
}

func TestACountHasTheFormOfItsLanguage(t *testing.T) {
	english := parsed(t, "en.yaml", `{notes: {one: "one note", other: "{{.count}} notes"}}`)
	polish := parsed(t, "pl.yaml", `{notes: {one: "{{.count}} notatka", few: "{{.count}} notatki", many: "{{.count}} notatek", other: "{{.count}} notatki"}}`)
	for count, want := range map[int]string{
		0: "0 notes, 0 notatek", 1: "one note, 1 notatka", 2: "2 notes, 2 notatki", 5: "5 notes, 5 notatek", 22: "22 notes, 22 notatki",
		1000: "1000 notes, 1000 notatek",
	} {
		wantEqual(t, english.Text("notes", "count", count)+", "+polish.Text("notes", "count", count), want)
	}
}

func TestALargeNumberHasItsThousandsApart(t *testing.T) {
	for tag, want := range map[string]string{"en": "12,345", "de": "12.345"} {
		wantEqual(t, parsed(t, tag+".yaml", "{a: b}").Number(12345), want)
	}
}

func TestTheLanguageIsThatOfTheContext(t *testing.T) {
	wantEqual(t, T(t.Context(), "note.not_found"), "Note not found")
	german := With(t.Context(), parsed(t, "de.yaml", `{note: {not_found: "Notiz nicht gefunden"}}`))
	wantEqual(t, T(german, "note.not_found"), "Notiz nicht gefunden")
	wantEqual(t, Say(german, domain.NewMessage("note.not_found")), "Notiz nicht gefunden")
}

func TestASizeIsReadInAUnitThatFitsIt(t *testing.T) {
	for size, want := range map[domain.Bytes]string{
		0: "0 bytes", 1: "1 byte", 1023: "1023 bytes", 700 << 10: "700 KiB", 1<<20 - 1: "1 MiB", 3 << 19: "1.5 MiB", 1<<30 - 1: "1 GiB", 10 << 30: "10 GiB",
	} {
		wantEqual(t, string(English().appendSize(nil, size)), want)
	}
	wantEqual(t, English().Explain(domain.UploadQuota(3<<19).Check(1<<20, 700<<10)),
		"There is no room for this file. It is 700 KiB, and files in this space already use 1 MiB of 1.5 MiB. "+
			"Files that no note uses are deleted after a day.")
}

func TestAnErrorIsExplainedInWords(t *testing.T) {
	_, err := domain.NewNote(domain.NoteDraft{Title: "\x00", Tags: []domain.Tag{"a b"}}, domain.SystemClock{}.Now())
	wantEqual(t, English().Explain(fmt.Errorf("stdin: %w", err)), "stdin: Please check the highlighted fields: title: This contains a NUL "+
		"character, which can’t be stored.; tags: “a b” isn’t a tag: use letters, digits, emoji, “-” and “_”, but not “ ”.")
	wantEqual(t, English().Explain(domain.ErrNoteNotFound), "Note not found")
	wantEqual(t, English().Explain(fmt.Errorf("away: %w", domain.Unavailable)), "away: unavailable")
}

func TestATextHasPartsThatAreMoreThanWords(t *testing.T) {
	l := parsed(t, "en.yaml", `
changed: "Changed {{.time}} by {{.who}}"
notes: {one: "{{.link}} has one note.", other: "{{.link}} has {{.count}} notes."}`)
	parts := func(code domain.Code, args ...any) string {
		return fmt.Sprintf("%q", slices.Collect(l.Parts(code, args...)))
	}
	wantEqual(t, parts("changed", "time", '!', "who", "Ada"), `["Changed " '!' " by " "Ada"]`)
	wantEqual(t, parts("notes", "link", 'x', "count", 1), `['x' " has one note."]`)
	wantEqual(t, parts("unknown"), `["unknown"]`)
}

func TestAScriptHasItsTextsWithAllTheirForms(t *testing.T) {
	l := parsed(t, "en.yaml", `
script:
  list: {chosen: {one: "one chosen", other: "{{.count}} chosen of {{.all}}"}, none: "“None”"}
  app: {more: "More"}
more: "More"`)
	wantEqual(t, l.Script("list"), `{"script.list.chosen":{"one":"one chosen","other":"{{.count}} chosen of {{.all}}"},"script.list.none":"“None”"}`)
	wantEqual(t, l.Script("app"), `{"script.app.more":"More"}`)
}

func TestAFileThatSaysNothingForACodeIsRefused(t *testing.T) {
	for _, source := range []string{
		`{a: "{{.name"}`, `{a: "{{.Name}}"}`, `{a: "{{.a b}}"}`, `{a: {one: "x"}}`, `{a: ""}`, `{a: {other: "x", b: "y"}}`, "a", "a: [",
	} {
		if l, err := parse("en.yaml", []byte(source)); err == nil {
			t.Errorf("%s is read as %v", source, l.texts)
		}
	}
}

func TestEachLanguageSaysWhatEnglishSays(t *testing.T) {
	names, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range names {
		source, err := files.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range differences(English(), parsed(t, file.Name(), string(source))) {
			t.Errorf("%s: %s", file.Name(), fault)
		}
	}
}

func TestWhatALanguageSaysOtherwiseThanEnglishIsFound(t *testing.T) {
	english := parsed(t, "en.yaml", `{a: "A", b: "{{.x}}", c: {one: "1", other: "{{.count}}"}, d: "D"}`)
	polish := parsed(t, "pl.yaml", `{b: "{{.y}}", c: {one: "{{.count}}", few: "{{.count}}", other: "{{.count}}"}, d: "D", e: "E"}`)
	wantEqual(t, fmt.Sprint(differences(english, polish)), "[a is missing b takes [y] and not [x] c has no form for 0 e isn't English]")
}

// differences returns what is wrong with a language, given what the English texts are.
func differences(english, l *Language) (faults []string) {
	theirs := maps.Collect(l.Codes())
	for code, args := range english.Codes() {
		other, ok := theirs[code]
		if !ok {
			faults = append(faults, fmt.Sprintf("%s is missing", code))
			continue
		}
		slices.Sort(args)
		if slices.Sort(other); !slices.Equal(args, other) {
			faults = append(faults, fmt.Sprintf("%s takes %v and not %v", code, other, args))
		}
		for count := 0; english.texts[code].counts() && count <= 100; count++ {
			if l.texts[code].forms[plural.Cardinal.MatchPlural(l.tag, count, 0, 0, 0, 0)] == nil {
				faults = append(faults, fmt.Sprintf("%s has no form for %d", code, count))
				break
			}
		}
	}
	for code := range theirs {
		if english.texts[code] == nil {
			faults = append(faults, fmt.Sprintf("%s isn't English", code))
		}
	}
	slices.Sort(faults)
	return faults
}

func TestEnglishIsRead(t *testing.T) {
	for code, args := range English().Codes() {
		given := make([]any, 0, 2*len(args))
		for _, name := range args {
			given = append(given, name, 2)
		}
		if text := English().Text(code, given...); strings.Contains(text, "{{") {
			t.Errorf("%s: %s", code, text)
		}
	}
}

func BenchmarkText(b *testing.B) {
	ctx := With(b.Context(), English())
	for name, text := range map[string]func() string{
		"words alone":            func() string { return T(ctx, "problem.not_found") },
		"arguments":              func() string { return T(ctx, "text.too_long", "limit", 255, "length", 300) },
		"a count":                func() string { return T(ctx, "size.bytes", "count", 5) },
		"words alone, in a loop": func() string { return English().Text("problem.not_found") },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				text()
			}
		})
	}
}

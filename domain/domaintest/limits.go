package domaintest

import (
	"strings"
	"testing"

	"octavo/domain"
	"octavo/domain/query"
)

// oddRunes are characters that fold to many, to others or to none, that databases have a meaning for, or that are joined
// to what stands before them.
var oddRunes = []string{
	"㌖", "ﷺ", "ﷻ", "㍿", "ß", "İ", "ŉ", "ΐ", "ﬄ", "語", "e\u0301", "\u0301", "👩\u200d", "𝒳", "\U0010fffd", "x",
	"'", `"`, `\`, "*", ":", "!", "&", "|", "(", ")", "<->", "+", "-", "~", "%", "_", "/", "#", "@", "\x01", "\u200b", "\ufdd0",
	"a b ", "a-", "a/", "' OR ", "NEAR(", "AND ", "{x} : ", "\\'", "''", ":*", "😀",
}

func searchOdd(t *testing.T, f *fixture) {
	var tags []domain.Tag
	for _, odd := range []string{"ﷲ", "ﷺ", "ß", "語", "👩\u200d", "İ", "e\u0301"} {
		tags = append(tags, domain.Tag(strings.Repeat(odd, domain.MaxTag/len([]rune(odd)))))
	}
	n, err := domain.NewNote(domain.NoteDraft{Title: strings.Repeat("ﷺ", 100), Content: "text", Tags: tags}, f.now)
	must(t, err)
	must(t, f.notes.Add(f.ctx, n))
	for _, tag := range n.Tags {
		// As a clause, since few of them fit into a query.
		q := query.Query{Clauses: []query.Clause{{Kind: query.TagClause, Tag: tag.Key()}}}
		wantEqual(t, len(f.found(t, f.Index(f.alice.Read()), q, 2)), 1)
		listed, err := f.notes.List(f.ctx, domain.NoteFilter{State: domain.Active, Tag: tag.Key()}, nil, 2)
		must(t, err)
		wantEqual(t, len(listed), 1)
	}

	for _, form := range []string{"", "tag:", "-tag:", "title:", "-", `"`, `title:"`, "is:", "has:", "created:", "updated:<", "x ", "#"} {
		for _, odd := range oddRunes {
			for _, ending := range []string{"", "*", `"`} {
				length := query.MaxLength - len(form) - len(ending)
				for _, times := range []int{1, length / len(odd)} {
					text := form + strings.Repeat(odd, times) + ending
					q := query.Parse(text)
					if len(q.Clauses) == 0 {
						continue
					}
					if _, err := f.Index(f.alice.Read()).Search(f.ctx, q, nil, 2); err != nil {
						t.Fatalf("%d times %q after %q: %v", times, odd, form, err)
					}
				}
			}
		}
	}

	for _, odd := range oddRunes {
		key := strings.Repeat(odd, 2000)
		_, err := f.notes.List(f.ctx, domain.NoteFilter{State: domain.Active, Tag: key}, nil, 2)
		must(t, err)
		_, err = f.Links(f.alice.Read()).Titled(f.ctx, key)
		must(t, err)
		_, err = f.Links(f.alice.Read()).Titles(f.ctx, key, 2)
		must(t, err)
		_, err = f.Links(f.alice.Read()).Linking(f.ctx, []string{key}, "", 2)
		must(t, err)
		_, err = f.Tags(f.alice.Read()).Beginning(f.ctx, key, 2)
		must(t, err)
		_, err = f.Tags(f.alice.Read()).Tagged(f.ctx, key, "", 2)
		must(t, err)
	}
}

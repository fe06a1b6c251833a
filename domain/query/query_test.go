package query_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"octavo/domain/query"
	"octavo/domain/words"
)

var now = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

func wantEqual[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// describe returns a query's clauses in a short form that tests can compare.
func describe(clauses []query.Clause) string {
	var parts []string
	for _, c := range clauses {
		part := ""
		switch c.Kind {
		case query.TextClause:
			part = strings.Join(c.Words, " ")
			if c.Title {
				part = "title " + part
			}
			if c.Prefix {
				part += "*"
			}
		case query.CreatedClause, query.UpdatedClause:
			part = "created "
			if c.Kind == query.UpdatedClause {
				part = "updated "
			}
			part += date(c.From) + ".." + date(c.To)
		default:
			part = c.Mark()
		}
		if c.Not {
			part = "not " + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02")
}

func TestAQueryTellsWhichStatesItMayFind(t *testing.T) {
	for text, want := range map[string]string{
		"tea": "active archived", "is:trashed tea": "trashed", "is:archived": "archived", "-is:active": "archived",
		"-is:trashed": "active archived", "is:active is:archived": "",
	} {
		var found []string
		for _, state := range []string{query.Active, query.Archived, query.Trashed} {
			if query.Parse(text).MayFind(state) {
				found = append(found, state)
			}
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%q may find %q, want %q", text, got, want)
		}
	}
}

func TestAQueryIsReadAsItIsMeant(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"  \t ":                          "",
		"Word":                           "word*",
		"two Words":                      "two, words*",
		"two words ":                     "two, words*",
		"wor* more":                      "wor*, more*",
		"wor** more":                     "wor*, more*",
		`"A  phrase, please"`:            "a phrase please",
		`"a phrase" more`:                "a phrase, more*",
		`more "a phr"*`:                  "more, a phr*",
		`"a phr*" more`:                  "a phr*, more*",
		`"a phr *" more`:                 "a phr, more*",
		`“a phrase” „noch einer“`:        "a phrase, noch einer",
		`"a""b"c`:                        "a, b, c*",
		`צה"ל 5"`:                        "צה ל, 5",
		"not -this":                      "not, not this",
		"-this not":                      "not this, not*",
		"-thi*":                          "not thi*",
		`-"not this"`:                    "not not this",
		"--no-cache":                     "not no cache",
		"don't foo_bar":                  "don t, foo bar*",
		"e-mail user@example.org":        "e mail, user example org*",
		"tag:Work":                       "#work",
		"TAG:work/home":                  "#work/home",
		"tag:#Work/":                     "#work",
		"tag:wo\x00rk":                   "#work", // which no database takes
		"#work":                          "#work",
		"-tag:x -#y":                     "not #x, not #y",
		"c# #":                           "c",
		"title:word":                     "title word*",
		"title:word more":                "title word, more*",
		`Title:"a phrase"`:               "title a phrase",
		"-title:draft":                   "not title draft",
		"is:pinned":                      "!pinned",
		"IS:Archived":                    "!archived",
		"is:trashed":                     "!trashed",
		"-is:active":                     "not !active",
		"has:task has:image -has:link":   "!task, !image, not !link",
		"created:2026":                   "created 2026-01-01..2027-01-01",
		"created:2026-03":                "created 2026-03-01..2026-04-01",
		"created:2026-12-31":             "created 2026-12-31..2027-01-01",
		"created:2024-02-29":             "created 2024-02-29..2024-03-01",
		"updated:>2026-03":               "updated 2026-04-01..",
		"updated:>=2026-03":              "updated 2026-03-01..",
		"updated:<2026-03":               "updated ..2026-03-01",
		"updated:<=2026-03":              "updated ..2026-04-01",
		"updated:2025..2026-03":          "updated 2025-01-01..2026-04-01",
		"updated:2025..":                 "updated 2025-01-01..",
		"updated:..2026-03-14":           "updated ..2026-03-15",
		"-created:2026":                  "not created 2026-01-01..2027-01-01",
		"foo:bar https://example.org/":   "foo bar, https example org",
		":x x: more":                     "x, x, more*",
		"日本語":                            "日本 本語*",
		"日本語 more":                       "日本 本語, more*",
		`"日本語"`:                          "日本 本語",
		"語 more":                         "語*, more*",
		`"語"`:                            "語*",
		"-語":                             "not 語*",
		"日本 more":                        "日本, more*",
		`"日本語 テスト"`:                      "日本 本語 語 テス スト",
		"2026年 more":                     "2026 年*, more*",
		"年3月 more":                       "年 3 月*, more*",
		"日本語test":                        "日本 本語 語 test*",
		"title:語 -title:日本語":             "title 語*, not title 日本 本語",
		"한국어는 more":                      "한국 국어 어는, more*",
		"👍 more":                         "👍, more*",
		"rock & roll":                    "rock, roll*",
		"Straße ÉTÉ":                     "strasse, ete*",
		"a tag:b is:pinned updated:2026": "a, #b, !pinned, updated 2026-01-01..2027-01-01",
	} {
		q := query.Parse(text)
		if got := describe(q.Clauses); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
		if len(q.Problems) > 0 || len(q.Except) > 0 {
			t.Errorf("%q: %v", text, q)
		}
	}
}

func TestWhatCantBeReadIsNamedAndTheRestCounts(t *testing.T) {
	for _, test := range []struct{ text, where, problem, rest string }{
		{`a "b c`, `"b c`, "open_quote", "a, b c"},
		{`title:"b c`, `"b c`, "open_quote", "title b c"},
		{"a - b", "-", "nothing_negated", "a, b*"},
		{"tag: a", "tag:", "tag", "a*"},
		{`-tag:"" a`, `-tag:""`, "tag", "a*"},
		{"tag:/ a", "tag:/", "tag", "a*"},
		{`tag:"a #b" c`, `tag:"a #b"`, "tag_with_blank", "c*"},
		{`tag:"a  b" c`, `tag:"a  b"`, "tag_with_blank", "c*"},
		{"a is:done b", "is:done", "is", "a, b*"},
		{"is:", "is:", "is", ""},
		{"has:tasks", "has:tasks", "has", ""},
		{"title: a", "title:", "title", "a*"},
		{"title:?! a", "title:?!", "title", "a*"},
		{"a created:yesterday", "created:yesterday", "date", "a"},
		{"created:2026-13", "created:2026-13", "date", ""},
		{"created:2025-02-29", "created:2025-02-29", "date", ""},
		{"created:0001", "created:0001", "date", ""},
		{"created:..", "created:..", "date", ""},
		{"created:>", "created:>", "date", ""},
		{"created:><2026", "created:><2026", "date", ""},
		{"created:2026..x", "created:2026..x", "date", ""},
		{"created:x..2026", "created:x..2026", "date", ""},
		{"updated:", "updated:", "date", ""},
		{"updated:2026..2025", "updated:2026..2025", "range", ""},
		{"?", "?", "no_word", ""},
		{"a " + strings.Repeat("b_", 40), strings.Repeat("b_", 40), "long_phrase", "a, b" + strings.Repeat(" b", 31)},
	} {
		q := query.Parse(test.text)
		if len(q.Problems) != 1 {
			t.Errorf("%q: %v", test.text, q.Problems)
			continue
		}
		p := q.Problems[0]
		wantEqual(t, test.text[p.Start:p.End], test.where)
		wantEqual(t, string(p.Fault), test.problem)
		wantEqual(t, describe(q.Clauses), test.rest)
	}
}

func TestAQueryIsBounded(t *testing.T) {
	q := query.Parse(strings.Repeat("a ", query.MaxClauses+1))
	wantEqual(t, len(q.Clauses), query.MaxClauses)
	wantEqual(t, len(q.Problems), 1)
	wantEqual(t, q.Problems[0].Fault, query.TooManyClauses)
	wantEqual(t, q.Problems[0].Start, 64)
	wantEqual(t, q.Problems[0].End, 66)

	long := strings.Repeat("é", query.MaxLength)
	q = query.Parse("x " + long)
	wantEqual(t, len(q.Clauses), 2)
	wantEqual(t, len(q.Problems), 1)
	wantEqual(t, q.Problems[0].Start, query.MaxLength)
	wantEqual(t, q.Problems[0].End, 2+len(long))

	if n := len(query.Parse(strings.Repeat("- ", 500)).Problems); n > 2*query.MaxClauses {
		t.Errorf("%d problems", n)
	}
}

// The note in which TestAQueryFinds looks.
var (
	noteEntry = query.NewEntry("Trip to 日本", "Book a *flight* to Tōkyō, don't forget the passport.\n\n- [ ] 日本語を勉強する",
		[]string{"travel/asia", "todo"}, []query.Mark{query.HasTask}, true, query.Active)
	noteCreated = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	noteUpdated = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
)

func TestAQueryFinds(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "trip": true, "flight": true, "fli": true, "fli more": false, "light": false, "fligh trip": false, "fligh* trip": true,
		"trip flight": true, "trip -flight": false, "trip -train": true, "-fli": true, "-fli*": false,
		`"book a flight"`: true, `"book flight"`: false, `"trip to tokyo"`: false, `"to tok"`: false, `"to tok"*`: true,
		`"日本 book"`: false, // the title's end and the content's beginning are no phrase
		"don't":     true, "flight日本": false,
		"title:trip": true, "title:flight": false, "-title:flight": true, `title:"to 日本"`: true,
		"日": true, "本": true, "語": true, "する": true, "日本語": true, "日本人": false, "本日": false, "勉強": true,
		"tag:travel": true, "tag:travel/asia": true, "tag:asia": false, "tag:trav": false, "#ToDo": true, "-tag:todo": false, "-tag:x": true,
		"is:pinned": true, "-is:pinned": false, "is:active": true, "is:archived": false, "-is:archived": true, "is:trashed": false, "-is:trashed": true,
		"has:task": true, "has:link": false, "-has:image": true,
		"created:2026-03-14": true, "created:2026-03-13": false, "created:<2026-03-14": false, "created:<=2026-03-14": true,
		"created:>2026-03-14": false, "created:>=2026-03-14": true, "updated:2026-03": false, "updated:2026-04": true, "-updated:2026": false,
		"created:2025..2026-03-14": true,
	} {
		if got := query.Parse(text).Matches(noteEntry, noteCreated, noteUpdated); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestNotesInTheTrashAreFoundOnlyWhenAskedFor(t *testing.T) {
	trashed := query.NewEntry("Trip", "", nil, nil, false, query.Trashed)
	archived := query.NewEntry("Trip", "", nil, nil, false, query.Archived)
	for text, want := range map[string]string{
		"trip": "false true", "is:trashed": "true false", "is:archived": "false true", "is:active": "false false",
		"-is:active": "false true", "-is:trashed": "false true", "": "false true",
	} {
		q := query.Parse(text)
		wantEqual(t, text+": "+fmt.Sprint(q.Matches(trashed, now, now), q.Matches(archived, now, now)), text+": "+want)
	}
}

func TestTheTitlesFirstAndTheOthersAreTheWhole(t *testing.T) {
	notes := []query.Entry{
		query.NewEntry("apple pear", "", nil, nil, false, query.Active),
		query.NewEntry("apple", "pear", nil, nil, false, query.Active),
		query.NewEntry("fruit", "apple pear plum", nil, nil, false, query.Active),
		query.NewEntry("apple pear", "plum", []string{"x"}, nil, false, query.Archived),
		query.NewEntry("apple pear", "", nil, nil, false, query.Trashed),
		query.NewEntry("nothing", "", nil, nil, false, query.Active),
	}
	for _, text := range []string{"apple", "apple pear", "apple -plum", `"apple pear" tag:x`, "title:apple pear", "apple is:trashed"} {
		q := query.Parse(text)
		inTitle, others, ok := q.TitleFirst()
		if !ok {
			t.Fatalf("%q isn't split", text)
		}
		for i, e := range notes {
			first, second := inTitle.Matches(e, now, now), others.Matches(e, now, now)
			if first && second || (first || second) != q.Matches(e, now, now) {
				t.Errorf("%q: note %d is found: %v in titles, %v among the others", text, i, first, second)
			}
		}
		if _, _, ok := others.TitleFirst(); ok {
			t.Errorf("%q: a part is split again", text)
		}
	}
	inTitle, others, _ := query.Parse("apple pear").TitleFirst()
	var found []string
	for i, e := range notes {
		found = append(found, fmt.Sprint(i, inTitle.Matches(e, now, now), others.Matches(e, now, now)))
	}
	wantEqual(t, strings.Join(found, ", "),
		"0 true false, 1 false true, 2 false true, 3 true false, 4 false false, 5 false false")
	for _, text := range []string{"", "title:apple", "-apple", "tag:x is:pinned"} {
		if _, _, ok := query.Parse(text).TitleFirst(); ok {
			t.Errorf("%q is split", text)
		}
	}
}

// ranksOf returns the ranks whose part of the query finds the note.
func ranksOf(q query.Query, e query.Entry) (ranks []query.Rank) {
	for rank, part := range q.Ranked() {
		if part != nil && part.Matches(e, now, now) {
			ranks = append(ranks, query.Rank(rank))
		}
	}
	return ranks
}

func TestANoteIsRankedByItsTitle(t *testing.T) {
	const is, says, begins, has, text, none = query.TitleIs, query.TitleSays, query.TitleBegins, query.TitleHas, query.TextHas, query.Rank(-1)
	for _, test := range []struct {
		query, title string
		want         query.Rank
	}{
		{"plan", "Plan", is},
		{"plan", "Plan!", says},
		{"plan", "Plans", begins},
		{"plan", "Plan of work", begins},
		{"plan", "The plan", has},
		{"plan", "Other", text},
		{"cafe", "Café", says},
		{"café", "Café", is},
		{"C++", "C++", is},
		{"C++", "C#", says},
		{"C++", "C++ in depth", begins},
		{"C++", "Cobol", none},
		{"project plan", "Project plan", is},
		{"project plan", "Project planning", begins},
		{"project plan", "Plan of a project", has},
		{"project plan", "Project", none},
		{`"project plan"`, "Project plan", says},
		{"project plan tag:x", "Project plan", says},
		{"tag:x project plan", "Project planning", begins},
		{"project plan tag:x", "Project planning", none},
		{"project plan -more", "Project plan more", none},
		{"title:plan", "Plan", says},
		{"title:plan", "Plans", begins},
		{"title:plan", "The plan", has},
		{"title:plan", "Other", none},
		{"title:project plan", "Project plan", says},
		{"proj* plan", "Project plan", has},
		{"plan*", "Planning", begins},
		{"京都", "京都", is},
		{"京都", "京都旅行", begins},
		{"京", "京都", begins},
		{"京都 旅行", "京都 旅行記", begins},
		{"旅行", "京都旅行", has},
		{"日 本", "日 本", is},
		{"日 本", "日 本語", begins},
		{"tea 日", "tea 日", is},
		{"tea 日", "teapot", none},
		{"ＣＯ2", "CO₂", is},
		{"", "Other", text},
	} {
		content := "The project plan, C++, café, 京都 旅行, 日 本 co2"
		if test.want == none {
			content = ""
		}
		e := query.NewEntry(test.title, content, []string{"x"}, nil, false, query.Active)
		want := []query.Rank{test.want}
		if test.want == none {
			want = nil
		}
		q := query.Parse(test.query)
		if got := ranksOf(q, e); !slices.Equal(got, want) {
			t.Errorf("%q ranks %q %v, want %v", test.query, test.title, got, want)
		}
		if got := q.RankOf()(test.title); test.want != none && got != test.want {
			t.Errorf("%q: the rank of %q is %v, want %v", test.query, test.title, got, test.want)
		}
		for _, rank := range []query.Rank{says, begins} {
			best, ok := q.UpTo(rank)
			if got := ok && best.Matches(e, now, now); got != (test.want != none && test.want <= rank) {
				t.Errorf("%q: %q is among those up to the rank %v: %v", test.query, test.title, rank, got)
			}
		}
	}
}

func TestAnEntryHasTheTagsAboveItsTags(t *testing.T) {
	e := query.NewEntry("", "", []string{"work/home/x", "work/y", "z"}, []query.Mark{query.HasLink}, true, query.Archived)
	marks := slices.DeleteFunc(e.Marks, func(mark string) bool { return strings.Contains(mark, ":") }) // of the title
	wantEqual(t, strings.Join(marks, " "), "!archived !link !pinned #work #work/home #work/home/x #work/y #z")
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`word "a phrase" -not tag:work #x -tag:y title:word title:"a b"* is:pinned is:x has:task created:<2026 updated:2026..2027-03`,
		"日本語 -語 foo_bar don't wor*", `- "`, "tag: is: created:9999..", "“x” ﷺ ½ \xff:\xff",
	} {
		f.Add(text)
	}
	entry := query.NewEntry("a title", "some content", []string{"x"}, nil, false, query.Active)
	f.Fuzz(func(t *testing.T, text string) {
		q := query.Parse(text)
		for _, p := range q.Problems {
			if p.Start < 0 || p.Start >= p.End || p.End > len(text) || p.Fault == "" {
				t.Errorf("%q: %v", text, p)
			}
		}
		if len(q.Clauses) > query.MaxClauses {
			t.Errorf("%q: %d clauses", text, len(q.Clauses))
		}
		for _, c := range q.Clauses {
			switch c.Kind {
			case query.TextClause:
				if len(c.Words) == 0 || len(c.Words) > query.MaxPhrase || slices.Contains(c.Words, "") {
					t.Errorf("%q: %v", text, c)
				}
				for _, w := range c.Words {
					if !utf8.ValidString(w) || utf8.RuneCountInString(w) > words.MaxLength {
						t.Errorf("%q: %v", text, c)
					}
				}
			case query.CreatedClause, query.UpdatedClause:
				if c.From.IsZero() && c.To.IsZero() || !c.From.IsZero() && !c.To.IsZero() && !c.From.Before(c.To) {
					t.Errorf("%q: %v", text, c)
				}
			case query.TagClause:
				if c.Tag == "" || words.Fold(c.Tag) != c.Tag {
					t.Errorf("%q: %q", text, c.Tag)
				}
			default:
				if len(c.Mark()) < 2 {
					t.Errorf("%q: %v", text, c)
				}
			}
		}
		whole := q.Matches(entry, now, now)
		if inTitle, others, ok := q.TitleFirst(); ok && whole != (inTitle.Matches(entry, now, now) || others.Matches(entry, now, now)) {
			t.Errorf("%q: the parts find something else", text)
		}
		for _, title := range []string{"a title", text, text + " more", "more " + text} {
			e := query.NewEntry(title, "some content", []string{"x"}, nil, false, query.Active)
			if ranks := ranksOf(q, e); len(ranks) > 1 || (len(ranks) == 1) != q.Matches(e, now, now) {
				t.Errorf("%q: a note titled %q has the ranks %v", text, title, ranks)
			} else if best, ok := q.UpTo(query.TitleBegins); len(ranks) == 1 &&
				(ranks[0] != q.RankOf()(title) || (ranks[0] < query.TitleHas) != (ok && best.Matches(e, now, now))) {
				t.Errorf("%q: a note titled %q has the rank %v and %v", text, title, ranks[0], q.RankOf()(title))
			}
		}
		// What is typed is found in itself.
		self := query.NewEntry(text, text, nil, nil, false, query.Active)
		if len(text) < query.MaxLength && strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune("-\"“”„＂#:", r) }) < 0 &&
			!q.Matches(self, now, now) {
			t.Errorf("%q isn't found in itself by %v", text, q.Clauses)
		}
	})
}

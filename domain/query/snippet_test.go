package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"octavo/domain/markup"
	"octavo/domain/query"
	"octavo/domain/words"
)

// marked returns spans as one text, with hits in brackets.
func marked(spans []query.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Hit {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func plain(spans []query.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func TestATitleIsShownWholeWithItsHits(t *testing.T) {
	for _, test := range []struct{ query, title, want string }{
		{"", "Trip to Rome", "Trip to Rome"},
		{"rome", "Trip to Rome", "Trip to [Rome]"},
		{"title:rome tri*", "Trip to Rome", "[Trip] to [Rome]"},
		{"tri", "A trip, tripod", "A [trip], [tripod]"},
		{`"trip to" rome`, "Trip  to Rome, trip", "[Trip  to] [Rome], trip"},
		{"strasse ete", "Straße, ÉTÉ!", "[Straße], [ÉTÉ]!"},
		{"-rome trip", "Trip to Rome", "[Trip] to Rome"},
		{"日本語", "私の日本語ノート", "私の[日本語]ノート"},
		{"語", "日本語ノート語", "日本[語]ノート[語]"},
		{"本", "日本語", "日[本]語"},
		{"日本 本語", "日本語と日本", "[日本語]と[日本]"},
		{"ガ", "ｶﾞｷﾞ", "[ｶﾞ]ｷﾞ"},
		{"한국", "한국어를", "[한국]어를"},
		{"don't", "I don’t know", "I [don’t] know"},
		{"👍", "ok 👍🏽", "ok [👍🏽]"},
		{"صلى", "x ﷺ", "x [ﷺ]"},
		{"tag:x is:pinned", "x", "x"},
		{"x", "", ""},
	} {
		wantEqual(t, marked(query.Parse(test.query).Highlight(test.title)), test.want)
	}
}

func TestASnippetShowsTheBestPlace(t *testing.T) {
	filler := strings.Repeat("lorem ipsum dolor sit amet ", 40)
	for _, test := range []struct {
		name, query, content string
		limit                int
		want                 string
	}{
		{"all of a short content", "milk", "# Buy\n\n- [ ] **milk** and `bread`\n- [x] [honey](https://example.org/milk)", 80, "Buy\n[milk] and bread\nhoney"},
		{"no hit", "tag:x", "one two three four five", 12, "one two…"},
		{"no hit in what is read", "zebra", filler + "zebr", 30, "lorem ipsum dolor sit amet…"},
		{"the middle", "zebra", filler + "a zebra here " + filler, 40, "…amet a [zebra] here lorem ipsum dolor…"},
		{"the end", "zebra", filler + "a zebra", 40, "…amet lorem ipsum dolor sit amet a [zebra]"},
		{"the densest place", "zebra lion", "zebra " + filler + "lion zebra " + filler, 40, "…sit amet [lion] [zebra] lorem ipsum dolor…"},
		{"most of it where all isn't together", "zebra lion cat", "zebra " + filler + "lion zebra " + filler + "cat", 40, "…sit amet [lion] [zebra] lorem ipsum dolor…"},
		{"a phrase over lines", `"zebra lion"`, "the zebra\n* lion", 40, "the [zebra\nlion]"},
		{"too little room for what stands before it", "zebra", "first line\nsecond line\nthird line\na zebra", 7, "first…"},
		{"only in the title", "title:zebra", "a zebra", 40, "a zebra"},
		{"no code fences and rules", "zebra", "```go\nzebra()\n```\n---\n| a | b |\n|---|---|", 40, "[zebra]()\na b"},
		{"without blanks", "語", strings.Repeat("あいうえお", 20) + "語" + strings.Repeat("かきくけこ", 20), 20, "…あいうえお[語]かきくけこかきくけこかき…"},
		{"whole characters", "zebra", strings.Repeat("👨‍👩‍👧‍👦", 9) + "zebra" + strings.Repeat("👨‍👩‍👧‍👦", 9), 24, "…[zebra]👨‍👩‍👧‍👦👨‍👩‍👧‍👦…"},
		{"a hit longer than the limit", strings.Repeat("a", 40), strings.Repeat("a", 40), 10, "[aaaaaaaaa]…"},
		{"nothing", "zebra", "", 40, ""},
		{"no room", "zebra", "zebra", 0, ""},
		{"room for one", "zebra", "zebra", 1, "…"},
	} {
		got := query.Parse(test.query).Snippet(test.content, test.limit)
		if marked(got) != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, marked(got), test.want)
		}
		if n := utf8.RuneCountInString(plain(got)); n > test.limit {
			t.Errorf("%s: %d code points", test.name, n)
		}
	}
}

func TestASnippetReadsOnlySoFar(t *testing.T) {
	far := strings.Repeat("lorem ipsum ", 64<<10/12) + "zebra"
	wantEqual(t, marked(query.Parse("zebra").Snippet(far, 15)), "lorem ipsum…")
	near := strings.Repeat("lorem ipsum ", 60<<10/12) + "zebra"
	wantEqual(t, marked(query.Parse("zebra").Snippet(near, 15)), "…ipsum [zebra]")
}

func FuzzSnippet(f *testing.F) {
	f.Add("zebra lion", "# A\n\n- **zebra** and [lion](x)", 20)
	f.Add(`"日本語" 語`, strings.Repeat("日本語", 30), 8)
	f.Add("a", "\xff a \u0301\u0301 👨‍👩‍👧‍👦", 3)
	f.Fuzz(func(t *testing.T, typed, content string, limit int) {
		limit %= 500
		q := query.Parse(typed)
		spans := q.Snippet(content, limit)
		text := plain(spans)
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > max(limit, 0) {
			t.Errorf("%q in %q: %q", typed, content, text)
		}
		for i, s := range spans {
			if s.Text == "" || i > 0 && s.Hit == spans[i-1].Hit {
				t.Errorf("%q in %q: %v", typed, content, spans)
			}
		}
		if got := plain(q.Highlight(content)); got != content {
			t.Errorf("%q becomes %q", content, got)
		}
	})
}

func BenchmarkSnippet(b *testing.B) {
	line := "lorem ipsum **dolor** sit [amet](https://example.org), consectetur adipiscing elit\n"
	for _, size := range []int{2 << 10, 256 << 10} {
		content := strings.Repeat(line, size/len(line))
		for _, typed := range []string{"dolor", "dolor zebra"} {
			b.Run(fmt.Sprint(size>>10, " KiB ", typed), func(b *testing.B) {
				q := query.Parse(typed)
				for b.Loop() {
					q.Snippet(content, 240)
				}
			})
		}
	}
	content := strings.Repeat("](", 128<<10)
	b.Run("brackets", func(b *testing.B) {
		for b.Loop() {
			query.Parse("zebra").Snippet(content, 240)
		}
	})
}

func BenchmarkMatches(b *testing.B) {
	e := query.NewEntry("a title", strings.Repeat("lorem ipsum dolor sit amet ", 256<<10/27), nil, nil, false, query.Active)
	for _, typed := range []string{"zebra", "lor zebra", `"amet lorem ipsum zebra"`} {
		b.Run(typed, func(b *testing.B) {
			q := query.Parse(typed)
			for b.Loop() {
				q.Matches(e, now, now)
			}
		})
	}
}

// Lines are passed over without being read where a word can't be in them, so that must never be said of one that has it.
func TestSnippetsPassNoLineOverThatHasAHit(t *testing.T) {
	pieces := []string{
		"ze", "bra", "ZE", "br", "a", "zebra", "z", " ", " ", "**", "*", "_", "~~", "==", "`", "|", "\\", "![", "[", "]", "](u)", "<b>", "</b>",
		"<!-- c -->", "%%c%%", "^[note]", "[^1]", "[[ze|bra]]", "[[bra#ze]]", "[[#zebra]]", "&", "&eacute;", "é", "ﬁ", "#", "# ", "- [ ] ", "1",
		"zé", "日本", "'", "-", ".", "<http://ze.bra>",
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		var b strings.Builder
		for range 1 + random.IntN(8) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		line := b.String()
		for word := range words.Split(markup.PlainLine(line)) {
			snippet := query.Parse(word.Text).Snippet("above\n"+line+"\nbelow", 240)
			if !slices.ContainsFunc(snippet, func(s query.Span) bool { return s.Hit }) {
				t.Fatalf("%q has %q, which isn't found there", line, word.Text)
			}
		}
	}
}

// What stands far before the hit isn't read, and what stands right before it is shown.
func TestSnippetsShowWhatStandsBeforeTheHit(t *testing.T) {
	for _, above := range []string{"one\n\n", "hi*d* hi\n", strings.Repeat("far away\n", 1000), strings.Repeat("h*i* ", 2000) + "\n"} {
		before := strings.Repeat("near it\n", 12)
		whole := query.Parse("hit").Snippet(before+"the hit", 60)
		if got := query.Parse("hit").Snippet(above+before+"the hit", 60); marked(got) != marked(whole) {
			t.Errorf("below %.20q: %s\nwant %s", above, marked(got), marked(whole))
		}
	}
}

func TestASentenceIsShownAroundALink(t *testing.T) {
	long := strings.Repeat("many words and more ", 30)
	tests := []struct{ promise, text, want string }{
		{"alone, without those beside it", "One thing. See <Plan> first. And then.", "See <Plan> first."},
		{"whole, where it is all there is", "See <Plan>", "See <Plan>"},
		{"with a mark of its end in the link", "One. See <Dr. No> first. Then.", "See <Dr. No> first."},
		{"in Japanese, by its own full stop", "昨日は雨。今日は<計画>を見た。明日は晴れ。", "今日は<計画>を見た。"},
		{"in Arabic, by its question mark", "مرحبا. هل رأيت <الخطة> اليوم؟ نعم.", "هل رأيت <الخطة> اليوم؟"},
		{"cut at words", long + "<Plan> " + long, "…and more many words and more many words and more <Plan> many words and more many words and more many words and more many words and more many words and more many words and more many words and more many…"},
		{"cut at characters where there are no blanks", strings.Repeat("日", 300) + "<計画>" + strings.Repeat("本", 300), "…" + strings.Repeat("日", 50) + "<計画>" + strings.Repeat("本", 146) + "…"},
	}
	for _, test := range tests {
		before, rest, _ := strings.Cut(test.text, "<")
		link, behind, _ := strings.Cut(rest, ">")
		got := ""
		for _, s := range query.Sentence(before+link+behind, len(before), len(before)+len(link), 200) {
			if s.Hit {
				s.Text = "<" + s.Text + ">"
			}
			got += s.Text
		}
		if got != test.want {
			t.Errorf("%s: got\n%s, want\n%s", test.promise, got, test.want)
		}
	}
}

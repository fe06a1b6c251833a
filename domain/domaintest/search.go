package domaintest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

// searched is a note to be found.
type searched struct {
	title, content string
	tags           string // separated by blanks
	state          domain.NoteState
	pinned         bool
}

// library are notes in many languages. Titles are unique: the spot checks name notes by them.
var library = []searched{
	{title: "東京の天気", content: "明日の東京は晴れ、京都は雨でしょう。日本語のメモです。", tags: "旅行"},
	{title: "京都旅行", content: "金閣寺と伏見稲荷。新幹線で東京から二時間。", tags: "旅行 旅行/京都"},
	{title: "カタカナのメモ", content: "コーヒーとﾎﾟｹｯﾄ、ラーメン屋のデータベース", tags: "food"},
	{title: "中文笔记", content: "今天天气很好，我们去北京大学图书馆学习数据库。", tags: "学习"},
	{title: "北京烤鸭", content: "食谱：烤鸭、甜面酱、黄瓜。大学生也会做。", tags: "food 学习"},
	{title: "한국어 메모", content: "서울에서 부산까지 기차를 탔다. 한국어를 공부한다.", tags: "여행"},
	{title: "김치찌개", content: "김치와 두부, 돼지고기. 서울의 맛!", tags: "food 여행"},
	{title: "บันทึกภาษาไทย", content: "วันนี้อากาศดีมาก ไปเที่ยวกรุงเทพ กินข้าวผัด", tags: "food"},
	{title: "ملاحظات عربية", content: "مَرحَبًا بالعالَم، الطقس جميل في القاهرة. كتاب أحمد", tags: "سفر"},
	{title: "القاهرة", content: "زيارة إلى الأهرامات مع احمد ٢٠٢٦", tags: "سفر"},
	{title: "פתקים בעברית", content: "שָׁלוֹם עולם, מזג האוויר בתל אביב יפה. צה\"ל", tags: "נסיעה"},
	{title: "Donaudampfschifffahrt", content: "Die Donaudampfschifffahrtsgesellschaft fährt über die Straße. Ärger & Übermut.", tags: "Straße"},
	{title: "Straßenverkehr", content: "STRASSE und Strasse: Die Grüße aus München. Rindfleischetikettierungsüberwachung", tags: "strasse"},
	{title: "Müller", content: "Herr Mueller und Frau Müller essen Brötchen.", tags: "food"},
	{title: "L'été à Paris", content: "Aujourd'hui l'hôtel était fermé. Cœur, œuvre, naïve, garçon, l’école.", tags: "voyage"},
	{title: "Crème brûlée", content: "Recette : crème, sucre, vanille. Déjà vu à l'ÉCOLE.", tags: "food voyage"},
	{title: "İstanbul", content: "ISPARTA ılık, İzmir IĞDIR. Çiğ köfte şiş ağaç.", tags: "seyahat"},
	{title: "Istanbul trip", content: "ferry to Kadıköy and izmir, fish sandwich", tags: "seyahat food"},
	{title: "Заметки", content: "Ёжик в тумане. Всё ещё идёт снег в Москве. Подъезд № 5.", tags: "дорога"},
	{title: "Москва", content: "Ежик и ёлка, все дороги ведут в Москву", tags: "дорога food"},
	{title: "Σημειώσεις", content: "Ο Ὀδυσσεύς και ο ΟΔΥΣΣΕΥΣ γύρισαν στην Ιθάκη. Καλημέρα κόσμε.", tags: "ταξίδι"},
	{title: "हिन्दी नोट", content: "नमस्ते दुनिया। आज मौसम अच्छा है। क्षमा कीजिए, ज़रूर।", tags: "यात्रा"},
	{title: "Party 🎉", content: "Cake 🎂 and 👩‍👩‍👧 family, 👍🏽 thumbs, flag 🇩🇪, keycap 1️⃣, heart ❤️", tags: "fun"},
	{title: "More emoji", content: "heart ❤ and 🎉🎉 party, 👍 plain thumb, 🇫🇷", tags: "fun"},
	{title: "Code snippets", content: "`snake_case_name` camelCaseName kebab-case-name fooBar2000 x86_64 C++ C# .NET node.js", tags: "code"},
	{title: "Go code", content: "```go\nfunc (s *Store) ParseQuery(text string) error { return fmt.Errorf(\"%w\", err) }\n```", tags: "code code/go"},
	{title: "SQL code", content: "SELECT * FROM notes WHERE id = 'x' AND title LIKE '%a%' OR NOT NEAR(a b)", tags: "code code/sql"},
	{title: "Don't panic", content: "It isn't rock'n'roll, it’s O'Reilly’s book. Dont worry.", tags: "fun"},
	{title: "Links", content: "See https://example.org/path/to?q=1&b=two#frag and [docs](https://docs.example.com) or mail me@example.org", tags: "web"},
	{title: "Pictures", content: "![a cat](https://example.org/cat.png) and a [link](https://example.org)", tags: "web fun"},
	{title: "Tasks", content: "- [ ] buy milk\n- [x] call mother\n- [ ] write report", tags: "todo"},
	{title: "More tasks", content: "* [ ] water the plants\n\nand nothing else", tags: "todo home"},
	{title: "Long word", content: strings.Repeat("pneumono", 20) + " and " + strings.Repeat("語", 100), tags: "fun"},
	{title: "Long word too", content: strings.Repeat("pneumono", 21) + "x short", tags: "fun"},
	{title: "Work plan", content: "The quick brown fox jumps over the lazy dog", tags: "work work/plan"},
	{title: "Work at home", content: "The brown quick fox jumps over a lazy dog, the the end", tags: "work/home home"},
	{title: "Homework", content: "over the lazy fox a quick dog jumps #work/home inline", tags: "school"},
	{title: "Workshop", content: "#workshop isn't #work, though it begins like it", tags: "rock-n-roll"},
	{title: "Old workshop", content: "an archived fox", tags: "work", state: domain.Archived},
	{title: "Archived plan", content: "the quick archived plan of the lazy fox", tags: "work/plan", state: domain.Archived, pinned: true},
	{title: "Trashed plan", content: "the quick trashed plan of the lazy fox", tags: "work/plan", state: domain.Trashed},
	{title: "Trashed shopping", content: "milk and bread", tags: "home", state: domain.Trashed, pinned: true},
	{title: "Shopping", content: "milk, bread, butter; 2 kg flour, 1/2 l cream, ½ lemon", tags: "home", pinned: true},
	{title: "Pinned fox", content: "pinned", tags: "", pinned: true},
	{title: "Numbers", content: "2026-02-03 3.14159 1,000,000 +49 30 123456 0x1F ² ①", tags: "data"},
	{title: "Ligatures", content: "ﬁnd the ﬂower in the oﬃce, ﷺ and ㍿ stand for several words, ＦＵＬＬ ｗｉｄｔｈ", tags: "data"},
	{title: "Mixed scripts", content: "iPhoneを買う、Tシャツ、3月、Go言語でtestする", tags: "code 旅行"},
	{title: "Quotes", content: `"double" 'single' «guillemets» „low“ back\slash 100% under_score`, tags: "data"},
	{title: "Operators", content: "AND OR NOT NEAR * ( ) : ^ + - ~ < > @ & | ! a:b a* title:x", tags: "data"},
	{title: "a", content: "I a an the of is it", tags: ""},
	{title: "An empty one", content: "", tags: ""},
	{title: "Stop words", content: "to be or not to be, that is the question: www com de la und", tags: "data"},
	{title: "Tags", content: "#Größe #größe2 #a-b_c #日本 #emoji/🎉 text", tags: "GRÖSSE"},
	{title: "Meeting notes", content: "Discuss budget; budget budget. Budgeting isn't a budget-plan.", tags: "work/meeting"},
	{title: "Meeting", content: "notes of the meeting about notes", tags: "work/meeting"},
	{title: "Notes meeting", content: "nothing", tags: "work/meeting"},
	{title: "Chemie", content: "CO₂ und H<sub>2</sub>O auf 20 m², 10² Mal, 5㎏", tags: "data"},
	{title: "Formeln", content: "CO2, H2O, m2, 102, kg", tags: "data"},
	{title: "Koran", content: "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ", tags: "data"},
	{title: "Radicals", content: "⽇⽉ und ⻢", tags: "data"},
	{title: "Formatted", content: "**A**lfa ~~Br~~avo ==Char==lie `Del`ta [Ec](https://example.org/echo)ho Go\u00adlf, the [**green**](u) tea", tags: "data"},
	{title: "C++", content: "", tags: "code"},
	{title: "C#", content: "", tags: "code"},
	{title: "Cobol", content: "", tags: "code"},
	{title: "Meetings", content: "", tags: "work"},
	{title: "Café au lait", content: "", tags: "food"},
	{title: "Cafe", content: "", tags: "food"},
	{title: "Café", content: "", tags: "food"},
	{title: strings.Repeat("pneumono", 5) + " is long", content: "", tags: "fun"},
	{title: strings.Repeat("語", 90) + " is long", content: "", tags: "fun"},
}

// searchBegin is when the first note of the library was updated.
var searchBegin = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// addLibrary stores about 150 notes for Alice: the library, and notes that are made of common words. Each is updated on
// a day of its own, in another order than that in which they are stored.
func (f *fixture) addLibrary(t *testing.T) []domain.Note {
	t.Helper()
	all := slices.Clone(library)
	words := []string{"apple", "apply", "banana", "cherry", "date", "elder", "fig"}
	states := []domain.NoteState{domain.Active, domain.Active, domain.Active, domain.Archived, domain.Trashed}
	for i := range 95 {
		pick := func(n int) string { return words[(i*n+i/7)%len(words)] }
		all = append(all, searched{
			title:   fmt.Sprintf("%s %s %d", pick(1), pick(2), i),
			content: fmt.Sprintf("%s %s %s, then %s number%d", pick(3), pick(1), pick(4), pick(5), i%10),
			tags:    []string{"fruit", "fruit/" + pick(1), "", "fruit/" + pick(2) + "/ripe"}[i%4],
			state:   states[i%len(states)], pinned: i%6 == 0,
		})
	}
	notes := make([]domain.Note, len(all))
	for i, s := range all {
		updated := searchBegin.AddDate(0, 0, i*37%len(all))
		draft := domain.NoteDraft{Title: s.title, Content: s.content, Tags: domain.SplitTags(s.tags), Author: f.alice.User()}
		n, err := domain.NewNote(draft, updated)
		must(t, err)
		n.Created, n.Pinned = updated.AddDate(0, -(i%5), 0), s.pinned
		if s.state != "" {
			n.State = s.state
		}
		notes[i] = n
	}
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		for _, n := range notes {
			if err := repos.Notes(f.alice).Add(f.ctx, n); err != nil {
				return err
			}
		}
		return nil
	}))
	return notes
}

// searchTexts are queries whose results query.Query.Matches tells.
func searchTexts() []string {
	texts := []string{
		"", "a", "a*", "the", "th", "of", "is", "fox", "fo", "fo*", "FOX", "foxes", "quick fox", `"quick brown"`,
		`"brown quick"`, `"the lazy"`, `"the the"`, `"lazy fox" -archived`, `"the quick" "lazy fo"*`, `-"lazy dog"`,
		"-fox", "-fox -the", "-fo*", "fox -quick -lazy", "title:fox", "title:work", "title:wor*", "-title:work work",
		`title:"work at"`, `title:"work home"`, `title:"meeting notes"`, `"meeting notes"`, "meeting notes",
		"notes meeting", "title:meeting -title:notes", "budget", "budget*", `"budget budget"`, `"budget budget budget"`,
		"#work", "#work/home", "#Work", "#workshop", "tag:work", "tag:work/plan", "-#work fox", "#work #home", "tag:nothing",
		"#fruit", "#fruit/apple", "-#fruit", "#fruit -#fruit/apple", "tag:größe", "tag:grösse", "tag:strasse", "tag:straße",
		"tag:旅行", "tag:旅行/京都", "#code/go", "#emoji/🎉", "tag:a-b_c", "#rock-n-roll", "tag:rock'n'roll", `tag:"two words"`,
		"is:pinned", "is:active", "is:archived", "is:trashed", "-is:pinned", "-is:active", "-is:archived", "-is:trashed",
		"is:active is:pinned", "is:archived is:active", "is:trashed fox", "is:trashed -fox", "is:archived plan",
		"is:trashed is:pinned", "is:trashed \"lazy fox\"", "is:archived -\"lazy fox\"", "plan", "-is:pinned fox",
		"has:task", "has:image", "has:link", "-has:link", "has:task milk", "has:link -has:image", "-has:task tasks",
		"created:2025", "created:2025-03", "created:>2025-06", "created:<2025-04-10", "created:2025-04..2025-05",
		"updated:2025", "updated:2025-03", "updated:2025-03-05", "updated:>=2025-06-01", "updated:<2025-03-10",
		"-updated:2025-04", "-created:2025-03", "updated:2025-04..2025-05 fox", "updated:2025-07 fruit", "updated:2030",
		"updated:<1980", "apple updated:>2025-04", "apple created:<2025-05 -cherry", "created:2025-04 updated:2025-05",
		"is:trashed updated:2025-05", `"apple apply" updated:<2025-06`,
		"東京", "京都", "日本語", "日本", "本", "語", "天気", "気", "東", "データベース", "ポケット", "ﾎﾟｹｯﾄ", "コーヒー", "メモ",
		"title:メモ", "-東京", "京都 東京", "新幹線で", "大学", "大学图书馆", "天气", "烤鸭", "数据库", "title:北京", "学", "の",
		"한국어", "한국", "서울", "서울에서", "김치", "기차", "어", "กรุงเทพ", "อากาศ", "ข้าว", "ดี", "القاهرة", "مرحبا", "احمد",
		"أحمد", "العالم", "شלום", "שלום", "צה\"ל", "תל", "donaudampfschifffahrtsgesellschaft", "donau", "donau*", "straße",
		"strasse", "strass", "ärger", "arger", "ARGER", "müller", "mueller", "muller", "grusse", "rindfleisch*", "été", "ete",
		"l'été", "l’ete", "l ete", "hotel", "coeur", "cœur", "oeuvre", "naive", "garcon", "aujourd'hui", "ecole", "creme brulee",
		`"crème brûlée"`, "istanbul", "ISTANBUL", "İstanbul", "ısparta", "isparta", "izmir", "igdir", "sis", "agac", "ёжик", "ежик",
		"всё", "все", "москва", "москв*", "дорог", "подъезд", "οδυσσευς", "ΟΔΥΣΣΕΎΣ", "καλημερα", "ιθακη", "नमस्ते", "मौसम", "क्षमा",
		"हिन्दी", "🎉", "🎂", "❤", "❤️", "👍", "👍🏽", "🇩🇪", "👩‍👩‍👧", "party 🎉", `"🎉🎉"`, "-🎉 party", "snake_case_name", "snake", "camelcasename",
		"camelCase", "kebab-case-name", `"case name"`, "foobar2000", "x86_64", "c++", "c", "c#", ".net", "node.js", "fmt.Errorf", "%w",
		"s *Store", "parsequery", "where id = 'x'", "not near", "NEAR(a b)", "a AND b", "OR", "don't", "dont", "don’t", "isn't", "rock'n'roll",
		"o'reilly", "o'reilly's", "https://example.org", "https://example.org/path/to?q=1", "example.org", "example", "me@example.org",
		"cat.png", "docs.example.com", "q=1", "#frag", strings.Repeat("pneumono", 20), strings.Repeat("pneumono", 4),
		strings.Repeat("pneumono", 4) + "*", "pneumono", strings.Repeat("pneumono", 21), "-" + strings.Repeat("pneumono", 20) + " long",
		strings.Repeat("語", 40), strings.Repeat("語", 5), "milk", "milk bread", "1/2", "½", "2", "20", "2026", "2026-02-03",
		"3.14159", "1,000,000", "0x1f", "²", "①", "find", "flower", "office", "ﷺ", "㍿", "株式会社", "full width", "iphone", "tシャツ",
		"go言語", "3月", "test", `"double"`, "'single'", "back\\slash", "100%", "under_score", `\`, `"`, `""`, `"a`, "*", "a:b", "title:", "title:x", "(", ")",
		"^a", "+a", "- a", "--a", "a -a", "{title}", `title : "x"`, "$1 ?1 :name", "; DROP TABLE notes", "' OR 1=1 --", "to be or not to be",
		`"to be or not to be"`, "www", "com", "de", "und", "qwa", "qma", "!note", "!active", "!trashed", "=fox", "note", "cut", "empty",
		"apple", "app", "ap", "ap*", "apple apply", `"apple apply"`, `"apple banana"`, `"banana cherry" -apple`, `-"apple apply" apple`,
		"title:apple", "title:apple title:banana", "title:apple -banana", "number3", "number", "numb*", "fig date", "elder -fig",
		"tag:food'", `#food"`, "tag:food`", `tag:food\`, "tag:food\x00", "tag:food\x01", "C++", "C#", "CO2", "H2O", "m2", "الله", "⽇", "alfa", "echo", "the green tea", "cafe", "café", "Café au", "café a", "meeting!", "meetings", "a b", "apple apply 7",
		strings.Repeat("pneumono", 5), strings.Repeat("pneumono", 5) + " is", strings.Repeat("pneumono", 5) + " is long", strings.Repeat("語", 90), "meeting -notes",
		"apple is:archived", "apple is:trashed", "apple is:pinned #fruit", `title:"apple banana"`, `title:"apple ban"*`, `-title:"apple banana" apple`,
	}
	for _, first := range []string{"apple", "ba*", "cherry", "#fruit", "-date"} {
		for _, second := range []string{"elder", "-fig", "title:fig", "is:pinned", `"date elder"`} {
			texts = append(texts, first+" "+second, second+" "+first)
		}
	}
	return texts
}

// found returns all that a query finds, read in pages of a size.
func (f *fixture) found(t *testing.T, index domain.Index, q query.Query, size int) []domain.Note {
	t.Helper()
	var all []domain.Note
	var after *domain.SearchCursor
	for {
		page, err := index.Search(f.ctx, q, after, size)
		must(t, err)
		all = append(all, page...)
		if len(page) < size {
			return all
		}
		last := page[len(page)-1]
		after = &domain.SearchCursor{Updated: last.Updated, ID: last.ID}
	}
}

// foundSoon returns what found does, once that is so many notes. InnoDB takes the words of notes from memory to the disk
// after they are committed, and for moments has some in neither.
func (f *fixture) foundSoon(t *testing.T, q query.Query, size, count int) []domain.Note {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if all := f.found(t, f.Index(f.alice.Read()), q, size); len(all) == count || time.Now().After(deadline) {
			return all
		}
	}
}

// matching returns the notes that a query is to find, in their order.
func matching(notes []domain.Note, q query.Query) []domain.Note {
	var want []domain.Note
	for _, n := range notes {
		if q.Matches(n.SearchEntry(), n.Created, n.Updated) {
			want = append(want, n)
		}
	}
	slices.SortFunc(want, func(a, b domain.Note) int { return b.Updated.Compare(a.Updated) })
	return want
}

func noteTitles(notes []domain.Note) string {
	titles := make([]string, len(notes))
	for i, n := range notes {
		titles[i] = n.Title
	}
	return strings.Join(titles, " | ")
}

func searchAgrees(t *testing.T, f *fixture) {
	notes := f.addLibrary(t)
	texts := searchTexts()
	if len(notes) < 150 || len(texts) < 200 {
		t.Errorf("there are %d notes and %d queries, want at least 150 and 200", len(notes), len(texts))
	}
	check := func(name string, q query.Query) {
		want := matching(notes, q)
		if got := f.found(t, f.Index(f.alice.Read()), q, 20); noteTitles(got) != noteTitles(want) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, noteTitles(got), noteTitles(want))
		}
		count, err := f.Index(f.alice.Read()).Count(f.ctx, q, len(notes)+1)
		must(t, err)
		if count.Notes != len(want) {
			t.Errorf("%s: counted %d, want %d", name, count.Notes, len(want))
		}
	}
	for _, text := range texts {
		q := query.Parse(text)
		check(fmt.Sprintf("%q", text), q)
		for rank, part := range q.Ranked() {
			if part != nil {
				check(fmt.Sprintf("%q of rank %d", text, rank), *part)
			}
		}
		for _, rank := range []query.Rank{query.TitleSays, query.TitleBegins} {
			if best, ok := q.UpTo(rank); ok {
				check(fmt.Sprintf("%q up to rank %d", text, rank), best)
			}
		}
	}
	if got := f.found(t, f.Index(f.bob.Read()), query.Query{}, 20); len(got) != 0 {
		t.Errorf("somebody else finds %s", noteTitles(got))
	}
}

func searchSpots(t *testing.T, f *fixture) {
	f.addLibrary(t)
	for _, spot := range []struct{ query, want string }{
		{"日本語", "東京の天気"},
		{"京都", "京都旅行 | 東京の天気"},
		{"ポケット", "カタカナのメモ"},
		{"数据库", "中文笔记"},
		{"대학", ""},
		{"서울", "김치찌개 | 한국어 메모"},
		{"กรุงเทพ", "บันทึกภาษาไทย"},
		{"مرحبا", "ملاحظات عربية"},
		{"أحمد", "القاهرة | ملاحظات عربية"},
		{"שלום", "פתקים בעברית"},
		{"strasse", "Donaudampfschifffahrt | Straßenverkehr"},
		{"straße title:straßen*", "Straßenverkehr"},
		{"arger", "Donaudampfschifffahrt"},
		{"donau*", "Donaudampfschifffahrt"},
		{"dampf*", ""},
		{"l'ecole", "Crème brûlée | L'été à Paris"},
		{"coeur", "L'été à Paris"},
		{`"creme brulee"`, "Crème brûlée"},
		{"istanbul", "İstanbul | Istanbul trip"},
		{"izmir", "İstanbul | Istanbul trip"},
		{"ежик", "Заметки | Москва"},
		{"οδυσσευς", "Σημειώσεις"},
		{"नमस्ते", "हिन्दी नोट"},
		{"🎉", "More emoji | Party 🎉 | Tags"},
		{"👍 heart", "More emoji"},
		{"snake_case_name", "Code snippets"},
		{"node.js", "Code snippets"},
		{"don’t", "Don't panic"},
		{"rock'n'roll", "Don't panic"},
		{"me@example.org", "Links"},
		{`"quick brown"`, "Work plan"},
		{`"brown quick"`, "Work at home"},
		{`"lazy fox"`, "Archived plan | Homework"},
		{`"lazy fox" is:trashed`, "Trashed plan"},
		{"#work fox", "Archived plan | Homework | Old workshop | Work at home | Work plan"},
		{"#work/home", "Homework | Work at home"},
		{"#workshop", "Workshop"},
		{"fox -#work", "Pinned fox"},
		{"milk", "Shopping | Tasks"},
		{"milk is:trashed", "Trashed shopping"},
		{"has:image", "Pictures"},
		{"has:task -milk", "More tasks"},
		{"title:meeting title:notes", "Meeting notes | Notes meeting"},
		{`title:"notes meeting"`, "Notes meeting"},
		{`"budget budget"`, "Meeting notes"},
		{"to be or not to be", "Stop words"},
		{"NEAR(a b)", "Operators | SQL code"},
		{`"where id"`, "SQL code"},
		{"CO2", "Chemie | Formeln"},
		{"h₂o", "Chemie | Formeln"},
		{"m2 is:active", "Chemie | Formeln"},
		{"m² is:active", "Chemie | Formeln"},
		{"10^2", "Chemie"},
		{"kg is:active", "Chemie | Formeln | Shopping"},
		{"الله", "Koran | Ligatures"},
		{"الرحمن", "Koran"},
		{"日月", "Radicals"},
		{"马", "Radicals"},
		{"alfa", "Formatted"},
		{"bravo charlie delta echo golf", "Formatted"},
		{`"the green tea"`, "Formatted"},
		{"https://example.org/echo", "Formatted"},
		{"C++", "C# | C++ | Code snippets | Tags"},
		{"title:c!", "C# | C++"},
	} {
		got := f.found(t, f.Index(f.alice.Read()), query.Parse(spot.query), 50)
		names := make([]string, len(got))
		for i, n := range got {
			names[i] = n.Title
		}
		slices.Sort(names)
		want := strings.Split(spot.want, " | ")
		slices.Sort(want)
		if strings.Join(names, " | ") != strings.Join(want, " | ") {
			t.Errorf("%q:\ngot  %s\nwant %s", spot.query, strings.Join(names, " | "), strings.Join(want, " | "))
		}
	}
}

func searchReturnsNotes(t *testing.T, f *fixture) {
	n := f.note(t, "Whole", "with #inline and [[Link]]")
	n.Tags, n.Pinned, n.State, n.Author = []domain.Tag{"Beside", "it/is"}, true, domain.Archived, f.alice.User()
	n.Moved, n.Created = f.now.Add(-time.Minute), f.now.Add(-time.Hour)
	must(t, f.notes.Add(f.ctx, n))
	got := f.found(t, f.Index(f.alice.Read()), query.Parse("whole #it is:archived"), 2)
	if len(got) != 1 {
		t.Fatalf("found %d notes, want one", len(got))
	}
	want, err := f.notes.Get(f.ctx, n.ID)
	must(t, err)
	if fmt.Sprintf("%+v", got[0]) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got[0], want)
	}
}

func searchByPage(t *testing.T, f *fixture) {
	notes := f.addLibrary(t)
	// Notes of one second come in any order, but each once.
	for i := range 30 {
		n := f.note(t, fmt.Sprint("same second ", i), "apple apple apple")
		n.Updated = f.now.Truncate(time.Second).Add(time.Duration(i*7%30) * time.Millisecond)
		must(t, f.notes.Add(f.ctx, n))
		notes = append(notes, n)
	}
	for _, text := range []string{"apple", `"apple apple"`, "ap*", "-nothing", "title:same"} {
		q := query.Parse(text)
		want := len(matching(notes, q))
		for _, size := range []int{1, 3, 7, 100} {
			seen := map[domain.ID]bool{}
			var last time.Time
			for i, n := range f.found(t, f.Index(f.alice.Read()), q, size) {
				if second := n.Updated.Truncate(time.Second); i > 0 && second.After(last.Truncate(time.Second)) {
					t.Errorf("%q by %d: %s comes after a note of %s", text, size, n.Updated, last)
				}
				if seen[n.ID] {
					t.Errorf("%q by %d: %s comes twice", text, size, n.Title)
				}
				seen[n.ID], last = true, n.Updated
			}
			if len(seen) != want {
				t.Errorf("%q by %d: found %d, want %d", text, size, len(seen), want)
			}
		}
	}
}

func searchAfterGone(t *testing.T, f *fixture) {
	for tag, text := range map[domain.Tag]string{"single": "word", "phrase": `"word word"`} {
		q := query.Parse(text + " #" + string(tag))
		var notes []domain.Note
		for i := range 6 {
			n := f.note(t, fmt.Sprint("note ", i), "word word")
			n.Tags, n.Updated = []domain.Tag{tag}, f.now.Add(-time.Duration(i)*time.Hour)
			must(t, f.notes.Add(f.ctx, n))
			notes = append(notes, n)
		}
		page, err := f.Index(f.alice.Read()).Search(f.ctx, q, nil, 3)
		must(t, err)
		wantEqual(t, noteTitles(page), "note 0 | note 1 | note 2")
		after := &domain.SearchCursor{Updated: page[2].Updated, ID: page[2].ID}

		edited, err := notes[2].Edited(domain.NoteDraft{Title: "edited", Content: "word word"}, 1, f.now.Add(time.Hour))
		must(t, err)
		must(t, f.notes.Update(f.ctx, edited, edited.Version-1))
		page, err = f.Index(f.alice.Read()).Search(f.ctx, q, after, 2)
		must(t, err)
		wantEqual(t, noteTitles(page), "note 3 | note 4")

		must(t, f.notes.Remove(f.ctx, notes[2].ID))
		must(t, f.notes.Remove(f.ctx, notes[3].ID))
		page, err = f.Index(f.alice.Read()).Search(f.ctx, q, after, 3)
		must(t, err)
		wantEqual(t, noteTitles(page), "note 4 | note 5")
		page, err = f.Index(f.alice.Read()).Search(f.ctx, q, &domain.SearchCursor{Updated: f.now.AddDate(-50, 0, 0), ID: domain.NewID()}, 3)
		must(t, err)
		wantEqual(t, noteTitles(page), "")
	}
}

func searchFollows(t *testing.T, f *fixture) {
	n := f.note(t, "Draft of a letter", "dear reader")
	n.Tags = []domain.Tag{"letters"}
	must(t, f.notes.Add(f.ctx, n))
	wantFound := func(want string, queries ...string) {
		t.Helper()
		for _, text := range queries {
			q := query.Parse(text)
			if got := noteTitles(f.found(t, f.Index(f.alice.Read()), q, 5)); got != want {
				t.Errorf("%q found %q, want %q", text, got, want)
			}
			count, err := f.Index(f.alice.Read()).Count(f.ctx, q, 5)
			must(t, err)
			if found := want != ""; (count.Notes == 1) != found || (len(count.Tags) > 0) != found {
				t.Errorf("%q counted %+v, want %q", text, count, want)
			}
		}
	}
	wantFound(n.Title, "letter", "#letters", `"dear reader"`, "is:active", "updated:2026")

	edit := func(draft domain.NoteDraft) {
		t.Helper()
		edited, err := n.Edited(draft, n.Version, n.Updated.AddDate(1, 0, 0))
		must(t, err)
		must(t, f.notes.Update(f.ctx, edited, edited.Version-1))
		n = edited
	}
	edit(domain.NoteDraft{Title: "A letter", Content: "beloved reader"})
	wantFound(n.Title, "letter", "#letters", `"beloved reader"`, "updated:2027")
	wantFound("", "draft", "dear", `"dear reader"`, "updated:2026")
	edit(domain.NoteDraft{Title: "A letter", Content: "beloved reader", Tags: []domain.Tag{"mail/sent"}})
	wantFound(n.Title, "letter", "#mail", "#mail/sent")
	wantFound("", "#letters")

	change := func(changed domain.Note, ok bool) {
		t.Helper()
		if !ok {
			t.Fatal("nothing has changed")
		}
		must(t, f.notes.Update(f.ctx, changed, changed.Version-1))
		n = changed
	}
	change(n.WithPin(true))
	wantFound(n.Title, "letter", "is:pinned")
	change(n.MovedTo(domain.Trashed, f.now))
	wantFound("", "letter", "is:pinned", "is:active")
	wantFound(n.Title, "is:trashed", "letter is:trashed", `"beloved reader" is:trashed`)
	change(n.Restored(domain.Archived, f.now))
	wantFound(n.Title, "letter", "is:archived")
	wantFound("", "is:trashed")

	failed := errors.New("failed")
	err := f.Atomically(f.ctx, func(repos domain.Repos) error {
		changed, _ := n.WithPin(false)
		if err := repos.Notes(f.alice).Update(f.ctx, changed, changed.Version-1); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("got error %v, want %v", err, failed)
	}
	wantFound(n.Title, "is:pinned")

	must(t, f.notes.Remove(f.ctx, n.ID))
	wantFound("", "letter", "is:archived", "", "-nothing", "#mail", `"beloved reader"`)
}

func searchCounts(t *testing.T, f *fixture) {
	for i := range 30 {
		n := f.note(t, fmt.Sprint("note ", i), "counted twice twice")
		n.Updated = f.now.Add(-time.Duration(i) * time.Minute)
		n.Tags = []domain.Tag{domain.Tag(fmt.Sprintf("each/%02d", i))}
		if i%2 == 0 {
			n.Tags = append(n.Tags, "Even")
		}
		must(t, f.notes.Add(f.ctx, n))
	}
	for _, text := range []string{"counted", `"twice twice"`, "#each"} {
		q := query.Parse(text)
		count, err := f.Index(f.alice.Read()).Count(f.ctx, q, 100)
		must(t, err)
		if count.Notes != 30 || len(count.Tags) != 20 {
			t.Fatalf("%s: counted %d notes and %d tags, want 30 and the 20 most frequent", text, count.Notes, len(count.Tags))
		}
		wantEqual(t, fmt.Sprint(count.Tags[:4]), "[{each 30} {Even 15} {each/00 1} {each/01 1}]")

		count, err = f.Index(f.alice.Read()).Count(f.ctx, q, 4)
		must(t, err)
		wantEqual(t, fmt.Sprint(count), "{4 [{each 4} {Even 2} {each/00 1} {each/01 1} {each/02 1} {each/03 1}]}")

		count, err = f.Index(f.bob.Read()).Count(f.ctx, q, 100)
		must(t, err)
		wantEqual(t, fmt.Sprint(count), "{0 []}")
	}
}

func searchForeign(t *testing.T, f *fixture) {
	for i, notes := range []domain.Notes{f.notes, f.others, f.notes, f.others} {
		n := f.note(t, fmt.Sprintf("%s %d", []string{"hers", "his"}[i%2], i), "common words words")
		n.Updated = f.now.Add(time.Duration(i) * time.Hour)
		n.Tags = []domain.Tag{"common"}
		must(t, notes.Add(f.ctx, n))
	}
	for _, text := range []string{"common", `"words words"`, "", "-nothing", "#common", "updated:2026", "co*"} {
		q := query.Parse(text)
		wantEqual(t, noteTitles(f.found(t, f.Index(f.alice.Read()), q, 10)), "hers 2 | hers 0")
		wantEqual(t, noteTitles(f.found(t, f.Index(f.bob.Read()), q, 1)), "his 3 | his 1")
		count, err := f.Index(f.bob.Read()).Count(f.ctx, q, 10)
		must(t, err)
		wantEqual(t, fmt.Sprint(count), "{2 [{common 2}]}")
		// Not even by a place among them.
		theirs := f.found(t, f.Index(f.bob.Read()), q, 10)[0]
		got, err := f.Index(f.alice.Read()).Search(f.ctx, q, &domain.SearchCursor{Updated: theirs.Updated, ID: theirs.ID}, 10)
		must(t, err)
		wantEqual(t, noteTitles(got), "hers 2 | hers 0")
	}
}

// searchTimes finds notes of times that no clock has, and thousands of one second.
func searchTimes(t *testing.T, f *fixture) {
	add := func(title string, updated time.Time) {
		n := f.note(t, title, "timely")
		n.Created, n.Updated = updated, updated
		must(t, f.notes.Add(f.ctx, n))
	}
	add("now", f.now)
	add("future", time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC))
	add("second after", f.now.Add(time.Second))
	add("epoch", time.Unix(0, 0).UTC())
	add("old", time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC))
	inOrder := func() {
		t.Helper()
		timely := f.foundSoon(t, query.Parse("timely"), 2, 5)
		wantEqual(t, noteTitles(timely), "future | second after | now | old | epoch")
	}
	inOrder()
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		for i := range 3000 {
			n, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprint("imported ", i)}, f.now.AddDate(0, 0, -10))
			if err != nil {
				return err
			}
			if err := repos.Notes(f.alice).Add(f.ctx, n); err != nil {
				return err
			}
		}
		return nil
	}))
	inOrder()
	wantEqual(t, len(f.foundSoon(t, query.Parse("imported"), 500, 3000)), 3000)
	january := query.Parse("updated:2026-01")
	wantEqual(t, len(f.foundSoon(t, january, 500, 3000)), 3000)
	add("newest of old", time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC))
	found := f.foundSoon(t, january, 500, 3001)
	wantEqual(t, len(found), 3001)
	wantEqual(t, found[0].Title, "newest of old")
}

func searchHostile(t *testing.T, f *fixture) {
	fill := func(part func(i int) string) string {
		var b strings.Builder
		for i := 0; ; i++ {
			if next := part(i); b.Len()+len(next) <= domain.MaxContent {
				b.WriteString(next)
				continue
			}
			return b.String()
		}
	}
	for name, content := range map[string]string{
		"short words":  fill(func(i int) string { return fmt.Sprintf("%x ", i) }),
		"one word":     fill(func(int) string { return "x" }),
		"alike":        fill(func(int) string { return "語" }),
		"dense":        fill(func(i int) string { return string(rune(0x4e00 + i*7919%20000)) }),
		"expanding":    fill(func(i int) string { return string([]rune{rune(0x3300 + i%88), rune(0x4e00 + i%20000)}) }),
		"ligatures":    fill(func(i int) string { return fmt.Sprintf("ﷺ%xﷺ ", i) }),
		"emoji":        fill(func(i int) string { return string(rune(0x1f300 + i%300)) }),
		"accents":      "e" + fill(func(int) string { return "\u0301" })[:domain.MaxContent-2],
		"punctuation":  fill(func(int) string { return `"'*\(` }),
		"tags":         fill(func(i int) string { return fmt.Sprintf("#tag%d/a ", i%200) }),
		"joined":       fill(func(int) string { return "👩\u200d" }),
		"private":      fill(func(int) string { return "\U0010fffd\ue000" }),
		"quoted words": fill(func(i int) string { return fmt.Sprintf(`"%d' `, i) }),
	} {
		n := f.note(t, name+" hostile", content)
		must(t, f.notes.Add(f.ctx, n))
		q := query.Parse(fmt.Sprintf(`title:"%s hostile"`, name))
		found := func() string { return noteTitles(f.foundSoon(t, q, 2, 1)) }
		wantEqual(t, found(), n.Title)
		entry := n.SearchEntry()
		for _, i := range []int{0, len(entry.Content) / 2, len(entry.Content) - 1} {
			if i < 0 || i >= len(entry.Content) {
				continue
			}
			q.Clauses = append(q.Clauses[:1], query.Clause{Words: entry.Content[i : i+1]})
			if got := found(); got != n.Title {
				t.Errorf("%s: found %q by its word %d, %q", name, got, i, entry.Content[i])
			}
			q.Clauses[1].Not = true
			if got := noteTitles(f.found(t, f.Index(f.alice.Read()), q, 2)); got != "" {
				t.Errorf("%s: found %q without its word %d, %q", name, got, i, entry.Content[i])
			}
		}
	}
	wantEqual(t, len(f.foundSoon(t, query.Parse("title:hostile"), 5, 13)), 13)
}

func searchEndedContext(t *testing.T, f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	_, err := f.Index(f.alice.Read()).Search(ctx, query.Parse("word"), nil, 5)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Search: got error %v, want %v", err, context.Canceled)
	}
	_, err = f.Index(f.alice.Read()).Count(ctx, query.Parse(`"two words"`), 5)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Count: got error %v, want %v", err, context.Canceled)
	}
}

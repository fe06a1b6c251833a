package domaintest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
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

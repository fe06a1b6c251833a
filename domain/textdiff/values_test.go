package textdiff_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"octavo/domain/textdiff"
)

// wantAsked wants a collision, whichever side is which.
func wantAsked(t *testing.T, base, mine, theirs string) {
	t.Helper()
	for range 2 {
		if got, ok := clean(textdiff.Merge(base, mine, theirs)); ok {
			t.Errorf("%q merged with %q upon %q makes %q, which nobody wrote", mine, theirs, base, got)
		}
		mine, theirs = theirs, mine
	}
}

func TestTwoChangesOfOneValueCollide(t *testing.T) {
	for name, c := range map[string][3]string{
		"time":                   {"12:30", "13:30", "12:45"},
		"time in a sentence":     {"at 12:30, in the hall", "at 13:30, in the hall", "at 12:45, in the hall"},
		"time with seconds":      {"12:30:15", "13:30:15", "12:30:45"},
		"time with a zone":       {"12:30+02:00", "13:30+02:00", "12:30+01:00"},
		"date":                   {"2026-05-03", "2027-05-03", "2026-05-04"},
		"date with dots":         {"03.05.2026", "04.05.2026", "03.05.2027"},
		"date with slashes":      {"3/5/2026", "4/5/2026", "3/5/2027"},
		"date and time":          {"2026-05-03T12:30Z", "2026-06-03T12:30Z", "2026-05-03T12:45Z"},
		"date, blank, time":      {"2026-05-03 12:30", "2026-06-03 12:30", "2026-05-03 12:45"},
		"version":                {"v1.2.3", "v2.2.3", "v1.2.4"},
		"version with a suffix":  {"1.2.3-rc.1+4", "1.3.3-rc.1+4", "1.2.3-rc.2+4"},
		"IPv4":                   {"192.168.1.10", "192.168.2.10", "192.168.1.11"},
		"IPv4 with a port":       {"10.0.0.1:80", "10.0.1.1:80", "10.0.0.1:81"},
		"IPv6":                   {"2001:db8::1:2", "2002:db8::1:2", "2001:db8::1:3"},
		"MAC":                    {"00:1a:2b:3c", "01:1a:2b:3c", "00:1a:2b:3d"},
		"amount":                 {"1,299.50", "2,299.50", "1,299.95"},
		"amount with a sign":     {"€1.299,50", "€2.299,50", "€1.299,95"},
		"amount with blanks":     {"1 000 000 kg", "2 000 000 kg", "1 000 500 kg"},
		"amount with thin ones":  {"1\u202f000\u202f000,50", "2\u202f000\u202f000,50", "1\u202f000\u202f000,95"},
		"amount, unbroken":       {"1\u00a0000\u00a0000", "2\u00a0000\u00a0000", "1\u00a0000\u00a0500"},
		"telephone":              {"+49 89 1234 56", "+43 89 1234 56", "+49 89 1234 57"},
		"telephone with hyphens": {"555-123-4567", "556-123-4567", "555-123-4568"},
		"telephone, bracketed":   {"(555) 123-4567", "(556) 123-4567", "(555) 123-4568"},
		"telephone, both":        {"+1 (555) 123 4567", "+44 (555) 123 4567", "+1 (555) 123 4568"},
		"telephone, German":      {"+49 (0)89 1234-56", "+43 (0)89 1234-56", "+49 (0)89 1234-57"},
		"bank account":           {"DE89 3704 0044 0532", "DE88 3704 0044 0532", "DE89 3704 0044 0533"},
		"card":                   {"4111 1111 1111 1234", "5111 1111 1111 1234", "4111 1111 1111 1235"},
		"URL":                    {"https://a.example/x?y=1", "http://a.example/x?y=1", "https://a.example/x?y=2"},
		"URL in a link":          {"[here](https://a.example/x/y)", "[here](https://b.example/x/y)", "[here](https://a.example/x/z)"},
		"e-mail":                 {"anna.smith@example.org", "anne.smith@example.org", "anna.smith@example.net"},
		"key":                    {"sk-aaaa-bbbb-cccc", "sk-zzzz-bbbb-cccc", "sk-aaaa-bbbb-dddd"},
		"UUID":                   {"0190a-7b2c-7d3e-8f", "0191a-7b2c-7d3e-8f", "0190a-7b2c-7d3e-9f"},
		"hyphenated":             {"state-of-the-art", "piece-of-the-art", "state-of-the-cake"},
		"path":                   {"/home/anna/notes.txt", "/root/anna/notes.txt", "/home/anna/notes.md"},
		"Windows path":           {`C:\Users\Anna\a.txt`, `D:\Users\Anna\a.txt`, `C:\Users\Anna\b.txt`},
		"either or":              {"foo/bar/baz", "fox/bar/baz", "foo/bar/bat"},
		"assignment":             {"timeout=30s;retry=5", "timeout=31s;retry=5", "timeout=30s;retry=6"},
		"name in code":           {"get_user_name()", "set_user_name()", "get_user_id()"},
		"dotted name":            {"app.notes.Save", "web.notes.Save", "app.notes.Load"},
		"apostrophe":             {"l’heure-d’été", "l’heur-d’été", "l’heure-d’hiver"},
		"fraction":               {"1/2x3/4", "3/2x3/4", "1/2x5/4"},
		"ratio":                  {"16:9:4", "15:9:4", "16:9:5"},
		"coordinates":            {"48.1374,11.5755", "48.2374,11.5755", "48.1374,11.6755"},
		"version range":          {">=1.2,<2.0", ">=1.3,<2.0", ">=1.2,<3.0"},
		"CSV":                    {"a,b,c", "x,b,c", "a,b,z"},
		"inline code":            {"`a-b-c`", "`x-b-c`", "`a-b-z`"},
		"a command":              {"run `git push origin main` now", "run `git pull origin main` now", "run `git push origin dev` now"},
		"a command, fenced well": {"``a ` b c``", "``x ` b c``", "``a ` b z``"},
		"formula":                {"$a + b + c$", "$x + b + c$", "$a + b + z$"},
		"wiki link":              {"see [[Plan of the year|here]]", "see [[Plans of the year|here]]", "see [[Plan of the week|here]]"},
		"wiki link's heading":    {"[[Plan#Next week]]", "[[Plans#Next week]]", "[[Plan#Next month]]"},
		"embed":                  {"![[my old picture.png]]", "![[our old picture.png]]", "![[my old picture.jpg]]"},
		"tag":                    {"#work/client/site", "#home/client/site", "#work/client/app"},
		"cells without blanks":   {"|12|30|", "|13|30|", "|12|45|"},
		"time in a cell":         {"| a | 12:30 | b |", "| a | 13:30 | b |", "| a | 12:45 | b |"},
		"time beside CJK":        {"会議は12:30から", "会議は13:30から", "会議は12:45から"},
		"date with CJK":          {"2026年5月3日です", "2027年5月3日です", "2026年5月4日です"},
		"date in CJK":            {"三月五日です", "四月五日です", "三月六日です"},
		"number in CJK":          {"三千五百元", "四千五百元", "三千六百元"},
		"full width":             {"１２：３０", "１３：３０", "１２：４５"},
		"emoji":                  {"🙂🙃😀", "😢🙃😀", "🙂🙃😎"},
		"escaped":                {`12\:30`, `13\:30`, `12\:45`},
		"quoted":                 {"“12:30”", "“13:30”", "“12:45”"},
		"bold":                   {"**12:30**", "**13:30**", "**12:45**"},
		"HTML":                   {"<b>12</b>", "<b>13</b>", "<i>12</i>"},
		"reference":              {"caf&#233;s", "cof&#233;s", "caf&#232;s"},
		"task":                   {"- [ ] 12:30", "- [ ] 13:30", "- [ ] 12:45"},
		"blank taken out":        {"a-b c-d", "a-bc-d", "a-b c-x"},
		"blank put in":           {"a-b-c", "x-b-c", "a-b -c"},
		"joined by both":         {"a b.c d", "a-b.c d", "a b.c-d"},
		"put at both ends":       {"b.c", "a-b.c", "b.c-d"},
		"range":                  {"12:00–13:30", "11:00–13:30", "12:00–14:30"},
		"Thai digits":            {"๑๒:๓๐น.", "๑๓:๓๐น.", "๑๒:๔๕น."},
		"Thai amount":            {"๑,๒๐๐.๕๐", "๒,๒๐๐.๕๐", "๑,๒๐๐.๙๕"},
		"Khmer digits":           {"១២:៣០", "១៣:៣០", "១២:៤៥"},
		"Burmese digits":         {"၁၂:၃၀", "၁၃:၃၀", "၁၂:၄၅"},
		"address in CJK":         {"https://例え.jp/道", "https://例外.jp/道", "https://例え.jp/路"},
		"path in CJK":            {"/資料/会議/五月.md", "/書類/会議/五月.md", "/資料/会議/六月.md"},
		"Windows path in CJK":    {`C:\文档\报告.docx`, `C:\文件\报告.docx`, `C:\文档\通告.docx`},
		"tag in CJK":             {"#仕事/会議", "#私事/会議", "#仕事/会談"},
		"link's target in CJK":   {"[a](資料の五月.md)", "[a](書類の五月.md)", "[a](資料の六月.md)"},
		"link's target":          {"[a](<my old file.md>)", "[a](<our old file.md>)", "[a](<my old file.txt>)"},
		"picture's":              {"![](<my old pic.png>)", "![](<our old pic.png>)", "![](<my old pic.jpg>)"},
		"definition's":           {"[1]: <my old file.md>", "[1]: <our old file.md>", "[1]: <my old file.txt>"},
		"bank account, British":  {"GB29 NWBK 6016 1331 9268 19", "GB28 NWBK 6016 1331 9268 19", "GB29 NWBK 6016 1331 9268 18"},
		"key in groups":          {"JBSW Y3DP EHPK 3PXP", "JBSX Y3DP EHPK 3PXP", "JBSW Y3DP EHPK 3PXQ"},
		"fingerprint":            {"AB12 CD34 EF56 7890", "AB13 CD34 EF56 7890", "AB12 CD34 EF56 7891"},
		"half past in CJK":       {"三時半です", "四時半です", "三時です"},
		"large amount in CJK":    {"三兆五千億円", "四兆五千億円", "三兆六千億円"},
		"amount in full in CJK":  {"壹仟贰佰叁拾元", "贰仟贰佰叁拾元", "壹仟贰佰肆拾元"},
		"currency in CJK":        {"1万2千円", "2万2千円", "1万2千元"},
		"week in CJK":            {"2026年第3週", "2027年第3週", "2026年第4週"},
		"degrees in CJK":         {"東経139度41分", "東経140度41分", "東経139度42分"},
		"range in CJK":           {"三〜五人", "四〜五人", "三〜六人"},
		"decimal in CJK":         {"三・一四", "四・一四", "三・一五"},
	} {
		t.Run(name, func(t *testing.T) {
			wantAsked(t, c[0], c[1], c[2])
			wantAsked(t, "before\nx "+c[0]+" y\nafter\n", "before\nx "+c[1]+" y\nafter\n", "before\nx "+c[2]+" y\nafter\n")
		})
	}
}

func TestChangesOfDifferentValuesMerge(t *testing.T) {
	for _, c := range [][4]string{
		{"foo, bar.", "fox, bar.", "foo, baz.", "fox, baz."},
		{"(see foo) and bar", "(see fox) and bar", "(see foo) and baz", "(see fox) and baz"},
		{"“foo”, “bar”", "“fox”, “bar”", "“foo”, “baz”", "“fox”, “baz”"},
		{"**foo** and *bar*", "**fox** and *bar*", "**foo** and *baz*", "**fox** and *baz*"},
		{"- [ ] foo bar", "- [x] foo bar", "- [ ] foo baz", "- [x] foo baz"},
		{"- [ ] foo", "- [x] foo", "- [ ] foo #tag", "- [x] foo #tag"},
		{"- [ ] 12 eggs", "- [x] 12 eggs", "- [ ] 6 eggs", "- [x] 6 eggs"},
		{"1. foo, 2", "2. foo, 2", "1. foo, 3", "2. foo, 3"},
		{"| 12:30 | 14:30 |", "| 12:45 | 14:30 |", "| 12:30 | 14:45 |", "| 12:45 | 14:45 |"},
		{"| a | b | c |", "| x | b | c |", "| a | b | z |", "| x | b | z |"},
		{"12:30 – 14:30", "12:45 – 14:30", "12:30 – 14:45", "12:45 – 14:45"},
		{"Bus at 12:30, train at 14:30", "Bus at 12:45, train at 14:30", "Bus at 12:30, train at 14:45", "Bus at 12:45, train at 14:45"},
		{"In 2024 (12 items)", "In 2025 (12 items)", "In 2024 (13 items)", "In 2025 (13 items)"},
		{"Part 3 (2024)", "Part 4 (2024)", "Part 3 (2025)", "Part 4 (2025)"},
		{"10\t20\t30", "11\t20\t30", "10\t20\t31", "11\t20\t31"},
		{"10  20  30", "11  20  30", "10  20  31", "11  20  31"},
		{"costs $5 and $6 now", "costs $4 and $6 now", "costs $5 and $7 now", "costs $4 and $7 now"},
		{"`foo` and `bar`", "`fox` and `bar`", "`foo` and `baz`", "`fox` and `baz`"},
		{"a ` b c d", "x ` b c d", "a ` b c z", "x ` b c z"},
		{"[[Foo]] and [[Bar]]", "[[Fox]] and [[Bar]]", "[[Foo]] and [[Baz]]", "[[Fox]] and [[Baz]]"},
		{"[[Foo|the old plan]] x", "[[Fox|the old plan]] x", "[[Foo|the old plot]] x", "[[Fox|the old plot]] x"},
		{"[see this text](https://e.org)", "[see that text](https://e.org)", "[see this text](https://e.net)", "[see that text](https://e.net)"},
		{"a=1 b=2 c=3", "a=2 b=2 c=3", "a=1 b=2 c=4", "a=2 b=2 c=4"},
		{"key: one, two", "key: one, three", "name: one, two", "name: one, three"},
		{"今日は雨です。明日も", "昨日は雨です。明日も", "今日は雨です。明後も", "昨日は雨です。明後も"},
		{"東京、Osaka、京都", "大阪、Osaka、京都", "東京、Osaka、神戸", "大阪、Osaka、神戸"},
		{"資料/会議です", "書類/会議です", "資料/会談です", "書類/会談です"},
		{"[ab](c d) e", "[xb](c d) e", "[ab](c z) e", "[xb](c z) e"},
		{"see #work, then #home", "see #play, then #home", "see #work, then #away", "see #play, then #away"},
		{"ฉันรักเธอ", "เขารักเธอ", "ฉันรักแม่", "เขารักแม่"},
		{"བོད་ཡིག་སྐད་ཆ", "བད་ཡིག་སྐད་ཆ", "བོད་ཡིག་སྐད་ཅ", "བད་ཡིག་སྐད་ཅ"},
		{"오늘은 비가 와요", "내일은 비가 와요", "오늘은 비가 안", "내일은 비가 안"},
		{"שלום, עולם טוב", "היי, עולם טוב", "שלום, עולם רע", "היי, עולם רע"},
		// What one side did alone, or both did alike, is no question.
		{"12:30 and 14:30", "13:45 and 14:30", "13:45 and 15:30", "13:45 and 15:30"},
		{"12:30", "13:45", "13:45", "13:45"},
		{"a.b.c", "x.b.c", "x.b.z", "x.b.z"},
	} {
		wantMerged(t, c[0], c[1], c[2], c[3])
		wantMerged(t, "x\n"+c[0]+"\ny\n", "x\n"+c[1]+"\ny\n", "x\n"+c[2]+"\ny\n", "x\n"+c[3]+"\ny\n")
	}
}

func TestALineThatOneSideMovedAndTheOtherChangedIsAskedAbout(t *testing.T) {
	for _, c := range []string{
		"Axy|xAy|y", "Axy|xAy|A", "Axy|xAy|x", "Axy|xAy|", // one moves it, the other removes it and a neighbour
		"1Ax2|1xA2|1x2", "1ABCx2|1xABC2|1ABC2", "1ABCx2|1xABC2|12", "1ABCx2|1xABC2|1C2", // or it alone, or all
		"1ABCx2|1xABC2|1ABCz2",                                              // changes it
		"ABCxDE|xABCDE|ABCDxE", "ABCxDE|xABCDE|ABCDEx", "ABxCD|ABCDx|xABCD", // moves it elsewhere
		"ABCxyDE|xyABCDE|ABCxDE", "ABCxyDE|xyABCDE|ABCDE", "ABCxyDE|xyABCDE|ABCzyDE", // of several lines
	} {
		texts := strings.Split(c, "|")
		for i, text := range texts {
			texts[i] = strings.Join(strings.Split(text+" ", ""), "\n")
		}
		wantAsked(t, texts[0], texts[1], texts[2])
	}
}

func TestEitherOfTheLinesThatOneSideSwappedMayBeTheMovedOne(t *testing.T) {
	for _, c := range []string{
		"AxB|xAB|AB", "AxB|xAB|B", "AxB|xAB|xB", "AxB|xAB|AzB", "AxB|xAB|zxB", // one swaps two, the other removes or changes either
		"AxB|ABx|Ax", "AxB|ABx|AB", "AxB|ABx|A", "AxB|ABx|AxC", "AxB|ABx|AzB",
		"1AxB2|1xAB2|1AB2", "1AxB2|1ABx2|1Ax2", "1AxB2|1ABx2|1AxC2", "1AxB2|1xAB2|1zxB2",
		"AxB|xBA|A", "AxB|BAx|B", "AxB|xBA|AB", "AxB|BAx|AB", "AxB|BxA|AB", // moves one past two, or turns all around
		"1AByz2|1yzAB2|1ABz2", "1AByz2|1yzAB2|1ABy2", "1AByz2|1yzAB2|1Byz2", "1AByz2|1yzAB2|1Ayz2", // two past two
		"1ABx2|1xA2|1AB2", "1BAx2|1xA2|1BA2", "1xBA2|1Ax2|1xB2", // and removes one beside them
		"AxB|xAB|ANB", "1AxB2|1xAB2|1ANB2", // inserts another beside
		"AxBC|xABC|ABCx", "AxyB|xyAB|AyxB", // moves it elsewhere
		"AxBC|xBA|AxC", "AxBC|ABx|AxC", "AxBC|ABx|xAC", "1AxBC2|1xBA2|1AxC2", // puts it where another line was
	} {
		texts := strings.Split(c, "|")
		for _, end := range []string{"", " line"} {
			var lines [3]string
			for i, text := range texts {
				for _, r := range text {
					lines[i] += string(r) + end + "\n"
				}
			}
			wantAsked(t, lines[0], lines[1], lines[2])
			checkMerge(t, lines[0], lines[1], lines[2])
		}
	}
	wantAsked(t, "Alpha line\nxray line\nBravo line\n", "xray line\nAlpha line\nBravo line\n", "Alpha line\nBravo line\n")
	wantAsked(t, "One.\n\nTwo.\n\nThree.\n", "Two.\n\nOne.\n\nThree.\n", "One.\n\nThree.\n")
	wantAsked(t, "One.\n\nTwo.\n\nThree.\n", "Two.\n\nOne.\n\nThree.\n", "Two.\n\nThree.\n")
	wantAsked(t, "One.\n\nTwo.\n\nThree.\n", "One.\n\nThree.\n\nTwo.\n", "One.\n\nTwo.\n")
}

func TestWhatStaysAwayFromSwappedLinesMerges(t *testing.T) {
	for _, c := range []string{
		"1AxB2|1xAB2|zAxB2|zxAB2", "1AxB2|1xAB2|1AxBz|1xABz", "1AxB2|1xAB2|AxB2|xAB2", "1AxB2|1xAB2|1AxB|1xAB",
		"1ABCDx2|1xABCD2|1ABzDx2|1xABzD2", "1xABCD2|1ABCDx2|1xACD2|1ACDx2", // inside of what a line was moved past
		"AxyB|xyAB|yAB|yAB", // both have moved it alike
		"AxB|xAB|xAB|xAB",
	} {
		texts := strings.Split(c, "|")
		for i, text := range texts {
			texts[i] = strings.Join(strings.Split(text, ""), "\n") + "\n"
		}
		wantMerged(t, texts[0], texts[1], texts[2], texts[3])
	}
	wantMerged(t, "A line\nx line\nB line\n", "x line\nA line\n", "x line\nB line\n", "x line\nA line\n")
	wantMerged(t, "A line\nx line\nB line\n", "D line\nx line\nA line\n", "A line\ny line\nB line\n", "D line\ny line\nA line\n")
	wantMerged(t, "- [ ] a b\nc\n", "- [x] a b\nc\n- [ ] a b\n", "- [ ] a d\nc\n", "- [x] a d\nc\n- [ ] a b\n")
}

func TestMovesThatCrossAreAskedAbout(t *testing.T) {
	for _, c := range []string{
		"AxBC|xBAC|ACxB", "1AxBC2|1xBAC2|1ACxB2", // lines past the same ones, from both ends
		"AxyzC|xyzAC|ACxyz", "ABxyzCD|xyzABCD|ABCDxyz", "ABxyzC|xyzABC|ABCxyz", // whatever their number
		"AxByC|xByAC|ACxBy", "AxBC|xBAC|AxCB", // past all of them, or past some
		"AxyBzC|xyBAzC|ACxyBz", "AxyBC|xyBAC|AxyCB", // where they begin or where they end
		"AxByC|xBAyC|ACxBy", "AxByzC|xByAzC|ACxByz",
		"ABxyC|BxyAC|ACBxy", "AxyBC|xyBAC|ACxyB", // one of two lines beside each other
		"AxBCD|xBACD|ACDxB", "AxyBC|xyABC|ACxyB",
	} {
		texts := strings.Split(c, "|")
		for _, end := range []string{"\n", " line\n", "\n\n"} {
			var lines [3]string
			for i, text := range texts {
				for _, r := range text {
					lines[i] += string(r) + end
				}
			}
			wantAsked(t, lines[0], lines[1], lines[2])
			checkMerge(t, lines[0], lines[1], lines[2])
		}
	}
}

func TestALineThatAnotherOneOfTheTextReplacedIsMoved(t *testing.T) {
	// D and B resemble each other, and B stands where D was.
	lines := func(letters string) string { return strings.Join(strings.Split(letters+" ", ""), " line\n") }
	wantAsked(t, lines("ABCDEFG"), lines("ABCmDGEF"), lines("ACBEDFG"))
	wantAsked(t, lines("ABCDEFG"), lines("ACBEFDG"), lines("ABCDEG"))
}

func TestMovesThatStayApartMerge(t *testing.T) {
	for _, c := range []string{
		"ApxyBqC|pxyBAqC|ApCxyBq|pCxyBAq", // they cross, and lines that both left alone are at either end
		"AxyBzwC|xyABzwC|AxyBCzw|xyABCzw", // beside each other, but not past each other
		"AxyzBuvC|xyzABuvC|AxyzBCuv|xyzABCuv",
	} {
		texts := strings.Split(c, "|")
		for i, text := range texts {
			texts[i] = strings.Join(strings.Split(text, ""), "\n") + "\n"
		}
		wantMerged(t, texts[0], texts[1], texts[2], texts[3])
	}
}

func TestALineThatOnlyOneSideMovedMerges(t *testing.T) {
	wantMerged(t, "A\nB\nC\nx\nD\n", "x\nA\nB\nC\nD\n", "A\nB\nC\nx\nD\nE\n", "x\nA\nB\nC\nD\nE\n")
	wantMerged(t, "A\nB\nC\nx\nD\n", "x\nA\nB\nC\nD\n", "A\nb\nC\nx\nD\n", "x\nA\nb\nC\nD\n")
	wantMerged(t, "A\nB\nC\nx\nD\n", "x\nA\nB\nC\nD\n", "A\nC\nx\nD\n", "x\nA\nC\nD\n")
	wantMerged(t, "A\nB\nC\nx\nD\nE\n", "x\nA\nB\nC\nD\nE\n", "x\nA\nB\nC\nD\ne\n", "x\nA\nB\nC\nD\ne\n")
	wantMerged(t, "A\n\nB\n\nC\n", "A\nB\n\n\nC\n", "A\n\nB\nC\n", "A\nB\n\nC\n")
}

func TestAChoiceAtAMovedLineGivesOneSideWhole(t *testing.T) {
	m := textdiff.Merge("A\nx\ny\n", "x\nA\ny\n", "A\n")
	for side, want := range map[textdiff.Side]string{textdiff.Theirs: "A\n", textdiff.Mine: "x\nA\n"} {
		got, err := m.Resolve([]textdiff.Side{side, side, side}[:m.Collisions()])
		if err != nil || got != want {
			t.Errorf("choosing %s gives %q, %v", side, got, err)
		}
	}
}

func TestAWordThatOneSideMovedAndTheOtherRemovedIsAskedAbout(t *testing.T) {
	wantAsked(t, "one two three four five six", "five one two three four six", "one two three four six")
	wantAsked(t, "one two three four five six", "five one two three four six", "one two three four six five")
	wantMerged(t, "one two three four five six", "five one two three four six", "one two 3 four five six", "five one two 3 four six")
}

// solid are the runs of text between blanks and between words of scripts that have none.
func solid(text string) map[string]bool {
	runs := map[string]bool{}
	for _, run := range strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
	}) {
		runs[run] = true
	}
	return runs
}

// checkValues holds that a merge without a question has no value that nobody wrote.
func checkValues(t *testing.T, base, mine, theirs string) {
	t.Helper()
	merged, ok := clean(textdiff.Merge(base, mine, theirs))
	if !ok {
		return
	}
	written := solid(base + "\n" + mine + "\n" + theirs)
	for run := range solid(merged) {
		if !written[run] {
			t.Fatalf("%q merged with %q upon %q makes %q: nobody wrote %q", mine, theirs, base, merged, run)
		}
	}
}

// editedInside returns text with a few characters changed, put in or taken out, none of them between lines.
func editedInside(random *rand.Rand, text string) string {
	runes := []rune(text)
	for range 1 + random.IntN(3) {
		i := random.IntN(len(runes))
		if runes[i] == '\n' {
			continue
		}
		r := []rune("abz09 :.-/#`日")[random.IntN(13)]
		switch random.IntN(3) {
		case 0:
			runes[i] = r
		case 1:
			runes = append(runes[:i:i], append([]rune{r}, runes[i:]...)...)
		case 2:
			runes = append(runes[:i:i], runes[i+1:]...)
		}
	}
	return string(runes)
}

func TestAMergeMakesNoValueThatNobodyWrote(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	words := strings.Fields("12:30 a,b foo/bar +49 89 1.2.3 1 000 日本 語 x-y-z k=v `c d` [[A B]] | - [ ] ฉัน , . (x) e\u0301-f")
	merged := 0
	const rounds = 2000
	for range rounds {
		base := ""
		for range 1 + random.IntN(10) {
			base += words[random.IntN(len(words))] + []string{" ", " ", "", "\n"}[random.IntN(4)]
		}
		base += "end\n"
		mine, theirs := editedInside(random, base), editedInside(random, base)
		checkValues(t, base, mine, theirs)
		checkMerge(t, base, mine, theirs)
		if textdiff.Merge(base, mine, theirs).Collisions() == 0 {
			merged++
		}
	}
	if merged < rounds/10 || merged > rounds*9/10 {
		t.Errorf("%d of %d merges were clean, so one kind was hardly tested", merged, rounds)
	}
}

func FuzzMergedValues(f *testing.F) {
	f.Add("at 12:30 x\n", "at 13:30 x\n", "at 12:45 x\n")
	f.Add("a-b c-d", "a-bc-d", "a-b c-x")
	f.Add("`a b` 日12:3本", "`a c` 日12:3本", "`x b` 日1:3本")
	f.Fuzz(checkValues)
}

// TestAMergeOfDistinctLinesKeepsTheirNumber holds for lines that stand once in each text: what either side removed is
// gone, what either put in is there, and nothing is there twice.
func TestAMergeOfDistinctLinesKeepsTheirNumber(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	merged := 0
	for range 4000 {
		base := strings.SplitAfter("A\nB\nC\nD\nE\nF\n"[:2*(1+random.IntN(6))], "\n")
		base = base[:len(base)-1]
		shuffled := func(name string) (text string) {
			lines := append([]string{}, base...)
			for n := range 1 + random.IntN(3) {
				i, j := random.IntN(len(lines)), random.IntN(len(lines))
				switch random.IntN(4) {
				case 0, 1:
					line := lines[i]
					lines = append(lines[:i:i], lines[i+1:]...)
					j = min(j, len(lines))
					lines = append(lines[:j:j], append([]string{line}, lines[j:]...)...)
				case 2:
					if lines = append(lines[:i:i], lines[i+1:]...); len(lines) == 0 {
						return ""
					}
				case 3:
					lines = append(lines[:i:i], append([]string{name + string(rune('0'+n)) + "\n"}, lines[i:]...)...)
				}
			}
			return strings.Join(lines, "")
		}
		mine, theirs := shuffled("m"), shuffled("t")
		result, ok := clean(textdiff.Merge(strings.Join(base, ""), mine, theirs))
		if !ok {
			continue
		}
		merged++
		was, ours, others, is := wordsOf(strings.Join(base, "")), wordsOf(mine), wordsOf(theirs), wordsOf(result)
		for _, line := range strings.Fields(strings.Join(base, "") + mine + theirs) {
			want := ours[line] & others[line]
			if was[line] == 0 {
				want = ours[line] | others[line]
			}
			if is[line] != want {
				t.Fatalf("%q merged with %q upon %q makes %q: %s is there %d times", mine, theirs, base, result, line, is[line])
			}
		}
	}
	if merged < 400 {
		t.Errorf("only %d merges were clean", merged)
	}
}

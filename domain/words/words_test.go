package words_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"octavo/domain/words"
)

func wantEqual[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestTheSameWordsAreFoundInEveryScript(t *testing.T) {
	for _, test := range []struct{ language, text, want string }{
		{"English", "The quick (brown) Fox can’t jump 32.3 feet, right?", "the quick brown fox can t jump 32 3 feet right"},
		{"apostrophes", "don't O'Neill rock'n'roll", "don t o neill rock n roll"},
		{"German", "Straße STRASSE STRAẞE Größe Donaudampfschiffahrt Ärger-Übung", "strasse strasse strasse grosse donaudampfschiffahrt arger ubung"},
		{"French", "l'amour, été, Noël, œuvre, ÇA", "l amour ete noel oeuvre ca"},
		{"Turkish", "İstanbul ISPARTA ışık", "istanbul isparta isik"},
		{"Polish and Nordic", "Łódź Ærø Đorđe", "lodz aero dorde"},
		{"Vietnamese", "Việt Nam phở", "viet nam pho"},
		{"Greek", "Οδυσσεύς ΟΔΥΣΣΕΥΣ ᾳ", "οδυσσευσ οδυσσευσ α"},
		{"Russian", "Ещё ёлка, Йод", "еще елка иод"},
		{"Arabic", "أَهْلًا آب مـــرحبا", "اهلا اب مرحبا"},
		{"Persian", "می\u200cخواهم کتاب", "ميخواهم كتاب"},
		{"Hebrew", "שָׁלוֹם צה״ל", "שלום צה ל"},
		{"Hindi", "हिन्दी में क़लम", "हिन्दी में क़लम"},
		{"Tamil", "தமிழ் மொழி", "தமிழ் மொழி"},
		{"Thai", "ภาษา ที่นี่", "ภา าษ ษา า ที่นี่ นี่"},
		{"Lao", "ລາວ", "ລາ າວ ວ"},
		{"Khmer", "ខ្មែរ", "ខ្មែ មែរ រ"},
		{"Japanese", "日本語 テスト・カー です。", "日本 本語 語 テス スト ト カー ー です す"},
		{"half-width kana", "ｶﾞｷﾞｰ ガギー", "ガギ ギー ー ガギ ギー ー"},
		{"kana and kanji", "食べる人々", "食べ べる る人 人々 々"},
		{"Chinese", "我爱你,中国2026年", "我爱 爱你 你 中国 国 2026 年"},
		{"Korean", "한국어 각", "한국 국어 어 각"},
		{"Hangul by letters", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국 국"},
		{"scripts mixed", "Go言語v2", "go 言語 語 v2"},
		{"emoji", "ok👍🏽👨‍👩‍👧‍👦🇩🇪🇫🇷 ❤️ ❤ ✨ ⭐", "ok 👍🏽 👨‍👩‍👧‍👦 🇩🇪 🇫🇷 ❤ ❤ ✨ ⭐"},
		{"symbols", "© ™ → ± $5 € ✓ ♪ a+b 50% §7", "5 a b 50 7"},
		{"code", "foo_bar fooBar, foo.bar(x[0]) --no-cache /usr/local #tag user@example.org", "foo bar foobar foo bar x 0 no cache usr local tag user example org"},
		{"numbers", "3.14 1,000,000 2026-03-14 ½ x² Ⅷ １２３ ٣", "3 14 1 000 000 2026 03 14 1 2 x2 viii 123 3"},
		{"digits below and above", "CO₂ H₂O C₆H₁₂O₆, m² km³: x₁₂ ¹⁴C 4ᵗʰ 10² SO₄²⁻ log₁₀", "co2 h2o c6h12o6 m2 km3 x12 14c 4th 10 2 so42 log10"},
		{"units", "5㎏ 20℃ ㎡ №7 ㏂", "5 kg 20 c m2 no 7 a m"},
		{"enclosed", "①② Ⓐ ⒝ ㊀㊗ ㋀ ㈠", "1 2 a b 一祝 祝 1 月 一"},
		{"words in a square", "㌖ ㍿", "キロ ロメ メー ート トル ル 株式 式会 会社 社"},
		{"radicals", "⽇⽉ 日月 ⻄⻢", "日月 月 日月 月 西马 马"},
		{"Koran", "ٱللَّهِ بِسْمِ ٱلرَّحْمَٰنِ", "الله بسم الرحمن"},
		{"Arabic letters", "آإأٱ مدرسة ىيی كک هہ ﻻ", "اااا مدرسه ييي كك هه لا"},
		{"Yiddish", "ײִדיש ייִדיש", "יידיש יידיש"},
		{"digits of scripts", "٢٠٢٦ ۲۰۲۶ २०२६ ๒๐๒๖ 𝟚𝟘", "2026 2026 2026 2026 20"},
		{"forms", "ﬁnal ｆｕｌｌ ＡＢＣ K Å", "final full abc k a"},
		{"a character of several words", "ﷺ", "صلي الله عليه وسلم"},
		{"hidden characters", "hy\u00adphen jo\u200din no\u200cn zero\u200bwidth \ufeffbom", "hyphen join non zero width bom"},
		{"marks alone", "\u0301 \u0e34 ´ ` ـ", ""},
		{"nothing", " \n\t", ""},
		{"invalid UTF-8", "a\xffb \xe6\x97 c\xcc", "a b c"},
	} {
		var got []string
		for w := range words.Split(test.text) {
			got = append(got, w.Text)
		}
		// The table is read as it looks: its own words are composed as the tokenizer's are.
		if want := strings.Fields(test.want); !slices.Equal(got, want) {
			t.Errorf("%s: %q\n got %q\nwant %q", test.language, test.text, got, want)
		}
	}
}

func TestHowAWordIsWrittenDoesNotMatter(t *testing.T) {
	for _, same := range [][]string{
		{"é", "e\u0301", "E", "É"},
		{"が", "か\u3099"},
		{"ガ", "ｶﾞ", "カ\u3099"},
		{"각", "\u1100\u1161\u11a8"},
		{"क़", "\u0958"},
		{"ﬃ", "ffi"},
		{"❤", "❤\ufe0f"},
		{"ά", "α", "Α"},
		{"ς", "σ", "Σ"},
	} {
		want := texts(same[0])
		for _, text := range same[1:] {
			if got := texts(text); !slices.Equal(got, want) || len(got) == 0 {
				t.Errorf("%q is %q, %q is %q", same[0], want, text, got)
			}
		}
	}
}

func texts(text string) (texts []string) {
	for w := range words.Split(text) {
		texts = append(texts, w.Text)
	}
	return texts
}

func TestAWordSaysWhereItStands(t *testing.T) {
	text := "Été: 日本語… don't 👍🏽!"
	var got []string
	for w := range words.Split(text) {
		got = append(got, text[w.Start:w.End])
	}
	wantEqual(t, strings.Join(got, " "), "Été 日本 本語 語 don t 👍🏽")
}

func TestALongWordIsCut(t *testing.T) {
	long := strings.Repeat("ab", 1000)
	for text, want := range map[string]string{
		long:                              long[:words.MaxLength],
		strings.ToUpper(long) + "é":       long[:words.MaxLength],
		strings.Repeat("й", 1000):         strings.Repeat("и", words.MaxLength),
		strings.Repeat("e\u0301", 1000):   strings.Repeat("e", words.MaxLength),
		"क" + strings.Repeat("ा", 100000): "क" + strings.Repeat("ा", words.MaxLength-1),
	} {
		got := slices.Collect(words.Split(text))
		if len(got) != 1 || got[0].Text != want || got[0].End != len(text) {
			t.Errorf("%.20q…: got %v", text, got)
		}
	}
}

func TestReadingWordsStopsWhenAsked(t *testing.T) {
	for text, want := range map[string]string{"one two": "one", "日本語": "日本", "ﷺ": "صلي", "é b": "e"} {
		for w := range words.Split(text) {
			wantEqual(t, w.Text, want)
			break
		}
	}
}

func TestNamesAreTheSameInSpiteOfCaseWidthAndBlanks(t *testing.T) {
	for text, want := range map[string]string{
		"  Work \t Plan\n": "work plan",
		"STRASSE":          words.Fold("Straße"),
		"Ｗｏｒｋ":             "work",
		"Cafe\u0301":       "caf\u00e9",
		"ΟΔΟΣ":             words.Fold("οδος"),
		"ﾃｽﾄ":              "テスト",
		"❤\ufe0f":          "❤",
		"soft\u00adhyphen": "softhyphen",
		"Ideographic　gap":  "ideographic gap",
		"":                 "",
	} {
		wantEqual(t, words.Fold(text), want)
	}
	for a, b := range map[string]string{"schon": "schön", "resume": "résumé", "work": "works"} {
		if words.Fold(a) == words.Fold(b) {
			t.Errorf("%q and %q are the same", a, b)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, text := range []string{
		"The quick brown fox", "don't foo_bar 3.14", "Straße", "日本語ﾃﾞｽ", "한국어", "👨‍👩‍👧‍👦🇩🇪", "ﷺ½", "ภาษา", "e\u0301\u0301",
		"a\xff\xe6\x97", "ـ\u200b\u00ad", "\u1100\u1161\u11a8", "ａ_ｂ", "か\u3099\u3099",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := words.Word{}
		for w := range words.Split(text) {
			n := utf8.RuneCountInString(w.Text)
			if n == 0 || n > words.MaxLength || !utf8.ValidString(w.Text) {
				t.Errorf("%q: the word %q", text, w.Text)
			}
			if w.Start < last.Start || w.End < last.End || w.Start >= w.End || w.End > len(text) {
				t.Fatalf("%q: %v after %v", text, w, last)
			}
			if !utf8.RuneStart(text[w.Start]) && utf8.ValidString(text) {
				t.Errorf("%q: %v begins inside of a character", text, w)
			}
			if w.End < len(text) && !utf8.RuneStart(text[w.End]) && utf8.ValidString(text) {
				t.Errorf("%q: %v ends inside of a character", text, w)
			}
			last = w
		}
		key := words.Fold(text)
		if again := words.Fold(key); again != key {
			t.Errorf("the key of %q is %q, whose key is %q", text, key, again)
		}
	})
}

// Words that stand in ASCII are found on a shorter way, which has to lead to the same.
func FuzzWordsOfASCII(f *testing.F) {
	f.Add("The quick_brown fox's 3.14")
	f.Fuzz(func(t *testing.T, text string) {
		ascii := strings.Map(func(r rune) rune { return r & 0x7f }, text)
		short := slices.Collect(words.Split(ascii))
		// A mark without a base behind each letter means nothing, and leads the other way.
		var long []string
		for w := range words.Split(insertMarks(ascii)) {
			long = append(long, w.Text)
		}
		if len(short) != len(long) {
			t.Fatalf("%q: %v and %q", ascii, short, long)
		}
		for i, w := range short {
			if w.Text != long[i] {
				t.Fatalf("%q: %v and %q", ascii, short, long)
			}
		}
	})
}

func insertMarks(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteRune(r)
		b.WriteRune('\u0301')
	}
	return b.String()
}

func BenchmarkWords(b *testing.B) {
	for _, test := range []struct{ name, text string }{
		{"english", "The quick brown fox jumps over the lazy dog. "},
		{"german", "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. "},
		{"russian", "Съешь же ещё этих мягких французских булок да выпей чаю. "},
		{"arabic", "نص حكيم له سر قاطع وذو شأن عظيم "},
		{"hindi", "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा "},
		{"thai", "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า"},
		{"japanese", "いろはにほへと散りぬるを我が世誰ぞ常ならむ。"},
		{"korean", "키스의 고유조건은 입술끼리 만나야 하고 "},
		{"emoji", "👨‍👩‍👧‍👦🇩🇪👍🏽❤️"},
		{"one mark", "\u0301"},
		{"one Indic mark", "ा"},
		{"several words in one", "ﷺ"},
		{"punctuation", ".-_*"},
		{"one letter", "a"},
		{"one accented letter", "é"},
		{"invalid", "\xff"},
	} {
		text := strings.Repeat(test.text, 256<<10/len(test.text))
		b.Run(test.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				for range words.Split(text) {
				}
			}
		})
	}
}

// What a text repeats is composed once, also where one character stands for several words.
func TestWordsThatAreRepeatedAreMadeOnce(t *testing.T) {
	for _, unit := range []string{"ﷺ", "㌀", "㍿", "½ ", "日本", "ｶﾞ", "é ", "各 "} {
		text := strings.Repeat(unit, 4000)
		found := 0
		made := testing.AllocsPerRun(1, func() {
			found = 0
			for range words.Split(text) {
				found++
			}
		})
		if made > float64(found)/20 {
			t.Errorf("%q: %d words take %v allocations", unit, found, made)
		}
	}
}

func TestTextsAreSortedAsAReaderExpects(t *testing.T) {
	inOrder := []string{
		"…", "Chapter 2", "chapter 10", "Chapter 10 b", "“Hello”", "hello, World", "Hello world!", "Héllo, zebra", "Helloes", "Straße", "strasse 2",
		"Ωmega", "Яблоко", "مرحبا", "メモ", "日本", "日本語", "日記", "😀",
	}
	for i, text := range inOrder[1:] {
		if before := inOrder[i]; words.Order("", before) > words.Order("", text) {
			t.Errorf("%q (%q) comes behind %q (%q)", before, words.Order("", before), text, words.Order("", text))
		}
	}
	for text, same := range map[string]string{"ÉCOLE": "ecole", "Straße": "strasse", "Ｗｉｄｅ": "wide", " a  b ": "a-b", "007": "7", "0": "00"} {
		if words.Order("", text) != words.Order("", same) {
			t.Errorf("%q is sorted by %q, %q by %q", text, words.Order("", text), same, words.Order("", same))
		}
	}
	if length := utf8.RuneCountInString(words.Order("", strings.Repeat("語 long ", 100))); length > words.MaxOrder {
		t.Errorf("a key has %d code points", length)
	}
}

package words

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// spelledOut has the letters that are typed otherwise where keyboards lack them, and that don't decompose.
var spelledOut = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ħ': "h", 'ŧ': "t", 'ð': "d", 'þ': "th",

	'װ': "וו", 'ױ': "וי", 'ײ': "יי",

	// The same Arabic letter as it is typed for Arabic, Persian, Urdu and the Koran, or with another shape at its end.
	'ٱ': "ا", 'ٲ': "ا", 'ٳ': "ا",
	'ى': "ي", 'ی': "ي", 'ۍ': "ي", 'ې': "ي", 'ے': "ي",
	'ک': "ك", 'ڪ': "ك",
	'ة': "ه", 'ۃ': "ه", 'ہ': "ه", 'ھ': "ه", 'ە': "ه",
}

// radicals are the radicals of Chinese characters that Unicode has beside the characters, each followed by its
// character, as texts copied out of a PDF have the one for the other. Those of Kangxi aren't here: they decompose.
// It is EquivalentUnifiedIdeograph.txt of Unicode 15.
const radicals = "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕𫜹⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀" +
	"⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"

// ofRadical returns the character of each radical.
var ofRadical = sync.OnceValue(func() map[rune][]byte {
	of := map[rune][]byte{}
	for rest := radicals; rest != ""; {
		radical, size := utf8.DecodeRuneInString(rest)
		_, next := utf8.DecodeRuneInString(rest[size:])
		of[radical] = []byte(rest[size : size+next])
		rest = rest[size+next:]
	}
	return of
})

// decomposition returns what r is made of, or what it is another form of, and nothing for a character that is neither.
func decomposition(r rune) []byte {
	if 0x2e80 <= r && r <= 0x2eff {
		return ofRadical()[r]
	}
	var buffer [utf8.UTFMax]byte
	return norm.NFKD.Properties(utf8.AppendRune(buffer[:0], r)).Decomposition()
}

// letterWithin returns the first letter or number that a symbol is made of, as the k of ㎏ or the 日 of ⽇. Marks of law,
// which are no part of the word that they follow, are made of none.
func letterWithin(r rune) (letter rune, ok bool) {
	if r == '™' || r == '℠' || !unicode.Is(unicode.So, r) {
		return 0, false
	}
	for parts := decomposition(r); len(parts) > 0; {
		part, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		if unicode.IsLetter(part) || unicode.IsNumber(part) {
			return part, true
		}
	}
	return 0, false
}

// isRaised reports whether r is a digit above or below the line.
func isRaised(r rune) bool { return isSuperscript(r) || 0x2080 <= r && r <= 0x2089 }

func isSuperscript(r rune) bool {
	return r == '¹' || r == '²' || r == '³' || r == 0x2070 || 0x2074 <= r && r <= 0x2079
}

// digit returns the digit of any script as one of ASCII.
func digit(r rune) (ascii rune, ok bool) {
	if !unicode.IsDigit(r) {
		return 0, false
	}
	// The ranges of the table are made of whole rows from 0 to 9.
	for _, row := range unicode.Nd.R16 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return '0' + (r-rune(row.Lo))%10, true
		}
	}
	for _, row := range unicode.Nd.R32 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return '0' + (r-rune(row.Lo))%10, true
		}
	}
	return 0, false
}

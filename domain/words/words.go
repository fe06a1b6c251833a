package words

import (
	"iter"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MaxLength is the length in code points to which a word is cut.
const MaxLength = 32

// Word is a word of a text as search knows it.
type Word struct {
	Text       string // folded, 1 to MaxLength code points
	Start, End int    // where it stands in the text, in bytes
}

// Split returns the words of text in the order in which they begin. What is indexed and what is looked for both go
// through it, so that every database finds the same.
//
// Words are those of Unicode (UAX #29), split further at everything that is neither letter, mark nor number. Scripts
// that are written without blanks, and Hangul, have no such words: each of their characters begins one, together with
// the character that follows it, if any. 日本語 is 日本, 本語, 語. An emoji is a word, other symbols aren't.
//
// In a word's Text case, width and accents are folded: Ärger is arger, Straße is strasse, ﬁ is fi, أ is ا, ё is е.
// Marks that are part of a letter's body stay, as those of Hindi, Thai and kana do. Few characters stand for several
// words, as ½ and ﷺ do; those words share one place.
//
// It takes time in proportion to text, which may be anything, invalid UTF-8 included.
func Split(text string) iter.Seq[Word] {
	return func(yield func(Word) bool) {
		Scan(text, func(t Token) bool { return yield(t.Word) })
	}
}

// Fold returns the key under which two names, of tags or of notes, are the same: in spite of case, of width and other
// compatibility forms, and of blanks around or doubled. Unlike in search, accents count: schön isn't schon.
func Fold(text string) string {
	if isPrintableASCII(text) {
		return strings.Join(strings.Fields(strings.ToLower(text)), " ")
	}
	text = strings.Map(func(r rune) rune {
		if r == softHyphen || r == '\ufe0e' || r == '\ufe0f' || r == 0 { // invisible, and lost in copying
			return -1
		}
		return r
	}, text)
	// Twice, as Unicode's definition D146 of a compatibility caseless match has it.
	fold := cases.Fold()
	text = norm.NFKD.String(fold.String(norm.NFKD.String(fold.String(norm.NFD.String(text)))))
	return strings.Join(strings.Fields(norm.NFC.String(text)), " ")
}

// FoldTag returns the Fold of a tag, without the blanks that Fold has in place of some letters: ﷻ is written in two words.
func FoldTag(tag string) string { return strings.ReplaceAll(Fold(tag), " ", "") }

// MaxOrder is the length in code points to which an Order is cut.
const MaxOrder = 100

// Order returns the key by which texts are sorted as a reader expects it, byte by byte: by their words as Split folds them, so
// that neither case, accents nor punctuation count, and numbers by what they are worth. Scripts follow one another as in
// Unicode. A text without words comes first. What comes before the others is put in front of the key.
func Order(before, text string) string {
	var b strings.Builder
	b.Grow(len(before) + min(len(text), MaxOrder) + len("0 "))
	b.WriteString(before)
	left, gap := MaxOrder, false
	write := func(part string) {
		for _, r := range part {
			if left--; left < 0 {
				return
			}
			b.WriteRune(r)
		}
	}
	Scan(text, func(t Token) bool {
		if gap {
			write(" ")
		}
		word := t.Text
		if t.Head > 0 {
			word = word[:t.Head] // what follows it is the next token
		}
		if number := strings.TrimLeft(word, "0"); isNumber(number) { // its length first, as one character
			write(string(rune('0' + len(number))))
			word = number
		}
		write(word)
		gap = t.Head == 0 || t.Alone()
		return left > 0
	})
	return strings.TrimSuffix(b.String(), " ")
}

// isNumber reports whether a word has digits alone.
func isNumber(word string) bool {
	for i := range len(word) {
		if !isDigit(word[i]) {
			return false
		}
	}
	return true
}

func isPrintableASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

const softHyphen = '\u00ad'

// Token is a word, and what the scripts without blanks need to know of it.
type Token struct {
	Word
	Head    int // bytes of Text that are its first character, in scripts without blanks; 0 in others
	HeadEnd int // where that character ends in the text
}

// Alone reports whether the token is a single character of a script without blanks, which ends a run of them.
func (t Token) Alone() bool { return t.Head > 0 && t.HeadEnd == t.End }

// Scan calls yield with each token of text until that returns false.
func Scan(text string, yield func(Token) bool) {
	s := scanner{text: text, yield: yield, fold: foldRune}
	segments := words.FromString("")
	for pos := 0; pos < len(text) && !s.stopped; {
		// A shortcut that gives the same: within ASCII a word is a run of letters and digits.
		end := pos
		for end < len(text) && isASCIIWord(text[end]) {
			end++
		}
		if (end == len(text) || text[end] < utf8.RuneSelf) && (end == pos || !s.raised) {
			s.endRun()
			if end > pos {
				s.open, s.start, s.end = plainWord, pos, end
				s.emitASCII()
			}
			pos = end + 1
			continue
		}
		segments.SetText(text[pos:])
		segments.Next()
		s.segment(pos, pos+len(segments.Value()))
		pos += len(segments.Value())
	}
	s.endRun()
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isASCIIWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// openKind tells what a scanner is in the middle of.
type openKind int

const (
	nothing   openKind = iota
	plainWord          // a word of a script with blanks
	denseChar          // a character of a script without
)

// scanner makes tokens of segments. Its memory is bounded, whatever the text.
type scanner struct {
	text    string
	yield   func(Token) bool
	stopped bool

	open       openKind
	start, end int    // of what is open
	folded     []byte // of what is open, decomposed
	count      int    // code points in folded
	compose    bool   // folded may have to be composed
	raised     bool   // its last character is a digit above or below the line

	fold func(rune) runeFold // foldRune, but for what makes its table

	held Token // the character before, in a run of characters; none when its Text is empty

	// What has been made of letters, by these, so that what a text repeats is composed once.
	made map[string]string
}

// maxMade is how much of that is remembered.
const maxMade = 1 << 10

// maxFolded is how many code points of a word are looked at; composing and cutting leaves MaxLength of them.
const maxFolded = 4 * MaxLength

// segment takes the next segment of the text, as Unicode divides it.
func (s *scanner) segment(start, end int) {
	if first, _ := utf8.DecodeRuneInString(s.text[start:end]); s.open == plainWord && !s.joins(first) {
		s.endRun()
	}
	for pos := start; pos < end && !s.stopped; {
		r, size := utf8.DecodeRuneInString(s.text[pos:end])
		next := pos + size
		fold := foldRune(r)
		switch {
		case fold.class == extender, s.open == denseChar && isJamoTail(r):
			if s.open != nothing {
				s.add(r, fold, pos, next)
			}
		case fold.class == denseLetter:
			s.closeOpen(s.open == denseChar)
			s.open, s.start = denseChar, pos
			s.add(r, fold, pos, next)
		case fold.class == plainLetter:
			if s.open != plainWord {
				s.endRun()
				s.open, s.start = plainWord, pos
			}
			s.add(r, fold, pos, next)
		case fold.class == pictograph:
			s.endRun()
			s.emitEmoji(pos, end) // with all that the segment joins to it
			return
		default:
			s.endRun()
		}
		pos = next
	}
}

// joins reports whether a segment that begins with r goes on with the open word, since it or what is in front of it is a
// digit above or below the line, as in H₂O. One above is no part of a number: 10² isn't 102.
func (s *scanner) joins(r rune) bool {
	if s.raised || !isRaised(r) {
		return s.raised
	}
	last := s.text[s.end-1]
	return !isSuperscript(r) || !isDigit(last)
}

// add takes r, which stands at [start, end) of the text, into what is open.
func (s *scanner) add(r rune, fold runeFold, start, end int) {
	s.end, s.raised = end, s.open == plainWord && isRaised(r)
	switch {
	case s.count >= maxFolded:
	case !fold.simple:
		s.decompose(r, start, end)
	case fold.to != 0:
		s.begin(start)
		s.count++
		s.folded = utf8.AppendRune(s.folded, fold.to)
	}
}

// begin notes that the first character of the open word that counts stands at start.
func (s *scanner) begin(start int) {
	if len(s.folded) == 0 && s.open == plainWord {
		s.start = start
	}
}

// decompose takes r into what is open, or what it is made of, which may be several words or characters.
func (s *scanner) decompose(r rune, start, end int) {
	s.compose = true
	parts := decomposition(r)
	if len(parts) == 0 {
		s.append(r, start)
		return
	}
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		fold := s.fold(part)
		switch {
		case fold.class == separator: // between the 1 and the 2 of ½
			s.endRun()
			continue
		case fold.class == denseLetter && !isJamoTail(part) && s.open == denseChar && s.bodied():
			s.closeOpen(true)
			s.reopen(denseChar, start, end)
		case fold.class == denseLetter && s.open != denseChar:
			s.endRun()
			s.reopen(denseChar, start, end)
		case fold.class == plainLetter && s.open != plainWord:
			s.endRun()
			s.reopen(plainWord, start, end)
		}
		if !fold.simple {
			s.append(part, start)
		} else if fold.to != 0 && s.count < maxFolded {
			s.begin(start)
			s.count++
			s.folded = utf8.AppendRune(s.folded, fold.to)
		}
	}
}

// reopen opens what r, which stands at [start, end) of the text, stands for beside what has been closed.
func (s *scanner) reopen(kind openKind, start, end int) {
	s.open, s.start, s.end, s.compose = kind, start, end, true
}

// bodied reports whether the open character has more than marks.
func (s *scanner) bodied() bool {
	first, _ := utf8.DecodeRune(s.folded)
	return len(s.folded) > 0 && classify(first) == denseLetter
}

// append adds r to the folded text of what is open, case folded, unless it is an accent.
func (s *scanner) append(r rune, start int) {
	if s.count >= maxFolded || isAccent(r) {
		return
	}
	s.begin(start)
	s.count++
	if r < utf8.RuneSelf {
		r = unicode.ToLower(r)
	} else if s.open == plainWord {
		r = unicode.ToLower(unicode.ToUpper(r)) // joins what differs in case only, as σ and ς, or i and ı
		if ascii, ok := digit(r); ok {
			r = ascii
		}
		if spelled, ok := spelledOut[r]; ok {
			s.folded = append(s.folded, spelled...)
			return
		}
	}
	s.folded = utf8.AppendRune(s.folded, r)
}

// closeOpen ends what is open. With more, it is a character that another one follows directly.
func (s *scanner) closeOpen(more bool) {
	if s.open == nothing {
		return
	}
	t := Token{Word: Word{Text: s.foldedText(), Start: s.start, End: s.end}}
	if s.open == denseChar {
		t.Head, t.HeadEnd = len(t.Text), s.end
	}
	dense := s.open == denseChar
	s.open, s.folded, s.count, s.compose, s.raised = nothing, s.folded[:0], 0, false, false
	if t.Text == "" {
		return
	}
	if !dense {
		s.emit(t)
		return
	}
	if s.held.Text != "" {
		s.emitPair(t)
	}
	s.held = t
	if !more {
		s.flush()
	}
}

// endRun ends what is open, and the run of characters that it may be the last of.
func (s *scanner) endRun() {
	s.closeOpen(false)
	s.flush()
}

func (s *scanner) flush() {
	if s.held.Text != "" {
		s.emit(s.held)
		s.held = Token{}
	}
}

// emitPair gives the held character with t behind it.
func (s *scanner) emitPair(t Token) {
	pair := s.held
	if same := s.text[pair.Start:t.End]; len(same) == len(pair.Text)+len(t.Text) &&
		strings.HasPrefix(same, pair.Text) && strings.HasSuffix(same, t.Text) {
		pair.Text = cut(same)
	} else {
		s.folded = append(append(s.folded[:0], pair.Text...), t.Text...)
		pair.Text = s.once(s.folded, func(letters []byte) string { return cut(string(letters)) })
		s.folded = s.folded[:0]
	}
	pair.End = t.End
	pair.Head = min(pair.Head, len(pair.Text))
	s.emit(pair)
}

// emitASCII gives the open word, which is ASCII letters and digits.
func (s *scanner) emitASCII() {
	s.open = nothing
	text := s.text[s.start:min(s.end, s.start+MaxLength)]
	s.emit(Token{Word: Word{Text: strings.ToLower(text), Start: s.start, End: s.end}})
}

// emitEmoji gives an emoji, without the selectors that tell whether it is to be coloured.
func (s *scanner) emitEmoji(start, end int) {
	folded, count := s.folded[:0], 0
	for _, r := range s.text[start:end] {
		if r == '\ufe0e' || r == '\ufe0f' {
			continue
		}
		if count++; count > MaxLength {
			break
		}
		folded = utf8.AppendRune(folded, r)
	}
	s.emit(Token{Word: Word{Text: string(folded), Start: start, End: end}})
	s.folded = folded[:0]
}

func (s *scanner) emit(t Token) {
	s.stopped = s.stopped || !s.yield(t)
}

// foldedText returns what is open, composed so that one kana is one code point, and cut to MaxLength code points. It is a
// part of the text where they are the same.
func (s *scanner) foldedText() string {
	if s.compose {
		return s.once(s.folded, func(letters []byte) string { return cut(norm.NFC.String(string(letters))) })
	}
	if same := s.text[s.start:s.end]; same == string(s.folded) {
		return cut(same)
	}
	return cut(string(s.folded))
}

// once returns what is made of letters.
func (s *scanner) once(letters []byte, of func([]byte) string) string {
	text, known := s.made[string(letters)]
	if !known {
		text = of(letters)
		if s.made == nil {
			s.made = map[string]string{}
		}
		if len(s.made) < maxMade {
			s.made[string(letters)] = text
		}
	}
	return text
}

// cut returns text without what is beyond MaxLength code points.
func cut(text string) string {
	if len(text) <= MaxLength {
		return text
	}
	count := 0
	for i := range text {
		if count == MaxLength {
			return text[:i]
		}
		count++
	}
	return text
}

// runeClass is what a character is to words.
type runeClass int

const (
	separator   runeClass = iota
	plainLetter           // a letter or a number
	denseLetter           // a letter of a script that is written without blanks
	extender              // belongs to the character before it
	pictograph            // begins an emoji
)

// runeFold is what becomes of a character.
type runeFold struct {
	class  runeClass
	simple bool // it becomes the single character to, or nothing if that is 0, whatever stands beside it
	to     rune
}

// foldRune returns what becomes of r.
func foldRune(r rune) runeFold {
	switch {
	case r < maxTabled:
		return foldTable()[r]
	case 0x3400 <= r && r <= 0x4dbf, 0x4e00 <= r && r <= 0x9fff, 0xac00 <= r && r <= 0xd7a3: // ideographs, syllables
		return runeFold{denseLetter, true, r}
	}
	return runeFold{class: classify(r)}
}

const (
	// maxTabled bounds the characters that are looked up in a table: most letters but ideographs and syllables.
	maxTabled = 0x3400
	// firstEnclosed is from where on they may be other ones in a circle, or whole words in a square.
	firstEnclosed = 0x3100
)

// foldTable returns what becomes of the characters before maxTabled.
var foldTable = sync.OnceValue(func() *[maxTabled]runeFold {
	var table [maxTabled]runeFold
	for r := range rune(maxTabled) {
		f := &table[r]
		f.class = classify(r)
		parted := false
		s := scanner{text: string(r), fold: unfolded, yield: func(Token) bool { parted = true; return true }}
		switch {
		case f.class == separator, f.class == pictograph, r >= firstEnclosed, unicode.Is(unicode.Hangul, r): // whose letters make syllables
			continue
		case f.class == extender:
			f.simple = isAccent(r)
			continue
		case f.class == denseLetter:
			s.open = denseChar
		default:
			s.open = plainWord
		}
		s.end = len(s.text)
		s.decompose(r, 0, s.end)
		folded := norm.NFC.Bytes(s.folded)
		if f.simple = !parted && s.held.Text == "" && utf8.RuneCount(folded) <= 1; f.simple && len(folded) > 0 {
			f.to, _ = utf8.DecodeRune(folded)
		}
	}
	return &table
})

func unfolded(r rune) runeFold { return runeFold{class: classify(r)} }

func classify(r rune) runeClass {
	switch {
	case r < utf8.RuneSelf:
		if isASCIIWord(byte(r)) {
			return plainLetter
		}
		return separator
	case IsDense(r):
		return denseLetter
	case r == '\uff9e' || r == '\uff9f': // the voicing marks of half-width kana
		return extender
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return plainLetter
	case r == '\u200b': // the zero-width space parts words
		return separator
	case unicode.IsMark(r), unicode.Is(unicode.Cf, r):
		return extender
	case r == utf8.RuneError:
		return separator
	}
	if letter, ok := letterWithin(r); ok {
		return classify(letter)
	}
	if isPictograph(r) {
		return pictograph
	}
	return separator
}

// IsDense reports whether r is a letter of a script that is written without blanks, or of Hangul, whose particles join
// the words before them.
func IsDense(r rune) bool {
	switch {
	case r < 0x0e00:
		return false
	case 0x4e00 <= r && r <= 0x9fff, 0xac00 <= r && r <= 0xd7a3, 0x3041 <= r && r <= 0x3096, 0x30a1 <= r && r <= 0x30fa:
		return true
	case r == 'ー', r == '\uff70', r == '〆', 0x3031 <= r && r <= 0x3035: // in use with all kana, so of no script
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar) && (unicode.IsLetter(r) || unicode.Is(unicode.Nl, r))
}

// isJamoTail reports whether r continues a syllable of Hangul that is written as its single letters.
func isJamoTail(r rune) bool { return 0x1160 <= r && r <= 0x11ff || 0xd7b0 <= r && r <= 0xd7ff }

// accents are what is taken off: the combining marks of Latin, Greek and Cyrillic, the vowel signs of Arabic with its
// tatweel, the points of Hebrew, and variation selectors.
var accents = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0300, 0x036f, 1},
		{0x0483, 0x0489, 1},
		{0x0591, 0x05bd, 1},
		{0x05bf, 0x05bf, 1},
		{0x05c1, 0x05c2, 1},
		{0x05c4, 0x05c5, 1},
		{0x05c7, 0x05c7, 1},
		{0x0610, 0x061a, 1},
		{0x0640, 0x0640, 1},
		{0x064b, 0x065f, 1},
		{0x0670, 0x0670, 1},
		{0x0674, 0x0674, 1},
		{0x06d6, 0x06dc, 1},
		{0x06df, 0x06e4, 1},
		{0x06e7, 0x06e8, 1},
		{0x06ea, 0x06ed, 1},
		{0x08ca, 0x08e1, 1},
		{0x08e3, 0x08ff, 1},
		{0x1ab0, 0x1aff, 1},
		{0x1dc0, 0x1dff, 1},
		{0x20d0, 0x20ff, 1},
		{0xfe00, 0xfe0f, 1},
		{0xfe20, 0xfe2f, 1},
	},
	R32: []unicode.Range32{{0xe0100, 0xe01ef, 1}},
}

// isAccent reports whether r is taken off: an accent, or a character that can't be seen.
func isAccent(r rune) bool { return unicode.Is(accents, r) || unicode.Is(unicode.Cf, r) }

// isPictograph reports whether r begins an emoji: a letter of a flag, or a pictographic symbol. Those are the ones that
// a zero-width joiner joins to another (rule GB11 of UAX #29), and the library knows them by that.
func isPictograph(r rune) bool {
	switch {
	case 0x1f1e6 <= r && r <= 0x1f1ff:
		return true
	case r < 0x231a, unicode.IsPunct(r), 0x1f3fb <= r && r <= 0x1f3ff: // ©, ™, ↔ and such; skin tones
		return false
	}
	joined := "🙂\u200d" + string(r)
	clusters := graphemes.FromString(joined)
	return clusters.Next() && clusters.End() == len(joined)
}

package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"

	"octavo/domain"
)

// writer makes up texts: few words in nearly each of them and many in hardly any, as in a language (Zipf's law). The
// same seed gives the same texts.
type writer struct {
	random *rand.Rand
	zipf   *rand.Zipf
	words  []string
	topics *rand.Zipf
}

const numberOfTags = 200

// syllables are what words are made of. No other word begins like one of them.
var syllables = strings.Fields("ba co di fu ga he jo ka li mo nu pe qui ra so ti ur va wen yx")

func newWriter(seed uint64) *writer {
	const vocabulary = 20_000
	w := &writer{random: rand.New(rand.NewPCG(seed, 0))}
	w.zipf = rand.NewZipf(w.random, 1.1, 3, vocabulary-1)
	w.topics = rand.NewZipf(w.random, 1.2, 1, numberOfTags-1)
	for i := range vocabulary {
		var word strings.Builder
		for n := i + len(syllables); n > 0; n /= len(syllables) {
			word.WriteString(syllables[n%len(syllables)])
		}
		w.words = append(w.words, word.String())
	}
	return w
}

func (w *writer) word() string { return w.words[w.zipf.Uint64()] }

func (w *writer) phrase(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = w.word()
	}
	return strings.Join(words, " ")
}

// sentence returns n words that begin with a capital and end with a full stop. One in three has something marked.
func (w *writer) sentence(n int) string {
	head, tail := w.phrase(n/2), w.phrase(n-n/2)
	switch w.random.IntN(12) {
	case 0:
		tail = "**" + tail + "**"
	case 1:
		tail = "*" + tail + "*"
	case 2:
		tail = "`" + tail + "`"
	case 3:
		tail = "[" + tail + "](https://example.org/" + w.word() + ")"
	}
	return strings.ToUpper(head[:1]) + head[1:] + " " + tail + "."
}

func (w *writer) paragraph(sentences int) string {
	list := make([]string, sentences)
	for i := range list {
		list[i] = w.sentence(8 + w.random.IntN(8))
	}
	return strings.Join(list, " ")
}

// markdown returns about 1 KB of Markdown: a heading, paragraphs, a list.
func (w *writer) markdown() string { return w.article(w.title(), false, "") }

func (w *writer) title() string { return w.phrase(3 + w.random.IntN(4)) }

// article returns Markdown with a title. Its list may be one of tasks.
func (w *writer) article(title string, tasks bool, ending string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", title, w.paragraph(6))
	fmt.Fprintf(&b, "## %s\n\n", w.phrase(2))
	for range 3 + w.random.IntN(3) {
		box := ""
		if tasks {
			box = [...]string{"[ ] ", "[x] "}[w.random.IntN(2)]
		}
		fmt.Fprintf(&b, "- %s%s\n", box, w.phrase(4))
	}
	fmt.Fprintf(&b, "\n%s\n%s", w.paragraph(6), ending)
	return b.String()
}

// tag returns a tag, of which few are frequent, as words are. One in three is nested.
func (w *writer) tag() string {
	const rare = 1000 // from here on words are rare
	n := int(w.topics.Uint64())
	if n%3 == 2 {
		return w.words[rare+n-2] + "/" + w.words[rare+n]
	}
	return w.words[rare+n]
}

// mention returns a line with links to notes with these titles, and with a tag.
func (w *writer) mention(titles []string, tag string) string {
	var b strings.Builder
	b.WriteString("\nSee also")
	for _, title := range titles {
		b.WriteString(" [[" + title + "]]")
	}
	if tag != "" {
		b.WriteString(" #" + tag)
	}
	return b.String() + "\n"
}

func (w *writer) record() domain.RecordDraft {
	return domain.RecordDraft{Title: w.phrase(4), Content: w.markdown()}
}

// What is planted into notes to be found. No other word begins as these do.
var (
	rareWords   = []string{"zinnia", "zircon", "zodiac", "zucchini"}
	commonWords = []string{"zebra", "zephyr"} // the first of them in some titles as well
)

// rareHits is how many of n notes have a rare word.
func rareHits(n int) int { return min(500, n/len(rareWords)) }

// commonHits is how many of n notes have a common word: a third.
func commonHits(n int) int { return (n + 2) / 3 }

// planted returns what the i-th of n notes has of these words, and whether the first of them is in its title.
func planted(i, n int) (words []string, inTitle bool) {
	if i%3 == 0 {
		words = append(words, commonWords...)
	}
	every := n / rareHits(n)
	if k := i % every; k < len(rareWords) && i/every < rareHits(n) {
		words = append(words, rareWords[k])
	}
	return words, i%300 == 0
}

// beginnings yields the first two letters of each word that the writer has made up, once for each text.
func beginnings(text string) map[string]bool {
	found := make(map[string]bool, len(syllables))
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(word) >= 2 {
			found[word[:2]] = true
		}
	}
	return found
}

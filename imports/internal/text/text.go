// Package text makes of what other programs write the Markdown that notes are made of, and finds the places in it that lead to
// other notes and to files.
package text

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"octavo/domain"
	"octavo/domain/markup"
)

// MaxSize is how long a text may be that is read, in bytes, whatever its form.
const MaxSize = 4 << 20

// Decode returns a text that begins with a byte order mark, or is in UTF-8, UTF-16 or what Windows had before. sure is false for
// the last, which may be another one. ok is false for what is no text.
func Decode(content []byte) (text string, sure, ok bool) {
	switch {
	case bytes.HasPrefix(content, []byte{0xEF, 0xBB, 0xBF}):
		content = content[3:]
	case bytes.HasPrefix(content, []byte{0xFF, 0xFE}):
		return decodeUTF16(content[2:], binary.LittleEndian), true, true
	case bytes.HasPrefix(content, []byte{0xFE, 0xFF}):
		return decodeUTF16(content[2:], binary.BigEndian), true, true
	case len(content) >= 4 && len(content)%2 == 0 && halfZero(content, 1):
		return decodeUTF16(content, binary.LittleEndian), true, true
	case len(content) >= 4 && len(content)%2 == 0 && halfZero(content, 0):
		return decodeUTF16(content, binary.BigEndian), true, true
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return "", false, false
	}
	if utf8.Valid(content) {
		return string(content), true, true
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(content)
	return string(decoded), false, err == nil
}

// halfZero reports whether each second byte at the beginning of content is 0, and no other is.
func halfZero(content []byte, at int) bool {
	for i := range min(len(content), 64) {
		if (content[i] == 0) != (i%2 == at) {
			return false
		}
	}
	return true
}

func decodeUTF16(content []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16(content[2*i:])
	}
	return string(utf16.Decode(units))
}

// Target is where a place in a text leads: to a file of the note, or to another note.
type Target struct {
	File                 int // as domain.ImportMark has them
	Note, Title, Heading string
}

// Marks returns the places in a content that lead somewhere: wiki says where a wiki link leads, address where a link or an image of
// Markdown does. Each may be nil, and returns false for what is to stay as it is.
func Marks(content string, wiki func(markup.LinkMark) (Target, bool), address func(destination string, image bool) (Target, bool)) []domain.ImportMark {
	reading := markup.NewReading(content, markup.TitleLine{})
	front := len(content) - len(markup.WithoutFrontMatter(content))
	var cells []markup.Cell
	for _, table := range reading.Tables {
		for _, row := range table.Rows {
			cells = append(cells, row...)
		}
	}
	slices.SortFunc(cells, func(a, b markup.Cell) int { return a.Start - b.Start })
	inTable := func(at int) bool {
		i, found := slices.BinarySearchFunc(cells, at, func(c markup.Cell, at int) int { return c.Start - at })
		return found || i > 0 && at < cells[i-1].End
	}
	var marks []domain.ImportMark
	note := func(m domain.ImportMark, t Target) {
		m.File, m.Note, m.Title, m.Heading = t.File, t.Note, t.Title, t.Heading
		m.Table, m.Front = inTable(m.Start), m.Start < front
		marks = append(marks, m)
	}
	if wiki != nil {
		for _, link := range reading.Links {
			if link.Address {
				continue
			}
			target, ok := wiki(link)
			if !ok {
				continue
			}
			m := domain.ImportMark{Start: link.Start, End: link.End, Embed: link.Embed, Wiki: true}
			if bar := strings.IndexByte(content[m.Start:m.End], '|'); bar >= 0 && link.Label != "" {
				m.Text, m.TextEnd = m.Start+bar+1, m.End-2
			}
			note(m, target)
		}
	}
	if address != nil {
		for _, in := range reading.Inlines {
			if in.Kind != markup.LinkInline && in.Kind != markup.ImageInline {
				continue
			}
			target, ok := address(in.Destination, in.Kind == markup.ImageInline)
			if !ok {
				continue
			}
			m := domain.ImportMark{Start: in.Start, End: in.End, Embed: in.Kind == markup.ImageInline}
			if in.Text < in.TextEnd {
				m.Text, m.TextEnd = in.Text, in.TextEnd
			}
			note(m, target)
		}
	}
	slices.SortStableFunc(marks, func(a, b domain.ImportMark) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	return marks
}

// EscapeTags returns a content in which no word is a tag, as it comes from a program where a # means nothing.
func EscapeTags(content string) string {
	var b strings.Builder
	at := 0
	for _, tag := range markup.NewOutline(content).Tags {
		if tag.Start >= at && content[tag.Start] == '#' {
			b.WriteString(content[at:tag.Start] + `\`)
			at = tag.Start
		}
	}
	return b.String() + content[at:]
}

var attribute = regexp.MustCompile(`(?is)\s(src|alt|width|height|href)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)

// attributes returns those of the attributes of a tag that say what an image is.
func attributes(tag string) map[string]string {
	values := map[string]string{}
	for _, match := range attribute.FindAllStringSubmatch(tag, -1) {
		values[strings.ToLower(match[1])] = html.UnescapeString(strings.Trim(match[2], `"'`))
	}
	return values
}

// Images returns Markdown with the images in it that are written as HTML, which isn't shown, written as Markdown.
func Images(content string) string {
	if !strings.Contains(content, "<img") && !strings.Contains(content, "<IMG") {
		return content
	}
	var b strings.Builder
	at := 0
	for _, in := range markup.NewReading(content, markup.TitleLine{}).Inlines {
		tag := content[in.Start:in.End]
		if in.Kind != markup.TagInline || in.Start < at || len(tag) < 5 || !strings.EqualFold(tag[:4], "<img") {
			continue
		}
		values := attributes(tag)
		if values["src"] == "" {
			continue
		}
		b.WriteString(content[at:in.Start])
		b.WriteString("![" + Alt(values["alt"], values["width"], values["height"]) + "](" + Destination(values["src"]) + ")")
		at = in.End
	}
	return b.String() + content[at:]
}

var bracketEscapes = strings.NewReplacer("[", `\[`, "]", `\]`, "\n", " ", "|", "-")

// Alt returns the words of an image with the size that it has, if that is in pixels.
func Alt(words, width, height string) string {
	words = bracketEscapes.Replace(words)
	width, height = pixels(width), pixels(height)
	switch {
	case width == "":
		return words
	case height != "":
		width += "x" + height
	}
	return words + "|" + width
}

var pixel = regexp.MustCompile(`^\s*([0-9]{1,4})(?:\.[0-9]+)?\s*(?:px)?\s*$`)

func pixels(value string) string {
	if match := pixel.FindStringSubmatch(value); match != nil && match[1] != "0" {
		return match[1]
	}
	return ""
}

// Destination returns an address as it is written in a link of Markdown.
func Destination(address string) string {
	if strings.ContainsAny(address, " ()<>\n\\") {
		return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "%0A", `\`, "%5C").Replace(address) + ">"
	}
	return address
}

// FrontMatter returns front matter with some properties, each a name and a value, without those that have none. It is "" where
// none has one.
func FrontMatter(properties ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(properties); i += 2 {
		value := markup.OneLine(properties[i+1])
		if value == "" {
			continue
		}
		b.WriteString(properties[i] + ": ")
		quote := json.NewEncoder(&b) // which writes YAML, too
		quote.SetEscapeHTML(false)
		_ = quote.Encode(value)
	}
	if b.Len() == 0 {
		return ""
	}
	return "---\n" + b.String() + "---\n"
}

var wordEscapes = strings.NewReplacer("\\", `\\`, "[", `\[`, "]", `\]`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`)

// Escape returns a line of words as they are written in Markdown.
func Escape(words string) string {
	words = wordEscapes.Replace(words)
	for range 2 { // an underscore within a word means nothing, nor does the next one
		words = underscore.ReplaceAllString(words, "${1}_${2}")
	}
	return words
}

var underscore = regexp.MustCompile(`([\pL\pN])\\_([\pL\pN])`)

// Attach has the text of a note show the file of it with a number, at the end.
func Attach(n *domain.Incoming, number int) {
	f := n.Files[number-1]
	switch {
	case n.Content == "":
	case attachedLast(n):
		n.Content += "\n"
	default:
		n.Content = strings.TrimRight(n.Content, "\n") + "\n\n"
	}
	m := domain.ImportMark{Start: len(n.Content), File: number, Embed: strings.HasPrefix(f.Type, "image/")}
	if m.Embed {
		n.Content += "!"
	}
	m.Text = len(n.Content) + 1
	n.Content += "[" + Escape(f.Name)
	m.TextEnd = len(n.Content)
	n.Content += "](" + Destination(f.Name) + ")"
	m.End = len(n.Content)
	n.Marks = append(n.Marks, m)
}

var backslash = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

// Plain returns a text that is no Markdown so that nothing of it is lost when it is shown as that.
func Plain(words string) string { return backslash.ReplaceAllString(words, `\\$1`) }

// attachedLast reports whether the text ends with what Attach wrote.
func attachedLast(n *domain.Incoming) bool {
	if len(n.Marks) == 0 {
		return false
	}
	last := n.Marks[len(n.Marks)-1]
	return last.End == len(n.Content) && last.File > 0 && (last.Start == 0 || n.Content[last.Start-1] == '\n')
}

// Relate has the text of a note lead to another one, at the end. Where that isn't there, words stand in its place.
func Relate(n *domain.Incoming, note, words string) {
	if n.Content != "" {
		n.Content = strings.TrimRight(n.Content, "\n") + "\n\n"
	}
	start := len(n.Content)
	n.Content += words
	n.Marks = append(n.Marks, domain.ImportMark{Start: start, End: len(n.Content), Note: note})
}

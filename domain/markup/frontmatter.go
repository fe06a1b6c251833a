package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"octavo/domain/words"
)

// What is read of front matter at most. What is beyond is shown and searched like the rest, and means nothing.
const (
	maxFrontMatter = 16 << 10 // bytes; longer front matter has no properties
	maxProperties  = 200
	maxValues      = 1000 // of one property
	MaxAliases     = 100  // of one note
)

// FrontMatter is what a text says of itself: YAML between a line of --- at its very top and one of --- or ... below. The
// first line between begins with a name and a colon, comments apart; dashes around other things are just lines across the
// page.
type FrontMatter struct {
	Text       string     // between the dashes
	End        int        // where what follows begins in the text
	Properties []Property // in order; none where Text isn't YAML
	Title      string
	Aliases    []string // other titles that lead to the note, each once
	tags       []TagMark
	links      []LinkMark
}

// Property is a name with what it is said to be.
type Property struct {
	Name   string
	Values []string
}

// Tags reports whether the values of the property are tags.
func (p Property) Tags() bool {
	return strings.EqualFold(p.Name, "tags") || strings.EqualFold(p.Name, "tag")
}

// Tags returns the names of the tags that the front matter has.
func (f FrontMatter) Tags() []string {
	names := make([]string, len(f.tags))
	for i, mark := range f.tags {
		names[i] = mark.Name
	}
	return names
}

// NewFrontMatter reads the front matter of content. It has End 0 where there is none.
func NewFrontMatter(content string) FrontMatter {
	start, stop, end := frontMatterIn(content)
	f := FrontMatter{Text: content[start:stop], End: end}
	if end == 0 || len(f.Text) > maxFrontMatter {
		return f
	}
	r := frontMatterReader{FrontMatter: &f, start: start, text: f.Text}
	r.read()
	return f
}

// TitleOf returns the title that content gives a note: that of its front matter, or its first line.
func TitleOf(content string) string {
	f := NewFrontMatter(content)
	if f.Title != "" {
		return f.Title
	}
	if title := firstLine(content[f.End:]); title != "" {
		return title
	}
	return firstLine(f.Text)
}

// WithoutFrontMatter returns the end of content that follows its front matter.
func WithoutFrontMatter(content string) string {
	_, _, end := frontMatterIn(content)
	return content[end:]
}

// frontMatterIn returns where the text of the front matter begins and ends, and where what follows it begins. All are 0
// where there is none.
func frontMatterIn(content string) (start, stop, end int) {
	if !strings.HasPrefix(content, "---") {
		return 0, 0, 0
	}
	first, comments := true, false
	for at := 0; at < len(content); {
		line, _, more := strings.Cut(content[at:], "\n")
		next := at + len(line)
		if more {
			next++
		}
		switch line = strings.TrimRight(line, " \t\r"); {
		case at == 0:
			if line != "---" || !more {
				return 0, 0, 0
			}
			start = next
		case line == "---" || line == "...":
			if first && comments { // which may as well be headings
				return 0, 0, 0
			}
			return start, at, next
		case first && strings.HasPrefix(line, "#"):
			comments = true
		case first && line != "":
			if !namesProperty(line) {
				return 0, 0, 0
			}
			first = false
		}
		at = next
	}
	return 0, 0, 0
}

// namesProperty reports whether line begins as a property does: with a name, a colon, and a blank or nothing after it.
func namesProperty(line string) bool {
	name, value, found := strings.Cut(line, ":")
	if !found || name == "" || len(name) > MaxTitle || value != "" && value[0] != ' ' && value[0] != '\t' {
		return false
	}
	first, _ := utf8.DecodeRuneInString(name)
	return unicode.IsLetter(first) || unicode.IsNumber(first) || strings.ContainsRune(`_"'`, first)
}

type frontMatterReader struct {
	*FrontMatter
	start int    // where text begins in the content
	text  string // the whole front matter
	lines []int  // where its lines begin

	line, column, at int // a place that has been found; most look for one that follows
}

// read leaves the front matter without properties where it is no YAML. Aliases of YAML are not followed, so that
// nothing grows.
func (r *frontMatterReader) read() {
	var document yaml.Node
	if yaml.Unmarshal([]byte(r.text), &document) != nil || len(document.Content) != 1 {
		return
	}
	properties := document.Content[0]
	if properties.Kind != yaml.MappingNode {
		return
	}
	r.lines = []int{0}
	for i := range len(r.text) {
		if r.text[i] == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	for i := 0; i+1 < len(properties.Content) && i/2 < maxProperties; i += 2 {
		r.property(properties.Content[i].Value, properties.Content[i+1])
	}
}

func (r *frontMatterReader) property(name string, value *yaml.Node) {
	values := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		values = value.Content[:min(len(value.Content), maxValues)]
	}
	p := Property{Name: OneLine(name)}
	for _, v := range values {
		r.findLinks(v)
		if text := OneLine(flat(v, 0)); text != "" {
			p.Values = append(p.Values, text)
		}
	}
	r.Properties = append(r.Properties, p)
	whole := value.Kind == yaml.ScalarNode
	switch strings.ToLower(p.Name) {
	case "title":
		if whole && !isNull(value) {
			r.Title = Truncate(OneLine(value.Value), MaxTitle)
		}
	case "tags", "tag":
		for _, v := range values {
			r.findTags(v, whole)
		}
	case "aliases", "alias":
		for _, v := range values {
			if v.Kind != yaml.ScalarNode || isNull(v) {
				continue
			}
			names := []string{v.Value}
			if whole {
				names = strings.Split(v.Value, ",")
			}
			for _, name := range names {
				r.addAlias(name)
			}
		}
	}
}

func isNull(v *yaml.Node) bool { return v.Tag == "!!null" }

func (r *frontMatterReader) addAlias(name string) {
	name = Truncate(OneLine(name), MaxTitle)
	key := words.Fold(name)
	if key == "" || len(r.Aliases) >= MaxAliases {
		return
	}
	for _, there := range r.Aliases {
		if words.Fold(there) == key {
			return
		}
	}
	r.Aliases = append(r.Aliases, name)
}

// maxFlat is how deep properties within a property are shown.
const maxFlat = 4

// flat returns what a value says, on one line.
func flat(v *yaml.Node, depth int) string {
	if depth > maxFlat {
		return "…"
	}
	var parts []string
	switch v.Kind {
	case yaml.ScalarNode:
		if isNull(v) {
			return ""
		}
		return v.Value
	case yaml.AliasNode:
		return "*" + v.Value
	case yaml.SequenceNode:
		for _, item := range v.Content {
			parts = append(parts, flat(item, depth+1))
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(v.Content); i += 2 {
			parts = append(parts, v.Content[i].Value+": "+flat(v.Content[i+1], depth+1))
		}
	}
	return strings.Join(parts, ", ")
}

// place returns where the value of a scalar stands in text, which has it as it is: without an escape, on one line.
func (r *frontMatterReader) place(v *yaml.Node) (at int, ok bool) {
	if v.Kind != yaml.ScalarNode || isNull(v) || v.Value == "" || v.Line < 1 || v.Line > len(r.lines) {
		return 0, false
	}
	if r.line != v.Line || r.column > v.Column {
		r.line, r.column, r.at = v.Line, 1, r.lines[v.Line-1]
	}
	for ; r.column < v.Column; r.column++ {
		_, size := utf8.DecodeRuneInString(r.text[r.at:])
		r.at += size
	}
	at = r.at
	if v.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		at++
	}
	if at > len(r.text) || !strings.HasPrefix(r.text[at:], v.Value) {
		return 0, false
	}
	return at, true
}

// findTags notes the tags of a value: it is one, or has several that blanks or commas part.
func (r *frontMatterReader) findTags(v *yaml.Node, several bool) {
	at, ok := r.place(v)
	if !ok {
		return
	}
	parts := func(c rune) bool { return several && (c == ',' || unicode.IsSpace(c)) }
	for i := 0; i < len(v.Value); {
		name := v.Value[i:]
		if end := strings.IndexFunc(name, parts); end >= 0 {
			name = name[:end]
		}
		start := r.start + at + i
		i += len(name)
		if _, size := utf8.DecodeRuneInString(v.Value[i:]); size > 0 {
			i += size
		}
		end := start + len(name)
		name = strings.TrimPrefix(name, "#")
		if isTag(name) {
			r.tags = append(r.tags, TagMark{Start: start, End: end, Name: name})
		}
	}
}

// findLinks notes the wiki links within a value.
func (r *frontMatterReader) findLinks(v *yaml.Node) {
	at, ok := r.place(v)
	if !ok || !strings.Contains(v.Value, "[[") {
		return
	}
	for _, mark := range WikiLinks(v.Value) {
		mark.Start, mark.End = r.start+at+mark.Start, r.start+at+mark.End
		r.links = append(r.links, mark)
	}
}

// WikiLinks returns the wiki links in a text that has no other marks, as the value of a property.
func WikiLinks(text string) (links []LinkMark) {
	for i := 0; i < len(text); i++ {
		if mark, end, ok := wikiLink(text, i); ok {
			mark.Start, mark.End = i, end
			links = append(links, mark)
			i = end - 1
		}
	}
	return links
}

package markup

import (
	"slices"
	"strings"
)

// Outline is what a content says beyond its words. All offsets are in bytes of the content.
//
// It follows CommonMark, so that the renderer, the index and what rewrites a content agree on what is a mark and what
// is code, an escape or a part of an address.
type Outline struct {
	Tags     []TagMark  // each mention, in order
	Links    []LinkMark // in order
	Tasks    []TaskMark // in order
	Files    []string   // hashes of uploaded files, each once: the 64 hex digits in /files/<hash>, wherever they stand
	HasImage bool
	HasLink  bool   // a Markdown link, an address or a wiki link
	Picture  string // the hash of the first uploaded file that is shown by its address, or ""

	pictureAt int
}

// TagMark is a #tag, or one of the tags in front matter. In the text it begins a line, or follows a blank or a mark such
// as an opening bracket.
type TagMark struct {
	Start, End int    // including the '#'; the name is what ends there
	Name       string // as written, without the '#'
}

// LinkMark leads to another note, or to a file. Most are wiki links: [[Title]], [[Title#Heading]], [[Title|Label]] or [[#Heading]], on one line. A '#' parts the
// title from a heading only where nothing blank stands beside it, so that [[C# in depth]] is a title.
type LinkMark struct {
	Start, End int    // including the brackets
	Title      string // "" for a heading of the same note
	Heading    string
	Label      string
	Embed      bool // ![[Title]]: what it leads to is shown in its place
	Address    bool // the relative address of a Markdown link or image, as Folder/Note.md, which Start and End are around
}

// Text returns the words that the link is shown by.
func (m LinkMark) Text() string {
	switch {
	case m.Label != "":
		return m.Label
	case m.Title == "":
		return m.Heading
	case m.Heading == "":
		return m.Title
	}
	return m.Title + " › " + m.Heading
}

// TaskMark is a box that can be ticked: [ ] or [x] at the beginning of a list item, with a blank after it.
type TaskMark struct {
	Box  int // where the character between the brackets is
	Done bool
}

// What a text has of tags, links and files at most, so that what follows from a text stays small. Beyond the first so
// many different ones, as they are written, they are words like others.
const (
	MaxTextTags  = 1000 // and as many that are only named above others, as work in work/home
	MaxTextLinks = 1000 // titles
	MaxTextFiles = 1000
)

// NewOutline returns the outline of content, in time proportional to its length.
func NewOutline(content string) Outline {
	s := outliner{content: content}
	s.read(TitleLine{})
	return s.out
}

// read reads the content. The title, where there is one, is a text of its own.
func (s *outliner) read(title TitleLine) {
	front := NewFrontMatter(s.content)
	s.out.Tags, s.out.Links, s.out.HasLink = front.tags, front.links, len(front.links) > 0
	start := front.End
	if title.Start < title.End {
		s.inline(span{title.Start, title.End})
		start = title.Rest
	}
	for start < len(s.content) {
		end := len(s.content)
		if i := strings.IndexByte(s.content[start:], '\n'); i >= 0 {
			end = start + i
		}
		s.line(start, end)
		start = end + 1
	}
	s.closeParagraph()
	s.readInline()
	slices.SortStableFunc(s.out.Links, func(a, b LinkMark) int { return a.Start - b.Start })
	s.out.Tags, s.out.Links = boundTags(s.out.Tags), boundLinks(s.out.Links)
	s.out.Files = FilesIn(s.content)
}

// boundTags returns the marks of the first MaxTextTags tags.
func boundTags(marks []TagMark) []TagMark {
	if len(marks)*MaxTag <= MaxTextTags { // which is most
		return marks
	}
	tags, above := map[string]bool{}, map[string]bool{}
	return slices.DeleteFunc(marks, func(mark TagMark) bool {
		if tags[mark.Name] {
			return false
		}
		var more []string
		for i := range len(mark.Name) {
			if mark.Name[i] == '/' && !above[mark.Name[:i]] {
				more = append(more, mark.Name[:i])
			}
		}
		if len(tags) == MaxTextTags || len(above)+len(more) > MaxTextTags {
			return true
		}
		tags[mark.Name] = true
		for _, name := range more {
			above[name] = true
		}
		return false
	})
}

// boundLinks returns the marks of the links to the first MaxTextLinks titles.
func boundLinks(marks []LinkMark) []LinkMark {
	if len(marks) <= MaxTextLinks {
		return marks
	}
	titles := map[string]bool{"": true} // within the same note
	return slices.DeleteFunc(marks, func(mark LinkMark) bool {
		if !titles[mark.Title] && len(titles) <= MaxTextLinks {
			titles[mark.Title] = true
		}
		return !titles[mark.Title]
	})
}

// FilesIn returns the hashes of the files that content refers to, in code too: what is mentioned anywhere is kept. There
// are MaxTextFiles at most.
func FilesIn(content string) []string {
	var files []string
	seen := map[string]bool{}
	for {
		_, rest, found := strings.Cut(content, filesPath)
		if !found || len(files) == MaxTextFiles {
			return files
		}
		content = rest
		if hash, ok := leadingHash(rest); ok && !seen[hash] {
			seen[hash] = true
			files = append(files, hash)
		}
	}
}

const filesPath = "/files/" // what the address of an uploaded file begins with

// leadingHash returns the hash of a file that text begins with.
func leadingHash(text string) (hash string, ok bool) {
	const digits = 64
	n := 0
	for n < len(text) && (text[n] >= '0' && text[n] <= '9' || text[n] >= 'a' && text[n] <= 'f') {
		n++
	}
	return text[:n], n == digits
}

// show notes the picture at start that is shown by an address, if that is the first one of a file.
func (o *Outline) show(address string, start int) {
	rest, ours := strings.CutPrefix(address, filesPath)
	if hash, ok := leadingHash(rest); ours && ok && (o.Picture == "" || start < o.pictureAt) {
		o.Picture, o.pictureAt = hash, start
	}
}

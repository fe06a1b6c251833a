package markup

import (
	"net/url"
	"strings"

	"octavo/domain/words"
)

// Path returns what the last part of a link's title leads to where no note has the whole title, as of [[Folder/Note]],
// without the ending .md. It is "" where that is the whole title.
func (m LinkMark) Path() string {
	last := m.Title[strings.LastIndexByte(m.Title, '/')+1:]
	if name := withoutMD(last); name != "" {
		last = name
	}
	if last = strings.TrimSpace(last); last == m.Title {
		return ""
	}
	return last
}

// FileName returns the name of the file that a link may lead to or show instead of a note, or "".
func (m LinkMark) FileName() string {
	name := strings.TrimSpace(m.Title[strings.LastIndexByte(m.Title, '/')+1:])
	if extension(name) == "" || withoutMD(name) != name {
		return ""
	}
	return name
}

// withoutMD returns the name of a Markdown file without its ending.
func withoutMD(name string) string {
	if e := extension(name); strings.EqualFold(e, "md") || strings.EqualFold(e, "markdown") {
		return name[:len(name)-len(e)-1]
	}
	return name
}

// extension returns what follows the last dot of a file's name, without it, or "" where that is no ending.
func extension(name string) string {
	const longest = 10
	dot := strings.LastIndexByte(name, '.')
	if dot < 1 || dot == len(name)-1 || len(name)-dot-1 > longest {
		return ""
	}
	for i := dot + 1; i < len(name); i++ {
		if !isAlphanumeric(name[i]) {
			return ""
		}
	}
	return name[dot+1:]
}

var pictureExtensions = map[string]bool{
	"png": true, "jpg": true, "jpeg": true, "gif": true, "webp": true, "svg": true, "bmp": true, "avif": true,
}

// showsPicture reports whether the link embeds what is called a picture.
func (m LinkMark) showsPicture() bool {
	return m.Embed && pictureExtensions[strings.ToLower(extension(m.FileName()))]
}

// withoutSize returns an embed without the size that its label gives a picture, as 300 or |300x200 at its end.
func (m LinkMark) withoutSize() LinkMark {
	words, size := "", m.Label
	if bar := strings.LastIndexByte(m.Label, '|'); bar >= 0 {
		words, size = m.Label[:bar], m.Label[bar+1:]
	}
	width, height, both := strings.Cut(size, "x")
	if isSize(width) && (!both || isSize(height)) {
		m.Label = words
	}
	return m
}

func isSize(s string) bool {
	return 0 < len(s) && len(s) <= 4 && strings.Trim(s, "0123456789") == ""
}

// parseAddress reads the address of a Markdown link as it is written between its parentheses.
func parseAddress(written string) (m LinkMark, ok bool) {
	return NewAddressLink(resolved(withoutAngles(written)))
}

// NewAddressLink reads the address of a Markdown link, without escapes. It leads to a note or a file when it is relative
// and ends, before a # if it has one, as the name of a file does. The ending .md isn't part of the title.
func NewAddressLink(address string) (m LinkMark, ok bool) {
	path, heading, _ := strings.Cut(address, "#")
	if path == "" || strings.ContainsAny(path[:1], "/?") || strings.ContainsAny(path, ":?\\\n") || extension(path) == "" {
		return LinkMark{}, false
	}
	path = path[len(upward(path)):]
	title, err := url.PathUnescape(path)
	if err != nil {
		return LinkMark{}, false
	}
	if decoded, err := url.PathUnescape(heading); err == nil {
		heading = decoded
	}
	m = LinkMark{Title: OneLine(withoutMD(title)), Heading: OneLine(heading), Address: true}
	return m, m.Title != ""
}

// upward returns the beginning of path that only says from where it leads, as ../
func upward(path string) string {
	n := 0
	for {
		rest := path[n:]
		switch {
		case strings.HasPrefix(rest, "./"):
			n += 2
		case strings.HasPrefix(rest, "../"):
			n += 3
		default:
			return path[:n]
		}
	}
}

// renamedAddress returns how the address of a Markdown link is written that leads to the title to instead: in the same folder,
// unless the title has a path itself or whole is set.
func renamedAddress(written, to string, whole bool) string {
	inAngles := strings.HasPrefix(written, "<")
	path, heading := strings.Trim(written, "<>"), ""
	if i := strings.IndexByte(path, '#'); i >= 0 {
		path, heading = path[:i], path[i:]
	}
	folder := upward(path)
	if !whole && !strings.Contains(to, "/") {
		folder = path[:strings.LastIndexByte(path, '/')+1]
	}
	ending := ".md"
	if e := extension(path); strings.EqualFold(e, "markdown") || strings.EqualFold(e, "md") {
		ending = "." + e
	}
	to = addressEscapes.Replace(OneLine(to))
	if !inAngles {
		to = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29").Replace(to)
		return folder + to + ending + heading
	}
	return "<" + folder + to + ending + heading + ">"
}

// addressEscapes replaces what would end an address or mean something else in it.
var addressEscapes = strings.NewReplacer(
	"%", "%25", "#", "%23", "?", "%3F", ":", "%3A", "<", "%3C", ">", "%3E", `\`, "%5C", "&", "%26", "[", "%5B", "]", "%5D",
	"*", "%2A", "`", "%60", "|", "%7C", "\"", "%22", "'", "%27",
)

// PathLink is a link that has more than the title of a note in it, as [[Folder/Note]]: it leads to the note with that
// title unless another has all of it for its title. Both are keys.
type PathLink struct {
	Title string // of the last part
	Whole string
}

// TitleKeys returns the keys of the titles that the links lead to, each once.
func (o Outline) TitleKeys() []string {
	var keys []string
	seen, written := map[string]bool{"": true}, map[string]bool{}
	for _, link := range o.Links {
		if written[link.Title] {
			continue
		}
		written[link.Title] = true
		if key := words.Fold(link.Title); !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// PathLinks returns the links that may lead to what their last part says, each whole once.
func (o Outline) PathLinks() []PathLink {
	var paths []PathLink
	seen, written := map[string]bool{}, map[string]bool{"": true}
	for _, link := range o.Links {
		if written[link.Title] {
			continue
		}
		written[link.Title] = true
		path := PathLink{words.Fold(link.Path()), words.Fold(link.Title)}
		if path.Title != "" && path.Title != path.Whole && !seen[path.Whole] {
			seen[path.Whole] = true
			paths = append(paths, path)
		}
	}
	return paths
}

// FileNames returns the keys of the names of files that the links may lead to or show.
func (o Outline) FileNames() (keys []string) {
	for _, link := range o.Links {
		if name := link.FileName(); name != "" {
			keys = append(keys, words.Fold(name))
		}
	}
	return keys
}

// Address returns the address of a Markdown link that leads to a heading, unless that is "", of the note with a title.
func Address(title, heading string) string {
	escaped := func(text string) string {
		return strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29").Replace(addressEscapes.Replace(OneLine(text)))
	}
	address := escaped(title) + ".md"
	switch address[0] {
	case '.':
		address = "%2E" + address[1:]
	case '/':
		address = "%2F" + address[1:]
	}
	if heading != "" {
		address += "#" + escaped(heading)
	}
	return address
}

// CutSize parts the words of an embed from the size of a picture at their end, as 300 or |300x200, without the bar.
func CutSize(label string) (words, size string) {
	m := LinkMark{Label: label}.withoutSize()
	return m.Label, strings.TrimPrefix(strings.TrimPrefix(label, m.Label), "|")
}

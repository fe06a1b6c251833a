package markup

import "strings"

// maxHTML is how long a tag may be, in bytes; a longer one is text.
const maxHTML = 1 << 10

// htmlTag returns where the tag, the instruction, the declaration or the CDATA ends that begins at i with a '<', as
// CommonMark has them. Comments are no tags.
func htmlTag(text string, i int) (end int, ok bool) {
	rest := text[i:min(len(text), i+maxHTML)]
	size := 0
	switch {
	case len(rest) < 3:
		return 0, false
	case strings.HasPrefix(rest, "<?"):
		size = after(rest, 2, "?>")
	case strings.HasPrefix(rest, "<![CDATA["):
		size = after(rest, 9, "]]>")
	case rest[1] == '!' && isLetter(rest[2]):
		size = after(rest, 3, ">")
	case rest[1] == '/' && isLetter(rest[2]):
		if size = skipBlanks(rest, skipName(rest, 2)); size < len(rest) && rest[size] == '>' {
			size++
		} else {
			size = 0
		}
	case isLetter(rest[1]):
		size = openTag(rest, skipName(rest, 1))
	}
	return i + size, size > 0
}

// after returns where what closes ends, which stands at i or later, or 0.
func after(text string, i int, closes string) int {
	at := strings.Index(text[i:], closes)
	if at < 0 {
		return 0
	}
	return i + at + len(closes)
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func skipName(text string, i int) int {
	for i < len(text) && (isAlphanumeric(text[i]) || text[i] == '-') {
		i++
	}
	return i
}

// openTag returns where the tag ends whose name ends at i, or 0.
func openTag(text string, i int) int {
	for {
		next := skipBlanks(text, i)
		if next == len(text) {
			return 0
		}
		switch c := text[next]; {
		case c == '>':
			return next + 1
		case c == '/':
			if strings.HasPrefix(text[next:], "/>") {
				return next + 2
			}
			return 0
		case next == i || !isLetter(c) && c != '_' && c != ':':
			return 0
		}
		for i = next; i < len(text) && (isAlphanumeric(text[i]) || strings.IndexByte("_.:-", text[i]) >= 0); {
			i++
		}
		if value := skipBlanks(text, i); value < len(text) && text[value] == '=' {
			if i = attributeValue(text, skipBlanks(text, value+1)); i == 0 {
				return 0
			}
		}
	}
}

// attributeValue returns where the value of an attribute ends that begins at i, or 0.
func attributeValue(text string, i int) int {
	if i == len(text) {
		return 0
	}
	if c := text[i]; c == '"' || c == '\'' {
		return after(text, i+1, text[i:i+1])
	}
	size := strings.IndexAny(text[i:], " \t\n\"'=<>`")
	if size <= 0 {
		return 0
	}
	return i + size
}

// comment returns where the comment ends that begins at i: <!-- … --> as in HTML, or %% … %% on one line.
func comment(text string, i int) (end int, ok bool) {
	rest := text[i:]
	switch {
	case strings.HasPrefix(rest, "<!-->"):
		return i + 5, true
	case strings.HasPrefix(rest, "<!--->"):
		return i + 6, true
	case strings.HasPrefix(rest, "<!--"):
		end = after(text, i+4, "-->")
		return end, end > 0
	case strings.HasPrefix(rest, "%%") && (i == 0 || text[i-1] < '0' || text[i-1] > '9'): // 100%% is a number
		end = after(text, i+2, "%%")
		return end, end > 0
	}
	return 0, false
}

// shownElements are the elements of HTML that are shown as such, all others as the text that they are.
var shownElements = map[string]bool{
	"abbr": true, "br": true, "kbd": true, "mark": true, "rp": true, "rt": true, "ruby": true, "sub": true, "sup": true,
	"u": true,
}

// IsShownElement reports whether the HTML element of a name, in any case, is shown as one.
func IsShownElement(name string) bool { return shownElements[strings.ToLower(name)] }

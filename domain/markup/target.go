package markup

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Target is where a link may lead.
type Target struct {
	URL      string // percent-encoded
	External bool   // on another site, as far as the address tells
}

// NewTarget returns where a destination, of which the escapes are resolved, leads: to http, https, mailto, tel and within
// the site. It reports false for any other scheme, and for an address that a browser would read in another way than
// net/url does.
func NewTarget(destination string) (Target, bool) {
	address := escapeAddress(destination)
	if before, _, found := strings.Cut(address, ":"); found && !strings.ContainsAny(before, "/?#") && !isScheme(before) {
		address = "./" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return Target{}, false
	}
	switch u.Scheme {
	case "http", "https":
		return Target{address, true}, u.Host != ""
	case "mailto", "tel":
		return Target{address, false}, true
	case "":
		return Target{address, strings.HasPrefix(address, "//")}, address != ""
	}
	return Target{}, false
}

// isScheme reports whether what stands before a colon is the scheme of an address to browsers. They take all else for the
// beginning of a path, which net/url wants to be told by a ./ before it.
func isScheme(before string) bool {
	for i := range len(before) {
		inside := strings.IndexByte("0123456789+-.", before[i]) >= 0
		if !isAlphanumeric(before[i]) && !inside || i == 0 && inside {
			return false
		}
	}
	return before != ""
}

// escapeAddress returns address with all that can't stand in one percent-encoded. Browsers take a backslash for a slash,
// and drop tabs and line ends; those are encoded, too. What is encoded already stays.
func escapeAddress(address string) string {
	const plain = "-_.~!*'();/?:@&=+$,#"
	const hex = "0123456789ABCDEF"
	hostEnd := 0 // an address of IPv6 has brackets
	if i := strings.Index(address, "://["); i > 0 && i <= len("https") {
		hostEnd = i + 4 + strings.IndexByte(address[i+4:], ']')
	}
	var b strings.Builder
	for i := range len(address) {
		c := address[i]
		switch {
		case isAlphanumeric(c), strings.IndexByte(plain, c) >= 0, i <= hostEnd && (c == '[' || c == ']'),
			c == '%' && i+2 < len(address) && isHex(address[i+1]) && isHex(address[i+2]):
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// resolved returns text with its backslashes before marks and its character references resolved.
func resolved(text string) string {
	if strings.IndexByte(text, '\\') < 0 && strings.IndexByte(text, '&') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && isPunctuation(text[i+1]):
			b.WriteByte(text[i+1])
			i += 2
		case c == '&':
			end, character := reference(text, i)
			if end == 0 {
				b.WriteByte(c)
				i++
				continue
			}
			b.WriteString(character)
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// reference returns where the character reference ends that begins at i with &, and what it stands for. It returns 0 when
// there is none.
func reference(text string, i int) (end int, character string) {
	const longest = 34 // bytes
	semicolon := strings.IndexByte(Beginning(text[i:], longest), ';')
	if semicolon < 2 {
		return 0, ""
	}
	written := text[i : i+semicolon+1]
	name := written[1:semicolon]
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		isDigit, most := func(c byte) bool { return '0' <= c && c <= '9' }, 7
		if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
			digits, isDigit, most = digits[1:], isHex, 6
		}
		if digits == "" || len(digits) > most {
			return 0, ""
		}
		for j := range len(digits) {
			if !isDigit(digits[j]) {
				return 0, ""
			}
		}
	} else if skipName(name, 0) != len(name) {
		return 0, ""
	}
	character = html.UnescapeString(written)
	if strings.HasPrefix(character, "&") && len(character) > 1 { // not known
		return 0, ""
	}
	if strings.HasSuffix(character, ";") && character != ";" || character == "\x00" {
		return 0, ""
	}
	if r, _ := utf8.DecodeRuneInString(character); r == 0 {
		character = "\uFFFD"
	}
	return i + semicolon + 1, character
}

package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bareAddress returns where the address ends that begins at i without brackets around it: one with http:// or https://,
// or one that begins with www. A host is read whole or not at all.
func bareAddress(text string, i int) (end int, ok bool) {
	rest := text[i:]
	scheme := 0
	for _, s := range []string{"https://", "http://", "www."} {
		if len(rest) > len(s) && strings.EqualFold(rest[:len(s)], s) {
			scheme = len(s)
			break
		}
	}
	www := scheme == len("www.")
	if scheme == 0 || !mayPrecedeAddress(text[:i], www) {
		return 0, false
	}
	at := i + scheme
	if www {
		at = i
	}
	if end, ok = hostEnd(text, at, www); !ok {
		return 0, false
	}
	if end < len(text) && strings.IndexByte("/?#", text[end]) >= 0 {
		end = pathEnd(text, end)
	}
	if end = trimAddress(text, i, end); closesHighlight(text, i, end) {
		end = trimAddress(text, i, end-len(highlight))
	}
	return end, true
}

const highlight = "=="

// closesHighlight reports whether the address from start to end takes in the end of a highlight that began shortly before
// it. Elsewhere such an end belongs to the address, as that of a query may.
func closesHighlight(text string, start, end int) bool {
	const shortly = 256
	from := max(0, start-shortly)
	i := from + strings.LastIndex(text[from:start], highlight)
	if i < from || !strings.HasSuffix(text[start:end], highlight) {
		return false
	}
	opens, _ := flanks(text, i, i+len(highlight))
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return opens && (i == 0 || !unicode.IsLetter(before) && !unicode.IsNumber(before))
}

// mayPrecedeAddress reports whether an address may follow before directly: not within a word of letters, but behind any
// character of a script without blanks.
func mayPrecedeAddress(before string, www bool) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	switch {
	case before == "":
		return true
	case www && r < utf8.RuneSelf:
		return strings.ContainsRune(" \t\n\r*_~([{<>\"'|,;=!", r)
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return isWithoutBlanks(r)
	}
	return true
}

// isWithoutBlanks reports whether r belongs to a script that puts no blanks between words.
func isWithoutBlanks(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar, unicode.Bopomofo) || r == 'ー'
}

// endsAddress are the characters that end an address: they can't stand in one, or close a sentence in scripts without
// blanks.
const endsAddress = " \t\n\r<>\"`|。、，；：！？「」『』【】〔〕〈〉《》（）［］｛｝｡｢｣､“”‘’«»\u3000"

// maxHost is how long a host may be, in bytes.
const maxHost = 512

// hostEnd returns where the host and the port end that begin at i.
func hostEnd(text string, i int, www bool) (end int, ok bool) {
	if rest := Beginning(text[i:], maxHost); !www {
		if at := strings.IndexAny(rest, "@/?# \t\n<"); at > 0 && rest[at] == '@' {
			i += at + 1 // behind the name of a user
		}
	}
	if strings.HasPrefix(text[i:], "[") {
		if end = ipv6End(text, i); end == 0 {
			return 0, false
		}
	} else if end = nameEnd(Beginning(text, i+maxHost), i); end == i || end == i+maxHost || !isHost(text[i:end], www) {
		return 0, false
	}
	if end < len(text)-1 && text[end] == '.' && strings.IndexByte("/:?#", text[end+1]) >= 0 {
		end++ // of a name that is absolute
	}
	if end < len(text) && text[end] == ':' {
		port := end + 1
		for port < len(text) && '0' <= text[port] && text[port] <= '9' {
			port++
		}
		if port > end+1 && port <= end+6 {
			end = port
		}
	}
	if end == len(text) {
		return end, true
	}
	r, _ := utf8.DecodeRuneInString(text[end:])
	return end, strings.ContainsRune(endsAddress, r) || strings.ContainsRune("/?#)](*_~,;:.!'{}[&\\", r) || r >= utf8.RuneSelf
}

func ipv6End(text string, i int) int {
	end := i + 1
	for end < len(text) && end-i < 50 && (isHex(text[end]) || text[end] == ':' || text[end] == '.') {
		end++
	}
	if end == len(text) || text[end] != ']' || strings.Count(text[i:end], ":") < 2 {
		return 0
	}
	return end + 1
}

// nameEnd returns where the name of a host ends that begins at i, without a full stop at its end. What stands in a script
// without blanks behind a name in Latin letters is no part of it.
func nameEnd(text string, i int) int {
	end := i
	label := i // where the last one begins
	for end < len(text) {
		if c := text[end]; isAlphanumeric(c) || c == '-' || c == '_' {
			end++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[end:])
		if r == '.' {
			label = end + 1
		} else if !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd) {
			break
		} else if isWithoutBlanks(r) && end > label && isASCII(text[label:end]) && label > i && !hasMore(text[end:]) {
			break
		}
		end += size
	}
	for end > i && strings.IndexByte(".-_", text[end-1]) >= 0 {
		end--
	}
	return end
}

// hasMore reports whether the label of a host that goes on with text is followed by another.
func hasMore(text string) bool {
	for i, r := range text {
		switch {
		case i > 4*63:
			return false
		case r == '.':
			next, _ := utf8.DecodeRuneInString(text[i+1:])
			return unicode.IsLetter(next)
		case r != '-' && !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd):
			return false
		}
	}
	return false
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// isHost reports whether name is that of a host: an address of IPv4, localhost and other names without a dot unless they
// begin with www., or labels of which the last has letters. The last two have no underscore.
func isHost(name string, www bool) bool {
	labels := strings.Split(name, ".")
	if www && len(labels) < 3 {
		return www && len(labels) == 2 && labels[1] != "" && isName(labels[1])
	}
	for i, label := range labels {
		if label == "" || strings.HasPrefix(label, "-") || i >= len(labels)-2 && strings.Contains(label, "_") {
			return false
		}
	}
	return isName(labels[len(labels)-1]) || isIPv4(labels)
}

func isName(label string) bool { return strings.ContainsFunc(label, unicode.IsLetter) }

func isIPv4(labels []string) bool {
	for _, label := range labels {
		if len(label) > 3 || strings.Trim(label, "0123456789") != "" {
			return false
		}
	}
	return len(labels) == 4
}

// pathEnd returns where the path, the query and the fragment end that begin at i. A closing bracket that isn't opened in
// them ends them.
func pathEnd(text string, i int) int {
	depth := 0
	for j, r := range text[i:] {
		switch {
		case strings.ContainsRune(endsAddress, r) || unicode.IsControl(r) || unicode.IsSpace(r):
			return i + j
		case r == '[':
			if strings.HasPrefix(text[i+j:], "[[") {
				return i + j
			}
			depth++
		case r == ']':
			if depth--; depth < 0 {
				return i + j
			}
		}
	}
	return len(text)
}

// trimAddress returns the end of an address without what closes the sentence around it.
func trimAddress(text string, start, end int) int {
	// How many brackets are open at the end, which is less than none where one closes what isn't opened in the address.
	open := func(opening, closing string) int {
		return strings.Count(text[start:end], opening) - strings.Count(text[start:end], closing)
	}
	brackets, braces := open("(", ")"), open("{", "}")
	for end > start {
		switch c := text[end-1]; c {
		case '?', '!', '.', ',', ':', '*', '_', '~', '\'', '\\', '[':
			end--
		case '(':
			brackets--
			end--
		case '{':
			braces--
			end--
		case ')':
			if brackets >= 0 {
				return end
			}
			brackets++
			end--
		case '}':
			if braces >= 0 {
				return end
			}
			braces++
			end--
		case ';':
			entity := end - 1
			for entity > start && isAlphanumeric(text[entity-1]) {
				entity--
			}
			if entity == end-1 || entity == start || text[entity-1] != '&' {
				end--
				continue
			}
			end = entity - 1
		default:
			return end
		}
	}
	return end
}

// endsWithMailto reports whether text ends with the scheme of an address of mail.
func endsWithMailto(text string) bool {
	const scheme = "mailto:"
	at := len(text) - len(scheme)
	return at >= 0 && strings.EqualFold(text[at:], scheme) && (at == 0 || !isAlphanumeric(text[at-1]))
}

// mailAddress returns where the address of mail begins and ends that has its @ at i: react@18.2.0 is none. It begins no
// earlier than from.
func mailAddress(text string, from, i int) (start, end int, ok bool) {
	for start = i; start > from && (isAlphanumeric(text[start-1]) || strings.IndexByte(".-_+", text[start-1]) >= 0); {
		start--
	}
	for start < i && !isAlphanumeric(text[start]) {
		start++
	}
	before, _ := utf8.DecodeLastRuneInString(text[from:start])
	switch {
	case start == i:
		return 0, 0, false
	case start == from || isWithoutBlanks(before) || endsWithMailto(text[from:start]):
	case strings.ContainsRune("/@:\\", before) || unicode.IsLetter(before) || unicode.IsNumber(before):
		return 0, 0, false
	}
	for end = i + 1; end < len(text) && (isAlphanumeric(text[end]) || strings.IndexByte(".-_", text[end]) >= 0); {
		end++
	}
	for end > i+1 && (text[end-1] == '.' || text[end-1] == '_' && start > from && text[start-1] == '_') {
		end--
	}
	host := text[i+1 : end]
	labels := strings.Split(host, ".")
	if len(labels) < 2 || strings.IndexByte("-_", host[len(host)-1]) >= 0 || !isName(labels[len(labels)-1]) {
		return 0, 0, false
	}
	for _, label := range labels {
		if label == "" {
			return 0, 0, false
		}
	}
	return start, end, end == len(text) || text[end] != '@' && text[end] != '/'
}

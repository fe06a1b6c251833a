package markup

import (
	"slices"
	"strings"
)

// withoutFrontTags returns content with those tags taken out of its front matter that remove says yes to. Where what is left
// isn't read as the same without them, content stays as it is.
func withoutFrontTags(content string, remove func(name string) bool) string {
	before := NewFrontMatter(content)
	without := content
	for _, mark := range slices.Backward(before.tags) { // what is before the last stays where it is
		if remove(mark.Name) {
			start, end := valueIn(without, mark)
			without = without[:start] + without[end:]
		}
	}
	after := NewFrontMatter(without)
	wanted := slices.DeleteFunc(before.Tags(), remove)
	if !slices.Equal(after.Tags(), wanted) || len(after.Properties) != len(before.Properties) {
		return content
	}
	return without
}

// valueIn returns what has to go for a tag to be taken out of front matter: its quotes, and the line of a list that it is on
// alone, or else what parts it from the next or from the one before.
func valueIn(content string, mark TagMark) (start, end int) {
	start, end = mark.Start, mark.End
	if quote := content[start-1]; (quote == '"' || quote == '\'') && end < len(content) && content[end] == quote {
		start, end = start-1, end+1
	}
	const blanks = " \t"
	line := strings.LastIndexByte(content[:start], '\n') + 1
	next := end + strings.IndexByte(content[end:], '\n') + 1 // there are dashes below
	if strings.Trim(content[line:start], blanks) == "-" && strings.Trim(content[end:next], blanks+"\r\n") == "" {
		return line, next
	}
	if rest := strings.TrimLeft(content[end:], blanks); strings.HasPrefix(rest, ",") {
		return start, len(content) - len(strings.TrimLeft(rest[1:], blanks))
	}
	head := strings.TrimRight(content[:start], blanks+"\r\n")
	switch {
	case strings.HasSuffix(head, ","):
		return len(head) - 1, end
	case len(head) < start && !strings.ContainsAny(head[len(head)-1:], ":[-"): // the one before is parted by a blank
		return len(head), end
	}
	return start, len(content) - len(strings.TrimLeft(content[end:], blanks))
}

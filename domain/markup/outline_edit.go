package markup

import (
	"slices"
	"strings"

	"octavo/domain/words"
)

// RenameTags returns content with each mention of a tag under the name that rename gives it. A mention that would no
// longer be a tag stays, as one that would be too long.
func RenameTags(content string, rename func(name string) string) string {
	e := edit{content: content}
	renamed := map[string]string{}
	for _, mark := range NewOutline(content).Tags {
		name, known := renamed[mark.Name]
		if !known {
			name = rename(mark.Name)
			renamed[mark.Name] = name
		}
		if name != mark.Name && isTag(name) {
			e.replace(mark.End-len(mark.Name), mark.End, name)
		}
	}
	return e.result()
}

// RemoveTags returns content without the tags that remove says yes to. What is written in the text stays there as a
// word, without its '#', or with one that is escaped where the word alone would be read as something else. Front matter
// loses the value; where it wouldn't be read as before without it, all of it stays as it is.
func RemoveTags(content string, remove func(name string) bool) string {
	_, front, _ := frontMatterIn(content)
	var marks []TagMark
	removed := map[string]bool{}
	for _, mark := range NewOutline(content).Tags {
		gone, known := removed[mark.Name]
		if !known {
			gone = remove(mark.Name)
			removed[mark.Name] = gone
		}
		if gone && mark.End > front {
			marks = append(marks, mark)
		}
	}
	text := withoutMarks(content, marks, func(mark TagMark) bool { return isBracketed(content, mark) })
	if _, now, _ := frontMatterIn(text); front == 0 && now > 0 { // the first lines would no longer be text
		text = withoutMarks(content, marks, func(TagMark) bool { return true })
	}
	return withoutFrontTags(text, remove)
}

// withoutMarks returns content with the marks as words. Those that are to be shown as before keep their '#', escaped.
func withoutMarks(content string, marks []TagMark, asShown func(TagMark) bool) string {
	e := edit{content: content}
	for _, mark := range marks {
		if asShown(mark) {
			e.replace(mark.Start, mark.Start+1, `\#`)
		} else {
			e.replace(mark.Start, mark.End-len(mark.Name), "")
		}
	}
	return e.result()
}

// isBracketed reports whether a tag stands alone between brackets, and might become a box or a link without its '#'.
func isBracketed(content string, mark TagMark) bool {
	return mark.Start > 0 && content[mark.Start-1] == '[' && strings.HasPrefix(content[mark.End:], "]")
}

// RenameLinks returns content with the links to a title, given by its key, leading to the title to. Headings, labels and
// the folders of paths stay. Paths with a key among elsewhere lead to a note that has the whole path for its title, and
// stay, too.
func RenameLinks(content, fromKey, to string, elsewhere ...string) string {
	if LinkTitle(to) == "" || fromKey == "" {
		return content
	}
	e := edit{content: content}
	_, front, _ := frontMatterIn(content)
	keys := map[string]string{} // of titles as they are written
	keyOf := func(title string) string {
		key, known := keys[title]
		if !known {
			key = words.Fold(title)
			keys[title] = key
		}
		return key
	}
	for _, mark := range NewOutline(content).Links {
		key := keyOf(mark.Title)
		whole := key == fromKey
		if !whole && (slices.Contains(elsewhere, key) || mark.Title == "" || keyOf(mark.Path()) != fromKey) {
			continue
		}
		if mark.Address {
			e.replace(mark.Start, mark.End, renamedAddress(content[mark.Start:mark.End], to, whole))
			continue
		}
		title := mark.renamed(to, whole)
		if mark.End <= front {
			title = wideInYAML.Replace(title)
		}
		start := strings.Index(content[mark.Start:mark.End], "[[") + mark.Start + 2
		start += strings.Index(content[start:mark.End], mark.Title)
		e.replace(start, start+len(mark.Title), title)
	}
	return e.result()
}

// renamed returns what a wiki link says in place of its title to lead to the title to, in the same folder unless the
// whole title was that of the note.
func (m LinkMark) renamed(to string, whole bool) string {
	title := LinkTitle(to)
	if m.Heading != "" && strings.HasSuffix(title, "#") {
		title = strings.TrimSuffix(title, "#") + "＃"
	}
	if !whole && !strings.Contains(to, "/") {
		title = m.Title[:strings.LastIndexByte(m.Title, '/')+1] + title
	}
	return title
}

// WideInYAML returns text with the wide forms of what would end a value in front matter, as RenameLinks writes it.
func WideInYAML(text string) string { return wideInYAML.Replace(text) }

// wideInYAML replaces what would end a value in front matter. words.Fold takes the wide forms for the same.
var wideInYAML = strings.NewReplacer(`"`, "＂", "'", "＇", ":", "：", "#", "＃")

// LinkTitle returns title as it is written between [[ and ]]. The characters that would end it there are replaced by
// their wide forms, which words.Fold takes for the same.
func LinkTitle(title string) string {
	title = OneLine(title)
	var b strings.Builder
	for i := range len(title) {
		c := title[i]
		wide := c == '[' || c == ']' || c == '|' || c == '`' || c == '\\' || c == '#' && partsHeading(title, i)
		if wide {
			b.WriteRune(rune(c) - '!' + '！')
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// SetTask returns content with its n-th box, counted from 1, ticked or not. It is as it was when there is none.
func SetTask(content string, n int, done bool) string {
	tasks := NewOutline(content).Tasks
	if n < 1 || n > len(tasks) || tasks[n-1].Done == done {
		return content
	}
	task := tasks[n-1]
	mark := " "
	if done {
		mark = "x"
	}
	return content[:task.Box] + mark + content[task.Box+1:]
}

// edit is a content with some replacements, from the beginning to the end.
type edit struct {
	content string
	b       strings.Builder
	done    int // how much of content is dealt with
}

func (e *edit) replace(start, end int, text string) {
	if e.content[start:end] != text {
		e.b.WriteString(e.content[e.done:start])
		e.b.WriteString(text)
		e.done = end
	}
}

func (e *edit) result() string {
	if e.done == 0 {
		return e.content
	}
	e.b.WriteString(e.content[e.done:])
	return e.b.String()
}

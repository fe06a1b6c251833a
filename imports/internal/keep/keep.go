// Package keep reads what Google Takeout has of Keep: a file of JSON for each note, beside the same in HTML and what is attached.
package keep

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
	"octavo/imports/internal/vault"
)

// note is what a file says.
type note struct {
	Title       *string `json:"title"`
	Text        *string `json:"textContent"`
	HTML        string  `json:"textContentHtml"`
	List        []entry `json:"listContent"`
	Trashed     *bool   `json:"isTrashed"`
	Pinned      bool    `json:"isPinned"`
	Archived    bool    `json:"isArchived"`
	Edited      micros  `json:"userEditedTimestampUsec"`
	Created     micros  `json:"createdTimestampUsec"`
	Labels      []label `json:"labels"`
	Attachments []file  `json:"attachments"`
	Annotations []link  `json:"annotations"`
}

type (
	entry struct {
		Text    string `json:"text"`
		Checked bool   `json:"isChecked"`
	}
	label struct {
		Name string `json:"name"`
	}
	file struct {
		Path string `json:"filePath"`
		Type string `json:"mimetype"`
	}
	link struct {
		Title string `json:"title"`
		URL   string `json:"url"`
	}
)

// micros is a time in microseconds, which may be written as a text.
type micros int64

func (m *micros) UnmarshalJSON(source []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(source), `"`), 10, 64)
	*m = micros(n)
	return err
}

func (m micros) time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(m)).UTC()
}

// parse reads a file, and reports false for one that is no note of Keep.
func parse(content []byte) (n note, ok bool) {
	if json.Unmarshal(content, &n) != nil {
		return note{}, false
	}
	return n, n.Trashed != nil && (n.Title != nil || n.Text != nil || n.List != nil || n.Attachments != nil) || n.Edited > 0 && n.Title != nil
}

func isJSON(f *tree.File) bool { return strings.EqualFold(path.Ext(f.Path), ".json") }

func isHTML(f *tree.File) bool { return strings.EqualFold(path.Ext(f.Path), ".html") }

// Detect reports whether there is a note of Keep in the tree.
func Detect(t *tree.Tree) bool {
	return slices.ContainsFunc(t.Files, func(f *tree.File) bool {
		if !isJSON(f) || !f.Begins('{') {
			return false
		}
		content, err := f.Read(text.MaxSize)
		if err != nil {
			return false
		}
		_, ok := parse(content)
		return ok
	})
}

// Read puts out the notes of a tree.
func Read(t *tree.Tree, out *tree.Out) error {
	e := export{tree: t, linked: map[string]bool{}, ids: map[string]int{}, stems: map[string]*tree.File{}, names: map[string]*tree.File{}}
	var folders []string // where notes are, in whatever language their names
	for _, f := range t.Files {
		if isJSON(f) || isHTML(f) {
			continue
		}
		e.names[path.Base(f.Path)] = f
		if stem := stem(f.Path); e.stems[stem] == nil {
			e.stems[stem] = f
		}
	}
	for _, f := range t.Files {
		if !isJSON(f) {
			continue
		}
		if err := e.file(f, &folders, out); err != nil {
			return err
		}
	}
	for _, f := range t.Files {
		var err error
		switch {
		case e.linked[f.Path] || isJSON(f):
		case isHTML(f) && slices.Contains(folders, path.Dir(f.Path)):
			if t.Find(stem(f.Path)+".json") == nil {
				err = e.page(f, f, out)
			}
		case slices.Contains(folders, path.Dir(f.Path)) && strings.EqualFold(path.Ext(f.Path), ".txt"): // all labels
		default:
			err = out.Lose(f.Path, "import.file_unused")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type export struct {
	tree         *tree.Tree
	linked       map[string]bool
	ids          map[string]int
	names, stems map[string]*tree.File // of what is attached: by name, and by path without the ending
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// file puts out the note of a file, or of its double where it is broken.
func (e *export) file(f *tree.File, folders *[]string, out *tree.Out) error {
	content, err := f.Read(text.MaxSize)
	if err != nil {
		return out.Broken(f.Path, err)
	}
	said, ok := parse(content)
	if !ok {
		if double := e.tree.Find(stem(f.Path) + ".html"); double != nil {
			return e.page(double, f, out)
		}
		if slices.Contains(*folders, path.Dir(f.Path)) || len(*folders) == 0 {
			return out.Lose(f.Path, "import.unreadable")
		}
		return out.Lose(f.Path, "import.file_unused")
	}
	if folder := path.Dir(f.Path); !slices.Contains(*folders, folder) {
		*folders = append(*folders, folder)
	}
	return out.Put(e.note(f, said))
}

// id returns the id of a note that was made at a time, and which of those it is.
func (e *export) id(name string) string {
	e.ids[name]++
	if n := e.ids[name]; n > 1 {
		name += fmt.Sprintf("-%d", n)
	}
	return name
}

// formatted is how Keep writes text that isn't plain.
var formatted = regexp.MustCompile(`<(?:b|i|u|h[1-6])[ >]|font-weight:\s*[6-9]00|font-style:\s*italic|text-decoration:\s*underline`)

// rich returns the text of a note with what is bold and the like in it. ok is false where the page of it doesn't say the same.
func rich(source, plain string) (words string, ok bool) {
	if !formatted.MatchString(source) {
		return text.Plain(plain), true
	}
	doc, err := text.ParseHTML(source)
	if err != nil || letters(text.Words(doc)) != letters(plain) {
		return text.Plain(plain), false
	}
	var spans, lines []*html.Node
	for d := range doc.Descendants() {
		if d.Type == html.ElementNode && d.Data == "span" {
			spans = append(spans, d)
		} else if d.Type == html.ElementNode && d.Data == "p" {
			lines = append(lines, d)
		}
	}
	for _, span := range spans {
		text.Emphasise(span)
	}
	for _, line := range lines { // each is one of a paragraph, which a blank one ends
		before := line.PrevSibling
		if before == nil || before.Data != "p" || letters(text.Words(before)) == "" || letters(text.Words(line)) == "" {
			continue
		}
		before.AppendChild(text.Element("br"))
		text.Adopt(before, line)
		text.Replace(line)
	}
	words, err = text.FromHTML(doc)
	return words, err == nil
}

func letters(words string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, words)
}

func (e *export) note(f *tree.File, said note) domain.Incoming {
	n := domain.Incoming{Place: f.Path, State: domain.Active, Pinned: said.Pinned, Created: said.Created.time(), Updated: said.Edited.time()}
	n.ID = e.id(strconv.FormatInt(int64(said.Created), 10))
	if said.Created == 0 {
		n.ID = e.id(f.Path)
	}
	switch {
	case said.Trashed != nil && *said.Trashed:
		n.State = domain.Trashed
	case said.Archived:
		n.State = domain.Archived
	}
	if said.Title != nil {
		n.Name(*said.Title)
	}
	for _, l := range said.Labels {
		n.Tag(l.Name)
	}
	var b strings.Builder
	if said.Text != nil {
		words, ok := rich(said.HTML, *said.Text)
		if !ok {
			n.Lose("import.formatting")
		}
		b.WriteString(words)
	}
	for _, item := range said.List {
		box := "- [ ] "
		if item.Checked {
			box = "- [x] "
		}
		if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
			b.WriteByte('\n')
		}
		b.WriteString(box + text.Plain(markup.OneLine(item.Text)) + "\n")
	}
	for _, a := range said.Annotations {
		if a.URL != "" && !strings.Contains(b.String(), a.URL) {
			b.WriteString("\n\n[" + text.Escape(markup.OneLine(a.Title)) + "](" + text.Destination(a.URL) + ")")
		}
	}
	n.Write(b.String())
	files := vault.Attachments{Note: &n, Linked: e.linked}
	for _, a := range said.Attachments {
		if attached := e.attached(f, a.Path); attached != nil {
			text.Attach(&n, files.Add(attached, path.Base(a.Path), a.Type))
		} else {
			n.Lose("import.file_missing")
		}
	}
	if n.Title == "" && strings.TrimSpace(n.Content) == "" || n.Title == "" && said.Text == nil && len(said.List) == 0 || n.Title == "" && len(n.Marks) > 0 && n.Marks[0].Start == 0 {
		n.Name(n.Created.Format("2006-01-02 15:04"))
	}
	return n
}

// attached returns the file that a note has: by its name, by that without the ending, which may be another one, or in another
// part of the export.
func (e *export) attached(f *tree.File, name string) *tree.File {
	at := path.Join(path.Dir(f.Path), name)
	if found := e.tree.Find(at); found != nil {
		return found
	}
	if found := e.stems[stem(at)]; found != nil {
		return found
	}
	return e.names[path.Base(name)]
}

// page puts out the note of a page, in place of a file that is broken or isn't there.
func (e *export) page(f, place *tree.File, out *tree.Out) error {
	source, _, err := f.Text()
	if err != nil {
		return out.Broken(place.Path, err)
	}
	doc, err := text.ParseHTML(source)
	if err != nil {
		return out.Broken(place.Path, err)
	}
	n := domain.Incoming{Place: place.Path, ID: e.id(f.Path), State: domain.Active, Updated: f.Modified}
	content := &html.Node{Type: html.DocumentNode}
	for d := range doc.Descendants() {
		switch class, _ := text.Attribute(d, "class"); {
		case d.Type != html.ElementNode:
		case class == "title":
			n.Name(text.Words(d))
		case class == "content" && content.FirstChild == nil:
			within := text.Element("div")
			text.Adopt(within, d)
			content.AppendChild(within)
		case class == "label-name":
			n.Tag(text.Words(d))
		}
	}
	if n.Title == "" && content.FirstChild == nil {
		return out.Lose(place.Path, "import.unreadable")
	}
	said, err := text.FromHTML(content)
	if err != nil {
		return out.Broken(place.Path, err)
	}
	n.Lose("import.only_page")
	n.Write(text.EscapeTags(boxes.Replace(said)))
	return out.Put(n)
}

var boxes = strings.NewReplacer("- ☐", "- [ ] ", "- ☑", "- [x] ", "☐", "", "☑", "")

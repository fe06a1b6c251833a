// Package joplin reads the exports of Joplin, JEX and RAW: a file for each note, notebook, tag and resource.
package joplin

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
	"octavo/imports/internal/vault"
)

// Options say what is made of notebooks.
type Options struct {
	NotebookTags bool // the notebooks of a note are tags of it, nested as they are
}

var itemName = regexp.MustCompile(`^[0-9a-f]{32}\.md$`)

// Detect reports whether there is an export in the tree.
func Detect(t *tree.Tree) bool {
	return slices.ContainsFunc(t.Files, func(f *tree.File) bool {
		if !itemName.MatchString(f.Path) {
			return false
		}
		content, _, err := f.Text()
		return err == nil && parse(content).kind() > 0
	})
}

// Kinds of items.
const (
	noteItem     = 1
	notebookItem = 2
	resourceItem = 4
	tagItem      = 5
	taggingItem  = 6
)

// item is what a file says: a title, a text, and properties below.
type item struct {
	title, body string
	properties  map[string]string
}

func (i item) kind() int {
	n, _ := strconv.Atoi(i.properties["type_"])
	return n
}

var property = regexp.MustCompile(`^[a-z_]+:(?: |$)`)

func parse(content string) item {
	content = strings.TrimRight(strings.ReplaceAll(content, "\r\n", "\n"), "\n")
	i := item{properties: map[string]string{}}
	at := 0 // where the properties begin
	if blank := strings.LastIndex(content, "\n\n"); blank >= 0 {
		at = blank + 2
	}
	for line := range strings.Lines(content[at:]) {
		line = strings.TrimRight(line, "\n")
		if !property.MatchString(line) {
			return item{}
		}
		name, value, _ := strings.Cut(line, ":")
		i.properties[name] = strings.TrimSpace(value)
	}
	if at > 0 {
		i.title, i.body, _ = strings.Cut(content[:at-2], "\n")
		i.body = strings.TrimPrefix(i.body, "\n")
	}
	return i
}

// when returns the first of some times that an item has.
func (i item) when(names ...string) time.Time {
	for _, name := range names {
		if value := i.properties[name]; value != "" && value != "0" {
			if at, ok := vault.ParseTime(value); ok {
				return at
			}
		}
	}
	return time.Time{}
}

func (i item) is(name string) bool { return i.properties[name] != "" && i.properties[name] != "0" }

// export is what has to be known of an export to read its notes.
type export struct {
	Options
	notes     []*tree.File
	isNote    map[string]bool
	notebooks map[string]notebook
	tags      map[string]string   // names by ids
	tagged    map[string][]string // ids of tags by ids of notes
	resources map[string]resource
	contents  map[string]*tree.File // of resources
	linked    map[string]bool       // paths
}

type notebook struct{ title, parent string }

type resource struct {
	name, mime string
	encrypted  bool
}

// Read puts out the notes of a tree.
func Read(t *tree.Tree, o Options, out *tree.Out) error {
	e := export{
		Options: o, isNote: map[string]bool{}, notebooks: map[string]notebook{}, tags: map[string]string{}, tagged: map[string][]string{},
		resources: map[string]resource{}, contents: map[string]*tree.File{}, linked: map[string]bool{},
	}
	for _, f := range t.Files {
		if !itemName.MatchString(f.Path) {
			if name := path.Base(f.Path); len(name) >= 32 && strings.HasPrefix(f.Path, "resources/") {
				e.contents[name[:32]] = f
			}
			continue
		}
		content, _, err := f.Text()
		if err != nil {
			if err := out.Broken(f.Path, err); err != nil {
				return err
			}
			continue
		}
		if err := e.index(f, parse(content), out); err != nil {
			return err
		}
	}
	for _, f := range e.notes {
		content, _, err := f.Text()
		if err != nil {
			return out.Broken(f.Path, err)
		}
		if err := out.Put(e.note(f, parse(content))); err != nil {
			return err
		}
	}
	for _, f := range t.Files {
		if !itemName.MatchString(f.Path) && !e.linked[f.Path] {
			if err := out.Lose(f.Path, "import.file_unused"); err != nil {
				return err
			}
		}
	}
	return nil
}

// index takes in an item.
func (e *export) index(f *tree.File, i item, out *tree.Out) error {
	id := f.Path[:32]
	if i.is("encryption_applied") {
		return out.Lose(f.Path, "import.joplin_encrypted")
	}
	switch i.kind() {
	case noteItem:
		e.notes = append(e.notes, f)
		e.isNote[id] = true
	case notebookItem:
		e.notebooks[id] = notebook{i.title, i.properties["parent_id"]}
	case resourceItem:
		r := resource{i.title, i.properties["mime"], i.is("encryption_blob_encrypted")}
		if r.name == "" {
			r.name = i.properties["filename"]
		}
		if r.name == "" {
			r.name = id
		}
		if ending := i.properties["file_extension"]; ending != "" && path.Ext(r.name) == "" {
			r.name += "." + ending
		}
		e.resources[id] = r
	case tagItem:
		e.tags[id] = i.title
	case taggingItem:
		note := i.properties["note_id"]
		e.tagged[note] = append(e.tagged[note], i.properties["tag_id"])
	case 0:
		return out.Lose(f.Path, "import.unreadable")
	}
	return nil
}

// notebook returns the path of a notebook.
func (e *export) notebook(id string) string {
	const deepest = 20
	var names []string
	for range deepest {
		n, ok := e.notebooks[id]
		if !ok {
			break
		}
		names = append([]string{strings.ReplaceAll(n.title, "/", "-")}, names...)
		id = n.parent
	}
	return strings.Join(names, "/")
}

func (e *export) note(f *tree.File, i item) domain.Incoming {
	id := f.Path[:32]
	n := domain.Incoming{
		Place: f.Path, ID: id, State: domain.Active,
		Created: i.when("user_created_time", "created_time"), Updated: i.when("user_updated_time", "updated_time"),
	}
	if i.is("deleted_time") {
		n.State = domain.Trashed
	}
	n.Name(i.title)
	var tags []string
	for _, tag := range e.tagged[id] {
		tags = append(tags, e.tags[tag])
	}
	slices.Sort(tags)
	n.Tag(tags...)
	if i.is("is_conflict") {
		n.Tag("conflict")
	}
	if e.NotebookTags {
		n.Tag(e.notebook(i.properties["parent_id"]))
	}
	content := i.body
	if i.properties["markup_language"] == "2" {
		content = fromHTML(&n, content)
	}
	if i.is("is_todo") {
		content = todo(n.Title, i) + content
	}
	content, data := text.Data(&n, text.FrontMatter("source", i.properties["source_url"])+text.Images(content))
	n.Write(content)
	files := vault.Attachments{Note: &n, Linked: e.linked}
	n.Marks = text.Marks(n.Content, nil, text.Also(data, func(destination string, _ bool) (text.Target, bool) {
		to, ok := strings.CutPrefix(destination, ":/")
		if !ok || len(to) < 32 {
			return text.Target{}, false
		}
		to, heading := to[:32], strings.TrimPrefix(to[32:], "#")
		r, isResource := e.resources[to]
		switch content := e.contents[to]; {
		case e.isNote[to]:
			return text.Target{Note: to, Heading: heading}, true
		case isResource && r.encrypted:
			n.Lose("import.joplin_encrypted")
		case isResource && content != nil:
			return text.Target{File: files.Add(content, r.name, r.mime)}, true
		case isResource:
			n.Lose("import.file_missing")
		}
		return text.Target{}, false
	}))
	return n
}

// todo returns the task that a note is.
func todo(title string, i item) string {
	box := "- [ ] "
	if i.is("todo_completed") {
		box = "- [x] "
	}
	words := text.Escape(title)
	if words == "" {
		first, _, _ := strings.Cut(strings.TrimSpace(i.body), "\n")
		words = markup.OneLine(first)
	}
	if due := i.when("todo_due"); !due.IsZero() {
		words += " 📅 " + due.Format(time.DateOnly)
	}
	return box + words + "\n\n"
}

// fromHTML returns the text of a note that is written in HTML.
func fromHTML(n *domain.Incoming, source string) string {
	doc, err := text.ParseHTML(source)
	content := ""
	if err == nil {
		for d := range doc.Descendants() { // an address without a scheme would be lost
			for at, a := range d.Attr {
				if (a.Key == "src" || a.Key == "href") && strings.HasPrefix(a.Val, ":/") {
					d.Attr[at].Val = "joplin" + a.Val
				}
			}
		}
		content, err = text.FromHTML(doc)
	}
	if err != nil {
		n.Lose("import.stripped")
		return text.Stripped(source)
	}
	return text.EscapeTags(strings.ReplaceAll(content, "](joplin:/", "](:/"))
}

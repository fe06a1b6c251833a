// Package vault reads folders of Markdown, and the vaults of Obsidian.
package vault

import (
	"iter"
	"mime"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
)

// Options say what is made of folders.
type Options struct {
	Obsidian   bool // only what Obsidian takes for a note is one, and is called as its file
	FolderTags bool // the folder of a note is a tag of it
}

// IsObsidian reports whether the tree is a vault of Obsidian.
func IsObsidian(t *tree.Tree) bool { return t.Hidden[".obsidian"] }

// IsMarkdown reports whether there is a note in the tree.
func IsMarkdown(t *tree.Tree) bool {
	return slices.ContainsFunc(t.Files, func(f *tree.File) bool { return isNote(f.Path, Options{}) })
}

func isNote(name string, o Options) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown":
		return true
	case ".txt":
		return !o.Obsidian
	}
	return false
}

// Read puts out the notes of a tree.
func Read(t *tree.Tree, o Options, out *tree.Out) error {
	v := vault{Options: o, index: NewIndex(t), linked: map[string]bool{}}
	for _, f := range t.Files {
		if !isNote(f.Path, o) {
			continue
		}
		n, err := v.note(f)
		if err == nil {
			err = out.Put(n)
		} else {
			err = out.Broken(f.Path, err)
		}
		if err != nil {
			return err
		}
	}
	return v.rest(t, out)
}

type vault struct {
	Options
	index  *Index
	linked map[string]bool // paths of files that a note has
}

// rest says what no note was made of, and is in none.
func (v *vault) rest(t *tree.Tree, out *tree.Out) error {
	for _, f := range t.Files {
		var err error
		switch ext := strings.ToLower(path.Ext(f.Path)); {
		case isNote(f.Path, v.Options) || v.linked[f.Path]:
		case ext == ".canvas":
			err = out.Lose(f.Path, "import.canvas")
		case ext == ".base":
			err = out.Lose(f.Path, "import.base")
		default:
			err = out.Lose(f.Path, "import.file_unused")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *vault) note(f *tree.File) (domain.Incoming, error) {
	content, sure, err := f.Text()
	if err != nil {
		return domain.Incoming{}, err
	}
	n := domain.Incoming{Place: f.Path, ID: f.Path, State: domain.Active, Updated: f.Modified}
	if !sure {
		n.Lose("import.encoding_guessed")
	}
	content, data := text.Data(&n, text.Images(content))
	n.Write(content)
	front := markup.NewFrontMatter(n.Content)
	v.properties(&n, front)
	title := strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
	if !v.Obsidian && front.Title != "" {
		title = front.Title
	}
	n.Name(title)
	if folder := path.Dir(f.Path); v.FolderTags && folder != "." {
		n.Tag(folder)
	}
	files := Attachments{Note: &n, Linked: v.linked}
	n.Marks = text.Marks(n.Content, func(link markup.LinkMark) (text.Target, bool) {
		if link.Title == "" {
			return text.Target{}, false
		}
		to := v.index.Find(f.Path, link.Title)
		return v.target(&files, to, link.Heading)
	}, text.Also(data, func(destination string, _ bool) (text.Target, bool) {
		name, heading, ok := Relative(destination)
		if !ok {
			return text.Target{}, false
		}
		return v.target(&files, v.index.Find(f.Path, name), heading)
	}))
	return n, nil
}

func (v *vault) target(files *Attachments, to *tree.File, heading string) (text.Target, bool) {
	switch {
	case to == nil:
		return text.Target{}, false
	case isNote(to.Path, v.Options):
		return text.Target{Note: to.Path, Heading: heading}, true
	}
	return text.Target{File: files.Add(to, "", "")}, true
}

// properties takes times and tags from front matter. Those tags that are ones as they are written are the text's own.
func (v *vault) properties(n *domain.Incoming, front markup.FrontMatter) {
	tags := map[string]bool{}
	for _, tag := range front.Tags() {
		tags[tag] = true
	}
	for _, p := range front.Properties {
		switch name := strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(p.Name)); {
		case p.Tags():
			for _, value := range p.Values {
				names := []string{value}
				if len(p.Values) == 1 && strings.Contains(value, ",") {
					names = strings.Split(value, ",")
				} else if len(p.Values) == 1 && len(tags) > 1 { // parted by blanks
					names = strings.Fields(value)
				}
				for _, name := range names {
					if name = strings.TrimPrefix(strings.TrimSpace(name), "#"); !tags[name] {
						n.Tag(name)
					}
				}
			}
		case len(p.Values) != 1:
		case slices.Contains(createdNames, name):
			if at, ok := ParseTime(p.Values[0]); ok {
				n.Created = at
			}
		case slices.Contains(updatedNames, name):
			if at, ok := ParseTime(p.Values[0]); ok {
				n.Updated = at
			}
		}
	}
}

// Names of properties, without what parts their words.
var (
	createdNames = []string{"created", "createdat", "createdtime", "createdon", "datecreated", "creationdate", "createddate", "date", "ctime", "createtime"}
	updatedNames = []string{"updated", "updatedat", "updatedtime", "updatedon", "dateupdated", "modified", "modifiedat", "datemodified", "lastmod", "lastmodified", "lastupdated", "modificationdate", "mtime", "updatetime"}
)

// Attachments are the files of a note, each once.
type Attachments struct {
	Note   *domain.Incoming
	Linked map[string]bool
	known  map[string]int
}

// Add returns which of the note's files one is, counted from 1. It is called as in its tree, and of the type that its ending says,
// unless name and mediaType say otherwise.
func (a *Attachments) Add(f *tree.File, name, mediaType string) int {
	if n := a.known[f.Path]; n > 0 {
		return n
	}
	if name == "" {
		name = path.Base(f.Path)
	}
	if mediaType == "" {
		mediaType, _, _ = strings.Cut(mime.TypeByExtension(path.Ext(name)), ";")
	}
	a.Note.Files = append(a.Note.Files, f.Incoming(name, mediaType))
	if a.known == nil {
		a.known = map[string]int{}
	}
	a.known[f.Path] = len(a.Note.Files)
	if a.Linked != nil {
		a.Linked[f.Path] = true
	}
	return len(a.Note.Files)
}

// Relative returns the path and the heading of an address that leads to a file beside a text. It is no address of another site.
func Relative(address string) (name, heading string, ok bool) {
	name, heading, _ = strings.Cut(address, "#")
	if name == "" || strings.HasPrefix(name, "//") {
		return "", "", false
	}
	if colon := strings.IndexByte(name, ':'); colon > 0 && !strings.ContainsAny(name[:colon], "/. %") {
		return "", "", false
	}
	if decoded, err := url.PathUnescape(name); err == nil {
		name = decoded
	}
	if decoded, err := url.PathUnescape(heading); err == nil {
		heading = decoded
	}
	return name, heading, true
}

// Index finds the files that links lead to.
type Index struct {
	files []*tree.File
	paths map[string]int32 // which of the files, by path, in lower case and without the ending of a note
	names map[string]int32 // the first of those, by the last part of that
	next  []int32          // of the files, the next with the same name, or 0
}

// NewIndex returns the index of a tree.
func NewIndex(t *tree.Tree) *Index {
	n := len(t.Files)
	x := &Index{t.Files, make(map[string]int32, n), make(map[string]int32, n), make([]int32, n)}
	for i := n - 1; i > 0; i-- {
		x.add(int32(i))
	}
	if n > 0 {
		x.add(0)
	}
	return x
}

// add takes in a file before those that follow it.
func (x *Index) add(i int32) {
	key := indexKey(x.files[i].Path)
	x.paths[key] = i
	name := path.Base(key)
	if next, ok := x.names[name]; ok {
		x.next[i] = next
	}
	x.names[name] = i
}

// at returns the file with a path, or nil.
func (x *Index) at(key string) *tree.File {
	if i, ok := x.paths[key]; ok {
		return x.files[i]
	}
	return nil
}

// named returns the files whose paths end with a name.
func (x *Index) named(name string) iter.Seq[*tree.File] {
	return func(yield func(*tree.File) bool) {
		for i, ok := x.names[name]; ok && yield(x.files[i]) && x.next[i] > 0; i = x.next[i] {
		}
	}
}

func indexKey(name string) string {
	name = strings.ToLower(norm.NFC.String(name))
	return strings.TrimSuffix(strings.TrimSuffix(name, ".md"), ".markdown")
}

// Find returns the file that a link in the file from leads to, or nil: the one with its path from there, from the top, or
// that has it at its end, the one nearest to the top of several.
func (x *Index) Find(from, link string) *tree.File {
	link = strings.ReplaceAll(strings.TrimSpace(link), `\`, "/")
	fromTop := strings.HasPrefix(link, "/")
	key := path.Clean(indexKey(strings.TrimPrefix(link, "/")))
	if key == "." {
		return nil
	}
	if !fromTop {
		if f := x.at(indexKey(path.Join(path.Dir(from), key))); f != nil {
			return f
		}
	}
	if f := x.at(key); f != nil {
		return f
	}
	var found *tree.File
	end := "/" + strings.TrimLeft(key, "./")
	for f := range x.named(path.Base(key)) {
		if (found == nil || len(f.Path) < len(found.Path)) && strings.HasSuffix("/"+indexKey(f.Path), end) {
			found = f
		}
	}
	return found
}

// Package evernote reads the exports of Evernote: files of XML, as large as they may be.
package evernote

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
)

// Options say what is made of notebooks.
type Options struct {
	NotebookTags bool // the name of each file, which is that of a notebook, is a tag of its notes
}

// Detect reports whether there is an export in the tree.
func Detect(t *tree.Tree) bool { return slices.ContainsFunc(t.Files, isExport) }

func isExport(f *tree.File) bool {
	return f.Begins('<') && bytes.Contains(f.Head(1024), []byte("<en-export"))
}

// Read puts out the notes of a tree.
func Read(t *tree.Tree, o Options, out *tree.Out) error {
	ids := map[string]int{}
	for _, f := range t.Files {
		var err error
		if isExport(f) {
			err = readFile(f, o, ids, out)
		} else {
			err = out.Lose(f.Path, "import.file_unused")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errOut is an error of whoever takes the notes, and none of the file.
type errOut struct{ error }

func readFile(f *tree.File, o Options, ids map[string]int, out *tree.Out) error {
	content, err := f.Open()
	if err != nil {
		return out.Broken(f.Path, err)
	}
	defer func() { _ = content.Close() }()
	in := newFilter(content)
	defer in.close()
	r := &reader{filter: in, file: f, Options: o, ids: ids, out: out}
	r.decode()
	err = r.all()
	var ofOut errOut
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &ofOut):
		return ofOut.error
	case errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF):
		return out.Lose(f.Path, "import.cut_off")
	case err != nil:
		return out.Broken(f.Path, err)
	}
	return nil
}

type reader struct {
	Options
	filter *filter
	xml    *xml.Decoder
	file   *tree.File
	ids    map[string]int
	out    *tree.Out
}

// decode begins to read what is XML from here on.
func (r *reader) decode() {
	r.xml = xml.NewDecoder(r.filter)
	r.xml.Strict, r.xml.Entity = false, xml.HTMLEntity
}

// isBroken reports whether XML is broken in the middle, so that there may be more notes behind it.
func isBroken(err error) bool {
	var syntax *xml.SyntaxError
	return errors.Is(err, errTag) || errors.As(err, &syntax) && syntax.Msg != "unexpected EOF"
}

// all reads the notes of a file.
func (r *reader) all() error {
	for {
		token, err := r.xml.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if start, ok := token.(xml.StartElement); ok && err == nil && start.Name.Local == "note" {
			r.filter.next()
			var n domain.Incoming
			if n, err = r.note(); err == nil {
				if err := r.out.Put(n); err != nil {
					return errOut{err}
				}
			}
		}
		switch {
		case isBroken(err):
			if err := r.out.Lose(r.file.Path, "import.note_broken"); err != nil {
				return errOut{err}
			}
			r.filter.seek()
			r.decode()
		case err != nil:
			return err
		}
	}
}

// note is what the export says of one.
type note struct {
	title, content   string
	created, updated time.Time
	tags             []string
	source, reminder string
	resources        []resource
	tasks            []task
}

type resource struct {
	spooled
	mime, name, url string
}

type task struct {
	Title  string `xml:"title"`
	Status string `xml:"taskStatus"`
	Group  string `xml:"taskGroupNoteLevelID"`
	Weight string `xml:"sortWeight"`
	Due    string `xml:"dueDate"`
}

// most is how many tags, files and tasks are read of a note.
const most = 1000

func (r *reader) note() (domain.Incoming, error) {
	var n note
	err := r.children("note", func(name string) (err error) {
		switch name {
		case "title":
			n.title, err = r.text()
		case "content":
			n.content, err = r.text()
		case "created":
			n.created, err = r.time()
		case "updated":
			n.updated, err = r.time()
		case "tag":
			var tag string
			if tag, err = r.text(); len(n.tags) < most {
				n.tags = append(n.tags, strings.TrimSpace(tag))
			}
		case "note-attributes":
			err = r.children(name, func(name string) (err error) {
				switch name {
				case "source-url":
					n.source, err = r.text()
				case "reminder-time":
					n.reminder, err = r.text()
				default:
					err = r.xml.Skip()
				}
				return err
			})
		case "resource":
			var res resource
			if res, err = r.resource(); len(n.resources) < most {
				n.resources = append(n.resources, res)
			}
		case "task":
			var t task
			if err = r.xml.DecodeElement(&t, &xml.StartElement{Name: xml.Name{Local: name}}); len(n.tasks) < most {
				n.tasks = append(n.tasks, t)
			}
		default:
			err = r.xml.Skip()
		}
		return err
	})
	if err != nil {
		return domain.Incoming{}, err
	}
	return r.incoming(n), nil
}

// children calls read with the name of each element in the one that has begun, which has a name itself. It reads all of that.
func (r *reader) children(within string, read func(name string) error) error {
	for {
		token, err := r.xml.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := read(token.Name.Local); err != nil {
				return err
			}
		case xml.EndElement:
			if token.Name.Local == within {
				return nil
			}
		}
	}
}

// text returns the text of the element that has begun, cut off behind what is read of one.
func (r *reader) text() (string, error) {
	var b strings.Builder
	for depth := 0; ; {
		token, err := r.xml.Token()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.CharData:
			if b.Len() <= text.MaxSize {
				b.Write(token)
			}
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth < 0 {
				return b.String(), nil
			}
		}
	}
}

func (r *reader) time() (time.Time, error) {
	words, err := r.text()
	at, _ := time.Parse("20060102T150405Z", strings.TrimSpace(words))
	return at, err
}

func (r *reader) resource() (res resource, err error) {
	err = r.children("resource", func(name string) (err error) {
		switch name {
		case "data":
			var number string
			number, err = r.text()
			if n, _ := strconv.Atoi(strings.TrimSpace(number)); n > 0 && n <= len(r.filter.files) {
				res.spooled = r.filter.files[n-1]
			}
		case "mime":
			res.mime, err = r.text()
		case "resource-attributes":
			err = r.children(name, func(name string) (err error) {
				switch name {
				case "file-name":
					res.name, err = r.text()
				case "source-url":
					res.url, err = r.text()
				default:
					err = r.xml.Skip()
				}
				return err
			})
		default:
			err = r.xml.Skip()
		}
		return err
	})
	res.mime, res.name, res.url = strings.TrimSpace(res.mime), strings.TrimSpace(res.name), strings.TrimSpace(res.url)
	return res, err
}

// fileName returns what a resource is called.
func (res resource) fileName(number int) string {
	name := res.name
	if name == "" {
		if u, err := url.Parse(res.url); err == nil && path.Ext(u.Path) != "" {
			name = path.Base(u.Path)
		}
	}
	if name = domain.FileName(norm.NFC.String(name)); name != "file" && path.Ext(name) != "" {
		return name
	}
	if name == "file" {
		name += "-" + strconv.Itoa(number)
	}
	for _, ending := range []string{".png", ".jpg", ".gif", ".webp", ".pdf", ".txt", ".mp3", ".wav"} { // those that most have
		if kind, _, _ := strings.Cut(mime.TypeByExtension(ending), ";"); kind == res.mime {
			return name + ending
		}
	}
	if endings, err := mime.ExtensionsByType(res.mime); err == nil && len(endings) > 0 {
		return name + endings[0]
	}
	return name
}

// incoming makes a note of what the export says.
func (r *reader) incoming(n note) domain.Incoming {
	title := markup.OneLine(n.title)
	in := domain.Incoming{
		Place: r.file.Path + "/" + markup.Truncate(title, 100), ID: r.id(title, n.created), State: domain.Active,
		Created: n.created, Updated: n.updated,
	}
	in.Name(title)
	in.Tag(n.tags...)
	if r.NotebookTags {
		in.Tag(strings.TrimSuffix(path.Base(r.file.Path), path.Ext(r.file.Path)))
	}
	doc := document{note: &n, in: &in, links: map[string]string{}, media: map[string]int{}, files: map[string]int{}}
	for i, res := range n.resources {
		name := res.fileName(i + 1)
		switch {
		case res.damaged:
			in.Lose("import.file_damaged", "name", name)
			continue
		case res.kept < res.size:
			in.Lose("import.file_too_large", "name", name, "size", domain.Bytes(res.size))
			continue
		case res.hash == "" || doc.media[res.hash] > 0:
			continue
		}
		in.Files = append(in.Files, domain.IncomingFile{Name: name, Type: res.mime, Size: res.size, Version: res.hash, Open: r.opener(res.spooled)})
		doc.media[res.hash] = len(in.Files)
	}
	content, err := doc.markdown(n.content)
	if err != nil {
		if in.Lose("import.stripped"); len(n.content) > text.MaxSize {
			in.Lose("import.text_too_large", "limit", domain.Bytes(text.MaxSize))
		}
		content = text.Stripped(n.content)
	}
	content += doc.rest(content)
	content, data := text.Data(&in, content)
	in.Write(text.FrontMatter("source", n.source, "reminder", n.reminder) + content)
	in.Marks = text.Marks(in.Content, nil, text.Also(data, func(destination string, _ bool) (text.Target, bool) {
		if file := doc.files[destination]; file > 0 {
			return text.Target{File: file}, true
		}
		title := doc.links[destination]
		return text.Target{Title: title}, title != ""
	}))
	return in
}

func (r *reader) opener(s spooled) func() (io.ReadCloser, error) {
	files := r.filter.files
	return func() (io.ReadCloser, error) {
		if len(r.filter.files) == 0 || &files[0] != &r.filter.files[0] {
			return nil, errors.New("the file is gone with its note")
		}
		return io.NopCloser(io.NewSectionReader(r.filter.aside, s.start, s.kept)), nil
	}
}

// id returns the id of a note, which has none in an export: what it is called and when it was made, and which of those it is.
func (r *reader) id(title string, created time.Time) string {
	sum := sha256.Sum256([]byte(title + "\x00" + created.Format(time.RFC3339)))
	id := hex.EncodeToString(sum[:12])
	r.ids[id]++
	if n := r.ids[id]; n > 1 {
		id += fmt.Sprintf("-%d", n)
	}
	return id
}

// tasksOf returns the tasks of a group in their order.
func (n *note) tasksOf(group string) (tasks []task) {
	for _, t := range n.tasks {
		if strings.TrimSpace(t.Group) == group {
			tasks = append(tasks, t)
		}
	}
	slices.SortStableFunc(tasks, func(a, b task) int { return cmp.Compare(a.Weight, b.Weight) })
	return tasks
}

// Package notion reads the exports of Notion: pages in Markdown or HTML whose names end with an id, and databases as CSV.
package notion

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
	"octavo/imports/internal/vault"
)

// Options say what is made of pages that hold others.
type Options struct {
	PageTags bool // the pages that a note is in are tags of it, nested as they are
}

var (
	named    = regexp.MustCompile(`^(.*?) ?([0-9a-f]{32})(_all)?\.(md|html|csv)$`)
	idAtEnd  = regexp.MustCompile(` ?[0-9a-f]{32}$`)
	idInLink = regexp.MustCompile(`([0-9a-f]{32})(?:\.[a-z]+)?(?:[?#].*)?$`)
	ofNotion = regexp.MustCompile(`^https://(?:www\.)?notion\.(?:so|site|com)/|^https://[a-z0-9-]+\.notion\.site/`)
)

// Detect reports whether there is an export in the tree.
func Detect(t *tree.Tree) bool {
	return slices.ContainsFunc(t.Files, func(f *tree.File) bool { return named.MatchString(path.Base(f.Path)) })
}

type export struct {
	Options
	tree   *tree.Tree
	pages  map[string]*tree.File   // by id
	tables map[string]*tree.File   // databases, by id: with all of their rows, where that is there
	rows   map[string][]*tree.File // pages by the id of the database that they are in
	isRow  map[*tree.File]bool
	linked map[string]bool // paths
}

// Read puts out the notes of a tree.
func Read(t *tree.Tree, o Options, out *tree.Out) error {
	e := export{o, t, map[string]*tree.File{}, map[string]*tree.File{}, map[string][]*tree.File{}, map[*tree.File]bool{}, map[string]bool{}}
	for _, f := range t.Files {
		match := named.FindStringSubmatch(path.Base(f.Path))
		switch {
		case match == nil:
		case match[4] == "csv":
			if e.tables[match[2]] == nil || match[3] != "" {
				e.tables[match[2]] = f
			}
		case e.pages[match[2]] == nil:
			e.pages[match[2]] = f
		}
	}
	folders := map[string]string{} // the ids of databases by the folders that their rows are in
	for id, f := range e.tables {
		name := strings.TrimSuffix(strings.TrimSuffix(f.Path, ".csv"), "_all")
		folders[name], folders[idAtEnd.ReplaceAllString(name, "")] = id, id
	}
	for _, f := range t.Files {
		if id := folders[path.Dir(f.Path)]; id != "" && named.MatchString(path.Base(f.Path)) && path.Ext(f.Path) != ".csv" {
			e.rows[id] = append(e.rows[id], f)
			e.isRow[f] = true
		}
	}
	for _, f := range t.Files {
		if err := e.file(f, out); err != nil {
			return err
		}
	}
	for _, f := range t.Files {
		if !named.MatchString(path.Base(f.Path)) && !e.linked[f.Path] && f.Path != "index.html" {
			if err := out.Lose(f.Path, "import.file_unused"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *export) file(f *tree.File, out *tree.Out) error {
	match := named.FindStringSubmatch(path.Base(f.Path))
	if match == nil {
		return nil
	}
	id := match[2]
	if match[4] == "csv" && e.tables[id] != f {
		return nil // another view of the same database
	}
	if match[4] != "csv" && e.pages[id] != f {
		return out.Lose(f.Path, "import.same_id")
	}
	source, _, err := f.Text()
	if err != nil {
		return out.Broken(f.Path, err)
	}
	n := domain.Incoming{Place: f.Path, ID: id, State: domain.Active, Updated: f.Modified}
	n.Name(match[1])
	if e.PageTags {
		var folders []string
		for folder := range strings.SplitSeq(path.Dir(f.Path), "/") {
			if folder = idAtEnd.ReplaceAllString(folder, ""); folder != "" && folder != "." {
				folders = append(folders, folder)
			}
		}
		n.Tag(strings.Join(folders, "/"))
	}
	names := map[string]string{} // how links call the files that they lead to
	switch match[4] {
	case "csv":
		if e.pages[id] != nil {
			n.ID += "-table"
		}
		err = e.table(&n, id, source)
	case "html":
		err = e.page(&n, source, names)
	default:
		e.markdown(&n, f, source)
	}
	if err != nil {
		return out.Broken(f.Path, err)
	}
	content, data := text.Data(&n, n.Content)
	n.Content = content
	e.mark(&n, f, names, data)
	return out.Put(n)
}

// mark finds what a note leads to.
func (e *export) mark(n *domain.Incoming, f *tree.File, names map[string]string, data map[string]text.Target) {
	files := vault.Attachments{Note: n, Linked: e.linked}
	n.Marks = text.Marks(n.Content, nil, text.Also(data, func(destination string, _ bool) (text.Target, bool) {
		name, heading, relative := vault.Relative(destination)
		if relative {
			found := e.tree.Find(path.Join(path.Dir(f.Path), name))
			if found == nil {
				found = e.tree.Find(path.Clean(name))
			}
			if found != nil && !named.MatchString(path.Base(found.Path)) {
				called := names[destination]
				if path.Ext(called) != path.Ext(found.Path) {
					called = ""
				}
				return text.Target{File: files.Add(found, called, "")}, true
			}
		} else if !ofNotion.MatchString(destination) {
			return text.Target{}, false
		} else {
			heading = "" // which is the id of a block
		}
		match := idInLink.FindStringSubmatch(strings.ReplaceAll(name, "_all.csv", ".csv"))
		if match == nil {
			match = idInLink.FindStringSubmatch(destination)
		}
		if match == nil {
			return text.Target{}, false
		}
		id := match[1]
		if e.tables[id] != nil && e.pages[id] != nil && strings.HasSuffix(name, ".csv") {
			return text.Target{Note: id + "-table"}, true
		}
		return text.Target{Note: id, Heading: heading}, e.pages[id] != nil || e.tables[id] != nil
	}))
}

// markdown takes in a page that is written in Markdown: its title stands above, and below that, in a database, what it has there.
func (e *export) markdown(n *domain.Incoming, f *tree.File, source string) {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	if head, rest, _ := strings.Cut(source, "\n"); strings.HasPrefix(head, "# ") {
		if title := markup.TitleOf(head); title != "" {
			n.Name(title)
			source = strings.TrimLeft(rest, "\n")
		}
	}
	var properties []string
	if e.isRow[f] {
		properties, source = propertiesAbove(source)
	}
	n.Write(e.properties(n, properties) + callouts(text.Images(source)))
}

var propertyLine = regexp.MustCompile(`^([^:\n]{1,100}): (.*)$`)

// propertiesAbove returns the names and the values of what stands above a text, and the text.
func propertiesAbove(source string) (properties []string, rest string) {
	above, rest, _ := strings.Cut(source, "\n\n")
	for line := range strings.SplitSeq(strings.TrimRight(above, "\n"), "\n") {
		match := propertyLine.FindStringSubmatch(line)
		if match == nil {
			return nil, source
		}
		properties = append(properties, match[1], match[2])
	}
	return properties, rest
}

// properties takes what a database has of a page: its times and its tags, and front matter for all.
func (e *export) properties(n *domain.Incoming, properties []string) string {
	var front []string
	for i := 0; i+1 < len(properties); i += 2 {
		name, value := properties[i], properties[i+1]
		key := strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(name))
		at, isTime := vault.ParseTime(strings.TrimPrefix(value, "@"))
		switch {
		case isTime && (strings.HasPrefix(key, "created") || key == "datecreated" || key == "creationdate"):
			n.Created = at
		case isTime && (strings.HasPrefix(key, "lastedited") || strings.HasPrefix(key, "updated") || strings.HasPrefix(key, "modified") || key == "lastupdated"):
			n.Updated = at
		case key == "tags" || key == "tag" || key == "labels":
			n.Tag(strings.Split(value, ",")...)
			continue
		}
		front = append(front, quoted(name), value)
	}
	return text.FrontMatter(front...)
}

var plainName = regexp.MustCompile(`^[\pL][\pL\pN _-]*$`)

// quoted returns the name of a property as front matter has it.
func quoted(name string) string {
	if plainName.MatchString(name) {
		switch strings.ToLower(name) {
		case "title", "tags", "tag", "alias", "aliases", "true", "false", "null", "yes", "no", "on", "off", "y", "n": // which mean something else
		default:
			return name
		}
		return "Notion " + name
	}
	b, _ := json.Marshal(markup.OneLine(name))
	return string(b)
}

// callouts returns Markdown with what Notion writes as <aside> as quotes, which are shown.
func callouts(source string) string {
	if !strings.Contains(source, "<aside>") {
		return source
	}
	var b strings.Builder
	inside, fenced := false, false
	for line := range strings.SplitAfterSeq(source, "\n") {
		switch words := strings.TrimSpace(line); {
		case strings.HasPrefix(words, "```"):
			fenced = !fenced
		case fenced:
		case words == "<aside>":
			inside = true
			b.WriteString("> [!note]\n")
			continue
		case words == "</aside>" && inside:
			inside = false
			continue
		}
		if inside {
			line = "> " + line
		}
		b.WriteString(line)
	}
	return b.String()
}

// errNoTable is returned for a database that can't be read.
var errNoTable = errors.New("no table")

// table takes in a database, as a table of its rows: the first column leads to their pages.
func (e *export) table(n *domain.Incoming, id, source string) error {
	r := csv.NewReader(strings.NewReader(source))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	pages := map[string][]*tree.File{}
	for _, f := range e.rows[id] {
		match := named.FindStringSubmatch(path.Base(f.Path))
		pages[rowKey(match[1])] = append(pages[rowKey(match[1])], f)
	}
	var b strings.Builder
	columns, head := 0, true
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errNoTable
		}
		const widest = 100
		if columns == 0 {
			columns = min(len(record), widest)
		}
		for i := range columns {
			value := ""
			if i < len(record) {
				value = cell(record[i])
			}
			if i == 0 && !head {
				key := rowKey(record[0])
				if found := pages[key]; len(found) > 0 {
					if len(found) > 1 {
						pages[key] = found[1:] // those with the same title are in the same order
					}
					if value == "" {
						value = "-"
					}
					value = "[" + value + "](" + text.Destination(named.FindStringSubmatch(path.Base(found[0].Path))[2]+".md") + ")"
				}
			}
			b.WriteString("| " + value + " ")
		}
		b.WriteString("|\n")
		if head {
			b.WriteString(strings.Repeat("|---", columns) + "|\n")
		}
		head = false
	}
	if columns == 0 {
		return errNoTable
	}
	n.Write(b.String())
	return nil
}

// rowKey returns what the name of a row's file and its title have in common: a name lacks some marks and has an end.
func rowKey(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		if markup.IsTagRune(r) {
			b.WriteRune(r)
		}
	}
	key := b.String()
	return key[:min(len(key), 40)]
}

// cell returns a value as a cell has it.
func cell(value string) string {
	value = strings.TrimSpace(value)
	if at, ok := strings.CutPrefix(value, "https://"); ok && !strings.ContainsAny(at, " \n|") {
		if _, err := url.Parse(value); err == nil {
			return value
		}
	}
	parts := strings.Split(value, "|")
	for i, part := range parts {
		parts[i] = strings.NewReplacer("\r", "", "\n", "<br>").Replace(text.Escape(part))
	}
	return strings.Join(parts, `\|`)
}

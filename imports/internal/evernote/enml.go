package evernote

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
)

// document makes Markdown of the text of a note.
type document struct {
	note  *note
	in    *domain.Incoming
	media map[string]int    // files of the note by their MD5
	files map[string]int    // likewise, by the addresses that they have in the text
	links map[string]string // titles of notes by the addresses of links to them
	shown map[string]bool   // groups of tasks
}

// markdown returns a text of ENML as Markdown.
func (d *document) markdown(enml string) (string, error) {
	doc, err := text.ParseHTML(closed(enml))
	if err != nil {
		return "", err
	}
	d.shown = map[string]bool{}
	root := text.Element("div")
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "en-note" || n.Type == html.ElementNode && n.Data == "body" && root.FirstChild == nil {
			text.Adopt(root, n)
			break
		}
	}
	if note := first(root, "en-note"); note != nil {
		root = text.Element("div")
		text.Adopt(root, note)
	}
	d.inline(root)
	d.blocks(root)
	for _, t := range d.note.tasks {
		if group := strings.TrimSpace(t.Group); !d.shown[group] {
			root.AppendChild(d.tasks(group))
		}
	}
	page := &html.Node{Type: html.DocumentNode}
	page.AppendChild(root)
	content, err := text.FromHTML(page)
	return text.EscapeTags(content), err
}

func first(n *html.Node, name string) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			return d
		}
	}
	return nil
}

// void are the elements of HTML that have no end.
var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true,
	"source": true, "track": true, "wbr": true,
}

// closed returns XML as HTML: elements that are empty have an end, where HTML would have them go on.
func closed(enml string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(enml))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String()
		case html.DoctypeToken, html.CommentToken: // what stands before the text
		case html.SelfClosingTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			b.WriteString(strings.TrimSuffix(raw, "/>"))
			if b.WriteString(">"); !void[string(name)] {
				b.WriteString("</" + string(name) + ">")
			}
		case html.EndTagToken:
			raw := string(z.Raw())
			if name, _ := z.TagName(); !void[string(name)] {
				b.WriteString(raw)
			}
		default:
			b.Write(z.Raw())
		}
	}
}

// inline puts what Markdown has in the place of what only Evernote knows.
func (d *document) inline(root *html.Node) {
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	for _, n := range all {
		if n.Parent == nil { // it stood in what is code now
			continue
		}
		switch n.Data {
		case "en-media":
			d.file(n)
		case "en-crypt":
			d.in.Lose("import.encrypted_block")
			text.Replace(n)
		case "en-todo":
			checked, _ := text.Attribute(n, "checked")
			text.Adopt(n.Parent, n) // nothing stands within one
			text.Replace(n, text.Element(text.Task, "checked", strings.ToLower(checked)))
		case "a":
			d.link(n)
		case "colgroup":
			text.Replace(n)
		case "span", "font":
			d.span(n)
		case "div", "p":
			switch {
			case text.Style(n, "-en-codeblock", "--en-codeblock") == "true":
				code(n)
			case text.Style(n, "--en-task-group") == "true":
				if id := text.Style(n, "--en-id"); id != "" {
					text.Replace(n, d.tasks(id))
				}
			}
		case "li":
			if checked := text.Style(n, "--en-checked"); checked != "" || n.Parent != nil && text.Style(n.Parent, "--en-todo") == "true" {
				n.InsertBefore(text.Element(text.Task, "checked", checked), n.FirstChild)
			}
		}
	}
}

// file puts the file in the place of a medium.
func (d *document) file(n *html.Node) {
	hash, _ := text.Attribute(n, "hash")
	file := d.media[strings.ToLower(strings.TrimSpace(hash))]
	if file == 0 {
		if len(d.in.Lost) < 50 {
			d.in.Lose("import.file_missing")
		}
		text.Replace(n)
		return
	}
	name, address := d.in.Files[file-1].Name, d.address(file)
	kind, _ := text.Attribute(n, "type")
	if !strings.HasPrefix(kind, "image/") {
		link := text.Element("a", "href", address)
		link.AppendChild(text.Text(name))
		text.Replace(n, link)
		return
	}
	image := text.Element("img", "src", address)
	if alt, _ := text.Attribute(n, "alt"); alt != "" {
		text.SetAttribute(image, "alt", alt)
	} else {
		text.SetAttribute(image, "alt", name)
	}
	if text.Style(n, "width") == "" {
		for _, side := range []string{"width", "height"} {
			if value, ok := text.Attribute(n, side); ok {
				text.SetAttribute(image, side, value)
			}
		}
	}
	text.Replace(n, image)
}

// address returns the address that a file of the note has in the text.
func (d *document) address(file int) string {
	address := "resource/" + strconv.Itoa(file) + "/" + url.PathEscape(d.in.Files[file-1].Name)
	d.files[address] = file
	return address
}

// rest returns what leads to the files of the note that its text doesn't show.
func (d *document) rest(content string) string {
	rest := ""
	for i, f := range d.in.Files {
		address := d.address(i + 1)
		if strings.Contains(content, address) {
			continue
		}
		rest += "\n"
		if strings.HasPrefix(f.Type, "image/") {
			rest += "!"
		}
		rest += "[" + text.Escape(f.Name) + "](" + address + ")"
	}
	if content == "" || rest == "" {
		return strings.TrimPrefix(rest, "\n")
	}
	return "\n" + rest
}

// noteLink is what leads to a note of Evernote.
var noteLink = regexp.MustCompile(`^(?:evernote:///view/|https?://(?:www\.|app\.)?evernote\.com/shard/[^/]+/(?:nl|sh)/|https?://share\.evernote\.com/note/)`)

func (d *document) link(n *html.Node) {
	address, _ := text.Attribute(n, "href")
	words := markup.OneLine(text.Words(n))
	if words == "" && n.FirstChild == nil && address != "" {
		n.AppendChild(text.Text(address))
	}
	if !noteLink.MatchString(address) {
		return
	}
	escaped := strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29").Replace(address)
	text.SetAttribute(n, "href", escaped)
	if words != "" && words != address {
		d.links[escaped] = words
	}
}

// span makes an element of what a style means.
func (d *document) span(n *html.Node) {
	if text.Style(n, "--en-markholder") == "true" {
		return
	}
	if color := text.Style(n, "--en-highlight"); color != "" && color != "none" || text.Style(n, "-evernote-highlight") == "true" {
		text.Within(n, "mark")
	}
	text.Emphasise(n)
}

var language = regexp.MustCompile(`^[a-z0-9+#.-]{1,30}$`)

// code makes a block of code of an element.
func code(n *html.Node) {
	var b strings.Builder
	writeCode(&b, n)
	words := strings.Trim(strings.ReplaceAll(b.String(), "\u00a0", " "), "\n")
	in := text.Style(n, "--en-codeblocklanguage", "--en-syntaxlanguage")
	if !language.MatchString(in) || in == "plaintext" {
		in = ""
	}
	block, within := text.Element("pre"), text.Element("code")
	if in != "" {
		text.SetAttribute(within, "class", "language-"+in)
	}
	within.AppendChild(text.Text(words))
	block.AppendChild(within)
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
	}
	n.AppendChild(block)
}

// writeCode writes the lines within an element: each of its own elements is one.
func writeCode(b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Data == "br":
			if c.NextSibling != nil || c.PrevSibling == nil {
				b.WriteByte('\n')
			}
		case c.Data == "div" || c.Data == "p":
			if s := b.String(); s != "" && !strings.HasSuffix(s, "\n") {
				b.WriteByte('\n')
			}
			before := b.Len()
			if writeCode(b, c); b.Len() == before || !strings.HasSuffix(b.String(), "\n") {
				b.WriteByte('\n')
			}
		default:
			writeCode(b, c)
		}
	}
}

// tasks returns a list of the tasks of a group.
func (d *document) tasks(group string) *html.Node {
	list := text.Element("ul")
	if d.shown[group] {
		return list
	}
	d.shown[group] = true
	for _, t := range d.note.tasksOf(group) {
		item := text.Element("li")
		item.AppendChild(text.Element(text.Task, "checked", strconv.FormatBool(strings.TrimSpace(t.Status) == "completed")))
		words := markup.OneLine(t.Title)
		if due, err := time.Parse("20060102T150405Z", strings.TrimSpace(t.Due)); err == nil {
			words += " 📅 " + due.Format(time.DateOnly)
		}
		item.AppendChild(text.Text(words))
		list.AppendChild(item)
	}
	return list
}

// isBlock are the elements that stand on lines of their own.
var isBlock = map[string]bool{
	"div": true, "p": true, "ul": true, "ol": true, "li": true, "table": true, "thead": true, "tbody": true, "tfoot": true, "tr": true, "td": true, "th": true,
	"pre": true, "blockquote": true, "hr": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "center": true, "section": true,
	"article": true, "header": true, "footer": true, "aside": true, "main": true, "nav": true, "figure": true, "figcaption": true, "dl": true, "dt": true, "dd": true,
	"address": true, "fieldset": true, "form": true, "details": true, "summary": true,
}

// isBox are those that only hold others.
var isBox = map[string]bool{
	"div": true, "p": true, "center": true, "section": true, "article": true, "header": true, "footer": true, "aside": true, "main": true, "nav": true, "figure": true,
	"figcaption": true, "address": true, "fieldset": true, "form": true, "details": true, "summary": true, "dl": true, "dt": true, "dd": true,
}

func hasBlock(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && isBlock[d.Data] {
			return true
		}
	}
	return false
}

// blocks has each line of a text, which Evernote makes an element of, be a line of a paragraph: a blank one ends it. Lines with a
// box are items of a list.
func (d *document) blocks(parent *html.Node) {
	l := lines{parent: text.Element("div")}
	d.into(&l, parent)
	l.end()
	text.Adopt(parent, l.parent)
}

// into takes the children of a node into lines.
func (d *document) into(l *lines, n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		switch {
		case c.Type == html.ElementNode && c.Data == "br":
			if len(l.line) == 0 {
				l.blank()
			}
			l.endLine()
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" && len(l.line) == 0:
		case c.Type == html.TextNode || c.Type == html.ElementNode && !isBlock[c.Data] && !hasBlock(c):
			if c.Type == html.ElementNode {
				for _, part := range atBreaks(c) {
					if part == nil {
						l.endLine()
					} else {
						l.line = append(l.line, part)
					}
				}
				continue
			}
			l.line = append(l.line, c)
		case c.Type != html.ElementNode:
		case isBox[c.Data] || !isBlock[c.Data]:
			l.endLine()
			if !hasBlock(c) && markup.OneLine(text.Words(c)) == "" && first(c, "img") == nil && first(c, text.Task) == nil && first(c, "a") == nil {
				l.blank()
				continue
			}
			if c.Data == "p" {
				l.blank()
			}
			d.into(l, c)
			l.endLine()
			if c.Data == "p" {
				l.blank()
			}
		case c.Data == "ul" || c.Data == "ol":
			d.list(c)
			l.block(c)
		case c.Data == "table":
			for _, cell := range cells(c, nil) {
				d.cell(cell)
			}
			l.block(c)
		case c.Data == "blockquote":
			d.blocks(c)
			l.block(c)
		default:
			l.block(c)
		}
	}
}

// atBreaks returns an element as it is, or cut in parts where its only breaks are at its beginning or end; nil is a break.
func atBreaks(n *html.Node) []*html.Node {
	if first(n, "br") == nil {
		return []*html.Node{n}
	}
	last := n
	for last.LastChild != nil {
		last = last.LastChild
	}
	if last.Type == html.ElementNode && last.Data == "br" {
		last.Parent.RemoveChild(last)
		return []*html.Node{n, nil}
	}
	return []*html.Node{n}
}

// list puts lists into the items that they belong to, and the lines of items in order.
func (d *document) list(list *html.Node) {
	var last *html.Node
	for c := list.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type != html.ElementNode:
		case c.Data == "ul" || c.Data == "ol" || c.Data == "li" && onlyList(c):
			if last != nil {
				list.RemoveChild(c)
				if c.Data == "li" {
					text.Adopt(last, c)
				} else {
					last.AppendChild(c)
				}
			} else if c.Data == "li" {
				last = c
			}
		case c.Data == "li":
			last = c
		}
		c = next
	}
	for c := list.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if c.Data == "ul" || c.Data == "ol" {
			d.list(c)
			continue
		}
		task := first(c, text.Task)
		if task != nil && within(task, c) {
			task.Parent.RemoveChild(task)
		} else {
			task = nil
		}
		d.blocks(c)
		if p := c.FirstChild; p != nil && p.Data == "p" { // no blank line between items
			c.RemoveChild(p)
			head := c.FirstChild
			for child := p.FirstChild; child != nil; child = p.FirstChild {
				p.RemoveChild(child)
				c.InsertBefore(child, head)
			}
		}
		if task != nil {
			c.InsertBefore(task, c.FirstChild)
		}
	}
}

// within reports whether a node is in an item itself, and in none that is nested in it.
func within(n, item *html.Node) bool {
	for p := n.Parent; p != item; p = p.Parent {
		if p.Data == "li" {
			return false
		}
	}
	return true
}

func onlyList(item *html.Node) bool {
	lists := 0
	for c := item.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && (c.Data == "ul" || c.Data == "ol"):
			lists++
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		default:
			return false
		}
	}
	return lists > 0
}

// cells returns the cells of a table, and not of those within.
func cells(n *html.Node, all []*html.Node) []*html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Data {
		case "td", "th":
			all = append(all, c)
		case "thead", "tbody", "tfoot", "tr":
			all = cells(c, all)
		}
	}
	return all
}

// cell has the lines of a cell be parted by breaks.
func (d *document) cell(cell *html.Node) {
	if !hasBlock(cell) {
		return
	}
	l := lines{parent: text.Element("div")}
	d.into(&l, cell)
	l.end()
	for c := l.parent.FirstChild; c != nil; c = l.parent.FirstChild {
		l.parent.RemoveChild(c)
		if cell.FirstChild != nil {
			cell.AppendChild(text.Element("br"))
		}
		if c.Data == "p" {
			text.Adopt(cell, c)
		} else {
			cell.AppendChild(c)
		}
	}
}

// lines are the lines of a text, of which paragraphs and lists of tasks are made.
type lines struct {
	parent    *html.Node
	paragraph *html.Node
	tasks     *html.Node
	line      []*html.Node
}

// endLine ends a line, if one has begun.
func (l *lines) endLine() {
	line := l.line
	if l.line = nil; len(line) == 0 {
		return
	}
	task := line[0]
	if task.Type == html.ElementNode && task.Data != text.Task {
		if task = first(line[0], text.Task); task != nil && strings.TrimSpace(text.Words(line[0])) == "" {
			task.Parent.RemoveChild(task)
			line = append([]*html.Node{task}, line[1:]...)
		}
	}
	if task != nil && task.Type == html.ElementNode && task.Data == text.Task && line[0] == task {
		l.paragraph = nil
		if l.tasks == nil {
			l.tasks = text.Element("ul")
			l.parent.AppendChild(l.tasks)
		}
		item := text.Element("li")
		for _, n := range line {
			item.AppendChild(n)
		}
		l.tasks.AppendChild(item)
		return
	}
	l.tasks = nil
	if l.paragraph == nil {
		l.paragraph = text.Element("p")
		l.parent.AppendChild(l.paragraph)
	} else {
		l.paragraph.AppendChild(text.Element("br"))
	}
	for _, n := range line {
		l.paragraph.AppendChild(n)
	}
}

// blank is a line with nothing on it.
func (l *lines) blank() {
	l.endLine()
	l.paragraph, l.tasks = nil, nil
}

func (l *lines) block(n *html.Node) {
	l.blank()
	l.parent.AppendChild(n)
}

func (l *lines) end() { l.blank() }

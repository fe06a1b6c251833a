package markdown

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"octavo/domain"
	"octavo/domain/markup"
)

// marks are what the domain has found in the content, for the parsers that show it. Their offsets are in the content,
// of which the source is the part that begins at from.
type marks struct {
	markup.Reading
	from int
	base string
	live bool // whether boxes can be ticked
	wiki []*wikiNode
	// Where inlineAt has been before.
	lastInline int
	// The formulas that have a place in the HTML.
	formulas []formula
	tags     int
	kept     map[string]bool // files, where there are as many as can be
}

// place returns where the reader is in the content.
func (m *marks) place(block text.Reader) int {
	_, segment := block.Position()
	return m.from + segment.Start
}

// allowedFile returns destination, or nil where that is a file beyond those that the content keeps.
func (m *marks) allowedFile(destination []byte) []byte {
	if len(m.Files) < markup.MaxTextFiles {
		return destination
	}
	_, rest, found := strings.Cut(string(destination), "/files/")
	if !found {
		return destination
	}
	if m.kept == nil {
		m.kept = map[string]bool{}
		for _, hash := range m.Files {
			m.kept[hash] = true
		}
	}
	name, _, _ := strings.Cut(rest, "/")
	if hash, ok := domain.ParseFileHash(name); ok && !m.kept[string(hash)] {
		return nil
	}
	return destination
}

// inlineNode is a node that has no others in it.
type inlineNode struct{ ast.BaseInline }

func (*inlineNode) Dump([]byte, int) {}

// tagNode is a #tag.
type tagNode struct {
	inlineNode
	name, base string
}

// wikiNode is a wiki link, the number-th that leads to another note.
type wikiNode struct {
	inlineNode
	mark    markup.LinkMark
	number  int
	written string // where it leads if there is no such file
}

// taskNode is the box of a task.
type taskNode struct {
	inlineNode
	number int // among the boxes of the content, from 1; 0 when it can't be ticked
	done   bool
}

var (
	kindTag  = ast.NewNodeKind("Tag")
	kindWiki = ast.NewNodeKind("WikiLink")
	kindTask = ast.NewNodeKind("Task")
)

func (*tagNode) Kind() ast.NodeKind { return kindTag }

func (*wikiNode) Kind() ast.NodeKind { return kindWiki }

func (*taskNode) Kind() ast.NodeKind { return kindTask }

type tagParser struct{}

func (tagParser) Trigger() []byte { return []byte{'#'} }

func (tagParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m := meterOf(pc)
	i, found := slices.BinarySearchFunc(m.Tags, m.place(block), func(t markup.TagMark, at int) int { return t.Start - at })
	if !found || m.tags >= maxTags {
		return nil
	}
	m.tags++
	block.Advance(m.Tags[i].End - m.Tags[i].Start)
	return &tagNode{name: m.Tags[i].Name, base: m.base}
}

type wikiParser struct{}

func (wikiParser) Trigger() []byte { return []byte{'[', '!'} }

func (wikiParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m := meterOf(pc)
	i, found := slices.BinarySearchFunc(m.Links, m.place(block), func(l markup.LinkMark, at int) int { return l.Start - at })
	if !found || m.Links[i].Address || len(m.wiki) >= maxWikiLinks {
		return nil
	}
	block.Advance(m.Links[i].End - m.Links[i].Start)
	return m.slotFor(&wikiNode{mark: m.Links[i]})
}

// slotFor has a link wait for where it leads.
func (m *marks) slotFor(n *wikiNode) *wikiNode {
	n.number = len(m.wiki)
	m.wiki = append(m.wiki, n)
	return n
}

// slotAttribute is what a Markdown link or image has that waits for where it leads.
const slotAttribute = "slot"

// addressed has a Markdown link or image wait for where it leads, if that is a note or a file.
func (m *marks) addressed(n ast.Node, destination string, embed bool) {
	mark, ok := markup.NewAddressLink(destination)
	if !ok || len(m.wiki) >= maxWikiLinks {
		return
	}
	mark.Embed = embed
	slot := m.slotFor(&wikiNode{mark: mark})
	if to, ok := targetOf(destination); ok && mark.FileName() != "" {
		slot.written = to.URL
	}
	n.SetAttributeString(slotAttribute, strconv.Itoa(slot.number))
}

// slotOf returns the number of such a link.
func slotOf(n ast.Node) (number string, ok bool) {
	value, found := n.AttributeString(slotAttribute)
	number, ok = value.(string)
	return number, found && ok
}

// taskParser shows the boxes of the domain.
type taskParser struct{}

func (taskParser) Trigger() []byte { return []byte{'['} }

func (taskParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	item := parent.Parent()
	if parent.HasChildren() || item == nil || item.Kind() != ast.KindListItem || item.FirstChild() != parent {
		return nil
	}
	line, _ := block.PeekLine()
	if len(line) < 3 || !strings.ContainsRune(" xX", rune(line[1])) || line[2] != ']' || len(line) > 3 && !util.IsSpace(line[3]) {
		return nil
	}
	m := meterOf(pc)
	i, found := slices.BinarySearchFunc(m.Tasks, m.place(block)+1, func(t markup.TaskMark, at int) int { return t.Box - at })
	if !found {
		return nil
	}
	n := &taskNode{done: line[1] != ' '}
	if m.live {
		n.number = i + 1
	}
	size := 3
	for size < len(line) && (line[size] == ' ' || line[size] == '\t') {
		size++
	}
	block.Advance(size)
	return n
}

func renderTag(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*tagNode)
	link := !insideLink(n)
	if link {
		_, _ = w.WriteString(`<a class="tag" href="`)
		_, _ = w.Write(util.EscapeHTML([]byte(n.base + "/notes?tag=" + url.QueryEscape(n.name))))
		_, _ = w.WriteString(`">`)
	}
	textWriter.RawWrite(w, []byte("#"+n.name))
	if link {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// renderWiki leaves open where the link leads; see slotOpen.
func renderWiki(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*wikiNode)
	link := !insideLink(n)
	if link {
		_, _ = w.WriteString(slotOpen)
		if n.mark.Title == "" {
			_, _ = w.WriteString(place(n.mark.Heading))
		} else {
			_, _ = w.WriteString(strconv.Itoa(n.number))
		}
		_, _ = w.WriteString(`">`)
	}
	textWriter.RawWrite(w, []byte(n.mark.Text()))
	if link {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// taskSize is about how much HTML a box that can be ticked takes, in bytes.
const taskSize = 106

// renderTask names the box after the text beside it. A box that can be ticked is a button that sends a form which stands
// elsewhere on the page, as there can be none in a paragraph.
func (r nodeRenderer) renderTask(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*taskNode)
	end := `"> `
	if n.number > 0 {
		_, _ = w.WriteString(`<button form="tasks" name="task" value="` + strconv.Itoa(n.number) +
			`" role="checkbox" aria-checked="` + strconv.FormatBool(n.done) + `"`)
		end = `"></button> `
	} else {
		_, _ = w.WriteString(`<input type="checkbox" disabled=""`)
		if n.done {
			_, _ = w.WriteString(` checked=""`)
		}
	}
	_, _ = w.WriteString(` aria-label="`)
	if !writeSiblings(w, source, node.NextSibling()) {
		r.say(w, "prose.task")
	}
	_, _ = w.WriteString(end)
	return ast.WalkContinue, nil
}

// callouts finds the quotes that begin with a line such as [!note] Title, as GitHub and Obsidian have them.
type callouts struct{}

func (callouts) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	quote := p.Parent()
	if quote.Kind() != ast.KindBlockquote || quote.FirstChild() != p {
		return
	}
	segment := p.Lines().At(0)
	segment = segment.TrimLeftSpace(reader.Source())
	segment = segment.TrimRightSpace(reader.Source())
	line := segment.Value(reader.Source())
	m := meterOf(pc)
	if len(line) > maxHeading || m.callouts >= maxCallouts {
		return
	}
	size := markup.CalloutMarker(string(line))
	if size == 0 {
		return
	}
	m.callouts++
	kind, fold, _ := strings.Cut(string(line[2:size]), "]")
	kind, _, _ = strings.Cut(kind, "|")
	title := &calloutTitle{kind: strings.ToLower(kind), fold: fold}
	segment = segment.WithStart(segment.Stop - len(bytes.TrimLeftFunc(line[size:], unicode.IsSpace)))
	if !segment.IsEmpty() {
		title.Lines().Append(segment)
		m.spendInline(inlineWork(inlineMarks(line), len(line), 1))
	}
	quote.InsertBefore(quote, p, title)
	if p.Lines().Len() == 1 {
		quote.RemoveChild(quote, p)
		return
	}
	p.Lines().SetSliced(1, p.Lines().Len())
}

// calloutTitle is the first line of a callout.
type calloutTitle struct {
	ast.BaseBlock
	kind string // as written, in lower case
	fold string // "-" where the callout is folded at first, "+" where it can be
}

var kindCalloutTitle = ast.NewNodeKind("CalloutTitle")

func (*calloutTitle) Kind() ast.NodeKind { return kindCalloutTitle }

func (t *calloutTitle) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

// calloutStyles are the looks of the kinds of callouts. All others look like a note.
var calloutStyles = map[string]string{
	"tip": "tip", "hint": "tip",
	"success": "success", "check": "success", "done": "success",
	"important": "important", "abstract": "important", "summary": "important", "tldr": "important",
	"example": "example",
	"warning": "warning", "attention": "warning",
	"question": "question", "help": "question", "faq": "question",
	"caution": "caution", "danger": "caution", "error": "caution", "bug": "caution",
	"failure": "failure", "fail": "failure", "missing": "failure",
	"quote": "quote", "cite": "quote",
}

func (t *calloutTitle) style() string {
	if style := calloutStyles[t.kind]; style != "" {
		return style
	}
	return "note"
}

func renderBlockquote(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	title, ok := n.FirstChild().(*calloutTitle)
	switch {
	case ok && entering:
		_, _ = w.WriteString(title.open())
	case ok:
		_, _ = w.WriteString(title.close())
	case entering:
		_, _ = w.WriteString("<blockquote>\n")
	default:
		_, _ = w.WriteString("</blockquote>\n")
	}
	return ast.WalkContinue, nil
}

// open returns the tag that begins the callout.
func (t *calloutTitle) open() string {
	class := ` class="callout callout-` + t.style() + `"`
	switch t.fold {
	case "-":
		return "<details" + class + ">\n"
	case "+":
		return "<details" + class + ` open="">` + "\n"
	}
	return "<div" + class + ` role="note">` + "\n"
}

// close returns the tag that ends the callout.
func (t *calloutTitle) close() string {
	if t.fold != "" {
		return "</details>\n"
	}
	return "</div>\n"
}

func renderCalloutTitle(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*calloutTitle)
	tag := "p"
	if n.fold != "" {
		tag = "summary"
	}
	if !entering {
		_, _ = w.WriteString("</" + tag + ">\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<" + tag + ` class="callout-title">`)
	if !n.HasChildren() {
		first, size := utf8.DecodeRuneInString(n.kind)
		_, _ = w.WriteString(string(unicode.ToUpper(first)) + n.kind[size:])
	}
	return ast.WalkContinue, nil
}

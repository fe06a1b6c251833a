package markdown

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/lang"
)

// nodeRenderer writes what goldmark's own renderers would write without thought for foreign addresses or for
// people who use a keyboard or a screen reader.
type nodeRenderer struct{ words *lang.Language }

func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, renderLink)
	reg.Register(kindAutolink, renderAutolink)
	reg.Register(kindFootnoteNode, renderFootnoteNode)
	reg.Register(kindHTML, renderHTML)
	reg.Register(kindElement, renderElement)
	reg.Register(kindComment, renderNothing)
	reg.Register(kindCommentBlock, renderNothing)
	reg.Register(kindDetailsBlock, r.renderDetails)
	reg.Register(kindSummaryBlock, renderSummary)
	reg.Register(kindBlockName, renderBlockName)
	reg.Register(kindBlockAnchor, renderBlockAnchor)
	reg.Register(ast.KindImage, r.renderImage)
	reg.Register(ast.KindListItem, renderListItem)
	reg.Register(kindTitleBlock, renderTitle)
	reg.Register(kindTask, r.renderTask)
	reg.Register(kindTag, renderTag)
	reg.Register(kindWiki, renderWiki)
	registerFormulas(reg)
	reg.Register(ast.KindBlockquote, renderBlockquote)
	reg.Register(kindCalloutTitle, renderCalloutTitle)
	reg.Register(ast.KindCodeSpan, renderCodeSpan)
	reg.Register(ast.KindCodeBlock, renderCodeBlock)
	reg.Register(ast.KindFencedCodeBlock, renderCodeBlock)
	reg.Register(extast.KindTable, r.renderTable)
	reg.Register(kindPlainBlock, r.renderPlainBlock)
}

// say writes the text with a code.
func (r nodeRenderer) say(w util.BufWriter, code domain.Code) {
	_, _ = w.Write(util.EscapeHTML([]byte(r.words.Text(code))))
}

// targetOf returns where a destination, of which the escapes are resolved, leads. A place in the note has an id with the
// prefix: a link must reach no other part of the page.
func targetOf(destination string) (markup.Target, bool) {
	to, ok := markup.NewTarget(destination)
	if ok && len(to.URL) > 1 && to.URL[0] == '#' {
		to.URL = "#" + string(placeOf([]byte(to.URL[1:])))
	}
	return to, ok
}

const externalRel = "nofollow noopener noreferrer"

// textWriter escapes for an element as well as for a quoted attribute.
var textWriter = html.DefaultWriter

func openLink(w util.BufWriter, to markup.Target, class string) {
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(util.EscapeHTML([]byte(to.URL)))
	_ = w.WriteByte('"')
	if class != "" {
		_, _ = w.WriteString(` class="` + class + `"`)
	}
	if to.External {
		_, _ = w.WriteString(` rel="` + externalRel + `"`)
	}
}

func writeTitle(w util.BufWriter, title []byte) {
	if len(title) > 0 {
		_, _ = w.WriteString(` title="`)
		textWriter.RawWrite(w, title)
		_ = w.WriteByte('"')
	}
}

func renderLink(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Link)
	to, ok := targetOf(string(n.Destination))
	switch {
	case !ok:
	case entering:
		if number, waits := slotOf(n); waits {
			_, _ = w.WriteString(slotOpen + number + `"`)
		} else {
			openLink(w, to, "")
		}
		writeTitle(w, n.Title)
		_ = w.WriteByte('>')
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func renderAutolink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*autolinkNode)
	to, ok := targetOf(n.destination)
	ok = ok && !insideLink(n)
	if ok {
		openLink(w, to, "")
		_ = w.WriteByte('>')
	}
	textWriter.RawWrite(w, n.label.Value(source))
	if ok {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func renderFootnoteNode(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*footnoteNode)
	if !entering || n.note == nil {
		return ast.WalkContinue, nil
	}
	number := strconv.Itoa(n.Index)
	which := ""
	if n.RefIndex > 0 {
		which = strconv.Itoa(n.RefIndex)
	}
	_, _ = w.WriteString(`<sup id="` + idPrefix + `fnref` + which + `:` + number + `">`)
	if insideLink(n) {
		_, _ = w.WriteString(number + "</sup>")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<a href="#` + idPrefix + `fn:` + number + `" class="footnote-ref" role="doc-noteref">` + number + `</a></sup>`)
	return ast.WalkContinue, nil
}

// renderImage shows an image of this site, and leads to one of another site. Inside a link there can be no other link,
// so there a foreign image is only named.
func (r nodeRenderer) renderImage(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	to, ok := targetOf(string(n.Destination))
	number, waits := slotOf(n)
	switch {
	case waits && !insideLink(n):
		_, _ = w.WriteString(slotOpen + number + `"`)
		writeTitle(w, n.Title)
		_ = w.WriteByte('>')
		writeText(w, source, n)
		_, _ = w.WriteString("</a>")
	case ok && !to.External && !isCall(to.URL):
		_, _ = w.WriteString(`<img src="`)
		_, _ = w.Write(util.EscapeHTML([]byte(to.URL)))
		_, _ = w.WriteString(`" alt="`)
		writeText(w, source, n)
		_, _ = w.WriteString(`" loading="lazy"`)
		if size, found := n.AttributeString(sizeAttribute); found {
			_, _ = w.WriteString(size.(string))
		}
		writeTitle(w, n.Title)
		_ = w.WriteByte('>')
	case ok && !insideLink(n):
		openLink(w, to, "remote-image")
		writeTitle(w, n.Title)
		_ = w.WriteByte('>')
		if !writeText(w, source, n) {
			textWriter.RawWrite(w, []byte(to.URL))
		}
		_, _ = w.WriteString("</a>")
	default:
		_, _ = w.WriteString(`<span class="remote-image">`)
		if !writeText(w, source, n) {
			r.say(w, "prose.image")
		}
		_, _ = w.WriteString("</span>")
	}
	return ast.WalkSkipChildren, nil
}

// isCall reports whether address is one to write or speak to.
func isCall(address string) bool {
	return strings.HasPrefix(address, "mailto:") || strings.HasPrefix(address, "tel:")
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if link, ok := p.(*ast.Link); ok {
			_, leads := targetOf(string(link.Destination))
			return leads
		}
	}
	return false
}

// writeText writes the text below n, escaped for an attribute as well as for an element. It reports whether there was
// any.
func writeText(w util.BufWriter, source []byte, n ast.Node) bool {
	return writeSiblings(w, source, n.FirstChild())
}

func writeSiblings(w util.BufWriter, source []byte, first ast.Node) bool {
	written := false
	for c := first; c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			value := c.Segment.Value(source)
			if c.IsRaw() {
				textWriter.RawWrite(w, value)
			} else {
				textWriter.Write(w, value)
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				_ = w.WriteByte(' ')
			}
			written = written || !util.IsBlank(value)
		case *autolinkNode:
			textWriter.RawWrite(w, c.label.Value(source))
			written = true
		case *htmlNode:
			if c.name == "br" {
				_ = w.WriteByte(' ')
				continue
			}
			for _, s := range c.source {
				textWriter.RawWrite(w, s.Value(source))
			}
			written = true
		case *tagNode:
			textWriter.RawWrite(w, []byte("#"+c.name))
			written = true
		case *formulaNode:
			textWriter.RawWrite(w, []byte(c.source()))
			written = true
		case *wikiNode:
			textWriter.RawWrite(w, []byte(c.mark.Text()))
			written = true
		default:
			written = writeText(w, source, c) || written
		}
	}
	return written
}

func renderListItem(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</li>\n")
		return ast.WalkContinue, nil
	}
	first := n.FirstChild()
	if first != nil && first.FirstChild() != nil && first.FirstChild().Kind() == kindTask {
		_, _ = w.WriteString(`<li class="task-list-item">`)
	} else {
		_, _ = w.WriteString("<li>")
	}
	if first != nil && first.Kind() != ast.KindTextBlock {
		_ = w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

// renderCodeSpan writes a line end as a blank, and in a table a bar without the backslash that keeps it from parting cells.
func renderCodeSpan(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</code>")
		return ast.WalkContinue, nil
	}
	inTable := false
	for p := node.Parent(); p != nil && !inTable; p = p.Parent() {
		inTable = p.Kind() == extast.KindTableCell
	}
	_, _ = w.WriteString("<code>")
	for c := node.FirstChild(); c != nil; c = c.NextSibling() {
		value := c.(*ast.Text).Segment.Value(source)
		if inTable {
			value = bytes.ReplaceAll(value, []byte(`\|`), []byte("|"))
		}
		if line, ok := bytes.CutSuffix(value, []byte("\n")); ok {
			textWriter.RawWrite(w, line)
			_ = w.WriteByte(' ')
		} else {
			textWriter.RawWrite(w, value)
		}
	}
	return ast.WalkSkipChildren, nil
}

// renderCodeBlock makes the block reachable by keyboard, as wide code scrolls.
func renderCodeBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<pre tabindex="0"><code`)
	if fenced, ok := node.(*ast.FencedCodeBlock); ok {
		if language := fenced.Language(source); len(language) > 0 {
			_, _ = w.WriteString(` class="language-`)
			textWriter.Write(w, language)
			_ = w.WriteByte('"')
		}
	}
	_ = w.WriteByte('>')
	if painted, ok := node.AttributeString(paintedAttribute); ok {
		_, _ = w.WriteString(painted.(string))
	} else {
		writeLines(w, source, node)
	}
	_, _ = w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren, nil
}

// renderTable puts the table in a box of its own, which scrolls and is reachable by keyboard.
func (r nodeRenderer) renderTable(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<div class="table-scroll" tabindex="0" role="group" aria-label="`)
		r.say(w, "prose.table")
		_, _ = w.WriteString(`"><table>` + "\n")
	} else {
		_, _ = w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

func (r nodeRenderer) renderPlainBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(plainOpen(r.words))
		writeLines(w, source, node)
		_, _ = w.WriteString(plainClose)
	}
	return ast.WalkSkipChildren, nil
}

func writeLines(w util.BufWriter, source []byte, n ast.Node) {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		textWriter.RawWrite(w, line.Value(source))
	}
}

// codeOf returns the text of a block of code.
func codeOf(n ast.Node, source []byte) []byte {
	var code []byte
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		code = append(code, line.Value(source)...)
	}
	return code
}

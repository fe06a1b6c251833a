package markdown

import (
	"bytes"
	"net/url"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// newLinkify finds bare addresses. Its host names are stricter than goldmark's, so that no text is scanned twice, and
// its paths wider: anything but blanks and <, in any script.
func newLinkify() goldmark.Extender {
	const rest = `[-a-zA-Z0-9.]{1,253}\.[a-zA-Z]+(?::[0-9]+)?(?:[/#?][^\s<]*)?`
	return extension.NewLinkify(
		extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
		extension.WithLinkifyURLRegexp(regexp.MustCompile(`^https?://`+rest)),
		extension.WithLinkifyWWWRegexp(regexp.MustCompile(`^www\.`+rest)),
	)
}

// nodeRenderer writes what goldmark's own renderers would write without thought for foreign addresses or for
// people who use a keyboard or a screen reader.
type nodeRenderer struct{}

func (nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, renderLink)
	reg.Register(ast.KindAutoLink, renderAutoLink)
	reg.Register(ast.KindImage, renderImage)
	reg.Register(ast.KindListItem, renderListItem)
	reg.Register(kindTitleBlock, renderTitle)
	reg.Register(kindTask, renderTask)
	reg.Register(kindTag, renderTag)
	reg.Register(kindWiki, renderWiki)
	reg.Register(ast.KindBlockquote, renderBlockquote)
	reg.Register(kindCalloutTitle, renderCalloutTitle)
	reg.Register(ast.KindCodeBlock, renderCodeBlock)
	reg.Register(ast.KindFencedCodeBlock, renderCodeBlock)
	reg.Register(extast.KindTable, renderTable)
	reg.Register(kindPlainBlock, renderPlainBlock)
}

// target is an address that a note may lead to.
type target struct {
	address  []byte // percent-encoded
	external bool   // on another site, as far as the address tells
}

// parseTarget reports false for an address with a scheme that is not allowed,
// and for one that a browser would read in another way than net/url does. Backslashes and character references are
// resolved where there may be escapes.
func parseTarget(destination []byte, escapes bool) (target, bool) {
	address := util.URLEscape(destination, escapes)
	// Browsers take a backslash for a slash, and drop tabs and line ends; URLEscape encodes all of them.
	if bytes.ContainsAny(address, "\\\t\r\n\x00 ") {
		return target{}, false
	}
	u, err := url.Parse(string(address))
	if err != nil {
		return target{}, false
	}
	switch u.Scheme {
	case "http", "https":
		return target{address, true}, u.Host != ""
	case "mailto", "tel":
		return target{address, false}, true
	case "":
		if len(address) > 1 && address[0] == '#' {
			// A place in the note, whose ids carry the prefix: a link must reach no other part of the page.
			return target{append([]byte("#"), placeOf(address[1:])...), false}, true
		}
		return target{address, bytes.HasPrefix(address, []byte("//"))}, len(address) > 0
	}
	return target{}, false
}

const externalRel = "nofollow noopener noreferrer"

// textWriter escapes for an element as well as for a quoted attribute.
var textWriter = html.DefaultWriter

func openLink(w util.BufWriter, to target, class string) {
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(util.EscapeHTML(to.address))
	_ = w.WriteByte('"')
	if class != "" {
		_, _ = w.WriteString(` class="` + class + `"`)
	}
	if to.external {
		_, _ = w.WriteString(` rel="` + externalRel + `"`)
	}
}

func writeTitle(w util.BufWriter, title []byte) {
	if len(title) > 0 {
		_, _ = w.WriteString(` title="`)
		textWriter.Write(w, title)
		_ = w.WriteByte('"')
	}
}

func renderLink(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Link)
	to, ok := parseTarget(n.Destination, true)
	switch {
	case !ok:
	case entering:
		openLink(w, to, "")
		writeTitle(w, n.Title)
		_ = w.WriteByte('>')
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func renderAutoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.AutoLink)
	address := n.URL(source)
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(address, []byte("mailto:")) {
		address = append([]byte("mailto:"), address...)
	}
	to, ok := parseTarget(address, false)
	if ok {
		openLink(w, to, "")
		_ = w.WriteByte('>')
	}
	textWriter.RawWrite(w, n.Label(source))
	if ok {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// renderImage shows an image of this site, and leads to one of another site. Inside a link there can be no other link,
// so there a foreign image is only named.
func renderImage(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	to, ok := parseTarget(n.Destination, true)
	switch {
	case ok && !to.external && !isCall(to.address):
		_, _ = w.WriteString(`<img src="`)
		_, _ = w.Write(util.EscapeHTML(to.address))
		_, _ = w.WriteString(`" alt="`)
		writeText(w, source, n)
		_, _ = w.WriteString(`" loading="lazy"`)
		writeTitle(w, n.Title)
		_ = w.WriteByte('>')
	case ok && !insideLink(n):
		openLink(w, to, "remote-image")
		writeTitle(w, n.Title)
		_ = w.WriteByte('>')
		if !writeText(w, source, n) {
			textWriter.RawWrite(w, to.address)
		}
		_, _ = w.WriteString("</a>")
	default:
		_, _ = w.WriteString(`<span class="remote-image">`)
		if !writeText(w, source, n) {
			_, _ = w.WriteString("Image")
		}
		_, _ = w.WriteString("</span>")
	}
	return ast.WalkSkipChildren, nil
}

// isCall reports whether address is one to write or speak to.
func isCall(address []byte) bool {
	return bytes.HasPrefix(address, []byte("mailto:")) || bytes.HasPrefix(address, []byte("tel:"))
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
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
		case *ast.AutoLink:
			textWriter.RawWrite(w, c.Label(source))
			written = true
		case *tagNode:
			textWriter.RawWrite(w, []byte("#"+c.name))
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

// renderCodeBlock makes the block reachable by keyboard, as wide code scrolls.
func renderCodeBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<pre tabindex="0"><code`)
	fenced, ok := node.(*ast.FencedCodeBlock)
	if ok {
		if language := fenced.Language(source); len(language) > 0 {
			_, _ = w.WriteString(` class="language-`)
			textWriter.Write(w, language)
			_ = w.WriteByte('"')
		}
	}
	_ = w.WriteByte('>')
	if ok && fenced.Attributes() != nil {
		colour(w, languageOf(fenced.Language(source)), codeOf(node, source))
	} else {
		writeLines(w, source, node)
	}
	_, _ = w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren, nil
}

// renderTable puts the table in a box of its own, which scrolls and is reachable by keyboard.
func renderTable(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>` + "\n")
	} else {
		_, _ = w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

func renderPlainBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(plainOpen)
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

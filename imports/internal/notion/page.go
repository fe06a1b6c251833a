package notion

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
)

// page takes in a page that is written in HTML. names has what links call the files that they lead to.
func (e *export) page(n *domain.Incoming, source string, names map[string]string) error {
	doc, err := text.ParseHTML(source)
	if err != nil {
		return err
	}
	var properties []string
	body := text.Element("div")
	for _, d := range elements(doc) {
		switch class, _ := text.Attribute(d, "class"); {
		case has(class, "page-title"):
			if title := markup.OneLine(text.Words(d)); title != "" {
				n.Name(title)
			}
		case has(class, "property-row") && d.Data == "tr":
			properties = append(properties, propertyOf(d)...)
		case has(class, "page-body") && body.FirstChild == nil:
			text.Adopt(body, d)
		}
	}
	if body.FirstChild == nil {
		if d := find(doc, func(d *html.Node) bool { return d.Data == "body" }); d != nil && find(doc, func(d *html.Node) bool { class, _ := text.Attribute(d, "class"); return has(class, "page-body") }) == nil {
			text.Adopt(body, d)
		}
	}
	for _, d := range elements(body) {
		if d.Parent != nil {
			tidy(d, names)
		}
	}
	lists(body)
	page := &html.Node{Type: html.DocumentNode}
	page.AppendChild(body)
	content, err := text.FromHTML(page)
	if err != nil {
		return err
	}
	n.Write(e.properties(n, properties) + text.EscapeTags(content))
	return nil
}

func has(class, name string) bool {
	for word := range strings.FieldsSeq(class) {
		if word == name {
			return true
		}
	}
	return false
}

// elements returns the elements within a node, those around others first.
func elements(n *html.Node) (all []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			all = append(all, d)
		}
	}
	return all
}

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && is(d) {
			return d
		}
	}
	return nil
}

// propertyOf returns the name and the value of a row of a page's properties.
func propertyOf(row *html.Node) []string {
	name := find(row, func(d *html.Node) bool { return d.Data == "th" })
	value := find(row, func(d *html.Node) bool { return d.Data == "td" })
	if name == nil || value == nil {
		return nil
	}
	var values []string
	for _, d := range elements(value) {
		if class, _ := text.Attribute(d, "class"); has(class, "selected-value") {
			values = append(values, strings.ReplaceAll(text.Words(d), ",", " "))
		} else if has(class, "checkbox") {
			values = append(values, map[bool]string{true: "Yes", false: "No"}[has(class, "checkbox-on")])
		}
	}
	if values == nil {
		values = []string{text.Words(value)}
	}
	return []string{markup.OneLine(text.Words(name)), markup.OneLine(strings.Join(values, ", "))}
}

// tidy puts what Markdown has in the place of what only Notion writes so.
func tidy(n *html.Node, names map[string]string) {
	class, _ := text.Attribute(n, "class")
	switch {
	case n.Data == "style" || n.Data == "script" || has(class, "table_of_contents"), has(class, "icon") && n.Data != "a":
		text.Replace(n)
	case has(class, "checkbox"):
		on := "false"
		if has(class, "checkbox-on") {
			on = "true"
		}
		text.Replace(n, text.Element(text.Task, "checked", on))
	case has(class, "equation") && n.Data == "figure":
		formula(n, true)
	case has(class, "katex"):
		formula(n, false)
	case has(class, "callout"):
		quote := text.Element("blockquote")
		bare, line := text.Element(text.Bare), text.Element("p")
		bare.AppendChild(text.Text("[!note]"))
		line.AppendChild(bare)
		line.AppendChild(text.Element("br"))
		quote.AppendChild(line)
		if within := n.LastChild; within != nil {
			if c := firstElement(within); c != nil && c.Data == "p" && c.PrevSibling == nil { // its first paragraph follows the kind
				within.RemoveChild(c)
				text.Adopt(line, c)
			} else {
				for c := within.FirstChild; c != nil && (c.Type == html.TextNode || !blocks[c.Data]); c = within.FirstChild {
					within.RemoveChild(c)
					line.AppendChild(c)
				}
			}
			text.Adopt(quote, within)
		}
		text.Replace(n, quote)
	case n.Data == "blockquote":
		quote(n)
	case n.Data == "details":
		toggle(n)
	case n.Data == "mark":
		if !strings.Contains(class, "_background") { // only a colour
			n.Data, n.DataAtom = "span", 0
		} else if n.Parent.Data == "mark" {
			n.Data, n.DataAtom = "span", 0
		}
	case n.Data == "code":
		n.Attr = nil
		if language, ok := strings.CutPrefix(class, "language-"); ok {
			text.SetAttribute(n, "class", "language-"+strings.ReplaceAll(strings.ToLower(language), " ", "-"))
		}
	case n.Data == "span":
		if style, _ := text.Attribute(n, "style"); strings.Contains(style, "border-bottom") {
			n.Data, n.DataAtom = "u", 0
		}
	case n.Data == "a":
		link(n, class, names)
	case n.Data == "img":
		style, _ := text.Attribute(n, "style")
		if match := width.FindStringSubmatch(style); match != nil {
			text.SetAttribute(n, "width", match[1])
		}
	case n.Data == "figcaption":
		n.Data, n.DataAtom = "p", 0
	}
}

var width = regexp.MustCompile(`(?:^|[; ])width:\s*([0-9.]+px)`)

var blocks = map[string]bool{
	"p": true, "ul": true, "ol": true, "figure": true, "blockquote": true, "div": true, "table": true, "pre": true, "hr": true, "details": true, "h1": true, "h2": true, "h3": true,
}

func firstElement(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

// formula puts TeX in the place of what was made of it.
func formula(n *html.Node, display bool) {
	tex := find(n, func(d *html.Node) bool { kind, _ := text.Attribute(d, "encoding"); return kind == "application/x-tex" })
	if tex == nil {
		return
	}
	words := text.Words(tex)
	within := text.Element(text.Math)
	if display {
		within = text.Element(text.Math, "display", "")
	}
	within.AppendChild(text.Text(words))
	if !display {
		text.Replace(n, within)
		return
	}
	around := text.Element("div")
	around.AppendChild(within)
	text.Replace(n, around)
}

var callout = regexp.MustCompile(`^\[![A-Za-z]+\]`)

// quote leaves the kind of a callout, which somebody has written, as it is.
func quote(n *html.Node) {
	c := n.FirstChild
	if c == nil || c.Type != html.TextNode {
		return
	}
	if kind := callout.FindString(c.Data); kind != "" {
		bare := text.Element(text.Bare)
		bare.AppendChild(text.Text(kind))
		n.InsertBefore(bare, c)
		c.Data = c.Data[len(kind):]
	}
}

// toggle makes a heading, or an item, of what shows more.
func toggle(n *html.Node) {
	summary := find(n, func(d *html.Node) bool { return d.Data == "summary" })
	if summary == nil {
		n.Data, n.DataAtom = "div", 0
		return
	}
	style, _ := text.Attribute(summary, "style")
	level := ""
	switch {
	case strings.Contains(style, "1.875em"):
		level = "h1"
	case strings.Contains(style, "1.5em"):
		level = "h2"
	case strings.Contains(style, "1.25em"):
		level = "h3"
	}
	n.Data, n.DataAtom = "div", 0
	if summary.Data, summary.DataAtom = level, 0; level == "" {
		summary.Data = "span"
		if n.Parent.Data != "li" {
			summary.Data = "p"
		}
	}
}

// link keeps what a link leads to, and how it calls a file.
func link(n *html.Node, class string, names map[string]string) {
	address, _ := text.Attribute(n, "href")
	if has(class, "bookmark") {
		title := find(n, func(d *html.Node) bool { class, _ := text.Attribute(d, "class"); return has(class, "bookmark-title") })
		words := address
		if title != nil {
			words = markup.OneLine(text.Words(title))
		}
		for c := n.FirstChild; c != nil; c = n.FirstChild {
			n.RemoveChild(c)
		}
		n.AppendChild(text.Text(words))
		return
	}
	if image := find(n, func(d *html.Node) bool { return d.Data == "img" }); image != nil && markup.OneLine(text.Words(n)) == "" {
		if source, _ := text.Attribute(image, "src"); source == address { // it only leads to itself
			image.Parent.RemoveChild(image)
			text.Replace(n, image)
			tidy(image, names)
			return
		}
	}
	words := markup.OneLine(text.Words(n))
	if words == "" && find(n, func(*html.Node) bool { return true }) == nil {
		n.AppendChild(text.Text(address))
	}
	names[address] = words
}

// lists joins those that follow one another, as each item is in one of its own.
func lists(root *html.Node) {
	for _, n := range elements(root) {
		if n.Data != "ul" && n.Data != "ol" || n.Parent == nil {
			continue
		}
		for {
			next := n.NextSibling
			for next != nil && next.Type == html.TextNode && strings.TrimSpace(next.Data) == "" {
				next = next.NextSibling
			}
			if next == nil || next.Type != html.ElementNode || next.Data != n.Data {
				break
			}
			if start, ok := text.Attribute(next, "start"); n.Data == "ol" && (!ok || start == "1") { // another one
				break
			}
			text.Adopt(n, next)
			next.Parent.RemoveChild(next)
		}
	}
}

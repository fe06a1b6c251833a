// Package markdown turns the Markdown of a note, which nobody vouches for, into HTML that is safe to show.
//
// It understands CommonMark, the tables, strikethrough, autolinks and task lists of GitHub, and footnotes; the tags,
// wiki links and task boxes that markup.Outline finds; callouts, highlights and comments. What markup.Reading finds it
// shows, and looks for none of that itself. Fenced code is coloured by classes. Some elements of HTML are shown as such,
// all others as the text that they are. Links lead to http, https, mailto or relative addresses and nowhere else; an image from
// another site becomes a link to it, so that reading a note tells nobody about it. A line break is one in what is shown.
//
// Every id in the output starts with "note-". The output carries no style, no script and no data-* attribute.
package markdown

import (
	"bytes"
	gohtml "html"
	"io"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"octavo/lang"
)

const idPrefix = "note-"

// plainOpen begins what is shown as plain text.
func plainOpen(words *lang.Language) string {
	return `<p class="plain-notice">` + gohtml.EscapeString(words.Text("prose.plain")) + `</p>` + "\n" + `<pre class="plain" tabindex="0">`
}

const plainClose = "</pre>\n"

// converters are the converters by language: what they write has a few words of their own in it.
var converters sync.Map

func converter(words *lang.Language) goldmark.Markdown {
	if known, ok := converters.Load(words); ok {
		return known.(goldmark.Markdown)
	}
	made, _ := converters.LoadOrStore(words, newConverter(words))
	return made.(goldmark.Markdown)
}

func newConverter(words *lang.Language) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blockParsers()...),
			parser.WithParagraphTransformers(paragraphTransformers()...),
			// Goldmark is left with blocks and emphasis. Raw HTML has no parser of it, and so stays text.
			parser.WithInlineParsers(
				util.Prioritized(taskParser{}, 0),
				util.Prioritized(inlineParser{}, 50),
				util.Prioritized(wikiParser{}, 90),
				util.Prioritized(tagParser{}, 90),
				util.Prioritized(entityParser{}, 90),
				util.Prioritized(highlight{}, 500),
				util.Prioritized(addressParser{}, 1000),
				util.Prioritized(parser.NewEmphasisParser(), 500),
			),
			parser.WithASTTransformers(
				util.Prioritized(footnotes{}, 900),
				util.Prioritized(treeGuard{}, 1000),
				util.Prioritized(elements{}, 1001),
				util.Prioritized(details{}, 1002),
				util.Prioritized(blockNames{}, 1003),
				util.Prioritized(anchors{}, 1004),
			),
		)),
		goldmark.WithExtensions(
			extension.Strikethrough,
		),
		goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(
			util.Prioritized(nodeRenderer{words}, 100),
			util.Prioritized(extension.NewTableHTMLRenderer(
				extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute),
			), 500),
			util.Prioritized(extension.NewFootnoteHTMLRenderer(
				extension.WithFootnoteIDPrefix(idPrefix),
				extension.WithFootnoteBacklinkTitle(words.Text("prose.back_to_text")),
			), 500),
		)),
	)
}

// scratch holds the buffers of one rendering.
type scratch struct {
	source []byte
	raw    output // what goldmark wrote
	reader bytes.Reader
	safe   output // what the policy left of it
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// release puts the buffers back for the next rendering, unless a rare big note made them grow.
func (s *scratch) release() {
	const keep = 64 << 10
	s.reader.Reset(nil)
	if s.raw.Cap() <= keep && s.safe.Cap() <= keep && cap(s.source) <= keep {
		scratchPool.Put(s)
	}
}

// format leaves the rendered source in s.safe, and what it has found in d. It reports false if a bound was hit.
func (s *scratch) format(source string, m *meter, d *Document) (ok bool) {
	defer func() {
		switch r := recover(); r {
		case nil, errBound:
		default:
			panic(r)
		}
	}()
	s.source = append(s.source[:0], source...)
	s.raw.reset(d.limit)
	s.safe.reset(d.limit)

	pc := parser.NewContext()
	pc.Set(meterKey, m)
	convert := converter(d.words)
	doc := convert.Parser().Parse(text.NewReader(s.source), parser.WithContext(pc))
	if err := convert.Renderer().Render(&s.raw, s.source, doc); err != nil {
		return false
	}
	s.reader.Reset(s.raw.Bytes())
	return policy().SanitizeReaderToWriter(&s.reader, &s.safe) == nil
}

// output is a buffer with a limit. What exceeds it ends the rendering by a panic with errBound: goldmark's renderers
// ignore errors of writing.
type output struct {
	bytes.Buffer
	limit int
}

var (
	_ util.BufWriter  = (*output)(nil)
	_ io.StringWriter = (*output)(nil)
)

func (o *output) reset(limit int) {
	o.Reset()
	o.limit = limit
}

func (o *output) reserve(n int) {
	if o.Len()+n > o.limit {
		panic(errBound)
	}
}

func (o *output) Write(p []byte) (int, error) {
	o.reserve(len(p))
	return o.Buffer.Write(p)
}

func (o *output) WriteString(s string) (int, error) {
	o.reserve(len(s))
	return o.Buffer.WriteString(s)
}

func (o *output) WriteByte(c byte) error {
	o.reserve(1)
	return o.Buffer.WriteByte(c)
}

func (o *output) WriteRune(r rune) (int, error) {
	o.reserve(utf8.UTFMax)
	return o.Buffer.WriteRune(r)
}

func (o *output) Buffered() int { return o.Len() }

func (o *output) Flush() error { return nil }

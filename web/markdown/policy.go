package markdown

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the second fence: it lets through what the renderer writes, each attribute in the form it writes it, and
// nothing else, whatever a mistake in the renderer or in goldmark may let slip.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "code",
		"em", "strong", "del", "sup", "table", "thead", "tbody", "tr", "th", "td", "div", "span",
	)

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(externalRel)).OnElements("a")
	p.AllowAttrs("class").Matching(exactly("remote-image")).OnElements("a", "span")
	p.AllowAttrs("src", "alt", "title").OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")

	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-[\p{L}\p{M}\p{N}-]+$`)).
		OnElements("h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[\p{L}\p{N}_.+#-]+$`)).OnElements("code")
	p.AllowAttrs("class").Matching(exactly("plain")).OnElements("pre")
	p.AllowAttrs("class").Matching(exactly("plain-notice")).OnElements("p")
	p.AllowAttrs("tabindex").Matching(exactly("0")).OnElements("pre", "div")

	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(table-scroll|footnotes)$`)).OnElements("div")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^(group|doc-endnotes)$`)).OnElements("div")
	p.AllowAttrs("aria-label").Matching(exactly("Table")).OnElements("div")

	p.AllowAttrs("class").Matching(exactly("task-list-item")).OnElements("li")
	p.AllowAttrs("type").Matching(exactly("checkbox")).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(exactly("")).OnElements("input")
	p.AllowAttrs("aria-label").OnElements("input")

	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-fn:[0-9]+$`)).OnElements("li")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-fnref[0-9]*:[0-9]+$`)).OnElements("sup")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^footnote-(ref|backref)$`)).OnElements("a")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-(noteref|backlink)$`)).OnElements("a")
	return p
})

func exactly(s string) *regexp.Regexp { return regexp.MustCompile("^" + regexp.QuoteMeta(s) + "$") }

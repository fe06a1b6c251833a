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
		"em", "strong", "del", "abbr", "kbd", "mark", "rp", "rt", "ruby", "sub", "sup", "u", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "div", "span", "button",
	)

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(externalRel)).OnElements("a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(remote-image|tag)$`)).OnElements("a", "span")
	p.AllowAttrs("src", "alt", "title").OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[0-9]{1,4}$`)).OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")

	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-[\p{L}\p{M}\p{N}\p{Pc}\p{So}-]+$`)).
		OnElements("h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-\^[a-z0-9-]+$`)).OnElements("span", "div")
	p.AllowAttrs("title").OnElements("abbr")
	p.AllowAttrs("open").Matching(exactly("")).OnElements("details")
	p.AllowAttrs("class").Matching(callout).OnElements("details")
	p.AllowAttrs("class").Matching(exactly("callout-title")).OnElements("summary")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[^\s"'<>&]+$`)).OnElements("code")
	p.AllowAttrs("class").Matching(exactly("plain")).OnElements("pre")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(plain-notice|callout-title)$`)).OnElements("p")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^c-[a-z]$`)).OnElements("span")
	p.AllowAttrs("tabindex").Matching(exactly("0")).OnElements("pre", "div")

	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(table-scroll|footnotes)$`)).OnElements("div")
	p.AllowAttrs("class").Matching(callout).OnElements("div")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^(group|note|doc-endnotes)$`)).OnElements("div")

	p.AllowAttrs("class").Matching(exactly("task-list-item")).OnElements("li")
	p.AllowAttrs("type").Matching(exactly("checkbox")).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(exactly("")).OnElements("input")
	p.AllowAttrs("aria-label").OnElements("div", "input", "button")
	p.AllowAttrs("form").Matching(exactly("tasks")).OnElements("button")
	p.AllowAttrs("name").Matching(exactly("task")).OnElements("button")
	p.AllowAttrs("value").Matching(regexp.MustCompile(`^[0-9]{1,6}$`)).OnElements("button")
	p.AllowAttrs("role").Matching(exactly("checkbox")).OnElements("button")
	p.AllowAttrs("aria-checked").Matching(regexp.MustCompile(`^(true|false)$`)).OnElements("button")

	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-fn:[0-9]+$`)).OnElements("li")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-fnref[0-9]*:[0-9]+$`)).OnElements("sup")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(footnote-(ref|backref)|wiki)$`)).OnElements("a")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-(noteref|backlink)$`)).OnElements("a")
	return p
})

var callout = regexp.MustCompile(`^callout callout-(note|tip|success|important|example|warning|question|caution|failure|quote)$`)

func exactly(s string) *regexp.Regexp { return regexp.MustCompile("^" + regexp.QuoteMeta(s) + "$") }

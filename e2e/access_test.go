package e2e

import (
	_ "embed"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// axe finds what keeps people from using a page.
//
//go:embed testdata/axe.min.js
var axe string

const richMarkdown = `# A heading

Some *text* with ~~changes~~, ` + "`code`" + `, a [link](https://example.org/), https://example.org/auto and a note.[^1]

| column | another |
|:-------|--------:|
| ` + "a value that is long enough to need room" + ` | 12,345 |

- [ ] to do
- [x] done
  1. first
  2. second

> A quotation.

` + "```go\nfunc main() { fmt.Println(\"a line of code that is too long for the screen of a phone, and then some\") }\n```" + `

---

[^1]: The footnote.
`

// Everybody can use each page: axe finds nothing wrong with it in either theme on a wide or a narrow screen, and it
// fits a screen of 320 pixels.
func TestEachPageIsAccessibleAndFits(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())

	check := func(name, selector, text string) {
		t.Helper()
		b.waitFor(selector, text)
		b.waitUntilIdle()
		for _, found := range b.audit() {
			t.Errorf("%s: %s", name, found)
		}
	}
	check("the empty list", ".empty", "No notes yet")
	b.paste("#capture-content", " ")
	b.do(ctrlEnter)
	check("the list after an invalid note", "#capture-error", "")
	b = b.another()
	b.open(program.base + "/notes?view=trash")
	check("the empty trash", ".empty", "The trash is empty")

	longest := strings.Repeat("a title as long as one can be, ", 9)[:255]
	program.addNote(longest, "with an excerpt of some words")
	program.addNote(strings.Repeat("w", 255), strings.Repeat("unbroken", 60))
	program.addNote("ملاحظة عن القهوة", "القهوة تُشرب في الصباح، and in English as well")
	program.addNote("日本語のメモ", "これは日本語で書かれたメモです。改行はありません。")
	rich := program.addNote("Rich", richMarkdown)
	b.open(program.base + "/notes")
	check("the list", ".card h2", "日本語のメモ")
	b.open(program.base + rich)
	check("a note", ".prose table", "12,345")
	b.open(program.base + rich + "/edit")
	check("the form of a note", "h1", "Edit note")
	b.open(program.base + "/notes/new")
	check("the form of a new note", "h1", "New note")
	b.paste("#title", strings.Repeat("t", 256))
	b.click("#editor .primary")
	check("an invalid form", "#title-error", "255")

	b = b.another()
	b.open(program.base + rich + "/edit")
	program.changeNote(rich, draft{"Rich", "changed meanwhile"})
	b.paste("#content", "changed here")
	b.click("#editor .primary")
	check("a collision", "#merge", "Choose")

	b = b.another()
	b.open(program.base + "/notes")
	b.click(`.card form[action$="/trash"] button`)
	check("the list after a note is deleted", ".gone", "moved to trash")
	b.open(program.base + "/notes?view=trash")
	b.click(".card summary")
	check("the trash", ".card .danger", "Delete permanently")
	b.open(program.base + "/docs")
	eval[int](b, `[...document.querySelectorAll("details")].filter((d) => d.open = true).length`)
	check("the description of the API", "h1", "API")
	b.open(program.base + "/notes/00000000-0000-7000-8000-000000000000")
	check("an unknown note", ".status", "404")

	b = newTab(t)
	b.open(program.base + "/notes")
	check("a page for somebody unknown", ".status", "401")
}

// changeNote stores another content for the note whose page has the path.
func (s *process) changeNote(path string, d draft) {
	s.t.Helper()
	var n stored
	s.call(http.StatusOK, http.MethodGet, "/api/v1"+path, nil, &n)
	s.call(http.StatusOK, http.MethodPut, "/api/v1"+path, d, nil, "If-Match", fmt.Sprintf("%q", fmt.Sprint(n.Version)))
}

// audit returns what is wrong with the page as it is now, and leaves it on the usual screen. What a theme changes are
// colours.
func (b *tab) audit() []string {
	b.t.Helper()
	var found []string
	for _, moved := range b.shifts() { // before anybody has done something
		found = append(found, "it moves by itself: "+moved)
	}
	if !eval[bool](b, `"axe" in window`) {
		b.do(chromedp.Evaluate[chromedp.Void](axe))
	}
	// Arrows bring what they select into sight. axe knows that of lists that belong to a combobox, which no text area may be.
	b.do(chromedp.Evaluate[chromedp.Void](`var isWrong = ({ id }) => ({ html }) => id !== "scrollable-region-focusable" || !html.includes('role="listbox"')`))
	screens := map[string][]string{} // by what is wrong on them
	for _, screen := range []struct {
		theme string
		width int64
		only  string
	}{{"light", 390, ""}, {"light", 1280, ""}, {"dark", 1280, `runOnly: ["color-contrast", "link-in-text-block"],`}} {
		command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: screen.theme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		b.do(chromedp.EmulateViewport(screen.width, 800))
		for _, violation := range eval[[]string](b, `axe.run({`+screen.only+` resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}).then((r) =>
			r.violations.flatMap((v) => v.nodes.filter(isWrong(v)).map((n) => v.id + ": " + n.failureSummary + "\n" + n.html)))`) {
			screens[violation] = append(screens[violation], fmt.Sprintf("%s %d", screen.theme, screen.width))
		}
	}
	for violation, where := range screens {
		found = append(found, fmt.Sprintf("%s\n%s", violation, where))
	}
	b.do(chromedp.EmulateViewport(320, 640))
	if width := eval[int](b, "document.scrollingElement.scrollWidth"); width > 320 {
		wide := eval[string](b, `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 320)
			.map((e) => e.localName + "." + e.className).join(", ")`)
		found = append(found, fmt.Sprintf("it is %d pixels wide on a screen of 320, because of %s", width, wide))
	}
	b.do(chromedp.EmulateViewport(1280, 800))
	return found
}

// shifts returns what has moved on the page since it was opened, unless somebody has done something there.
func (b *tab) shifts() []string {
	b.t.Helper()
	return eval[[]string](b, `new Promise((resolve) => {
		if (navigator.userActivation.hasBeenActive) return resolve([]);
		new PerformanceObserver((list, observer) => {
			observer.disconnect();
			resolve(list.getEntries().filter(({ hadRecentInput, sources }) => !hadRecentInput && sources).flatMap(({ value, sources }) =>
				sources.map(({ node, previousRect: { top }, currentRect }) => value.toFixed(4) + ": " + (node?.outerHTML ?? node?.textContent ?? "").slice(0, 120) +
					" from " + top + " to " + currentRect.top)));
		}).observe({ type: "layout-shift", buffered: true });
		setTimeout(() => resolve([]), 50);
	})`)
}

func TestTheFirstPageComesInLessThan60Kilobytes(t *testing.T) {
	program := start(t)
	for i := range 20 {
		program.addNote(fmt.Sprintf("Note %d", i), strings.Repeat("some words ", 100))
	}
	note := program.addNote("Rich", richMarkdown)
	for name, page := range map[string]string{"the list": "/notes", "a note": note, "a new note": "/notes/new", "an editor": note + "/edit"} {
		t.Run(name, func(t *testing.T) {
			b := newTab(t)
			// Signing in would load another page first, and what both have in common.
			for _, cookie := range program.signedIn() {
				command(b, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: program.base})
			}
			b.open(program.base + page)
			b.mu.Lock()
			defer b.mu.Unlock()
			t.Logf("%.0f bytes", b.bytes)
			if b.bytes < 1_000 || b.bytes >= 60_000 {
				t.Errorf("the page and what it loads come in %.0f bytes", b.bytes)
			}
		})
	}
}

// signedIn returns the cookies of a browser that has signed in.
func (s *process) signedIn() []*http.Cookie {
	s.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.link(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.Cookies()
}

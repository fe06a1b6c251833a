package e2e

import (
	"net/url"
	"os"
	"strings"
	"testing"
)

// The browser is the judge: a dialog, an error or a violation of the policy fails the test.
func TestWhatSomebodyWritesIsRunByNoBrowser(t *testing.T) {
	list, err := os.ReadFile("../web/testdata/injections.txt")
	if err != nil {
		t.Fatal(err)
	}
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	for i, text := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		if i%3 > 0 {
			continue
		}
		note := program.addNote(text, text+"\n\n"+`">`+text+"\n\n[x]("+text+")\n")
		for _, page := range []string{note, note + "/edit", "/search?q=" + url.QueryEscape(text)} {
			b.open(program.base + page)
			b.waitFor("h1, #title", "")
			eval[int](b, `document.querySelectorAll("main *").forEach((e) => {
				for (const type of ["mouseover", "focus", "toggle", "animationend"]) e.dispatchEvent(new Event(type));
			}), 0`)
			for _, problem := range b.takeProblems() {
				if strings.HasPrefix(problem, "status 404") { // of a picture that isn't there, which a text may show
					continue
				}
				t.Errorf("%s on %s: %s", text, page, problem)
			}
		}
	}
	b.open(program.base + "/notes")
	b.waitFor(".card", "")
}

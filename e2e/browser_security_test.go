package e2e

import "testing"

func TestOnPagesTextBecomesHTMLOnlyByBeingParsed(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	for _, way := range []string{
		`document.createElement("div").innerHTML = "<b>x</b>"`,
		`document.createElement("div").insertAdjacentHTML("beforeend", "<b>x</b>")`,
		`document.createElement("script").text = "1"`,
		`document.createElement("script").src = "/static/x.js"`,
		`document.createElement("iframe").srcdoc = "x"`,
		`document.createRange().createContextualFragment("<b>x</b>")`,
		`document.write("x")`,
		`trustedTypes.createPolicy("another", { createHTML: (html) => html })`,
	} {
		if got := eval[string](b, `(() => { try { `+way+`; return "done" } catch (error) { return error.name } })()`); got == "done" {
			t.Errorf("%s works", way)
		}
	}
	b.takeProblems() // the browser has said so in its console
	if got := eval[string](b, `new DOMParser().parseFromString("<b>x</b>", "text/html").body.innerText`); got != "x" {
		t.Errorf("parsing gives %q", got)
	}
}

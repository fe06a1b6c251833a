package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

func TestTheTreeOfTagsStaysFoldedAsItWasLeft(t *testing.T) {
	program := start(t)
	program.addNote("Plans", "#work/home/desk #work/office #garden/herbs")
	const open = `document.querySelectorAll("#tag-tree details[open]").length === `
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + "/tags")
	b.wait(open + "3")
	b.focus("#tag-tree > ul > li:nth-child(2) > details > summary") // that of work
	b.do(chromedp.KeyEvent(" "))
	b.wait(open + "2")
	b.wait(`document.cookie.includes("=none.")`)
	b.open(program.base + "/tags")
	b.wait(open + "2")
	b.focus(".folding a:last-child")
	b.do(enter)
	b.wait(open + "0")
	b.wait(`document.cookie.includes("=all") && location.pathname === "/tags" && location.search === ""`)
	b.open(program.base + "/tags")
	b.wait(open + "0")
	b.click("#tag-tree > ul > li:first-child > details > summary")
	b.wait(open + "1")
	b.wait(`document.cookie.includes("=all.")`)
	b.open(program.base + "/tags")
	b.wait(open + "1")

	b.withoutScripts()
	b.open(program.base + "/tags")
	b.wait(open + "1")
	b.click(".folding a:first-child")
	b.wait(open + "3")
	b.open(program.base + "/tags")
	b.wait(open + "3")
}

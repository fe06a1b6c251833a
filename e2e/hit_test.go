package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestAHitOpensTheNoteWhereItsWordStands(t *testing.T) {
	program := start(t, "DB_BACKEND=memory")
	b := newTab(t)
	b.open(program.link())
	filler := strings.Repeat("Lorem ipsum dolor sit amet, consectetur adipiscing elit.\n\n", 100)
	for i, c := range []struct{ text, query, stands string }{
		{"many crocodiles here", "crocod", "crocodiles"},
		{"a well-known thing", "well-known", "well-known"},
		{"some 1,500 things", "1,500", "1,500"},
		{"our R&D department", "R&D", "R&D"},
		{"これは日本語で書かれたメモです。", "書かれた", "書かれた"},
		{"東京都に住んでいます", "京都", "京都"}, // a part of a word
		{"한국어로 쓴 문장입니다", "문장", "문장입니다"},
		{"هذا نص باللغة العربية هنا", "العربية", "العربية"},
		{"first tiger\nsecond lion", `"tiger second"`, "tiger"},                         // on two lines
		{"Please edit the history of these notes", "notes history", "edit the history"}, // words of the page, too
		{"| a | b |\n|--|--|\n| one | zebra |", "zebra", "zebra"},
		{"> [!tip]- Folded\n> an octopus inside", "octopus", "octopus"},
		{"our #zoo/monkey", "zoo", "our #zoo"}, // above the text stands the tag
	} {
		title := fmt.Sprintf("Number %d", i)
		program.addNote(title, filler+c.text+"\n\n"+filler)
		b.open(program.base + "/search?" + url.Values{"q": {c.query}}.Encode())
		b.click(".hit h2 a")
		b.waitFor(".note h1", title)
		b.wait(fmt.Sprintf(`(() => {
			const walker = document.createTreeWalker(document.querySelector(".prose"), NodeFilter.SHOW_TEXT);
			let text = "", nodes = [];
			while (walker.nextNode()) {
				nodes.push([text.length, walker.currentNode]);
				text += walker.currentNode.data;
			}
			const at = text.indexOf(%s);
			const [start, node] = nodes.findLast(([begin]) => begin <= at);
			const word = document.createRange();
			word.setStart(node, at - start);
			word.setEnd(node, at - start + 1);
			const box = word.getBoundingClientRect();
			return scrollY > 0 && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
		})()`, js(c.stands)))
	}

	// Also where the hits came while the query was being typed.
	b.open(program.base + "/search")
	b.fill("#q", "crocod")
	b.click(".hit h2 a")
	b.waitFor(".note h1", "Number 0")
	b.wait("scrollY > 0")
}

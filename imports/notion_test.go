package imports

import (
	"fmt"
	"strings"
	"testing"

	"octavo/domain"
)

// notionID returns the id of a page in a test.
func notionID(n int) string { return fmt.Sprintf("%032x", 0xabc000+n) }

var aNotion = written{
	"Export-1/Home " + notionID(1) + ".md": "# Home: *all* of it\n\n[The cups](Home%20" + notionID(1) + "/Cups%20and%20more%20" + notionID(2) + ".md) and [Reading](Home%20" + notionID(1) + "/Reading%20" + notionID(3) + ".csv)\n\n" +
		"![a cup](Home%20" + notionID(1) + "/my%20cup.png)\n\n<aside>\n💡 Take care\nof them\n\n</aside>\n\n- [ ]  open\n- [x]  done\n    - nested\n\n```\n<aside>\n```\n[elsewhere](https://www.notion.so/Cups-" + notionID(2) + "?pvs=4) [gone](https://www.notion.so/" + notionID(99) + ")",
	"Export-1/Home " + notionID(1) + "/Cups and more " + notionID(2) + ".md":                           "# Cups & more\n\nKey: value is text here",
	"Export-1/Home " + notionID(1) + "/my cup.png":                                                     "a cup",
	"Export-1/Home " + notionID(1) + "/unused.png":                                                     "nothing",
	"Export-1/Home " + notionID(1) + "/Reading " + notionID(3) + ".csv":                                "\ufeffName,Tags\nonly one row,x\n",
	"Export-1/Home " + notionID(1) + "/Reading " + notionID(3) + "_all.csv":                            "\ufeffName,Tags,\"By | whom\"\n\"A \"\"good\"\" book\",\"a, b\",\"one\ntwo\"\nSame,,\nSame,x,*y*\nNo page,,https://example.org/a_b\n",
	"Export-1/Home " + notionID(1) + "/Reading " + notionID(3) + "/A good book " + notionID(4) + ".md": "# A \"good\" book\n\nTags: a b, c\nCreated: March 3, 2024 4:05 PM\nLast edited time: March 4, 2024 4:05 PM\nBy: who: \"x\"\nTitle: y\n\nIts text\n",
	"Export-1/Home " + notionID(1) + "/Reading/Same " + notionID(5) + ".md":                            "# Same\n\nTags: x\n\nfirst",
	"Export-1/Home " + notionID(1) + "/Reading/Same " + notionID(6) + ".md":                            "# Same\n\nsecond",
	"Export-1/index.html": "<html></html>",
}

func TestExportsOfNotionAreRead(t *testing.T) {
	for name, in := range map[string]*imported{
		"zip":             readFile(t, aNotion.zip(t), "x", Options{Limits: UploadLimits}),
		"zip in a zip":    readFile(t, written{"Export-Part-1.zip": string(aNotion.zip(t))}.zip(t), "x", Options{Limits: UploadLimits}),
		"folder":          readPath(t, aNotion.folder(t), Options{}),
		"folder with zip": readPath(t, written{"Export-Part-1.zip": string(aNotion.zip(t))}.folder(t), Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			in.t = t
			if in.kind != domain.FromNotion || len(in.notes) != 6 {
				t.Fatalf("%d notes of %s", len(in.notes), in.kind)
			}
			in.says(notionID(1), "Home: all of it", "[[Cups & more|The cups]] and [[Reading]]\n\n![a cup](/files/my%20cup.png)\n\n> [!note]\n> 💡 Take care\n> of them\n> \n\n- [ ]  open\n- [x]  done\n    - nested\n\n```\n<aside>\n```\n"+
				"[[Cups & more|elsewhere]] [gone](https://www.notion.so/"+notionID(99)+")")
			in.holds(notionID(1), map[string]string{"my cup.png": "a cup"})
			in.says(notionID(2), "Cups & more", "Key: value is text here")
			in.says(notionID(3), "Reading", "| Name | Tags | By \\| whom |\n|---|---|---|\n| [[A \"good\" book]] | a, b | one<br>two |\n| [[Same]] |  |  |\n| [[Same (2)\\|Same]] | x | \\*y\\* |\n| No page |  | https://example.org/a_b |\n")
			in.says(notionID(4), `A "good" book`, "---\nCreated: \"March 3, 2024 4:05 PM\"\nLast edited time: \"March 4, 2024 4:05 PM\"\nBy: \"who: \\\"x\\\"\"\nNotion Title: \"y\"\n---\nIts text\n")
			in.tagged(notionID(4), "a-b", "c")
			in.timed(notionID(4), "2024-03-03 16:05:00", "2024-03-04 16:05:00")
			in.says(notionID(5), "Same", "first")
			in.tagged(notionID(5), "x")
			place := "Home " + notionID(1)
			in.loses(map[string][]string{
				place + "/Reading " + notionID(3) + "/A good book " + notionID(4) + ".md": {"import.tag_changed"}, place + "/unused.png": {"import.file_unused"},
			})
		})
	}
}

func TestPagesOfNotionBecomeTagsWhereThatIsWanted(t *testing.T) {
	in := readFile(t, aNotion.zip(t), "x", Options{FolderTags: true})
	in.tagged(notionID(2), "Home")
	in.tagged(notionID(6), "Home/Reading")
}

// notionPage returns a page in HTML.
func notionPage(title, properties, body string) string {
	return `<html><head><style>x</style></head><body><article class="page sans"><header><h1 class="page-title">` + title + `</h1>` + properties + `</header><div class="page-body">` + body + `</div></article></body></html>`
}

var aPageOfNotion = notionPage("Tea", `<table class="properties"><tbody><tr class="property-row property-row-created_time"><th><span class="icon property-icon"><svg></svg></span>Created</th><td><time>@March 3, 2024 4:05 PM</time></td></tr>`+
	`<tr class="property-row property-row-multi_select"><th>Tags</th><td><span class="selected-value">a b</span><span class="selected-value">c</span></td></tr><tr class="property-row property-row-checkbox"><th>Ready</th><td><div class="checkbox checkbox-on"></div></td></tr></tbody></table>`,
	`<p>Some <mark class="highlight-red">red</mark> and <mark class="highlight-yellow_background">marked</mark> #text</p><ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> <span class="to-do-children-checked">done</span></li></ul>`+
		`<ul class="to-do-list"><li><div class="checkbox checkbox-off"></div> <span>open</span></li></ul><ol class="numbered-list" start="1"><li>one</li></ol><ol class="numbered-list" start="2"><li>two</li></ol><ol class="numbered-list" start="1"><li>other</li></ol>`+
		`<figure class="block callout"><div style="font-size:1.5em"><span class="icon">💡</span></div><div style="width:100%">A callout<p>with more</p></div></figure>`+
		`<details open=""><summary style="font-size:1.5em">Toggle</summary><p>hidden</p></details>`+
		`<p>so <style>y</style><span><span class="katex"><span class="katex-mathml"><math><annotation encoding="application/x-tex">a\_b\ </annotation></math></span><span class="katex-html">ab</span></span></span>`+"\ufeff"+`.</p>`+
		`<figure class="link-to-page"><a href="Tea%20`+notionID(1)+`/Cups%20`+notionID(2)+`.html"><span class="icon">🍵</span>Cups</a></figure>`+
		`<figure class="image"><a href="Tea%20`+notionID(1)+`/Untitled.png"><img style="width:240px" src="Tea%20`+notionID(1)+`/Untitled.png"/></a></figure>`+
		`<figure><div class="source"><a href="Tea%20`+notionID(1)+`/----.pdf">Größe.pdf</a></div></figure><pre class="code"><code class="language-Plain Text">x</code></pre>`+
		`<table class="simple-table"><tbody><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></tbody></table>`)

func TestPagesOfNotionInHTMLAreRead(t *testing.T) {
	in := readFile(t, written{
		"Tea " + notionID(1) + ".html": aPageOfNotion, "Tea " + notionID(1) + "/Cups " + notionID(2) + ".html": notionPage("Cups", "", ""),
		"Tea " + notionID(1) + "/Untitled.png": "a cup", "Tea " + notionID(1) + "/----.pdf": "sizes", "index.html": "",
	}.zip(t), "x", Options{Limits: UploadLimits})
	in.says(notionID(1), "Tea", `---
Created: "@March 3, 2024 4:05 PM"
Ready: "Yes"
---
Some red and ==marked== \#text

- [x] done
- [ ] open

1. one
2. two

1. other

> [!note]
> A callout
> 
> with more

## Toggle

hidden

so $a\_b$.

[[Cups]]

![|240](/files/Untitled.png)

[Größe.pdf](/files/Größe.pdf)

`+"```plain-text\nx\n```"+`

| a | b |
|---|---|
| 1 | 2 |`)
	in.tagged(notionID(1), "a-b", "c")
	in.timed(notionID(1), "2024-03-03 16:05:00", "2026-03-14 15:09:26")
	in.holds(notionID(1), map[string]string{"Untitled.png": "a cup", "Größe.pdf": "sizes"})
	in.says(notionID(2), "Cups", "")
}

func FuzzNotion(f *testing.F) {
	f.Add(aNotion["Export-1/Home "+notionID(1)+".md"], aPageOfNotion, "Name,Tags\nx,y\n")
	f.Add("# a\n\nb: c\n\nd", "<details><summary>x</summary></details><figure class=callout></figure><figure class=equation></figure>", "\"a\nb")
	f.Fuzz(func(t *testing.T, page, html, table string) {
		readFile(t, written{
			"a " + notionID(1) + ".md": page, "b " + notionID(2) + ".html": strings.ReplaceAll(aPageOfNotion, "Some", html), "c " + notionID(3) + ".csv": table, "c " + notionID(3) + "/x " + notionID(4) + ".md": page,
		}.zip(t), "x", Options{Limits: UploadLimits})
	})
}

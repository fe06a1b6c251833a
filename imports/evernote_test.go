package imports

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"octavo/domain"
)

// enex returns an export of Evernote with some notes in it.
func enex(notes ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">
<en-export export-date="20260314T150926Z" application="Evernote" version="10.91.1">` + strings.Join(notes, "\n") + "\n</en-export>\n"
}

// enml returns a note with some fields and a text.
func enml(fields, text string) string {
	return "<note>" + fields + `<content><![CDATA[<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd"><en-note>` + text + `</en-note>]]></content></note>`
}

const teaHash = "7239ea2b5dc943f61f3c0a0276c20974" // MD5 of "tea"

var anExport = enex(
	enml("<title> Tea &amp; list </title><created>20240203T040506Z</created><updated>20240304T050607Z</updated><tag>drinks</tag><tag>two words</tag>"+
		"<note-attributes><author>A</author><source-url>https://example.org/?a=1&amp;b=2</source-url><reminder-time>20250101T090000Z</reminder-time></note-attributes>",
		`<h1>Green</h1><div>First <b>bold</b> and <span style="font-weight: bold;">styled</span> <span style="--en-highlight:yellow;">marked</span></div><div>second line</div>`+
			`<div><br/></div><div>after a blank one, with #1, #notag and a_b *c*</div>`+
			`<div><en-todo checked="true"/>done</div><div><en-todo/>open</div>`+
			`<ul style="--en-todo:true;"><li style="--en-checked:true;"><div>checked</div></li><li style="--en-checked:false;"><div>unchecked</div></li></ul>`+
			`<ol><li><div>one</div></li><li><ul><li><div>nested</div></li></ul></li><li>two</li></ol>`+
			`<table><tr><td><div>a</div></td><td><div>b | c</div></td></tr><tr><td><div>1</div><div>2</div></td><td><a href="evernote:///view/1/s1/x/x/">Cups</a></td></tr></table>`+
			`<div style="-en-codeblock: true; --en-codeblockLanguage:go;"><div>func main() {</div><div>    a_b := "&lt;x&gt;"</div><div><br/></div><div>}</div></div>`+
			`<en-media hash="`+teaHash+`" type="image/png" width="120"/><div>and <en-media type="image/png" hash="`+teaHash+`"/> inline</div>`+
			`<en-media hash="00000000000000000000000000000000" type="image/png"/><hr/>`+
			`<div>see <a href="evernote:///view/1/s1/y/y/">Cups</a>, <a href="https://www.evernote.com/shard/s1/nl/1/z/">gone</a></div>`+
			`<en-crypt hint="x" cipher="AES" length="128">RU5DMA==</en-crypt>`),
	"<note><title>Cups</title><content><![CDATA[<en-note><div style=\"--en-task-group:true; --en-id:g1;\"/></en-note>]]></content><created>20240101T000000Z</created>"+
		"<resource><data encoding=\"base64\">\n"+base64.StdEncoding.EncodeToString([]byte("manual"))+"\n</data><mime>application/pdf</mime>"+
		"<resource-attributes><file-name>The_manual.pdf</file-name></resource-attributes></resource>"+
		"<resource><data encoding=\"base64\">####</data><mime>image/png</mime><resource-attributes><file-name>bad.png</file-name></resource-attributes></resource>"+
		"<task><title>second</title><taskStatus>open</taskStatus><taskGroupNoteLevelID>g1</taskGroupNoteLevelID><sortWeight>N</sortWeight><dueDate>20240506T000000Z</dueDate></task>"+
		"<task><title>first</title><taskStatus>completed</taskStatus><taskGroupNoteLevelID>g1</taskGroupNoteLevelID><sortWeight>B</sortWeight></task></note>",
	enml("<title>Untitled</title><created>20240101T000000Z</created>", "<div>one</div>"),
	enml("<title>Untitled</title><created>20240101T000000Z</created>", "<div>two</div>"),
)

func init() {
	data := "<resource><data encoding=\"base64\">" + base64.StdEncoding.EncodeToString([]byte("tea")) + "</data><mime>image/png</mime></resource></note>"
	anExport = strings.Replace(anExport, "]]></content></note>", "]]></content>"+data, 1)
}

func TestAnExportOfEvernoteIsRead(t *testing.T) {
	in := readFile(t, []byte(anExport), "My notebook.enex", Options{Limits: UploadLimits})
	if in.kind != domain.FromEvernote || len(in.notes) != 4 {
		t.Fatalf("%d notes of %s", len(in.notes), in.kind)
	}
	in.says("Tea & list", "Tea & list", `---
source: "https://example.org/?a=1&b=2"
reminder: "20250101T090000Z"
---
# Green

First **bold** and **styled** ==marked==
second line

after a blank one, with #1, \#notag and a_b \*c*

- [x] done
- [ ] open

- [x] checked
- [ ] unchecked

1. one
   - nested
2. two

| a | b \| c |
|---|---|
| 1<br />2 | [[Cups]] |

`+"```go"+`
func main() {
    a_b := "<x>"

}
`+"```"+`

![file-1.png|120](/files/file-1.png)
and ![file-1.png](/files/file-1.png) inline

---

see [[Cups]], [gone](https://www.evernote.com/shard/s1/nl/1/z/)`)
	in.tagged("Tea & list", "drinks", "two-words")
	in.timed("Tea & list", "2024-02-03 04:05:06", "2024-03-04 05:06:07")
	in.holds("Tea & list", map[string]string{"file-1.png": "tea"})
	in.says("Cups", "Cups", "- [x] first\n- [ ] second 📅 2024-05-06\n\n[The_manual.pdf](/files/The_manual.pdf)")
	in.holds("Cups", map[string]string{"The_manual.pdf": "manual"})
	in.timed("Cups", "2024-01-01 00:00:00", "")
	in.loses(map[string][]string{
		"My notebook.enex/Tea & list": {"import.tag_changed", "import.file_missing", "import.encrypted_block"}, "My notebook.enex/Cups": {"import.file_damaged"},
	})
	if in.notes[2].ID == in.notes[3].ID || in.texts[2] != "one" || in.texts[3] != "two" {
		t.Errorf("notes of the same title: %+v", in.notes[2:])
	}
}

func TestNotebooksOfEvernoteBecomeTagsWhereThatIsWanted(t *testing.T) {
	in := readFile(t, written{"a/My notebook.enex": anExport, "a/notes.txt": "other"}.zip(t), "x", Options{FolderTags: true})
	in.tagged("Cups", "My-notebook")
	if got := in.lost["notes.txt"]; len(got) != 1 || got[0] != "import.file_unused" {
		t.Errorf("lost %v", in.lost)
	}
}

func TestAnExportThatIsCutOffIsReadUpToThere(t *testing.T) {
	at := strings.Index(anExport, "<title>Untitled") + 3
	in := readFile(t, []byte(anExport[:at]), "a.enex", Options{})
	if len(in.notes) != 2 || len(in.lost["a.enex"]) != 1 || in.lost["a.enex"][0] != "import.cut_off" {
		t.Errorf("%d notes, lost %v", len(in.notes), in.lost)
	}
}

func TestANoteThatIsBrokenIsLeftOut(t *testing.T) {
	broken := enex(
		enml("<title>One</title>", "1"), strings.Replace(enml("<title>Two</title>", "2"), "<content>", "<conte<nt>", 1), enml("<title>Three</title>", "3"),
		enml("<title>Four</title><note-attributes><source>x</source></note-attributesv>", "4"), "</resource></note>", enml("<title>Five</title>", "5"),
	)
	in := readFile(t, []byte(broken), "a.enex", Options{})
	for _, title := range []string{"One", "Three", "Four", "Five"} {
		if _, text, _ := in.note(title); len(text) != 1 {
			t.Errorf("%s says %q", title, text)
		}
	}
	if len(in.notes) != 4 || len(in.lost["a.enex"]) == 0 {
		t.Errorf("%d notes, lost %v", len(in.notes), in.lost)
	}
}

func TestAPictureWithinAnAddressBecomesAFile(t *testing.T) {
	in := readFile(t, []byte(enex(enml("<title>Tea</title>", `<div>a <img src="data:image/png;base64,dGVh%0A" alt="cup"/> <img src="data:image/png;base64,###"/></div>`))), "a.enex", Options{})
	in.says("Tea", "Tea", "a ![cup](/files/image-1.png) ![](data:image/png;base64,###)")
	in.holds("Tea", map[string]string{"image-1.png": "tea"})
	in = readFile(t, written{"Tea.md": "![cup](data:image/jpeg;base64,dGVh) `![cup](data:image/png;base64,dGVh)` [x][1]\n\n[1]: data:text/plain,some%20words"}.zip(t), "x", Options{})
	in.says("Tea", "Tea", "![cup](/files/image-1.jpg) `![cup](data:image/png;base64,dGVh)` [x][1]\n\n[1]: data:text/plain,some%20words")
	in.holds("Tea", map[string]string{"image-1.jpg": "tea"})
}

// repeated is a file that has the same part many times.
type repeated struct {
	head, part, tail string
	times            int64
}

func (r repeated) size() int64 {
	return int64(len(r.head)) + r.times*int64(len(r.part)) + int64(len(r.tail))
}

func (r repeated) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		var from string
		switch offset := at + int64(n) - int64(len(r.head)); {
		case offset < 0:
			from = r.head[len(r.head)+int(offset):]
		case offset < r.times*int64(len(r.part)):
			from = r.part[offset%int64(len(r.part)):]
		default:
			if offset -= r.times * int64(len(r.part)); offset >= int64(len(r.tail)) {
				return n, io.EOF
			}
			from = r.tail[offset:]
		}
		n += copy(p[n:], from)
	}
	return n, nil
}

func TestAnExportTakesMemoryForOneNote(t *testing.T) {
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("picture"), 900)) + "\n"
	note := enml("<title>One of many</title>", `<div>text</div><en-media hash="x"/>`)
	note = strings.TrimSuffix(note, "</note>") + "<resource><data encoding=\"base64\">" + strings.Repeat(line, 300) + "</data></resource></note>"
	large := repeated{head: strings.TrimSuffix(enex(), "\n</en-export>\n"), part: note, tail: "</en-export>", times: 12}
	peak := uint64(0)
	s, err := OpenFile(large, large.size(), "large.enex", made, Options{})
	if err != nil {
		t.Fatal(err)
	}
	notes, size := 0, int64(0)
	for n, err := range s.Notes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		notes++
		size += n.Files[0].Size
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}
	if err := s.Close(); err != nil || notes != 12 || size != 12*300*900*7 {
		t.Errorf("%d notes, %d bytes: %v", notes, size, err)
	}
	if peak > 32<<20 {
		t.Errorf("%d bytes of %d in memory", peak, large.size())
	}
}

func TestATextOfEvernoteWithoutAnEndIsCutOff(t *testing.T) {
	for name, part := range map[string]string{"text": "text ", "tags": "<b>", "sections": "]]", "tag": "<a", "data": "AAAA"} {
		head := strings.TrimSuffix(enex(), "\n</en-export>\n") + "<note><title>Endless</title>"
		switch name {
		case "text", "tags", "sections":
			head += "<content><![CDATA[<en-note>"
		case "tag":
			head += "<"
		case "data":
			head += "<resource><data>"
		}
		endless := repeated{head: head, part: part, times: 6 << 20 / int64(len(part)), tail: "]]></content></note></en-export>"}
		if name == "data" {
			endless.times, endless.tail = 40<<20/4, "</data></resource></note></en-export>" // 30 MiB
		}
		t.Run(name, func(t *testing.T) {
			s, err := OpenFile(endless, endless.size(), "endless.enex", made, Options{})
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			lost := 0
			for n, err := range s.Notes(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				lost += len(n.Lost)
			}
			runtime.ReadMemStats(&after)
			if lost == 0 || after.TotalAlloc-before.TotalAlloc > 128<<20 {
				t.Errorf("lost %d, %d bytes of memory", lost, after.TotalAlloc-before.TotalAlloc)
			}
		})
	}
}

func TestNoTextTakesMoreThanItsLength(t *testing.T) {
	many := func(n int, parts ...string) (text string) {
		for _, part := range parts {
			text += strings.Repeat(part, n)
		}
		return text
	}
	for name, text := range map[string]string{
		"brackets": many(150_000, "["), "stars": many(300_000, "*"), "quotes": many(20, many(400, "<blockquote>x", "</blockquote>")), "lists": many(20, many(200, "<ul><li>x", "</li></ul>")),
		"tables": many(20, many(100, "<table><tr><td>x", "</td></tr></table>")), "a wide table": "<table><tr>" + many(300, "<td>x</td>") + "</tr>" + many(2000, "<tr><td>x</td></tr>") + "</table>",
		"a span": "<table><tr><td colspan='99999999' rowspan='99999999'>x</td></tr></table>", "depth": many(90_000, "<b>") + "x", "tags": many(120_000, "<b>x</b>"), "items": "<ul>" + many(10_000, "<li><en-todo/>x</li>") + "</ul>",
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			in := readFile(t, []byte(enex(enml("<title>a</title>", text))), "a.enex", Options{})
			runtime.ReadMemStats(&after)
			if taken := (after.TotalAlloc - before.TotalAlloc) >> 20; len(in.notes) != 1 || strings.TrimSpace(in.texts[0]) == "" || taken > 512 { // read twice, and looked at
				t.Errorf("%d notes, %d MiB", len(in.notes), taken)
			}
		})
	}
}

func FuzzEvernote(f *testing.F) {
	f.Add(anExport)
	f.Add(enex(enml("<title>a</title>", "<ul><li>a<ul><li><en-todo/>b</li></ul></li></ul><table><tr><td colspan=\"99999999\">x</td></tr></table>")))
	f.Add(enex(enml("", "<div style='-en-codeblock:true'><div>a<br/>b</div></div><blockquote><div>q</div></blockquote><pre>x</pre>")))
	f.Fuzz(func(t *testing.T, export string) {
		s, err := OpenFile(strings.NewReader(export), int64(len(export)), "a.enex", made, Options{Limits: UploadLimits})
		if err != nil {
			return
		}
		read(t, s)
	})
}

func FuzzENML(f *testing.F) {
	f.Add("<div>a</div><div><br/></div><div><en-todo/>b</div>")
	f.Add("<div style='-en-codeblock:true'><en-media hash='x'/><a href='y'></a></div>")
	f.Add("<ul><li>a<ul><li><en-todo/>b</li></ul></li></ul><table><tr><td><div>x</div><div>y</div></td></tr></table>")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "]]>") {
			return
		}
		in := readFile(t, []byte(enex(enml("<title>a</title>", text))), "a.enex", Options{Limits: UploadLimits})
		if len(in.notes) > 1 {
			t.Error(fmt.Sprint(len(in.notes), " notes"))
		}
	})
}

package imports

import (
	"strings"
	"testing"

	"octavo/domain"
)

var ofMemos = written{
	"manifest.json":               `{"format":"memos-export","formatVersion":"1.4","generator":{"name":"memos","version":"0.31.0"},"exportTime":"2026-09-16T08:30:00Z","scope":{"kind":"USER","user":{"username":"a"}},"counts":{"memos":3}}`,
	"memos/Ab3.json":              `{"uid":"Ab3","creator":"a","createTime":"2024-02-03T04:05:06Z","updateTime":"2024-03-04T05:06:07.5Z","state":"NORMAL","visibility":"SPACE","pinned":true,"contentPath":"memos/Ab3.md","tags":["tea","tea/green"],"location":{"placeholder":"Office","latitude":52.5,"longitude":13.25},"space":{"uid":"x","title":"Team notes"},"parent":"Xy7","relations":[{"type":"REFERENCE","memo":"Qr5"},{"type":"REFERENCE","memo":"Gone9"},{"type":"OTHER","memo":"Xy7"}],"attachments":[{"uid":"att1","filename":"my cup.jpg","type":"image/jpeg","size":5,"sha256":"00","path":"attachments/att1/my_cup.jpg"},{"uid":"att2","filename":"spec.pdf","type":"application/pdf","size":4,"path":"attachments/att2/spec.pdf"},{"uid":"att3","filename":"far.pdf","externalLink":"https://example.org/far.pdf"},{"uid":"att4","filename":"gone.pdf","path":"attachments/att4/gone.pdf"}],"reactions":[{"reactionType":"👍"}]}`,
	"memos/Ab3.md":                "Green tea #tea #tea/green\n\n- [x] done [[memos/Qr5]] ![x](/file/attachments/att1/my%20cup.jpg)",
	"memos/Xy7.json":              `{"uid":"Xy7","createTime":"2024-02-03T04:05:06Z","state":"ARCHIVED","contentPath":"memos/Xy7.md","future":{"a":1}}`,
	"memos/Xy7.md":                "# Parent\n\nsee [it](/memos/Ab3)",
	"memos/Qr5.json":              `{"uid":"Qr5","createTime":"2024-02-03T04:05:06Z","state":"WEIRD","contentPath":"memos/Qr5.md"}`,
	"memos/Qr5.md":                "",
	"memos/Bad.json":              `{"uid":`,
	"memos/Lost.json":             `{"uid":"Lost","contentPath":"memos/Lost.md"}`,
	"attachments/att1/my_cup.jpg": "a cup",
	"attachments/att2/spec.pdf":   "spec",
	"attachments/att9/other":      "?",
}

func TestExportsOfMemosAreRead(t *testing.T) {
	in := readFile(t, ofMemos.zip(t), "x", Options{Limits: UploadLimits, FolderTags: true})
	if in.kind != domain.FromMemos || len(in.notes) != 3 {
		t.Fatalf("%d notes of %s", len(in.notes), in.kind)
	}
	in.says("Ab3", "", "---\nlocation: \"Office (52.5, 13.25)\"\n---\nGreen tea #tea #tea/green\n\n- [x] done [[2024-02-03 04:05]] ![x](/files/my%20cup.jpg)\n\n[spec.pdf](/files/spec.pdf)\n\n[far.pdf](https://example.org/far.pdf)\n\n[[Parent]]\n\nmemos/Gone9")
	in.tagged("Ab3", "Team-notes")
	in.timed("Ab3", "2024-02-03 04:05:06", "2024-03-04 05:06:07")
	in.holds("Ab3", map[string]string{"my cup.jpg": "a cup", "spec.pdf": "spec"})
	in.says("Xy7", "", "# Parent\n\nsee [[Green tea #tea #tea/green|it]]")
	for id, want := range map[string]domain.NoteState{"Ab3": domain.Active, "Xy7": domain.Archived, "Qr5": domain.Active} {
		if n, _, _ := in.note(id); n.State != want || n.Pinned != (id == "Ab3") {
			t.Errorf("%s is %s, pinned %v", id, n.State, n.Pinned)
		}
	}
	in.loses(map[string][]string{
		"memos/Ab3.json": {"import.tag_changed", "import.file_missing"}, "memos/Bad.json": {"import.unreadable"}, "memos/Lost.json": {"import.no_text"}, "attachments/att9/other": {"import.file_unused"},
	})
}

func TestWhatMemosHasBesidesIsRefused(t *testing.T) {
	database := "SQLite format 3\x00" + strings.Repeat("\x00", 1000)
	if _, err := OpenFile(strings.NewReader(database), int64(len(database)), "memos_prod.db", made, Options{}); refusedFor(err) != "import.database" {
		t.Errorf("a database: %v", err)
	}
	next := written{}
	for path, text := range ofMemos {
		next[path] = strings.ReplaceAll(text, `"1.4"`, `"2.0"`)
	}
	s, err := OpenFile(strings.NewReader(string(next.zip(t))), int64(len(next.zip(t))), "x", made, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range s.Notes(t.Context()) {
		if refusedFor(err) != "import.memos_version" {
			t.Errorf("version 2: %v", err)
		}
	}
}

func FuzzMemos(f *testing.F) {
	f.Add(ofMemos["memos/Ab3.json"], ofMemos["memos/Ab3.md"])
	f.Add(ofMemos["memos/Xy7.json"], ofMemos["memos/Xy7.md"])
	f.Fuzz(func(t *testing.T, record, content string) {
		readFile(t, written{"manifest.json": ofMemos["manifest.json"], "memos/Ab3.json": record, "memos/Ab3.md": content, "attachments/att1/my_cup.jpg": "a cup"}.zip(t), "x", Options{Limits: UploadLimits})
	})
}

package imports

import (
	"strings"
	"testing"

	"octavo/domain"
)

var ofSimplenote = written{
	"source/notes.json": `{
  "activeNotes": [
    {"id":"a1","content":"Tea\r\nGreen [cups](simplenote://note/b2) and [gone](simplenote://note/zz) C:\\* *x*","creationDate":"2024-02-03T04:05:06.789Z","lastModified":"2024-03-04T05:06:07.000Z","tags":["two words","tea"],"pinned":true},
    {"id":"b2","content":"# Cups\n\n\\*","creationDate":"2024-02-03T04:05:06Z","lastModified":"2024-02-03T04:05:06Z","markdown":true,"other":{"x":[1,2]}},
    {"id":"a1","content":"again"},
    {"content":"without an id"},
    {"id":"d4","content":"","creationDate":"2024-02-03T04:05:06Z"}
  ],
  "trashedNotes": [{"id":"c3","content":"Gone","creationDate":"2024-02-03T04:05:06Z","lastModified":"2024-02-03T04:05:06Z"}]
}`,
	"Tea.txt": "Tea", "trashed-notes/Gone.txt": "Gone", "more.bin": "?",
}

func TestExportsOfSimplenoteAreRead(t *testing.T) {
	for name, in := range map[string]*imported{
		"zip": readFile(t, ofSimplenote.zip(t), "x", Options{Limits: UploadLimits}), "file": readFile(t, []byte(ofSimplenote["source/notes.json"]), "notes.json", Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			in.t = t
			if in.kind != domain.FromSimplenote || len(in.notes) != 4 {
				t.Fatalf("%d notes of %s", len(in.notes), in.kind)
			}
			in.says("a1", "", "Tea\nGreen [[Cups|cups]] and [gone](simplenote://note/zz) C:\\\\* *x*")
			in.tagged("a1", "two-words", "tea")
			in.timed("a1", "2024-02-03 04:05:06", "2024-03-04 05:06:07")
			in.says("b2", "", "# Cups\n\n\\*")
			in.says("d4", "2024-02-03 04:05", "")
			for id, want := range map[string]domain.NoteState{"a1": domain.Active, "c3": domain.Trashed} {
				if n, _, _ := in.note(id); n.State != want || n.Pinned != (id == "a1") {
					t.Errorf("%s is %s, pinned %v", id, n.State, n.Pinned)
				}
			}
			place, want := "notes.json", map[string][]string{}
			if name == "zip" {
				place, want["more.bin"] = "source/notes.json", []string{"import.file_unused"}
			}
			want[place], want[place+"/Tea"] = []string{"import.unreadable", "import.unreadable"}, []string{"import.tag_changed"}
			in.loses(want)
		})
	}
}

func TestABrokenListIsReadUpToThere(t *testing.T) {
	whole := ofSimplenote["source/notes.json"]
	in := readFile(t, []byte(whole[:strings.Index(whole, `"without`)]), "notes.json", Options{})
	if len(in.notes) != 2 || len(in.lost["notes.json"]) != 2 {
		t.Errorf("%d notes, lost %v", len(in.notes), in.lost)
	}
}

func TestAListTakesMemoryForOneNote(t *testing.T) {
	note := `{"id":"x","content":"` + strings.Repeat("text ", 2000) + `"},`
	large := repeated{head: `{"activeNotes":[{"id":"y","content":"z"},`, part: note, times: 3000, tail: `{"id":"z","content":"z"}]}`}
	s, err := OpenFile(large, large.size(), "notes.json", made, Options{})
	if err != nil {
		t.Fatal(err)
	}
	peak := 0
	for n, err := range s.Notes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		peak = max(peak, len(n.Content))
	}
	if peak > 20_000 {
		t.Errorf("a note of %d bytes", peak)
	}
	endless := repeated{head: `{"activeNotes":[{"id":"y","content":"`, part: "text ", times: 10 << 20 / 5, tail: `"}]}`}
	if s, err = OpenFile(endless, endless.size(), "notes.json", made, Options{}); err != nil {
		t.Fatal(err)
	}
	for n, err := range s.Notes(t.Context()) {
		if err != nil || len(n.Lost) != 1 || n.Lost[0].Code != "import.text_too_large" {
			t.Errorf("%v %v", n.Lost, err)
		}
	}
}

func FuzzSimplenote(f *testing.F) {
	f.Add(ofSimplenote["source/notes.json"])
	f.Add(`{"x":[{"activeNotes":[]}],"activeNotes":{}}`)
	f.Fuzz(func(t *testing.T, source string) {
		s, err := OpenFile(strings.NewReader(source), int64(len(source)), "notes.json", made, Options{Limits: UploadLimits})
		if err == nil {
			read(t, s)
		}
	})
}

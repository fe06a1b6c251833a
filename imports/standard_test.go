package imports

import (
	"encoding/json"
	"strings"
	"testing"

	"octavo/domain"
)

func standardNote(id, title, text, more string) string {
	quoted, _ := json.Marshal(text)
	return `{"uuid":"` + id + `","content_type":"Note","created_at":"2024-02-03T04:05:06.000Z","updated_at":"2024-03-04T05:06:07.000Z","content":{"title":"` + title + `","text":` + string(quoted) + `,"references":[]` + more + `}}`
}

const superText = `{"root":{"children":[
{"type":"heading","tag":"h2","children":[{"type":"text","text":"Green","format":0}]},
{"type":"paragraph","format":"","children":[{"type":"text","text":"some ","format":0},{"type":"text","text":"bold ","format":1},{"type":"text","text":"a*b","format":16},{"type":"linebreak"},{"type":"link","url":"https://example.org/a b","children":[{"type":"text","text":"site"}]},{"type":"snbubble","itemUuid":"n2"},{"type":"snfile","fileUuid":"f1"}]},
{"type":"list","listType":"check","children":[{"type":"listitem","checked":true,"children":[{"type":"text","text":"done"}]},{"type":"listitem","children":[{"type":"text","text":"open"}]}]},
{"type":"list","listType":"number","children":[{"type":"listitem","children":[{"type":"text","text":"one"}]},{"type":"listitem","children":[{"type":"list","listType":"bullet","children":[{"type":"listitem","children":[{"type":"text","text":"nested"}]}]}]},{"type":"listitem","children":[{"type":"text","text":"two"}]}]},
{"type":"quote","children":[{"type":"text","text":"said"}]},
{"type":"code","language":"go","children":[{"type":"code-highlight","text":"a := 1"},{"type":"linebreak"},{"type":"text","text":"b_c"}]},
{"type":"horizontalrule"},
{"type":"table","children":[{"type":"tablerow","children":[{"type":"tablecell","children":[{"type":"paragraph","children":[{"type":"text","text":"a|b"}]}]},{"type":"tablecell","children":[]}]}]},
{"type":"collapsible-container","children":[{"type":"collapsible-title","children":[{"type":"text","text":"more"}]},{"type":"collapsible-content","children":[{"type":"paragraph","children":[{"type":"text","text":"hidden"}]}]}]}
]}}`

var ofStandardNotes = `{"version":"004","keyParams":{"items":[]},"items":[` + strings.Join([]string{
	standardNote("n1", "Tea", superText, `,"noteType":"super","appData":{"org.standardnotes.sn":{"pinned":true,"client_updated_at":"2024-04-05T06:07:08.000Z"}}`),
	standardNote("n2", "Cups", "<p>Some <b>bold</b> #x</p>", `,"noteType":"rich-text","appData":{"org.standardnotes.sn":{"archived":true}}`),
	standardNote("n3", "Plain", `C:\* text`, `,"trashed":true`),
	standardNote("n4", "Tasks", `{"schemaVersion":"1.0.0","groups":[{"name":"Home","tasks":[{"description":"one","completed":true},{"description":"two"}]}]}`, `,"noteType":"task"`),
	standardNote("n5", "Code", "a := `x`\n```", `,"editorIdentifier":"org.standardnotes.code-editor"`),
	standardNote("n6", "Markdown", "**x** \\*", `,"noteType":"markdown","references":[{"uuid":"n3","content_type":"Note"}]`),
	`{"uuid":"t1","content_type":"Tag","content":{"title":"Two words","references":[{"uuid":"n1","content_type":"Note"},{"uuid":"t2","content_type":"Tag","reference_type":"TagToParentTag"}]}}`,
	`{"uuid":"t2","content_type":"Tag","content":{"title":"Kitchen","references":[{"uuid":"n2","content_type":"Note"}]}}`,
	`{"uuid":"n7","content_type":"Note","content":"004:abcd"}`, `{"uuid":"n8","content_type":"Note","deleted":true,"content":{"title":"x","text":""}}`,
	`{"uuid":"n9","content_type":"Note","content":{"title":3}}`, `{"uuid":"k1","content_type":"SN|ItemsKey","content":{}}`, `7`,
}, ",\n") + `]}`

func TestBackupsOfStandardNotesAreRead(t *testing.T) {
	in := readFile(t, written{"Standard Notes Backup and Import File.txt": ofStandardNotes, "Items/Note/Tea.txt": "Tea", "more.bin": "?"}.zip(t), "x", Options{Limits: UploadLimits})
	if in.kind != domain.FromStandardNotes || len(in.notes) != 6 {
		t.Fatalf("%d notes of %s", len(in.notes), in.kind)
	}
	in.says("n1", "Tea", "## Green\n\nsome **bold** `a*b`\n[site](<https://example.org/a b>)[[Cups]]\n\n- [x] done\n- [ ] open\n\n1. one\n   - nested\n2. two\n\n> said\n\n```go\na := 1\nb_c\n```\n\n---\n\n| a\\|b |  |\n|---|---|\n\nmore\n\nhidden")
	in.tagged("n1", "Kitchen/Two-words")
	in.timed("n1", "2024-02-03 04:05:06", "2024-04-05 06:07:08")
	in.says("n2", "Cups", "Some **bold** \\#x")
	in.tagged("n2", "Kitchen")
	in.timed("n2", "2024-02-03 04:05:06", "2024-03-04 05:06:07")
	in.says("n3", "Plain", `C:\\* text`)
	in.says("n4", "Tasks", "## Home\n\n- [x] one\n- [ ] two\n")
	in.says("n5", "Code", "````\na := `x`\n```\n````")
	in.says("n6", "Markdown", "**x** \\*\n\n[[Plain]]")
	for id, want := range map[string]domain.NoteState{"n1": domain.Active, "n2": domain.Archived, "n3": domain.Trashed} {
		if n, _, _ := in.note(id); n.State != want || n.Pinned != (id == "n1") {
			t.Errorf("%s is %s, pinned %v", id, n.State, n.Pinned)
		}
	}
	in.loses(map[string][]string{
		"Standard Notes Backup and Import File.txt/Tea": {"import.tag_changed", "import.file_missing"},
		"Standard Notes Backup and Import File.txt":     {"import.unreadable", "import.standard_encrypted"}, "more.bin": {"import.file_unused"},
	})
}

func TestAnEncryptedBackupSaysWhatToDo(t *testing.T) {
	in := readFile(t, []byte(`{"version":"004","items":[{"uuid":"a","content_type":"Note","content":"004:x"},{"uuid":"b","content_type":"Tag","content":"004:y"}],"keyParams":{}}`), "backup.txt", Options{})
	in.loses(map[string][]string{"backup.txt": {"import.standard_encrypted"}})
}

func FuzzStandardNotes(f *testing.F) {
	f.Add(ofStandardNotes)
	f.Add(`{"items":[` + standardNote("n1", "a", `{"root":{"children":[{"type":"list","children":[{"children":[{"type":"list"}]}]}]}}`, `,"noteType":"super"`) + `]}`)
	f.Fuzz(func(t *testing.T, source string) {
		s, err := OpenFile(strings.NewReader(source), int64(len(source)), "backup.txt", made, Options{Limits: UploadLimits})
		if err == nil {
			read(t, s)
		}
	})
}

func FuzzSuper(f *testing.F) {
	f.Add(superText)
	f.Fuzz(func(t *testing.T, text string) {
		readFile(t, []byte(`{"items":[`+standardNote("n1", "a", text, `,"noteType":"super"`)+`]}`), "backup.txt", Options{Limits: UploadLimits})
	})
}

package imports

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"octavo/domain"
	"octavo/domain/markup"
)

// shared returns a folder of real exports, which lies beside the checkout where there is one.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "imports", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("no real exports beside the checkout")
	}
	return path
}

// wellMade checks that the text of each note shows all of its files, and has nothing in it that only readers know.
func (in *imported) wellMade(t *testing.T) {
	t.Helper()
	for i, n := range in.notes {
		for name := range in.files[i] {
			if !strings.Contains(in.texts[i], "/files/") {
				t.Errorf("%s doesn't show %s", n.Place, name)
			}
		}
		for at := range strings.SplitSeq("octavo-task octavo-math octavo-bare resource/ en-media en-todo \ufeff \uf002 \a", " ") {
			if strings.Contains(in.texts[i], at) {
				t.Errorf("%s has %q in its text", n.Place, at)
			}
		}
	}
}

func TestRealExportsOfEvernoteAreRead(t *testing.T) {
	in := readPath(t, shared(t, "evernote"), Options{})
	if in.kind != domain.FromEvernote || len(in.notes) < 56 || len(in.lost) > 0 {
		t.Errorf("%d notes of %s, lost %v", len(in.notes), in.kind, in.lost)
	}
	in.wellMade(t)
	in.says("checkboxes", "checkboxes", "- [ ] Checkbox not completed\n- [x] Checkbox done")
	in.timed("checkboxes", "2023-01-20 20:45:20", "2023-01-20 20:46:30")
	in.says("test-empty-en-todo", "test-empty-en-todo", "***For this week***\n\n- [x] Add view_post_X_forum variable\n- [x] Handle the two non-\\_ttl variables to allow for analysis\n- [ ] Begin stepwise regression work")
	in.tagged("test-empty-en-todo", "WorkLog", "AU_RA")
	in.timed("test-old-note.enex/Untitled", "1969-10-06 08:44:13", "2018-10-06 10:14:36")
	in.says("Note in Notebook B", "Note in Notebook B", "Reference to [[Note in Notebook A]]")
	if _, text, _ := in.note("Note_B"); !strings.HasSuffix(text, "[[Note_A]]") {
		t.Error(text)
	}
	in.says("table", "table", "| c1r1 | c2r1 | c3r1 |\n|---|---|---|\n| c1r2 | **c2r2** | C3r2 |")
	in.says("test - sublists - valid", "test - sublists - valid", "- Level1\n  - Level2\n    - Level3")
	in.says("Links to it", "Links to it", "Shared: [[Quarterly plan]]\nCopied from the web client: [[Quarterly plan]]\nNaming a note no export here holds: [Someone else's note](https://share.evernote.com/note/33333333-3333-3333-3333-333333333333)\nA link to Evernote that names no note: [the web client](https://www.evernote.com/client/web)")
	in.says("Backslashes and markdown in code", "Backslashes and markdown in code", "```bash\ngrep -o 'a\\\\*b' file \\\\\n  | sed 's/_x_/*y*/'\n```")
	in.says("Only File Name", "Only File Name", "body\n\n![dot.png](/files/dot.png)")
	in.holds("Test with files contains multiple dots", map[string]string{"test.file.with.many.dots.txt": "This is an example test file"})
	if _, text, _ := in.note("One image placed at several sizes"); strings.Count(text, "](/files/dot.png)") != 5 || !strings.Contains(text, "![dot.png|300x60](") {
		t.Error(text)
	}
	if _, text, _ := in.note("Task lists"); len(markup.NewOutline(text).Tasks) != 8 {
		t.Error(text)
	}
}

func TestRealNotesOfKeepAreRead(t *testing.T) {
	in := readPath(t, shared(t, "keep"), Options{})
	if in.kind != domain.FromKeep || len(in.notes) != 14 || len(in.lost["broken-json-note.json"]) != 1 {
		t.Errorf("%d notes of %s, lost %v", len(in.notes), in.kind, in.lost)
	}
	in.wellMade(t)
	in.says("Multiline title note Second line", "Multiline title note Second line", "This note has a forced new line in its title.")
	in.timed("Pinned text note", "2023-07-27 02:45:09", "2023-08-01 04:42:07")
	in.tagged("Labelled note", "label-with-Symbols", "Underscored_Label", "hyphenated-label", "label-with-spaces", "label", "camelCaseLabel")
	for title, want := range map[string]domain.NoteState{"Archived note": domain.Archived, "Deleted note": domain.Trashed, "Pinned text note": domain.Active} {
		if n, _, _ := in.note(title); n.State != want || n.Pinned != (title == "Pinned text note") {
			t.Errorf("%s is %s, pinned %v", title, n.State, n.Pinned)
		}
	}
	if _, text, _ := in.note("Checklist note"); len(markup.NewOutline(text).Tasks) != 5 {
		t.Error(text)
	}
}

func TestRealExportsOfNotionAreRead(t *testing.T) {
	in := readPath(t, filepath.Join(shared(t, "notion"), "Notion.Test.Export.zip"), Options{Limits: UploadLimits})
	if in.kind != domain.FromNotion || len(in.notes) != 279 || len(in.lost) > 0 {
		t.Errorf("%d notes of %s, lost %v", len(in.notes), in.kind, in.lost)
	}
	in.wellMade(t)
	if _, text, _ := in.note("Getting Started on Mobile"); !strings.Contains(text, "    [[Example sub page]]\n") {
		t.Error(text)
	}
	_, text, _ := in.note("Habit Tracker")
	titles := map[string]bool{}
	for _, title := range in.titles() {
		titles[domain.TitleKey(title)] = true
	}
	links := markup.NewOutline(text).Links
	if len(links) != 259 { // ten of the 269 rows have dates for titles where their pages say when that was, as "@Last Monday"
		t.Errorf("the table leads to %d notes", len(links))
	}
	for _, link := range links {
		if !titles[domain.TitleKey(link.Title)] {
			t.Errorf("%q leads nowhere", link.Title)
		}
	}

	in = readPath(t, filepath.Join(shared(t, "notion"), "notion-testspace.zip"), Options{Limits: UploadLimits})
	if in.kind != domain.FromNotion || len(in.notes) != 4 || len(in.lost) > 0 {
		t.Errorf("%d notes of %s, lost %v", len(in.notes), in.kind, in.lost)
	}
	in.wellMade(t)
	_, _, files := in.note("Attachment Tests")
	for _, name := range []string{"felis-catus.jpg", "кошки-самые-лучшие.jpg", "οι-γατες-ειναι-οι-καλυτερες.jpg", "kočky-jsou-nejlepší.jpg", "name-with-percents-%00%63%00%61%00%74.jpg"} {
		if len(files[name]) != 20395 {
			t.Errorf("%s has %d bytes", name, len(files[name]))
		}
	}
	n, text, _ := in.note("Formatting Tests")
	outline := markup.NewOutline(text)
	if len(outline.Tags) > 0 {
		t.Errorf("tags that are none: %v", outline.Tags)
	}
	if math := markup.NewReading(text, markup.TitleLine{}).Inlines; !slices.ContainsFunc(math, func(m markup.Inline) bool { return m.Kind == markup.MathInline }) {
		t.Error("no formulas")
	}
	if n.Updated.Year() != 2024 {
		t.Error(n.Updated)
	}
}

// titles returns what all notes are called in the end.
func (in *imported) titles() (titles []string) {
	all := domain.NewImportTitles(nil)
	for _, n := range in.notes {
		all.Add(n)
	}
	for _, n := range in.notes {
		title, _ := all.Title(n.ID)
		titles = append(titles, title)
	}
	return titles
}

package imports

import (
	"testing"

	"octavo/domain"
)

var aTakeout = written{
	"Takeout/Notizen/Tea.json": `{"color":"RED","isTrashed":false,"isPinned":true,"isArchived":false,"textContent":"Green\n#drinks and [a](b) C:\\x \\*","title":"Tea\nlist",
		"userEditedTimestampUsec":1709528767000000,"createdTimestampUsec":"1706933106000000","labels":[{"name":"drinks"},{"name":"two words"}],
		"attachments":[{"filePath":"cup.jpeg","mimetype":"image/jpeg"},{"filePath":"cup.jpeg","mimetype":"image/jpeg"},{"filePath":"voice.3gp","mimetype":"audio/3gp"},{"filePath":"gone.png","mimetype":"image/png"}],
		"annotations":[{"title":"A site","url":"https://example.org/a b","source":"WEBLINK"}]}`,
	"Takeout/Notizen/Tea.html":        "<html><body><div class=\"title\">Tea list</div></body></html>",
	"Takeout/Notizen/cup.jpg":         "a cup",
	"Takeout/Notizen/unused.jpg":      "no cup",
	"Takeout/Notizen/Labels.txt":      "drinks",
	"Takeout/Notizen/List.json":       `{"isTrashed":false,"isPinned":false,"isArchived":true,"listContent":[{"text":"one","isChecked":true},{"text":"two\nlines","isChecked":false}],"title":"List","userEditedTimestampUsec":1,"createdTimestampUsec":1706933106000001}`,
	"Takeout/Notizen/Bin.json":        `{"isTrashed":true,"textContent":"no title","textContentHtml":"<p><span style=\"font-weight:700\">another text</span></p>","title":"","createdTimestampUsec":1706933106000001}`,
	"Takeout/Notizen/Rich.json":       `{"isTrashed":false,"title":"Rich","textContent":"Head\nsome bold\nand *italic* #tag\n\nmore","textContentHtml":"<h1 dir=\"ltr\"><span style=\"font-weight:400\">Head</span></h1><p dir=\"ltr\"><span style=\"font-weight:400;font-style:normal;text-decoration:none;\">some </span><span style=\"font-weight:700;\">bold</span></p><p>and <span style=\"font-style:italic\">*italic*</span> #tag</p><p><br></p><p>more</p>","createdTimestampUsec":1706933106000003}`,
	"Takeout/Notizen/Picture.json":    `{"isTrashed":false,"textContent":"","title":"","attachments":[{"filePath":"voice.3gp","mimetype":"audio/3gp"}],"createdTimestampUsec":1706933106000002}`,
	"Takeout/Notizen/Broken.json":     `{"isTrashed":false,"title":`,
	"Takeout/Notizen/Broken.html":     `<html><body><div class="note"><div class="title">Broken</div><div class="content">its text</div><span class="label-name">drinks</span></div></body></html>`,
	"Takeout/Notizen/Worse.json":      `{"isTrashed":`,
	"Takeout/Kalender/dates.json":     `{"events":[]}`,
	"Takeout/Notizen (2)/voice.3gp":   "hello",
	"Takeout/archive_browser.html":    "<html></html>",
	"Takeout/Notizen/__MACOSX/x.json": "{",
}

func TestTakeoutsOfKeepAreRead(t *testing.T) {
	in := readFile(t, aTakeout.zip(t), "x", Options{Limits: UploadLimits})
	if in.kind != domain.FromKeep || len(in.notes) != 6 {
		t.Fatalf("%d notes of %s", len(in.notes), in.kind)
	}
	in.says("Tea list", "Tea list", "Green\n#drinks and [a](b) C:\\x \\\\*\n\n[A site](<https://example.org/a b>)\n\n![cup.jpeg](/files/cup.jpeg)\n![cup.jpeg](/files/cup.jpeg)\n[voice.3gp](/files/voice.3gp)")
	in.tagged("Tea list", "drinks", "two-words")
	in.timed("Tea list", "2024-02-03 04:05:06", "2024-03-04 05:06:07")
	in.holds("Tea list", map[string]string{"cup.jpeg": "a cup", "voice.3gp": "hello"})
	in.says("List", "List", "- [x] one\n- [ ] two lines\n")
	in.says("1706933106000001", "", "no title")
	in.says("2024-02-03 04:05", "2024-02-03 04:05", "[voice.3gp](/files/voice.3gp)")
	in.says("Rich", "Rich", "# Head\n\nsome **bold**\nand *\\*italic\\** #tag\n\nmore")
	in.says("Broken", "Broken", "its text")
	in.tagged("Broken", "drinks")
	for id, want := range map[string]domain.NoteState{"Tea list": domain.Active, "List": domain.Archived, "1706933106000001": domain.Trashed} {
		if n, _, _ := in.note(id); n.State != want || n.Pinned != (id == "Tea list") {
			t.Errorf("%s is %s, pinned %v", id, n.State, n.Pinned)
		}
	}
	in.loses(map[string][]string{
		"Notizen/Tea.json": {"import.tag_changed", "import.file_missing"}, "Notizen/Bin.json": {"import.formatting"}, "Notizen/Broken.json": {"import.only_page"},
		"Notizen/Worse.json": {"import.unreadable"}, "Kalender/dates.json": {"import.unreadable"}, "Notizen/unused.jpg": {"import.file_unused"}, "archive_browser.html": {"import.file_unused"},
	})
}

func TestPartsOfATakeoutAreOne(t *testing.T) {
	one, two := written{}, written{}
	for path, text := range aTakeout {
		if path == "Takeout/Notizen/cup.jpg" {
			two[path] = text
		} else {
			one[path] = text
		}
	}
	in := readPath(t, written{"takeout-001.zip": string(one.zip(t)), "takeout-002.zip": string(two.zip(t))}.folder(t), Options{})
	in.holds("Tea list", map[string]string{"cup.jpeg": "a cup", "voice.3gp": "hello"})
}

func FuzzKeep(f *testing.F) {
	f.Add(aTakeout["Takeout/Notizen/Tea.json"], aTakeout["Takeout/Notizen/Tea.html"])
	f.Add(aTakeout["Takeout/Notizen/List.json"], "")
	f.Add("{", aTakeout["Takeout/Notizen/Broken.html"])
	f.Fuzz(func(t *testing.T, note, page string) {
		readFile(t, written{"a/x.json": note, "a/x.html": page, "a/cup.jpg": "a cup", "a/y.json": aTakeout["Takeout/Notizen/List.json"]}.zip(t), "x", Options{Limits: UploadLimits})
	})
}

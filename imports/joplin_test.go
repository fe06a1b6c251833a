package imports

import (
	"fmt"
	"strings"
	"testing"

	"octavo/domain"
)

// joplinID returns the id of an item in a test.
func joplinID(n int) string { return fmt.Sprintf("%032x", n) }

// joplinItem returns the file of an item, with some properties before its type.
func joplinItem(head string, kind int, properties ...string) string {
	if head != "" {
		head += "\n\n"
	}
	return head + strings.Join(properties, "\n") + "\n" + fmt.Sprintf("type_: %d", kind)
}

func joplinNote(id int, head string, properties ...string) string {
	properties = append([]string{
		"id: " + joplinID(id), "parent_id: " + joplinID(21), "created_time: 2024-02-03T04:05:06.789Z", "updated_time: 2024-03-04T05:06:07.000Z",
		"is_conflict: 0", "source_url: ", "is_todo: 0", "encryption_cipher_text: ", "encryption_applied: 0", "markup_language: 1",
	}, properties...)
	return joplinItem(head, 1, properties...)
}

var aJoplin = written{
	joplinID(1) + ".md": joplinNote(1, "Tea: *list*\n\nGreen, [cups](:/"+joplinID(2)+"#blue) and ![a cup](:/"+joplinID(11)+")\n\nkey: value\n\n<img src=\":/"+joplinID(11)+"\" width=\"300\" alt=\"x\"/> [gone](:/"+joplinID(99)+") `[cups](:/"+joplinID(2)+")`",
		"user_created_time: 2020-01-02T03:04:05.000Z", "user_updated_time: 2021-01-02T03:04:05.000Z", "source_url: https://example.org"),
	joplinID(2) + ".md":                        joplinNote(2, "Cups\n\n<p>The <b>blue</b> cups, <a href=\":/"+joplinID(1)+"\">tea</a> #x</p><ul><li>one</li></ul><img src=\":/"+joplinID(12)+"\">", "markup_language: 2"),
	joplinID(3) + ".md":                        joplinNote(3, "Buy tea", "is_todo: 1", "todo_due: 1714780800000", "todo_completed: 1714700000000"),
	joplinID(4) + ".md":                        joplinNote(4, "Secret", "encryption_applied: 1"),
	joplinID(5) + ".md":                        joplinNote(5, "Gone\n\ntext", "deleted_time: 1714700000000"),
	joplinID(6) + ".md":                        "no item at all",
	joplinID(11) + ".md":                       joplinItem("my cup.png", 4, "id: "+joplinID(11), "mime: image/png", "file_extension: png"),
	joplinID(12) + ".md":                       joplinItem("missing.png", 4, "id: "+joplinID(12), "mime: image/png", "file_extension: png"),
	joplinID(21) + ".md":                       joplinItem("Hot drinks", 2, "id: "+joplinID(21), "parent_id: "+joplinID(22)),
	joplinID(22) + ".md":                       joplinItem("Kitchen", 2, "id: "+joplinID(22), "parent_id: "),
	joplinID(31) + ".md":                       joplinItem("two words", 5, "id: "+joplinID(31)),
	joplinID(32) + ".md":                       joplinItem("drinks", 5, "id: "+joplinID(32)),
	joplinID(41) + ".md":                       joplinItem("", 6, "id: "+joplinID(41), "note_id: "+joplinID(1), "tag_id: "+joplinID(31)),
	joplinID(42) + ".md":                       joplinItem("", 6, "id: "+joplinID(42), "note_id: "+joplinID(1), "tag_id: "+joplinID(32)),
	"resources/" + joplinID(11) + ".png":       "a cup",
	"resources/" + joplinID(13) + ".something": "of no note",
}

func TestExportsOfJoplinAreRead(t *testing.T) {
	for name, in := range map[string]*imported{
		"JEX": readFile(t, aJoplin.tar(t), "x", Options{Limits: UploadLimits}), "RAW": readPath(t, aJoplin.folder(t), Options{}), "zip": readFile(t, aJoplin.zip(t), "x", Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			in.t = t
			if in.kind != domain.FromJoplin || len(in.notes) != 4 {
				t.Fatalf("%d notes of %s", len(in.notes), in.kind)
			}
			tea := joplinID(1)
			in.says(tea, "Tea: *list*", "---\nsource: \"https://example.org\"\n---\nGreen, [[Cups#blue|cups]] and ![a cup](/files/my%20cup.png)\n\nkey: value\n\n![x|300](/files/my%20cup.png) [gone](:/"+joplinID(99)+") `[cups](:/"+joplinID(2)+")`")
			in.tagged(tea, "drinks", "two-words")
			in.timed(tea, "2020-01-02 03:04:05", "2021-01-02 03:04:05")
			in.holds(tea, map[string]string{"my cup.png": "a cup"})
			in.says(joplinID(2), "Cups", "The **blue** cups, [[Tea: *list*|tea]] \\#x\n\n- one\n\n![](:/"+joplinID(12)+")")
			in.timed(joplinID(2), "2024-02-03 04:05:06", "2024-03-04 05:06:07")
			in.says(joplinID(3), "Buy tea", "- [x] Buy tea 📅 2024-05-04\n\n")
			if n, _, _ := in.note(joplinID(5)); n.State != domain.Trashed {
				t.Errorf("the note in the trash is %s", n.State)
			}
			in.loses(map[string][]string{
				tea + ".md": {"import.tag_changed"}, joplinID(2) + ".md": {"import.file_missing"}, joplinID(4) + ".md": {"import.joplin_encrypted"},
				joplinID(6) + ".md": {"import.unreadable"}, "resources/" + joplinID(13) + ".something": {"import.file_unused"},
			})
		})
	}
}

func TestNotebooksOfJoplinBecomeTagsWhereThatIsWanted(t *testing.T) {
	in := readFile(t, aJoplin.tar(t), "x", Options{FolderTags: true})
	in.tagged(joplinID(2), "Kitchen/Hot-drinks")
}

func FuzzJoplin(f *testing.F) {
	for _, n := range []int{1, 2, 3, 11, 21, 41} {
		f.Add(aJoplin[joplinID(n)+".md"])
	}
	f.Fuzz(func(t *testing.T, item string) {
		all := written{joplinID(7) + ".md": item}
		for path, text := range aJoplin {
			all[path] = text
		}
		readFile(t, all.tar(t), "x", Options{Limits: UploadLimits})
	})
}

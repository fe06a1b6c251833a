package imports

import (
	"testing"

	"octavo/domain"
	"octavo/imports/internal/vault"
)

func utf16Of(text string) string {
	b := []byte{0xff, 0xfe}
	for _, r := range text {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

var aVault = written{
	".obsidian/app.json":   "{}",
	".trash/gone.md":       "gone",
	"Tea list.md":          "---\ntags: [drinks, two words, drinks/hot]\naliases: [Teas]\ncreated: 2024-02-03T04:05:06+01:00\nupdated: Sunday, March 3rd 2024, 4:05:06 pm\nrelated: \"[[Kitchen/Cups|cups]]\"\n---\nGreen and [[Kitchen/Cups#Blue|blue cups]], ![[cup.png|300]] and ![[Cups]].\n",
	"Kitchen/Cups.md":      "\xef\xbb\xbf# Blue\r\nSee [tea](../Tea%20list.md#Green), ![small|40](../img/cup.png) and [[Tea List]].\r\n\r\n`[[Tea list]]` [[Nowhere]] [site](https://example.org/a.md) ![[manual.pdf]]",
	"Kitchen/Cups/Blue.md": "[[Cups]] [[Kitchen/Cups]] [root](/Kitchen/Cups.md) <img src=\"cup.png\" width=\"20\">",
	"Garden/Cups.md":       "Other cups: [[Cups]], [[Kitchen/Cups]].",
	"U\u0308bung.md":       utf16Of("Übung [[tea list]]"),
	"Alt.md":               "Caf\xe9",
	"Link.md":              "[[Übung]] | table\n\n| a | b |\n|---|---|\n| [[Kitchen/Cups\\|cups]] | ![[cup.png\\|20]] |\n",
	"img/cup.png":          "a cup",
	"img/unused.png":       "nothing",
	"docs/manual.pdf":      "%PDF",
	"Board.canvas":         "{}",
	"All.base":             "views:",
	"plain.txt":            "not a note in Obsidian",
	"Binary.md":            "a\x00b\x01c",
}

func TestAVaultOfObsidianIsRead(t *testing.T) {
	for name, in := range map[string]*imported{
		"folder": readPath(t, aVault.folder(t), Options{}),
		"zip":    readFile(t, aVault.zip(t), "x", Options{Limits: UploadLimits}),
		"zip with a folder": readFile(t, func() []byte {
			all := written{}
			for path, text := range aVault {
				all["My vault/"+path] = text
			}
			return all.zip(t)
		}(), "x", Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			in.t = t
			if in.kind != domain.FromObsidian || len(in.notes) != 7 {
				t.Fatalf("%d notes of %s", len(in.notes), in.kind)
			}
			in.says("Tea list.md", "Tea list", "---\ntags: [drinks, two words, drinks/hot]\naliases: [Teas]\ncreated: 2024-02-03T04:05:06+01:00\nupdated: Sunday, March 3rd 2024, 4:05:06 pm\nrelated: \"[[Cups (2)|cups]]\"\n---\nGreen and [[Cups (2)#Blue|blue cups]], ![cup.png|300](/files/cup.png) and ![[Cups]].\n")
			in.tagged("Tea list.md", "two-words")
			in.timed("Tea list.md", "2024-02-03 03:05:06", "2024-03-03 16:05:06")
			in.says("Kitchen/Cups.md", "Cups", "# Blue\nSee [[Tea list#Green|tea]], ![small|40](/files/cup.png) and [[Tea List]].\n\n`[[Tea list]]` [[Nowhere]] [site](https://example.org/a.md) [manual.pdf](/files/manual.pdf)")
			in.holds("Kitchen/Cups.md", map[string]string{"cup.png": "a cup", "manual.pdf": "%PDF"})
			in.says("Übung.md", "Übung", "Übung [[tea list]]")
			in.says("Alt.md", "Alt", "Café")
			in.says("Link.md", "Link", "[[Übung]] | table\n\n| a | b |\n|---|---|\n| [[Cups (2)\\|cups]] | ![cup.png\\|20](/files/cup.png) |\n")
			in.loses(map[string][]string{
				"Alt.md": {"import.encoding_guessed"}, "Tea list.md": {"import.tag_changed"}, "Binary.md": {"import.no_text"}, "Board.canvas": {"import.canvas"},
				"All.base": {"import.base"}, "img/unused.png": {"import.file_unused"}, "plain.txt": {"import.file_unused"},
			})
		})
	}
}

func TestFoldersOfMarkdownBecomeTagsWhereThatIsWanted(t *testing.T) {
	folder := written{
		"a/My notes/One.md": "one [two](../Two.markdown)", "a/Two.markdown": "---\ntitle: The second\ndate: 2024-05-06\ntags: tea, coffee\n---\ntwo", "Three.txt": "three",
	}
	in := readFile(t, folder.zip(t), "x", Options{FolderTags: true})
	if in.kind != domain.FromMarkdown || len(in.notes) != 3 {
		t.Fatalf("%d notes of %s", len(in.notes), in.kind)
	}
	in.tagged("a/My notes/One.md", "a/My-notes")
	in.tagged("a/Two.markdown", "a")
	in.tagged("Three.txt")
	in.says("a/My notes/One.md", "One", "one [[The second|two]]")
	in.timed("a/Two.markdown", "2024-05-06 00:00:00", "2026-03-14 15:09:26")
	in = readPath(t, folder.folder(t), Options{})
	in.tagged("a/My notes/One.md")
}

func TestOneFileOfMarkdownIsANote(t *testing.T) {
	in := readFile(t, []byte("# Hello\n"), "/some/where/Hello there.md", Options{})
	in.says("Hello there.md", "Hello there", "# Hello\n")
	in.timed("Hello there.md", "", "2026-03-14 15:09:26")
}

func TestTimesAreReadAsProgramsWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"2024-02-03": "2024-02-03T00:00:00Z", "2024-02-03 04:05": "2024-02-03T04:05:00Z", "2024-02-03T04:05:06.789Z": "2024-02-03T04:05:06.789Z",
		"2024-02-03T04:05:06+02:00": "2024-02-03T02:05:06Z", "20240203T040506Z": "2024-02-03T04:05:06Z", "1706933106": "2024-02-03T04:05:06Z", "1706933106000": "2024-02-03T04:05:06Z",
		"Saturday, February 3rd 2024, 4:05:06 am": "2024-02-03T04:05:06Z", "February 3, 2024 4:05 AM": "2024-02-03T04:05:00Z", "": "", "soon": "", "12": "", "9999-01-01": "",
	} {
		at, ok := vault.ParseTime(text)
		if got := at.Format("2006-01-02T15:04:05.999Z"); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %s, %v", text, got, ok)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, path := range []string{"Tea list.md", "Kitchen/Cups.md", "Link.md"} {
		f.Add(aVault[path])
	}
	f.Add("![[cup.png]] [a](Link.md) <img src='img/cup.png' alt='[x' width=3> [![x](img/cup.png)](Tea%20list.md)")
	f.Fuzz(func(t *testing.T, text string) {
		readFile(t, written{"Note.md": text, "img/cup.png": "a cup", "Tea list.md": "", "Link.md": "", ".obsidian/x": ""}.zip(t), "x", Options{})
	})
}

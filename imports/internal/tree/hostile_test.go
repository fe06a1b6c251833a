package tree

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"octavo/domain"
)

// entry is one of an archive that is made for a test.
type entry struct {
	name, text string
	header     func(*zip.FileHeader)
	tar        func(*tar.Header)
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.header == nil {
			f, err := w.CreateHeader(h)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(f, e.text); err != nil {
				t.Fatal(err)
			}
			continue
		}
		h.Method, h.CRC32 = zip.Store, crc32.ChecksumIEEE([]byte(e.text))
		h.CompressedSize64, h.UncompressedSize64 = uint64(len(e.text)), uint64(len(e.text))
		e.header(h)
		f, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Size: int64(len(e.text)), Mode: 0o600, Typeflag: tar.TypeReg}
		if e.tar != nil {
			e.tar(h)
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := io.WriteString(w, e.text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var small = Limits{Packed: 8 << 20, Unpacked: 16 << 20, Entries: 100}

// openAll opens an archive and reads all that is in it, and returns what is said of it: what it was refused for, or why a part of
// it can't be read.
func openAll(archive []byte) (lost []Lost, unread []string, refused error) {
	r := bytes.NewReader(archive)
	open := Zip
	if !IsZip(archive) {
		open = Tar
	}
	t, err := open(r, int64(len(archive)), small)
	if err == nil {
		t, err = t.Unpacked()
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = t.Close() }()
	for _, f := range t.Files {
		content, err := f.Open()
		if err == nil {
			_, err = io.Copy(io.Discard, content)
			_ = content.Close()
		}
		if errors.Is(err, domain.Invalid) {
			return nil, nil, err
		}
		if err != nil {
			unread = append(unread, f.Path)
		}
	}
	return t.Lost, unread, nil
}

func TestHostileArchivesAreRefused(t *testing.T) {
	mode := func(m fs.FileMode) func(*zip.FileHeader) { return func(h *zip.FileHeader) { h.SetMode(m) } }
	kind := func(k byte, to string) func(*tar.Header) {
		return func(h *tar.Header) { h.Typeflag, h.Linkname, h.Size = k, to, 0 }
	}
	zeros := strings.Repeat("\x00", 9<<20)
	many := make([]entry, 200)
	for i := range many {
		many[i] = entry{name: fmt.Sprintf("%d.md", i)}
	}
	zip1 := string(zipOf(t, entry{name: "a.md", text: "a"}))
	zip2 := string(zipOf(t, entry{name: "1.zip", text: zip1}))
	for name, c := range map[string]struct {
		archive []byte
		refused domain.Code // or
		lost    domain.Code // or
		unread  string
	}{
		"a path that goes up":                 {archive: zipOf(t, entry{name: "../up.md"}), refused: "import.path_outside"},
		"a path that goes up further below":   {archive: zipOf(t, entry{name: "a/../../up.md"}), refused: "import.path_outside"},
		"a path that goes up by backslashes":  {archive: zipOf(t, entry{name: `a\..\..\up.md`}), refused: "import.path_outside"},
		"a path that is absolute":             {archive: zipOf(t, entry{name: "/etc/passwd"}), refused: "import.path_outside"},
		"a path with a drive":                 {archive: zipOf(t, entry{name: `C:\notes\a.md`}), refused: "import.path_outside"},
		"a path on a server":                  {archive: zipOf(t, entry{name: `\\server\a.md`}), refused: "import.path_outside"},
		"a path with a NUL":                   {archive: zipOf(t, entry{name: "a\x00.md"}), refused: "import.path_outside"},
		"a path of 5 KB":                      {archive: zipOf(t, entry{name: strings.Repeat("a/", 2500) + "a.md"}), refused: "import.path_outside"},
		"a symbolic link":                     {archive: zipOf(t, entry{"a.md", "/etc/passwd", mode(fs.ModeSymlink | 0o777), nil}), refused: "import.no_link"},
		"a pipe":                              {archive: zipOf(t, entry{"a.md", "", mode(fs.ModeNamedPipe | 0o666), nil}), refused: "import.no_link"},
		"a device":                            {archive: zipOf(t, entry{"a.md", "", mode(fs.ModeDevice | 0o666), nil}), refused: "import.no_link"},
		"zeros beyond the limit":              {archive: zipOf(t, entry{name: "a", text: zeros}, entry{name: "b", text: zeros}), refused: "import.too_large_unpacked"},
		"a size that no packing gives":        {archive: zipOf(t, entry{"a.md", "aaaa", func(h *zip.FileHeader) { h.Method, h.UncompressedSize64 = zip.Deflate, 15<<20 }, nil}), refused: "import.lying_size"},
		"more than the size says":             {archive: shrunk(zipOf(t, entry{name: "a.md", text: zeros})), refused: "import.lying_size"},
		"files that share their bytes":        {archive: overlapping(t), refused: "import.lying_size"},
		"too many entries":                    {archive: zipOf(t, many...), refused: "import.too_many_files"},
		"more entries than are counted":       {archive: miscounted(zipOf(t, many...)), refused: "import.too_many_files"},
		"an archive in an archive in another": {archive: zipOf(t, entry{name: "2.zip", text: zip2}), refused: "import.nested_archive"},
		"the same path twice":                 {archive: zipOf(t, entry{name: "a.md", text: "1"}, entry{name: "a.md", text: "2"}), lost: "import.same_path"},
		"the same path, written otherwise":    {archive: zipOf(t, entry{name: "ä.md"}, entry{name: "./a\u0308.md"}), lost: "import.same_path"},
		"an entry that is encrypted":          {archive: zipOf(t, entry{"a.md", "secret", func(h *zip.FileHeader) { h.Flags |= 1 }, nil}), lost: "import.entry_encrypted"},
		"an entry packed in another way":      {archive: zipOf(t, entry{"a.md", "BZh9", func(h *zip.FileHeader) { h.Method = 12 }, nil}), lost: "import.entry_method"},
		"an entry with another checksum":      {archive: zipOf(t, entry{"a.md", "text", func(h *zip.FileHeader) { h.CRC32++ }, nil}), unread: "a.md"},
		"an entry that isn't packed":          {archive: zipOf(t, entry{"a.md", "\xff\xff\xff\xff", func(h *zip.FileHeader) { h.Method = zip.Deflate }, nil}), unread: "a.md"},
		"half an archive":                     {archive: zipOf(t, many[:50]...)[:1000], refused: "import.broken_archive"},
		"the mark of an archive":              {archive: []byte("PK\x03\x04 and more"), refused: "import.broken_archive"},
		"a directory that lies elsewhere":     {archive: misplaced(zipOf(t, entry{name: "a.md"})), refused: "import.broken_archive"},
		"an archive over the limit":           {archive: append(make([]byte, 9<<20), zipOf(t, entry{name: "a.md"})...), refused: "import.too_large"},
		"a path in a tar that goes up":        {archive: tarOf(t, entry{name: "../up.md"}), refused: "import.path_outside"},
		"a path in a tar that is absolute":    {archive: tarOf(t, entry{name: "/etc/passwd"}), refused: "import.path_outside"},
		"a symbolic link in a tar":            {archive: tarOf(t, entry{name: "a.md", tar: kind(tar.TypeSymlink, "/etc/passwd")}), refused: "import.no_link"},
		"a hard link in a tar":                {archive: tarOf(t, entry{name: "a.md", tar: kind(tar.TypeLink, "/etc/passwd")}), refused: "import.no_link"},
		"a device in a tar":                   {archive: tarOf(t, entry{name: "a.md", tar: kind(tar.TypeChar, "")}), refused: "import.no_link"},
		"too many entries in a tar":           {archive: tarOf(t, many...), refused: "import.too_many_files"},
		"a tar that is cut off":               {archive: tarOf(t, entry{name: "a.md", text: "a"}, entry{name: "b.md", text: strings.Repeat("b", 4096)})[:2560], lost: "import.cut_off"},
		"the same path twice in a tar":        {archive: tarOf(t, entry{name: "a.md", text: "1"}, entry{name: "a.md", text: "2"}), lost: "import.same_path"},
	} {
		t.Run(name, func(t *testing.T) {
			aside := t.TempDir()
			t.Setenv("TMPDIR", aside)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			lost, unread, refused := openAll(c.archive)
			runtime.ReadMemStats(&after)
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 16<<20 {
				t.Errorf("%d bytes of memory", taken)
			}
			switch {
			case c.refused != "":
				if fields := domain.FieldErrors(refused); len(fields) != 1 || fields[0].Code != c.refused {
					t.Errorf("refused: %v, lost: %v, unread: %v", refused, lost, unread)
				}
			case refused != nil:
				t.Errorf("refused: %v", refused)
			case c.lost != "":
				if len(lost) != 1 || lost[0].Code != c.lost {
					t.Errorf("lost: %v, unread: %v", lost, unread)
				}
			case len(unread) != 1 || unread[0] != c.unread:
				t.Errorf("unread: %v, lost: %v", unread, lost)
			}
			if left, err := os.ReadDir(aside); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// shrunk says of the first entry that it is 10 bytes long.
func shrunk(archive []byte) []byte {
	at := bytes.LastIndex(archive, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(archive[at+24:], 10)
	return archive
}

// overlapping has a directory in which three entries have the same bytes.
func overlapping(t testing.TB) []byte {
	archive := zipOf(t, entry{"a.md", strings.Repeat("a", 1000), func(*zip.FileHeader) {}, nil})
	at := bytes.Index(archive, []byte("PK\x01\x02"))
	end := bytes.Index(archive, []byte("PK\x05\x06"))
	var all []byte
	for i := range 3 {
		one := bytes.Clone(archive[at:end])
		one[46] += byte(i)
		all = append(all, one...)
	}
	tail := bytes.Clone(archive[end:])
	binary.LittleEndian.PutUint16(tail[8:], 3)
	binary.LittleEndian.PutUint16(tail[10:], 3)
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(all)))
	return append(append(archive[:at:at], all...), tail...)
}

// miscounted says that there is one entry.
func miscounted(archive []byte) []byte {
	end := bytes.LastIndex(archive, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(archive[end+8:], 1)
	binary.LittleEndian.PutUint16(archive[end+10:], 1)
	return archive
}

// misplaced says that the directory begins far behind the end.
func misplaced(archive []byte) []byte {
	end := bytes.LastIndex(archive, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint32(archive[end+16:], 1<<31)
	binary.LittleEndian.PutUint32(archive[end+12:], 1<<30)
	return archive
}

func TestWhatLeadsOutOfAFolderIsLost(t *testing.T) {
	outside, folder := t.TempDir(), t.TempDir()
	for path, text := range map[string]string{
		filepath.Join(outside, "secret.md"): "secret", filepath.Join(folder, "a.md"): "a", filepath.Join(folder, ".obsidian"): "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link.md": filepath.Join(outside, "secret.md"), "folder": outside} {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Skip(err)
		}
	}
	tree, err := Folder(folder, small)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tree.Close() }()
	if len(tree.Files) != 1 || tree.Files[0].Path != "a.md" || len(tree.Lost) != 2 || !tree.Hidden[".obsidian"] {
		t.Errorf("%v, lost %v, hidden %v", tree.Files, tree.Lost, tree.Hidden)
	}
}

func TestNamesAreReadInTheEncodingThatTheyHave(t *testing.T) {
	raw := func(name string, utf8 bool) entry {
		return entry{name, "", func(h *zip.FileHeader) {
			h.NonUTF8 = !utf8
			if utf8 {
				h.Flags |= 0x800
			}
		}, nil}
	}
	extra := raw("?.md", false)
	header := extra.header
	extra.header = func(h *zip.FileHeader) {
		header(h)
		path := []byte{1, 0, 0, 0, 0}
		binary.LittleEndian.PutUint32(path[1:], crc32.ChecksumIEEE([]byte(h.Name)))
		path = append(path, "Ω.md"...)
		h.Extra = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, 0x7075), uint16(len(path)))
		h.Extra = append(h.Extra, path...)
	}
	archive := zipOf(t, raw("\x84\x94\x81.md", false), raw("o\u0308.md", true), raw("b\\ß.md", true), extra)
	tree, err := Zip(bytes.NewReader(archive), int64(len(archive)), small)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"äöü.md", "ö.md", "b/ß.md", "Ω.md"} {
		if tree.Find(want) == nil {
			t.Errorf("no %s", want)
		}
	}
}

func TestPartsOfAnExportAreOneTree(t *testing.T) {
	archive := zipOf(t, entry{name: "1.zip", text: string(zipOf(t, entry{name: "x/a.md", text: "a"}))},
		entry{name: "2.zip", text: string(zipOf(t, entry{name: "x/b.md", text: "b"}, entry{name: "__MACOSX/._b", text: "b"}))})
	tree, err := Zip(bytes.NewReader(archive), int64(len(archive)), small)
	if err != nil {
		t.Fatal(err)
	}
	if tree, err = tree.Unpacked(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tree.Close() }()
	tree.WithoutTop()
	for path, want := range map[string]string{"a.md": "a", "b.md": "b"} {
		if content, err := tree.Find(path).Read(10); err != nil || string(content) != want {
			t.Errorf("%s: %q %v", path, content, err)
		}
	}
}

func FuzzArchives(f *testing.F) {
	f.Add(zipOf(f, entry{name: "a.md", text: "a"}, entry{name: "b/c.md", text: "b"}))
	f.Add(tarOf(f, entry{name: "a.md", text: "a"}))
	f.Add(zipOf(f, entry{name: "1.zip", text: string(zipOf(f, entry{name: "a.md", text: "a"}))}))
	f.Add(overlapping(f))
	f.Fuzz(func(t *testing.T, archive []byte) {
		lost, _, _ := openAll(archive)
		for _, l := range lost {
			if l.Code == "" {
				t.Error("lost without a reason")
			}
		}
	})
}

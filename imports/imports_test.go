package imports

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
)

// written is what a source is made of in a test: texts by their paths.
type written map[string]string

func (w written) folder(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	for path, text := range w {
		path = filepath.Join(folder, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// made is when all files of a source in a test were last changed.
var made = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

func (w written) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, path := range slices.Sorted(maps.Keys(w)) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: made})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, w[path]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w written) tar(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := tar.NewWriter(&b)
	for _, path := range slices.Sorted(maps.Keys(w)) {
		if err := z.WriteHeader(&tar.Header{Name: path, Size: int64(len(w[path])), Mode: 0o600, Typeflag: tar.TypeReg, ModTime: made}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(z, w[path]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// imported is what came of a source.
type imported struct {
	t     testing.TB
	kind  domain.ImportKind
	notes []domain.Incoming
	texts []string            // of the notes, resolved
	files []map[string]string // of the notes: contents by names
	lost  map[string][]string // codes by places, of notes and of what is none
	ids   map[string]int      // which note it is
}

// readFile reads a source that is one file.
func readFile(t testing.TB, content []byte, name string, o Options) *imported {
	t.Helper()
	s, err := OpenFile(bytes.NewReader(content), int64(len(content)), name, made, o)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, s)
}

func readPath(t testing.TB, path string, o Options) *imported {
	t.Helper()
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, s)
}

// read reads a source as an import does: once for titles, and once more for all. What leads to a file leads to /files/ and its name.
func read(t testing.TB, s domain.ImportSource) *imported {
	t.Helper()
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	in := &imported{t: t, kind: s.Kind(), lost: map[string][]string{}, ids: map[string]int{}}
	titles := domain.NewImportTitles(nil)
	var hashes []string
	for n, err := range s.Notes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		titles.Add(n)
		if n.IsNote() {
			hashes = append(hashes, n.Hash())
		}
	}
	for n, err := range s.Notes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range n.Lost {
			in.lost[n.Place] = append(in.lost[n.Place], string(l.Code))
		}
		if !n.IsNote() {
			continue
		}
		if _, twice := in.ids[n.ID]; twice {
			t.Errorf("two notes have the id %q", n.ID)
		}
		in.ids[n.ID] = len(in.notes)
		checkNote(t, n)
		if hash := n.Hash(); len(hashes) <= len(in.notes) || hash != hashes[len(in.notes)] {
			t.Errorf("%q has another hash the second time", n.Title)
		}
		stored := make([]domain.File, len(n.Files))
		contents := map[string]string{}
		for i, f := range n.Files {
			r, err := f.Open()
			if err != nil {
				t.Errorf("%s in %q: %v", f.Name, n.Title, err)
				continue
			}
			content, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil {
				t.Errorf("%s in %q: %v", f.Name, n.Title, err)
			}
			contents[f.Name] = string(content)
			stored[i] = domain.File{Hash: "x", Name: f.Name, Type: f.Type}
		}
		text, _ := n.Resolved(titles.Of, stored)
		in.notes, in.texts, in.files = append(in.notes, n), append(in.texts, strings.ReplaceAll(text, "/files/x/", "/files/")), append(in.files, contents)
	}
	return in
}

// checkNote checks what holds for any note: it can be stored, and what it leads to is marked where it stands.
func checkNote(t testing.TB, n domain.Incoming) {
	t.Helper()
	fitted := n.Fitted()
	draft := domain.NoteDraft{Title: fitted.Title, Content: fitted.Content, Tags: fitted.Tags}
	if _, err := domain.NewNote(draft, made); err != nil && (n.Title != "" || markup.TitleOf(n.Content) != "") {
		t.Errorf("%s can't be stored: %v", n.Place, err)
	}
	for i, m := range n.Marks {
		if m.Start < 0 || m.Start >= m.End || m.End > len(n.Content) || m.Text > m.TextEnd || m.TextEnd > m.End || m.File > len(n.Files) || i > 0 && m.Start < n.Marks[i-1].Start {
			t.Errorf("%s has the mark %+v in %q", n.Place, m, n.Content)
		}
	}
}

// note returns the note with an id, or the first one with a title or at a place.
func (in *imported) note(id string) (domain.Incoming, string, map[string]string) {
	in.t.Helper()
	i, ok := in.ids[id]
	if !ok {
		i = slices.IndexFunc(in.notes, func(n domain.Incoming) bool { return n.Title == id || n.Place == id })
	}
	if i < 0 {
		var there []string
		for _, n := range in.notes {
			there = append(there, n.ID+" "+n.Title)
		}
		in.t.Fatalf("no note %q among %q", id, there)
	}
	return in.notes[i], in.texts[i], in.files[i]
}

// says checks the title and the text of a note.
func (in *imported) says(id, title, text string) {
	in.t.Helper()
	if n, got, _ := in.note(id); n.Title != title || got != text {
		in.t.Errorf("%s is %q and says\n%s\nwanted %q and\n%s", id, n.Title, got, title, text)
	}
}

// tagged checks the tags of a note that it has beside its text.
func (in *imported) tagged(id string, tags ...domain.Tag) {
	in.t.Helper()
	if n, _, _ := in.note(id); !slices.Equal(n.Tags, tags) {
		in.t.Errorf("%s has the tags %q, wanted %q", id, n.Tags, tags)
	}
}

// timed checks when a note was made and last changed.
func (in *imported) timed(id, created, updated string) {
	in.t.Helper()
	show := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.Format("2006-01-02 15:04:05")
	}
	if n, _, _ := in.note(id); show(n.Created) != created || show(n.Updated) != updated {
		in.t.Errorf("%s is of %s and %s, wanted %s and %s", id, show(n.Created), show(n.Updated), created, updated)
	}
}

// holds checks the files of a note.
func (in *imported) holds(id string, files map[string]string) {
	in.t.Helper()
	if _, _, got := in.note(id); !maps.Equal(got, files) {
		in.t.Errorf("%s has the files %q, wanted %q", id, got, files)
	}
}

// loses checks all that was lost.
func (in *imported) loses(want map[string][]string) {
	in.t.Helper()
	if !maps.EqualFunc(in.lost, want, slices.Equal) {
		in.t.Errorf("lost %v, wanted %v", in.lost, want)
	}
}

func refusedFor(err error) domain.Code {
	if fields := domain.FieldErrors(err); len(fields) == 1 {
		return fields[0].Code
	}
	return ""
}

func TestWhatNobodyKnowsIsRefused(t *testing.T) {
	for name, content := range map[string]string{
		"nothing": "", "a picture": "\x89PNG\r\n\x1a\n\x00\x00", "a page": "<html><body>Hello</body></html>",
		"an archive of pictures": string(written{"a.png": "x", "b/c.jpg": "y"}.zip(t)), "an empty archive": string(written{}.zip(t)),
	} {
		s, err := OpenFile(strings.NewReader(content), int64(len(content)), name+".bin", made, Options{})
		if refusedFor(err) != "import.unknown" {
			t.Errorf("%s: %v %v", name, s, err)
		}
	}
}

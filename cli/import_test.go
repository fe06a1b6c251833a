package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"octavo/domain"
)

// importer runs commands upon one database.
type importer struct {
	t      *testing.T
	dir    string
	folder string // of Markdown
}

func newImporter(t *testing.T, files map[string]string) *importer {
	t.Helper()
	i := &importer{t: t, dir: t.TempDir(), folder: filepath.Join(t.TempDir(), "vault")}
	for name, text := range files {
		path := filepath.Join(i.folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	i.run(exitOK, "migrate", "up")
	return i
}

// run runs a command and returns what it prints.
func (i *importer) run(want int, args ...string) string {
	i.t.Helper()
	var stdout, stderr bytes.Buffer
	p := &program{ctx: i.t.Context(), stdout: &stdout, stderr: &stderr, environ: []string{"DATA_DIR=" + i.dir}, dir: i.dir}
	if status := p.run(args); status != want {
		i.t.Fatalf("%s: exit status %d: %s%s", args, status, stdout.String(), stderr.String())
	}
	return stdout.String() + stderr.String()
}

func wantParts(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("no %q in\n%s", part, said)
		}
	}
}

var vault = map[string]string{
	"Garden/Beans.md": "# Beans\n\n![[pod.png]] and [[Peas]] and [[Nowhere]] #green",
	"Garden/Peas.md":  "round",
	"Garden/pod.png":  "\x89PNG\r\n\x1a\n",
	"board.canvas":    "{}",
	".obsidian/x":     "{}",
}

func TestAFolderIsPlannedImportedListedAndUndone(t *testing.T) {
	i := newImporter(t, vault)
	wantParts(t, i.run(exitOK, "import", "--dry-run", "--folder-tags", i.folder), "Nothing has been imported yet", "New: 2 notes", "Tags: 2", "Files: 1",
		"board.canvas: Canvases")
	wantParts(t, i.run(exitOK, "import", "list"), "")
	wantParts(t, i.run(exitOK, "import", i.folder), "Imported.", "New: 2 notes", "Files: 1", "Not carried over")
	wantParts(t, i.run(exitOK, "import", i.folder), "Here already: 2 notes")

	var report importReport
	if err := os.WriteFile(filepath.Join(i.folder, "Garden/Peas.md"), []byte("green"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := i.run(exitOK, "import", "--json", i.folder)
	if err := json.Unmarshal([]byte(said), &report); err != nil {
		t.Fatalf("%v in %s", err, said)
	}
	if report.Kind != domain.FromObsidian || report.Counts.Revised != 1 || report.Counts.Same != 1 || report.State != domain.ImportDone ||
		len(report.Lost) != 1 || report.Lost[0].Place != "board.canvas" {
		t.Errorf("got %+v", report)
	}
	list := i.run(exitOK, "import", "list")
	wantParts(t, list, "vault", "obsidian", "done", string(report.Import))
	if lines := strings.Count(list, "\n"); lines != 4 {
		t.Errorf("%d lines: %s", lines, list)
	}
	wantParts(t, i.run(exitOK, "import", "undo", string(report.Import)), "has been undone")
	wantParts(t, i.run(exitFailure, "import", "undo", string(report.Import)), "already")
	wantParts(t, i.run(exitOK, "import", "list"), "undone")
	wantParts(t, i.run(exitOK, "import", "--dry-run", i.folder), "Changed since the last import: 1 note")
}

func TestWhatCantBeImportedIsRefused(t *testing.T) {
	i := newImporter(t, map[string]string{"notes.bin": "\x00\x01\x02"})
	wantParts(t, i.run(exitSettings, "import", filepath.Join(i.dir, "nowhere")), "nowhere")
	wantParts(t, i.run(exitFailure, "import", i.folder), "recognise")
	wantParts(t, i.run(exitFailure, "import", "--user", "nobody", i.folder), "octavo:")
	wantParts(t, i.run(exitFailure, "import", "--space", "nowhere", i.folder), "Space not found")
	wantParts(t, i.run(exitFailure, "import", "undo", "no id"), "Import not found")
	wantParts(t, i.run(exitFailure, "import", "undo", string(domain.NewID())), "Import not found")
}

// cancelling ends a context when a text is written.
type cancelling struct {
	bytes.Buffer
	at     string
	cancel context.CancelFunc
}

func (c *cancelling) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(c.at)) {
		c.cancel()
	}
	return c.Buffer.Write(p)
}

func TestAnImportThatIsStoppedLeavesNothingBehind(t *testing.T) {
	files := map[string]string{"last.canvas": "{}"}
	for i := range 250 { // more than are stored at once
		files[fmt.Sprintf("note %d.md", i)] = "text"
	}
	i := newImporter(t, files)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stdout, stderr := cancelling{at: "last.canvas", cancel: cancel}, bytes.Buffer{}
	p := &program{ctx: ctx, stdout: &stdout, stderr: &stderr, environ: []string{"DATA_DIR=" + i.dir}, dir: i.dir}
	if status := p.run([]string{"import", i.folder}); status != exitFailure || stderr.String() != "octavo: Cancelled. Nothing was imported.\n" {
		t.Errorf("exit status %d: %s%s", status, stdout.String(), stderr.String())
	}
	wantParts(t, i.run(exitOK, "import", "list"), "cancelled")
	wantParts(t, i.run(exitOK, "import", i.folder), "New: 250 notes")
}

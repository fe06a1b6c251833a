package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"octavo/ent"
)

const guide = "add-your-own-entity.md"

// maxFiles is how many files the guide may have people write or change, besides tests and what is generated.
const maxFiles = 8

// What the comment above a block says of where the block goes.
var (
	newFile   = regexp.MustCompile(`^file: (\S+)$`)
	insertion = regexp.MustCompile(`^in: (\S+), after: (.+)$`)
	appendix  = regexp.MustCompile(`^at the end of: (\S+)$`)
)

func TestAddYourOwnEntityWorksAsWritten(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it builds a copy of the program")
	}
	if _, err := os.Stat("../ent/schema/bookmark.go"); err == nil {
		t.Skip("NOT TESTED: somebody has followed the guide here already")
	}
	g := follower{tree: copyOfTheRepository(t), environ: []string{"DATABASE_URL=" + databaseOfToday(t)}}
	servers := os.Getenv("OCTAVO_TEST_POSTGRES") != "" && os.Getenv("OCTAVO_TEST_MYSQL") != ""
	var printed strings.Builder
	for _, b := range blocksOf(t, guide) {
		switch {
		case b.language != "sh":
			g.put(t, b)
		case servers || !ofMigration.MatchString(b.code):
			printed.WriteString(g.run(t, b))
		}
	}
	if !servers {
		t.Skip("NOT TESTED: migrations are made with PostgreSQL and MySQL; `make test` starts them")
	}
	if !upgraded.MatchString(printed.String()) {
		t.Errorf("octavo migrate up didn't name the new migration in\n%s", printed.String())
	}
}

// upgraded is what octavo migrate up prints of the new migration.
var upgraded = regexp.MustCompile(`(?m)^applied  \d+_add_bookmarks$`)

// ofMigration are the commands that need the migrations, which are made for all databases or for none.
var ofMigration = regexp.MustCompile(`make migrations|VersionedMigrations|migrate up`)

func TestAddYourOwnEntityTakesFewFiles(t *testing.T) {
	files := map[string]bool{}
	for _, b := range blocksOf(t, guide) {
		for _, pattern := range []*regexp.Regexp{newFile, insertion, appendix} {
			if m := pattern.FindStringSubmatch(b.comment); m != nil && !isTest(m[1]) {
				files[m[1]] = true
			}
		}
	}
	if len(files) > maxFiles {
		t.Errorf("the guide takes %d files, want at most %d: %v", len(files), maxFiles, files)
	}
	text := readFile(t, guide)
	for file := range files {
		if !strings.Contains(text, "| `"+file+"` |") {
			t.Errorf("the guide's table of files lacks %s", file)
		}
	}
}

func isTest(path string) bool {
	return strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "domain/domaintest/")
}

// databaseOfToday returns the URL of an SQLite database with the schema from before the guide.
func databaseOfToday(t *testing.T) string {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "octavo.db")
	store, err := ent.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	return url
}

// copyOfTheRepository returns a directory with the module's source as it stands now.
func copyOfTheRepository(t *testing.T) string {
	t.Helper()
	tree := t.TempDir()
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		from, to := filepath.Join("..", entry.Name()), filepath.Join(tree, entry.Name())
		switch {
		case slices.Contains([]string{".git", "bin", "data", "secrets", ".env"}, entry.Name()):
		case entry.IsDir():
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		default:
			writeFile(t, to, readFile(t, from))
		}
	}
	return tree
}

// follower does in a copy of the repository what the guide says.
type follower struct {
	tree    string
	environ []string // what is set besides this process's environment
}

// put puts a block of code where the comment above it says.
func (g *follower) put(t *testing.T, b block) {
	t.Helper()
	if m := newFile.FindStringSubmatch(b.comment); m != nil {
		writeFile(t, filepath.Join(g.tree, m[1]), b.code)
	} else if m := appendix.FindStringSubmatch(b.comment); m != nil {
		path := filepath.Join(g.tree, m[1])
		writeFile(t, path, readFile(t, path)+"\n"+b.code)
	} else if m := insertion.FindStringSubmatch(b.comment); m != nil {
		path := filepath.Join(g.tree, m[1])
		writeFile(t, path, insertAfter(t, readFile(t, path), m[2], b))
	} else {
		t.Errorf("%s:%d: nothing says where this goes", guide, b.line)
	}
}

// run runs a block of commands, and returns what they printed. What one exports the later ones have.
func (g *follower) run(t *testing.T, b block) string {
	t.Helper()
	if setting, ok := strings.CutPrefix(b.code, "export GOFLAGS="); ok {
		g.environ = append(g.environ, "GOFLAGS="+os.Getenv("GOFLAGS")+" "+strings.TrimSpace(setting))
		return ""
	}
	command := exec.CommandContext(t.Context(), "sh", "-euc", b.code)
	command.Dir = g.tree
	command.Env = append(os.Environ(), g.environ...)
	printed, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s:%d: %s: %v\n%s", guide, b.line, b.code, err, printed)
	}
	return string(printed)
}

// insertAfter returns text with the block's code below the one line that reads like line, however it is spaced.
func insertAfter(t *testing.T, text, line string, b block) string {
	t.Helper()
	words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	var out strings.Builder
	found := 0
	for l := range strings.Lines(text) {
		out.WriteString(l)
		if words(l) == words(line) {
			out.WriteString(b.code)
			found++
		}
	}
	if found != 1 {
		t.Fatalf("%s:%d: the line %q is there %d times, want once", guide, b.line, line, found)
	}
	return out.String()
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

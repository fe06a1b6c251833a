// Package docs_test compiles and runs the examples of examples.md, and does what add-your-own-entity.md says.
package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"octavo/domain"
)

// The examples read where the database is from the environment, which must not be one that somebody uses.
func TestMain(m *testing.M) {
	if err := os.Setenv("DATABASE_URL", "sqlite::memory:"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// block is a piece of code in a page.
type block struct {
	comment  string // the text of the HTML comment right above it, or ""
	language string
	code     string
	line     int // where it begins
}

var codeBlock = regexp.MustCompile("(?m)^(?:<!-- (.+) -->\n+)?```(\\w+)\n((?s:.*?)\n)```$")

// blocksOf returns the code blocks of a page, in order.
func blocksOf(t *testing.T, page string) []block {
	t.Helper()
	text := readFile(t, page)
	var blocks []block
	for _, m := range codeBlock.FindAllStringSubmatchIndex(text, -1) {
		part := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		blocks = append(blocks, block{part(1), part(2), part(3), 1 + strings.Count(text[:m[0]], "\n")})
	}
	if fences := strings.Count("\n"+text, "\n```"); len(blocks) == 0 || fences != 2*len(blocks) {
		t.Fatalf("%s has %d fences, and %d blocks were read", page, fences, len(blocks))
	}
	return blocks
}

func TestExamplesInTheDocumentationAreTheOnesThatRun(t *testing.T) {
	files, err := filepath.Glob("example_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tested strings.Builder
	for _, file := range files {
		tested.WriteString(readFile(t, file) + "\n")
	}
	var shown strings.Builder
	for _, b := range blocksOf(t, "examples.md") {
		if b.language != "go" {
			continue
		}
		shown.WriteString(b.code)
		source, name := tested.String(), "the tested examples"
		if path, ok := strings.CutPrefix(b.comment, "from "); ok {
			source, name = readFile(t, filepath.Join("..", path)), path
		}
		if !strings.Contains(source, b.code) {
			t.Errorf("examples.md:%d: this isn't in %s:\n%s", b.line, name, b.code)
		}
	}
	examples := regexp.MustCompile(`(?m)^func (Example_\w+|Test\w+)\(.*$`).FindAllString(tested.String(), -1)
	if len(examples) < 9 {
		t.Errorf("there are %d examples, want nine or more", len(examples))
	}
	for _, example := range examples {
		if !strings.Contains(shown.String(), example) {
			t.Errorf("examples.md doesn't show %s", example)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestOperatingListsEverySettingWithItsDefault(t *testing.T) {
	page := readFile(t, "operating.md")
	settings := regexp.MustCompile(`(?m)^#([A-Z_]+)=(.*)$`).FindAllStringSubmatch(readFile(t, "../.env.example"), -1)
	if len(settings) == 0 {
		t.Fatal(".env.example has no settings")
	}
	for _, s := range settings {
		row := fmt.Sprintf("| `%s` | `%s` |", s[1], s[2])
		if s[2] == "" {
			row = fmt.Sprintf("| `%s` | |", s[1])
		}
		if !strings.Contains(page, "\n"+row) {
			t.Errorf("operating.md lacks %s", row)
		}
	}
	if rows := strings.Count(page, "\n| `"); rows != len(settings) {
		t.Errorf("operating.md has %d settings, .env.example %d", rows, len(settings))
	}
}

func TestOperatingSaysHowLongThingsAreKept(t *testing.T) {
	inWords := func(life time.Duration) string {
		switch days := domain.Days(life); days {
		case 1:
			return "a day"
		case 2:
			return "two days"
		default:
			return fmt.Sprintf("%d days", days)
		}
	}
	page := readFile(t, "operating.md")
	for _, text := range []string{
		"| notes in the trash | after " + inWords(domain.TrashLife),
		"| saves in the history | after " + inWords(domain.KeepAll),
		"| drafts that nobody changes | after " + inWords(domain.DraftLife),
		"| files that no note, old save or draft mentions | after " + inWords(domain.UnusedFileLife),
		"| what undoes an action on several notes | after " + inWords(domain.UndoLife),
		"| which `Idempotency-Key` has created a note | after " + inWords(domain.CreationLife),
		"for " + inWords(domain.SessionIdle) + " without a visit",
	} {
		if !strings.Contains(page, text) {
			t.Errorf("operating.md lacks %q", text)
		}
	}
}

var pageLink = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]*))?\)`)

func TestLinksInTheDocumentationLeadToFilesAndHeadings(t *testing.T) {
	pages := []string{"../README.md", "../ARCHITECTURE.md", "../CONTRIBUTING.md", "../SECURITY.md", "../CHANGELOG.md"}
	for _, pattern := range []string{"*.md", "adr/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	checked := 0
	for _, page := range pages {
		for _, link := range pageLink.FindAllStringSubmatch(shownCode.ReplaceAllString(readFile(t, page), ""), -1) {
			if strings.Contains(link[1], ":") {
				continue
			}
			checked++
			file := page
			if link[1] != "" {
				file = filepath.Join(filepath.Dir(page), link[1])
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s, which isn't there", page, link[1])
			} else if link[2] != "" && !slices.Contains(anchors(readFile(t, file)), link[2]) {
				t.Errorf("%s links to #%s of %s, which has no such heading", page, link[2], file)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d links were found", checked)
	}
}

// anchors returns what links to the headings of a page end with, as GitHub makes it: letters and digits, and hyphens for
// blanks.
func anchors(page string) (all []string) {
	for _, heading := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, heading[1]))
	}
	return all
}

var (
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?s)```.*?```")
)

// shownCode is what stands in code, where a link is only shown.
var shownCode = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`")

package docs_test

import (
	"regexp"
	"strings"
	"testing"

	"octavo/domain/query"
)

var (
	searchRow = regexp.MustCompile("(?m)^\\| (`.+`) \\| .+ \\|$")
	codeSpan  = regexp.MustCompile("`([^`]+)`")
)

// searchExamples returns what the table of searches in writing.md shows.
func searchExamples(t *testing.T) (examples []string) {
	t.Helper()
	_, section, found := strings.Cut(readFile(t, "writing.md"), "\n## Search\n")
	if !found {
		t.Fatal("writing.md has no section about search")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, row := range searchRow.FindAllStringSubmatch(section, -1) {
		for _, code := range codeSpan.FindAllStringSubmatch(row[1], -1) {
			examples = append(examples, code[1])
		}
	}
	return examples
}

func TestSearchesInTheDocumentationCanBeRead(t *testing.T) {
	kinds := map[query.Kind]bool{}
	for _, example := range searchExamples(t) {
		q := query.Parse(example)
		if len(q.Problems) > 0 || len(q.Clauses) == 0 {
			t.Errorf("%s is read as %+v, want conditions and no problems", example, q)
		}
		for _, c := range q.Clauses {
			kinds[c.Kind] = true
			if c.Kind == query.TextClause && !c.Title && strings.Contains(example, ":") && len(c.Words) > 1 {
				t.Errorf("%s is read as the words %v", example, c.Words) // its key isn't known
			}
		}
	}
	if want := int(query.UpdatedClause) + 1; len(kinds) != want {
		t.Errorf("writing.md shows %d kinds of conditions, want all %d", len(kinds), want)
	}
}

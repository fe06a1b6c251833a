package lint_test

import (
	"testing"

	"octavo/ent/internal/lint"
)

func TestATableThatOnlySoundsLikeOneOfSearchIsNotDroppedUnbidden(t *testing.T) {
	for statement, want := range map[string]int{
		"DROP TABLE research_papers;\n": 1, "DROP TABLE searches;\n": 1,
		"DROP TABLE note_search;\n": 0, "DROP TABLE IF EXISTS `search_index`;\n": 0,
	} {
		if findings := lint.Find(statement, nil); len(findings) != want {
			t.Errorf("%s: found %q, want %d", statement, findings, want)
		}
	}
}

package domain_test

import (
	"strings"
	"testing"

	"octavo/domain"
)

func TestAnIDIsTheSameInEitherCaseAndHasNoOtherForm(t *testing.T) {
	const id = "0198c5b2-abcd-7eff-8000-000000000abc"
	for _, text := range []string{id, strings.ToUpper(id), "0198C5b2-aBcd-7EFF-8000-000000000ABC"} {
		if got, ok := domain.ParseID(text); !ok || got != id {
			t.Errorf("%q is read as %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "x", "{" + id + "}", "urn:uuid:" + id, "URN:UUID:" + id, strings.ReplaceAll(id, "-", ""), id + " ", " " + id[:35],
		id[:35], id[:35] + "g", strings.ReplaceAll(id, "-", "_"), id[:35] + "\uff11", "(" + id[1:],
		strings.Replace(id, "0198c5b2-", "0198c5b-2", 1),
	} {
		if got, ok := domain.ParseID(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

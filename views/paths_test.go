package views

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pathLiteral is a string that begins like a path of the app. Those of templates' attributes have quotes as well.
var pathLiteral = regexp.MustCompile("[\"'`]/(notes|preview|drafts|search|searches|tags|complete|undo|files|records|api|sessions|open|healthz|readyz|docs)\\b[^ ]*")

func TestPathsAreWrittenInOneFile(t *testing.T) {
	read := 0
	for _, pattern := range []string{"*.go", "*.templ", "../web/*.go", "../static/*.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if file == "paths.go" || strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
				continue
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			read++
			if found := pathLiteral.Find(content); found != nil {
				t.Errorf("%s writes the path %s, which paths.go has", file, found)
			}
		}
	}
	if read < 50 {
		t.Errorf("only %d files were read", read)
	}
}

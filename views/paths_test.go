package views

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestPathsAreWrittenInOneFile(t *testing.T) {
	own, err := os.ReadFile("paths.go")
	if err != nil {
		t.Fatal(err)
	}
	var beginnings []string
	for _, found := range regexp.MustCompile(`string\(b(?:\.Site\(\))?\) \+ "/(\w+)`).FindAllSubmatch(own, -1) {
		beginnings = append(beginnings, string(found[1]))
	}
	// A string that begins like one of them. Those of templates' attributes have quotes as well.
	path := regexp.MustCompile("[\"'`]/(" + strings.Join(beginnings, "|") + ")\\b[^ ]*")
	read := 0
	for _, pattern := range []string{"*.go", "*.templ", "../web/*.go", "../cli/*.go", "../static/*.js"} {
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
			if found := path.Find(content); found != nil {
				t.Errorf("%s writes the path %s, which paths.go has", file, found)
			}
		}
	}
	if read < 50 || len(beginnings) < 20 {
		t.Errorf("only %d files were read for %q", read, beginnings)
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the dependency rule: which of the project's packages each package may import. A package stands for
// what is below it too, unless that is listed itself.
var mayImport = map[string][]string{
	"octavo":                   {"octavo/cli"},
	"octavo/domain":            {},
	"octavo/domain/onetime":    {},
	"octavo/domain/markup":     {"octavo/domain/words"},
	"octavo/domain/password":   {},
	"octavo/domain/picture":    {},
	"octavo/domain/query":      {"octavo/domain/markup", "octavo/domain/words"},
	"octavo/domain/textdiff":   {},
	"octavo/domain/words":      {},
	"octavo/domain/domaintest": {"octavo/domain"},
	"octavo/app":               {"octavo/domain"},
	"octavo/lang":              {"octavo/domain"},
	"octavo/memory":            {"octavo/domain"},
	"octavo/files":             {"octavo/domain"},
	"octavo/imports":           {"octavo/domain"},
	"octavo/ent":               {"octavo/domain", "octavo/ent"},
	"octavo/ent/schema":        {"octavo/ent/gen"},
	"octavo/ent/gen":           {"octavo/ent/gen", "octavo/ent/schema"},
	"octavo/static":            {},
	"octavo/views":             {"octavo/lang", "octavo/static"},
	"octavo/web":               {"octavo/app", "octavo/domain", "octavo/lang", "octavo/static", "octavo/views", "octavo/web/markdown"},
	"octavo/web/internal":      {"octavo/domain/picture"},
	"octavo/web/oidc":          {"octavo/domain"},
	"octavo/web/passkey":       {"octavo/domain"},
	"octavo/web/markdown":      {"octavo/domain", "octavo/lang", "octavo/web/internal"},
	"octavo/cli":               {"octavo/app", "octavo/domain", "octavo/ent", "octavo/files", "octavo/imports", "octavo/lang", "octavo/memory", "octavo/web"},
}

// reserved are the packages that only some may import, and who may.
var reserved = map[string][]string{
	"octavo/ent/gen":                     {"octavo/ent"},
	"database/sql":                       {"octavo/ent", "octavo/bench"},
	"github.com/mattn/go-sqlite3":        {"octavo/ent", "octavo/bench"},
	"github.com/jackc/pgx/v5":            {"octavo/ent", "octavo/bench"},
	"github.com/go-sql-driver/mysql":     {"octavo/ent", "octavo/bench"},
	"entgo.io/ent":                       {"octavo/ent"},
	"ariga.io/atlas":                     {"octavo/ent"},
	"net/http":                           {"octavo/web", "octavo/cli", "octavo/static", "octavo/bench"},
	"github.com/labstack/echo/v4":        {"octavo/web"},
	"github.com/danielgtaylor/huma/v2":   {"octavo/web"},
	"github.com/a-h/templ":               {"octavo/views", "octavo/web"},
	"github.com/microcosm-cc/bluemonday": {"octavo/web/markdown"},
	"github.com/yuin/goldmark":           {"octavo/web/markdown"},
	"github.com/dop251/goja":             {"octavo/web/markdown/math"},
	"github.com/alecthomas/chroma/v2":    {"octavo/web/markdown/code"},
	"github.com/dlclark/regexp2":         {"octavo/web/markdown/code"},
	"golang.org/x/image":                 {"octavo/web/internal/thumbnail"},
	"github.com/schollz/progressbar/v3":  {"octavo/cli"},
	"github.com/boombuler/barcode":       {"octavo/web/internal/qr"},
	"github.com/go-webauthn/webauthn":    {"octavo/web/passkey"},
	"github.com/coreos/go-oidc/v3":       {"octavo/web/oidc"},
	"golang.org/x/oauth2":                {"octavo/web/oidc"},

	"github.com/JohannesKaufmann/html-to-markdown/v2": {"octavo/imports/internal/text"},
}

// beyondStandard is what the domain and what is below it may import besides the standard library.
var beyondStandard = []string{
	"github.com/clipperhouse/uax29/v2/graphemes",
	"github.com/clipperhouse/uax29/v2/sentences",
	"github.com/clipperhouse/uax29/v2/words",
	"github.com/google/uuid",
	"github.com/pquerna/otp",
	"github.com/pquerna/otp/hotp",
	"go.yaml.in/yaml/v3", // front matter: it reads text, bounded by the domain, and nothing else
	"golang.org/x/crypto/argon2",
	"golang.org/x/text/cases",
	"golang.org/x/text/unicode/norm",
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestPackagesImportOnlyWhatTheDependencyRuleAllows(t *testing.T) {
	for _, p := range listPackages(t) {
		rule, ruled := longestPrefix(mayImport, p.ImportPath)
		for _, path := range p.Imports {
			ours := path == "octavo" || strings.HasPrefix(path, "octavo/")
			if ours && ruled && !below(path, mayImport[rule]) && !below(path, []string{rule}) {
				t.Errorf("%s imports %s", p.ImportPath, path)
			}
			if key, ok := longestPrefix(reserved, path); ok && !below(p.ImportPath, reserved[key]) && !below(p.ImportPath, []string{key}) {
				t.Errorf("%s imports %s, which is for %v", p.ImportPath, path, reserved[key])
			}
			if rule != "octavo/domain/domaintest" && below(p.ImportPath, []string{"octavo/domain"}) &&
				strings.Contains(path, ".") && !slices.Contains(beyondStandard, path) {
				t.Errorf("%s imports %s", p.ImportPath, path)
			}
		}
	}
}

func TestEveryPackageHasItsPlaceInTheDependencyRule(t *testing.T) {
	// These stand outside of the program: tests, measurements and documentation may import what they need.
	outside := []string{"octavo/e2e", "octavo/bench", "octavo/docs"}
	for _, p := range listPackages(t) {
		if rule, _ := longestPrefix(mayImport, p.ImportPath); rule == "octavo" && p.ImportPath != "octavo" && !below(p.ImportPath, outside) {
			t.Errorf("%s has no place in the dependency rule", p.ImportPath)
		}
	}
}

// listPackages returns the project's packages, generated ones included, with what they import outside of tests.
func listPackages(t *testing.T) (packages []goPackage) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p goPackage
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return packages
		case err != nil:
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// longestPrefix returns the longest key that path is, or is below.
func longestPrefix[V any](table map[string]V, path string) (key string, ok bool) {
	for candidate := range table {
		if below(path, []string{candidate}) && len(candidate) > len(key) {
			key, ok = candidate, true
		}
	}
	return key, ok
}

// below reports whether path is one of roots or lies below one.
func below(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return path == root || strings.HasPrefix(path, root+"/") })
}

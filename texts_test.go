package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"octavo/domain"
	"octavo/lang"
)

// TestEachCodeInTheProgramHasItsTextAndEachTextIsSaid looks at every constant of the type domain.Code in the program:
// none is missing in the catalogue, none of the catalogue's is missing in the program, and where a call gives arguments
// with one, they are those that its text takes.
func TestEachCodeInTheProgramHasItsTextAndEachTextIsSaid(t *testing.T) {
	takes := map[domain.Code][]string{}
	for code, args := range lang.English().Codes() {
		takes[code] = args
	}
	used := map[domain.Code]bool{"": true}
	for _, p := range loadProgram(t) {
		for e, value := range p.TypesInfo.Types {
			code, ok := codeOf(value)
			if !ok || used[code] {
				continue
			}
			used[code] = true
			if _, known := takes[code]; !known {
				t.Errorf("%s: the catalogue has no text for %q", p.Fset.Position(e.Pos()), code)
			}
		}
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					checkArguments(t, p, call, takes)
				}
				return true
			})
		}
	}
	for code := range takes {
		if !used[code] {
			t.Errorf("nothing says %q", code)
		}
	}
}

// checkArguments compares what a call gives with a code, the names and values that follow it, with what the text takes.
func checkArguments(t *testing.T, p *packages.Package, call *ast.CallExpr, takes map[domain.Code][]string) {
	signature, ok := p.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok || !signature.Variadic() || call.Ellipsis.IsValid() {
		return
	}
	at := signature.Params().Len() - 2 // the code stands before the arguments
	if at < 0 || at >= len(call.Args) {
		return
	}
	code, ok := codeOf(p.TypesInfo.Types[call.Args[at]])
	if !ok {
		return
	}
	var given []string
	for i := at + 1; i < len(call.Args); i += 2 {
		name := p.TypesInfo.Types[call.Args[i]].Value
		if name == nil || name.Kind() != constant.String {
			t.Errorf("%s: %q is given an argument without a name", position(p, call), code)
			return
		}
		given = append(given, constant.StringVal(name))
	}
	want := slices.Sorted(slices.Values(takes[code]))
	if slices.Sort(given); !slices.Equal(given, want) {
		t.Errorf("%s: %q is given %v and takes %v", position(p, call), code, given, want)
	}
}

// codeOf returns a constant of the type domain.Code.
func codeOf(value types.TypeAndValue) (code domain.Code, ok bool) {
	if value.Value == nil || value.Type == nil || value.Type.String() != "octavo/domain.Code" {
		return "", false
	}
	return domain.Code(constant.StringVal(value.Value)), true
}

func position(p *packages.Package, n ast.Node) token.Position { return p.Fset.Position(n.Pos()) }

// loadProgram returns the program's packages with the types of all that stands in them, without tests.
func loadProgram(t *testing.T) []*packages.Package {
	t.Helper()
	all, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedSyntax | packages.NeedTypes |
			packages.NeedTypesInfo | packages.NeedExportFile,
		BuildFlags: []string{"-tags=sqlite_fts5"},
	}, "octavo/...")
	if err != nil {
		t.Fatal(err)
	}
	outside := []string{"octavo/e2e", "octavo/bench", "octavo/docs"}
	return slices.DeleteFunc(all, func(p *packages.Package) bool {
		for _, err := range p.Errors {
			t.Error(err)
		}
		return below(p.PkgPath, outside) || strings.HasPrefix(p.PkgPath, "octavo/ent/gen")
	})
}

// sentence is how a text for people looks in a program: three words, or two of which the first has a capital.
var sentence = regexp.MustCompile(`\pL[,;:]? \pL+[,;:]? \pL|^.\p{Lu}\pL*[,;:]? \pL`)

// TestWhatIsBelowThePagesHasNoTexts looks for sentences where there are to be codes. Errors that the program makes for
// those who read its log may have words.
func TestWhatIsBelowThePagesHasNoTexts(t *testing.T) {
	silent := []string{"octavo/domain", "octavo/app", "octavo/memory"}
	for _, p := range loadProgram(t) {
		if !slices.Contains(silent, p.PkgPath) {
			continue
		}
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					called := types.ExprString(n.Fun)
					return called != "errors.New" && called != "fmt.Errorf" && called != "panic"
				case *ast.BasicLit:
					if n.Kind == token.STRING && sentence.MatchString(n.Value) {
						t.Errorf("%s: %s", position(p, n), n.Value)
					}
				}
				return true
			})
		}
	}
}

package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ/parser/v2"
	"github.com/a-h/templ/parser/v2/visitor"
	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
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
	for _, script := range ownScripts(t) {
		for _, at := range said.FindAllStringSubmatchIndex(script.source, -1) {
			code := domain.Code(script.source[at[2]:at[3]])
			arguments, _, _ := strings.Cut(script.source[at[3]:], ";")
			used[code] = true
			if _, known := takes[code]; !known {
				t.Errorf("%s: the catalogue has no text for %q", script.name, code)
			}
			for _, name := range takes[code] {
				if !regexp.MustCompile(`\b` + name + `\b`).MatchString(arguments) {
					t.Errorf("%s: %q isn't given %s", script.name, code, name)
				}
			}
			page := strings.TrimSuffix(script.name, ".js")
			switch {
			case page == "draft":
				page = "drafts" // which imports it
			case page != "drafts" && module.MatchString(script.source):
				page = "editor" // which has the texts of all other modules
			}
			if own := "script." + page + "."; !strings.HasPrefix(string(code), own) {
				t.Errorf("%s: the page hands it the texts of %s*, and not %q", script.name, own, code)
			}
		}
	}
	for code := range takes {
		if !used[code] {
			t.Errorf("nothing says %q", code)
		}
	}
}

// said is how a script asks for a text.
var said = regexp.MustCompile(`\bsay\(\s*"([\w.]+)"`)

// module is what tells a module from a script.
var module = regexp.MustCompile(`(?m)^(import|export) `)

type script struct{ name, source string }

// ownScripts returns the scripts that are written here, not those of others.
func ownScripts(t *testing.T) (scripts []script) {
	t.Helper()
	files, err := filepath.Glob("static/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, script{filepath.Base(file), string(source)})
	}
	return scripts
}

// checkArguments compares what a call gives with a code, the names and values that follow it, with what the text takes.
func checkArguments(t *testing.T, p *packages.Package, call *ast.CallExpr, takes map[domain.Code][]string) {
	signature, ok := p.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok || !signature.Variadic() || call.Ellipsis.IsValid() {
		return
	}
	at := signature.Params().Len() - 2 // the code stands before the arguments
	if at < 0 || at >= len(call.Args) || types.TypeString(signature.Params().At(at+1).Type(), nil) != "[]any" {
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

// textsIn says what a text looks like in the packages that are to have none. In those of the database every statement is a
// sentence; on pages a word alone is a text, and there is no other reason to begin with a capital.
var textsIn = map[string]*regexp.Regexp{
	"octavo/domain":          sentence,
	"octavo/domain/markup":   sentence,
	"octavo/domain/query":    sentence,
	"octavo/domain/textdiff": sentence,
	"octavo/domain/words":    sentence,
	"octavo/app":             sentence,
	"octavo/imports":         sentence,

	"octavo/imports/internal/evernote":   sentence,
	"octavo/imports/internal/joplin":     sentence,
	"octavo/imports/internal/keep":       sentence,
	"octavo/imports/internal/memos":      sentence,
	"octavo/imports/internal/notion":     sentence,
	"octavo/imports/internal/simplenote": sentence,
	"octavo/imports/internal/standard":   sentence,
	"octavo/imports/internal/text":       sentence,
	"octavo/imports/internal/tree":       sentence,
	"octavo/imports/internal/vault":      regexp.MustCompile(`\pL[,;:]? \pL+[,;:]? \pL`), // which layouts of times don't have

	"octavo/memory":            sentence,
	"octavo/ent":               regexp.MustCompile(`^.\p{Lu}\p{Ll}*[,;:]? \p{Ll}`),
	"octavo/web":               regexp.MustCompile(`^.\p{Lu}\p{Ll}+[,;:]? \p{Ll}|` + inDates),
	"octavo/web/markdown":      inHTML,
	"octavo/web/markdown/math": regexp.MustCompile(`^.\pL+[,;:]? \pL+[,;:]? \pL`),
	"octavo/views":             regexp.MustCompile(sentence.String() + `|^.\p{Lu}\p{Ll}`),
}

// inHTML is how a text looks in what writes HTML: between tags and in the attributes that are read, too.
var inHTML = regexp.MustCompile(sentence.String() + `|^.\p{Lu}\p{Ll}|>\pL|\b(?:title|alt|aria-label)=\\?"\pL`)

// inDates is what a layout of a date has in it that isn't the same in all languages.
const inDates = `\b(?:Jan|January|Mon|Monday|PM)\b`

// noText are the values that look like texts.
var noText = []string{`"nofollow noopener noreferrer"`, `"SQLite format 3\x00"`}

func TestATextInARendererIsFound(t *testing.T) {
	for value, text := range map[string]*regexp.Regexp{
		`"Task"`: inHTML, `"<summary>Details</summary>\n"`: inHTML, "`<p class=\"notice\">Too long:</p>`": inHTML, "`<div role=\"group\" aria-label=\"Table\">`": inHTML,
		`"shown as it is written"`: inHTML, `"2 Jan 2006, 15:04 UTC"`: textsIn["octavo/web"], `"Monday"`: textsIn["octavo/web"],
	} {
		if !text.MatchString(value) {
			t.Errorf("%s is taken for no text", value)
		}
	}
	for _, value := range []string{`"<summary>"`, "`<a href=\"`", `" title=\""`, `"task-list-item"`, `"15:04"`} {
		if inHTML.MatchString(value) {
			t.Errorf("%s is taken for a text", value)
		}
	}
}

// wordy are the functions that are given what people don't read on pages: errors for the log, the API's description, and what
// a template has between its expressions, which is looked at below.
var wordy = []string{"errors.New", "fmt.Errorf", "panic", "section", "conditionParam", "ast.NewNodeKind", "templruntime.WriteString"}

// TestTheProgramHasNoTextsWhereThereAreToBeCodes looks for texts between quotes. Errors that the program makes for those who
// read its log may have words, and so may the description of the API.
func TestTheProgramHasNoTextsWhereThereAreToBeCodes(t *testing.T) {
	for _, p := range loadProgram(t) {
		text := textsIn[p.PkgPath]
		if text == nil {
			continue
		}
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.KeyValueExpr:
					key := types.ExprString(n.Key)
					return key != "Summary" && key != "Description" && key != "Contact"
				case *ast.AssignStmt:
					return !strings.HasSuffix(types.ExprString(n.Lhs[0]), ".Description")
				case *ast.CallExpr:
					return !slices.Contains(wordy, types.ExprString(n.Fun))
				case *ast.BasicLit:
					if n.Kind == token.STRING && text.MatchString(n.Value) && !slices.Contains(noText, n.Value) {
						t.Errorf("%s: %s", position(p, n), n.Value)
					}
				}
				return true
			})
		}
	}
}

// TestTemplatesHaveNoTexts looks for letters that a template shows: between its elements, but for the program's name, and in
// the attributes that are read.
func TestTemplatesHaveNoTexts(t *testing.T) {
	files, err := filepath.Glob("views/*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	for _, file := range files {
		template, err := parser.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range textsOf(t, template) {
			t.Errorf("%s: %s", file, text)
		}
	}
}

func TestATextInATemplateIsFound(t *testing.T) {
	template, err := parser.ParseString(`package views

templ greeting(name string) {
	<p>Welcome, <code>a</code>{ name } · Octavo</p>
	if name == "" {
		<input title="Your name" type="text" placeholder={ lang.T(ctx, "name") } aria-label="2"/>
	}
}
`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := textsOf(t, template), []string{"Welcome,", "a", `title="Your name"`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

var (
	letter = regexp.MustCompile(`\pL`)
	read   = regexp.MustCompile(`^(title|placeholder|alt|label|aria-label|aria-description|aria-placeholder|aria-roledescription|aria-valuetext)$`)
)

// textsOf returns the texts that stand in a template.
func textsOf(t *testing.T, template *parser.TemplateFile) (texts []string) {
	t.Helper()
	v := visitor.New()
	v.Text = func(n *parser.Text) error {
		if letter.MatchString(strings.ReplaceAll(n.Value, "Octavo", "")) {
			texts = append(texts, strings.TrimSpace(n.Value))
		}
		return nil
	}
	v.ConstantAttribute = func(n *parser.ConstantAttribute) error {
		if read.MatchString(n.Key.String()) && letter.MatchString(n.Value) {
			texts = append(texts, n.String())
		}
		return nil
	}
	if err := template.Visit(v); err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestScriptsHaveNoTexts looks for sentences in what stands between quotes, for words right behind a value and for what is
// written into the page. Errors, which only the console shows, may have words.
func TestScriptsHaveNoTexts(t *testing.T) {
	for _, script := range ownScripts(t) {
		for _, text := range textsOfScript(t, script.source) {
			t.Errorf("%s: %s", script.name, text)
		}
	}
}

func TestATextInAScriptIsFound(t *testing.T) {
	got := textsOfScript(t, `// Say "this is no text".
"use strict";
place.textContent = "Saved";
place.title = wrong ? "Really" : say("script.x.saved");
tell("Keep this page open");
tell(`+"`${n} chosen`"+`);
const fields = find("md-header, md-quote, md-task-list", /"not a text"/);
throw new Error("the database doesn't open");
`)
	if want := []string{`place.textContent = "Saved`, `place.title = wrong ? "Really`, `"Keep this page open"`, " chosen"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

var (
	afterValue = regexp.MustCompile(`^ \pL{2,}`)
	written    = regexp.MustCompile(`[\w.]+\.(?:textContent|innerText|title|alt|placeholder|ariaLabel|ariaDescription)\s*=` +
		"(?:[^=;\n\"'`]*[?:])?\\s*[\"'`]\\pL+")
)

// textsOfScript returns the texts that stand in a script.
func textsOfScript(t *testing.T, source string) (texts []string) {
	t.Helper()
	texts = written.FindAllString(source, -1)
	tokens, err := chroma.Tokenise(lexers.Get("javascript"), nil, source)
	if err != nil {
		t.Fatal(err)
	}
	var before string // what stands before a token, without blanks
	inside := false   // of a template
	for _, token := range tokens {
		quoted := token.Type.InSubCategory(chroma.LiteralString) && token.Type != chroma.LiteralStringRegex
		if quoted && !strings.HasSuffix(before, "Error(") && sentence.MatchString(token.Value) ||
			token.Type == chroma.LiteralStringBacktick && inside && afterValue.MatchString(token.Value) {
			texts = append(texts, token.Value)
		}
		inside = token.Type == chroma.LiteralStringInterpol
		before = strings.TrimSpace(before + token.Value)
		before = before[max(0, len(before)-20):]
	}
	return texts
}

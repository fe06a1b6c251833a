package code

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"

	"octavo/web/internal/recent"
)

// maxMatch is for how long one expression may look at the code, by the clock; then it counts as one that found nothing.
var maxMatch = 20 * time.Millisecond

const (
	// tick is how often that clock moves on.
	tick = 5 * time.Millisecond

	// maxLexers is how many are ready for use. Each takes some hundred KiB.
	maxLexers = 16

	maxName = 40   // bytes of the name of a language
	maxIdle = 1000 // times that a lexer may go from state to state without reading on
)

// Known reports whether there are colours for a language, by a name as it follows ```: one of the names that it has, or
// what its files end with. What follows a comma, a colon or a brace isn't part of it.
func Known(language string) bool { return lexerOf(language) != nil }

func lexerOf(language string) chroma.Lexer {
	if i := strings.IndexAny(language, ",:{"); i > 0 {
		language = language[:i]
	}
	if language == "" || len(language) > maxName {
		return nil
	}
	return languages()[strings.ToLower(language)]
}

// atOnce are the lexers that read all of a text before they tell the first token of it, which can't be stopped, and those
// that do nearly as well.
var atOnce = map[string]string{
	"ERB": "HTML", "Go HTML Template": "Go Text Template", "PHTML": "PHP", "Svelte": "HTML", "YAML+Jinja": "YAML",
}

// moreNames are names that people use and Chroma doesn't know, by what it calls the language or one that looks alike.
var moreNames = map[string]string{
	"Bash":                   "dotenv shellscript",
	"C++":                    "cuda",
	"Django/Jinja":           "jinja2 nunjucks",
	"FSharp":                 "f#",
	"GAS":                    "assembly",
	"HCL":                    "nomad tfvars",
	"Handlebars":             "mustache",
	"Haskell":                "purescript",
	"HTML":                   "astro",
	"INI":                    "conf editorconfig gitconfig",
	"Objective-C":            "objc++ objective-c++",
	"ObjectPascal":           "delphi pascal",
	"PostgreSQL SQL dialect": "pgsql psql",
	"Python":                 "bazel ipython",
	"SCSS":                   "less",
	"SQL":                    "oracle plsql sqlite",
	"Transact-SQL":           "mssql",
	"XML":                    "atom plist",
}

// languages are the lexers by the names of languages, in lower case.
var languages = sync.OnceValue(func() map[string]chroma.Lexer {
	regexp2.SetTimeoutCheckPeriod(tick)
	all := *lexers.GlobalLexerRegistry
	// Left in there they would keep what they have compiled, and be found by other lexers.
	*lexers.GlobalLexerRegistry = *chroma.NewLexerRegistry()

	limited := chroma.NewLexerRegistry() // where lexers find those of languages within theirs
	for _, l := range all.Lexers {
		if source, ok := l.(*chroma.RegexLexer); ok {
			l = newLexer(source)
		}
		if atOnce[l.Config().Name] == "" {
			limited.Register(l)
		}
	}
	slices.SortStableFunc(limited.Lexers, func(a, b chroma.Lexer) int {
		return cmp.Compare(priority(b), priority(a))
	})

	named := map[string]chroma.Lexer{}
	add := func(name string, l chroma.Lexer) {
		if name = strings.ToLower(name); named[name] == nil {
			named[name] = l
		}
	}
	for _, l := range limited.Lexers {
		add(l.Config().Name, l)
	}
	for _, l := range limited.Lexers {
		for _, alias := range l.Config().Aliases {
			add(alias, l)
		}
	}
	for _, l := range all.Lexers {
		for _, name := range append([]string{l.Config().Name}, l.Config().Aliases...) {
			if instead := atOnce[l.Config().Name]; instead != "" {
				add(name, named[strings.ToLower(instead)])
			}
		}
	}
	for language, names := range moreNames {
		for _, name := range strings.Fields(names) {
			add(name, named[strings.ToLower(language)])
		}
	}
	for _, l := range limited.Lexers {
		for _, file := range l.Config().Filenames {
			add(strings.TrimPrefix(file, "*."), l)
		}
	}
	return named
})

func priority(l chroma.Lexer) float32 {
	if p := l.Config().Priority; p != 0 {
		return p
	}
	return 1
}

// lexer is one of Chroma's, with limits. It is made ready when it is needed, and again when it hasn't been for a while.
type lexer struct {
	config   *chroma.Config
	rules    func() (chroma.Rules, error)
	registry *chroma.LexerRegistry
}

var _ chroma.Lexer = (*lexer)(nil)

func newLexer(source *chroma.RegexLexer) *lexer {
	return &lexer{config: source.Config(), rules: sync.OnceValues(func() (chroma.Rules, error) {
		rules, err := source.Rules() // compiles them as well, which is in vain and not kept
		return limit(rules), err
	})}
}

var ready = recent.NewCache(maxLexers, func(*lexer, *chroma.RegexLexer) int { return 1 })

// Tokenise implements chroma.Lexer.
func (l *lexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	made, ok := ready.Get(l)
	if !ok {
		rules, err := l.rules()
		if err != nil {
			return nil, err
		}
		if made, err = chroma.NewLexer(l.config, func() chroma.Rules { return rules }); err != nil {
			return nil, err
		}
		made.SetRegistry(l.registry)
		ready.Put(l, made)
	}
	return made.Tokenise(options, text)
}

// Config implements chroma.Lexer.
func (l *lexer) Config() *chroma.Config { return l.config }

// SetRegistry implements chroma.Lexer.
func (l *lexer) SetRegistry(r *chroma.LexerRegistry) chroma.Lexer {
	l.registry = r
	return l
}

// SetAnalyser implements chroma.Lexer. No language is guessed.
func (l *lexer) SetAnalyser(func(string) float32) chroma.Lexer { return l }

// AnalyseText implements chroma.Lexer.
func (l *lexer) AnalyseText(string) float32 { return 0 }

// limit returns rules with limits.
func limit(rules chroma.Rules) chroma.Rules {
	const state = "limits" // holds nothing but what is to be done when all are compiled
	limited := chroma.Rules{state: {{Mutator: matchLimit(state)}}}
	for state, list := range rules {
		list = slices.Clone(list)
		for i, r := range list {
			if _, ok := r.Mutator.(chroma.LexerMutator); !ok {
				list[i].Mutator = idleLimit{r.Mutator}
			}
		}
		limited[state] = list
	}
	return limited
}

// matchLimit stops expressions after maxMatch. It stands in a state of its own, which it removes.
type matchLimit string

// MutateLexer implements chroma.LexerMutator.
func (l matchLimit) MutateLexer(rules chroma.CompiledRules, _ string, _ int) error {
	delete(rules, string(l))
	for _, list := range rules {
		for _, r := range list {
			r.Regexp.MatchTimeout = maxMatch
		}
	}
	return nil
}

// Mutate implements chroma.Mutator.
func (matchLimit) Mutate(*chroma.LexerState) error { return nil }

// idleLimit is what a rule does to a lexer's state, and ends a lexer that reads nothing while its state changes.
type idleLimit struct{ chroma.Mutator }

var errIdle = errors.New("code: the lexer doesn't read on")

// Mutate implements chroma.Mutator.
func (l idleLimit) Mutate(s *chroma.LexerState) error {
	type idle struct{ pos, times int }
	at, _ := s.Get(errIdle).(*idle)
	if at == nil {
		at = new(idle)
		s.Set(errIdle, at)
	}
	if at.pos != s.Pos {
		*at = idle{pos: s.Pos}
	}
	if at.times++; at.times > maxIdle {
		return errIdle
	}
	if l.Mutator == nil {
		return nil
	}
	return l.Mutator.Mutate(s)
}

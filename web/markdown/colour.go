package markdown

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// The colours of code say what a glance should find: comments, strings, numbers, keywords. They are told by one pass
// over the code that never looks back. Lexers made of backtracking expressions know more, but take seconds for a few
// kilobytes that are made for them, and cannot be stopped.

// language is what colours need to know of a programming language.
type language struct {
	scan       func(*painter) // of languages that are no sequence of words; then nothing else is set
	keywords   map[string]bool
	constants  map[string]bool
	lines      []string // what begins a comment up to the end of the line
	open       string   // what begins a comment up to
	close      string   // this
	quotes     string   // what a string on one line begins and ends with
	long       []string // the same for strings of several lines
	chars      bool     // 'x' is a character; a lone ' is none
	fold       bool     // keywords may be in upper case
	keys       byte     // what follows a key: ':' or '='; 0 if the language has none
	bareHash   bool     // # begins a comment only at the beginning of a word
	extra      string   // what belongs to words besides letters, digits and _
	unpainted  bool     // calls of functions have no colour
	directives string   // what begins a word such as @override or #include
}

// words returns a set of words.
func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

// languageOf returns the language of a name as it follows ```, or nil.
func languageOf(name []byte) *language {
	if len(name) > 20 {
		return nil
	}
	return languages()[strings.ToLower(string(name))]
}

var languages = sync.OnceValue(func() map[string]*language {
	const (
		cFlow  = "break case continue default do else for goto if return switch while "
		cTypes = "bool char const double enum extern float int long register short signed sizeof static struct typedef union unsigned void volatile "
		oop    = "abstract catch class extends final finally implements import interface new private protected public super this throw throws try "
		js     = cFlow + oop + "as async await const debugger delete export from function get in instanceof let of set static typeof var void yield "
	)
	hash := []string{"#"}
	slashes := []string{"//"}
	cLike := func(keywords, constants string) *language {
		return &language{keywords: words(keywords), constants: words(constants), lines: slashes, open: "/*", close: "*/", quotes: `"'`, directives: "@"}
	}
	all := map[string]*language{}
	add := func(names string, l *language) {
		for _, name := range strings.Fields(names) {
			all[name] = l
		}
	}

	c := cLike(cFlow+cTypes+"inline restrict auto catch class constexpr delete explicit friend namespace new noexcept operator "+
		"override private protected public template this throw try typename using virtual co_await co_return co_yield concept requires",
		"NULL nullptr true false")
	c.directives = "#"
	add("c h cpp c++ cc cxx hpp objective-c objc arduino cuda", c)

	golang := cLike("break case chan const continue default defer else fallthrough for func go goto if import interface map package "+
		"range return select struct switch type var any bool byte comparable complex64 complex128 error float32 float64 int int8 "+
		"int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr", "true false nil iota")
	golang.long, golang.directives = []string{"`"}, ""
	add("go golang", golang)

	rust := cLike("as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub ref "+
		"return self static struct super trait type unsafe use where while Self bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 "+
		"u16 u32 u64 u128 usize", "true false None Some Ok Err")
	rust.quotes, rust.chars, rust.directives = `"`, true, "#"
	add("rust rs", rust)

	add("java", cLike(cFlow+cTypes+oop+"assert boolean byte instanceof native package permits record sealed strictfp synchronized "+
		"transient var yield", "true false null"))
	kotlin := cLike(cFlow+oop+"as by companion constructor data fun in init inline internal is lateinit object open operator out override "+
		"package reified sealed suspend typealias val var when", "true false null")
	kotlin.long = []string{`"""`}
	add("kotlin kt kts scala groovy gradle", kotlin)
	add("swift", cLike(cFlow+"actor any as async await catch class defer deinit enum extension fileprivate func guard import in init "+
		"inout internal is let mutating open operator override private protocol public repeat rethrows self some static struct "+
		"subscript super throw throws try typealias var where Self", "true false nil"))
	add("csharp cs c#", cLike(cFlow+cTypes+oop+"as async await base byte decimal delegate dynamic event explicit fixed foreach get "+
		"implicit in init internal is lock namespace object operator out override params partial readonly record ref sealed set "+
		"string typeof unsafe using var virtual when where yield", "true false null"))
	script := cLike(js+"abstract any asserts boolean declare enum implements infer is keyof namespace never number private protected public "+
		"readonly satisfies string symbol type unique unknown", "true false null undefined NaN Infinity")
	script.long, script.extra = []string{"`"}, "$"
	add("javascript js mjs cjs jsx typescript ts tsx", script)
	add("dart", cLike(js+"covariant deferred dynamic factory late library mixin on operator part required rethrow sealed typedef with", "true false null"))
	php := cLike(cFlow+oop+"and array as clone const declare echo elseif empty endfor endforeach endif endwhile enum fn foreach function "+
		"global include include_once instanceof insteadof isset list match namespace or print readonly require require_once static "+
		"trait unset use var xor yield", "true false null TRUE FALSE NULL")
	php.lines, php.extra = []string{"//", "#"}, "$"
	add("php", php)
	add("zig", cLike(cFlow+"align anytype asm async await catch comptime const defer enum errdefer error export extern fn inline nosuspend "+
		"or orelse and packed pub resume struct suspend test threadlocal try union unreachable usingnamespace var volatile void bool "+
		"u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64", "true false null undefined"))
	add("protobuf proto", cLike("enum extend extensions import map message oneof option optional package public repeated required reserved "+
		"returns rpc service stream syntax bool bytes double fixed32 fixed64 float int32 int64 string uint32 uint64", "true false"))
	json := &language{constants: words("true false null"), lines: slashes, open: "/*", close: "*/", quotes: `"`, keys: ':', unpainted: true}
	add("json jsonc json5", json)
	css := &language{open: "/*", close: "*/", lines: slashes, quotes: `"'`, keys: ':', extra: "-", directives: "@#"}
	add("scss less sass", css)
	plainCSS := *css
	plainCSS.lines = nil
	add("css", &plainCSS)

	add("python py python3", &language{
		keywords: words("and as assert async await break case class continue def del elif else except finally for from global if import " +
			"in is lambda match nonlocal not or pass raise return self try while with yield"),
		constants: words("True False None"), lines: hash, quotes: `"'`, long: []string{`"""`, "'''"}, directives: "@",
	})
	add("ruby rb", &language{
		keywords: words("alias and begin break case class def do else elsif end ensure for if in module next not or redo require require_relative " +
			"rescue retry return self super then undef unless until when while yield attr_accessor attr_reader"),
		constants: words("true false nil"), lines: hash, quotes: "\"'`", extra: "@$",
	})
	add("elixir ex exs", &language{
		keywords: words("after and case catch cond def defmacro defmodule defp defstruct do else end fn for if import in not or raise " +
			"receive require rescue try unless use when with"),
		constants: words("true false nil"), lines: hash, quotes: `"'`, long: []string{`"""`}, directives: "@",
	})
	add("perl pl", &language{
		keywords: words("and bless cmp die else elsif eq for foreach ge gt if last le local lt my ne next no not or our package print " +
			"redo require return sub unless until use while"), lines: hash, bareHash: true, quotes: `"'`, extra: "$@%",
	})
	add("r", &language{
		keywords: words("break else for function if in next repeat return while library"), constants: words("TRUE FALSE NULL NA NaN Inf"),
		lines: hash, quotes: `"'`, extra: ".",
	})
	add("julia jl", &language{
		keywords: words("abstract begin break catch const continue do else elseif end export finally for function global if import in " +
			"let local macro module mutable primitive quote return struct try type using where while"),
		constants: words("true false nothing"), lines: hash, quotes: `"`, long: []string{`"""`}, chars: true, directives: "@",
	})
	add("bash sh shell zsh fish console shell-session", &language{
		keywords: words("alias break case continue declare do done elif else esac eval exec exit export fi for function if in local " +
			"readonly return select set shift source then trap unset until while sudo echo cd"),
		constants: words("true false"), lines: hash, bareHash: true, quotes: `"'`, extra: "$", unpainted: true,
	})
	add("powershell ps1 pwsh", &language{
		keywords: words("begin break catch continue do else elseif end exit filter finally for foreach function if in param process " +
			"return switch throw trap try until using while"), lines: hash, open: "<#", close: "#>", quotes: `"'`, extra: "$-", fold: true,
	})
	add("dockerfile docker containerfile", &language{
		keywords: words("add arg cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell stopsignal user volume workdir as"),
		lines:    hash, bareHash: true, quotes: `"'`, fold: true, unpainted: true,
	})
	add("makefile make mk", &language{
		keywords: words("define else endef endif export ifdef ifeq ifndef ifneq include override vpath"),
		lines:    hash, quotes: `"'`, keys: ':', extra: ".-", unpainted: true,
	})
	add("nix", &language{
		keywords:  words("assert else if import in inherit let or rec then with"),
		constants: words("true false null"), lines: hash, open: "/*", close: "*/", quotes: `"`, long: []string{"''"}, keys: '=', extra: "-'",
	})
	add("hcl terraform tf", &language{
		keywords:  words("data for if in locals module output provider resource terraform variable"),
		constants: words("true false null"), lines: []string{"#", "//"}, open: "/*", close: "*/", quotes: `"`, keys: '=', extra: "-",
	})
	config := words("true false null yes no on off")
	add("yaml yml", &language{constants: config, lines: hash, bareHash: true, quotes: `"'`, keys: ':', extra: "-.", unpainted: true})
	add("toml ini conf cfg properties env dotenv systemd", &language{
		constants: config, lines: []string{"#", ";"}, bareHash: true, quotes: `"'`, long: []string{`"""`, "'''"}, keys: '=', extra: "-.", unpainted: true,
	})
	add("graphql gql", &language{
		keywords:  words("directive enum extend fragment implements input interface mutation on query scalar schema subscription type union"),
		constants: words("true false null"), lines: hash, quotes: `"`, long: []string{`"""`}, keys: ':', directives: "@", extra: "$",
	})
	add("sql mysql postgresql postgres sqlite plsql", &language{
		keywords: words("add all alter and any as asc begin between by case cast check collate column commit conflict constraint create " +
			"cross current database default delete desc distinct do drop else end escape except exists explain filter for foreign from " +
			"full group having if in index inner insert intersect into is join key left like limit natural not nothing offset on or " +
			"order outer over partition primary recursive references replace returning right rollback row rows select set table then " +
			"to transaction trigger truncate union unique update using values view when where window with bigint blob boolean char " +
			"date decimal double int integer json jsonb numeric real serial smallint text timestamp timestamptz uuid varchar"),
		constants: words("true false null"), lines: []string{"--"}, open: "/*", close: "*/", quotes: "'\"`", fold: true,
	})
	add("lua", &language{
		keywords:  words("and break do else elseif end for function goto if in local not or repeat return then until while"),
		constants: words("true false nil"), lines: []string{"--"}, open: "--[[", close: "]]", quotes: `"'`,
	})
	add("haskell hs elm purescript", &language{
		keywords: words("as case class data deriving do else forall foreign hiding if import in infix infixl infixr instance let module " +
			"newtype of qualified then type where"), constants: words("True False Nothing Just"),
		lines: []string{"--"}, open: "{-", close: "-}", quotes: `"`, chars: true, extra: "'",
	})
	lisp := words("and begin cond def defmacro defn defun define do else fn if lambda let let* letrec loop ns or quote recur require set! setq unless when")
	add("lisp clojure clj scheme scm elisp racket", &language{
		keywords: lisp, constants: words("true false nil"), lines: []string{";"}, quotes: `"`, extra: "-?!*", unpainted: true,
	})
	add("html xml svg xhtml vue svelte rss atom plist", &language{scan: scanMarkup})
	add("diff patch udiff", &language{scan: scanDiff})
	return all
})

// The classes of colours.
const (
	keywordColour  = 'k'
	constantColour = 'n' // numbers too
	stringColour   = 's'
	commentColour  = 'c'
	functionColour = 'f'
	keyColour      = 'a' // keys, attributes and annotations
	headColour     = 'h'
	insertedColour = 'i'
	deletedColour  = 'd'
)

// painter goes through some code, and writes it with its colours.
type painter struct {
	*language
	w        util.BufWriter
	code     []byte
	pos      int  // what is before it has been read
	shown    int  // what is before it has been written
	open     byte // the colour whose element is open, or 0
	overhead int  // bytes of the elements
}

// colour writes the code of a language.
func colour(w util.BufWriter, l *language, code []byte) {
	p := painter{language: l, w: w, code: code}
	if l.scan != nil {
		l.scan(&p)
	} else {
		p.scanWords()
	}
	p.paint(0, len(code))
}

// paint writes the code up to end in a colour; what is before p.pos and not yet written has none.
func (p *painter) paint(colour byte, end int) {
	p.show(0, p.pos)
	p.show(colour, end)
	p.pos = end
	if end == len(p.code) && p.open != 0 {
		p.show(0, end)
		_, _ = p.w.WriteString("</span>")
		p.open = 0
	}
}

func (p *painter) show(colour byte, end int) {
	const element = len(`<span class="c-k"></span>`)
	if end == p.shown {
		return
	}
	if colour != p.open {
		if p.open != 0 {
			_, _ = p.w.WriteString("</span>")
		}
		p.open = 0
		// Where nearly every character has a colour of its own, some go without.
		if colour != 0 && p.overhead+element <= 8*end+256 {
			p.overhead += element
			p.open = colour
			_, _ = p.w.WriteString(`<span class="c-` + string(rune(colour)) + `">`)
		}
	}
	textWriter.RawWrite(p.w, p.code[p.shown:end])
	p.shown = end
}

// lineEnd returns where the line ends that i is in.
func (p *painter) lineEnd(i int) int {
	if n := bytes.IndexByte(p.code[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(p.code)
}

// after returns where what follows mark begins, from i on, or the end of the code.
func (p *painter) after(i int, mark string) int {
	if n := bytes.Index(p.code[i:], []byte(mark)); n >= 0 {
		return i + n + len(mark)
	}
	return len(p.code)
}

func (p *painter) at(mark string) bool {
	return mark != "" && bytes.HasPrefix(p.code[p.pos:], []byte(mark))
}

func (p *painter) scanWords() {
	for p.pos < len(p.code) {
		if !p.comment() && !p.text() && !p.number() && !p.word() {
			_, size := utf8.DecodeRune(p.code[p.pos:])
			p.pos += size
		}
	}
}

func (p *painter) comment() bool {
	if p.at(p.language.open) {
		p.paint(commentColour, p.after(p.pos+len(p.language.open), p.close))
		return true
	}
	for _, mark := range p.lines {
		if p.at(mark) && (!p.bareHash || p.pos == 0 || isBlank(p.code[p.pos-1])) {
			p.paint(commentColour, p.lineEnd(p.pos))
			return true
		}
	}
	return false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (p *painter) text() bool {
	for _, mark := range p.long {
		if p.at(mark) {
			p.paint(stringColour, p.after(p.pos+len(mark), mark))
			return true
		}
	}
	c := p.code[p.pos]
	if p.chars && c == '\'' {
		_, size := utf8.DecodeRune(p.code[p.pos+1:])
		end := p.pos + 1 + size
		if p.code[min(p.pos+1, len(p.code)-1)] == '\\' {
			end++
		}
		if end >= len(p.code) || p.code[end] != '\'' {
			return false
		}
		p.paint(stringColour, end+1)
		return true
	}
	if strings.IndexByte(p.quotes, c) < 0 {
		return false
	}
	end := p.pos + 1
	for end < len(p.code) && p.code[end] != '\n' {
		end++
		if p.code[end-1] == c {
			break
		}
		if p.code[end-1] == '\\' && end < len(p.code) && p.code[end] != '\n' {
			end++
		}
	}
	p.paint(p.key(end, stringColour), end)
	return true
}

// key returns the colour of what ends at end: that of a key if it is one.
func (p *painter) key(end int, other byte) byte {
	if p.keys == 0 {
		return other
	}
	for end < len(p.code) && p.code[end] == ' ' {
		end++
	}
	if end < len(p.code) && p.code[end] == p.keys {
		return keyColour
	}
	return other
}

func (p *painter) number() bool {
	if c := p.code[p.pos]; c < '0' || c > '9' {
		return false
	}
	end := p.pos + 1
	for end < len(p.code) && (isWordByte(p.code[end]) || p.code[end] == '.') {
		end++
	}
	p.paint(p.key(end, constantColour), end)
	return true
}

func isWordByte(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func (p *painter) word() bool {
	start := p.pos
	directive := strings.IndexByte(p.directives, p.code[start]) >= 0
	end := start
	if directive {
		end++
	}
	for end < len(p.code) {
		r, size := utf8.DecodeRune(p.code[end:])
		word := unicode.IsLetter(r) || unicode.IsMark(r)
		if r < utf8.RuneSelf {
			word = isWordByte(byte(r)) || strings.IndexByte(p.extra, byte(r)) >= 0
		}
		if !word {
			break
		}
		end += size
	}
	if end == start {
		return false
	}
	name := string(p.code[start:end])
	if p.fold {
		name = strings.ToLower(name)
	}
	colour := byte(0)
	switch {
	case directive && end > start+1, strings.HasPrefix(name, "$") && len(name) > 1:
		colour = keyColour
	case p.keywords[name]:
		colour = keywordColour
	case p.constants[name]:
		colour = constantColour
	default:
		colour = p.key(end, 0)
		if colour == 0 && !p.unpainted && end < len(p.code) && p.code[end] == '(' {
			colour = functionColour
		}
	}
	if colour == 0 {
		p.pos = end
	} else {
		p.paint(colour, end)
	}
	return true
}

// scanMarkup paints the elements, attributes and comments of HTML and XML.
func scanMarkup(p *painter) {
	for p.pos < len(p.code) {
		next := bytes.IndexByte(p.code[p.pos:], '<')
		if next < 0 {
			return
		}
		p.pos += next
		if p.at("<!--") {
			p.paint(commentColour, p.after(p.pos+4, "-->"))
			continue
		}
		p.pos++
		for p.pos < len(p.code) && strings.IndexByte("/?!", p.code[p.pos]) >= 0 {
			p.pos++
		}
		colour := byte(keywordColour)
		for p.pos < len(p.code) && p.code[p.pos] != '>' && p.code[p.pos] != '<' {
			c := p.code[p.pos]
			end := p.pos + 1
			switch {
			case c == '"' || c == '\'':
				p.paint(stringColour, p.after(end, string(rune(c))))
			case isWordByte(c) || c == '@' || c == ':':
				for end < len(p.code) && (isWordByte(p.code[end]) || strings.IndexByte("-:.@", p.code[end]) >= 0) {
					end++
				}
				p.paint(colour, end)
				colour = keyColour
			default:
				p.pos = end
			}
		}
	}
}

// scanDiff paints the lines of a diff.
func scanDiff(p *painter) {
	for p.pos < len(p.code) {
		end := min(p.lineEnd(p.pos)+1, len(p.code))
		switch {
		case p.at("+++"), p.at("---"), p.at("@@"), p.at("diff "), p.at("index "):
			p.paint(headColour, end)
		case p.at("+"):
			p.paint(insertedColour, end)
		case p.at("-"):
			p.paint(deletedColour, end)
		default:
			p.pos = end
		}
	}
}

// codeOf returns the text of a block of code.
func codeOf(n ast.Node, source []byte) []byte {
	var code []byte
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		code = append(code, line.Value(source)...)
	}
	return code
}

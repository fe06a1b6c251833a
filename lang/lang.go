// Package lang has the words for all that is said to people. A text is found by its code; its words, and the places in
// them for arguments, stand in a file for each language:
//
//	note:
//	  not_found: "Note not found"
//	  title:
//	    too_long: "Use at most {{.limit}} characters; this has {{.length}}."
//	notes:
//	  count:
//	    one: "1 note"
//	    other: "{{.count}} notes"
//
// What stands between backquotes is shown as code. The texts below script are for the scripts, by their names. A key can't be
// id, hash, description, leftDelim, rightDelim or the name of a plural form.
//
// The files are those of nicksnyder/go-i18n, which the tools and services of translators know, and its parser reads them.
// Which form a count takes is told by golang.org/x/text. Saying a text is done here: a page has hundreds of them, and the
// localizer of the one library takes 0.7 µs for each, or 3 with arguments, the printer of the other 0.8 and 2.4. Here it
// is some 0.03 and 0.1 (BenchmarkText).
//
// The language is that of the context, where With has put it. What operators and developers read isn't here: logs,
// commands, settings and the API's description are English.
package lang

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"octavo/domain"
)

//go:embed *.yaml
var files embed.FS

// English is the language that all texts are written in first.
var English = sync.OnceValue(func() *Language {
	source, err := files.ReadFile("en.yaml")
	if err != nil {
		panic(err)
	}
	l, err := parse("en.yaml", source)
	if err != nil {
		panic(err)
	}
	return l
})

// Language is the texts in one language.
type Language struct {
	tag   language.Tag
	texts map[domain.Code]*text

	scripts map[string]string // what each script says, by its name, as JSON
}

// text is the words of one code.
type text struct {
	fixed string     // all of them, where nothing is put into them
	forms [6]pattern // by plural.Form otherwise
}

// pattern is words with places in them.
type pattern []piece

// piece is words and the name of the argument that follows them, or "" at the end.
type piece struct{ words, name string }

// parse reads the file of a language, which its name tells.
func parse(name string, source []byte) (*Language, error) {
	file, err := i18n.ParseMessageFileBytes(source, name, map[string]i18n.UnmarshalFunc{"yaml": yaml.Unmarshal})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	l := &Language{tag: file.Tag, texts: make(map[domain.Code]*text, len(file.Messages))}
	for _, m := range file.Messages {
		t := &text{}
		for form, words := range map[plural.Form]string{
			plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two, plural.Few: m.Few, plural.Many: m.Many, plural.Other: m.Other,
		} {
			if words == "" {
				continue
			}
			if t.forms[form], err = parsePattern(words); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, m.ID, err)
			}
		}
		if t.forms[plural.Other] == nil {
			return nil, fmt.Errorf("%s: %s has no text for other", name, m.ID)
		}
		if first := t.forms[plural.Other][0]; first.name == "" && !t.counts() {
			t.fixed = first.words
		}
		l.texts[domain.Code(m.ID)] = t
	}
	l.scripts = l.forScripts()
	return l, nil
}

// forScripts returns the texts of each script: an object of the words by code, or of the words by plural form.
func (l *Language) forScripts() map[string]string {
	said := map[string]map[domain.Code]any{}
	for code, t := range l.texts {
		section, rest, _ := strings.Cut(string(code), ".")
		if section != "script" {
			continue
		}
		script, _, _ := strings.Cut(rest, ".")
		if said[script] == nil {
			said[script] = map[domain.Code]any{}
		}
		said[script][code] = t.forScript()
	}
	scripts := map[string]string{}
	for script, texts := range said {
		object, _ := json.Marshal(texts) // maps of strings always marshal
		scripts[script] = string(object)
	}
	return scripts
}

func (t *text) forScript() any {
	if !t.counts() {
		return t.forms[plural.Other].String()
	}
	forms := map[string]string{}
	for form, name := range []string{plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"} {
		if p := t.forms[form]; p != nil {
			forms[name] = p.String()
		}
	}
	return forms
}

// String returns the pattern as it is written.
func (p pattern) String() (words string) {
	for _, piece := range p {
		words += piece.words
		if piece.name != "" {
			words += "{{." + piece.name + "}}"
		}
	}
	return words
}

func parsePattern(words string) (p pattern, err error) {
	for {
		before, rest, found := strings.Cut(words, "{{.")
		if !found {
			return append(p, piece{words: words}), nil
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return nil, fmt.Errorf("write {{.name}}, not %q", rest)
		}
		p = append(p, piece{before, name})
		words = after
	}
}

// counts reports whether the text has several forms.
func (t *text) counts() bool {
	for form, p := range t.forms {
		if p != nil && plural.Form(form) != plural.Other {
			return true
		}
	}
	return false
}

// Tag returns what the language is called in documents, as in "en".
func (l *Language) Tag() string { return l.tag.String() }

// Codes returns the code of each text, with the names of the arguments that it takes.
func (l *Language) Codes() iter.Seq2[domain.Code, []string] {
	return func(yield func(domain.Code, []string) bool) {
		for code, t := range l.texts {
			var names []string
			if t.counts() {
				names = append(names, "count")
			}
			for _, p := range slices.Concat(t.forms[:]...) {
				if p.name != "" && !slices.Contains(names, p.name) {
					names = append(names, p.name)
				}
			}
			if !yield(code, names) {
				return
			}
		}
	}
}

// Script returns what the script with a name says, as JSON: the words by their codes or, where they have a count, by code and
// plural form.
func (l *Language) Script(name string) string { return l.scripts[name] }

// Text returns the text with a code. The arguments are names and values, as domain.NewMessage takes them. An
// unknown code is returned as it is.
func (l *Language) Text(code domain.Code, args ...any) string {
	t := l.texts[code]
	switch {
	case t == nil:
		return string(code)
	case t.fixed != "":
		return t.fixed
	}
	var buffer [128]byte
	b := buffer[:0]
	for _, p := range t.pattern(l, args) {
		b = append(b, p.words...)
		if p.name != "" {
			b = l.appendArgument(b, p.name, args)
		}
	}
	return string(b)
}

// Say returns what a message says.
func (l *Language) Say(m domain.Message) string {
	args := make([]any, 0, 2*len(m.Args))
	for name, value := range m.Args {
		args = append(args, name, value)
	}
	return l.Text(m.Code, args...)
}

// Explain returns what an error says, with words where it has the codes of a domain.Error.
func (l *Language) Explain(err error) string {
	var known *domain.Error
	if !errors.As(err, &known) {
		return err.Error()
	}
	words := l.Say(known.Message)
	between := ": "
	for _, f := range known.Fields {
		words += between + f.Field + ": " + l.Say(f.Message)
		between = "; "
	}
	return strings.Replace(err.Error(), known.Error(), words, 1)
}

// Number returns a number as people read large ones, with its thousands apart.
func (l *Language) Number(n int) string { return message.NewPrinter(l.tag).Sprint(n) }

// Parts returns the pieces of a text that has more than words in it: what is between the arguments, and the arguments as they
// were given.
func (l *Language) Parts(code domain.Code, args ...any) iter.Seq[any] {
	return func(yield func(any) bool) {
		t := l.texts[code]
		if t == nil {
			yield(string(code))
			return
		}
		for _, p := range t.pattern(l, args) {
			if p.words != "" && !yield(p.words) || p.name != "" && !yield(argument(args, p.name)) {
				return
			}
		}
	}
}

// pattern returns the form of the text that the arguments ask for.
func (t *text) pattern(l *Language, args []any) pattern {
	if count, ok := argument(args, "count").(int); ok {
		return t.form(l, count)
	}
	return t.forms[plural.Other]
}

// form returns the form of the text that a count has.
func (t *text) form(l *Language, count int) pattern {
	if p := t.forms[plural.Cardinal.MatchPlural(l.tag, count, 0, 0, 0, 0)]; p != nil {
		return p
	}
	return t.forms[plural.Other]
}

func argument(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

// appendArgument adds the argument with a name to a text, or the place for it where there is none.
func (l *Language) appendArgument(b []byte, name string, args []any) []byte {
	switch value := argument(args, name).(type) {
	case string:
		return append(b, value...)
	case int:
		return strconv.AppendInt(b, int64(value), 10)
	case domain.Bytes:
		return l.appendSize(b, value)
	}
	return append(append(append(b, "{{."...), name...), "}}"...)
}

// appendSize adds a number of bytes in a unit that fits it.
func (l *Language) appendSize(b []byte, n domain.Bytes) []byte {
	count, unit := float64(n), domain.Code("size.bytes")
	for i, larger := range []domain.Code{"size.kib", "size.mib", "size.gib"} {
		if count >= 1023.95 { // which would be written as 1024
			count, unit = float64(n)/float64(domain.Bytes(1)<<(10*(i+1))), larger
		}
	}
	for _, p := range l.texts[unit].form(l, int(count)) {
		b = append(b, p.words...)
		if p.name != "" {
			b = append(b, strings.TrimSuffix(strconv.FormatFloat(count, 'f', 1, 64), ".0")...)
		}
	}
	return b
}

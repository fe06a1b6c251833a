// Package math turns formulas in TeX, which nobody vouches for, into MathML that is safe to show. It runs Temml, a
// library in JavaScript, in an interpreter that can reach nothing outside of itself.
package math

import (
	_ "embed"
	"errors"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"

	"octavo/web/internal/recent"
)

// What a formula may be at most. Its cost is in proportion to its length, and where it defines macros to how often they
// are expanded, too.
const (
	MaxSource  = 2 << 10 // bytes
	maxCE      = 512     // bytes of a formula with chemistry in it, which takes a multiple of the time
	maxExpand  = 150     // expansions of macros
	maxWritten = 64 << 10
	maxStack   = 400             // calls inside one another
	maxTime    = 5 * time.Second // by the clock: far beyond what any formula takes, so that nothing runs for ever
)

// manyPrimes take Temml longer than anything else, by the square of their number.
var manyPrimes = strings.Repeat("'", 32)

var chemistry = regexp.MustCompile(`\\(ce|pu)\b`)

// The errors of formulas.
var (
	ErrTooLong = errors.New("the formula is too long")
	ErrTooSlow = errors.New("the formula takes too long")
	ErrTooDeep = errors.New("the formula is nested too deep")
	ErrUnclean = errors.New("the formula can't be shown") // it would write what it mustn't
)

// InvalidError says that a formula isn't TeX.
type InvalidError struct{ Reason string } // as Temml tells it, in English

func (e InvalidError) Error() string { return "TeX: " + e.Reason }

// Render returns the MathML of a formula, in a line or apart from it. Its error is one of those above.
// Formulas that were asked for last are remembered.
func Render(tex string, display bool) (string, error) {
	if len(tex) > MaxSource || len(tex) > maxCE && chemistry.MatchString(tex) || strings.Contains(tex, manyPrimes) {
		return "", ErrTooLong
	}
	k := key{tex, display}
	if known, ok := remembered.Get(k); ok {
		return known.mathML, known.err
	}
	f, lasting := render(tex, display)
	if lasting {
		remembered.Put(k, f)
	}
	return f.mathML, f.err
}

// Known reports whether Render remembers a formula, so that it costs nothing.
func Known(tex string, display bool) bool {
	_, ok := remembered.Get(key{tex, display})
	return ok
}

type key struct {
	tex     string
	display bool
}

// Prepare has an engine ready for the next formula.
func Prepare() {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	engines.Put(engines.Get())
}

// formula is what became of one.
type formula struct {
	mathML string
	err    error
}

var remembered = recent.NewCache(2<<20, func(k key, f formula) int {
	const overhead = 256
	size := overhead + len(k.tex) + len(f.mathML)
	if f.err != nil {
		size += len(f.err.Error())
	}
	return size
})

// render writes a formula. It reports false when that has to do with the moment and not with the formula.
func render(tex string, display bool) (f formula, lasting bool) {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	e := engines.Get().(*engine)
	written, err := e.write(tex, display)
	var stopped *goja.InterruptedError
	if errors.As(err, &stopped) {
		return formula{err: ErrTooSlow}, false // and the engine is given up
	}
	engines.Put(e)
	if err != nil {
		return formula{err: err}, true
	}
	f.mathML, f.err = clean(written)
	return f, true
}

// atOnce bounds how many engines run at the same time, and so how many there are.
var atOnce = make(chan struct{}, min(2, runtime.GOMAXPROCS(0)))

// engines are made when there are formulas and go when there have been none for a while.
var engines = sync.Pool{New: func() any { return newEngine() }}

//go:embed temml.min.js
var temml string

//go:embed mhchem.min.js
var mhchem string // \ce for chemistry

var programs = sync.OnceValue(func() []*goja.Program {
	return []*goja.Program{goja.MustCompile("temml.min.js", temml, true), goja.MustCompile("mhchem.min.js", mhchem, false)}
})

// call has no more than a formula's text go in and text come out. Nothing that a formula does lasts.
const call = `(() => {
	for (const shared of [Object, Array, String, Number, RegExp, Function, Map, Set]) Object.freeze(shared.prototype)
	return (tex, display, maxExpand) => temml.renderToString(tex, {
		displayMode: display, maxExpand: maxExpand, maxSize: [50, 50],
		throwOnError: true, strict: false, trust: false, annotate: false, xml: true,
	})
})()`

// engine is an interpreter with Temml in it.
type engine struct {
	vm     *goja.Runtime
	render goja.Callable
}

func newEngine() *engine {
	vm := goja.New()
	vm.SetMaxCallStackSize(maxStack)
	for _, p := range programs() {
		if _, err := vm.RunProgram(p); err != nil {
			panic(err) // it is the same at each start
		}
	}
	value, err := vm.RunString(call)
	if err != nil {
		panic(err)
	}
	render, _ := goja.AssertFunction(value)
	return &engine{vm, render}
}

func (e *engine) write(tex string, display bool) (written string, err error) {
	timer := time.AfterFunc(maxTime, func() { e.vm.Interrupt("too long") })
	defer func() {
		if !timer.Stop() {
			e.vm.ClearInterrupt()
		}
	}()
	value, err := e.render(goja.Undefined(), e.vm.ToValue(tex), e.vm.ToValue(display), e.vm.ToValue(expansions(tex)))
	var stopped *goja.InterruptedError
	var deep *goja.StackOverflowError
	switch {
	case errors.As(err, &stopped):
		return "", err
	case errors.As(err, &deep):
		return "", ErrTooDeep
	case err != nil:
		return "", InvalidError{reason(err)}
	}
	if written = value.String(); len(written) > maxWritten {
		return "", ErrTooLong
	}
	return written, nil
}

// expansions returns how many macros a formula may have expanded, so that little comes of those that it defines: each
// expansion may be as long as the formula, and with arguments as many times longer as these are named.
func expansions(tex string) int {
	const most = 4 << 10 // tokens
	for _, defining := range []string{`\def`, `\gdef`, `\edef`, `\xdef`, `\let`, `\futurelet`, `\newcommand`, `\renewcommand`, `\providecommand`} {
		if !strings.Contains(tex, defining) {
			continue
		}
		if named := strings.Count(tex, "#"); named > 0 {
			n := 0
			for size := len(tex); size < most; size *= max(2, named) {
				n++
			}
			return n
		}
		return min(maxExpand, most/max(1, len(tex)))
	}
	return maxExpand
}

// reason returns what Temml says about a formula, on one line.
func reason(err error) string {
	text := err.Error()
	var thrown *goja.Exception
	if errors.As(err, &thrown) {
		if object, ok := thrown.Value().(*goja.Object); ok {
			if message := object.Get("message"); message != nil {
				text = message.String()
			}
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(strings.TrimSpace(text), ":")
}

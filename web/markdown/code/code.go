// Package code colours the source code in notes, which nobody vouches for. What languages look like is told by Chroma's
// lexers, in some three hundred languages.
//
// They are made of expressions that backtrack, so that code can be written for which they take seconds or forever. Here
// they have a budget: beyond it, code has no colours.
package code

import (
	"crypto/sha256"
	"html"
	"runtime"
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2"

	"octavo/web/internal/recent"
)

// Budget is what the colours of one document may take of the processor at once.
type Budget struct {
	Time  time.Duration
	spent time.Duration
}

// attempts is how often code is painted when expressions were stopped because others had the processor.
const attempts = 3

// Paint returns code, which is UTF-8, as HTML: its text, and elements of the classes c-k, c-n and so on around what has a
// colour. It takes at most twelve bytes for each byte of code, and 256 more. language is as it follows ```; code has no
// colours if it isn't Known.
//
// complete is false where colours are missing only because there was no time left for them. It is worth asking again:
// what is complete is remembered for a while, and costs nothing then.
func (b *Budget) Paint(language, code string) (painted string, complete bool) {
	l := lexerOf(language)
	if l == nil {
		return html.EscapeString(code), true
	}
	k := keyOf(l, code)
	if known, ok := remembered.Get(k); ok {
		return known, true
	}
	if b.spent >= b.Time {
		return html.EscapeString(code), false
	}
	runtime.LockOSThread() // whose time is counted
	defer runtime.UnlockOSThread()
	for range attempts {
		limit, began := b.Time-b.spent, clock().cpu
		p := paint(l, code, limit)
		b.spent += clock().cpu - began
		painted = p.html.String()
		// What isn't whole after all the time that there is never will be.
		if complete = !p.disturbed && (p.whole || limit == b.Time); complete {
			remembered.Put(k, painted)
		}
		if !p.disturbed || b.spent >= b.Time {
			break
		}
	}
	return painted, complete
}

type key [sha256.Size]byte

func keyOf(l chroma.Lexer, code string) (k key) {
	h := sha256.New()
	h.Write([]byte(l.Config().Name + "\x00" + code))
	h.Sum(k[:0])
	return k
}

// remembered is what has been painted lately.
var remembered = recent.NewCache(2<<20, func(_ key, painted string) int { return 256 + len(painted) })

// reading is what two clocks show.
type reading struct {
	cpu  time.Duration // for how long the thread has run
	wall time.Duration
}

// clock reads them; tests put others in its place.
var clock = func() reading { return reading{threadTime(), time.Since(started)} }

var started = time.Now()

// painting is code on its way to HTML.
type painting struct {
	code     string
	shown    int // bytes of it
	html     strings.Builder
	class    byte // of the element that is open, or 0
	elements int  // bytes of them

	whole     bool // the lexer has come to the end, or as far as it can
	disturbed bool // an expression may have been stopped because others had the processor
}

// paint colours code for as long as limit. What is beyond has no colours.
func paint(l chroma.Lexer, code string, limit time.Duration) *painting {
	p := &painting{code: code}
	p.run(l, limit)
	p.show(len(code), 0)
	p.open(0)
	return p
}

// run reads the tokens one by one. They are what the code is said to consist of, and are only believed as far as it does.
func (p *painting) run(l chroma.Lexer, limit time.Duration) {
	defer func() {
		if recover() != nil { // which is how lexers report what they can't read
			p.whole = true
		}
	}()
	next, err := l.Tokenise(&chroma.TokeniseOptions{State: "root"}, p.code)
	if err != nil {
		panic(err)
	}
	began := clock()
	for before := began; ; {
		t := next()
		now := clock()
		if now.wall-before.wall >= maxMatch && now.cpu-before.cpu < maxMatch {
			p.disturbed = true
		}
		if now.cpu-began.cpu > limit {
			return
		}
		before = now
		rest := p.code[p.shown:]
		if t == chroma.EOF || len(rest) == 0 || !strings.HasPrefix(rest, t.Value) && rest+"\n" != t.Value {
			p.whole = true
			return
		}
		p.show(min(p.shown+len(t.Value), len(p.code)), p.classOf(l, t))
	}
}

// show writes the code up to end, in the class, or without one when it is 0.
func (p *painting) show(end int, class byte) {
	const element = len(`<span class="c-k"></span>`)
	if end == p.shown {
		return
	}
	// Where nearly every character has a colour of its own, some go without.
	if class != p.class && class != 0 && p.elements+element > 7*end+256 {
		class = 0
	}
	if class != p.class && class != 0 {
		p.elements += element
	}
	p.open(class)
	p.html.WriteString(html.EscapeString(p.code[p.shown:end]))
	p.shown = end
}

// open ends the element that is open, and begins one of another class, or none when it is 0.
func (p *painting) open(class byte) {
	if class == p.class {
		return
	}
	if p.class != 0 {
		p.html.WriteString("</span>")
	}
	if class != 0 {
		p.html.WriteString(`<span class="c-` + string(rune(class)) + `">`)
	}
	p.class = class
}

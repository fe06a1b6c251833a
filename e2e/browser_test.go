package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is the one browser of all tests, started when the first of them needs it.
var browser = sync.OnceValues(func() (context.Context, error) {
	allocator, stop := chromedp.NewExecAllocator(context.Background(), browserOptions(profile)...)
	ctx, cancel := chromedp.NewContext(allocator)
	closeBrowser = func() {
		_ = chromedp.Cancel(ctx) // and not cancel alone: what the browser still writes couldn't be removed
		cancel()
		stop()
	}
	return ctx, chromedp.Do(ctx)
})

var closeBrowser = func() {}

// startBrowser starts a browser of its own on a profile, which outlives it, and opens a tab. kill ends it as a crash does.
func startBrowser(t *testing.T, profile string) (b *tab, kill func()) {
	t.Helper()
	needBrowser(t)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), browserOptions(profile)...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		cancel()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	b = openTab(ctx, t)
	return b, func() {
		t.Helper()
		b.closed = true
		if err := chromedp.FromContext(ctx).Browser.Process().Kill(); err != nil {
			t.Fatal(err)
		}
	}
}

func browserOptions(profile string) []chromedp.ExecAllocatorOption {
	return []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(os.Getenv("OCTAVO_TEST_CHROMIUM")),
		chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), // containers have little of it
	}
}

// needBrowser skips a test where there is no browser, or fails it where there has to be one.
func needBrowser(t *testing.T) {
	t.Helper()
	if os.Getenv("OCTAVO_TEST_CHROMIUM") == "" {
		if slices.Contains(strings.Split(os.Getenv("OCTAVO_TEST_REQUIRE"), ","), "chromium") {
			t.Fatal("chromium is required here, and OCTAVO_TEST_CHROMIUM isn't set")
		}
		t.Skip("NOT TESTED in a browser: OCTAVO_TEST_CHROMIUM isn't set; `make test` sets it")
	}
}

// tab is a tab of the browser. Whatever its pages complain about (an exception, an error in the console, a violation
// of the Content-Security-Policy, a file that can't be loaded, a dialog) fails the test.
type tab struct {
	t      *testing.T
	ctx    context.Context
	opened bool
	closed bool
	plain  bool // its pages run no scripts

	mu       sync.Mutex
	problems []string
	loader   cdp.LoaderID               // of the page
	requests map[network.RequestID]bool // that the page has under way
	bytes    float64                    // received, headers included
	leaving  bool                       // for a page that the last one has asked for
	holding  bool                       // requests back
	held     []fetch.RequestID
}

// newTab opens a tab in a profile of its own: without cookies, and with nothing in the cache.
func newTab(t *testing.T) *tab {
	t.Helper()
	needBrowser(t)
	ctx, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	return openTab(ctx, t, chromedp.WithNewBrowserContext())
}

// another opens a second tab in the same profile.
func (b *tab) another() *tab {
	b.t.Helper()
	other := openTab(b.ctx, b.t)
	if b.plain {
		other.withoutScripts()
	}
	return other
}

// withAndWithoutScripts runs test once in a tab of each kind.
func withAndWithoutScripts(t *testing.T, test func(t *testing.T, b *tab)) {
	t.Run("with scripts", func(t *testing.T) { test(t, newTab(t)) })
	t.Run("without scripts", func(t *testing.T) {
		b := newTab(t)
		b.withoutScripts()
		test(t, b)
	})
}

func openTab(parent context.Context, t *testing.T, options ...chromedp.ContextOption) *tab {
	t.Helper()
	b := &tab{t: t, requests: map[network.RequestID]bool{}}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(b.watch))...)
	b.ctx = ctx
	t.Cleanup(cancel)
	command(b, network.Enable, network.EnableParams{})
	return b
}

func (b *tab) checkProblems() {
	b.t.Helper()
	if b.closed {
		return
	}
	if problems := b.takeProblems(); len(problems) > 0 {
		b.t.Errorf("the page complains:\n%s", strings.Join(problems, "\n"))
	}
}

// close ends the page, which isn't asked.
func (b *tab) close() {
	b.t.Helper()
	b.checkProblems()
	b.closed = true
	if err := chromedp.Cancel(b.ctx); err != nil {
		b.t.Error(err)
	}
}

// watch is called for each event of the tab, and must not wait for the tab itself.
func (b *tab) watch(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	complain := func(format string, args ...any) { b.problems = append(b.problems, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complain("exception: %v", &chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails})
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			for _, arg := range e.Args {
				complain("console: %s %s", arg.Description, arg.Value)
			}
		}
	case *log.EventEntryAdded:
		// What status a page has, and whether the server runs, is for the tests to judge.
		expected := strings.Contains(e.Entry.Text, "the server responded with a status of") ||
			strings.Contains(e.Entry.Text, "net::ERR_CONNECTION_REFUSED")
		if e.Entry.Level == log.EntryLevelError && !expected {
			complain("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *page.EventJavascriptDialogOpening:
		complain("dialog: %s", e.Type)
		go func() { // it blocks the page, even when that is to be closed
			_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	case *page.EventFrameRequestedNavigation:
		b.leaving = e.Disposition == page.ClientNavigationDispositionCurrentTab
	case *page.EventFrameNavigated, *page.EventNavigatedWithinDocument, *page.EventFrameStoppedLoading:
		b.leaving = false // the last of them for a download
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			clear(b.requests) // what the last page still waited for is given up, without an event
			b.loader = e.LoaderID
		}
		// What the browser asks for by itself, as the icon, it may forget again.
		if e.Type != network.ResourceTypeOther && e.Type != network.ResourceTypeManifest && e.LoaderID == b.loader {
			b.requests[e.RequestID] = true
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument && e.Type != network.ResourceTypeFetch {
			complain("status %d: %s", e.Response.Status, e.Response.URL)
		}
	case *network.EventLoadingFinished:
		delete(b.requests, e.RequestID)
		b.bytes += e.EncodedDataLength
	case *fetch.EventRequestPaused:
		b.held = append(b.held, e.RequestID)
	case *network.EventLoadingFailed:
		delete(b.requests, e.RequestID)
	}
}

// takeProblems returns what the tab's pages have complained about since it was asked last.
func (b *tab) takeProblems() []string {
	b.t.Helper()
	eval[int](b, "0") // what was sent before this answer has arrived
	b.mu.Lock()
	defer b.mu.Unlock()
	problems := b.problems
	b.problems = nil
	return problems
}

// do acts as a user does, or fails the test. If that leads to another page, it returns once the browser is there, unless
// requests are held back: what follows isn't done to the page that goes.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%v\n%s", err, b.state())
	}
	b.arrive()
}

// command sends the browser a command about the tab.
func command[P, R any](b *tab, cmd cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, cmd, params); err != nil {
		b.t.Fatal(err)
	}
}

// eval returns the value of a JavaScript expression, or of what it promises.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// wait returns once a JavaScript condition holds, on this page or on one that follows it.
func (b *tab) wait(condition string) {
	b.t.Helper()
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		var holds bool
		if holds, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](condition)); err == nil && holds {
			return
		}
	}
	b.t.Fatalf("in vain waited until %s (%v)\n%s", condition, err, b.state())
}

// state describes the page, for when something is wrong with it.
func (b *tab) state() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.href + " with the focus on " + document.activeElement.outerHTML.slice(0, 200) + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return "the page is " + text + "\n" + strings.Join(b.problems, "\n")
}

// waitFor returns once an element is shown that matches selector and has text in it.
func (b *tab) waitFor(selector, text string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("[...document.querySelectorAll(%s)].some((e) => e.checkVisibility() && e.textContent.includes(%s))", js(selector), js(text)))
}

// waitGone returns once no element matches selector, on a page that has been read to its end.
func (b *tab) waitGone(selector string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.readyState !== "loading" && document.querySelector(%s) === null`, js(selector)))
}

// value returns what is in a field of a form, once that is there.
func (b *tab) value(selector string) string {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.readyState !== "loading" && document.querySelector(%s) !== null`, js(selector)))
	return eval[string](b, fmt.Sprintf("document.querySelector(%s).value", js(selector)))
}

// open loads a page and waits until all of it is there.
func (b *tab) open(url string) {
	b.t.Helper()
	if !b.opened {
		b.opened = true
		b.t.Cleanup(b.checkProblems) // before the program ends, which is running by now
	}
	b.do(chromedp.Navigate(url))
	b.waitUntilIdle()
}

// waitUntilIdle returns once the page has loaded and no request is under way.
func (b *tab) waitUntilIdle() {
	b.t.Helper()
	b.wait(`document.readyState === "complete"`)
	eventually(b.t, "no request is under way", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.requests) == 0
	})
}

// click is do for a click on an element, also when the page is just being replaced by another that has it.
func (b *tab) click(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			b.arrive()
			return
		}
		if !strings.Contains(err.Error(), "Could not find node") {
			b.t.Fatalf("%s: %v\n%s", selector, err, b.state())
		}
	}
}

// arrive waits for the page that the last one has asked for, if it has.
func (b *tab) arrive() {
	b.t.Helper()
	_, _ = chromedp.Run(b.ctx, chromedp.Evaluate[int]("0")) // what the page asked for before has been told by now
	eventually(b.t, "the next page is there", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return !b.leaving || b.holding
	})
}

// focus gives an element the keyboard, once the page that has it is loaded.
func (b *tab) focus(selector string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`(() => {
		const element = document.querySelector(%s);
		if (document.readyState !== "complete" || !element?.checkVisibility()) return false;
		element.focus();
		return document.activeElement === element;
	})()`, js(selector)))
}

// fill replaces what is in a field by text, typed key by key.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.focus(selector)
	b.do(selectAll, chromedp.KeyEvent(text))
}

// paste replaces what is in a field by text, however long, at once.
func (b *tab) paste(selector, text string) {
	b.t.Helper()
	b.focus(selector)
	b.do(selectAll)
	command(b, input.InsertText, input.InsertTextParams{Text: text})
}

// Keys as a user presses them.
var (
	selectAll = chromedp.Evaluate[chromedp.Void]("document.activeElement.select()")
	tabKey    = chromedp.KeyEvent(kb.Tab)
	shiftTab  = chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
	enter     = chromedp.KeyEvent(kb.Enter)
	ctrlEnter = chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))
)

// withoutScripts has the tab's pages run none, from the next page on.
func (b *tab) withoutScripts() {
	b.t.Helper()
	b.plain = true
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// hold keeps back the requests whose URL matches pattern, from now on.
func (b *tab) hold(pattern string) {
	b.t.Helper()
	b.mu.Lock()
	b.holding = true
	b.mu.Unlock()
	command(b, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}})
}

// release lets go what is held back, once there is something, and holds back no more.
func (b *tab) release() {
	b.t.Helper()
	eventually(b.t, "a request is held back", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.held) > 0
	})
	b.holdNothing()
	b.arrive()
}

func (b *tab) holdNothing() {
	b.t.Helper()
	command(b, fetch.Disable, cdp.Empty{})
	b.mu.Lock()
	b.holding = false
	b.mu.Unlock()
}

// js returns a Go value as a JavaScript one.
func js(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

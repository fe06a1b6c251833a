package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// A key costs what it costs in any text area, however long the note: our scripts have nothing laid out for it, and do no
// more in a long note than in a short one. How long that takes here is logged.
func TestAKeyCostsNoMoreInALongNote(t *testing.T) {
	program := start(t)
	b := newTab(t)
	command(b, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	b.open(program.link())
	short := b.typeWords(program.base+program.addNote("Short", longText(2_000))+"/edit", false)
	long := b.typeWords(program.base+program.addNote("Long", longText(200_000))+"/edit", false)
	previewed := b.typeWords(program.base+program.addNote("Previewed", longText(200_000))+"/edit", true)
	for what, c := range map[string]cost{"a short note": short, "a long one": long, "a long one beside its preview": previewed} {
		t.Logf("%s: %v", what, c)
		if c.layouts > 1.3 {
			t.Errorf("a key in %s has the page laid out %.2f times", what, c.layouts)
		}
		if c.script > 4*short.script {
			t.Errorf("a key in %s has scripts run for %.2f ms, and in a short one for %.2f ms", what, c.script, short.script)
		}
	}
}

// cost is what one key costs: how often the page is laid out, milliseconds of the processor, and those until it is painted.
type cost struct {
	layouts, script, all float64
	latency              string
}

func (c cost) String() string {
	return fmt.Sprintf("%.2f layouts, %.2f ms of CPU, of which %.2f in scripts; painted after %s", c.layouts, c.all, c.script, c.latency)
}

// typeWords types into the middle of the text that a form holds.
func (b *tab) typeWords(form string, previewed bool) cost {
	const words = "some words that are typed "
	const times = 4
	b.t.Helper()
	b.openEditorAt(form)
	b.t.Logf("opened after %.0f ms", eval[float64](b, `performance.getEntriesByType("navigation")[0].loadEventEnd`))
	if previewed {
		b.click(".preview-button")
		b.waitFor("#preview h2", "Part 0")
	}
	b.focus("#content")
	eval[int](b, `((field) => {
		field.setSelectionRange(field.value.length / 2, field.value.length / 2);
		window.painted = [];
		document.addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => painted.push(performance.now() - timeStamp);
			port2.postMessage(0);
		}), { capture: true });
		return 0;
	})(document.querySelector("#content"))`)
	b.do(chromedp.KeyEvent("x")) // what is done once for a draft
	b.waitFor("#editor .draft-state", "Draft saved")
	before := b.metrics()
	for range times {
		b.do(chromedp.KeyEvent(words))
	}
	b.wait(fmt.Sprintf("painted.length > %d", times*len(words)))
	after := b.metrics()
	each := func(name string) float64 { return (after[name] - before[name]) / float64(times*len(words)) }
	latency := eval[string](b, `[0.5, 0.99].map((part) => painted.toSorted((a, b) => a - b)[Math.floor(painted.length * part)].toFixed(1)).join(" (median) and ") + " ms (of a hundred the last but one)"`)
	b.waitFor("#editor .draft-state", "Draft saved")
	return cost{each("LayoutCount"), 1000 * each("ScriptDuration"), 1000 * each("TaskDuration"), latency}
}

// metrics are the browser's own counts and times of a tab.
func (b *tab) metrics() map[string]float64 {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		b.t.Fatal(err)
	}
	metrics := map[string]float64{}
	for _, one := range result.Metrics {
		metrics[one.Name] = one.Value
	}
	return metrics
}

// longText is a text of headings, prose and lists.
func longText(bytes int) string {
	var text strings.Builder
	for n := 0; text.Len() < bytes; n++ {
		fmt.Fprintf(&text, "## Part %d\n\n%s\n\n- one of %d\n- another [[Note %d]] with `code`\n\n", n,
			strings.Repeat(fmt.Sprintf("Paragraph %d has some words of prose in it, as such notes do. ", n), 8), n, n)
	}
	return text.String()[:bytes]
}

package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

func TestANoteIsPrintedWhole(t *testing.T) {
	program := start(t)
	cells := strings.Repeat("| "+strings.Repeat("wide", 8)+" ", 8) + "|\n"
	note := program.addNote("Paper", "```\n"+strings.Repeat("word", 200)+"\n```\n\n> [!tip]- Folded\n> Text that is folded up.\n\n"+
		cells+strings.Repeat("|---", 8)+"|\n"+cells)
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + note)
	b.waitFor(".prose .copy", "Copy")
	command(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 718, Height: 1047, DeviceScaleFactor: 1})
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	b.waitFor(".callout p", "folded up")
	b.wait(`![...document.querySelectorAll(".copy, .actions")].some((element) => element.checkVisibility())`)
	for _, whole := range []string{".prose pre", ".prose table"} {
		b.wait(`(({ right }) => right > 0 && right <= innerWidth)(document.querySelector("` + whole + `").getBoundingClientRect())`)
		b.wait(`(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector("` + whole + `"))`)
	}
}

func TestTheSentencesAroundBacklinksComeWhenTheyAreLookedAt(t *testing.T) {
	program := start(t)
	note := program.addNote("Tea", "- [ ] pour it\n\n"+strings.Repeat("green\n\n", 100))
	program.addNote("Breakfast", "Bread. First [[Tea]], then milk.")
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + note)
	b.waitFor(".linking", "Breakfast")
	b.waitUntilIdle()
	b.waitGone(".linking mark")
	b.wait(`scrollTo(0, document.body.scrollHeight), document.querySelector(".linking mark")?.textContent === "Tea"`)
	b.waitFor(".linking p", "First Tea, then milk.")
	b.waitGone(".backlinks [hx-get]")
	b.click("[name=task]") // which doesn't take them away
	b.waitFor("[name=task][aria-checked=true]", "")
	b.waitUntilIdle()
	b.waitFor(".linking mark", "Tea")
}

func TestAHighlightCanBeReadInForcedColours(t *testing.T) {
	program := start(t)
	note := program.addNote("==Title== of it", "A ==highlight== to read.\n\n## A ==highlight== in a heading\n")
	b := newTab(t)
	b.open(program.link())
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "forced-colors", Value: "active"}, {Name: "prefers-color-scheme", Value: "dark"},
	}})
	b.open(program.base + note)
	wrong := eval[[]string](b, `[...document.querySelectorAll(".note mark")].map((mark) => {
		const reference = mark.ownerDocument.createElement("span");
		reference.style.cssText = "color: MarkText; background-color: Mark; forced-color-adjust: none";
		mark.after(reference);
		const { color, backgroundColor } = getComputedStyle(mark);
		const wanted = getComputedStyle(reference);
		return color === wanted.color && backgroundColor === wanted.backgroundColor ? "" : color + " on " + backgroundColor;
	}).filter(Boolean)`)
	if len(wrong) > 0 {
		t.Errorf("%q", wrong)
	}
}

func TestItemsBelowAnItemStandAsCloseAsOthers(t *testing.T) {
	program := start(t)
	note := program.addNote("List", "- milk\n- bread\n  - white\n- tea\n")
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + note)
	gaps := eval[[]int](b, `[...document.querySelectorAll(".prose li")].map((item) => {
		const words = document.createRange();
		words.selectNodeContents(item.firstChild);
		return words.getBoundingClientRect().top;
	}).map((top, i, all) => Math.round(top - (all[i - 1] ?? top))).slice(1)`)
	for _, gap := range gaps {
		if gap < gaps[0]-1 || gap > gaps[0]+1 {
			t.Errorf("between the lines are %d pixels", gaps)
			break
		}
	}
}

package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// waysOfLooking are how people have a page shown, and what is wrong with it then, as JavaScript that gives a list.
var waysOfLooking = []struct {
	name   string
	media  string
	wanted []*emulation.MediaFeature
	width  int64
	scale  float64
	wrong  string
	walked bool // by keyboard, too
}{
	{
		name: "at 200 %", width: 640, scale: 2, walked: true,
		wanted: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}, // or what comes isn't there at once
		wrong: `document.scrollingElement.scrollWidth > innerWidth ? ["it is " + document.scrollingElement.scrollWidth + " pixels wide"] :
			shown(".empty").filter(() => document.querySelector(".card, .hit")).map((e) => "below what it shows it says: " + e.textContent)`,
	},
	{
		name: "in forced colours", width: 1000, scale: 1, walked: true,
		wanted: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}, {Name: "prefers-color-scheme", Value: "dark"}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		wrong: `shown("button, summary, [role=button], a.button, a.tool, .chips > a, .tags a, markdown-toolbar > *, input:not([type=checkbox], #tags)").filter((e) => {
			const { borderBlockEndStyle, borderBlockEndWidth, borderBlockEndColor, textDecorationLine } = getComputedStyle(e);
			const border = borderBlockEndStyle !== "none" && parseFloat(borderBlockEndWidth) > 0 && borderBlockEndColor !== getComputedStyle(document.body).backgroundColor;
			return !border && textDecorationLine !== "underline";
		}).map((e) => "nothing shows that it can be pressed: " + e.outerHTML.slice(0, 160))`,
	},
	{
		name: "without motion", width: 1000, scale: 1,
		wanted: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
		wrong: `(() => {
			for (const e of document.querySelectorAll("a, button")) e.ariaBusy = "true";
			const moving = document.getAnimations().length;
			for (const e of document.querySelectorAll("a, button")) e.ariaBusy = null;
			return moving > 0 ? [moving + " things move"] : [];
		})()`,
	},
	{
		name: "on paper", media: "print", width: 718, scale: 1,
		wrong: `[
			...shown("nav, .skip, [role=search], .tool, .button, summary, button:not([role=checkbox]), a:is(.rename, .delete, .select)").map((e) => "it can't be pressed there: " + e.outerHTML.slice(0, 160)),
			...shown("main *").filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => "it is cut off: " + e.outerHTML.slice(0, 160)),
			...shown("main pre, main .table-scroll").filter((e) => e.scrollWidth > e.clientWidth).map((e) => "it would have to be scrolled: " + e.outerHTML.slice(0, 160)),
			...shown(".prose a[href^=http]").filter((e) => !getComputedStyle(e, "::after").content.includes("(")).map((e) => "nothing says where it leads: " + e.outerHTML),
			...shown(".tag-tree").flatMap((tree) => [...tree.querySelectorAll("li")].filter((e) => !e.checkVisibility())).map((e) => "it is folded up: " + e.textContent),
		]`,
	},
}

// However it is looked at, a page is complete, its parts are told apart, and the focus is seen.
func TestPagesAreUsedZoomedInForcedColoursWithoutMotionAndOnPaper(t *testing.T) {
	program := start(t, "DB_BACKEND=memory")
	wide := strings.Repeat("| "+strings.Repeat("wide", 8)+" ", 8) + "|\n"
	content := richMarkdown + "\n#garden/herbs #home [[Tea]]\n\n" + wide + strings.Repeat("|---", 8) + "|\n" + wide
	note := program.addNote("Rich", content)
	program.changeNote(note, draft{"Rich", content + "\nand another line, " + strings.Repeat("unbroken", 60)})
	for _, title := range []string{"Tea", "More tea", "Old tea"} {
		program.addNote(title, "green, #garden/herbs #home")
	}
	b := newTab(t)
	b.open(program.link())
	command(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.open(program.base + "/notes")
	b.click(`.card form[action$="/trash"] button`)
	b.waitFor(".gone", "")

	eval[string](b, `document.querySelector("button").ariaBusy = "true"`)
	if eval[int](b, `document.getAnimations().length`) == 0 {
		t.Error("nothing moves, even where it may")
	}
	for _, page := range []struct{ url, selector string }{
		{"/notes", ".card"},
		{"/notes?as=cards&select=1", "#bulk"},
		{note, ".prose .copy"},
		{note + "/edit", "markdown-toolbar md-bold"},
		{"/search?q=tea", "#facets a"},
		{"/tags", ".tag-row"},
		{"/notes?view=trash", ".card"},
		{note + "/history", "h1"},
		{note + "/history/1", ".note h1"},
		{"/settings", "#password"},
	} {
		b.open(program.base + page.url)
		b.waitFor(page.selector, "")
		for _, way := range waysOfLooking {
			command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: way.media, Features: way.wanted})
			command(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: way.width, Height: 400, DeviceScaleFactor: way.scale})
			for _, wrong := range eval[[]string](b, `((shown) => `+way.wrong+`)((selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility() && e.getClientRects().length > 0))`) {
				t.Errorf("%s %s: %s", page.url, way.name, wrong)
			}
			if way.walked && page.selector != "markdown-toolbar md-bold" {
				b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur(), scrollTo(0, 0)`))
				b.travel(".sign-out button", 0)
			}
		}
		command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	}
}

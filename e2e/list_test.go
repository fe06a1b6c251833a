package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestAnAddedNoteComesBelowThePinnedOnes(t *testing.T) {
	program := start(t)
	for _, title := range []string{"Old", "Pinned", "Pinned, too"} {
		program.addNote(title, "")
	}
	b := newTab(t)
	b.open(program.link())
	for _, title := range []string{"Pinned", "Pinned, too"} {
		b.open(program.base + "/notes")
		b.click(`.card:not(:has(h2 .pin)):has([aria-label="` + title + `"]) form[action$="/pin"] button`)
		b.wait(`document.querySelector('.card:has([aria-label="` + title + `"]) h2 .pin') !== null`)
	}
	const titles = `[...document.querySelectorAll("#cards h2 a")].map((a) => a.textContent.trim()).join()`
	for _, list := range []string{"/notes", "/notes?sort=created"} {
		b.open(program.base + list)
		b.fill("#capture-content", "Added in "+list)
		b.click("#capture .primary")
		b.waitFor("#cards", "Added in "+list)
		shown := eval[string](b, titles)
		b.open(program.base + list)
		b.wait(titles + ` === "` + shown + `"`)
	}

	b.open(program.base + "/notes?sort=title")
	before := eval[string](b, titles)
	b.fill("#capture-content", "Zebra")
	b.click("#capture .primary")
	b.waitFor("#cards > li:first-child", "added.")
	b.wait(titles + ` === "` + before + `"`)
	b.click("#cards > li:first-child a")
	b.waitFor("h1", "Zebra")
}

func TestAListShowsThePicturesOfItsNotes(t *testing.T) {
	program := start(t)
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, 400, 300))); err != nil {
		t.Fatal(err)
	}
	program.addNote("Text", "tea")
	program.addNote("Cup", "![cup]("+program.upload("cup.png", content.Bytes())+")\n\ntea "+strings.Repeat("and more ", 40))
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		b.open(program.link())
		for _, width := range []int64{1280, 390, 320} {
			b.do(chromedp.EmulateViewport(width, 800))
			for _, page := range []string{"/notes?as=cards", "/notes?select=1", "/search?q=tea"} {
				b.open(program.base + page)
				b.wait(`document.querySelector("main .thumbnail")?.naturalWidth === 144`)
				shown := eval[[]float64](b, `[...document.querySelectorAll("main .thumbnail")].flatMap((e) => [e.offsetWidth, e.offsetHeight])`)
				if len(shown) != 2 || shown[0] != shown[1] || shown[0] < 50 || shown[0] > 80 {
					t.Errorf("%s, %d pixels wide, shows pictures of %v", page, width, shown)
				}
				if wide := eval[int64](b, `document.scrollingElement.scrollWidth`); wide > width {
					t.Errorf("%s is %d pixels wide, not %d", page, wide, width)
				}
				if b.plain {
					continue // whose pages can't tell what moves
				}
				if moved := b.shifts(); len(moved) > 0 {
					t.Errorf("%s, %d pixels wide: %q", page, width, moved)
				}
			}
		}
		b.open(program.base + "/notes?as=lines")
		if eval[bool](b, `document.querySelector("main .thumbnail").checkVisibility()`) {
			t.Error("a line has a picture")
		}
	})
}

func TestWhatCanBeDoneWithALineIsBehindAButtonOnAPhone(t *testing.T) {
	program := start(t)
	program.addNote("Other", "")
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		title := "Note of " + t.Name()
		program.addNote(title, "")
		b.open(program.link())
		b.do(chromedp.EmulateViewport(390, 844))
		b.open(program.base + "/notes?as=lines")
		more := `.card:has([aria-label="` + title + `"]) .more-tools`
		tools := `document.querySelector(".tools:popover-open")`
		if size := eval[[]int](b, `[document.querySelector('`+more+`').offsetWidth, document.querySelector('`+more+`').offsetHeight]`); min(size[0], size[1]) < 44 {
			t.Errorf("the button is %v pixels large", size)
		}
		if shown := eval[int](b, `[...document.querySelectorAll(".tools")].filter((e) => e.checkVisibility()).length`); shown > 0 {
			t.Errorf("what can be done with %d lines shows", shown)
		}

		b.click(more)
		b.wait(tools + ` !== null`)
		if low := eval[int](b, `Math.min(...[...`+tools+`.querySelectorAll(".tool")].map((e) => Math.min(e.offsetHeight, e.offsetWidth)))`); low < 44 {
			t.Errorf("what can be pressed is %d pixels high", low)
		}
		b.do(escape)
		b.wait(tools + ` === null`)

		b.focus(more)
		b.do(enter)
		b.wait(tools + ` !== null`)
		b.do(tabKey)
		b.wait(`document.activeElement.matches(":popover-open form[action$='/pin'] button")`)
		b.do(enter)
		b.wait(`document.querySelector('.card:has([aria-label="` + title + `"]) h2 .pin') !== null`)
		if !b.plain && !eval[bool](b, `document.activeElement.closest(".card")?.innerText.includes(`+js(title)+`)`) {
			t.Error("the focus is lost")
		}
	})
}

func TestTheNumberOfNotesFollowsWhatComesAndGoes(t *testing.T) {
	program := start(t)
	for i := range 25 {
		program.addNote(fmt.Sprintf("Note %02d", i), "")
	}
	b := newTab(t)
	b.open(program.link())
	b.waitFor(".list-count", "25 notes")
	b.fill("#capture-content", "another")
	b.click("#capture .primary")
	b.waitFor(".list-count", "26 notes")
	b.click(`.card:first-child form[action$="/archive"] button`)
	b.waitFor(".list-count", "25 notes")
	b.click(".gone button") // takes it back
	b.waitFor(".list-count", "26 notes")
}

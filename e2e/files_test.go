package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// picture is a PNG of 3 by 2 pixels.
func picture(t *testing.T) []byte {
	t.Helper()
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}

// upload sends a file as a script does, and returns the path at which it is served.
func (s *process) upload(name string, content []byte) string {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.base+"/files", &body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", form.FormDataContentType())
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var file struct{ URL string }
	if err := json.Unmarshal(answer, &file); err != nil || response.StatusCode != http.StatusCreated {
		s.t.Fatalf("status %d: %s (%v)", response.StatusCode, answer, err)
	}
	return file.URL
}

func TestPicturesAreAttachedByPastingDroppingAndChoosing(t *testing.T) {
	content := picture(t)
	chosen := filepath.Join(t.TempDir(), "chosen ] one.png")
	if err := os.WriteFile(chosen, content, 0o600); err != nil {
		t.Fatal(err)
	}
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.paste("#content", "Three pictures\n\n")
	b.give("#content", "pasted.png", content, pasted)
	b.waitFor("#announcer", "pasted.png attached")
	b.give("#content", "dropped.png", content, dropped)
	b.waitFor("#announcer", "dropped.png attached")

	// The button opens the dialog of the system, which is answered in its place.
	eval[bool](b, showPicker)
	b.click(".attach")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#picker"), []string{chosen}))
	b.waitFor("#announcer", "chosen ] one.png attached")
	b.waitGone(".uploads li")
	b.click("#editor .primary")
	b.waitFor(".note h1", "Three pictures")
	b.waitUntilIdle()
	for _, name := range []string{"pasted.png", "dropped.png", "chosen"} {
		b.wait(fmt.Sprintf(`[...document.querySelectorAll(".prose img")].some((i) => i.alt.includes(%s) && i.naturalWidth === 3)`, js(name)))
	}
}

func TestTakingAnUploadBackLeavesNoPlaceholder(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	redo := chromedp.KeyEvent("Z", chromedp.KeyModifiers(chromedp.ModifierCtrl, chromedp.ModifierShift))
	link := func(name string) string {
		b.t.Helper()
		b.waitGone(".uploads li")
		start := "![" + name + ".png](/files/"
		b.wait(fmt.Sprintf(`document.querySelector("#content").value.includes(%s)`, js(start)))
		_, link, _ := strings.Cut(b.value("#content"), start)
		link, _, _ = strings.Cut(link, ")")
		return start + link + ")"
	}
	slowly := func(name string) {
		b.hold("*/files")
		b.give("#content", name+".png", picture(t), pasted)
		b.waitFor(".uploads", name)
	}

	b.fill("#content", "see")
	b.give("#content", "once.png", picture(t), pasted)
	once := link("once")
	b.holds("see " + once + "|")
	b.do(undo)
	b.holds("see|")
	b.do(redo)
	b.holds("see " + once + "|")
	b.do(undo, undo)
	b.holds("|")

	b.fill("#content", "see")
	slowly("meanwhile")
	b.do(chromedp.KeyEvent(" and that"))
	b.release()
	meanwhile := link("meanwhile")
	b.holds("see " + meanwhile + " and that|")
	b.do(undo)
	b.wait(`document.querySelector("#content").value === "see and that"`)
	b.do(redo)
	b.wait(fmt.Sprintf(`document.querySelector("#content").value === %s`, js("see "+meanwhile+" and that")))

	b.fill("#content", "see")
	slowly("taken-back")
	b.do(undo)
	b.holds("see|")
	b.release()
	b.waitGone(".uploads li")
	b.holds("see|")
	b.do(redo)
	b.holds("see " + link("taken-back") + "|")

	b.fill("#content", "see")
	slowly("never")
	b.click(".uploads button")
	b.waitGone(".uploads li")
	b.holds("see|")
	b.do(undo)
	b.wait(`document.querySelector("#content").value !== "see"`) // it takes back what was typed before
	if text := b.value("#content"); strings.Contains(text, "never") {
		t.Errorf("a placeholder stands in %q", text)
	}
	b.holdNothing()
}

func TestWithScriptsOffAFileIsAttachedByTheForm(t *testing.T) {
	chosen := filepath.Join(t.TempDir(), "chosen.png")
	if err := os.WriteFile(chosen, picture(t), 0o600); err != nil {
		t.Fatal(err)
	}
	program := start(t)
	note := program.addNote("Plan", "as it was")
	b := newTab(t)
	b.withoutScripts()
	b.open(program.link())
	b.open(program.base + note + "/edit")
	b.paste("#content", "a picture:")
	b.click(`[formaction$="/attach"]`)
	b.waitFor("[role=alert]", "Choose a file")
	if got := b.value("#content"); got != "a picture:" {
		t.Errorf("the form holds %q", got)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{chosen}))
	b.click(`[formaction$="/attach"]`)
	b.waitFor("[role=status]", "The file has been added at the end of the text")
	program.checkContent(note, "as it was")
	b.click("#editor .primary")
	b.waitFor(".note .prose", "a picture:")
	b.wait(`document.querySelector(".prose img").naturalWidth === 3`)
}

func TestFilesAreServedSafelyAndOnlyToTheirOwner(t *testing.T) {
	eachBackend(t, func(t *testing.T, settings []string) {
		installed := install(t, settings...)
		program := installed.start()
		other := start(t)
		page := []byte("<!DOCTYPE html><script>alert(1)</script>")
		for _, file := range []struct {
			name        string
			content     []byte
			disposition string
		}{
			{"picture.png", picture(t), "inline"},
			{"page.png", page, "attachment"},
			{"page.html", page, "attachment"},
			{"drawing.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "attachment"},
			{"list.txt", []byte("plain"), "attachment"},
		} {
			url := program.upload(file.name, file.content)
			a := program.call(http.StatusOK, http.MethodGet, url, nil, nil)
			if !bytes.Equal(a.body, file.content) {
				t.Errorf("%s comes back as %q", file.name, a.body)
			}
			for header, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff",
				"Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := a.Header.Get(header); got != want {
					t.Errorf("%s: %s is %q", file.name, header, got)
				}
			}
			if got := a.Header.Get("Content-Disposition"); !strings.HasPrefix(got, file.disposition) {
				t.Errorf("%s: Content-Disposition is %q", file.name, got)
			}
			if !strings.HasPrefix(a.Header.Get("Cache-Control"), "private") {
				t.Errorf("%s: Cache-Control is %q", file.name, a.Header.Get("Cache-Control"))
			}
			other.call(http.StatusNotFound, http.MethodGet, url, nil, nil)
			program.call(http.StatusUnauthorized, http.MethodGet, url, nil, nil, "Authorization", "Bearer "+other.key)
		}
		absent := "/files/" + strings.Repeat("0", 64)
		for _, url := range []string{absent, absent + "/name.png", "/files/nothing", "/files/..%2fowner.key"} {
			program.call(http.StatusNotFound, http.MethodGet, url, nil, nil)
		}
	})
}

func TestAFileIsThereAfterTheProgramWasKilled(t *testing.T) {
	installed := install(t)
	program := installed.start()
	content := bytes.Repeat(picture(t), 1000)
	url := program.upload("large.png", content)
	program.kill()
	program = installed.start()
	if a := program.call(http.StatusOK, http.MethodGet, url, nil, nil); !bytes.Equal(a.body, content) {
		t.Errorf("%d bytes came back, want %d", len(a.body), len(content))
	}
}

func TestNothingMovesWhenAPictureComes(t *testing.T) {
	program := start(t)
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, 1600, 400))); err != nil {
		t.Fatal(err)
	}
	path := program.upload("late.png", content.Bytes())
	note := program.addNote("Pictured", "![late]("+path+")\n\nbelow\n\n![[late.png|300]]\n\n![[late.png|100x100]]\n\nlast")
	for _, width := range []int64{390, 1280} {
		b := newTab(t)
		b.open(program.link())
		b.do(chromedp.EmulateViewport(width, 800))
		b.hold("*/files/*")
		b.do(chromedp.Evaluate[chromedp.Void]("location = " + js(note)))
		b.waitFor(".prose", "last")
		eval[float64](b, "new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))") // without the pictures
		b.release()
		b.waitUntilIdle()
		b.wait(`[...document.querySelectorAll(".prose img")].every((e) => e.complete && e.naturalWidth === 1600)`)
		if moved := b.shifts(); len(moved) > 0 {
			t.Errorf("on a screen of %d pixels moves %s", width, moved)
		}
	}
}

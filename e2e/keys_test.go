package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ctrl is a key that is pressed with Ctrl.
func ctrl(key string) chromedp.Action[chromedp.Void] {
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierCtrl))
}

func TestKeysMarkUpWhatIsSelected(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	for key, want := range map[string]string{"b": "a **word** here", "i": "a _word_ here", "k": "a [word](url) here"} {
		b.put("a |word| here")
		b.do(ctrl(key))
		b.wait(fmt.Sprintf(`document.querySelector("#content").value === %s`, js(want)))
		b.do(undo)
		b.wait(`document.querySelector("#content").value === "a word here"`)
	}
	for key, want := range map[string]string{"*": "a *word* here", "`": "a `word` here", "_": "a _word_ here", "[": "a [word] here", "(": "a (word) here", `"`: `a "word" here`} {
		b.put("a |word| here")
		b.do(chromedp.KeyEvent(key))
		b.wait(fmt.Sprintf(`((f) => f.value === %s && f.value.slice(f.selectionStart, f.selectionEnd) === "word")(document.querySelector("#content"))`, js(want)))
		b.do(undo)
		b.wait(`document.querySelector("#content").value === "a word here"`)
	}
}

func TestTheNumbersOfAListFollow(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	for _, tt := range []struct {
		content string
		key     chromedp.Action[chromedp.Void]
		want    string
	}{
		{"1. one|\n2. two\n3. three", enter, "1. one\n2. |\n3. two\n4. three"},
		{"1. one\n2. tw|o\n\npara", enter, "1. one\n2. tw\n3. |o\n\npara"},
		{"1. one\n2. two\n   1. inner\n   2. |\n3. three", enter, "1. one\n2. two\n   1. inner\n3. |\n4. three"},
		{"- one\n  - inner\n  - |", enter, "- one\n  - inner\n- |"},
		{"- one\n  1. inner\n  2. |\n- two", enter, "- one\n  1. inner\n- |\n- two"},
		{"1. one\n2. |two\n3. three", tabKey, "1. one\n   1. |two\n2. three"},
		{"1. one\n   1. |two\n2. three", shiftTab, "1. one\n2. |two\n3. three"},
		{"1. one\n1. two|\n1. three", enter, "1. one\n1. two\n1. |\n1. three"},
		{"8. one\n9. two|\n   - below\n10. three", enter, "8. one\n9. two\n10. |\n   - below\n11. three"},
		{"> 1. one|\n> 2. two", enter, "> 1. one\n> 2. |\n> 3. two"},
		{"```\nco|de\n```", tabKey, "```\nco  |de\n```"},
		{"```\n  co|de\n```", shiftTab, "```\nco|de\n```"},
	} {
		b.put(tt.content)
		before := b.value("#content")
		b.do(tt.key)
		b.holds(tt.want)
		b.do(undo)
		b.wait(fmt.Sprintf(`document.querySelector("#content").value === %s`, js(before)))
	}
}

func TestAListThatGrowsStaysInSight(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	b.paste("#content", strings.Repeat("- item\n", 60)+"- last")
	b.do(enter, enter) // the last item, and then the line below the list
	b.do(chromedp.KeyEvent("- again"), enter, chromedp.KeyEvent("x"))
	eval[int](b, `scrollTo(0, 0), 0`)
	b.do(enter)
	b.wait(`scrollY > 1000`)
}

func TestSavingWhileWritingGoesOnWithTheSavedNote(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.fill("#title", "Journal")
	b.fill("#tags", "daily ")
	b.paste("#content", "first")
	b.do(ctrl("s"))
	b.waitFor("#editor .draft-state", "Saved ")
	b.wait(`location.pathname.endsWith("/edit") && document.activeElement.id === "content"`)
	b.holds("first|")
	b.do(undo) // what was typed before can still be taken back
	b.wait(`document.querySelector("#content").value === ""`)
	b.paste("#content", "first and second")
	b.do(ctrl("s"))
	b.wait(`document.querySelector("[name=version]").value === "2"`)
	b.do(chromedp.KeyEvent(kb.End), chromedp.KeyEvent(" and third"), ctrlEnter)
	b.waitFor(".note .prose", "first and second and third")
	b.waitFor(".note h1", "Journal")
	b.waitGone(".note .notice")

	var notes []stored
	program.call(http.StatusOK, http.MethodGet, "/api/v1/notes", nil, &notes)
	if len(notes) != 1 || notes[0].Version != 3 {
		t.Errorf("stored are %+v, want one note, saved three times", notes)
	}
	b.wantNoCopies()
	b.open(program.base + "/notes")
	b.waitGone("#notices .notice, .draft-hint")
}

func TestSavingWhileWritingBringsInWhatOthersSaved(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", plan)
	b := newTab(t)
	b.open(program.link())
	b.openEditorAt(program.base + note + "/edit")
	b.put(strings.Replace(plan, "Buy milk", "Buy oat milk|", 1))
	program.changeNote(note, draft{"Plan", strings.Replace(plan, "garden", "garden twice", 1)})
	b.do(ctrl("s"))
	b.waitFor("#notices .notice", "Saved and merged")
	b.holds(strings.Replace(strings.Replace(plan, "Buy milk", "Buy oat milk|", 1), "garden", "garden twice", 1))

	b.put(strings.Replace(plan, "Buy milk", "Buy soy milk|", 1))
	program.changeNote(note, draft{"Plan", strings.Replace(plan, "Buy milk", "Buy rice milk", 1)})
	b.do(ctrl("s"))
	b.waitFor("#merge [role=alert]", "changed while you were editing")
}

func TestWhatOthersSavedComesIntoTheTextWhereverTheCaretIs(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", plan)
	b := newTab(t)
	b.open(program.link())
	b.openEditorAt(program.base + note + "/edit")
	milk := strings.Replace(plan, "Buy milk", "Buy oat milk", 1)
	b.put(strings.Replace(milk, "oat milk", "oat milk|", 1))
	b.fill("#title", "The plan")
	theirs := strings.Replace(plan, "garden", "garden twice", 1)
	program.changeNote(note, draft{"Plan", theirs})
	b.do(ctrl("s"))
	b.waitFor("#notices .notice", "Saved and merged")
	b.wait(`document.activeElement.id === "title"`)
	if got := b.value("#title"); got != "The plan" {
		t.Errorf("the title is %q", got)
	}
	if got, want := b.value("#content"), strings.Replace(milk, "garden", "garden twice", 1); got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
}

func TestSavingWhileWritingKeepsTheTitleAndTheTagsThatOthersGave(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", plan)
	b := newTab(t)
	b.open(program.link())
	b.openEditorAt(program.base + note + "/edit")
	other := map[string]any{"title": "Better plan", "content": plan, "tags": []string{"home"}}
	program.call(http.StatusOK, http.MethodPut, "/api/v1"+note, other, nil, "If-Match", `"1"`)
	for _, milk := range []string{"Buy oat milk", "Buy soy milk"} { // the second goes on upon what the first has brought in
		b.put(strings.Replace(plan, "Buy milk", milk+"|", 1))
		b.do(ctrl("s"))
		b.waitFor("#editor .draft-state", "Saved")
		b.wait(`document.querySelector("#title").value === "Better plan"`)
		b.waitFor("#editor .chips li", "home")
		var now struct {
			Title, Content string
			Tags           []string
		}
		program.call(http.StatusOK, http.MethodGet, "/api/v1"+note, nil, &now)
		if now.Title != "Better plan" || len(now.Tags) != 1 || now.Tags[0] != "home" || !strings.Contains(now.Content, milk) {
			t.Errorf("stored is %+v", now)
		}
	}
}

func TestATagIsOneTagWhenItIsSavedHalfWritten(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	b.paste("#content", "text")
	b.fill("#tags", "gar")
	b.do(ctrl("s"))
	b.waitFor("#editor .draft-state", "Saved ")
	b.waitFor("#editor .chips li", "gar")
	b.wait(`document.activeElement.id === "tags"`)
	b.do(chromedp.KeyEvent("den "))
	b.waitFor("#editor .chips li:last-child", "den")
	if got := b.value("[name=tags]"); got != "gar den" {
		t.Errorf("the tags are %q", got)
	}
}

func TestSavingWhileWritingSaysWhenThereIsNoAnswer(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", plan)
	b := newTab(t)
	b.open(program.link())
	b.openEditorAt(program.base + note + "/edit")
	b.put("typed before the server went away|")
	b.waitFor("#editor .draft-state", "Draft saved")
	again := program.offline()
	b.do(ctrl("s"))
	b.waitFor("#notices [role=alert]", "couldn’t be reached")
	b.wait(`!document.querySelector("#content").readOnly`)
	again()
	b.do(ctrl("s"))
	b.waitFor("#editor .draft-state", "Saved")
	b.holds("typed before the server went away|")
}

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// clip pastes what a clipboard holds, by its types, as a browser does.
func (b *tab) clip(types map[string]string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(() => {
		const data = new DataTransfer();
		for (const [type, text] of Object.entries(%s)) data.setData(type, text);
		const event = new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true });
		if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, data.getData("text/plain"));
		return true;
	})()`, js(types)))
}

// What programs put on the clipboard becomes Markdown. testdata/clipboard has their HTML, as they write it, and what it says.
func TestWhatIsCopiedInOtherProgramsBecomesMarkdown(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	files, err := filepath.Glob("testdata/clipboard/*.html")
	if err != nil || len(files) < 11 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		html, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.TrimSuffix(file, ".html") + ".md")
		if err != nil {
			t.Fatal(err)
		}
		b.paste("#content", "x")
		b.do(selectAll)
		b.clip(map[string]string{"text/html": string(html), "text/plain": "its words"})
		b.wait(`document.querySelector("#content").value !== "x"`)
		if got := b.value("#content"); got != strings.TrimSpace(string(want)) {
			t.Errorf("%s becomes\n%s\nwant\n%s", file, got, want)
		}
		b.do(undo)
		b.wait(`document.querySelector("#content").value === "x"`)
	}
}

func TestWhatIsMeantAsTextIsPastedAsText(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	const code = `<meta charset='utf-8'><div style="color: #d4d4d4;font-family: Consolas, monospace;font-weight: normal;white-space: pre;"><div><span style="font-weight: bold;">if</span> a_b:</div></div>`
	for name, tt := range map[string]struct{ content, html, want string }{
		"words without a form":  {"|", "<span>a_b</span>", "a_b|"},
		"code of an editor":     {"|", code, "a_b|"},
		"in a block of code":    {"```\n|", "<b>a_b</b>", "```\na_b|"},
		"bold in a line":        {"see |", "<b>a_b</b>", "see **a\\_b**|"},
		"a list behind a line":  {"see |", "<ul><li>a</li><li>b</li></ul>", "see \n\n- a\n- b|"},
		"an address over words": {"see |this|", "", "see [this](https://example.org/)|"},
	} {
		b.put(tt.content)
		text := "a_b"
		if tt.html == "" {
			text = "https://example.org/"
		}
		b.clip(map[string]string{"text/html": tt.html, "text/plain": text})
		t.Log(name)
		b.holds(tt.want)
	}
	b.put("|")
	b.clip(map[string]string{"text/plain": "a\tb\n1\t2\n"})
	b.holds("| a | b |\n| --- | --- |\n| 1 | 2 ||")
	b.put("|")
	eval[bool](b, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "V", ctrlKey: true, shiftKey: true, bubbles: true }))`)
	b.clip(map[string]string{"text/html": "<b>a</b>", "text/plain": "a"})
	b.holds("a|")
}

package e2e

import (
	"strings"
	"testing"
	"time"
)

// offline stops the program, and returns what starts it again under the same address.
func (s *process) offline() (again func() *process) {
	s.stop()
	installed := s.of
	installed.configure("HTTP_ADDR=" + strings.TrimPrefix(s.base, "http://"))
	return installed.start
}

func TestWhatIsTypedOfflineOutlivesTheBrowser(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("typed offline, word by word, ", 40))
	for what, offered := range map[string]string{"a new note": "/notes/new", "a note": "/edit"} {
		t.Run(what, func(t *testing.T) {
			program := start(t)
			form := program.base + "/notes/new"
			if what == "a note" {
				form = program.base + program.addNote("Plan", "as it was") + "/edit"
			}
			profile := t.TempDir()
			b, kill := startBrowser(t, profile)
			b.open(program.link())
			b.open(form)
			again := program.offline()
			b.paste("#content", words)
			b.waitFor("#editor .draft-state", "Not saved yet: kept in this browser")
			kill()

			program = again()
			b, _ = startBrowser(t, profile)
			b.open(program.link())
			b.waitFor("#notices .notice", "hadn’t reached the server")
			b.click(`#notices a[href*="` + offered + `"]`)
			b.waitFor("#editor", "")
			if got := b.value("#content"); got != words {
				t.Errorf("the form holds %q", got)
			}
			b.click("#editor .primary")
			b.waitFor(".note", "word by word")
			b.open(program.base + "/notes")
			b.waitFor(".cards", "word by word")
			b.waitGone("#notices .notice, .drafts")
			b.wantNoCopies()
		})
	}
}

// wantNoCopies waits until the browser has no copy of a draft of its own.
func (b *tab) wantNoCopies() {
	b.t.Helper()
	for deadline := time.Now().Add(patience); !eval[bool](b, `(async () => {
		if (!(await indexedDB.databases()).some(({ name }) => name === "octavo ")) return true;
		const open = indexedDB.open("octavo ", 1);
		await new Promise((resolve) => (open.onsuccess = resolve));
		const all = open.result.transaction("drafts").objectStore("drafts").getAll();
		await new Promise((resolve) => (all.onsuccess = resolve));
		open.result.close();
		return all.result.length === 0;
	})()`); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatal("the browser still has a copy of what was typed")
		}
	}
}

func TestWhatIsSavedLeavesNothingInTheBrowser(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	b.fill("#capture-content", "captured at once")
	b.click("#capture .primary")
	b.waitFor(".cards", "captured at once")
	b.wantNoCopies()

	b.open(program.base + "/notes/new")
	b.paste("#content", "saved at once")
	b.click("#editor .primary")
	b.waitFor(".note h1", "saved at once")
	b.wantNoCopies()
	b.open(program.base + "/notes")
	b.waitGone("#notices .notice, .drafts")
}

func TestWhoSignsOutLeavesNothingInTheBrowser(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + "/notes/new")
	again := program.offline()
	b.paste("#content", "typed offline and left behind")
	b.waitFor("#editor .draft-state", "kept in this browser")
	b.takeProblems()
	other := b.another()
	program = again()
	other.open(program.base + "/notes")
	other.click(".sign-out button")
	other.waitFor("h1", "This is private")
	other.wantNoCopies()
	b.takeProblems()
}

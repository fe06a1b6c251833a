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
			b.waitGone("#notices .notice, .draft-hint")
			b.wantNoCopies()
		})
	}
}

// What the browser has of a draft goes once the server has it. What is typed right then stays.
func TestWhatIsTypedWhileACopyIsRemovedIsCopiedAgain(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	eval[bool](b, `(() => {
		window.copied = async () => {
			const open = indexedDB.open("octavo ", 1);
			await new Promise((resolve) => (open.onsuccess = resolve));
			const all = open.result.transaction("drafts").objectStore("drafts").getAll();
			await new Promise((resolve) => (all.onsuccess = resolve));
			open.result.close();
			return JSON.stringify(all.result).includes("typed and more");
		};
		const { databases } = IDBFactory.prototype;
		const { delete: remove } = IDBObjectStore.prototype;
		IDBFactory.prototype.databases = async function () {
			IDBFactory.prototype.databases = databases;
			window.fetch = () => new Promise(() => {}); // the server isn't told any more
			const field = document.querySelector("#content");
			field.value += " and more";
			field.dispatchEvent(new InputEvent("input", { bubbles: true }));
			while (!(await window.copied()));
			return databases.call(this);
		};
		IDBObjectStore.prototype.delete = function (key) {
			window.removed = true;
			return remove.call(this, key);
		};
		return true;
	})()`)
	b.paste("#content", "typed")
	b.wait(`window.removed === true`)
	eventually(t, "what was typed is copied again", func() bool { return eval[bool](b, `window.copied()`) })
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

func TestWhatWasLeftBehindIsOfferedUnlessANoteSaysIt(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", "saved")
	b := newTab(t)
	b.open(program.link())
	eval[bool](b, `(async () => {
		const open = indexedDB.open("octavo ", 1);
		open.onupgradeneeded = () => open.result.createObjectStore("drafts", { keyPath: "key" });
		await new Promise((resolve) => (open.onsuccess = resolve));
		const store = open.result.transaction("drafts", "readwrite").objectStore("drafts");
		for (const [first, content] of [["0", "saved"], ["1", "not saved"]]) {
			const key = first + "0000000-0000-4000-8000-000000000000";
			const fields = [["title", "Plan"], ["content", content], ["version", "1"], ["note", `+js(strings.TrimPrefix(note, "/notes/"))+`]];
			store.put({ key, url: "/drafts/" + key, fields, typed: 0 });
		}
		await new Promise((resolve) => (store.transaction.oncomplete = resolve));
		open.result.close();
		return true;
	})()`)
	b.open(program.base + "/notes")
	b.waitFor(`#notices a[href*="?draft=1"]`, "") // it comes last
	if got := eval[int](b, `document.querySelectorAll("#notices a").length`); got != 1 {
		t.Errorf("%d drafts are offered, want 1", got)
	}
	b.wantNoCopies()
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
	b.waitGone("#notices .notice, .draft-hint")
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
	other.signOut()
	other.waitFor("h1", "Sign in to see this page")
	other.wantNoCopies()
	b.takeProblems()
}

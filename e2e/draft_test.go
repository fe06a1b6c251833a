package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// kept waits until what is typed in a form has been kept.
func (b *tab) kept(form string) {
	b.t.Helper()
	b.waitFor(form+" .draft-state", "Draft saved")
}

func TestWhatWasTypedIsOfferedAgainAfterProgramAndBrowserHaveDied(t *testing.T) {
	eachDatabase(t, func(t *testing.T, settings []string) {
		installed := install(t, settings...)
		program := installed.start()
		note := program.addNote("Plan", "as it was")

		capture := newTab(t)
		capture.open(program.link())
		capture.paste("#capture-content", "captured and never added")
		capture.kept("#capture")
		fresh := capture.another()
		fresh.open(program.base + "/notes/new")
		fresh.fill("#title", "Idea")
		fresh.fill("#tags", "some day")
		fresh.paste("#content", "thought and never saved\n\n\ttwice")
		fresh.kept("#editor")
		edit := capture.another()
		edit.open(program.base + note + "/edit")
		edit.paste("#content", "changed and never saved")
		edit.kept("#editor")
		program.kill()
		for _, b := range []*tab{fresh, edit, capture} {
			b.close()
		}

		program = installed.start()
		b := newTab(t)
		b.open(program.link())
		b.waitFor(".draft-hint", "2 unsaved drafts")
		if got := b.value("#capture-content"); got != "captured and never added" {
			t.Errorf("the box holds %q", got)
		}
		b.click(".draft-hint a")
		b.waitFor(".drafts", "Plan")
		b.click(`.drafts a[href*="/notes/new"]`) // the last that was typed of new notes
		b.waitFor("h1", "New note")
		for field, want := range map[string]string{"#title": "Idea", "[name=tags]": "some day", "#content": "thought and never saved\n\n\ttwice"} {
			if got := b.value(field); got != want {
				t.Errorf("%s holds %q, want %q", field, got, want)
			}
		}
		b.click("#editor .primary")
		b.waitFor(".note h1", "Idea")

		b.open(program.base + "/drafts")
		b.click(`.drafts li:has([href*="/notes/new"]) button`)
		b.waitFor(".notice", "Draft discarded")
		b.waitGone(`.drafts [href*="/notes/new"]`)
		b.click(".brand")
		b.waitFor("#cards", "Idea")
		if got := b.value("#capture-content"); got != "" {
			t.Errorf("the box holds %q", got)
		}

		b.open(program.base + note)
		b.waitFor(".note .prose", "as it was")
		b.waitFor(".note .notice", "You have unsaved changes")
		b.click(".note .notice a")
		b.waitFor(".offer ins", "changed and never saved")
		b.click(".offer .primary")
		b.waitFor("#editor", "")
		if got := b.value("#content"); got != "changed and never saved" {
			t.Errorf("the form holds %q", got)
		}
		b.click("#editor .primary")
		b.waitFor(".note .prose", "changed and never saved")
		b.waitGone(".note .notice")
		b.open(program.base + note + "/edit")
		b.waitFor("#editor", "")

		var notes []stored
		program.call(http.StatusOK, http.MethodGet, "/api/v1/notes", nil, &notes)
		if len(notes) != 2 {
			t.Errorf("%d notes are stored, want 2", len(notes))
		}
	})
}

func TestADraftOfANoteIsDiscardedForTheNoteAsItIs(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", "as it was")
	typing := newTab(t)
	typing.open(program.link())
	typing.open(program.base + note + "/edit")
	typing.paste("#content", "not worth keeping")
	typing.kept("#editor")
	program.changeNote(note, draft{"Plan", "as somebody left it"})

	b := typing.another()
	b.withoutScripts()
	b.open(program.base + note + "/edit")
	b.waitFor(".offer", "The note has changed since you started this draft")
	b.click(".offer .bar button")
	b.waitFor(".notice", "Draft discarded")
	if got := b.value("#content"); got != "as somebody left it" {
		t.Errorf("the form holds %q", got)
	}
}

func TestCancelOffersToBringBackWhatWasTyped(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.addNote("Plan", "as it was")
		b.open(program.link())
		for _, form := range []string{note + "/edit", "/notes/new"} {
			b.open(program.base + form)
			b.paste("#content", "typed just now")
			b.click("#editor .cancel")
			b.waitFor("#notices .notice", "Draft discarded")
			b.click("#notices .notice button")
			b.waitFor("#editor", "")
			if got := b.value("#content"); got != "typed just now" {
				t.Errorf("the form holds %q", got)
			}
			b.click("#editor .cancel")
			b.waitFor("#notices .notice", "Draft discarded")
		}
		b.open(program.base + note + "/edit")
		b.waitFor("#editor", "")
		b.click("#editor .cancel")
		b.waitFor(".note .prose", "as it was")
		b.waitGone("#notices .notice")
		b.open(program.base + "/drafts")
		b.waitFor(".empty", "No unsaved drafts")
	})
}

func TestADraftThatIsDiscardedElsewhereGoesOnUnderAnotherKey(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.openEditor(program)
	b.paste("#content", "typed")
	b.kept("#editor")
	other := b.another()
	other.open(program.base + "/drafts")
	other.click(".list-head button")
	other.waitFor(".empty", "No unsaved drafts")
	b.do(chromedp.KeyEvent(" on"))
	b.kept("#editor")
	other.open(program.base + "/drafts")
	other.waitFor(".drafts", "typed on")
}

// What is typed upon an older version and comes back as a draft is still based on that version.
func TestADraftThatIsContinuedIsMergedWithWhatWasSavedMeanwhile(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", plan)
	typing := newTab(t)
	typing.open(program.link())
	typing.open(program.base + note + "/edit")
	typing.paste("#content", "Buy oat milk\n\nCall Ada\n\nWater the garden\n")
	typing.kept("#editor")
	typing.close()
	program.changeNote(note, draft{"Plan", "Buy milk\n\nCall Ada\n\nWater the garden twice\n"})

	b := newTab(t)
	b.open(program.link())
	b.open(program.base + note + "/edit")
	b.click(".offer .primary")
	b.click("#editor .primary")
	b.waitFor(".notice", "Saved and merged")
	b.waitFor(".note .prose", "Buy oat milk")
	b.waitFor(".note .prose", "Water the garden twice")
}

func TestTwoTabsOfOneNoteDoNotTakeEachOthersDraftsAway(t *testing.T) {
	program := start(t)
	note := program.addNote("Plan", plan)
	second := newTab(t)
	second.open(program.link())
	second.open(program.base + note + "/edit")
	first := second.another()
	first.open(program.base + note + "/edit")
	first.paste("#content", "typed in the first")
	first.kept("#editor")
	second.paste("#content", "typed in the second")
	second.kept("#editor")
	second.click("#editor .primary")
	second.waitFor(".note .prose", "typed in the second")
	first.close()

	second.waitFor(".note .notice", "You have unsaved changes")
	second.click(".note .notice a")
	second.waitFor(".offer ins", "first")
}

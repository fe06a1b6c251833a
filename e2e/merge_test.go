package e2e

import (
	"slices"
	"strings"
	"testing"

	"octavo/ent/enttest"
)

const plan = "Buy milk\n\nCall Ada\n\nWater the garden\n"

// inTwoTabs runs test with two tabs of one person, both of which have the form of the same note open, at URL + "/edit".
func inTwoTabs(t *testing.T, test func(t *testing.T, first, second *tab, url string)) {
	for _, way := range []struct {
		name   string
		create func(testing.TB) string
		plain  bool
	}{
		{"sqlite", enttest.SQLite, false},
		{"postgresql", enttest.Postgres, false},
		{"without scripts", enttest.SQLite, true},
	} {
		t.Run(way.name, func(t *testing.T) {
			program := start(t, settingsOf(t, way.create(t))...)
			url := program.base + program.addNote("Plan", plan)
			first := newTab(t)
			if way.plain {
				first.withoutScripts()
			}
			first.open(program.link())
			second := first.another()
			first.open(url + "/edit")
			second.open(url + "/edit")
			test(t, first, second, url)
		})
	}
}

// save sends the form of a note with content in it.
func (b *tab) save(content string) {
	b.t.Helper()
	b.paste("#content", content)
	b.click("#editor .primary")
}

// revisions returns what the history of the note at url has, the newest first.
func (b *tab) revisions(url string) (texts []string) {
	b.t.Helper()
	b.open(url + "/history")
	for _, link := range eval[[]string](b, `[...document.querySelectorAll(".revision a")].map((a) => a.href)`) {
		b.open(link + "?view=text")
		texts = append(texts, eval[string](b, `document.querySelector(".prose").textContent`))
	}
	return texts
}

// checkHistory checks that some revision of the note at url has each of the texts.
func (b *tab) checkHistory(url string, texts ...string) {
	b.t.Helper()
	revisions := b.revisions(url)
	for _, text := range texts {
		if !slices.ContainsFunc(revisions, func(revision string) bool { return strings.Contains(revision, text) }) {
			b.t.Errorf("%q isn't in the history:\n%q", text, revisions)
		}
	}
}

func TestWhatTwoTabsChangeInDifferentLinesIsBroughtTogether(t *testing.T) {
	inTwoTabs(t, func(t *testing.T, first, second *tab, url string) {
		first.save(strings.Replace(plan, "milk", "oat milk", 1))
		first.waitFor(".prose", "Buy oat milk")
		first.waitGone(".notice")

		second.save(strings.Replace(plan, "garden", "garden twice", 1))
		second.waitFor(".notice", "Saved and merged")
		second.waitFor(".prose", "Buy oat milk")
		second.waitFor(".prose", "Water the garden twice")
		second.click(".notice a")
		second.waitFor("h1", "History")

		revisions := second.revisions(url)
		if len(revisions) != 4 {
			t.Errorf("the history has %q, want what there was, what each wrote, and both", revisions)
		}
		second.checkHistory(url, "Buy milk", "Buy oat milk", "Water the garden twice")
		if own := revisions[1]; !strings.Contains(own, "Buy milk") || !strings.Contains(own, "garden twice") {
			t.Errorf("what the second tab wrote is %q in the history", own)
		}
		second.open(url + "/edit")
		second.waitGone(".offer") // there is no draft any more
	})
}

func TestWhereTwoTabsChangeTheSameLineOneChoosesAndNothingIsLost(t *testing.T) {
	inTwoTabs(t, func(t *testing.T, first, second *tab, url string) {
		round := func(choice, theirs, mine string, kept ...string) {
			t.Helper()
			content := second.value("#content")
			line, _, _ := strings.Cut(content, "\n")
			first.open(url + "/edit")
			first.save(strings.Replace(content, line, theirs, 1))
			first.waitFor(".note .prose", theirs)

			second.save(strings.Replace(content, line, mine, 1))
			second.waitFor("#merge [role=alert]", "changed while you were editing")
			second.waitFor(".choice.mine", mine)
			second.waitFor(".choice.theirs", theirs)
			second.waitFor(".agreed", "Call Ada")
			first.open(url)
			first.waitFor(".note .prose", theirs) // nothing has been saved yet
			first.open(url + "/edit")
			first.waitFor(".offer", "You have an unsaved draft") // and what was typed is kept

			second.click("#choice-1-" + choice)
			second.click("#merge .primary")
			for _, line := range kept {
				second.waitFor(".note .prose", line)
			}
			second.checkHistory(url, theirs, mine)
			second.open(url + "/edit")
			second.waitGone(".offer")
		}
		round("theirs", "Buy oat milk", "Buy soy milk", "Buy oat milk")
		round("mine", "Buy rice milk", "Buy nut milk", "Buy nut milk")
		round("both", "Buy goat milk", "Buy cow milk", "Buy goat milk", "Buy cow milk")
		second.checkHistory(url, "Buy milk", "Buy oat milk", "Buy soy milk", "Buy rice milk", "Buy nut milk")
	})
}

func TestANoteThatIsDeletedWhileItIsEditedCanBeSavedOnceItIsBack(t *testing.T) {
	inTwoTabs(t, func(t *testing.T, first, second *tab, url string) {
		first.open(url)
		first.click(`.actions form[action$="/trash"] button`)
		first.waitFor(".notice", "moved to trash")
		second.save("written meanwhile")
		second.waitFor("[role=alert]", "This note is in the trash")
		if content := second.value("#content"); content != "written meanwhile" {
			t.Errorf("the form holds %q", content)
		}
		first.click(".notice button")
		first.waitFor(".notice", "restored")
		second.click("#editor .primary")
		second.waitFor(".note .prose", "written meanwhile")
	})
}

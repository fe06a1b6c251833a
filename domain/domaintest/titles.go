package domaintest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// wantTitled checks to which note of Alice's a link to a title leads; the id is "" for none.
func (f *fixture) wantTitled(t *testing.T, title string, want domain.ID) {
	t.Helper()
	key := domain.TitleKey(title)
	found, err := f.Links(f.alice.Read()).Titled(f.ctx, key)
	must(t, err)
	if got, ok := found[key]; got.ID != want || ok != (want != "") {
		t.Errorf("a link to %q leads to %+v, want %q", title, got, want)
	}
}

func titledFirst(t *testing.T, f *fixture) {
	f.wantTitled(t, "plan", "")
	older := f.addNote(t, "The  Plan")
	f.later(time.Second)
	newer := f.addNote(t, "the plan")
	f.wantTitled(t, "THE PLAN", older.ID)
	older = f.move(t, older, domain.Archived)
	f.wantTitled(t, "the plan", older.ID)
	older = f.move(t, older, domain.Trashed)
	f.wantTitled(t, "the plan", newer.ID)
	older = f.move(t, older, domain.Active)
	f.wantTitled(t, "the plan", older.ID)
	older = f.edit(t, older, "Another", "")
	f.wantTitled(t, "the plan", newer.ID)
	f.wantTitled(t, "another", older.ID)
	must(t, f.notes.Remove(f.ctx, newer.ID))
	f.wantTitled(t, "the plan", "")

	found, err := f.Links(f.alice.Read()).Titled(f.ctx)
	must(t, err)
	wantEqual(t, len(found), 0)
	found, err = f.Links(f.alice.Read()).Titled(f.ctx, domain.TitleKey("another"), domain.TitleKey("the plan"), domain.TitleKey("another"))
	must(t, err)
	wantEqual(t, len(found), 1)
	wantEqual(t, found[domain.TitleKey("another")], domain.NoteTitle{ID: older.ID, Title: "Another", Version: older.Version})
}

func titledMany(t *testing.T, f *fixture) {
	n, last := f.addNote(t, "title 0"), f.addNote(t, "title 39999")
	var keys []string
	for i := range 40_000 { // about as many links as a content has room for
		keys = append(keys, domain.TitleKey(fmt.Sprintf("title %d", i)))
	}
	found, err := f.Links(f.alice.Read()).Titled(f.ctx, keys...)
	must(t, err)
	wantEqual(t, len(found), 2)
	wantEqual(t, found[keys[0]].ID, n.ID)
	wantEqual(t, found[keys[len(keys)-1]].ID, last.ID)
}

func titledTheSame(t *testing.T, f *fixture) {
	var list []domain.Note
	for i := range 420 {
		draft := domain.NoteDraft{Title: "A plan"}
		if i%2 > 0 {
			draft = domain.NoteDraft{Title: fmt.Sprint("Meeting ", i), Content: "---\naliases: [Meeting]\n---\n"}
		}
		n, err := domain.NewNote(draft, f.now)
		must(t, err)
		list = append(list, n)
	}
	list[0].Title = "Zero" // which leaves the second one of them as the first so called
	rare := f.addNote(t, "Rare")
	must(t, f.Notes(f.alice).AddMany(f.ctx, list, nil))
	found, err := f.Links(f.alice.Read()).Titled(f.ctx, "a plan", "meeting", "rare", "nothing")
	must(t, err)
	wantEqual(t, len(found), 3)
	wantEqual(t, found["a plan"].ID, list[2].ID)
	wantEqual(t, found["meeting"].ID, list[1].ID)
	wantEqual(t, found["rare"].ID, rare.ID)
}

func aroundANote(t *testing.T, f *fixture) {
	n := f.addNote(t, "A plan")
	var keys []string
	for i := range 25 {
		keys = append(keys, domain.TitleKey(f.addNote(t, fmt.Sprint("Linked ", i)).Title))
		draft := domain.NoteDraft{Title: fmt.Sprint("Linking ", i), Content: fmt.Sprintf("---\naliases: [Alias %d, Linked %d]\n---\n[[A plan]]", i, i)}
		other, err := domain.NewNote(draft, f.now)
		must(t, err)
		must(t, f.Notes(f.alice).Add(f.ctx, other))
		keys = append(keys, domain.TitleKey(fmt.Sprint("Alias ", i)))
		if i%3 == 0 {
			f.move(t, other, domain.Trashed)
		}
	}
	keys = append(keys, "nothing", domain.TitleKey(n.Title))
	links := f.Links(f.alice.Read())
	for _, c := range []struct {
		keys   []string
		linked string
		limit  int
	}{
		{keys, "a plan", 50}, {keys, "a plan", 7}, {keys[:3], "a plan", 25}, {keys, "nothing", 10}, {keys[:1], "", 0}, {nil, "a plan", 3},
	} {
		titles, linking, err := links.Around(f.ctx, c.keys, c.linked, c.limit)
		must(t, err)
		wantTitles, err := links.Titled(f.ctx, c.keys...)
		must(t, err)
		wantEqual(t, titles, wantTitles)
		var want []domain.NoteSummary
		if c.limit > 0 {
			all, err := links.Linking(f.ctx, []string{c.linked}, "", c.limit)
			must(t, err)
			for _, other := range all {
				want = append(want, domain.NoteSummary{ID: other.ID, Title: other.Title, State: other.State, Version: other.Version})
			}
		}
		wantEqual(t, linking, want)
	}
	titles, linking, err := f.Links(f.bob.Read()).Around(f.ctx, keys, "a plan", 50)
	must(t, err)
	wantEqual(t, len(titles)+len(linking), 0)
}

// aroundVersions goes through what may change around a note: whatever Around returns for it then, it has the version of that.
func aroundVersions(t *testing.T, f *fixture) {
	const text = "to [[Plan]], [[Folder/Plan]], [[Nothing]] and [[A note]]"
	n := f.addText(t, "A note", text)
	keys := []string{"plan", "folder/plan", "nothing", "a note"}
	links := f.Links(f.alice.Read())
	seen := map[string]string{}
	check := func(what string) {
		t.Helper()
		titles, linking, err := links.Around(f.ctx, keys, "a note", 3)
		must(t, err)
		drafts, err := f.ReadDrafts(f.alice.Read()).List(f.ctx, n.ID, 2)
		must(t, err)
		version, err := links.AroundVersion(f.ctx, n.ID, 3, 2)
		must(t, err)
		wantEqual(t, version, domain.AroundVersion(n.Version, titles, linking, drafts))
		if before := seen[version]; before != "" {
			t.Errorf("after %s it has the version that it had after %s", what, before)
		}
		seen[version] = what
	}
	check("none")
	plan := f.addNote(t, "Plan")
	check("a title")
	alias := f.addText(t, "Other", "---\naliases: [Nothing, Plan]\n---\n")
	check("an alias")
	plan = f.edit(t, plan, "Plan", "what it says")
	check("a text")
	plan = f.move(t, plan, domain.Trashed)
	check("a title in the trash, for which there is an alias")
	f.move(t, plan, domain.Active)
	check("a title that is back")
	must(t, f.notes.Remove(f.ctx, alias.ID))
	check("no alias")
	whole := f.addNote(t, "Folder/Plan")
	check("a title with a path")
	linking := f.addText(t, "Linking", "to [[a NOTE]]")
	check("a link")
	path := f.addText(t, "Another", "to [[x/A note]]")
	check("a link with a path")
	linking = f.edit(t, linking, "Linking", "to [[a NOTE]] again")
	blocking := f.addNote(t, "x/A note")
	check("a link with a path to another note")
	must(t, f.notes.Remove(f.ctx, blocking.ID))
	must(t, f.notes.Remove(f.ctx, whole.ID))
	path = f.edit(t, path, "Another", "to [[x/A note]] again")
	check("a changed link")
	f.move(t, path, domain.Trashed)
	check("a link from the trash")
	f.edit(t, linking, "Linking", "to nothing")
	check("no link")
	f.addText(t, "Linking", "to [[A note]]")
	check("one more, which are as many as are asked for, with itself and the one in the trash")
	n = f.edit(t, n, "A note", text+" as well")
	check("another text of its own")
	typed := f.draft(t, n.ID, "typed")
	must(t, f.Drafts(f.alice).Put(f.ctx, typed))
	check("a draft")
	f.later(time.Microsecond)
	typed.Saved = f.now
	must(t, f.Drafts(f.alice).Put(f.ctx, typed))
	check("a draft saved again")
	second := f.draft(t, n.ID, "in another window")
	must(t, f.Drafts(f.alice).Put(f.ctx, second))
	check("a draft saved at the same time")
	f.later(time.Hour)
	third := f.draft(t, n.ID, "in a third one")
	must(t, f.Drafts(f.alice).Put(f.ctx, third))
	check("one more than are asked for")
	_, err := f.Drafts(f.alice).Discard(f.ctx, third.Key, f.now)
	must(t, err)
	must(t, f.Drafts(f.alice).Remove(f.ctx, second.Key))
	version, err := links.AroundVersion(f.ctx, n.ID, 3, 2)
	must(t, err)
	wantEqual(t, seen[version], "a draft saved again")

	_, err = links.AroundVersion(f.ctx, domain.NewID(), 3, 2)
	wantKind(t, err, domain.NotFound)
	_, err = f.Links(f.bob.Read()).AroundVersion(f.ctx, n.ID, 3, 2)
	wantKind(t, err, domain.NotFound)
}

func titlesByPrefix(t *testing.T, f *fixture) {
	for _, title := range []string{"plan b", "Plan A", "planet", "100% sure", "100 percent", "a_b", "axb", "Été"} {
		f.addNote(t, title)
	}
	f.move(t, f.addNote(t, "plan in the trash"), domain.Trashed)
	f.move(t, f.addNote(t, "plan in the archive"), domain.Archived)
	for _, c := range []struct {
		typed string
		limit int
		want  string
	}{
		{"PLAN", 10, "Plan A, plan b, plan in the archive, planet"},
		{"plan", 2, "Plan A, plan b"},
		{"100%", 10, "100% sure"},
		{"a_", 10, "a_b"},
		{"É", 10, "Été"},
		{"e", 10, ""},
		{"", 3, "100 percent, 100% sure, a_b"},
		{"plan in the archive", 10, "plan in the archive"},
		{"lan", 10, ""},
		{`\`, 10, ""},
	} {
		list, err := f.Links(f.alice.Read()).Titles(f.ctx, domain.TitleKey(c.typed), c.limit)
		must(t, err)
		var got []string
		for _, title := range list {
			got = append(got, title.Title)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%q: got %q, want %q", c.typed, got, c.want)
		}
	}
}

// wantLinking checks which notes of Alice's link to a title.
func (f *fixture) wantLinking(t *testing.T, title, want string) {
	t.Helper()
	list, err := f.Links(f.alice.Read()).Linking(f.ctx, []string{domain.TitleKey(title)}, "", 100)
	must(t, err)
	if got := titles(list); got != want {
		t.Errorf("%q link to %q, want %q", got, title, want)
	}
}

func linksFollow(t *testing.T, f *fixture) {
	n := f.addText(t, "one", "see [[Plan]], [[plan]] and [[the garden]]")
	other := f.addText(t, "two", "see [[PLAN]]")
	f.wantLinking(t, "plan", "one two")
	f.wantLinking(t, "The Garden", "one")
	n = f.edit(t, n, "one", "see [[the garden]] and [[The Shed]]")
	f.wantLinking(t, "plan", "two")
	f.wantLinking(t, "the garden", "one")
	f.wantLinking(t, "the shed", "one")
	f.edit(t, n, "one", "see nothing")
	f.wantLinking(t, "the garden", "")
	must(t, f.notes.Remove(f.ctx, other.ID))
	f.wantLinking(t, "plan", "")
}

func linkingByPage(t *testing.T, f *fixture) {
	var want []string
	for i := range 11 {
		n := f.note(t, fmt.Sprintf("n%02d", i), "to [[Plan]] #tag")
		n.State = []domain.NoteState{domain.Active, domain.Archived, domain.Trashed}[i%3]
		n.Pinned, n.Updated = i%2 == 0, f.now.Add(-time.Duration(i)*time.Minute)
		must(t, f.notes.Add(f.ctx, n))
		want = append(want, n.Title)
		f.addText(t, "another", "to [[Plan B]]")
	}
	paged := inPages(t, func(after *domain.NoteSummary) ([]domain.NoteSummary, error) {
		if after == nil {
			return f.Links(f.alice.Read()).Linking(f.ctx, []string{domain.TitleKey("plan")}, "", 3)
		}
		return f.Links(f.alice.Read()).Linking(f.ctx, []string{domain.TitleKey("plan")}, after.ID, 3)
	})
	wantEqual(t, titles(paged), strings.Join(want, " "))
	first, err := f.notes.Get(f.ctx, paged[0].ID)
	must(t, err)
	wantEqual(t, paged[0], first.Summary())
}

// longestKeys uses a letter that becomes many when it is folded.
func longestKeys(t *testing.T, f *fixture) {
	for _, letter := range []string{"x", "語", "ﷺ", "𝔘", "ΐ"} {
		tag, title := domain.Tag(strings.Repeat(letter, domain.MaxTag)), strings.Repeat(letter, domain.MaxTitle)
		n := f.addText(t, title, "to [["+title+"]]", tag)
		wantNote(t, f.notes, n)
		f.wantTitled(t, title, n.ID)
		f.wantLinking(t, title, title)
		list, err := f.notes.List(f.ctx, domain.NoteFilter{State: domain.Active, Tag: tag.Key()}, nil, 10)
		must(t, err)
		wantEqual(t, titles(list), title)
		tags, err := f.Tags(f.alice.Read()).Beginning(f.ctx, tag.Key(), 10)
		must(t, err)
		wantEqual(t, tags, []domain.TagCount{{Tag: tag, Notes: 1}})
		ids, err := f.Tags(f.alice.Read()).Tagged(f.ctx, tag.Key(), "", 10)
		must(t, err)
		wantEqual(t, ids, []domain.ID{n.ID})
		// What differs at its end only is something else.
		f.wantTitled(t, title[:len(title)-len(letter)]+"!", "")
		f.wantLinking(t, title[:len(title)-len(letter)]+"!", "")
	}
}

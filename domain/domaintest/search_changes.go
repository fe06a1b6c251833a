package domaintest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

func searchFollows(t *testing.T, f *fixture) {
	n := f.note(t, "Draft of a letter", "dear reader")
	n.Tags = []domain.Tag{"letters"}
	must(t, f.notes.Add(f.ctx, n))
	wantFound := func(want string, queries ...string) {
		t.Helper()
		for _, text := range queries {
			q := query.Parse(text)
			if got := noteTitles(f.found(t, f.Index(f.alice.Read()), q, 5)); got != want {
				t.Errorf("%q found %q, want %q", text, got, want)
			}
			count, err := f.Index(f.alice.Read()).Count(f.ctx, q, 5)
			must(t, err)
			if found := want != ""; (count.Notes == 1) != found || (len(count.Tags) > 0) != found {
				t.Errorf("%q counted %+v, want %q", text, count, want)
			}
		}
	}
	wantFound(n.Title, "letter", "#letters", `"dear reader"`, "is:active", "updated:2026")

	edit := func(draft domain.NoteDraft) {
		t.Helper()
		edited, err := n.Edited(draft, n.Version, n.Updated.AddDate(1, 0, 0))
		must(t, err)
		must(t, f.notes.Update(f.ctx, edited, edited.Version-1))
		n = edited
	}
	edit(domain.NoteDraft{Title: "A letter", Content: "beloved reader"})
	wantFound(n.Title, "letter", "#letters", `"beloved reader"`, "updated:2027")
	wantFound("", "draft", "dear", `"dear reader"`, "updated:2026")
	edit(domain.NoteDraft{Title: "A letter", Content: "beloved reader", Tags: []domain.Tag{"mail/sent"}})
	wantFound(n.Title, "letter", "#mail", "#mail/sent")
	wantFound("", "#letters")

	change := func(changed domain.Note, ok bool) {
		t.Helper()
		if !ok {
			t.Fatal("nothing has changed")
		}
		must(t, f.notes.Update(f.ctx, changed, changed.Version-1))
		n = changed
	}
	change(n.WithPin(true))
	wantFound(n.Title, "letter", "is:pinned")
	change(n.MovedTo(domain.Trashed, f.now))
	wantFound("", "letter", "is:pinned", "is:active")
	wantFound(n.Title, "is:trashed", "letter is:trashed", `"beloved reader" is:trashed`)
	change(n.Restored(domain.Archived, f.now))
	wantFound(n.Title, "letter", "is:archived")
	wantFound("", "is:trashed")

	failed := errors.New("failed")
	err := f.Atomically(f.ctx, func(repos domain.Repos) error {
		changed, _ := n.WithPin(false)
		if err := repos.Notes(f.alice).Update(f.ctx, changed, changed.Version-1); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("got error %v, want %v", err, failed)
	}
	wantFound(n.Title, "is:pinned")

	must(t, f.notes.Remove(f.ctx, n.ID))
	wantFound("", "letter", "is:archived", "", "-nothing", "#mail", `"beloved reader"`)
}

func searchCounts(t *testing.T, f *fixture) {
	for i := range 30 {
		n := f.note(t, fmt.Sprint("note ", i), "counted twice twice")
		n.Updated = f.now.Add(-time.Duration(i) * time.Minute)
		n.Tags = []domain.Tag{domain.Tag(fmt.Sprintf("each/%02d", i))}
		if i%2 == 0 {
			n.Tags = append(n.Tags, "Even")
		}
		must(t, f.notes.Add(f.ctx, n))
	}
	for _, text := range []string{"counted", `"twice twice"`, "#each"} {
		q := query.Parse(text)
		count, err := f.Index(f.alice.Read()).Count(f.ctx, q, 100)
		must(t, err)
		if count.Notes != 30 || len(count.Tags) != 20 {
			t.Fatalf("%s: counted %d notes and %d tags, want 30 and the 20 most frequent", text, count.Notes, len(count.Tags))
		}
		wantEqual(t, fmt.Sprint(count.Tags[:4]), "[{each 30} {Even 15} {each/00 1} {each/01 1}]")

		count, err = f.Index(f.alice.Read()).Count(f.ctx, q, 4)
		must(t, err)
		wantEqual(t, fmt.Sprint(count), "{4 [{each 4} {Even 2} {each/00 1} {each/01 1} {each/02 1} {each/03 1}]}")

		count, err = f.Index(f.bob.Read()).Count(f.ctx, q, 100)
		must(t, err)
		wantEqual(t, fmt.Sprint(count), "{0 []}")
	}
}

func searchForeign(t *testing.T, f *fixture) {
	for i, notes := range []domain.Notes{f.notes, f.others, f.notes, f.others} {
		n := f.note(t, fmt.Sprintf("%s %d", []string{"hers", "his"}[i%2], i), "common words words")
		n.Updated = f.now.Add(time.Duration(i) * time.Hour)
		n.Tags = []domain.Tag{"common"}
		must(t, notes.Add(f.ctx, n))
	}
	for _, text := range []string{"common", `"words words"`, "", "-nothing", "#common", "updated:2026", "co*"} {
		q := query.Parse(text)
		wantEqual(t, noteTitles(f.found(t, f.Index(f.alice.Read()), q, 10)), "hers 2 | hers 0")
		wantEqual(t, noteTitles(f.found(t, f.Index(f.bob.Read()), q, 1)), "his 3 | his 1")
		count, err := f.Index(f.bob.Read()).Count(f.ctx, q, 10)
		must(t, err)
		wantEqual(t, fmt.Sprint(count), "{2 [{common 2}]}")
		// Not even by a place among them.
		theirs := f.found(t, f.Index(f.bob.Read()), q, 10)[0]
		got, err := f.Index(f.alice.Read()).Search(f.ctx, q, &domain.SearchCursor{Updated: theirs.Updated, ID: theirs.ID}, 10)
		must(t, err)
		wantEqual(t, noteTitles(got), "hers 2 | hers 0")
	}
}

// searchTimes finds notes of times that no clock has, and thousands of one second.
func searchTimes(t *testing.T, f *fixture) {
	add := func(title string, updated time.Time) {
		n := f.note(t, title, "timely")
		n.Created, n.Updated = updated, updated
		must(t, f.notes.Add(f.ctx, n))
	}
	add("now", f.now)
	add("future", time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC))
	add("second after", f.now.Add(time.Second))
	add("epoch", time.Unix(0, 0).UTC())
	add("old", time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC))
	inOrder := func() {
		t.Helper()
		timely := f.foundSoon(t, query.Parse("timely"), 2, 5)
		wantEqual(t, noteTitles(timely), "future | second after | now | old | epoch")
	}
	inOrder()
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		for i := range 3000 {
			n, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprint("imported ", i)}, f.now.AddDate(0, 0, -10))
			if err != nil {
				return err
			}
			if err := repos.Notes(f.alice).Add(f.ctx, n); err != nil {
				return err
			}
		}
		return nil
	}))
	inOrder()
	wantEqual(t, len(f.foundSoon(t, query.Parse("imported"), 500, 3000)), 3000)
	january := query.Parse("updated:2026-01")
	wantEqual(t, len(f.foundSoon(t, january, 500, 3000)), 3000)
	add("newest of old", time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC))
	found := f.foundSoon(t, january, 500, 3001)
	wantEqual(t, len(found), 3001)
	wantEqual(t, found[0].Title, "newest of old")
}

func searchHostile(t *testing.T, f *fixture) {
	fill := func(part func(i int) string) string {
		var b strings.Builder
		for i := 0; ; i++ {
			if next := part(i); b.Len()+len(next) <= domain.MaxContent {
				b.WriteString(next)
				continue
			}
			return b.String()
		}
	}
	for name, content := range map[string]string{
		"short words":  fill(func(i int) string { return fmt.Sprintf("%x ", i) }),
		"one word":     fill(func(int) string { return "x" }),
		"alike":        fill(func(int) string { return "語" }),
		"dense":        fill(func(i int) string { return string(rune(0x4e00 + i*7919%20000)) }),
		"expanding":    fill(func(i int) string { return string([]rune{rune(0x3300 + i%88), rune(0x4e00 + i%20000)}) }),
		"ligatures":    fill(func(i int) string { return fmt.Sprintf("ﷺ%xﷺ ", i) }),
		"emoji":        fill(func(i int) string { return string(rune(0x1f300 + i%300)) }),
		"accents":      "e" + fill(func(int) string { return "\u0301" })[:domain.MaxContent-2],
		"punctuation":  fill(func(int) string { return `"'*\(` }),
		"tags":         fill(func(i int) string { return fmt.Sprintf("#tag%d/a ", i%200) }),
		"joined":       fill(func(int) string { return "👩\u200d" }),
		"private":      fill(func(int) string { return "\U0010fffd\ue000" }),
		"quoted words": fill(func(i int) string { return fmt.Sprintf(`"%d' `, i) }),
	} {
		n := f.note(t, name+" hostile", content)
		must(t, f.notes.Add(f.ctx, n))
		q := query.Parse(fmt.Sprintf(`title:"%s hostile"`, name))
		found := func() string { return noteTitles(f.foundSoon(t, q, 2, 1)) }
		wantEqual(t, found(), n.Title)
		entry := n.SearchEntry()
		for _, i := range []int{0, len(entry.Content) / 2, len(entry.Content) - 1} {
			if i < 0 || i >= len(entry.Content) {
				continue
			}
			q.Clauses = append(q.Clauses[:1], query.Clause{Words: entry.Content[i : i+1]})
			if got := found(); got != n.Title {
				t.Errorf("%s: found %q by its word %d, %q", name, got, i, entry.Content[i])
			}
			q.Clauses[1].Not = true
			if got := noteTitles(f.foundSoon(t, q, 2, 0)); got != "" {
				t.Errorf("%s: found %q without its word %d, %q", name, got, i, entry.Content[i])
			}
		}
	}
	wantEqual(t, len(f.foundSoon(t, query.Parse("title:hostile"), 5, 13)), 13)
}

func searchEndedContext(t *testing.T, f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	_, err := f.Index(f.alice.Read()).Search(ctx, query.Parse("word"), nil, 5)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Search: got error %v, want %v", err, context.Canceled)
	}
	_, err = f.Index(f.alice.Read()).Count(ctx, query.Parse(`"two words"`), 5)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Count: got error %v, want %v", err, context.Canceled)
	}
}

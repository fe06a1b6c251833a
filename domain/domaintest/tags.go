package domaintest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/domain/query"
)

// wantTags checks which tags Alice has, each followed by how many notes have it.
func (f *fixture) wantTags(t *testing.T, want string) {
	t.Helper()
	f.wantTagsFrom(t, "", 100, want)
}

func (f *fixture) wantTagsFrom(t *testing.T, prefix string, limit int, want string) {
	t.Helper()
	tags, err := f.Tags(f.alice.Read()).Beginning(f.ctx, prefix, limit)
	must(t, err)
	list := make([]string, len(tags))
	for i, tag := range tags {
		list[i] = fmt.Sprintf("%s:%d", tag.Tag, tag.Notes)
	}
	if got := strings.Join(list, " "); got != want {
		t.Errorf("got the tags %q, want %q", got, want)
	}
}

// textsAreBounded stores a note with more tags and links in its text than a text may have.
func textsAreBounded(t *testing.T, f *fixture) {
	var b strings.Builder
	for i := range markup.MaxTextTags + 5 {
		fmt.Fprintf(&b, "#many/t%d [[Link %[1]d]] /files/%064[1]x\n", i)
	}
	n := f.addText(t, "n", b.String(), "own")
	got, err := f.notes.Get(f.ctx, n.ID)
	must(t, err)
	wantEqual(t, got, n)
	tags, err := f.Tags(f.alice.Read()).Beginning(f.ctx, "", 5000)
	must(t, err)
	wantEqual(t, len(tags), markup.MaxTextTags+2)
	last, beyond := markup.MaxTextTags-1, markup.MaxTextTags
	for number, want := range map[int]int{0: 1, last: 1, beyond: 0} {
		found, err := f.Index(f.alice.Read()).Search(f.ctx, query.Parse(fmt.Sprint("tag:many/t", number)), nil, 5)
		must(t, err)
		wantEqual(t, len(found), want)
		for _, hit := range found {
			wantEqual(t, hit.AllTags(), n.AllTags())
		}
		linking, err := f.Links(f.alice.Read()).Linking(f.ctx, []string{fmt.Sprint("link ", number)}, "", 5)
		must(t, err)
		wantEqual(t, len(linking), want)
	}
	n = f.edit(t, n, "n", "#few", "own")
	f.wantTags(t, "few:1 own:1")
	must(t, f.notes.Remove(f.ctx, n.ID))
	f.wantTags(t, "")
}

func tagsFollow(t *testing.T, f *fixture) {
	f.wantTags(t, "")
	given, inText := f.addNote(t, "given", "work/home"), f.addText(t, "in the text", "for #work")
	f.wantTags(t, "work:2 work/home:1")
	given = f.edit(t, given, given.Title, given.Content, "garden")
	f.wantTags(t, "garden:1 work:1")
	inText = f.edit(t, inText, inText.Title, "for nothing")
	f.wantTags(t, "garden:1")
	inText = f.edit(t, inText, inText.Title, "for the #garden/shed", "new")
	f.wantTags(t, "garden:2 garden/shed:1 new:1")

	inText = f.move(t, inText, domain.Trashed)
	f.wantTags(t, "garden:1")
	inText = f.move(t, inText, domain.Archived)
	f.wantTags(t, "garden:2 garden/shed:1 new:1")
	given = f.move(t, given, domain.Archived)
	f.wantTags(t, "garden:2 garden/shed:1 new:1")
	must(t, f.notes.Remove(f.ctx, inText.ID))
	f.wantTags(t, "garden:1")
	given = f.move(t, given, domain.Trashed)
	f.wantTags(t, "")
	must(t, f.notes.Remove(f.ctx, given.ID))
	f.wantTags(t, "")

	trashed := f.note(t, "made in the trash", "", "rubbish")
	trashed.State, trashed.Moved = domain.Trashed, f.now.Add(-time.Hour)
	must(t, f.notes.Add(f.ctx, trashed))
	f.wantTags(t, "")
	_, err := f.Housekeeping().PurgeTrash(f.ctx, f.now)
	must(t, err)
	f.wantTags(t, "")
}

func tagsCountOnce(t *testing.T, f *fixture) {
	n := f.addText(t, "one", "#a/b and #A/B and #a/c", "a", "a/b")
	f.wantTags(t, "a:1 a/b:1 a/c:1")
	n = f.edit(t, n, "one", "#a/c only in the text")
	f.wantTags(t, "a:1 a/b:1 a/c:1") // those beside the text are as they were
	n = f.edit(t, n, "one", "#a/c", "a/c")
	f.wantTags(t, "a:1 a/c:1")
	f.move(t, n, domain.Trashed)
	f.wantTags(t, "")
}

func tagNames(t *testing.T, f *fixture) {
	first := f.addNote(t, "first", "Work")
	f.wantTags(t, "Work:1")
	f.later(time.Second)
	f.addNote(t, "second", "work")
	f.wantTags(t, "work:2")
	f.later(time.Second)
	third := f.addText(t, "third", "#WORK")
	f.wantTags(t, "WORK:3")

	pinned, _ := first.WithPin(true) // which writes no tag
	must(t, f.notes.Update(f.ctx, pinned, pinned.Version-1))
	f.wantTags(t, "WORK:3")
	f.edit(t, third, "third", "#woRK")
	f.wantTags(t, "woRK:3")

	list, err := f.notes.List(f.ctx, activeOnes, nil, 1)
	must(t, err)
	wantEqual(t, list[0].Tags, []domain.Tag{"Work"}) // a note's own tags are as it says
}

func tagsByPrefix(t *testing.T, f *fixture) {
	f.addNote(t, "n", "z", "axb", "a_b", "a-b", "a/b", "Work/Home", "work-life", "workshop", "été", "日本")
	f.addNote(t, "m", "work")
	f.wantTags(t, "a:1 a-b:1 a/b:1 a_b:1 axb:1 work:2 work-life:1 Work/Home:1 workshop:1 z:1 été:1 日本:1")
	f.wantTagsFrom(t, "", 3, "a:1 a-b:1 a/b:1")
	f.wantTagsFrom(t, "work", 10, "work:2 work-life:1 Work/Home:1 workshop:1")
	f.wantTagsFrom(t, "work", 1, "work:2")
	f.wantTagsFrom(t, "work/", 10, "Work/Home:1")
	f.wantTagsFrom(t, "a_", 10, "a_b:1")
	f.wantTagsFrom(t, "日", 10, "日本:1")
	for _, prefix := range []string{"ork", "work%", `work\`, "e", "'"} {
		f.wantTagsFrom(t, prefix, 10, "")
	}
}

func tagsApart(t *testing.T, f *fixture) {
	apart := []domain.Tag{"resume", "résumé", "🎉", "🎊", "ss", "か", "が", "æ", "ae", "i", "ı"}
	f.addNote(t, "n", apart...)
	for _, name := range apart {
		tags, err := f.Tags(f.alice.Read()).Beginning(f.ctx, name.Key(), 1)
		must(t, err)
		if len(tags) != 1 || tags[0].Tag != name || tags[0].Notes != 1 {
			t.Errorf("of %q: got %v", name, tags)
		}
	}
	tags, err := f.Tags(f.alice.Read()).Beginning(f.ctx, "", 100)
	must(t, err)
	wantEqual(t, len(tags), len(apart))
	f.addNote(t, "same", "RÉSUMÉ", "SS")
	f.wantTagsFrom(t, domain.Tag("résumé").Key(), 1, "RÉSUMÉ:2")
	f.wantTagsFrom(t, "ss", 1, "SS:2")
}

func taggedByPage(t *testing.T, f *fixture) {
	var want []domain.ID
	for i := range 11 {
		n := f.note(t, fmt.Sprintf("n%02d", i), "", []domain.Tag{"work", "Work/a", "work/b/c"}[i%3])
		n.State = []domain.NoteState{domain.Active, domain.Archived, domain.Trashed}[i%3]
		n.Updated = f.now.Add(-time.Duration(i) * time.Minute)
		must(t, f.notes.Add(f.ctx, n))
		want = append(want, n.ID)
	}
	f.addNote(t, "other", "works")
	paged := inPages(t, func(after *domain.ID) ([]domain.ID, error) {
		if after == nil {
			return f.Tags(f.alice.Read()).Tagged(f.ctx, "work", "", 3)
		}
		return f.Tags(f.alice.Read()).Tagged(f.ctx, "work", *after, 3)
	})
	wantEqual(t, paged, want)
	none, err := f.Tags(f.alice.Read()).Tagged(f.ctx, "wor", "", 3)
	must(t, err)
	wantEqual(t, len(none), 0)
}

// tagRace saves notes that bring the same tags, each in another order, and takes the tags off again.
func tagRace(t *testing.T, f *fixture) {
	const writers = 8
	contested := []domain.Tag{"a/b", "b", "c/d/e", "f"}
	var wg sync.WaitGroup
	saved := make([]domain.Note, writers)
	for i := range writers {
		turn := i % len(contested)
		tags := append(append([]domain.Tag(nil), contested[turn:]...), contested[:turn]...)
		if i >= len(contested) {
			tags[0], tags[3] = tags[3], tags[0]
		}
		saved[i] = f.note(t, fmt.Sprintf("writer %d", i), "", tags...)
	}
	for _, n := range saved {
		wg.Go(func() {
			err := f.Atomically(f.ctx, func(repos domain.Repos) error { return repos.Notes(f.alice).Add(f.ctx, n) })
			if err != nil {
				t.Errorf("Add: %v", err)
			}
		})
	}
	wg.Wait()
	f.wantTags(t, "a:8 a/b:8 b:8 c:8 c/d:8 c/d/e:8 f:8")

	for i, n := range saved {
		edited, err := n.Edited(domain.NoteDraft{Title: n.Title, Tags: contested[:i%2]}, 1, f.now)
		must(t, err)
		wg.Go(func() {
			if err := f.notes.Update(f.ctx, edited, edited.Version-1); err != nil {
				t.Errorf("Update: %v", err)
			}
		})
	}
	wg.Wait()
	f.wantTags(t, "a:4 a/b:4")
}

package domaintest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

// found returns all that a query finds, read in pages of a size.
func (f *fixture) found(t *testing.T, index domain.Index, q query.Query, size int) []domain.Note {
	t.Helper()
	var all []domain.Note
	var after *domain.SearchCursor
	for {
		page, err := index.Search(f.ctx, q, after, size)
		must(t, err)
		all = append(all, page...)
		if len(page) < size {
			return all
		}
		last := page[len(page)-1]
		after = &domain.SearchCursor{Updated: last.Updated, ID: last.ID}
	}
}

// foundSoon returns what found does, once that is so many notes. InnoDB takes the words of notes from memory to the disk
// after they are committed, and for moments has some in neither.
func (f *fixture) foundSoon(t *testing.T, q query.Query, size, count int) []domain.Note {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if all := f.found(t, f.Index(f.alice.Read()), q, size); len(all) == count || time.Now().After(deadline) {
			return all
		}
	}
}

// entriesOf returns what an index knows of each note.
func entriesOf(notes []domain.Note) []query.Entry {
	entries := make([]query.Entry, len(notes))
	for i, n := range notes {
		entries[i] = n.SearchEntry()
	}
	return entries
}

// matching returns the notes that a query is to find, in their order. The entries are the notes'.
func matching(notes []domain.Note, entries []query.Entry, q query.Query) []domain.Note {
	var want []domain.Note
	for i, n := range notes {
		if q.Matches(entries[i], n.Created, n.Updated) {
			want = append(want, n)
		}
	}
	slices.SortFunc(want, func(a, b domain.Note) int { return b.Updated.Compare(a.Updated) })
	return want
}

func noteTitles(notes []domain.Note) string {
	titles := make([]string, len(notes))
	for i, n := range notes {
		titles[i] = n.Title
	}
	return strings.Join(titles, " | ")
}

// searchFirstAgrees holds what is asked for at once, a part before the whole, against what Search finds of each.
func searchFirstAgrees(t *testing.T, f *fixture) {
	notes := f.addLibrary(t)
	entries := entriesOf(notes)
	for i, text := range searchTexts() {
		q := query.Parse(text)
		parts := []query.Query{}
		if inTitle, _, ok := q.TitleFirst(); ok {
			parts = append(parts, inTitle)
		}
		if begins, ok := q.UpTo(query.TitleBegins); ok {
			parts = append(parts, begins)
		}
		for _, part := range parts {
			want := matching(notes, entries, part)
			for _, n := range matching(notes, entries, q) {
				if !slices.ContainsFunc(want, func(w domain.Note) bool { return w.ID == n.ID }) {
					want = append(want, n)
				}
			}
			limit := []int{2, 20, len(notes)}[i%3]
			got, err := f.Index(f.alice.Read()).SearchFirst(f.ctx, part, q, limit)
			must(t, err)
			if i%5 == 0 {
				brief, err := f.Index(f.alice.Read()).Brief().SearchFirst(f.ctx, part, q, limit)
				must(t, err)
				wantWithoutContents(t, text, brief, got)
			}
			if want = want[:min(len(want), limit)]; noteTitles(got) != noteTitles(want) {
				t.Errorf("%q, %d of them:\ngot  %s\nwant %s", text, limit, noteTitles(got), noteTitles(want))
			}
		}
	}
}

// wantWithoutContents checks what a brief search for a text has found, against what is found with contents.
func wantWithoutContents(t *testing.T, text string, brief, whole []domain.Note) {
	t.Helper()
	want := slices.Clone(whole)
	for i := range want {
		want[i].Content = ""
	}
	if !reflect.DeepEqual(brief, want) {
		t.Errorf("%q without contents:\ngot  %+v\nwant %+v", text, brief, want)
	}
}

func searchAgrees(t *testing.T, f *fixture) {
	notes := f.addLibrary(t)
	entries := entriesOf(notes)
	texts := searchTexts()
	if len(notes) < 150 || len(texts) < 200 {
		t.Errorf("there are %d notes and %d queries, want at least 150 and 200", len(notes), len(texts))
	}
	check := func(name string, q query.Query) {
		want := matching(notes, entries, q)
		if got := f.found(t, f.Index(f.alice.Read()), q, 20); noteTitles(got) != noteTitles(want) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, noteTitles(got), noteTitles(want))
		}
		f.wantPlaces(t, name, q, want)
		if len(want)%5 == 1 {
			brief, err := f.Index(f.alice.Read()).Brief().Search(f.ctx, q, nil, 20)
			must(t, err)
			whole, err := f.Index(f.alice.Read()).Search(f.ctx, q, nil, 20)
			must(t, err)
			wantWithoutContents(t, name, brief, whole)
		}
		count, err := f.Index(f.alice.Read()).Count(f.ctx, q, len(notes)+1)
		must(t, err)
		if count.Notes != len(want) {
			t.Errorf("%s: counted %d, want %d", name, count.Notes, len(want))
		}
	}
	for _, text := range texts {
		q := query.Parse(text)
		check(fmt.Sprintf("%q", text), q)
		for rank, part := range q.Ranked() {
			if part != nil {
				check(fmt.Sprintf("%q of rank %d", text, rank), *part)
			}
		}
		for _, rank := range []query.Rank{query.TitleSays, query.TitleBegins} {
			if best, ok := q.UpTo(rank); ok {
				check(fmt.Sprintf("%q up to rank %d", text, rank), best)
			}
		}
	}
	if got := f.found(t, f.Index(f.bob.Read()), query.Query{}, 20); len(got) != 0 {
		t.Errorf("somebody else finds %s", noteTitles(got))
	}
}

// wantPlaces checks where a query finds notes, page by page.
func (f *fixture) wantPlaces(t *testing.T, name string, q query.Query, want []domain.Note) {
	t.Helper()
	const size = 50
	var after *domain.SearchCursor
	var got, wanted []domain.SearchCursor
	for {
		places, err := f.Index(f.alice.Read()).Places(f.ctx, q, after, size)
		must(t, err)
		got = append(got, places...)
		if len(places) < size {
			break
		}
		after = &places[size-1]
	}
	for _, n := range want {
		wanted = append(wanted, domain.SearchCursor{Updated: n.Updated, ID: n.ID})
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("%s: got the places %v, want %v", name, got, wanted)
	}
}

func searchSpots(t *testing.T, f *fixture) {
	f.addLibrary(t)
	for _, spot := range []struct{ query, want string }{
		{"日本語", "東京の天気"},
		{"京都", "京都旅行 | 東京の天気"},
		{"ポケット", "カタカナのメモ"},
		{"数据库", "中文笔记"},
		{"대학", ""},
		{"서울", "김치찌개 | 한국어 메모"},
		{"กรุงเทพ", "บันทึกภาษาไทย"},
		{"مرحبا", "ملاحظات عربية"},
		{"أحمد", "القاهرة | ملاحظات عربية"},
		{"שלום", "פתקים בעברית"},
		{"strasse", "Donaudampfschifffahrt | Straßenverkehr"},
		{"straße title:straßen*", "Straßenverkehr"},
		{"arger", "Donaudampfschifffahrt"},
		{"donau*", "Donaudampfschifffahrt"},
		{"dampf*", ""},
		{"l'ecole", "Crème brûlée | L'été à Paris"},
		{"coeur", "L'été à Paris"},
		{`"creme brulee"`, "Crème brûlée"},
		{"istanbul", "İstanbul | Istanbul trip"},
		{"izmir", "İstanbul | Istanbul trip"},
		{"ежик", "Заметки | Москва"},
		{"οδυσσευς", "Σημειώσεις"},
		{"नमस्ते", "हिन्दी नोट"},
		{"🎉", "More emoji | Party 🎉 | Tags"},
		{"👍 heart", "More emoji"},
		{"snake_case_name", "Code snippets"},
		{"node.js", "Code snippets"},
		{"don’t", "Don't panic"},
		{"rock'n'roll", "Don't panic"},
		{"me@example.org", "Links"},
		{`"quick brown"`, "Work plan"},
		{`"brown quick"`, "Work at home"},
		{`"lazy fox"`, "Archived plan | Homework"},
		{`"lazy fox" is:trashed`, "Trashed plan"},
		{"#work fox", "Archived plan | Homework | Old workshop | Work at home | Work plan"},
		{"#work/home", "Homework | Work at home"},
		{"#workshop", "Workshop"},
		{"fox -#work", "Pinned fox"},
		{"milk", "Shopping | Tasks"},
		{"milk is:trashed", "Trashed shopping"},
		{"has:image", "Pictures"},
		{"has:task -milk", "More tasks"},
		{"title:meeting title:notes", "Meeting notes | Notes meeting"},
		{`title:"notes meeting"`, "Notes meeting"},
		{`"budget budget"`, "Meeting notes"},
		{"to be or not to be", "Stop words"},
		{"NEAR(a b)", "Operators | SQL code"},
		{`"where id"`, "SQL code"},
		{"CO2", "Chemie | Formeln"},
		{"h₂o", "Chemie | Formeln"},
		{"m2 is:active", "Chemie | Formeln"},
		{"m² is:active", "Chemie | Formeln"},
		{"10^2", "Chemie"},
		{"kg is:active", "Chemie | Formeln | Shopping"},
		{"الله", "Koran | Ligatures"},
		{"الرحمن", "Koran"},
		{"日月", "Radicals"},
		{"马", "Radicals"},
		{"alfa", "Formatted"},
		{"bravo charlie delta echo golf", "Formatted"},
		{`"the green tea"`, "Formatted"},
		{"https://example.org/echo", "Formatted"},
		{"C++", "C# | C++ | Code snippets | Tags"},
		{"title:c!", "C# | C++"},
	} {
		got := f.found(t, f.Index(f.alice.Read()), query.Parse(spot.query), 50)
		names := make([]string, len(got))
		for i, n := range got {
			names[i] = n.Title
		}
		slices.Sort(names)
		want := strings.Split(spot.want, " | ")
		slices.Sort(want)
		if strings.Join(names, " | ") != strings.Join(want, " | ") {
			t.Errorf("%q:\ngot  %s\nwant %s", spot.query, strings.Join(names, " | "), strings.Join(want, " | "))
		}
	}
}

func searchReturnsNotes(t *testing.T, f *fixture) {
	n := f.note(t, "Whole", "with #inline and [[Link]]")
	n.Tags, n.Pinned, n.State, n.Author = []domain.Tag{"Beside", "it/is"}, true, domain.Archived, f.alice.User()
	n.Moved, n.Created = f.now.Add(-time.Minute), f.now.Add(-time.Hour)
	must(t, f.notes.Add(f.ctx, n))
	got := f.found(t, f.Index(f.alice.Read()), query.Parse("whole #it is:archived"), 2)
	if len(got) != 1 {
		t.Fatalf("found %d notes, want one", len(got))
	}
	want, err := f.notes.Get(f.ctx, n.ID)
	must(t, err)
	if fmt.Sprintf("%+v", got[0]) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got[0], want)
	}
}

func searchByPage(t *testing.T, f *fixture) {
	notes := f.addLibrary(t)
	// Notes of one second come in any order, but each once.
	for i := range 30 {
		n := f.note(t, fmt.Sprint("same second ", i), "apple apple apple")
		n.Updated = f.now.Truncate(time.Second).Add(time.Duration(i*7%30) * time.Millisecond)
		must(t, f.notes.Add(f.ctx, n))
		notes = append(notes, n)
	}
	entries := entriesOf(notes)
	for _, text := range []string{"apple", `"apple apple"`, "ap*", "-nothing", "title:same"} {
		q := query.Parse(text)
		want := len(matching(notes, entries, q))
		for _, size := range []int{1, 3, 7, 100} {
			seen := map[domain.ID]bool{}
			var last time.Time
			for i, n := range f.found(t, f.Index(f.alice.Read()), q, size) {
				if second := n.Updated.Truncate(time.Second); i > 0 && second.After(last.Truncate(time.Second)) {
					t.Errorf("%q by %d: %s comes after a note of %s", text, size, n.Updated, last)
				}
				if seen[n.ID] {
					t.Errorf("%q by %d: %s comes twice", text, size, n.Title)
				}
				seen[n.ID], last = true, n.Updated
			}
			if len(seen) != want {
				t.Errorf("%q by %d: found %d, want %d", text, size, len(seen), want)
			}
		}
	}
}

func searchAfterGone(t *testing.T, f *fixture) {
	for tag, text := range map[domain.Tag]string{"single": "word", "phrase": `"word word"`} {
		q := query.Parse(text + " #" + string(tag))
		var notes []domain.Note
		for i := range 6 {
			n := f.note(t, fmt.Sprint("note ", i), "word word")
			n.Tags, n.Updated = []domain.Tag{tag}, f.now.Add(-time.Duration(i)*time.Hour)
			must(t, f.notes.Add(f.ctx, n))
			notes = append(notes, n)
		}
		page, err := f.Index(f.alice.Read()).Search(f.ctx, q, nil, 3)
		must(t, err)
		wantEqual(t, noteTitles(page), "note 0 | note 1 | note 2")
		after := &domain.SearchCursor{Updated: page[2].Updated, ID: page[2].ID}

		edited, err := notes[2].Edited(domain.NoteDraft{Title: "edited", Content: "word word"}, 1, f.now.Add(time.Hour))
		must(t, err)
		must(t, f.notes.Update(f.ctx, edited, edited.Version-1))
		page, err = f.Index(f.alice.Read()).Search(f.ctx, q, after, 2)
		must(t, err)
		wantEqual(t, noteTitles(page), "note 3 | note 4")

		must(t, f.notes.Remove(f.ctx, notes[2].ID))
		must(t, f.notes.Remove(f.ctx, notes[3].ID))
		page, err = f.Index(f.alice.Read()).Search(f.ctx, q, after, 3)
		must(t, err)
		wantEqual(t, noteTitles(page), "note 4 | note 5")
		page, err = f.Index(f.alice.Read()).Search(f.ctx, q, &domain.SearchCursor{Updated: f.now.AddDate(-50, 0, 0), ID: domain.NewID()}, 3)
		must(t, err)
		wantEqual(t, noteTitles(page), "")
	}
}

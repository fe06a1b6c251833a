package domain_test

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/domain/query"
)

var now = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

func newNote(t *testing.T, title, content string) domain.Note {
	t.Helper()
	n, err := domain.NewNote(domain.NoteDraft{Title: title, Content: content}, now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func wantEqual[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestANewNoteIsActiveAndInItsFirstVersion(t *testing.T) {
	n := newNote(t, "  Groceries ", "milk\r\nbread")
	if _, ok := domain.ParseID(string(n.ID)); !ok {
		t.Errorf("id %q can't be read back", n.ID)
	}
	n.ID = ""
	wantEqual(t, n, domain.Note{
		NoteFields: domain.NoteFields{Title: "Groceries", Content: "milk\nbread"}, Excerpt: "milk bread", State: domain.Active, Created: now, Updated: now, Moved: now, Version: 1, Saved: 1,
	})
}

func TestTheTitleIsTakenFromTheFirstLineWhenLeftEmpty(t *testing.T) {
	for content, title := range map[string]string{
		"Call mum":                         "Call mum",
		"\n\n  # Plans #\n\ntext":          "Plans",
		"###### Deep\ntext":                "Deep",
		"#hashtag first":                   "#hashtag first",
		"- [ ] buy **milk**\n- [x] bread":  "buy milk",
		"> quoted":                         "quoted",
		"---\nAfter a rule":                "After a rule",
		"```go\nfmt.Println()\n```":        "fmt.Println()",
		"See [the docs](https://x.org) ok": "See the docs ok",
		"日本語のメモ\n本文":                       "日本語のメモ",
		"!!!":                              "!!!",
		"🎉":                                "🎉",
		"snake_case stays":                 "snake_case stays",
		"a\tb":                             "a b",
		"1. milk\n2. bread":                "milk",
		"2026. A year":                     "2026. A year",
		"# a\u2028b":                       "a b",
		"# Learning C#":                    "Learning C#",
		"# F# #":                           "F#",
		"# C# # #":                         "C# #",
		"## C# ##\t":                       "C#",
		"# C\\#":                           "C#",
		"# a \\#":                          "a #",
		"# C#\tand F#":                     "C# and F#",
		"#\ta":                             "a",
		"C#\n===":                          "C#",
		"# Meeting with [[Anna]] and [docs](https://e.org)[^1]":      "Meeting with Anna and docs",
		"**Plans** for [[Anna#Birthday]] and [[b|Bob]] ![cat](/x)":   "Plans for Anna › Birthday and Bob cat",
		"2*3*4 and 2 * 3, a_b_c, ~5, x == y":                         "234 and 2 * 3, a_b_c, ~5, x == y",
		"caf&#233; `a*b*` <kbd>x</kbd>&#x20;<b> <https://e.org/>":    "café a*b* x <b> https://e.org/",
		"==new== %%old%% text^[aside] <!-- x -->here ^id":            "new text here",
		"Tea^[see [[Anna]], [b](https://e.org) and ^[c] \\] d] time": "Tea time",
		"Tea^[see [[Anna]]":                       "Tea^see Anna",
		"\uFEFF# Marked":                          "Marked",
		"<!-- to\n\ndo -->\n%%\nx\n%%\n\n# Plans": "Plans",
		"<!-- alone -->":                          "<!-- alone -->",
		"# #work":                                 "#work",
	} {
		wantEqual(t, newNote(t, " \t", content).Title, title)
	}
	long := newNote(t, "", strings.Repeat("word ", 200)).Title
	if n := utf8.RuneCountInString(long); n > domain.MaxTitle || !strings.HasSuffix(long, "word…") {
		t.Errorf("got a title of %d characters: %s", n, long)
	}
}

func TestTheBodyDoesNotRepeatTheTitle(t *testing.T) {
	for _, c := range []struct{ title, content, body string }{
		{"", "# Plans\n\ntext", "text"},
		{"", "Plans\ntext", "text"},
		{"", "Plans\n=====\ntext", "text"},
		{"Plans", "# Plans\ntext", "text"},
		{"Other", "# Plans\ntext", "# Plans\ntext"},
		{"", "- [ ] milk\n- [ ] bread", "- [ ] milk\n- [ ] bread"},
		{"", "See [docs](/d)\nmore", "more"},
		{"", "# Meeting with [[Anna]] and [docs](https://e.org)[^1]\n\n[^1]: x", "[^1]: x"},
		{"Plans **now**", "# Plans **now**\n\ntext", "text"},
		{"Plans now", "Plans **now** %%later%%\n---\ntext", "text"},
		{"", "    code\nmore", "    code\nmore"},
		{"", "\tcode", "\tcode"},
		{"", "   three\nmore", "more"},
		{"", "![a](/files/b)\nmore", "![a](/files/b)\nmore"},
		{"", "a|b\n-|-\nc|d", "a|b\n-|-\nc|d"},
		{"", "> quoted", "> quoted"},
		{"", "[^1]: note", "[^1]: note"},
		{"", "<!-- hidden\n\nstill -->\nshown\nmore", "more"},
		{"", strings.Repeat("word ", 200) + "\nmore", strings.Repeat("word ", 200) + "\nmore"},
		{"", "Only a title", ""},
		{"", "1. milk\n2. bread", "1. milk\n2. bread"},
		{"", "Two\twords\nrest", "rest"},
		{"", "Anna\\\nMain Street", "Main Street"},
		{"Only a title", "", ""},
	} {
		n := newNote(t, c.title, c.content)
		wantEqual(t, n.Body(), c.body)
		wantEqual(t, n.Content, c.content)
	}
}

func TestAnExcerptIsPlainAndShort(t *testing.T) {
	n := newNote(t, "T", "# Head\n\n- **bold** and `code`\n- [link](http://x) ![alt](/i.png)\n\n|a|b|\n|-|-|\n|1|2|\n\n2 < 3 & \\*stars\\*")
	wantEqual(t, n.Excerpt, "Head bold and code link alt a b 1 2 2 < 3 & *stars*")
	n = newNote(t, "T", "> [!note]\n> said\n\n> [!tip]- Short\n> [!or not\n\n[![badge](/b.svg)](http://x)")
	wantEqual(t, n.Excerpt, "said Short !or not badge")
	n = newNote(t, "T", "%%a%% b\n<!--\nc\n\nd -->\n<details><summary>e</summary>\n\nf^[g] ==h== ^id\n</details>\n[[A#B|c]] [[D]] caf&#233;\n%%\ni\n%%\nj<br>k")
	wantEqual(t, n.Excerpt, "b e f h c D café j k")
	n = newNote(t, "T", "a[^1] b\n\n[^1]: c ![[d.png|300]] ![[e.png|f|20x30]] ![[g.png|h]] [[2026|20]]\n- [^i]: j")
	wantEqual(t, n.Excerpt, "a b c d.png f h 20 j")
	long := newNote(t, "T", strings.Repeat("語", domain.MaxContent/3)).Excerpt
	wantEqual(t, utf8.RuneCountInString(long), 240)
}

func TestWhatCanNotBeStoredIsRefusedByField(t *testing.T) {
	for name, c := range map[string]struct {
		draft domain.NoteDraft
		field string
	}{
		"nothing":                {domain.NoteDraft{}, "title"},
		"blanks over nothing":    {domain.NoteDraft{Title: " \t\n", Content: "\n \n"}, "title"},
		"a long title":           {domain.NoteDraft{Title: strings.Repeat("é", 256)}, "title"},
		"large content":          {domain.NoteDraft{Title: "t", Content: strings.Repeat("x", 256<<10+1)}, "content"},
		"NUL in the title":       {domain.NoteDraft{Title: "a\x00"}, "title"},
		"NUL in the content":     {domain.NoteDraft{Title: "t", Content: "\x00"}, "content"},
		"invalid UTF-8":          {domain.NoteDraft{Title: "t", Content: "\xff"}, "content"},
		"invalid UTF-8 in title": {domain.NoteDraft{Title: "\xed\xa0\x80"}, "title"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := domain.NewNote(c.draft, now)
			if !errors.Is(err, domain.Invalid) {
				t.Fatalf("got %v", err)
			}
			fields := domain.FieldErrors(err)
			wantEqual(t, len(fields), 1)
			wantEqual(t, fields[0].Field, c.field)
		})
	}
}

func TestTheLimitsThemselvesAreAllowed(t *testing.T) {
	newNote(t, strings.Repeat("é", 255), strings.Repeat("x", 256<<10))
	newNote(t, "t", strings.Repeat("\r\n", 256<<10)) // a line end counts as one
}

func TestATitleStaysOnOneLine(t *testing.T) {
	wantEqual(t, newNote(t, "a\r\nb\tc\u2028d", "").Title, "a  b c d")
}

func TestAnEditUponAStaleVersionIsAConflict(t *testing.T) {
	n := newNote(t, "first", "")
	second, err := n.Edited(domain.NoteDraft{Title: "second"}, 1, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, second.Version, 2)
	wantEqual(t, second.Created, now)
	wantEqual(t, second.Updated, now.Add(time.Hour))
	if _, err := second.Edited(domain.NoteDraft{Title: "third"}, 1, now); !errors.Is(err, domain.Conflict) {
		t.Errorf("got %v", err)
	}
	if _, err := second.Edited(domain.NoteDraft{}, 2, now); !errors.Is(err, domain.Invalid) {
		t.Errorf("got %v", err)
	}
	wantEqual(t, n.Title, "first")
}

func TestMovingANoteIsNotEditingIt(t *testing.T) {
	n, later := newNote(t, "t", ""), now.Add(time.Hour)
	for _, state := range []domain.NoteState{domain.Archived, domain.Trashed} {
		moved, changed := n.MovedTo(state, later)
		wantEqual(t, changed, true)
		want := n
		want.State, want.Moved, want.Version = state, later, 2
		wantEqual(t, moved, want)
		again, changed := moved.MovedTo(state, later.Add(time.Hour))
		wantEqual(t, changed, false)
		wantEqual(t, again, moved)
	}
	same, changed := n.MovedTo(domain.Active, later)
	wantEqual(t, changed, false)
	wantEqual(t, same, n)
}

func TestPinningANoteIsNotEditingIt(t *testing.T) {
	n := newNote(t, "t", "")
	pinned, changed := n.WithPin(true)
	wantEqual(t, changed, true)
	want := n
	want.Pinned, want.Version = true, 2
	wantEqual(t, pinned, want)
	same, changed := pinned.WithPin(true)
	wantEqual(t, changed, false)
	wantEqual(t, same, pinned)
	unpinned, changed := pinned.WithPin(false)
	wantEqual(t, changed, true)
	want.Pinned, want.Version = false, 3
	wantEqual(t, unpinned, want)
}

func TestTheTrashIsListedByWhenNotesWerePutThere(t *testing.T) {
	n := newNote(t, "t", "")
	for state, want := range map[domain.NoteState]time.Time{
		domain.Active: now, domain.Archived: now, domain.Trashed: now.Add(time.Hour),
	} {
		n.State, n.Moved = state, now.Add(time.Hour)
		wantEqual(t, n.Listed(), want)
		wantEqual(t, n.Summary().Listed(), want)
		wantEqual(t, n.Summary().Cursor(domain.ByEdited), domain.NoteCursor{State: state, Time: want, ID: n.ID})
	}
}

func TestOnlyANoteInTheTrashCanBePurged(t *testing.T) {
	n := newNote(t, "t", "")
	if err := n.CanPurge(); !errors.Is(err, domain.Conflict) {
		t.Errorf("got %v", err)
	}
	n.State = domain.Trashed
	if err := n.CanPurge(); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestARecordNeedsATitle(t *testing.T) {
	_, err := domain.NewRecord(domain.RecordDraft{Title: " ", Content: "first line"}, now)
	if !errors.Is(err, domain.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestACursorIsOfOneOrder(t *testing.T) {
	n := newNote(t, "Été… 10.5 (x.y)", "")
	summary := n.Summary()
	summary.Created = n.Created
	orders := []domain.NoteOrder{domain.ByEdited, domain.ByCreated, domain.ByTitle}
	for _, order := range orders {
		cursor := summary.Cursor(order)
		for _, other := range orders {
			got, err := domain.ParseNoteCursor(cursor.String(), domain.NoteFilter{State: domain.Active, Order: other})
			switch {
			case order != other && !errors.Is(err, domain.Invalid):
				t.Errorf("a cursor of the order %s is read as one of %s", order.Name(), other.Name())
			case order == other && err != nil:
				t.Error(err)
			case order == other:
				wantEqual(t, got, cursor)
			}
		}
		read, ok := domain.ParseNoteOrder(order.Name())
		wantEqual(t, ok, true)
		wantEqual(t, read, order)
	}
	for _, unknown := range []string{"", "Title", "size"} {
		if _, ok := domain.ParseNoteOrder(unknown); ok {
			t.Errorf("%q is an order", unknown)
		}
	}
}

func TestCursorsAreReadBackByTheirOwnListOnly(t *testing.T) {
	note := domain.NoteCursor{State: domain.Active, Pinned: true, Time: now.Add(123 * time.Microsecond), ID: domain.NewID()}
	got, err := domain.ParseNoteCursor(note.String(), domain.NoteFilter{State: domain.Active})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, got, note)
	record := domain.RecordCursor(domain.NewID())
	back, err := domain.ParseRecordCursor(record.String())
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, back, record)
	search := domain.SearchCursor{Rank: query.TitleBegins, Updated: now.Add(123 * time.Microsecond), ID: domain.NewID()}
	place, err := domain.ParseSearchCursor(search.String())
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, place, search)

	for _, text := range []string{"x", "====", record.String(), search.String(), note.String() + "x", note.String()[1:], string(note.ID)} {
		if _, err := domain.ParseNoteCursor(text, domain.NoteFilter{State: domain.Active}); !errors.Is(err, domain.Invalid) {
			t.Errorf("%q as a cursor of notes: got %v", text, err)
		}
	}
	if _, err := domain.ParseNoteCursor(note.String(), domain.NoteFilter{State: domain.Trashed}); !errors.Is(err, domain.Invalid) {
		t.Errorf("a cursor of another state: got %v", err)
	}
	if _, err := domain.ParseRecordCursor(note.String()); !errors.Is(err, domain.Invalid) {
		t.Errorf("a cursor of notes as one of records: got %v", err)
	}
	for _, text := range []string{
		"", "x", record.String(), note.String(), search.String() + "x", search.String()[1:], string(search.ID),
		domain.SearchCursor{Updated: now, ID: "no id"}.String(),
		domain.SearchCursor{Rank: -1, Updated: now, ID: search.ID}.String(),
		domain.SearchCursor{Rank: query.TextHas + 1, Updated: now, ID: search.ID}.String(),
	} {
		if _, err := domain.ParseSearchCursor(text); !errors.Is(err, domain.Invalid) {
			t.Errorf("%q as a cursor of a search: got %v", text, err)
		}
	}
}

func TestACursorOfSeveralSpacesComesBackAsItWasAndNoOtherTextIsOne(t *testing.T) {
	cursor := domain.SpacesCursor{}
	for i := range domain.MaxSpaces + 1 {
		cursor[domain.NewID()] = domain.SearchCursor{Rank: query.Rank(i % 3), Updated: now.Add(time.Duration(i) * time.Microsecond), ID: domain.NewID()}
	}
	got, err := domain.ParseSpacesCursor(cursor.String())
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, got, cursor)
	one := domain.SearchCursor{ID: domain.NewID()}
	for _, text := range []string{
		"", "x", one.String(), cursor.String() + "x", cursor.String()[1:], domain.SpacesCursor{}.String(),
		domain.SpacesCursor{"no id": one}.String(), domain.SpacesCursor{domain.NewID(): {ID: "no id"}}.String(),
	} {
		if _, err := domain.ParseSpacesCursor(text); !errors.Is(err, domain.Invalid) {
			t.Errorf("%q as a cursor of several spaces: got %v", text, err)
		}
	}
	cursor[domain.NewID()] = one
	if _, err := domain.ParseSpacesCursor(cursor.String()); !errors.Is(err, domain.Invalid) {
		t.Errorf("a cursor of more spaces than anybody is in: got %v", err)
	}
}

func FuzzParseSpacesCursor(f *testing.F) {
	f.Add(domain.SpacesCursor{domain.NewID(): {Rank: query.TitleBegins, Updated: now, ID: domain.NewID()}}.String())
	f.Add("bS4uLg")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := domain.ParseSpacesCursor(text)
		if err != nil {
			return
		}
		if again, err := domain.ParseSpacesCursor(c.String()); err != nil || len(again) != len(c) {
			t.Errorf("%q is read as %v and then as %v, %v", text, c, again, err)
		}
	})
}

func TestIDsSortByTheTimeTheyWereMade(t *testing.T) {
	last := domain.NewID()
	for range 1000 {
		next := domain.NewID()
		if next <= last {
			t.Fatalf("%s follows %s", next, last)
		}
		last = next
	}
}

func TestASessionEndsWhenIdleAndWhenOld(t *testing.T) {
	s, token := domain.NewSession(domain.OwnerID, "Firefox", now)
	wantEqual(t, s.Token, domain.HashToken(token))
	wantEqual(t, s.Ended(now.Add(domain.SessionIdle-1)), false)
	wantEqual(t, s.Ended(now.Add(domain.SessionIdle)), true)
	s.Seen = now.Add(domain.SessionLife)
	wantEqual(t, s.Ended(now.Add(domain.SessionLife-1)), false)
	wantEqual(t, s.Ended(now.Add(domain.SessionLife)), true)
}

func TestASessionIsTouchedAfterAWhileAndFromAnotherAddress(t *testing.T) {
	s, _ := domain.NewSession(domain.OwnerID, "Firefox", now)
	s.Address, s.Seen = netip.MustParseAddr("192.0.2.1"), now.Add(time.Hour)
	for _, c := range []struct {
		name  string
		after time.Duration // Seen
		from  string
		want  bool
	}{
		{"a moment later", domain.SessionTouch - 1, "192.0.2.1", false},
		{"a while later", domain.SessionTouch, "192.0.2.1", true},
		{"from elsewhere", 1, "192.0.2.2", true},
		{"by another form of the address", 1, "::ffff:192.0.2.1", false},
		{"from nobody knows where", 1, "", false},
		{"when the clock has been put right", -domain.SessionTouch, "192.0.2.1", true},
		{"while the clock is behind", -2 * time.Hour, "192.0.2.2", false},
	} {
		from, _ := netip.ParseAddr(c.from)
		if got := s.Touched(s.Seen.Add(c.after), from); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestFrontMatterIsNoTextOfTheNote(t *testing.T) {
	content := "---\ntags: [a]\nlist: \"- [ ] no task\"\n---\n\n# Heading\nSome words\n"
	n := newNote(t, "", content)
	if n.Title != "Heading" || n.Excerpt != "Some words" || n.Content != content || n.Body() != "Some words\n" {
		t.Errorf("title %q, excerpt %q, body %q", n.Title, n.Excerpt, n.Body())
	}
	if outline := markup.NewOutline(content); len(outline.Tasks) != 0 {
		t.Errorf("tasks %v", outline.Tasks)
	}
	if spans := query.Parse("words").Snippet(content, 100); len(spans) == 0 || spans[0].Text != "Heading\nSome " {
		t.Errorf("the snippet is %v", spans)
	}
}

func TestFrontMatterGivesANoteItsTitle(t *testing.T) {
	content := "---\ntitle: From above\n---\n# Heading\nwords\n"
	n := newNote(t, "", content)
	if n.Title != "From above" || n.Draft().Title != "" || n.Body() != "# Heading\nwords\n" {
		t.Errorf("title %q, draft %q, body %q", n.Title, n.Draft().Title, n.Body())
	}
	if n := newNote(t, "Given", content); n.Title != "Given" || n.Draft().Title != "Given" {
		t.Errorf("a given title became %q", n.Title)
	}
	if n := newNote(t, "", "---\ntags: [a]\n---\n"); n.Title != "tags: a" {
		t.Errorf("a note of nothing but tags is called %q", n.Title)
	}
}

func FuzzParseNoteCursor(f *testing.F) {
	f.Add(domain.NoteCursor{State: domain.Active, Time: now, ID: domain.NewID()}.String())
	f.Add(domain.RecordCursor(domain.NewID()).String())
	f.Fuzz(func(t *testing.T, text string) {
		c, err := domain.ParseNoteCursor(text, domain.NoteFilter{State: domain.Active})
		if err != nil {
			return
		}
		again, err := domain.ParseNoteCursor(c.String(), domain.NoteFilter{State: domain.Active})
		if err != nil || again != c {
			t.Errorf("%q: %v becomes %v, %v", text, c, again, err)
		}
	})
}

func FuzzNewNote(f *testing.F) {
	f.Add("", "# Title\n\n- [x] text [a](b) `c`")
	f.Add("Title", "Title\n---\n")
	f.Fuzz(func(t *testing.T, title, content string) {
		n, err := domain.NewNote(domain.NoteDraft{Title: title, Content: content}, now)
		if err != nil {
			if !errors.Is(err, domain.Invalid) {
				t.Errorf("got %v", err)
			}
			return
		}
		if count := utf8.RuneCountInString(n.Title); n.Title == "" || count > domain.MaxTitle || strings.ContainsAny(n.Title, "\n\r\x00") {
			t.Errorf("title %q", n.Title)
		}
		if !utf8.ValidString(n.Excerpt) || utf8.RuneCountInString(n.Excerpt) > 240 || strings.Contains(n.Excerpt, "\n") {
			t.Errorf("excerpt %q", n.Excerpt)
		}
		if !strings.HasSuffix(n.Content, n.Body()) {
			t.Errorf("body %q is no part of %q", n.Body(), n.Content)
		}
	})
}

func TestATitleFollowsItsLineUntilItIsGivenOne(t *testing.T) {
	n := newNote(t, "", "Shoping list\nmilk")
	wantEqual(t, n.Draft(), domain.NoteDraft{Content: "Shoping list\nmilk", Tags: []domain.Tag{}})
	mended, err := n.Edited(domain.NoteDraft{Content: "Shopping list\nmilk"}, 1, now)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, mended.Title, "Shopping list")
	named := newNote(t, "Own", "line\nmilk")
	wantEqual(t, named.Draft(), domain.NoteDraft{Title: "Own", Content: "line\nmilk", Tags: []domain.Tag{}})
}

func TestADraftThatChangesNothingIsNoChange(t *testing.T) {
	n := newNote(t, "t", "c")
	n.Version, n.State = 5, domain.Trashed
	same, err := n.Edited(n.Draft(), 1, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, same, n)
	if _, err := n.Edited(domain.NoteDraft{Title: "other"}, 5, now); !errors.Is(err, domain.ErrNoteTrashed) {
		t.Errorf("got %v", err)
	}
}

func TestOnlyANoteInTheTrashIsRestored(t *testing.T) {
	n, later := newNote(t, "t", ""), now.Add(time.Hour)
	for _, state := range []domain.NoteState{domain.Active, domain.Archived} {
		n.State = state
		same, changed := n.Restored(domain.Active, later)
		wantEqual(t, changed, false)
		wantEqual(t, same, n)
	}
	n.State = domain.Trashed
	for _, state := range []domain.NoteState{domain.Active, domain.Archived} {
		restored, changed := n.Restored(state, later)
		wantEqual(t, changed, true)
		want := n
		want.State, want.Moved, want.Version = state, later, 2
		wantEqual(t, restored, want)
	}
	same, changed := n.Restored(domain.Trashed, later)
	wantEqual(t, changed, false)
	wantEqual(t, same, n)
}

func TestTagsAreChangedOnlyWhenTheyAreGiven(t *testing.T) {
	edited := func(n domain.Note, tags []domain.Tag) domain.Note {
		t.Helper()
		edited, err := n.Edited(domain.NoteDraft{Title: n.Title, Tags: tags}, n.Version, now)
		if err != nil {
			t.Fatal(err)
		}
		return edited
	}
	n := edited(newNote(t, "t", ""), []domain.Tag{"b", "#A", "B"})
	wantEqual(t, n.Tags, []domain.Tag{"b", "A"})
	wantEqual(t, n.Version, 2)
	wantEqual(t, n.Saved, 2)
	wantEqual(t, n.Draft().Tags, []domain.Tag{"b", "A"})
	wantEqual(t, edited(n, nil), n)
	wantEqual(t, edited(n, []domain.Tag{"b", "A"}), n)
	turned := edited(n, []domain.Tag{"A", "b"})
	wantEqual(t, turned.Saved, 3)
	none := edited(n, []domain.Tag{})
	wantEqual(t, none.Tags, nil)
	wantEqual(t, edited(none, none.Draft().Tags), none)

	_, err := n.Edited(domain.NoteDraft{Title: " \x00", Tags: []domain.Tag{"not a tag"}}, n.Version, now)
	var fields []string
	for _, wrong := range domain.FieldErrors(err) {
		fields = append(fields, wrong.Field)
	}
	wantEqual(t, fields, []string{"title", "tags"})
}

func TestASaveRemembersWhoMadeIt(t *testing.T) {
	n := newNote(t, "t", "")
	edited, err := n.Edited(domain.NoteDraft{Title: "u", Author: "somebody"}, 1, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, edited.Author, "somebody")
	pinned, _ := edited.WithPin(true)
	wantEqual(t, pinned.Saved, 2)
	wantEqual(t, pinned.Revision(), domain.Revision{
		Note: n.ID, Version: 2, NoteFields: domain.NoteFields{Title: "u", Author: "somebody"}, Saved: now.Add(time.Hour),
	})
}

func TestTheTagsOfANoteAreThoseBesideItsTextAndThoseInIt(t *testing.T) {
	n, err := domain.NewNote(domain.NoteDraft{Content: "for #work/Home, #Garden and `#code`", Tags: []domain.Tag{"zoo", "garden"}}, now)
	if err != nil {
		t.Fatal(err)
	}
	want := []domain.Tag{"zoo", "garden", "work/Home"}
	wantEqual(t, n.AllTags(), want)
	wantEqual(t, n.Summary().Tags, want)
	wantEqual(t, n.Tags, []domain.Tag{"zoo", "garden"})
	wantEqual(t, n.TextTags, []domain.Tag{"work/Home"})
	wantEqual(t, newNote(t, "t", "").AllTags(), nil)
	fewer, err := n.Edited(domain.NoteDraft{Content: n.Content, Tags: []domain.Tag{}}, 1, now)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, fewer.AllTags(), []domain.Tag{"work/Home", "Garden"})
}

func TestTheLinksOfANoteAreNamedOnce(t *testing.T) {
	n := newNote(t, "t", "[[The Plan]], [[ the  plan ]] and [[Other#Part|label]], but [[#Here]] and `[[Code]]`")
	wantEqual(t, n.Following().Links, []string{domain.TitleKey("The Plan"), domain.TitleKey("Other")})
}

func TestAnIndexKnowsWhatANoteHas(t *testing.T) {
	n := newNote(t, "Plan", "- [ ] task\n\n![image](/i.png) https://example.org #work/home")
	n.Tags, n.Pinned, n.State = []domain.Tag{"Zoo"}, true, domain.Archived
	want := query.NewEntry(n.Title, markup.Visible(n.Content), []string{"zoo", "work/home"},
		[]query.Mark{query.HasTask, query.HasImage, query.HasLink}, true, query.Archived)
	wantEqual(t, n.SearchEntry(), want)
	plain := newNote(t, "Plan", "text")
	wantEqual(t, plain.SearchEntry(), query.NewEntry("Plan", "text", nil, nil, false, query.Active))
}

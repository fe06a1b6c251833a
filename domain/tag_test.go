package domain_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

func TestRenamingATagRenamesWhatIsBelowItAndNothingElse(t *testing.T) {
	content := "#Work, #work/Home and #worked\n`#work` (#WORK)\n#work/"
	want := "#job/a, #job/a/Home and #worked\n`#work` (#job/a)\n#job/a/"
	if got := domain.RenameTag(content, "work", "job/a"); got != want {
		t.Errorf("got %q", got)
	}
	if got := domain.RenameTag(content, "work/home", "x"); got != strings.Replace(content, "#work/Home", "#x", 1) {
		t.Errorf("got %q", got)
	}
	for _, to := range []domain.Tag{"Work", domain.Tag(strings.Repeat("x", domain.MaxTag))} {
		if got := domain.RenameTag("#Work/x", "work", to); got != "#Work/x" {
			t.Errorf("renamed to %q: %q", to, got)
		}
	}
}

func TestATagIsRemovedWithThoseBelowItAndNothingElse(t *testing.T) {
	draft := domain.NoteDraft{Content: "#Work, #work/Home and #worked", Tags: []domain.Tag{"WORK/x", "workshop", "work"}}
	got := draft.WithoutTag("work")
	if got.Content != "Work, work/Home and #worked" || !slices.Equal(got.Tags, []domain.Tag{"workshop"}) || len(draft.Tags) != 3 || draft.Tags[0] != "WORK/x" {
		t.Errorf("got %+v of %+v", got, draft)
	}
	if got := draft.WithoutTag("work/home"); got.Content != "#Work, work/Home and #worked" || len(got.Tags) != 3 {
		t.Errorf("got %+v", got)
	}
	if none := (domain.NoteDraft{Tags: []domain.Tag{"work"}}).WithoutTag("work"); none.Tags == nil {
		t.Error("the note would keep its tags")
	}
}

func TestATagThatIsMovedBelowItselfTakesOnlyWhatIsNotThereYet(t *testing.T) {
	content := "#work #Work/Home #work/home/desk #work/homework #work/trip #workshop"
	want := "#work/home #Work/Home #work/home/desk #work/home/homework #work/home/trip #workshop"
	if got := domain.RenameTag(content, "work", "work/home"); got != want {
		t.Errorf("got %q", got)
	}
	for tag, want := range map[domain.Tag]domain.Tag{"work": "work/home", "work/home": "work/home", "work/HOME/x": "work/HOME/x", "job/work": "job/work"} {
		if got := tag.Renamed("work", "work/home"); got != want {
			t.Errorf("%s became %s, want %s", tag, got, want)
		}
	}
}

func TestATagKeepsTheRules(t *testing.T) {
	for _, name := range []string{"a", "Work/home", "日本", "e\u0301", "❤️", "2024-05", "a_b-c", strings.Repeat("é", domain.MaxTag)} {
		if _, err := domain.NewTag(name); err != nil {
			t.Errorf("NewTag(%q): %v", name, err)
		}
	}
	for _, name := range []string{
		"", "#a", "a b", "a,b", "/a", "a/", "a//b", "123", "-", "\u0301a", "a.b", "a\x00", "\xff", strings.Repeat("é", domain.MaxTag+1),
	} {
		_, err := domain.NewTag(name)
		if fields := domain.FieldErrors(err); !errors.Is(err, domain.Invalid) || len(fields) != 1 || fields[0].Field != "tags" || fields[0].Code == "" {
			t.Errorf("NewTag(%q): %v", name, err)
		}
	}
	if tag, _ := domain.NewTag("e\u0301"); tag != "é" {
		t.Errorf("not composed: %q", tag)
	}
	if got := domain.Tag("work/home/x").Above(); !slices.Equal(got, []domain.Tag{"work", "work/home"}) {
		t.Errorf("above it: %q", got)
	}
	if got := domain.Tag("work").Above(); len(got) != 0 {
		t.Errorf("above it: %q", got)
	}
}

func TestKeysAreEqualWhereNamesAre(t *testing.T) {
	for _, names := range [][]string{
		{"Work/Home", "work/home", "ＷＯＲＫ/home"}, {"é", "e\u0301", "É"}, {"straße", "STRASSE"}, {" a  b ", "A\u00a0b"}, {"C#", "c＃"},
	} {
		for _, name := range names[1:] {
			if domain.TitleKey(name) != domain.TitleKey(names[0]) || domain.Tag(name).Key() != domain.Tag(names[0]).Key() {
				t.Errorf("%q and %q differ", names[0], name)
			}
		}
	}
	if domain.TitleKey("schön") == domain.TitleKey("schon") || domain.TitleKey(" ") != "" {
		t.Error("accents are gone, or blanks are not")
	}
}

func TestTagsAreSplitAsPeopleTypeThem(t *testing.T) {
	got := domain.SplitTags(" #a, b\tB，c/d ,; e；f、g \n")
	if want := []domain.Tag{"#a", "b", "B", "c/d", "e", "f", "g"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := domain.SplitTags(" , "); got == nil || len(got) != 0 {
		t.Errorf("an empty field gives %#v, which leaves the tags as they are", got)
	}
}

func TestANoteHasEachTagOnceAndNotTooMany(t *testing.T) {
	names := domain.SplitTags(strings.Repeat("a #A ", 1000))
	for i := range domain.MaxTags - 1 {
		names = append(names, domain.Tag("t"+string(rune('a'+i/26))+string(rune('a'+i%26))))
	}
	if n, err := domain.NewNote(domain.NoteDraft{Title: "t", Tags: names}, time.Time{}); err != nil || len(n.Tags) != domain.MaxTags {
		t.Errorf("%d tags, %v", len(n.Tags), err)
	}
	for _, more := range []domain.Tag{"x", "b!"} {
		if _, err := domain.NewNote(domain.NoteDraft{Title: "t", Tags: append(names, more)}, time.Time{}); !errors.Is(err, domain.Invalid) {
			t.Errorf("%q: got %v", more, err)
		}
	}
}

package markup

import (
	"slices"
	"strings"
	"testing"
)

func TestATagIsTakenOutOfFrontMatterHoweverItIsWritten(t *testing.T) {
	for _, tt := range []struct{ front, want string }{
		{"tags: work", "tags: "},
		{"tags: \"#work\"", "tags: "},
		{"tags: [work]", "tags: []"},
		{"tags: [work, plan]", "tags: [plan]"},
		{"tags: [plan, 'work', home]", "tags: [plan, home]"},
		{"tags: [plan, work]", "tags: [plan]"},
		{"tags: [ plan , \"work\" ]", "tags: [ plan  ]"},
		{"tags: work, plan", "tags: plan"},
		{"tags: plan,work", "tags: plan"},
		{"tags: plan work home", "tags: plan home"},
		{"tags: work plan", "tags: plan"},
		{"tags: \"work plan\"", "tags: \"plan\""},
		{"tags:\n  - work\n  - plan", "tags:\n  - plan"},
		{"tags:\n- plan\n- \"work\"\ntitle: x", "tags:\n- plan\ntitle: x"},
		{"tags:\n  - work", "tags:"},
		{"tags: [\n  plan,\n  work\n]", "tags: [\n  plan\n]"},
		{"tag: work # of ours", "tag: # of ours"},
		{"tags:\n  - work # of ours\n  - plan", "tags:\n  - # of ours\n  - plan"},
		{"title: work\ntags: [work/home, working]", "title: work\ntags: [working]"},
	} {
		content := "---\n" + tt.front + "\n---\ntext"
		if got, want := RemoveTags(content, isWork), "---\n"+tt.want+"\n---\ntext"; got != want {
			t.Errorf("%q became %q, want %q", content, got, want)
		}
	}
}

func isWork(name string) bool { return name == "work" || strings.HasPrefix(name, "work/") }

func TestATagThatIsRemovedStaysAsAWord(t *testing.T) {
	for content, want := range map[string]string{
		"for the #work":                "for the work",
		"#work/home, #working":         "work/home, #working",
		"*#work* ==#work== `#work`":    "*work* ==work== `#work`",
		"# #work\n\n#work #plan":       "# work\n\nwork #plan",
		"\\#work #wörk":                "\\#work #wörk",
		"- [#work] is no box":          "- [\\#work] is no box",
		"(#work) [see #work](/a#work)": "(work) [see #work](/a#work)",

		"---\n#work: call #plan\n---\ntext": "---\n\\#work: call #plan\n---\ntext", // which isn't to become front matter
		"وسم #work وسم":                     "وسم work وسم",
	} {
		if got := RemoveTags(content, isWork); got != want {
			t.Errorf("%q became %q, want %q", content, got, want)
		}
	}
	if got := RemoveTags("- [#x] milk", func(string) bool { return true }); len(NewOutline(got).Tasks) != 0 {
		t.Errorf("got a box: %q", got)
	}
}

func FuzzTagsAreRemovedAndNothingElse(f *testing.F) {
	for _, seed := range []string{
		"#work #plan", "---\ntags: [work, plan]\n---\n#work", "---\ntags: work plan\n---\n", "- [#work] #x", "_#work_", "##work", "#work#work",
		"---\ntags:\n  - work\n  - plan\n---\n", "---\ntags: >\n  work\n  plan\n---\n", "---\ntags: &a [work]\nb: *a\n---\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		got := RemoveTags(content, isWork)
		if got == content {
			return
		}
		if words, want := strings.NewReplacer("#", "", `\`, "").Replace(got), strings.NewReplacer("#", "", `\`, "").Replace(content); len(words) > len(want) {
			t.Errorf("%q became %q", content, got)
		}
		var left []string
		for _, name := range NewFrontMatter(content).Tags() {
			if !isWork(name) {
				left = append(left, name)
			}
		}
		for _, name := range NewFrontMatter(got).Tags() {
			left = slices.DeleteFunc(left, func(l string) bool { return l == name })
		}
		if len(left) > 0 {
			t.Errorf("%q became %q, without %q", content, got, left)
		}
	})
}

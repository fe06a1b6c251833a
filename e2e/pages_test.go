package e2e

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"octavo/views"
)

// No page is forgotten: whatever can be opened by its address is accessible, fits, and complains of nothing.
func TestEachPageOfTheRouterIsAccessibleAndFits(t *testing.T) {
	program := start(t)
	note := program.addNote("River", richMarkdown+"\n#water/deep and [[Meadow]]\n")
	program.changeNote(note, draft{"River", richMarkdown + "\n#water/deep, changed\n"})
	id := strings.TrimPrefix(note, "/notes/")
	b := newTab(t)
	b.open(program.link())
	b.openEditorAt(program.base + "/notes/new")
	b.paste("#content", "never saved")
	b.waitFor(".draft-state", "Draft saved")

	b.open(program.base + "/settings/spaces")
	b.fill("#name", "The family")
	b.click("main .primary")
	b.waitFor("h1", "Members of The family")
	base := views.Base(program.base)
	shared := base.InSpace(strings.Split(eval[string](b, "location.pathname"), "/")[2])
	b.openEditorAt(shared.NewNote())
	b.paste("#content", "Shopping")
	b.click("#editor .primary")
	b.waitFor("h1", "Shopping")
	sharedNote := strings.TrimPrefix(eval[string](b, "location.href"), shared.Note(""))

	ofNote := b.share(base.ShareNote(id), "append", "")
	ofTag := b.share(base.ShareTag("water/deep"), "tick", "")
	locked := b.share(base.ShareNote(id), "read", "correct horse")
	pages := map[string][]string{ // by the method of views.Base that makes their paths
		"Notes": {
			base.Notes(), base.NotesWith(views.ListQuery{As: "lines"}), base.NotesWith(views.ListQuery{As: "cards", Select: "1"}),
			base.NotesWith(views.ListQuery{Select: "all"}),
			base.NotesWith(views.ListQuery{Tag: "water/deep"}), base.NotesWith(views.ListQuery{View: "archived"}),
		},
		"NewNote":    {base.NewNoteTitled("Meadow")},
		"EditNote":   {base.EditNote(id)},
		"Drafts":     {base.Drafts()},
		"Note":       {base.Note(id)},
		"History":    {base.History(id)},
		"Revision":   {base.Revision(id, "1"), base.RevisionText(id, "1")},
		"Search":     {base.SearchFor("river"), base.SelectFound("river", "", "all")},
		"Tags":       {base.Tags(), base.RenameTag("water"), base.DeleteTag("water"), base.ShareTag("water/deep")},
		"Settings":   {base.Settings()},
		"Sessions":   {base.Sessions()},
		"People":     {base.People()},
		"Spaces":     {base.Spaces()},
		"Account":    {base.Account()},
		"SpaceAudit": {shared.SpaceAudit()},
		"Members":    {shared.Members(), shared.Notes(), shared.Search(), shared.Note(sharedNote)},
		"SecondStep": {base.SecondStep()},
		"Passkeys":   {base.Passkeys()},
		"Tokens":     {base.Tokens()},
		"Shares":     {base.Shares()},
		"ShareNote":  {base.ShareNote(id)},
		"MoveNote":   {base.MoveNote(id), shared.MoveNote(sharedNote)},
		"Shared":     {base.Shared(ofNote, ""), base.Shared(ofTag, ""), base.Shared(ofTag, id), base.Shared(locked, "")},
		"Audit":      {base.Audit()},
		"SignOut":    {base.SignOut()},
		"Docs":       {base.Docs()},

		// What is none: it leads elsewhere, or is for scripts and programs.
		"Home": {}, "Open": {}, "SignIn": {}, "Leave": {}, "ComeBack": {}, "Invitation": {}, "Backlinks": {}, "Health": {}, "Ready": {}, "Favicon": {}, "Files": {}, "SharedFiles": {}, "Thumbnail": {}, "OpenAPI": {},
		"CompleteTitles": {}, "CompleteHeadings": {}, "CompleteTags": {},
	}
	source, err := os.ReadFile("../web/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	routes := regexp.MustCompile(`\.GET\(route\.(\w+)\(`).FindAllStringSubmatch(string(source), -1)
	if len(routes) < len(pages) {
		t.Fatalf("only %d routes were found", len(routes))
	}
	for _, route := range routes {
		if _, known := pages[route[1]]; !known {
			t.Errorf("nobody has looked at the page of %s", route[1])
		}
	}
	for method, urls := range pages {
		if !reflect.ValueOf(base).MethodByName(method).IsValid() {
			t.Errorf("there is no path %s", method)
		}
		for _, url := range urls {
			b.open(url)
			b.waitFor("h1", "")
			for _, found := range append(b.audit(), b.takeProblems()...) {
				t.Errorf("%s: %s", strings.TrimPrefix(url, program.base), found)
			}
		}
	}
}

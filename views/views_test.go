package views

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

var update = flag.Bool("update", false, "write what is rendered to testdata")

const (
	base = "/octavo"
	// teamID is of a space that is shared.
	teamID = "01a2110b-27dc-7ebe-9c66-0625b203b39d"
	title  = `Tea & "biscuits" <b>`
)

var (
	page = Page{Base: base, Title: title, Section: "notes", SignedIn: true}

	cards = []Card{
		{
			NoteHead: NoteHead{ID: "1", Title: title, Pinned: true}, Excerpt: "1 < 2 & so on", MoreTags: 2,
			Tags: []Link{{`#<b>"`, base + "/notes?tag=%3Cb%3E%22&x"}, {"#日本", base + "/notes?tag=%E6%97%A5"}},
			Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z",
		},
		{NoteHead: NoteHead{ID: "2", Title: "ملاحظات"}, Date: "11 May 2026", DateTime: "2026-05-11T20:15:00Z"},
	}
	list = NoteList{
		Base: base, Cards: cards, Drafts: 2, CountURL: base + "/notes?count=true", Select: base + "/notes?select=1", More: base + "/notes?after=x&view=active", Lines: true,
		Arrangement: &Arrangement{Base: base, Order: "edited", As: AsLines},
	}
	trash = NoteList{Base: base, Cards: cards, Trash: true, TrashDays: 30, Until: "1770091506000000", CountURL: base + "/notes?count=true", Select: base + "/notes?select=1&view=trash"}

	tagLinks = []TagLink{{`work/<b>`, base + "/notes?tag=work%2F%3Cb%3E", "12"}, {"work/日本", base + "/notes?tag=x", "1"}}
	byTag    = NoteList{
		Base: base, Tag: `work "x"`, Below: tagLinks, Clear: base + "/notes", Cards: cards[:1], CountURL: base + "/notes?count=true", Select: base + "/notes?select=1&tag=x",
		Arrangement: &Arrangement{Base: base, Tag: `work "x"`, Order: "title", Sort: "title", As: AsCards},
	}
	archive  = NoteList{Base: base, Archive: true, Cards: []Card{{NoteHead: NoteHead{ID: "1", Title: title, Archived: true}, DateTime: "2026-05-12T20:15:00Z"}}}
	choosing = NoteList{
		Base: base, Cards: []Card{cards[0], {NoteHead: NoteHead{ID: "2", Title: "Tea"}, Chosen: true}},
		Choice: &Selection{
			Base: base, Back: `/notes?tag="x"`, All: base + "/notes?select=all", EveryURL: base + "/notes?select=every", Matching: "Select all 25 notes in this list",
			Any: true, Active: true, Tags: []string{"work", "日本"}, Tag: `"no tag"`, Error: "This is no tag.", TagError: true,
			Spaces: []Choice{{Value: "1", Text: "Personal"}, {Value: "2", Text: title, Chosen: true}},
		},
	}
	choosingTrash = NoteList{Base: base, Trash: true, TrashDays: 30, Cards: cards[1:], Choice: &Selection{
		Base: base, Back: "/notes?view=trash", None: base + "/notes?select=1", Every: true, Matching: "All 25 notes in this list are selected.", Any: true, Trashed: true,
	}}

	peopleJoin = People{
		Base: base, Days: 7, Joins: []JoinField{{ID: "1", Name: title, Roles: []Choice{{Value: "1 owner", Text: "Owner"}, {Value: "1 reader", Text: "Reader"}}}},
		Invitations: []OpenInvitation{{ID: "1", For: "A new member", By: "Owner", Joins: title + ": Reader."}},
	}
	moving = Moving{
		Note: Link{Text: title, URL: base + "/notes/1"}, URL: base + "/notes/1/move",
		To: []Choice{{Value: "1", Text: "Personal"}, {Value: "2", Text: title, Chosen: true}},
	}
	wrongMoving = Moving{Note: moving.Note, URL: moving.URL, To: moving.To, Error: "Choose a space."}

	hits = []Hit{
		{
			URL: base + "/notes/1", Title: []Span{{"Tea & ", false}, {"<b>", true}}, Snippet: []Span{{"1 < 2 ", false}, {"tea", true}, {"s…", false}},
			Tags: cards[0].Tags, Pinned: true, State: "Archived", Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z",
		},
		{URL: base + "/notes/2", Title: []Span{{"ملاحظات", false}}, DateTime: "2026-05-12T20:15:00Z"},
	}
	everywhere = Search{
		Base: base, May: MayEdit, Query: "tea", Count: "12 notes", Shares: true, Everywhere: true,
		Hits: []Hit{{URL: base + "/notes/1", Title: []Span{{"Tea", true}}, DateTime: "2026-05-12T20:15:00Z", Space: &Link{Text: title, URL: base + "/notes"}}},
	}
	search = Search{
		Base: base, Query: `tea "<b>`, Count: "12 notes", Facets: tagLinks, Hits: hits, More: base + "/search?q=tea&after=x",
		Problems: []QueryProblem{{`"<b>`, "The closing quote is missing."}, {"", "Too long."}},
	}
	saved       = []SavedSearch{{title, "is:pinned", base + "/search?q=is%3Apinned", base + "/searches/1/remove"}, {"tea", "tea", base + "/search?q=tea", base + "/searches/2/remove"}}
	nothing     = Search{Base: base, Query: "tea", Count: "No notes found", Saved: saved, SavedAs: title}
	wrongSearch = Search{Base: base, Query: "tea", Count: "1 note", Hits: hits[1:], Name: `long "name"`, Error: "Too long."}

	tags = Tags{
		Base: base, Filter: `"w`, Count: "3 tags", Nested: true, Open: true, Cookie: "octavo_tags",
		Fold: base + "/tags?fold=all", Unfold: base + "/tags?fold=none",
		Nodes: []TagNode{
			{
				TagLink: TagLink{"work", base + "/notes?tag=work", "12 notes"}, Name: "work", Rename: base + "/tags/work/rename", Delete: base + "/tags/work/delete", Fold: "abc", Open: true,
				Below: []TagNode{{TagLink: TagLink{"work/<b>", base + "/notes?tag=x", "1 note"}, Above: "work/", Name: "<b>", Rename: base + "/tags/x/rename", Delete: base + "/tags/x/delete"}},
			},
			{TagLink: TagLink{"日本", base + "/notes?tag=y", "1 note"}, Name: "日本", Rename: base + "/tags/y/rename", Delete: base + "/tags/y/delete"},
		},
	}
	rename      = Rename{Base: base, URL: base + "/tags/work/rename", Tag: "work", To: "work", Notes: "12 notes"}
	renameWrong = Rename{Base: base, URL: base + "/tags/work/rename", Tag: "work", To: `"no tag"`, Notes: "1 note", Error: "This is no tag."}
	renameAsks  = Rename{Base: base, URL: base + "/tags/work/rename", Tag: "work", To: "job", Notes: "12 notes", Exists: true}
	deleteTag   = DeleteTag{Base: base, URL: base + "/tags/work/delete", Tag: "work", Notes: "12 notes", Below: []string{"work/<b>", "work/日本"}, More: 3}

	people = People{
		Base: base, Days: 7, Users: []Person{
			{ID: "1", Name: "Ada", Standing: "Owner", Since: "1 May 2026", SinceDateTime: "2026-05-01T00:00:00Z"},
			{ID: "2", Name: "<Bo>", Standing: "Admin", Admin: true, Changeable: true, Since: "2 May 2026", SinceDateTime: "2026-05-02T00:00:00Z"},
			{ID: "3", Name: "ملاحظات", Changeable: true, Since: "3 May 2026", SinceDateTime: "2026-05-03T00:00:00Z"},
			{ID: "4", Name: "Di", Standing: "Disabled", Disabled: true, Changeable: true, Since: "4 May 2026", SinceDateTime: "2026-05-04T00:00:00Z"},
		},
		Invitations: []OpenInvitation{{ID: "5", For: "New password for <Bo>", By: "Ada", Expires: "13 May 2026", ExpiresDateTime: "2026-05-13T00:00:00Z"}},
	}
	peopleInvited = People{Base: base, Days: 7, Link: &SentLink{URL: "https://example.org" + base + "/invitation?key=k", For: "<Bo>", Expires: "13 May 2026", ExpiresDateTime: "2026-05-13T00:00:00Z"}}

	tokens = Tokens{
		Base: base, Key: true, Secret: "octp_secret", Made: `My <phone>`,
		Tokens: []Token{
			{
				Key: "1", Name: `My <phone>`, Scopes: []string{"notes:read", "files"}, Created: "3 Feb 2026", CreatedDateTime: "2026-02-03T04:05:06Z",
				Expires: "5 May 2026", ExpiresDateTime: "2026-05-05T04:05:06Z",
			},
			{
				Key: "2", Name: "old", Scopes: []string{"admin"}, Created: "3 Feb 2026", CreatedDateTime: "2026-02-03T04:05:06Z", Used: "4 Feb 2026", UsedDateTime: "2026-02-04T04:05:06Z",
				Expires: "5 May 2026", ExpiresDateTime: "2026-05-05T04:05:06Z", Expired: true,
			},
			{Key: "3", Name: "endless", Scopes: []string{"admin"}, Created: "3 Feb 2026", CreatedDateTime: "2026-02-03T04:05:06Z"},
		},
		Form: TokenForm{
			Scopes: []TokenScope{{Name: "notes:read", Text: "Read"}, {Name: "files", Text: "Files"}},
			Days:   []TokenDays{{Days: 90, Text: "In 90 days", Chosen: true}, {Text: "Never"}},
		},
	}
	tokensWrong = Tokens{
		Base: base, Tokens: make([]Token, manyTokens+1),
		Form: TokenForm{
			Name: `<x>`, Scopes: []TokenScope{{Name: "notes:read", Text: "Read"}, {Name: "files", Text: "Files", Chosen: true}},
			Days:   []TokenDays{{Days: 90, Text: "In 90 days"}},
			Errors: []FieldError{{"name", "", "Enter a name"}, {"scope", "", "Choose a scope"}, {"days", "", "Too long"}},
		},
	}

	shares = Sharing{Base: base, Shares: []Share{
		{
			ID: "1", Of: Link{title, base + "/notes/1/share"}, Allows: "Can read.", State: "expired", Password: true, Renewable: true,
			Created: "3 Feb 2026", CreatedDateTime: "2026-02-03T04:05:06Z", Expires: "5 May 2026", ExpiresDateTime: "2026-05-05T04:05:06Z",
			Visits: "2 visits.", Visited: "4 Feb 2026",
		},
		{
			ID: "2", Of: Link{"#work", base + "/tags/work/share"}, Allows: "Can read and tick boxes.", Visits: "0 visits.", Changes: "1 change.",
			Created: "3 Feb 2026", CreatedDateTime: "2026-02-03T04:05:06Z",
		},
	}}
	shareForm = ShareForm{
		URL: base + "/notes/1/share", Rights: []ShareOption{{"read", "Read", true}, {"tick", "Tick", false}},
		Days: []ShareOption{{"0", "Never", true}, {"7", "In 7 days", false}},
	}
	sharedOnce = Sharing{
		Base: base, Back: Link{title, base + "/notes/1"}, Form: &shareForm,
		Made: &MadeShare{URL: "https://example.org" + base + "/s/secret", Allows: "Can read.", Password: true, Expires: "5 May 2026", ExpiresDateTime: "2026-05-05T04:05:06Z"},
	}
	sharedWrong = Sharing{
		Base: base, Tag: "work", Back: Link{"#work", base + "/notes?tag=work"},
		Form: &ShareForm{URL: base + "/tags/work/share", Rights: shareForm.Rights, Days: shareForm.Days, Errors: []FieldError{{"right", "", "Choose"}, {"days", "", "Too long"}, {"password", "", "Too short"}}},
	}
	sharedNote = SharedNote{
		Base: base, Title: title, Heading: "A <em>heading</em>", HeadingID: "note-a", HTML: `<p><button form="tasks" name="task" value="1" role="checkbox" aria-checked="false" aria-label="x"></button> x</p>`,
		Date: "3 Feb 2026", DateTime: "2026-02-03T04:05:06Z", Up: &Link{"#work", base + "/s/secret"}, Notice: "Added.",
		TasksURL: base + "/s/secret/notes/1/tasks", Version: "3", LinesURL: base + "/s/secret/notes/1/lines", Lines: "<typed>", LinesError: "Too long",
	}
	sharedList = SharedList{Base: base, Tag: "work", More: base + "/s/secret?after=x", Notes: []SharedEntry{
		{Link{title, base + "/s/secret/notes/1"}, "1 < 2", "3 Feb 2026", "2026-02-03T04:05:06Z"},
		{Link{"ملاحظات", base + "/s/secret/notes/2"}, "", "3 Feb 2026", "2026-02-03T04:05:06Z"},
	}}

	audit = Audit{Days: 365, Older: base + "/settings/audit?after=x", Events: []AuditEvent{
		{What: "Disabled an account", By: "Ada", For: "<Bo>", Address: "2001:db8::1", At: "12 May 2026", AtDateTime: "2026-05-12T20:15:00Z"},
		{What: "A password was refused", Address: "192.0.2.1", Detail: `count="3" <b>`, At: "11 May 2026", AtDateTime: "2026-05-11T20:15:00Z"},
	}}

	inTeam = Page{
		Base: Base(base).InSpace(teamID), Title: title, SignedIn: true, May: MayRead, Switcher: &Switcher{
			Name: title, Here: base + "/spaces/" + teamID + "/notes",
			Shared: []Link{{title, base + "/spaces/" + teamID + "/notes"}, {"عائلة", base + "/spaces/x/notes"}},
		},
	}
	sharedSpaces = Spaces{
		Base: base, Name: `long "name"`, Error: "Too long.",
		Shared: []SharedSpace{{inTeam.Base, title, "Editor"}, {Base(base).InSpace(teamID), "عائلة", "Owner"}},
	}
	roleChoices = []RoleChoice{{"owner", "Owner", "Can do everything."}, {"reader", "Reader", "Can read."}}
	team        = Members{
		Base: inTeam.Base, Name: title, Me: Member{ID: "1", Name: "Ada", Role: "reader", RoleText: "Reader", Me: true, Since: "12 May 2026", SinceDateTime: "2026-05-12T00:00:00Z"},
		Others: []Member{{ID: "2", Name: `<Bo> & "co"`, Role: "owner", RoleText: "Owner", Since: "12 May 2026", SinceDateTime: "2026-05-12T00:00:00Z"}},
	}
	ownTeam = Members{
		Base: inTeam.Base, Name: title, Owner: true, Only: true, Me: Member{ID: "1", Name: "Ada", Role: "owner", RoleText: "Owner", Me: true, SinceDateTime: "2026-05-12T00:00:00Z"},
		Others: []Member{{ID: "2", Name: `<Bo> & "co"`, Role: "reader", RoleText: "Reader", SinceDateTime: "2026-05-12T00:00:00Z"}}, Roles: roleChoices, Role: "reader",
		Added: `nobody "x"`, Errors: []FieldError{{Field: "member", Text: "Nobody signs in with this name"}}, Error: "A space needs an owner.",
	}
	passkey = PasskeyAsk{base + "/passkey", "example.org"}

	sessions = Sessions{Base: base, IdleDays: 14, LifeDays: 90, Browsers: []Browser{
		{
			Key: "1", Name: "Firefox on Linux", This: true, Seen: "12 May 2026", SeenDateTime: "2026-05-12T20:15:00Z",
			Address: "192.0.2.1", Created: "1 May 2026", CreatedDateTime: "2026-05-01T20:15:00Z",
		},
		{Key: "2", Name: title, SeenDateTime: "2026-05-12T20:15:00Z", CreatedDateTime: "2026-05-01T20:15:00Z"},
	}}

	searches = Page{
		Base: base, Title: "Search", Section: "search", SignedIn: true,
		Searches: []Link{{title, base + "/search?q=x"}}, MoreSearches: true,
	}

	note = Note{
		Base: base, NoteHead: NoteHead{ID: "1", Title: title, Pinned: true}, Text: Text{FrontMatter: "x", Properties: []Property{{"tags", [][]Link{{{"#work", base + "/notes?tag=work"}}, {{Text: "two words"}}}}, {Name: "empty"}}, HTML: `<h2 id="note-one">One</h2><p>One <em>two</em> <button form="tasks" name="task" value="1" aria-label="x"></button></p>`},
		Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z",
		Created: "1 May 2026", CreatedDateTime: "2026-05-01T20:15:00Z", Version: "3", HasTasks: true, HasDraft: true,
		Tags:     []Link{{"#work/home", base + "/notes?tag=work%2Fhome"}},
		Headings: []Heading{{1, "One", "note-one"}, {2, title, "note-one"}},
		Linked:   Backlinks{Notes: []Backlink{{Link: Link{title, base + "/notes/2"}}}, More: true, URL: base + "/notes/1/backlinks"},
	}
	mentions = Backlinks{More: true, Notes: []Backlink{
		{Link: Link{title, base + "/notes/2"}, Sentence: []Span{{"See 1 < 2 and ", false}, {"<b>", true}, {".", false}}, More: 2},
		{Link: Link{"ملاحظات", base + "/notes/3"}},
	}}
	archivedNote = Note{Base: base, NoteHead: NoteHead{ID: "1", Title: title, Archived: true}, DateTime: "2026-05-12T20:15:00Z"}
	trashedNote  = Note{Base: base, NoteHead: NoteHead{ID: "1", Title: title}, Trashed: true, DateTime: "2026-05-12T20:15:00Z"}

	capture      = NoteForm{Base: base, Draft: "9"}
	wrongCapture = NoteForm{Base: base, Content: "typed", Errors: []FieldError{{"title", "Title", "Write a title."}, {"content", "Text", "Too long."}}}
	edit         = NoteForm{
		Base: base, ID: "1", Title: title, Tags: `work/home "b"`, Content: "\n</textarea>", Version: "3", Draft: "9", LargestFile: 25 << 20,
	}
	wrongEdit = NoteForm{
		Base: base, ID: "1", Title: title, Content: "typed", Version: "3",
		Errors: []FieldError{{"title", "Title", "Too long."}, {"tags", "Tags", "Too many."}, {"content", "Text", "Too long as well."}},
	}
	attached = NoteForm{Base: base, ID: "1", Title: title, Content: "typed", Version: "3", FileError: "Choose a file."}
	drafts   = []Draft{
		{Key: "8", Title: title, Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z", GoesDate: "11 June 2026", GoesDateTime: "2026-06-11T20:15:00Z"},
		{Note: "1", Key: "9", Title: "ملاحظات", Date: "11 May 2026", DateTime: "2026-05-11T20:15:00Z", GoesDate: "10 June 2026", GoesDateTime: "2026-06-10T20:15:00Z"},
	}
	changes = Diff{
		Fields: []DiffField{
			{"Title", []DiffPart{{"removed", title}, {"added", "Tea"}}},
			{"Tags", []DiffPart{{"added", "work"}}},
		},
		WordCount: "2 words added",
		Lines: []DiffLine{
			{Gap: 2, Kind: "kept", Parts: []DiffPart{{"kept", "<b>"}}},
			{Kind: "added", Parts: []DiffPart{{"added", "new"}}},
			{Kind: "removed", Parts: []DiffPart{{"removed", "old"}}},
			{Gap: 1, Kind: "changed", Parts: []DiffPart{{"kept", "a "}, {"removed", "b"}, {"added", "c"}}},
		},
		More: 3,
	}
	noteDraft = NoteDraft{Base: base, ID: "1", Key: "9", Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z", Stale: true, Diff: changes}
	merge     = Merge{
		NoteForm: NoteForm{Base: base, ID: "1", Title: title, Tags: "work", Content: "\nmine\nmore", Version: "3", Draft: "9"},
		Theirs:   "4", Author: "Ada",
		Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z", Missing: 1,
		TitlePlace: &Place{Mine: []DiffPart{{"kept", title}}, Theirs: []DiffPart{{"kept", "Theirs"}}, Chosen: "theirs"},
		Places: []Place{
			{Text: strings.Repeat("agreed\n", 12)},
			{Number: 1, Mine: []DiffPart{{"kept", "a "}, {"added", "b"}}, Missing: true, Focus: true},
			{Text: "end\n"},
			{Number: 2, Theirs: []DiffPart{{"kept", "c"}}, Mine: []DiffPart{{"kept", "d"}}, Chosen: "both"},
		},
	}
	revisionOne = Revision{
		URL: base + "/notes/1/history/3", Number: "3", Title: title, Name: "Ada", Size: "12 bytes",
		Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z",
	}
	revisionNow = Revision{
		URL: base + "/notes/1/history/4", Number: "4", Title: title, Size: "1.2 KiB", Current: true,
		Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z",
	}
	history = History{
		AllDays: 30, DailyYears: 1,
		Base: base, ID: "1", Title: title, Older: base + "/notes/1/history?before=3",
		Sessions: []Session{{"Ada", []Revision{revisionNow, revisionOne}}, {"", []Revision{revisionOne}}},
	}

	problem = Problem{Status: 404, Title: "There is no such note", Text: "It may have been deleted <for good>."}

	api = API{
		Text: "For programs.", Spec: base + "/openapi.json",
		Groups: []APIGroup{{"Records", "Texts", []Operation{{
			ID: "put-record", Method: "PUT", Path: "/records/{id}", Summary: "Put a record", Description: "By its id.",
			Curl: `curl -X PUT 'http://127.0.0.1:8080/records/1'`,
			Params: []APIField{
				{Name: "id", Where: "path", Type: "string", Required: true, Text: "The record's id", Example: "1"},
				{Name: "x", Where: "query", Type: "integer, 1 to 100", Text: "Another"},
			},
			Body: &APIContent{"Record", false, `{"title": "A"}`},
			Answers: []APIAnswer{
				{"200", "OK", &APIContent{"Record", true, `[{"title": "A"}]`}},
				{"204", "No Content", nil},
				{"404", "Not Found", &APIContent{Schema: "Record"}},
			},
		}}}},
		Schemas: []APISchema{{"Record", []APIField{
			{Name: "title", Type: "string", Required: true, Text: "Its <title>", Example: "A"}, {Name: "parts", Type: "array of", Schema: "Record"},
		}}},
	}
)

func withNotice(p Page, n Notice) Page {
	p.Notice = &n
	return p
}

// pages and fragments are one of everything that is ever sent.
var (
	pages = map[string]templ.Component{
		"notes":             NotesPage(page, capture, list),
		"notes_notice":      NotesPage(withNotice(page, Notice{"It is in the trash.", &Link{"More", base + "/notes/1/history"}, base + "/notes/1/restore"}), capture, list),
		"notes_empty":       NotesPage(page, capture, NoteList{Base: base}),
		"trash":             NotesPage(Page{Base: base, Section: "trash", SignedIn: true}, capture, trash),
		"by_tag":            NotesPage(page, capture, byTag),
		"by_tag_empty":      NotesPage(page, capture, NoteList{Base: base, Tag: title, Clear: base + "/notes"}),
		"archive":           NotesPage(Page{Base: base, Title: "Archive", Section: "archive", SignedIn: true}, capture, archive),
		"archive_empty":     NotesPage(Page{Base: base, Section: "archive", SignedIn: true}, capture, NoteList{Base: base, Archive: true}),
		"choose":            NotesPage(page, capture, choosing),
		"choose_trash":      NotesPage(Page{Base: base, Section: "trash", SignedIn: true}, capture, choosingTrash),
		"search":            SearchPage(searches, search),
		"search_start":      SearchPage(searches, Search{Base: base, Saved: saved}),
		"search_everywhere": SearchPage(searches, everywhere),
		"search_none":       SearchPage(searches, nothing),
		"search_wrong":      SearchPage(searches, wrongSearch),
		"tags":              TagsPage(Page{Base: base, Section: "tags", SignedIn: true}, tags),
		"sign_out":          SignOutPage(Page{Base: base, SignedIn: true}, SignOut{URL: base + "/settings/sessions", Session: "all", Button: "Sign out", Back: base + "/settings/sessions"}),
		"sign_in":           SignInPage(Page{Base: base}, SignIn{Base: base, Stay: true, Back: base + "/tags", Passkey: passkey, Provider: ProviderLink{"<ID>", base + "/login/oidc"}}),
		"sign_in_wrong":     SignInPage(Page{Base: base}, SignIn{Base: base, Name: `<Ada>`, Error: "Name or password is wrong."}),
		"sign_in_asked":     ProblemPage(Page{Base: base}, Problem{Status: 401, Title: "Sign in to see this page", Text: "Sign in to continue.", SignIn: &SignIn{Base: base, Stay: true, Back: base + "/tags"}}),
		"settings":          SettingsPage(Page{Base: base, Section: "settings", SignedIn: true}, Settings{Base: base, Name: "Owner", Password: Password{Shortest: 8}}),
		"settings_wrong": SettingsPage(Page{Base: base, Section: "settings", SignedIn: true}, Settings{
			Base: base, Name: "Ada", Password: Password{Has: true, Shortest: 8},
			Errors: []FieldError{{"current", "", "This isn’t your current password"}, {"password", "", "Use at least 8 characters"}},
		}),
		"spaces":         SpacesPage(Page{Base: base, Section: "settings", SignedIn: true}, sharedSpaces),
		"members":        MembersPage(inTeam, team),
		"members_owner":  MembersPage(inTeam, ownTeam),
		"in_space":       NotesPage(inTeam, capture, NoteList{Base: inTeam.Base, May: MayRead, Cards: cards, CountURL: base + "/notes?count=true", Select: base + "/notes?select=1"}),
		"in_space_trash": NotesPage(inTeam, capture, NoteList{Base: inTeam.Base, May: MayRead, Trash: true, Cards: cards, Until: "1770091506000000"}),
		"in_space_note":  NotePage(inTeam, Note{Base: inTeam.Base, May: MayAdd, NoteHead: NoteHead{ID: "1", Title: title}, Added: `<typed>`, AddError: "Too long."}),
		"in_space_moves": NotePage(inTeam, Note{Base: inTeam.Base, May: MayEdit, NoteHead: NoteHead{ID: "1", Title: title}, Moves: true}),
		"edit_shared":    EditPage(inTeam, NoteForm{Base: inTeam.Base, ID: "1", Title: "Tea", Version: "1", Shared: true, Others: title}, 0),
		"move":           MovingPage(inTeam, moving),
		"move_wrong":     MovingPage(inTeam, wrongMoving),
		"move_nowhere":   MovingPage(inTeam, Moving{Note: moving.Note}),
		"people":         PeoplePage(Page{Base: base, Section: "settings", SignedIn: true}, people),
		"audit":          AuditPage(Page{Base: base, Section: "settings", SignedIn: true}, audit),
		"people_joins":   PeoplePage(Page{Base: base, Section: "settings", SignedIn: true}, peopleJoin),
		"people_link":    PeoplePage(Page{Base: base, Section: "settings", SignedIn: true}, peopleInvited),
		"invitation":     InvitationPage(Page{Base: base}, Invitation{Base: base, Key: `k"`, Name: `<Bo>`, Shortest: 8, Errors: []FieldError{{Field: "name", Text: "This name is taken"}}}),
		"recovery":       InvitationPage(Page{Base: base}, Invitation{Base: base, Key: `k"`, Name: `<Bo>`, Known: true, Shortest: 8}),
		"sharing":        SharingPage(Page{Base: base, Title: "Shared links", Section: "settings", SignedIn: true}, shares),
		"sharing_none":   SharingPage(Page{Base: base, Title: "Shared links", Section: "settings", SignedIn: true}, Sharing{Base: base}),
		"sharing_made":   SharingPage(page, sharedOnce),
		"sharing_wrong":  SharingPage(page, sharedWrong),
		"shared":         SharedNotePage(sharedNote),
		"shared_read":    SharedNotePage(SharedNote{Base: base, Title: title, HTML: "<p>x</p>", DateTime: "2026-02-03T04:05:06Z"}),
		"shared_list":    SharedListPage(sharedList),
		"shared_lock":    SharedLockPage(SharedLock{base, base + "/s/secret/password", "This isn’t the password"}),
		"shared_gone":    SharedProblemPage(base, Problem{Title: "This link doesn’t work", Text: "It may have <expired>."}),
		"confirm": ConfirmPage(Page{Title: "Enter your password again", Base: base, Section: "settings", SignedIn: true}, Confirm{
			URL: Base(base).Tokens(), Fields: []HiddenField{{"name", `"<phone>"`}, {"scope", "files"}, {"scope", "notes:read"}},
			Error: "This isn’t your current password.", Password: true,
		}),
		"confirm_passkey": ConfirmPage(Page{Title: "Use your passkey again", Base: base, Section: "settings", SignedIn: true}, Confirm{
			URL: Base(base).Tokens(), Error: "This passkey wasn’t accepted.", Passkey: passkey,
		}),
		"connect": ConnectPage(Page{Title: "Connect <ID>", Base: base, Section: "settings", SignedIn: true}, Connect{Base: base, Provider: "<ID>", URL: base + "/authorize?a=1&b=2"}),
		"settings_provider": SettingsPage(Page{Base: base, Section: "settings", SignedIn: true}, Settings{
			Base: base, Name: "Ada", Password: Password{Has: true, Shortest: 8}, Identities: Identities{Provider: "<ID>", All: []ProviderIdentity{{"1", title}}},
		}),
		"settings_unconnected": SettingsPage(Page{Base: base, Section: "settings", SignedIn: true}, Settings{
			Base: base, Name: "Ada", Password: Password{Has: true, Shortest: 8}, Identities: Identities{Provider: "<ID>"},
		}),
		"passkeys": PasskeysPage(Page{Base: base, Section: "settings", SignedIn: true}, Passkeys{
			Base: base, Host: "example.org", Error: "Enter a name.", Passkeys: []Passkey{
				{Key: "1", Name: title, Synced: true, Created: "3 Feb 2026", CreatedDateTime: "2026-02-03T04:05:06Z"},
				{Key: "2", Name: "Laptop", Created: "3 Feb 2026", CreatedDateTime: "2026-02-03T04:05:06Z", Used: "4 Feb 2026, 04:05 UTC", UsedDateTime: "2026-02-04T04:05:06Z"},
			},
		}),
		"passkeys_wrong": PasskeysPage(Page{Base: base, Section: "settings", SignedIn: true}, Passkeys{
			Base: base, Host: "example.org", Form: PasskeyForm{NeedsLogin: true, Login: `<Ada>`, Name: title, Errors: []FieldError{
				{"name", "", "This name is taken"}, {"passkey", "", "Enter a name"},
			}},
		}),
		"passkeys_nowhere": PasskeysPage(Page{Base: base, Section: "settings", SignedIn: true}, Passkeys{Base: base}),
		"tokens":           TokensPage(Page{Base: base, Section: "settings", SignedIn: true}, tokens),
		"tokens_wrong":     TokensPage(Page{Base: base, Section: "settings", SignedIn: true}, tokensWrong),
		"second_step_offered": SecondStepPage(Page{Base: base, Section: "settings", SignedIn: true}, SecondStep{
			Base: base, Secret: "GEZDGNBVGY3TQOJQ", QR: QR{Path: "M0 0h7v1h-7z", Size: 21}, Errors: []FieldError{{"code", "", "This isn’t the code."}},
		}),
		"second_step_codes": SecondStepPage(Page{Base: base, Section: "settings", SignedIn: true}, SecondStep{
			Base: base, On: true, Codes: []string{"AAAA-BBBB", "CCCC-DDDD"},
		}),
		"second_step_on": SecondStepPage(Page{Base: base, Section: "settings", SignedIn: true}, SecondStep{
			Base: base, On: true, Since: "3 Feb 2026", SinceDateTime: "2026-02-03T04:05:06Z", Left: 1,
		}),
		"second_step_too_soon": SecondStepPage(Page{Base: base, Section: "settings", SignedIn: true}, SecondStep{Base: base, NeedsPassword: true}),
		"code":                 CodePage(Page{Base: base}, CodeNeeded{Base: base, Halfway: "half", Stay: true, Back: base + "/tags?q=<", Error: "This code is wrong.", Passkey: passkey}),
		"sessions":             SessionsPage(Page{Base: base, Section: "settings", SignedIn: true}, sessions),
		"tags_empty":           TagsPage(page, Tags{Base: base}),
		"tags_none":            TagsPage(page, Tags{Base: base, Filter: "x"}),
		"rename":               RenamePage(page, rename),
		"rename_wrong":         RenamePage(page, renameWrong),
		"rename_asks":          RenamePage(page, renameAsks),
		"delete_tag":           DeleteTagPage(page, deleteTag),
		"trash_empty":          NotesPage(withNotice(page, Notice{Text: "It is gone."}), capture, NoteList{Base: base, Trash: true, TrashDays: 30}),
		"note":                 NotePage(page, note),
		"note_trashed":         NotePage(page, trashedNote),
		"backlinks":            BacklinksPage(page, title, base+"/notes/1", mentions),
		"no_backlinks":         BacklinksPage(page, title, base+"/notes/1", Backlinks{}),
		"new":                  EditPage(page, NoteForm{Base: base}, 2),
		"edit":                 EditPage(page, edit, 0),
		"edit_invalid":         EditPage(page, wrongEdit, 0),
		"edit_attach":          EditPage(page, attached, 0),
		"note_archived":        NotePage(page, archivedNote),
		"draft":                NoteDraftPage(page, noteDraft),
		"drafts":               DraftsPage(page, DraftList{Base: base, Life: 30, Drafts: drafts, More: 3}),
		"drafts_none":          DraftsPage(page, DraftList{Base: base, Life: 30}),
		"merge":                MergePage(page, merge),
		"history":              HistoryPage(page, history),
		"revision":             RevisionPage(page, RevisionView{Base: base, ID: "1", Note: title, Revision: revisionOne, Diff: changes}),
		"revision_text":        RevisionPage(page, RevisionView{Base: base, ID: "1", Note: title, Revision: revisionNow, Text: true, Prose: Text{FrontMatter: "a: [", HTML: note.Text.HTML}}),
		"preview":              PreviewPage(page, title, note.Text),
		"problem":              ProblemPage(page, problem),
		"signed_out":           ProblemPage(Page{Base: base, Title: "Signed out"}, problem),
		"docs":                 DocsPage(Page{Base: base, Section: "docs", SignedIn: true}, api),
	}
	fragments = map[string]templ.Component{
		"cards":            Cards(list),
		"capture_invalid":  CaptureForm(wrongCapture),
		"captured_below":   CapturedElsewhere(capture, base+"/notes/1", title),
		"captured":         Captured(capture, NoteList{Base: base, Cards: cards[:1]}),
		"card_trashed":     TrashedCard(base+"/notes/1/restore", "1", title),
		"card_archived":    ArchivedCard(base+"/notes/1/unarchive", "1", title),
		"card_pinned":      ChangedCard(NoteList{Base: base, Cards: []Card{{NoteHead: NoteHead{ID: "1", Title: title, Pinned: true}, Focus: true}}}, "Note pinned."),
		"cards_to_choose":  Cards(choosing),
		"found":            Found(search),
		"hits":             Hits(search),
		"filtered_tags":    FilteredTags(tags),
		"card_restored":    RestoredCard(base, "1", title),
		"card_purged":      PurgedCard(title),
		"not_ticked":       NotTicked(note, problem),
		"problem_fragment": ProblemFragment(problem),
	}
)

// each runs a test over every page and fragment.
func each(t *testing.T, test func(t *testing.T, doc *goquery.Document)) {
	t.Helper()
	for _, components := range []map[string]templ.Component{pages, fragments} {
		for name, c := range components {
			t.Run(name, func(t *testing.T) { test(t, parse(t, c)) })
		}
	}
}

func render(t testing.TB, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parse(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, c)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

var contentHash = regexp.MustCompile(`\.[0-9a-f]{16}\.`)

func TestWhatIsSentIsAsReviewed(t *testing.T) {
	for _, components := range []map[string]templ.Component{pages, fragments} {
		for name, c := range components {
			t.Run(name, func(t *testing.T) {
				got := strings.ReplaceAll(render(t, c), "><", ">\n<") + "\n"
				got = contentHash.ReplaceAllString(got, ".HASH.")
				file := filepath.Join("testdata", name+".golden.html")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("not as in %s; if that is meant, run go test ./views -update and review the difference\n%s", file, got)
				}
			})
		}
	}
}

func TestNothingNeedsMoreThanTheContentSecurityPolicyAllows(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("style, iframe, object, embed, base, script:not([src])").Each(func(_ int, s *goquery.Selection) {
			t.Errorf("there is <%s>", goquery.NodeName(s))
		})
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s> has %s", goquery.NodeName(s), a.Key)
				}
			}
		})
	})
}

func TestHtmxIsGivenNothingToEvaluate(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				switch {
				case strings.HasPrefix(a.Key, "hx-on"),
					strings.HasPrefix(a.Key, "hx-") && strings.HasPrefix(strings.TrimSpace(a.Val), "js:"),
					strings.HasPrefix(a.Key, "hx-") && strings.HasPrefix(strings.TrimSpace(a.Val), "javascript:"),
					a.Key == "hx-trigger" && strings.Contains(a.Val, "["):
					t.Errorf("<%s> has %s=%q", goquery.NodeName(s), a.Key, a.Val)
				}
			}
		})
	})
}

func TestANotesOwnHTMLIsIgnoredByHtmx(t *testing.T) {
	body := parse(t, NotePage(page, note)).Find("em").Closest("[hx-ignore]")
	if body.Length() != 1 {
		t.Error("the rendered note is not inside an element with hx-ignore")
	}
}

func TestEveryControlHasAName(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("input:not([type=hidden]), textarea, select").Each(func(_ int, s *goquery.Selection) {
			if doc.Find(`label[for="`+s.AttrOr("id", "?")+`"]`).Length() != 1 {
				t.Errorf("field %q has no label", s.AttrOr("name", s.AttrOr("id", "")))
			}
		})
		doc.Find("a, button, summary").Each(func(_ int, s *goquery.Selection) {
			if strings.TrimSpace(s.Text()+s.AttrOr("aria-label", "")) == "" {
				t.Errorf("a control has no name: %v", s.Nodes[0].Attr)
			}
		})
	})
}

func TestEachIDIsUniqueAndWhatIsReferredToExists(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		ids := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if ids[id] {
				t.Errorf("two elements have the id %q", id)
			}
			ids[id] = true
		})
		isPage := doc.Find("#main").Length() > 0
		for _, attr := range []string{"for", "aria-describedby", "aria-labelledby", "href"} {
			doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
				for ref := range strings.FieldsSeq(s.AttrOr(attr, "")) {
					if attr == "href" {
						fragment, ok := strings.CutPrefix(ref, "#")
						if !ok || !isPage {
							continue // another page, or an icon of the page that the fragment comes to
						}
						ref = fragment
					}
					if !ids[ref] {
						t.Errorf("%s refers to %q, which isn't there", attr, ref)
					}
				}
			})
		}
	})
}

func TestEveryPathIsBelowTheBase(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		for _, attr := range []string{"href", "src", "action", "hx-get", "hx-post"} {
			doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
				if url := s.AttrOr(attr, ""); !strings.HasPrefix(url, base+"/") && !strings.HasPrefix(url, "#") {
					t.Errorf("%s=%q", attr, url)
				}
			})
		}
	})
}

func TestWhatIsInASharedSpaceHasAnAddressBelowThatOfTheSpace(t *testing.T) {
	for _, site := range []string{"", "/octavo", "/spaces/octavo"} {
		b := Base(site).InSpace(teamID)
		in := site + "/spaces/" + teamID
		for got, want := range map[string]string{
			b.Notes(): in + "/notes", b.Search(): in + "/search", b.Tags(): in + "/tags", b.Thumbnail("h"): in + "/thumbnails/h", b.In("/files/h"): in + "/files/h",
			b.Undo("1"): in + "/undo/1", b.Members(): in + "/settings", b.Complete(): in + "/complete/", b.Preview(): in + "/preview",
			b.Settings(): site + "/settings", b.SignOut(): site + "/logout", b.Path("/static/a"): site + "/static/a", b.Docs(): site + "/docs", b.Spaces(): site + "/settings/spaces",
			b.Site().Notes(): site + "/notes", b.InSpace(teamID).Notes(): in + "/notes", string(b.Site()): site,
		} {
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		if !b.IsShared() || b.Site().IsShared() {
			t.Errorf("%s isn't told from %s", b, b.Site())
		}
	}
}

func TestFixedPartsOfManySpacesAreForgotten(t *testing.T) {
	made := 0
	fixes := fixFor(func(n int) templ.Component {
		made++
		return text(strconv.Itoa(n))
	})
	for n := range 3 * maxFixed {
		for range 2 {
			if got := render(t, fixes(n)); got != strconv.Itoa(n) {
				t.Fatalf("%d is shown as %s", n, got)
			}
		}
	}
	wantMade := 3 * maxFixed
	if made != wantMade {
		t.Errorf("%d were made, want %d", made, wantMade)
	}
	if render(t, fixes(0)); made != wantMade+1 {
		t.Error("the first is still kept")
	}
}

func TestAPathCarriesWhatItIsGiven(t *testing.T) {
	b := Base(base)
	for got, want := range map[string]string{
		b.NotesWith(ListQuery{}): base + "/notes",
		b.NotesWith(ListQuery{View: "trash", Tag: "a&b/日", After: "x=", Select: "1"}): base + "/notes?after=x%3D&select=1&tag=a%26b%2F%E6%97%A5&view=trash",
		b.SearchFor(`"green tea" #x`): base + "/search?q=%22green+tea%22+%23x",
		b.RenameTag("work/a?b"):       base + "/tags/work/a%3Fb/rename",
		b.DeleteTag("work/a?b"):       base + "/tags/work/a%3Fb/delete",
		b.RestoreRevision("1", "2"):   base + "/notes/1/history/2/restore",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestNoAddressRunsAScript(t *testing.T) {
	doc := parse(t, Cards(NoteList{Cards: []Card{{NoteHead: NoteHead{ID: "1"}, Tags: []Link{{"#x", "javascript:alert(1)"}}}}}))
	if got := doc.Find(".chips a").AttrOr("href", ""); got != string(templ.FailedSanitizationURL) {
		t.Errorf("a tag leads to %q", got)
	}
}

func TestWhatHtmxDoesWorksWithoutScriptsToo(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, s *goquery.Selection) {
			method, searches := s.AttrOr("method", ""), s.HasClass("search")
			if method != map[bool]string{false: "post", true: "get"}[searches] || s.AttrOr("action", "") == "" {
				t.Errorf("a form leads nowhere: %v", s.Nodes[0].Attr)
			}
			if id := s.AttrOr("id", "?"); s.Find("button").Length() == 0 && doc.Find("button[form="+id+"]").Length() == 0 {
				t.Errorf("a form has no button: %v", s.Nodes[0].Attr)
			}
		})
		for htmx, plain := range map[string]string{"[hx-post]": "action", "form[hx-get]": "action", "a[hx-get]": "href"} {
			attr := htmx[strings.Index(htmx, "[")+1 : len(htmx)-1]
			doc.Find(htmx).Each(func(_ int, s *goquery.Selection) {
				if s.AttrOr(attr, "") != s.AttrOr(plain, "?") {
					t.Errorf("%s=%q but %s=%q", attr, s.AttrOr(attr, ""), plain, s.AttrOr(plain, ""))
				}
			})
		}
	})
}

func TestAFragmentIsThePagesOwnComponent(t *testing.T) {
	for name, tt := range map[string]struct{ whole, part templ.Component }{
		"the cards":        {NotesPage(page, capture, list), Cards(list)},
		"the capture form": {NotesPage(page, wrongCapture, list), CaptureForm(wrongCapture)},
		"the results":      {SearchPage(searches, search), Results(search)},
		"the next results": {Results(search), Hits(search)},
		"the tags":         {TagsPage(page, tags), TagTree(tags)},
		"the note":         {NotePage(page, note), Article(note)},
		"the merge":        {MergePage(page, merge), MergeForm(merge)},
		"the edit form":    {EditPage(page, wrongEdit, 0), EditForm(wrongEdit)},
	} {
		if !strings.Contains(render(t, tt.whole), render(t, tt.part)) {
			t.Errorf("%s by htmx and in the page differ", name)
		}
	}
}

func TestWhatCanBeDoneWithANoteIsAboutThatNote(t *testing.T) {
	of := toolsOf{base: base, pinned: true}
	for _, id := range []string{"1", "22", "1", title} {
		for _, tools := range [][2]templ.Component{{cardTools(of, id), newCardTools(of, id)}, {noteActions(of, id), newNoteActions(of, id)}} {
			if got, want := render(t, tools[0]), render(t, tools[1]); got != want || !strings.Contains(got, templ.EscapeString(id)) {
				t.Errorf("for %q there is\n%s\ninstead of\n%s", id, got, want)
			}
		}
	}
}

func TestWhatWasTypedIsShownAsItWas(t *testing.T) {
	doc := parse(t, EditPage(page, edit, 0))
	if got := doc.Find("#content").Text(); got != edit.Content {
		t.Errorf("content is %q, not %q", got, edit.Content)
	}
	if got := doc.Find("#title").Text(); got != edit.Title {
		t.Errorf("title is %q, not %q", got, edit.Title)
	}
	if got := doc.Find("#tags").AttrOr("value", ""); got != edit.Tags {
		t.Errorf("the tags are %q, not %q", got, edit.Tags)
	}
	doc = parse(t, MergePage(page, merge))
	if got := doc.Find("[name=content]").AttrOr("value", ""); got != merge.Content {
		t.Errorf("the text that collides is %q, not %q", got, merge.Content)
	}
	if got := parse(t, Cards(list)).Find("#note-1 a").First().Text(); got != title {
		t.Errorf("a card's title is %q, not %q", got, title)
	}
}

func TestHighlightsAddNothingToAText(t *testing.T) {
	doc := parse(t, Hits(Search{Hits: []Hit{{
		Title: []Span{{"庭。", false}, {"東京", true}, {"の庭", false}}, Snippet: []Span{{"green", true}, {"house", false}, {"s", true}},
	}}}))
	for selector, want := range map[string]string{"h2": "庭。東京の庭", ".excerpt": "greenhouses"} {
		if got := doc.Find(selector).Text(); got != want {
			t.Errorf("%s reads %q, not %q", selector, got, want)
		}
	}
}

func TestEachMessageIsTiedToItsField(t *testing.T) {
	for name, c := range map[string]templ.Component{
		"edit": EditForm(wrongEdit), "capture": CaptureForm(wrongCapture),
		"search": Results(wrongSearch), "rename": RenamePage(page, renameWrong),
	} {
		doc := parse(t, c)
		fields := doc.Find("[aria-invalid=true]")
		if fields.Length() == 0 {
			t.Errorf("%s: no field is marked", name)
		}
		fields.Each(func(_ int, s *goquery.Selection) {
			id, _, _ := strings.Cut(s.AttrOr("aria-describedby", ""), " ")
			if strings.TrimSpace(doc.Find("p.error#"+id).Text()) == "" {
				t.Errorf("%s: field %q has no message", name, s.AttrOr("name", ""))
			}
		})
	}
	if parse(t, EditForm(edit)).Find("[aria-invalid], .error, [role=alert]").Length() != 0 {
		t.Error("a form without mistakes complains")
	}
}

func TestEnterSaves(t *testing.T) {
	// Browsers take the first button that submits.
	first := parse(t, EditForm(edit)).Find("button:not([type=button])").First()
	if _, elsewhere := first.Attr("formaction"); elsewhere || strings.TrimSpace(first.Text()) != "Save" {
		t.Errorf("Enter presses %q", first.Text())
	}
	html := render(t, EditForm(edit))
	if attach := strings.Index(html, "<noscript>"); attach < strings.Index(html, `class="primary"`) {
		t.Error("without scripts Enter attaches a file")
	}
}

func TestOnlyWhereTextIsEditedTheEditorIsLoaded(t *testing.T) {
	unsent := problem
	unsent.Unsent = &edit
	for name, c := range map[string]templ.Component{"an unsent form": ProblemPage(page, unsent), "edit": pages["edit"]} {
		if parse(t, c).Find("head script[type=module][src*='/editor.']").Length() != 1 {
			t.Errorf("%s: the editor isn't loaded", name)
		}
	}
	for _, name := range []string{"notes", "note", "problem", "docs"} {
		if parse(t, pages[name]).Find("[src*='/editor.'], [rel=modulepreload][href*='/text.']").Length() != 0 {
			t.Errorf("%s: the editor is loaded", name)
		}
	}
}

func TestNobodySignedInIsOfferedNothing(t *testing.T) {
	if n := parse(t, pages["signed_out"]).Find("nav, form").Length(); n != 0 {
		t.Errorf("the page has %d ways on", n)
	}
}

// BenchmarkNotesPage is the page seen most.
func BenchmarkNotesPage(b *testing.B) {
	benchmark(b, NotesPage(page, capture, NoteList{Base: base, Cards: manyCards(20), More: list.More}))
}

// BenchmarkCards is what that page is made of.
func BenchmarkCards(b *testing.B) {
	benchmark(b, Cards(NoteList{Base: base, Cards: manyCards(50)}))
}

func manyCards(n int) []Card {
	return slices.Repeat([]Card{{
		NoteHead: NoteHead{ID: "0198f1f0-0000-7000-8000-000000000000", Title: "What the river house needs"},
		Date:     "12 May 2026", DateTime: "2026-05-12T20:15:00Z", Excerpt: strings.Repeat("We walked along the river. ", 8),
		Tags: []Link{{"#walks", base + "/notes?tag=walks"}, {"#work/home", base + "/notes?tag=work%2Fhome"}},
	}}, n)
}

func benchmark(b *testing.B, c templ.Component) {
	b.Helper()
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := c.Render(b.Context(), &out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes/page")
}

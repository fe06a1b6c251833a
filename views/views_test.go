package views

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

var update = flag.Bool("update", false, "write what is rendered to testdata")

const (
	base  = "/octavo"
	title = `Tea & "biscuits" <b>`
)

var (
	page = Page{Base: base, Nonce: "bm9uY2U", Title: title, Section: "notes", SignedIn: true}

	cards = []Card{
		{
			ID: "1", Title: title, Excerpt: "1 < 2 & so on", Pinned: true,
			Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z",
		},
		{ID: "2", Title: "ملاحظات", Date: "11 May 2026", DateTime: "2026-05-11T20:15:00Z"},
	}
	list  = NoteList{Base: base, Cards: cards, More: base + "/notes?after=x&view=active"}
	trash = NoteList{Base: base, Cards: cards, Trash: true}

	note = Note{
		Base: base, ID: "1", Title: title, HTML: "<p>One <em>two</em></p>", Pinned: true,
		Date: "12 May 2026", DateTime: "2026-05-12T20:15:00Z",
		Created: "1 May 2026", CreatedDateTime: "2026-05-01T20:15:00Z",
	}
	trashedNote = Note{Base: base, ID: "1", Title: title, Trashed: true, DateTime: "2026-05-12T20:15:00Z"}

	capture      = NoteForm{Base: base}
	wrongCapture = NoteForm{Base: base, Content: "typed", TitleError: "Write a title.", ContentError: "Too long."}
	edit         = NoteForm{Base: base, ID: "1", Title: title, Content: "\n</textarea>", Version: "3"}
	wrongEdit    = NoteForm{
		Base: base, ID: "1", Title: title, Content: "typed", Version: "3",
		TitleError: "Too long.", ContentError: "Too long as well.",
	}
	conflict = NoteForm{
		Base: base, ID: "1", Title: title, Content: "mine", Version: "4",
		Theirs: &Theirs{title, "\ntheirs", "12 May 2026", "2026-05-12T20:15:00Z"},
	}

	problem = Problem{Status: 404, Title: "There is no such note", Text: "It may have been deleted <for good>."}

	api = API{Text: "For programs.", Spec: base + "/openapi.json", Groups: []APIGroup{{"Records", []Operation{{
		ID: "get-record", Method: "GET", Path: "/records/{id}", Summary: "Get a record", Description: "By its id.",
		Params:    []Param{{"id", "path", "string", true, "The record's id"}, {"x", "query", "string", false, "Another"}},
		Body:      `{"title": "string"}`,
		Responses: []Response{{"200", "The record", `{"id": "string"}`}, {"404", "There is none", ""}},
	}}}}}
)

func withNotice(p Page, n Notice) Page {
	p.Notice = &n
	return p
}

// pages and fragments are one of everything that is ever sent.
var (
	pages = map[string]templ.Component{
		"notes":        NotesPage(page, capture, list),
		"notes_notice": NotesPage(withNotice(page, Notice{"It is in the trash.", base + "/notes/1/restore"}), capture, list),
		"notes_empty":  NotesPage(page, capture, NoteList{Base: base}),
		"trash":        NotesPage(Page{Base: base, Section: "trash", SignedIn: true}, capture, trash),
		"trash_empty":  NotesPage(withNotice(page, Notice{Text: "It is gone."}), capture, NoteList{Base: base, Trash: true}),
		"note":         NotePage(page, note),
		"note_trashed": NotePage(page, trashedNote),
		"new":          EditPage(page, NoteForm{Base: base}),
		"edit":         EditPage(page, edit),
		"edit_invalid": EditPage(page, wrongEdit),
		"conflict":     EditPage(page, conflict),
		"problem":      ProblemPage(page, problem),
		"signed_out":   ProblemPage(Page{Base: base, Title: "Signed out"}, problem),
		"docs":         DocsPage(Page{Base: base, Section: "docs", SignedIn: true}, api),
	}
	fragments = map[string]templ.Component{
		"cards":            Cards(list),
		"capture_invalid":  CaptureForm(wrongCapture),
		"captured":         Captured(capture, NoteList{Base: base, Cards: cards[:1]}),
		"card_trashed":     TrashedCard(base, "1", title),
		"card_restored":    RestoredCard(base, "1", title),
		"card_purged":      PurgedCard(title),
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
		doc.Find("style, iframe, object, embed, base, script:not([src][nonce])").Each(func(_ int, s *goquery.Selection) {
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

func TestWhatHtmxDoesWorksWithoutScriptsToo(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("method", "") != "post" || s.AttrOr("action", "") == "" {
				t.Errorf("a form posts nowhere: %v", s.Nodes[0].Attr)
			}
			if s.Find("button").Length() == 0 {
				t.Errorf("a form has no button: %v", s.Nodes[0].Attr)
			}
		})
		for htmx, plain := range map[string]string{"hx-post": "action", "hx-get": "href"} {
			doc.Find("[" + htmx + "]").Each(func(_ int, s *goquery.Selection) {
				if s.AttrOr(htmx, "") != s.AttrOr(plain, "?") {
					t.Errorf("%s=%q but %s=%q", htmx, s.AttrOr(htmx, ""), plain, s.AttrOr(plain, ""))
				}
			})
		}
	})
}

func TestAFragmentIsThePagesOwnComponent(t *testing.T) {
	for name, tt := range map[string]struct{ whole, part templ.Component }{
		"the cards":        {NotesPage(page, capture, list), Cards(list)},
		"the capture form": {NotesPage(page, wrongCapture, list), CaptureForm(wrongCapture)},
		"the edit form":    {EditPage(page, wrongEdit), EditForm(wrongEdit)},
	} {
		if !strings.Contains(render(t, tt.whole), render(t, tt.part)) {
			t.Errorf("%s by htmx and in the page differ", name)
		}
	}
}

func TestWhatWasTypedIsShownAsItWas(t *testing.T) {
	doc := parse(t, EditPage(page, edit))
	if got := doc.Find("#content").Text(); got != edit.Content {
		t.Errorf("content is %q, not %q", got, edit.Content)
	}
	if got := doc.Find("#title").AttrOr("value", ""); got != edit.Title {
		t.Errorf("title is %q, not %q", got, edit.Title)
	}
	if got := parse(t, EditPage(page, conflict)).Find("#their-content").Text(); got != conflict.Theirs.Content {
		t.Errorf("the other side of a conflict is %q, not %q", got, conflict.Theirs.Content)
	}
	if got := parse(t, Cards(list)).Find("#note-1 a").First().Text(); got != title {
		t.Errorf("a card's title is %q, not %q", got, title)
	}
}

func TestEachMessageIsTiedToItsField(t *testing.T) {
	for name, c := range map[string]templ.Component{
		"edit": EditForm(wrongEdit), "capture": CaptureForm(wrongCapture),
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

func TestNobodySignedInIsOfferedNothing(t *testing.T) {
	if n := parse(t, pages["signed_out"]).Find("nav, form").Length(); n != 0 {
		t.Errorf("the page has %d ways on", n)
	}
}

// BenchmarkNotesPage is the page seen most.
func BenchmarkNotesPage(b *testing.B) {
	l := NoteList{Base: base, More: list.More}
	for range 20 {
		l.Cards = append(l.Cards, Card{
			ID: "0198f1f0-0000-7000-8000-000000000000", Title: "What the river house needs", Date: "12 May 2026",
			DateTime: "2026-05-12T20:15:00Z", Excerpt: strings.Repeat("We walked along the river. ", 8),
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := NotesPage(page, capture, l).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

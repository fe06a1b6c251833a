package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"octavo/domain"
)

// injections are texts by which somebody would have a page run what they have written: each of a list, alone, where it could
// break out of a text or an attribute, in Markdown and in HTML that is allowed.
func injections(t *testing.T) (all []string) {
	t.Helper()
	list, err := os.ReadFile("testdata/injections.txt")
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.Lines(string(list)) {
		text = strings.TrimSuffix(text, "\n")
		all = append(all, text, `">`+text, "[x]("+text+")", "<b title='x'>"+text+"</b>")
	}
	if len(all) < 500 {
		t.Fatalf("only %d texts", len(all))
	}
	if testing.Short() {
		all = all[:40]
	}
	return all
}

// dangers returns what could run, load or send something in a page, beyond what the app puts into each.
func dangers(page *goquery.Document) (found []string) {
	found = page.Find(`script:not([src^="/static/"]), style, iframe, object, embed, base, meta[http-equiv], frame, applet`).
		Map(func(_ int, s *goquery.Selection) string { return "<" + goquery.NodeName(s) + ">" })
	for _, element := range page.Find("*").EachIter() {
		for _, a := range element.Nodes[0].Attr {
			name, value := strings.ToLower(a.Key), strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(name, "on"), name == "style", name == "srcdoc", name == "formaction" && !strings.HasPrefix(value, "/"),
				strings.Contains(name, "hx-") && strings.Contains(value, "hxevil"),
				name == "action" && !strings.HasPrefix(value, "/") && value != "":
				found = append(found, name+"="+a.Val)
			case name == "href" || name == "src" || name == "data" || name == "xlink:href" || name == "srcset":
				u, err := url.Parse(value)
				if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
					found = append(found, name+"="+a.Val)
				}
				if name != "href" && err == nil && u.Host != "" {
					found = append(found, "loads "+a.Val)
				}
			}
		}
	}
	return found
}

func (s *site) wantHarmless(text, where string, a answer) {
	s.t.Helper()
	for _, danger := range dangers(a.page()) {
		s.t.Errorf("with %s, %s has %.200s", text, where, danger)
	}
}

func TestWhatSomebodyWritesRunsOnNoPage(t *testing.T) {
	s := newSite(t)
	for _, text := range injections(t) {
		draft := domain.NoteDraft{Title: text, Content: text + "\n\ntext " + text, Author: domain.OwnerID}
		tag := strings.Join(strings.Fields(text), "")
		if s.post("/notes", "title", "x", "content", "x", "tags", tag).StatusCode == http.StatusSeeOther {
			draft.Tags = []domain.Tag{domain.Tag(tag)}
		}
		n, err := s.notes.Create(t.Context(), s.owner, draft)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		path, found := "/notes/"+string(n.ID), "/search?q="+url.QueryEscape(text)
		for _, page := range []string{path, path + "/edit", path + "/history", path + "/history/1", found, found + "&count=1", "/notes?tag=" + url.QueryEscape(tag)} {
			s.wantHarmless(text, page, s.get(page))
		}
		s.wantHarmless(text, "the preview", s.post("/preview", "content", text))
		s.wantHarmless(text, "the form", s.post(path, "title", strings.Repeat(text, 20), "content", text, "tags", tag+" "+text, "version", "9"))

		answer := s.json(http.MethodGet, "/api/v1"+path, "").wantStatus(http.StatusOK).wantHeader("X-Content-Type-Options", "nosniff")
		var stored struct{ Title, Content string }
		if err := json.Unmarshal([]byte(answer.body), &stored); err != nil || stored.Content != n.Content || stored.Title != n.Title {
			t.Errorf("%q is told as %+v, %v", text, stored, err)
		}
	}
	for next := "/notes"; next != ""; {
		list := s.get(next).wantStatus(http.StatusOK)
		s.wantHarmless("all of them", "a list", list)
		next = list.page().Find("a.more, .more a").AttrOr("href", "")
	}
	s.wantHarmless("all of them", "the page of tags", s.get("/tags"))
	s.wantHarmless("all of them", "the page of drafts", s.get("/drafts"))
}

func TestNamesRunOnNoPage(t *testing.T) {
	s := newSite(t)
	for i, text := range injections(t) {
		if i%10 > 0 { // the places are escaped alike
			continue
		}
		contentType, body := multipartForm(t, "file", strings.ReplaceAll(text, "\n", ""), "text", "content", "x")
		s.wantHarmless(text, "the form with a file", s.do(http.MethodPost, "/notes/attach", contentType, body))
		s.wantHarmless(text, "a saved search", s.post("/searches", "name", text, "q", text))
		s.wantHarmless(text, "a token", s.post("/settings/tokens", "name", text, "scope", "files", "days", "30"))
		s.wantHarmless(text, "the page to sign in", s.post("/login", "name", text, "password", text, "back", text))
		s.wantHarmless(text, "an invitation", s.get("/invitation?key="+url.QueryEscape(text)))
		u := domain.User{ID: domain.OwnerID, Name: text, Password: "none"}
		if err := s.store.Users().SetPassword(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		for _, page := range []string{"/notes", "/settings", "/settings/people", "/settings/audit", "/settings/tokens", "/settings/two-step", "/settings/sessions"} {
			s.wantHarmless(text, page, s.get(page, header("User-Agent", text)))
		}
	}
}

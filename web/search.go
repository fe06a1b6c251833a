package web

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/query"
	"octavo/lang"
	"octavo/views"
)

// searchHandler finds notes, and keeps searches.
type searchHandler struct{ *server }

const (
	maxFacets      = 12  // tags that a search offers to narrow it down by
	snippetLength  = 240 // code points
	maxSearchLinks = 20  // saved searches that every page shows
)

func (h searchHandler) find(c echo.Context, access domain.ReadAccess) error {
	return h.show(c, access, http.StatusOK, c.QueryParam("q"), c.QueryParam("after"), "", "")
}

// show answers with what a query finds: for htmx the next results alone, or all of the first. name and wrong are
// what was typed to save it, and why that wasn't possible.
func (h searchHandler) show(c echo.Context, access domain.ReadAccess, status int, query, after, name, wrong string) error {
	query = strings.TrimSpace(strings.ToValidUTF8(query, "\uFFFD"))
	v := views.Search{Base: h.base, Query: query, Name: strings.ToValidUTF8(name, "\uFFFD"), Error: wrong}
	if query != "" {
		if err := take(c, h.searches); err != nil {
			return err
		}
		found, err := h.searching.Find(c.Request().Context(), access, query, after, pageSize)
		if err != nil {
			return err
		}
		fillSearch(c.Request().Context(), h.base, &v, found)
		v.Count = countText(lang.From(c.Request().Context()), found.Count.Notes)
		if after != "" {
			v.Count = lang.T(c.Request().Context(), "search.more")
		}
	}
	if after != "" && isFragment(c.Request()) {
		return h.render(c, status, views.Hits(v))
	}
	saved, err := h.savedSearches(c, access)
	if err != nil {
		return err
	}
	for _, search := range saved {
		if search.Query == query {
			v.SavedAs = search.Name
		}
		v.Saved = append(v.Saved, views.SavedSearch{
			Name: search.Name, Query: search.Query, URL: h.base.SearchFor(search.Query),
			Remove: h.base.RemoveSearch(string(search.ID)),
		})
	}
	if isFragment(c.Request()) {
		return h.render(c, status, views.Found(v))
	}
	title := lang.T(c.Request().Context(), "page.search")
	if query != "" {
		title = query
	}
	return h.render(c, status, views.SearchPage(h.page(c, title, "search"), v))
}

// fillSearch puts what was found into the page.
func fillSearch(ctx context.Context, base views.Base, v *views.Search, found app.Found) {
	for _, p := range found.Query.Problems {
		v.Problems = append(v.Problems, views.QueryProblem{Part: shortened(v.Query[p.Start:p.End]), Text: lang.Say(ctx, domain.QueryMessage(p))})
	}
	var asked []string // keys of tags that the query asks for
	for _, clause := range found.Query.Clauses {
		if clause.Kind == query.TagClause && !clause.Not {
			asked = append(asked, clause.Tag)
		}
	}
	for _, t := range found.Count.Tags {
		if len(v.Facets) < maxFacets && !slices.Contains(asked, t.Tag.Key()) {
			// In front of the others: the last word may be the beginning of one, and stays the last.
			url := base.SearchFor("tag:" + string(t.Tag) + " " + v.Query)
			v.Facets = append(v.Facets, views.TagLink{Tag: string(t.Tag), URL: url, Notes: itoa(t.Notes)})
		}
	}
	for _, n := range found.Notes {
		h := views.Hit{
			URL: base.Note(string(n.ID)), Pinned: n.Pinned, State: badge(ctx, n.State),
			Title: spans(found.Query.Highlight(n.Title)),
		}
		snippet := found.Query.Snippet(n.Body(), snippetLength)
		h.URL += textFragment(snippet)
		h.Snippet = spans(snippet)
		h.Date, h.DateTime = printDate(lang.From(ctx), n.Updated)
		h.Tags, h.MoreTags = cardTags(base, n.AllTags(), domain.Active)
		v.Hits = append(v.Hits, h)
	}
	if found.Next != "" {
		v.More = base.SearchAfter(v.Query, found.Next)
	}
}

// badge says where a note is that isn't among the active ones.
func badge(ctx context.Context, state domain.NoteState) string {
	switch state {
	case domain.Archived:
		return lang.T(ctx, "search.archived")
	case domain.Trashed:
		return lang.T(ctx, "search.trashed")
	}
	return ""
}

func spans(list []query.Span) []views.Span {
	all := make([]views.Span, len(list))
	for i, span := range list {
		all[i] = views.Span{Text: strings.ReplaceAll(span.Text, "\n", " "), Hit: span.Hit}
	}
	return all
}

// countText says how many notes a search finds.
func countText(t *lang.Language, n int) string {
	switch {
	case n == 0:
		return t.Text("search.no_notes")
	case n > app.MaxCount:
		return t.Text("search.more_notes", "limit", t.Number(app.MaxCount))
	case n == app.MaxCount:
		return t.Text("search.notes", "notes", t.Number(n))
	}
	return t.Text("note.count", "count", n)
}

// shortened returns a part of a query, the beginning of it where it is long.
func shortened(part string) string {
	const most = 60
	if letters := []rune(part); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return part
}

// searchesName is where an echo.Context holds the saved searches, once they have been read.
const searchesName = "searches"

// savedSearches returns the saved searches. They are read once for a request.
func (s *server) savedSearches(c echo.Context, access domain.ReadAccess) ([]domain.SavedSearch, error) {
	if list, ok := c.Get(searchesName).([]domain.SavedSearch); ok {
		return list, nil
	}
	list, err := s.searching.Saved(c.Request().Context(), access)
	if err == nil {
		c.Set(searchesName, list)
	}
	return list, err
}

// searchLinks returns what the frame of every page shows of the saved searches. A page that is about something else
// does without them where they can't be read.
func (s *server) searchLinks(c echo.Context) (links []views.Link, more bool) {
	access := admitted(c).read
	if access.Space() == "" {
		return nil, false
	}
	list, err := s.savedSearches(c, access)
	if err != nil {
		return nil, false
	}
	for _, search := range list[:min(len(list), maxSearchLinks)] {
		links = append(links, views.Link{Text: search.Name, URL: s.base.SearchFor(search.Query)})
	}
	return links, len(list) > maxSearchLinks
}

// searchForm is a query to be saved under a name. What saves again a search that was removed has both in its URL.
type searchForm struct {
	Name  string `form:"name" query:"name"`
	Query string `form:"q" query:"q"`
}

func (h searchHandler) save(c echo.Context, access domain.WriteAccess) error {
	form, err := read[searchForm](c)
	if err != nil {
		return err
	}
	saved, err := h.searching.Save(c.Request().Context(), access, form.Name, form.Query)
	var own *domain.Error
	if errors.As(err, &own) && (own.Kind == domain.Invalid || own.Kind == domain.Conflict) {
		said := own.Message
		if len(own.Fields) > 0 {
			said = own.Fields[0].Message
		}
		return h.show(c, access.Read(), statusOf(own.Kind), form.Query, "", form.Name, lang.Say(c.Request().Context(), said))
	}
	if err != nil {
		return err
	}
	h.setNotice(c, noticeSearchSaved, saved.ID)
	return h.redirect(c, h.base.SearchFor(saved.Query))
}

func (h searchHandler) remove(c echo.Context, access domain.WriteAccess) error {
	id, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return domain.ErrSearchNotFound
	}
	removed, err := h.searching.Remove(c.Request().Context(), access, id)
	if err != nil {
		return err
	}
	packed := base64.RawURLEncoding.EncodeToString([]byte(removed.Name + "\n" + removed.Query)) // less than a cookie holds
	h.setNotice(c, noticeSearchRemoved, id, packed)
	return h.back(c, h.base.Search())
}

// removedSearch returns the notice that a search has been removed. Undoing that saves it again.
func removedSearch(ctx context.Context, base views.Base, packed string) *views.Notice {
	notice := &views.Notice{Text: lang.T(ctx, "notice.search_removed")}
	text, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil {
		return notice
	}
	if name, query, ok := strings.Cut(string(text), "\n"); ok {
		notice.Undo = base.SaveSearch(name, query)
	}
	return notice
}

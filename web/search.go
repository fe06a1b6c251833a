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
	"octavo/web/internal/recent"
)

// searchHandler finds notes, and keeps searches.
type searchHandler struct{ *server }

const (
	maxFacets      = 12  // tags that a search offers to narrow it down by
	snippetLength  = 240 // code points
	maxSearchLinks = 20  // saved searches that every page shows
)

func (h searchHandler) find(c echo.Context, access domain.ReadAccess) error {
	return h.show(c, access, http.StatusOK, shownSearch{
		query: c.QueryParam("q"), after: c.QueryParam("after"), chosen: readChoice(c), everywhere: c.QueryParam("in") == "all",
	})
}

// shownSearch is a search that is shown.
type shownSearch struct {
	query, after string
	name, wrong  string  // what was typed to save it, and why that wasn't possible
	chosen       *choice // not nil where notes can be chosen
	everywhere   bool    // in all spaces, where none can be chosen
}

// typedQuery returns what was typed as a query.
func typedQuery(text string) string { return strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD")) }

// show answers with what a query finds: for htmx the next results alone, or all of the first.
func (h searchHandler) show(c echo.Context, access domain.ReadAccess, status int, s shownSearch) error {
	ctx := c.Request().Context()
	query, after := typedQuery(s.query), s.after
	counted := c.QueryParam("count") == "true"
	v := views.Search{
		Base: h.here(c), May: admitted(c).may(), Query: query, Name: strings.ToValidUTF8(s.name, "\uFFFD"), Error: s.wrong,
		Shares: admitted(c).beside.Spaces != "", Everywhere: s.everywhere,
	}
	if query != "" {
		if err := take(c, h.searches); err != nil {
			return err
		}
		if counted && isFragment(c.Request()) {
			return h.showCount(c, access, v)
		}
		fill := h.fill
		if s.everywhere {
			fill = h.fillEverywhere
		}
		if err := fill(c, access, &v, s, counted); err != nil {
			return err
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
		switch {
		case query == search.Query && !s.everywhere:
			v.SavedAs = search.Name
		case query == "":
			v.Saved = append(v.Saved, views.SavedSearch{
				Name: search.Name, Query: search.Query, URL: h.here(c).SearchFor(search.Query),
				Remove: h.here(c).RemoveSearch(string(search.ID)),
			})
		}
	}
	if isFragment(c.Request()) {
		return h.render(c, status, views.Found(v))
	}
	title := lang.T(ctx, "page.search")
	if query != "" {
		title = query
	}
	return h.renderKept(c, status, "", views.SearchPage(h.page(c, title, "search"), v))
}

// fill puts a page of what is found into the search, and how many notes there are, if that is asked for.
func (h searchHandler) fill(c echo.Context, access domain.ReadAccess, v *views.Search, s shownSearch, counted bool) error {
	ctx, after := c.Request().Context(), s.after
	found, err := h.searching.Find(ctx, access, v.Query, after, pageSize)
	if err != nil {
		return err
	}
	if counted && found.Count == nil {
		count, err := h.searching.Count(ctx, access, v.Query)
		if err != nil {
			return err
		}
		found.Count = &count
	}
	fillSearch(ctx, h.here(c), v, found)
	if err := h.fillChoice(c, access, v, s, found); err != nil {
		return err
	}
	t := lang.From(ctx)
	if found.Count != nil {
		fillCount(ctx, h.here(c), v, found.Query, *found.Count)
		return nil
	}
	v.Count, v.CountURL = t.Text("search.more_notes", "limit", t.Number(len(found.Notes))), h.here(c).SearchCounted(v.Query, after)
	if after != "" {
		v.Count = t.Text("search.more")
	}
	return nil
}

// fillChoice puts into the page what is needed to choose notes, or the link that leads there.
func (h searchHandler) fillChoice(c echo.Context, access domain.ReadAccess, v *views.Search, s shownSearch, found app.Found) (err error) {
	if s.chosen == nil {
		if len(found.Notes) > 0 {
			v.Select = h.here(c).SelectFound(v.Query, s.after, "1")
		}
		return nil
	}
	if found.Next != "" {
		v.More = h.here(c).SelectFound(v.Query, found.Next, s.chosen.mode())
	}
	for i := range v.Hits {
		v.Hits[i].Chosen = s.chosen.has(v.Hits[i].ID)
	}
	if isFragment(c.Request()) && s.after != "" {
		v.Choice = &views.Selection{Every: s.chosen.every}
		return nil
	}
	on := choosing{
		search: v.Query, url: func(mode string) string { return route.SelectFound(v.Query, s.after, mode) },
		found: true, part: found.Next != "" || s.after != "", notes: len(found.Notes),
	}
	for _, n := range found.Notes {
		on.tags = append(on.tags, n.AllTags()...)
		if s.chosen.has(string(n.ID)) {
			on.chosen++
		}
	}
	v.Choice, err = h.selection(c, access, on, s.chosen)
	return err
}

// showCount answers htmx with how many notes the search finds, and their tags.
func (h searchHandler) showCount(c echo.Context, access domain.ReadAccess, v views.Search) error {
	ctx := c.Request().Context()
	count, err := h.count(c, access, v)
	if err != nil {
		return err
	}
	fillCount(ctx, h.here(c), &v, query.Parse(v.Query), count)
	return h.render(c, http.StatusOK, views.Counted(v))
}

// count counts what a search finds.
func (h searchHandler) count(c echo.Context, access domain.ReadAccess, v views.Search) (domain.SearchCount, error) {
	if !v.Everywhere {
		return h.searching.Count(c.Request().Context(), access, v.Query)
	}
	in, err := admitted(c).grant.ReadEverywhere()
	if err != nil {
		return domain.SearchCount{}, err
	}
	return h.searching.CountEverywhere(c.Request().Context(), in, v.Query)
}

// fillEverywhere is fill for a search in all spaces.
func (h searchHandler) fillEverywhere(c echo.Context, access domain.ReadAccess, v *views.Search, s shownSearch, counted bool) error {
	ctx := c.Request().Context()
	in, err := admitted(c).grant.ReadEverywhere()
	if err != nil {
		return err
	}
	found, err := h.searching.FindEverywhere(ctx, in, v.Query, s.after, pageSize)
	if err != nil {
		return err
	}
	if counted && found.Count == nil {
		count, err := h.count(c, access, *v)
		if err != nil {
			return err
		}
		found.Count = &count
	}
	fillProblems(ctx, v, found)
	spaces := h.spacesOf(c)
	for i, n := range found.Notes {
		hit := hitOf(ctx, spaces[found.In[i]].base, found.Query, n)
		hit.Space = &views.Link{Text: spaces[found.In[i]].name, URL: spaces[found.In[i]].base.Notes()}
		v.Hits = append(v.Hits, hit)
	}
	if found.Next != "" {
		v.More = h.here(c).SearchEverywhere(v.Query, found.Next, "")
	}
	t := lang.From(ctx)
	if found.Count != nil {
		v.Count = countText(t, found.Count.Notes)
		return nil
	}
	v.Count, v.CountURL = t.Text("search.more_notes", "limit", t.Number(len(found.Notes))), h.here(c).SearchEverywhere(v.Query, s.after, "true")
	if s.after != "" {
		v.Count = t.Text("search.more")
	}
	return nil
}

// namedSpace is where a space is, and what it is called.
type namedSpace struct {
	base views.Base
	name string
}

// spacesOf returns the spaces of whoever has sent a request, by their ids.
func (s *server) spacesOf(c echo.Context) map[domain.ID]namedSpace {
	who := admitted(c)
	spaces := map[domain.ID]namedSpace{
		who.actor.PersonalSpace(): {s.base, lang.T(c.Request().Context(), "space.own")},
	}
	for _, space := range who.beside.SharedSpaces() {
		spaces[space.ID] = namedSpace{s.base.InSpace(string(space.ID)), space.Name}
	}
	return spaces
}

// fillCount puts into the page how many notes there are, and which tags they have.
func fillCount(ctx context.Context, base views.Base, v *views.Search, q query.Query, count domain.SearchCount) {
	v.Count = countText(lang.From(ctx), count.Notes)
	var asked []string // keys of tags that the query asks for
	for _, clause := range q.Clauses {
		if clause.Kind == query.TagClause && !clause.Not {
			asked = append(asked, clause.Tag)
		}
	}
	for _, t := range count.Tags {
		if len(v.Facets) < maxFacets && !slices.Contains(asked, t.Tag.Key()) {
			// In front of the others: the last word may be the beginning of one, and stays the last.
			url := base.SearchFor("tag:" + string(t.Tag) + " " + v.Query)
			v.Facets = append(v.Facets, views.TagLink{Tag: string(t.Tag), URL: url, Notes: itoa(t.Notes)})
		}
	}
}

// fillSearch puts what was found into the page.
func fillSearch(ctx context.Context, base views.Base, v *views.Search, found app.Found) {
	fillProblems(ctx, v, found)
	v.Hits = make([]views.Hit, 0, len(found.Notes))
	for _, n := range found.Notes {
		v.Hits = append(v.Hits, hitOf(ctx, base, found.Query, n))
	}
	if found.Next != "" {
		v.More = base.SearchAfter(v.Query, found.Next)
	}
}

// fillProblems puts into the page what couldn't be read of its query.
func fillProblems(ctx context.Context, v *views.Search, found app.Found) {
	for _, p := range found.Query.Problems {
		v.Problems = append(v.Problems, views.QueryProblem{Part: shortened(v.Query[p.Start:p.End]), Text: lang.Say(ctx, domain.QueryMessage(p))})
	}
}

// hitOf returns a note that was found as the page shows it.
func hitOf(ctx context.Context, base views.Base, q query.Query, n domain.Note) views.Hit {
	h := views.Hit{
		ID: string(n.ID), URL: base.Note(string(n.ID)), Pinned: n.Pinned, State: badge(ctx, n.State),
		Title: spans(q.Highlight(n.Title)), Thumbnail: thumbnailURL(base, n.Picture),
	}
	snippet := q.Snippet(n.Body(), snippetLength)
	h.URL += textFragment(snippet)
	h.Snippet = spans(snippet)
	h.Date, h.DateTime = printDate(lang.From(ctx), n.Updated)
	h.Tags, h.MoreTags = cardTags(base, n.AllTags(), domain.Active)
	return h
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

// searchesKey names the saved searches of a space, in one of their versions.
type searchesKey struct {
	space   domain.ID
	version string
}

// keptSearches remembers the saved searches that pages have shown last. What is in it is shared, and never changed.
type keptSearches = recent.Cache[searchesKey, []domain.SavedSearch]

func newKeptSearches() *keptSearches {
	return recent.NewCache(1<<20, func(key searchesKey, list []domain.SavedSearch) int {
		size := 256 + len(key.version)
		for _, search := range list {
			size += 128 + len(search.Name) + len(search.Query)
		}
		return size
	})
}

// savedSearches returns the saved searches as they were when the request was let in, or as they are now. They are read
// once for each of their versions.
func (s *server) savedSearches(c echo.Context, access domain.ReadAccess) ([]domain.SavedSearch, error) {
	key := searchesKey{access.Space(), admitted(c).beside.Searches}
	if key.version == "" {
		return nil, nil
	}
	if list, ok := s.kept.Get(key); ok {
		return list, nil
	}
	list, err := s.searching.Saved(c.Request().Context(), access)
	if err == nil && domain.SearchesVersion(list) == key.version { // and not one that somebody has changed since
		s.kept.Put(key, list)
	} else {
		c.Set(laterSearches, true)
	}
	return list, err
}

// laterSearches is set in an echo.Context whose page doesn't show the saved searches of the version that was told.
const laterSearches = "later searches"

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
		links = append(links, views.Link{Text: search.Name, URL: s.here(c).SearchFor(search.Query)})
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
		wrong := shownSearch{query: form.Query, name: form.Name, wrong: lang.Say(c.Request().Context(), said)}
		return h.show(c, access.Read(), statusOf(own.Kind), wrong)
	}
	if err != nil {
		return err
	}
	h.setNotice(c, noticeSearchSaved, saved.ID)
	return h.redirect(c, h.here(c).SearchFor(saved.Query))
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
	return h.back(c, h.here(c).Search())
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

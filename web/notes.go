package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// notesHandler shows lists of notes.
type notesHandler struct {
	*server
	cards cards
	notes *app.Notes
	tags  *app.Tags
}

// How much a page of a list shows.
const (
	pageSize     = 20  // notes
	maxPages     = 10  // that are shown as one
	maxBelow     = 40  // tags below one
	maxCardTags  = 6   // tags of a note
	maxTagsAhead = 500 // tags that are read to find those directly below one
)

// listQuery is which page of which list a URL asks for.
type listQuery struct {
	state domain.NoteState
	tag   domain.Tag // "" for all notes
	order domain.NoteOrder
	sort  string // the order's name where the URL has it
	as    string // the way in which it is shown
	after string
	pages int  // how many are shown as one
	count bool // whether its notes are to be counted
}

func readListQuery(q url.Values) (list listQuery, err error) {
	if list.state, err = noteState(q.Get("view")); err != nil {
		return listQuery{}, err
	}
	if text := q.Get("tag"); text != "" {
		if list.tag, err = readTag(text); err != nil {
			return listQuery{}, err
		}
	}
	list.count = q.Get("count") == "true"
	list.after, list.as, list.pages = q.Get("after"), q.Get("as"), readPages(q)
	if order, ok := domain.ParseNoteOrder(q.Get("sort")); ok {
		list.order, list.sort = order, order.Name()
	}
	return list, nil
}

// readPages reads how many pages of a list a URL asks for at once.
func readPages(q url.Values) int {
	n, _ := strconv.Atoi(q.Get("pages"))
	return max(1, min(n, maxPages))
}

// limit returns how many notes the page shows at most.
func (l listQuery) limit() int { return max(1, l.pages) * pageSize }

// remember has the address of the page that htmx puts more notes into say so: whoever comes back to it, or loads it again, finds
// them there, and so the place that they were at.
func (h notesHandler) remember(c echo.Context) {
	shown, err := url.Parse(c.Request().Header.Get("HX-Current-URL"))
	if err != nil || shown.Path != h.here(c).Notes() {
		return
	}
	q := shown.Query()
	c.Response().Header().Set("HX-Replace-Url", h.here(c).NotesWith(views.ListQuery{
		View: q.Get("view"), Tag: q.Get("tag"), After: q.Get("after"), Sort: q.Get("sort"), As: q.Get("as"), Select: q.Get("select"),
		Pages: itoa(min(readPages(q)+1, maxPages)),
	}))
}

// readTag reads the name of a tag in a URL, with or without its #.
func readTag(text string) (domain.Tag, error) {
	tag, err := domain.NewTag(strings.TrimPrefix(text, "#"))
	if err != nil {
		return "", domain.NewInvalid(domain.FieldError{Field: "tag", Message: domain.FieldErrors(err)[0].Message})
	}
	return tag, nil
}

// url returns the path that readListQuery reads. choose is "1" where notes can be chosen, "all" where all of them are, and
// "" elsewhere.
func (l listQuery) url(base views.Base, choose string) string {
	q := views.ListQuery{View: l.view(), Tag: string(l.tag), After: l.after, Select: choose, Sort: l.sort}
	if l.pages > 1 {
		q.Pages = itoa(l.pages)
	}
	return base.NotesWith(q)
}

// view returns what the URL says of the state of the notes.
func (l listQuery) view() string {
	if l.state == domain.Active {
		return ""
	}
	return viewOf(l.state)
}

// filter returns which notes the list has, in which order.
func (l listQuery) filter() domain.NoteFilter {
	return domain.NoteFilter{State: l.state, Tag: l.tag.Key(), Order: l.order}
}

// with returns the first page of the same list, with another tag or "" for none.
func (l listQuery) with(tag domain.Tag) listQuery { return listQuery{state: l.state, tag: tag} }

func (h notesHandler) list(c echo.Context, access domain.ReadAccess) error {
	q, err := readListQuery(c.QueryParams())
	if err != nil {
		return err
	}
	h.arrange(c, &q)
	chosen := readChoice(c)
	if chosen == nil && len(c.Request().Header[ifNoneMatch]) > 0 && h.isVersioned(c, q) {
		etag, err := h.unmadeTag(c, access, q)
		if err != nil {
			return err
		}
		if hasPage(c.Request(), etag) {
			return keepPage(c, etag)
		}
	}
	return h.show(c, access, http.StatusOK, q, chosen)
}

// arrange has a list be sorted and shown as its URL says or, where that says nothing, as was chosen last. What the URL says is
// remembered. A page that isn't the first goes on as its URL says alone, and has nothing remembered. The trash is
// always the same.
func (h notesHandler) arrange(c echo.Context, q *listQuery) {
	if q.state == domain.Trashed { // where it says how long notes stay
		q.order, q.sort, q.as = domain.ByEdited, "", views.AsCards
		return
	}
	switch {
	case q.sort == "" && q.after == "":
		q.order, _ = domain.ParseNoteOrder(h.chosen(c, sortChoice))
	case q.sort != "" && q.after == "" && q.sort != h.chosen(c, sortChoice):
		h.choose(c, sortChoice, q.sort)
	}
	switch before := h.chosen(c, viewChoice); {
	case q.as == views.AsCards, q.as == views.AsLines:
		if q.as != before && q.after == "" {
			h.choose(c, viewChoice, q.as)
		}
	case before == views.AsLines:
		q.as = views.AsLines
	default:
		q.as = views.AsCards
	}
}

// isVersioned reports whether the versions of its notes and tags say all of what a page shows, so that it needn't be made to
// know whether a browser has it, with those of drafts where it offers any. They don't say how long notes are in the trash. A
// list that isn't shown from its beginning is hardly ever asked for again.
func (h notesHandler) isVersioned(c echo.Context, q listQuery) bool {
	return q.after == "" && !q.count && q.state != domain.Trashed && h.saysNothingElse(c)
}

// unmadeTag returns the ETag of a page that isVersioned, without making it.
func (h notesHandler) unmadeTag(c echo.Context, access domain.ReadAccess, q listQuery) (string, error) {
	ctx := c.Request().Context()
	version, err := h.notes.ListVersion(ctx, access, q.filter(), q.limit())
	if err != nil {
		return "", err
	}
	var below []views.TagLink
	if q.tag != "" {
		if below, err = h.tagsBelow(c, access, q); err != nil {
			return "", err
		}
	}
	drafts := ""
	if q.tag == "" && q.state == domain.Active {
		if _, _, drafts, err = h.captured(c, access); err != nil {
			return "", err
		}
	}
	return h.listTag(c, access, q, version, drafts, below), nil
}

// listTag returns the ETag of a page that isVersioned, which shows notes, drafts and tags.
func (h notesHandler) listTag(
	c echo.Context, access domain.ReadAccess, q listQuery, version, drafts string, below []views.TagLink,
) string {
	beside := []string{q.order.Name(), q.as, drafts}
	for _, tag := range below {
		beside = append(beside, tag.Tag, tag.Notes)
	}
	return h.pageTag(c, access, version, beside...)
}

// show answers with a page of a list: the cards alone for htmx. Where chosen isn't nil, notes can be chosen on it.
func (h notesHandler) show(c echo.Context, access domain.ReadAccess, status int, q listQuery, chosen *choice) error {
	ctx := c.Request().Context()
	if q.count && isFragment(c.Request()) {
		var list views.NoteList
		if err := h.count(c, access, q, app.NotePage{}, &list); err != nil {
			return err
		}
		return h.render(c, status, views.ListCount(list))
	}
	page, err := h.notes.List(ctx, access, q.filter(), q.after, q.limit())
	if err != nil {
		return err
	}
	list := h.cards.of(c, page.Notes, q.state, q.order)
	next := q
	next.after, next.sort, next.pages = page.Next, "", 1
	if q.order != domain.ByEdited {
		next.sort = q.order.Name()
	}
	if page.Next != "" {
		list.More = next.url(h.here(c), chosen.mode())
	}
	if chosen != nil {
		list.Choice = &views.Selection{Every: chosen.every}
		for i := range list.Cards {
			list.Cards[i].Chosen = chosen.has(list.Cards[i].ID)
		}
	}
	if isFragment(c.Request()) {
		if q.after != "" {
			h.remember(c)
		}
		return h.render(c, status, views.Cards(list))
	}
	if chosen != nil {
		on := choosing{
			search: q.filter().Search(), url: func(mode string) string { return q.url(route, mode) },
			part: page.Next != "" || q.after != "", notes: len(page.Notes),
		}
		for _, n := range page.Notes {
			on.tags = append(on.tags, n.Tags...)
			if chosen.has(string(n.ID)) {
				on.chosen++
			}
		}
		if list.Choice, err = h.selection(c, access, on, chosen); err != nil {
			return err
		}
	}
	list.Tag, list.Clear = string(q.tag), q.with("").url(h.here(c), "")
	if q.state == domain.Trashed && q.tag == "" && chosen == nil && len(page.Notes) > 0 {
		list.Until = momentText(page.Read)
	}
	list.Lines = q.as == views.AsLines
	if len(list.Cards) > 0 && chosen == nil {
		if err := h.count(c, access, q, page, &list); err != nil {
			return err
		}
		list.Select = q.url(h.here(c), "1")
		if q.after == "" && q.state != domain.Trashed {
			list.Arrangement = &views.Arrangement{
				Base: h.here(c), View: q.view(), Tag: string(q.tag), Order: q.order.Name(), Sort: q.sort, As: q.as,
			}
		}
	}
	capture, drafts := views.NoteForm{}, ""
	switch {
	case q.tag != "":
		list.Below, err = h.tagsBelow(c, access, q)
	case q.state == domain.Active && chosen == nil:
		var begun typed
		begun, list.Drafts, drafts, err = h.captured(c, access)
		capture = noteForm(ctx, h.here(c), begun, nil)
	}
	if err != nil {
		return err
	}
	title, section := lang.T(ctx, "page.notes"), "notes"
	switch q.state {
	case domain.Trashed:
		title, section = lang.T(ctx, "page.trash"), "trash"
	case domain.Archived:
		title, section = lang.T(ctx, "page.archive"), "archive"
	}
	if q.tag != "" {
		title = "#" + string(q.tag)
	}
	frame, etag := h.page(c, title, section), ""
	if chosen == nil && h.isVersioned(c, q) && c.Get(laterSearches) == nil {
		etag = h.listTag(c, access, q, page.Version, drafts, list.Below)
	}
	return h.renderKept(c, status, etag, views.NotesPage(frame, capture, list))
}

// count puts into a list how many notes it has, where its page has all of them or the URL asks for it, and the URL that does.
func (h notesHandler) count(c echo.Context, access domain.ReadAccess, q listQuery, page app.NotePage, list *views.NoteList) error {
	ctx := c.Request().Context()
	list.CountURL = h.here(c).NotesWith(views.ListQuery{View: q.view(), Tag: string(q.tag), Count: "true"})
	n := len(page.Notes)
	if q.count {
		var err error
		if n, err = h.notes.ListCount(ctx, access, q.filter()); err != nil {
			return err
		}
	} else if q.after != "" || page.Next != "" {
		return nil
	}
	if list.Count = lang.T(ctx, "note.count", "count", n); n > app.MaxListed {
		list.Count = lang.T(ctx, "search.more_notes", "limit", lang.From(ctx).Number(app.MaxListed))
	}
	return nil
}

// captured returns what was typed into the form on top of the list and never added, how many drafts there are besides, and a
// text that says both.
func (h notesHandler) captured(c echo.Context, access domain.ReadAccess) (t typed, others int, version string, err error) {
	drafts := admitted(c).beside.Drafts
	if drafts > 0 {
		version = itoa(drafts)
		d, err := h.drafts.Captured(c.Request().Context(), access)
		switch {
		case err == nil:
			t, drafts, version = draftTyped(d), drafts-1, version+" "+domain.DraftsVersion([]domain.Draft{d})
		case !errors.Is(err, domain.NotFound):
			return typed{}, 0, "", err
		}
	}
	return t, drafts, version, nil
}

// tagsBelow returns the tags directly below that of a list. Which notes have them doesn't depend on the list's state,
// so they are told of the list of active notes alone.
func (h notesHandler) tagsBelow(c echo.Context, access domain.ReadAccess, q listQuery) ([]views.TagLink, error) {
	if q.state != domain.Active {
		return nil, nil
	}
	found, err := h.tags.Complete(c.Request().Context(), access, string(q.tag)+"/", maxTagsAhead)
	if err != nil {
		return nil, err
	}
	var below []views.TagLink
	depth := strings.Count(string(q.tag), "/") + 1
	for _, t := range found {
		if strings.Count(string(t.Tag), "/") == depth && len(below) < maxBelow {
			below = append(below, views.TagLink{Tag: string(t.Tag), URL: q.with(t.Tag).url(h.here(c), ""), Notes: itoa(t.Notes)})
		}
	}
	return below, nil
}

// noteState reads the part of a list's URL that tells which notes it shows.
func noteState(view string) (domain.NoteState, error) {
	switch view {
	case "", "active":
		return domain.Active, nil
	case "archived":
		return domain.Archived, nil
	case "trash":
		return domain.Trashed, nil
	}
	return "", domain.NewInvalid(domain.NewFieldError("view", "list.unknown"))
}

// viewOf returns what noteState reads.
func viewOf(state domain.NoteState) string {
	if state == domain.Trashed {
		return "trash"
	}
	return string(state)
}

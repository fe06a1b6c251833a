package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/query"
	"octavo/lang"
	"octavo/views"
)

// bulkHandler does something with several notes at once.
type bulkHandler struct {
	notesHandler // which shows the list that they were chosen on
	search       searchHandler
	bulk         *app.Bulk
}

// bulkForm says what is to be done with which notes.
type bulkForm struct {
	Back   string   `form:"back"` // the list or the search that they were chosen on
	IDs    []string `form:"id"`
	All    string   `form:"all"` // not "" where all of its notes are meant, and not those with the ids
	Action app.Many `form:"action"`
	Tag    string   `form:"tag"`
	To     string   `form:"to"` // the space that they are moved into
}

// with returns what the action is done with.
func (f bulkForm) with() string {
	if f.Action == app.ManyMove {
		return f.To
	}
	return f.Tag
}

func (f bulkForm) notes() (ids []domain.ID) {
	for _, text := range f.IDs {
		if id, ok := domain.ParseID(text); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func (f bulkForm) validate() error {
	if f.All == "" && len(f.notes()) == 0 {
		return domain.NewInvalid(domain.NewFieldError("id", "bulk.none"))
	}
	return nil
}

// change does something with all notes that have been chosen on a list or among what a search finds, and leads back there.
func (h bulkHandler) change(c echo.Context, access domain.WriteAccess) error {
	form, err := read[bulkForm](c)
	on, ids := h.chosenOn(c, form.Back), form.notes()
	var changed app.Changed
	switch ctx := c.Request().Context(); {
	case err != nil:
	case form.All != "":
		changed, err = h.bulk.ChangeFound(ctx, access, form.Action, form.with(), on.all)
	default:
		changed, err = h.bulk.Change(ctx, access, form.Action, form.with(), ids)
	}
	switch {
	case errors.Is(err, domain.Invalid):
		return on.show(c, access.Read(), &choice{every: form.All != "", ids: form.IDs, tag: form.Tag, to: form.To, err: err})
	case err != nil:
		return err
	case changed.Undo != "":
		if form.Action == app.ManyMove {
			h.auditMove(c, form.To, changed)
		}
		h.setUndo(c, changed.Undo)
	default:
		h.setNotice(c, noticeUnchanged, access.User())
	}
	return h.redirect(c, on.back)
}

// chosenOn is the page that notes are chosen on.
type chosenOn struct {
	back string // its URL
	all  string // the search that finds all of its notes, or "" where it isn't known which page that is
	show func(echo.Context, domain.ReadAccess, *choice) error
}

// chosenOn returns the search or the list that a path leads to, and the list of active notes for any other text.
func (h bulkHandler) chosenOn(c echo.Context, path string) chosenOn {
	if u, err := url.Parse(path); err == nil && u.Path == route.Search() && u.Query().Get("q") != "" {
		q, after := typedQuery(u.Query().Get("q")), u.Query().Get("after")
		return chosenOn{h.here(c).SearchAfter(q, after), q, func(c echo.Context, access domain.ReadAccess, chosen *choice) error {
			return h.search.show(c, access, http.StatusUnprocessableEntity, shownSearch{query: q, after: after, chosen: chosen})
		}}
	}
	list, known := listOf(path)
	all := ""
	if known {
		all = list.filter().Search()
	}
	return chosenOn{list.url(h.here(c), ""), all, func(c echo.Context, access domain.ReadAccess, chosen *choice) error {
		h.arrange(c, &list)
		return h.show(c, access, http.StatusUnprocessableEntity, list, chosen)
	}}
}

// listOf returns the page of a list that a path leads to. known is false for any other text, for which it is the list of
// active notes: whoever wrote it, it leads nowhere else.
func listOf(path string) (list listQuery, known bool) {
	active := listQuery{state: domain.Active}
	u, err := url.Parse(path)
	if err != nil || u.Path != route.Notes() {
		return active, false
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return active, false
	}
	if list, err = readListQuery(values); err != nil {
		return active, false
	}
	return list, true
}

// choice is what is chosen on a page, to do something with it.
type choice struct {
	all   bool // every note on it
	every bool // every note that there is, on whatever page
	ids   []string
	tag   string // as typed
	to    string // the space that they are to be moved into
	err   error  // Invalid, what is wrong with what was sent
}

// readChoice reads what a URL says of what is chosen, which is nil where nothing can be.
func readChoice(c echo.Context) *choice {
	mode := c.QueryParam("select")
	if mode == "" || admitted(c).mayEdit() != nil {
		return nil
	}
	return &choice{all: mode == "all", every: mode == "every"}
}

func (c *choice) has(id string) bool { return c.all || c.every || slices.Contains(c.ids, id) }

// mode returns what a URL says to go on choosing on the next page.
func (c *choice) mode() string {
	switch {
	case c == nil:
		return ""
	case c.every:
		return "every"
	}
	return "1"
}

// maxChoiceTags is how many tags are offered to be removed from the notes on a page.
const maxChoiceTags = 200

// choosing is where notes are chosen, and on what.
type choosing struct {
	search string                   // which finds all that there are
	url    func(mode string) string // of the page, below the base
	found  bool                     // it is a search that somebody has typed
	part   bool                     // there are other pages
	notes  int                      // on this one
	chosen int                      // of these
	tags   []domain.Tag             // of these
}

// selection returns what a page shows beside the notes where they can be chosen.
func (s *server) selection(c echo.Context, access domain.ReadAccess, on choosing, chosen *choice) (*views.Selection, error) {
	ctx := c.Request().Context()
	url := func(mode string) string { return s.here(c).In(on.url(mode)) }
	parsed := query.Parse(on.search)
	v := &views.Selection{
		Base: s.here(c), Back: on.url(""), All: url("all"), None: url("1"),
		Tag: strings.ToValidUTF8(chosen.tag, "\uFFFD"), Chosen: on.chosen, Page: on.notes > 0 && on.chosen == on.notes,
		Every: chosen.every, Any: on.notes > 0,
		Active: parsed.MayFind(query.Active), Archived: parsed.MayFind(query.Archived), Trashed: parsed.MayFind(query.Trashed),
	}
	for _, f := range domain.FieldErrors(chosen.err) {
		v.Error, v.TagError = lang.Say(ctx, f.Message), f.Field == "tags"
	}
	var err error
	if v.Spaces, err = s.destinations(c, access, chosen.to); err != nil {
		return nil, err
	}
	tags := on.tags
	if chosen.every || on.part {
		count, err := s.searching.Count(ctx, access, on.search)
		if err != nil {
			return nil, err
		}
		v.EveryURL, v.Matching = url("every"), matchingText(lang.From(ctx), on.found, chosen.every, count.Notes)
		for _, t := range count.Tags {
			tags = append(tags, t.Tag)
		}
	}
	seen := map[string]bool{}
	for _, t := range tags {
		if key := t.Key(); !seen[key] && len(v.Tags) < maxChoiceTags {
			seen[key] = true
			v.Tags = append(v.Tags, string(t))
		}
	}
	slices.Sort(v.Tags)
	return v, nil
}

// matchingText says how many notes a list or a search has, which can be chosen or have been.
func matchingText(t *lang.Language, found, chosen bool, count int) string {
	texts := map[[2]bool][2]domain.Code{
		{false, false}: {"bulk.all_list", "bulk.all_list_more"}, {true, false}: {"bulk.all_found", "bulk.all_found_more"},
		{false, true}: {"bulk.every_list", "bulk.every_list_more"}, {true, true}: {"bulk.every_found", "bulk.every_found_more"},
	}[[2]bool{found, chosen}]
	if count > app.MaxCount {
		return t.Text(texts[1], "limit", t.Number(app.MaxCount))
	}
	return t.Text(texts[0], "notes", countText(t, count))
}

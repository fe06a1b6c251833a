package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
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
	cards  cards
	notes  *app.Notes
	tags   *app.Tags
	drafts *app.Drafts
}

// How much a page of a list shows.
const (
	pageSize     = 20  // notes
	maxBelow     = 40  // tags below one
	maxCardTags  = 6   // tags of a note
	maxTagsAhead = 500 // tags that are read to find those directly below one
)

// listQuery is which page of which list a URL asks for.
type listQuery struct {
	state domain.NoteState
	tag   domain.Tag // "" for all notes
	after string
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
	list.after = q.Get("after")
	return list, nil
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
	q := views.ListQuery{Tag: string(l.tag), After: l.after, Select: choose}
	if l.state != domain.Active {
		q.View = viewOf(l.state)
	}
	return base.NotesWith(q)
}

// with returns the first page of the same list, with another tag or "" for none.
func (l listQuery) with(tag domain.Tag) listQuery { return listQuery{state: l.state, tag: tag} }

// choice is what is chosen on a list, to do something with it.
type choice struct {
	all bool
	ids []string
	tag string // as typed
	err error  // Invalid, what is wrong with what was sent
}

func (h notesHandler) list(c echo.Context, access domain.ReadAccess) error {
	q, err := readListQuery(c.QueryParams())
	if err != nil {
		return err
	}
	var chosen *choice
	if mode := c.QueryParam("select"); mode != "" {
		chosen = &choice{all: mode == "all"}
	}
	return h.show(c, access, http.StatusOK, q, chosen)
}

// show answers with a page of a list: the cards alone for htmx. Where chosen isn't nil, notes can be chosen on it.
func (h notesHandler) show(c echo.Context, access domain.ReadAccess, status int, q listQuery, chosen *choice) error {
	ctx := c.Request().Context()
	page, err := h.notes.List(ctx, access, domain.NoteFilter{State: q.state, Tag: q.tag.Key()}, q.after, pageSize)
	if err != nil {
		return err
	}
	list := h.cards.of(c.Request().Context(), page.Notes, q.state)
	next := q
	next.after = page.Next
	switch {
	case page.Next == "":
	case chosen != nil:
		list.More = next.url(h.base, "1")
	default:
		list.More = next.url(h.base, "")
	}
	if chosen != nil {
		list.Choice = selection(ctx, h.base, list.Cards, q, chosen)
	}
	if isFragment(c.Request()) {
		return h.render(c, status, views.Cards(list))
	}
	list.Tag, list.Clear = string(q.tag), q.with("").url(h.base, "")
	if len(list.Cards) > 0 {
		list.Select = q.url(h.base, "1")
	}
	capture := views.NoteForm{}
	switch {
	case q.tag != "":
		list.Below, err = h.tagsBelow(ctx, access, q)
	case q.state == domain.Active && chosen == nil:
		capture = noteForm(ctx, h.base, typed{}, nil)
		list.Drafts, err = newDrafts(ctx, h.drafts, access)
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
	return h.render(c, status, views.NotesPage(h.page(c, title, section), capture, list))
}

// selection returns what a page shows beside the cards where notes can be chosen, and marks those that are.
func selection(ctx context.Context, base views.Base, cards []views.Card, q listQuery, chosen *choice) *views.Selection {
	for i := range cards {
		cards[i].Chosen = chosen.all || slices.Contains(chosen.ids, cards[i].ID)
	}
	v := &views.Selection{Back: q.url(route, ""), All: q.url(base, "all"), Tag: strings.ToValidUTF8(chosen.tag, "\uFFFD")}
	for _, f := range domain.FieldErrors(chosen.err) {
		v.Error, v.TagError = lang.Say(ctx, f.Message), f.Field == "tags"
	}
	return v
}

// tagsBelow returns the tags directly below that of a list. Which notes have them doesn't depend on the list's state,
// so they are told of the list of active notes alone.
func (h notesHandler) tagsBelow(ctx context.Context, access domain.ReadAccess, q listQuery) ([]views.TagLink, error) {
	if q.state != domain.Active {
		return nil, nil
	}
	found, err := h.tags.Complete(ctx, access, string(q.tag)+"/", maxTagsAhead)
	if err != nil {
		return nil, err
	}
	var below []views.TagLink
	depth := strings.Count(string(q.tag), "/") + 1
	for _, t := range found {
		if strings.Count(string(t.Tag), "/") == depth && len(below) < maxBelow {
			below = append(below, views.TagLink{Tag: string(t.Tag), URL: q.with(t.Tag).url(h.base, ""), Notes: itoa(t.Notes)})
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

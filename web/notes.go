package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

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

func (s *server) listNotes(c echo.Context, actor domain.Actor) error {
	q, err := readListQuery(c.QueryParams())
	if err != nil {
		return err
	}
	var chosen *choice
	if mode := c.QueryParam("select"); mode != "" {
		chosen = &choice{all: mode == "all"}
	}
	return s.showList(c, actor, http.StatusOK, q, chosen)
}

// showList answers with a page of a list: the cards alone for htmx. Where chosen isn't nil, notes can be chosen on it.
func (s *server) showList(c echo.Context, actor domain.Actor, status int, q listQuery, chosen *choice) error {
	ctx := c.Request().Context()
	page, err := s.app.Notes().List(ctx, actor, domain.NoteFilter{State: q.state, Tag: q.tag.Key()}, q.after, pageSize)
	if err != nil {
		return err
	}
	list := s.noteList(page.Notes, q.state)
	next := q
	next.after = page.Next
	switch {
	case page.Next == "":
	case chosen != nil:
		list.More = next.url(s.base, "1")
	default:
		list.More = next.url(s.base, "")
	}
	if chosen != nil {
		list.Choice = s.selection(ctx, list.Cards, q, chosen)
	}
	if isFragment(c.Request()) {
		return s.render(c, status, views.Cards(list))
	}
	list.Tag, list.Clear = string(q.tag), q.with("").url(s.base, "")
	if len(list.Cards) > 0 {
		list.Select = q.url(s.base, "1")
	}
	capture := views.NoteForm{}
	switch {
	case q.tag != "":
		list.Below, err = s.tagsBelow(ctx, actor, q)
	case q.state == domain.Active && chosen == nil:
		capture = s.noteForm(ctx, typed{}, nil)
		list.Drafts, err = s.newDrafts(c, actor)
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
	return s.render(c, status, views.NotesPage(s.page(c, title, section), capture, list))
}

// selection returns what a page shows beside the cards where notes can be chosen, and marks those that are.
func (s *server) selection(ctx context.Context, cards []views.Card, q listQuery, chosen *choice) *views.Selection {
	for i := range cards {
		cards[i].Chosen = chosen.all || slices.Contains(chosen.ids, cards[i].ID)
	}
	v := &views.Selection{Back: q.url(route, ""), All: q.url(s.base, "all"), Tag: strings.ToValidUTF8(chosen.tag, "\uFFFD")}
	for _, f := range domain.FieldErrors(chosen.err) {
		v.Error, v.TagError = lang.Say(ctx, f.Message), f.Field == "tags"
	}
	return v
}

// tagsBelow returns the tags directly below that of a list. Which notes have them doesn't depend on the list's state,
// so they are told of the list of active notes alone.
func (s *server) tagsBelow(ctx context.Context, actor domain.Actor, q listQuery) ([]views.TagLink, error) {
	if q.state != domain.Active {
		return nil, nil
	}
	found, err := s.app.Tags().Complete(ctx, actor, string(q.tag)+"/", maxTagsAhead)
	if err != nil {
		return nil, err
	}
	var below []views.TagLink
	depth := strings.Count(string(q.tag), "/") + 1
	for _, t := range found {
		if strings.Count(string(t.Tag), "/") == depth && len(below) < maxBelow {
			below = append(below, views.TagLink{Tag: string(t.Tag), URL: q.with(t.Tag).url(s.base, ""), Notes: itoa(t.Notes)})
		}
	}
	return below, nil
}

// cardTags returns the tags that a note shows in a list, and how many more it has. Each leads to the notes in the same
// state that have it.
func (s *server) cardTags(tags []domain.Tag, state domain.NoteState) (links []views.Link, more int) {
	if len(tags) == 0 {
		return nil, 0
	}
	links = make([]views.Link, min(len(tags), maxCardTags))
	for i := range links {
		list := listQuery{state: state, tag: tags[i]}
		links[i] = views.Link{Text: "#" + string(tags[i]), URL: list.url(s.base, "")}
	}
	return links, len(tags) - len(links)
}

// noteList returns notes, all in the same state, as cards.
func (s *server) noteList(notes []domain.NoteSummary, state domain.NoteState) views.NoteList {
	cards := make([]views.Card, len(notes))
	for i, n := range notes {
		card := views.Card{
			ID: string(n.ID), Title: n.Title, Excerpt: n.Excerpt, Pinned: n.Pinned, Archived: state == domain.Archived,
		}
		card.Date, card.DateTime = printDate(n.Listed())
		card.Tags, card.MoreTags = s.cardTags(n.Tags, state)
		if state == domain.Trashed {
			card.Days = s.app.Notes().TrashDays(n)
		}
		cards[i] = card
	}
	return views.NoteList{Base: s.base, Archive: state == domain.Archived, Trash: state == domain.Trashed, Cards: cards}
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

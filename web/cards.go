package web

import (
	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// cards makes of notes what lists show.
type cards struct {
	*server
	notes *app.Notes
}

// of returns notes, all in the same state, as cards of a list in an order.
func (h cards) of(c echo.Context, notes []domain.NoteSummary, state domain.NoteState, order domain.NoteOrder) views.NoteList {
	t, base := lang.From(c.Request().Context()), h.here(c)
	list := make([]views.Card, len(notes))
	for i, n := range notes {
		card := views.Card{NoteHead: noteHead(n), Excerpt: n.Excerpt, Thumbnail: thumbnailURL(base, n.Picture)}
		listed := n.Listed()
		if order == domain.ByCreated {
			listed = n.Created
		}
		card.Date, card.DateTime = printDate(t, listed)
		card.Tags, card.MoreTags = cardTags(base, n.Tags, state)
		if state == domain.Trashed {
			card.Days = h.notes.TrashDays(n)
		}
		list[i] = card
	}
	return views.NoteList{
		Base: base, May: admitted(c).may(), Archive: state == domain.Archived, Trash: state == domain.Trashed, TrashDays: domain.Days(domain.TrashLife),
		Cards: list,
	}
}

// thumbnailURL is where the thumbnail of a note's picture is, or "" where it has none.
func thumbnailURL(base views.Base, picture domain.FileHash) string {
	if picture == "" {
		return ""
	}
	return base.Thumbnail(string(picture))
}

// one returns a note as the card of a list in an order.
func (h cards) one(c echo.Context, n domain.Note, order domain.NoteOrder) views.NoteList {
	summary := n.Summary()
	summary.Created = n.Created
	return h.of(c, []domain.NoteSummary{summary}, n.State, order)
}

// cardTags returns the tags that a note shows in a list, and how many more it has. Each leads to the notes in the same
// state that have it.
func cardTags(base views.Base, tags []domain.Tag, state domain.NoteState) (links []views.Link, more int) {
	if len(tags) == 0 {
		return nil, 0
	}
	links = make([]views.Link, min(len(tags), maxCardTags))
	for i := range links {
		list := listQuery{state: state, tag: tags[i]}
		links[i] = views.Link{Text: "#" + string(tags[i]), URL: list.url(base, "")}
	}
	return links, len(tags) - len(links)
}

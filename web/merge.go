package web

import (
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/textdiff"
	"octavo/lang"
	"octavo/views"
)

// readResolution reads what was chosen on the page of a merge, or returns nil when the form comes from elsewhere.
func readResolution(r *http.Request) *app.Resolution {
	theirs, err := strconv.Atoi(r.PostForm.Get("theirs"))
	if err != nil {
		return nil
	}
	count, err := strconv.Atoi(r.PostForm.Get("collisions"))
	if err != nil || count < 0 || count > textdiff.MaxCollisions {
		count = 0
	}
	choose := func(name string) textdiff.Side {
		if all := r.PostForm.Get("all"); all != "" {
			return textdiff.Side(all)
		}
		return textdiff.Side(r.PostForm.Get(name))
	}
	resolution := &app.Resolution{Theirs: theirs}
	resolution.Choices.Title = choose("choice-title")
	for i := range count {
		resolution.Choices.Content = append(resolution.Choices.Content, choose("choice-"+itoa(i+1)))
	}
	return resolution
}

// renderMerge keeps what was typed as a draft and shows what it collides with.
func (h editorHandler) renderMerge(c echo.Context, access domain.WriteAccess, status int, form views.NoteForm, saved app.Saved,
	resolution *app.Resolution, t typed,
) error {
	base, err := strconv.Atoi(form.Version)
	if err != nil {
		return err
	}
	if err := h.keep(c, access, saved.Note.ID, base, t, &form); err != nil {
		return err
	}
	if err := h.takeText(c, len(t.Content)+len(saved.Note.Content)); err != nil {
		return err
	}
	m := views.Merge{
		NoteForm: form, Theirs: itoa(saved.Note.Version), Again: resolution != nil && status == http.StatusConflict,
	}
	words := lang.From(c.Request().Context())
	m.Date, m.DateTime = printDate(words, saved.Note.Updated)
	if m.Author, err = h.author(c, access.Read(), saved.Note); err != nil {
		return err
	}
	var choices *domain.MergeChoices
	if status == http.StatusUnprocessableEntity {
		choices = &resolution.Choices
	}
	addPlaces(words, &m, saved.Conflict, saved.Note.Title, choices)
	if isFragment(c.Request()) {
		return h.render(c, status, views.MergeForm(m))
	}
	return h.render(c, status, views.MergePage(h.page(c, words.Text("page.edit_note"), ""), m))
}

// author says who has saved what a note says now.
func (h editorHandler) author(c echo.Context, access domain.ReadAccess, n domain.Note) (string, error) {
	t := lang.From(c.Request().Context())
	if n.Author == access.User() && n.Share == "" {
		return t.Text("merge.you"), nil
	}
	history, err := h.history.List(c.Request().Context(), access, n.ID, 0, 1)
	return writerOf(t, history.Names, n.Author, n.Share), err
}

// addPlaces fills in what is agreed and what collides. choices is what has been chosen, when something is missing.
func addPlaces(t *lang.Language, m *views.Merge, merge *domain.NoteMerge, theirTitle string, choices *domain.MergeChoices) {
	choose := func(p *views.Place, side textdiff.Side, allowed ...textdiff.Side) {
		for _, a := range allowed {
			if side == a {
				p.Chosen = string(a)
				return
			}
		}
		p.Missing = true
		p.Focus = m.Missing == 0
		m.Missing++
	}
	if merge.TitleCollides {
		p := views.Place{Mine: wholeText(titleOr(t, merge.Mine.Title)), Theirs: wholeText(theirTitle)}
		if choices != nil {
			choose(&p, choices.Title, textdiff.Mine, textdiff.Theirs)
		}
		m.TitlePlace = &p
	}
	number := 0
	compare := textdiff.NewComparer()
	room := maxShown / (3 * len(merge.Content.Pieces)) // for each side, and so much for their frame
	for _, piece := range merge.Content.Pieces {
		if !piece.Collision {
			m.Places = append(m.Places, views.Place{Text: agreedText(t, piece.Text, room)})
			continue
		}
		number++
		p := views.Place{Number: number}
		p.Mine, _ = fitting(t, written(compare, piece.Base, piece.Mine), room)
		p.Theirs, _ = fitting(t, written(compare, piece.Base, piece.Theirs), room)
		if choices != nil {
			var side textdiff.Side
			if number <= len(choices.Content) {
				side = choices.Content[number-1]
			}
			choose(&p, side, textdiff.Mine, textdiff.Theirs, textdiff.Both)
		}
		m.Places = append(m.Places, p)
	}
}

// agreedText returns text, or its beginning and its end where it doesn't fit into some bytes of HTML.
func agreedText(t *lang.Language, text string, room int) string {
	head := fittingSize(text, room/2)
	if head == len(text) || escapedSize(text) <= room {
		return text
	}
	tail := len(text)
	for left := room / 2; tail > head; {
		last, size := utf8.DecodeLastRuneInString(text[:tail])
		if left -= escapedRune(last); left < 0 {
			break
		}
		tail -= size
	}
	return text[:head] + "\n… " + moreCharacters(t, utf8.RuneCountInString(text[head:tail])) + " …\n" + text[tail:]
}

func titleOr(t *lang.Language, title string) string {
	if title == "" {
		return t.Text("merge.first_line")
	}
	return title
}

// maxMarked is up to how many bytes the two texts of a place are compared.
const maxMarked = 64 << 10

// written returns text with what isn't in base marked as added, unless that is all of it or too much.
func written(compare *textdiff.Comparer, base, text string) []views.DiffPart {
	if base == "" || len(base)+len(text) > maxMarked {
		return wholeText(text)
	}
	var parts []views.DiffPart
	kept := false
	for _, change := range compare.Diff(base, text) {
		if change.Kind == textdiff.Removed {
			continue
		}
		kept = kept || change.Kind == textdiff.Kept
		parts = append(parts, views.DiffPart{Kind: kinds[change.Kind], Text: change.Text})
	}
	if !kept {
		return wholeText(text)
	}
	return parts
}

func wholeText(text string) []views.DiffPart {
	if text == "" {
		return nil
	}
	return []views.DiffPart{{Kind: kinds[textdiff.Kept], Text: text}}
}

package web

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// What a person chooses for a note, as forms, diffs and lists have it.

// noteFields are those of the form of a note.
type noteFields struct {
	Title     string  `form:"title"`
	Content   string  `form:"content"`
	Tags      *string `form:"tags"`      // nil in a form without: it leaves the note's as they are
	Draft     string  `form:"draft"`     // the key of the draft that it was kept in, or ""
	Stay      string  `form:"stay"`      // whether to lead back to the form, once it is saved
	Capture   string  `form:"capture"`   // whether it is the form on top of the list
	Continues string  `form:"continues"` // the draft that the form began with and when that had been saved, or ""
}

// maxTyped is how many bytes the fields of a note's form may have together. What is more than a note may hold comes back
// in the form, for a person to shorten it; what is far more doesn't.
const maxTyped = domain.MaxContent + 128<<10

func (f noteFields) size() int {
	size := len(f.Title) + len(f.Content)
	if f.Tags != nil {
		size += len(*f.Tags)
	}
	return size
}

func (f noteFields) validate() error {
	if f.size() > maxTyped {
		return domain.TooLarge
	}
	return nil
}

// typed returns what was typed into the form.
func (f noteFields) typed() typed {
	var t typed
	t.Title, t.Content, t.Captured = f.Title, f.Content, f.Capture != ""
	if f.Tags != nil {
		t.TagsField, t.Tags = *f.Tags, domain.SplitTags(*f.Tags)
	}
	t.Key, _ = domain.ParseID(f.Draft)
	key, since, _ := strings.Cut(f.Continues, ".")
	micros, err := strconv.ParseInt(since, 10, 64)
	if id, ok := domain.ParseID(key); ok && err == nil {
		t.continues = app.Continued{Key: id, Saved: time.UnixMicro(micros).UTC()}
	}
	return t
}

// typed is what is in the form of a note.
type typed struct {
	domain.Draft               // that keeps it; it has no key where nothing does
	continues    app.Continued // the draft that the form began with
}

// edit returns what was typed as an edit of a note, upon a version of it or 0 for a new one.
func (t typed) edit(base int) app.Edit {
	return app.Edit{NoteDraft: t.NoteDraft, Base: base, Key: t.Key, Continues: t.continues}
}

// draft returns what was typed as the draft of a note, or of a new one when note is "".
func (t typed) draft(note domain.ID, base int) domain.Draft {
	t.Note, t.Base = note, base
	return t.Draft
}

// typedFrom returns what is in the form when what a note says is edited.
func typedFrom(d domain.NoteDraft) typed {
	return typed{Draft: domain.Draft{NoteDraft: d, TagsField: tagsField(d.Tags)}}
}

// tagsField returns tags as they stand in a form.
func tagsField(tags []domain.Tag) string { return strings.Join(tagNames(tags), " ") }

// draftTyped returns what is in the form when somebody goes on with a draft. It keeps a draft of its own: another form
// may go on with this one, too.
func draftTyped(d domain.Draft) typed {
	return typed{
		Draft:     domain.Draft{NoteDraft: d.NoteDraft, TagsField: d.TagsField},
		continues: app.Continued{Key: d.Key, Saved: d.Saved},
	}
}

// noteForm returns the form with what was typed in it, and what err says of its fields. It keeps a draft of its own, if
// it hasn't one yet.
func noteForm(ctx context.Context, base views.Base, t typed, err error) views.NoteForm {
	if t.Key == "" {
		t.Key = domain.NewID()
	}
	// What isn't valid UTF-8 is what err is about; a page can only show the rest.
	valid := func(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
	form := views.NoteForm{
		Base: base, Title: valid(t.Title), Tags: valid(t.TagsField), Content: valid(t.Content), Draft: string(t.Key),
		LargestFile: domain.MaxFile,
	}
	if t.continues.Key != "" {
		form.Continues = string(t.continues.Key) + "." + strconv.FormatInt(t.continues.Saved.UnixMicro(), 10)
	}
	form.Errors = fieldErrors(lang.From(ctx), err)
	return form
}

// fieldErrors returns what err says of the fields of a note's form, in their order there.
func fieldErrors(t *lang.Language, err error) (list []views.FieldError) {
	left := domain.FieldErrors(err)
	for _, field := range shownFields(t, domain.NoteFields{}) {
		for _, wrong := range left {
			if wrong.Field == field.name {
				list = append(list, views.FieldError{Field: field.name, Label: field.label, Text: t.Say(wrong.Message)})
			}
		}
		left = slices.DeleteFunc(left, func(wrong domain.FieldError) bool { return wrong.Field == field.name })
	}
	for _, wrong := range left {
		list = append(list, views.FieldError{Field: wrong.Field, Text: t.Say(wrong.Message)})
	}
	return list
}

// shownField is a field of a note as people see it.
type shownField struct {
	name  string // in the form
	label string
	text  string
}

// shownFields returns the fields of a note, in the order of its form. The text is the last.
func shownFields(t *lang.Language, f domain.NoteFields) []shownField {
	return []shownField{
		{"title", t.Text("field.title"), f.Title},
		{"tags", t.Text("field.tags"), tagsField(f.Tags)},
		{"content", t.Text("field.text"), f.Content},
	}
}

// noteHead returns what shows of a note both in a list and on its own page.
func noteHead(n domain.NoteSummary) views.NoteHead {
	return views.NoteHead{ID: string(n.ID), Title: n.Title, Pinned: n.Pinned, Archived: n.State == domain.Archived}
}

// editForm is noteForm for a note that is there.
func editForm(ctx context.Context, base views.Base, t typed, err error, id domain.ID, version int) views.NoteForm {
	form := noteForm(ctx, base, t, err)
	form.ID, form.Version = string(id), itoa(version)
	return form
}

// renderForm answers with the form of a note: alone where htmx put it, on its page otherwise.
func (s *server) renderForm(c echo.Context, status int, form views.NoteForm) error {
	if isFragment(c.Request()) {
		return s.render(c, status, views.EditForm(form))
	}
	words := lang.From(c.Request().Context())
	title := words.Text("page.new_note")
	switch {
	case form.ID != "" && form.Title != "":
		title = words.Text("page.editing", "title", form.Title)
	case form.ID != "":
		title = words.Text("page.edit_note")
	}
	return s.render(c, status, views.EditPage(s.page(c, title, ""), form, admitted(c).beside.Drafts))
}

package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// openTags is up to how many tags a tree shows at once, whatever is nested in what.
const openTags = 60

func (s *server) listTags(c echo.Context, actor domain.Actor) error {
	all, err := s.app.Tags().List(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	filter := strings.TrimSpace(strings.ToValidUTF8(c.QueryParam("q"), "\uFFFD"))
	tree := s.tagTree(lang.From(c.Request().Context()), all, filter)
	if isFragment(c.Request()) {
		return s.render(c, http.StatusOK, views.FilteredTags(tree))
	}
	return s.render(c, http.StatusOK, views.TagsPage(s.page(c, lang.T(c.Request().Context(), "page.tags"), "tags"), tree))
}

// tagTree nests tags, ordered by key, among which are those above them. With a filter it has those whose
// names the filter is in, and those above them.
func (s *server) tagTree(t *lang.Language, tags []domain.TagCount, filter string) views.Tags {
	keep := map[string]bool{}
	key := domain.Tag(strings.TrimPrefix(filter, "#")).Key()
	found := 0
	for _, tag := range tags {
		if own := tag.Tag.Key(); strings.Contains(own, key) {
			found++
			keep[own] = true
			for _, above := range domain.Tag(own).Above() {
				keep[string(above)] = true
			}
		}
	}
	below := map[string][]domain.TagCount{} // by the key of the tag above, "" for none
	for _, tag := range tags {
		if own := tag.Tag.Key(); keep[own] {
			above := own[:max(0, strings.LastIndexByte(own, '/'))]
			below[above] = append(below[above], tag)
		}
	}
	return views.Tags{
		Base: s.base, Filter: filter, Nodes: s.tagNodes(t, below, ""), Count: t.Text("tag.count", "count", found),
		Open: filter != "" || len(tags) <= openTags,
	}
}

// tagNodes returns what is directly below the tag with a key, each with all below it.
func (s *server) tagNodes(words *lang.Language, below map[string][]domain.TagCount, key string) []views.TagNode {
	nodes := make([]views.TagNode, len(below[key]))
	for i, t := range below[key] {
		name := string(t.Tag)
		cut := strings.LastIndexByte(name, '/') + 1
		nodes[i] = views.TagNode{
			TagLink: views.TagLink{
				Tag: name, URL: s.base.NotesTagged(name),
				Notes: words.Text("note.count", "count", t.Notes),
			},
			Above: name[:cut], Name: name[cut:], Rename: s.base.RenameTag(string(t.Tag)), Below: s.tagNodes(words, below, t.Tag.Key()),
		}
	}
	return nodes
}

func (s *server) editTag(c echo.Context, actor domain.Actor) error {
	t, err := s.tagOf(c, actor)
	if err != nil {
		return err
	}
	return s.renderRename(c, http.StatusOK, s.renameForm(c.Request().Context(), t, string(t.Tag)))
}

// renameTagForm is the form that gives a tag another name.
type renameTagForm struct {
	To    string `form:"to"`
	Merge string `form:"merge"` // not "" where the tag may become one with another
}

// renameTag gives a tag another name. Where there is a tag of that name already it asks first.
func (s *server) renameTag(c echo.Context, actor domain.Actor) error {
	t, err := s.tagOf(c, actor)
	if err != nil {
		return err
	}
	sent, err := read[renameTagForm](c)
	if err != nil {
		return err
	}
	to := strings.TrimPrefix(strings.TrimSpace(sent.To), "#")
	form := s.renameForm(c.Request().Context(), t, to)
	changed, err := s.app.Tags().Rename(c.Request().Context(), actor, t.Tag, to, sent.Merge != "")
	switch {
	case errors.Is(err, app.ErrTagExists):
		there, err := s.app.Tags().Get(c.Request().Context(), actor, domain.Tag(to))
		if err != nil {
			return err
		}
		form.To, form.Exists = string(there.Tag), true
		return s.renderRename(c, http.StatusConflict, form)
	case errors.Is(err, domain.Invalid):
		form.Error = lang.Say(c.Request().Context(), domain.FieldErrors(err)[0].Message)
		return s.renderRename(c, http.StatusUnprocessableEntity, form)
	case err != nil:
		return err
	}
	if changed.Undo != "" {
		s.setUndo(c, changed.Undo)
	}
	return s.redirect(c, s.base.Tags())
}

// tagOf returns the tag whose form the URL names.
func (s *server) tagOf(c echo.Context, actor domain.Actor) (domain.TagCount, error) {
	name, ok := strings.CutSuffix(c.Param("*"), views.RenameSuffix)
	if !ok {
		return domain.TagCount{}, echo.ErrNotFound
	}
	tag, err := domain.NewTag(name)
	if err != nil {
		return domain.TagCount{}, app.ErrTagUnused
	}
	return s.app.Tags().Get(c.Request().Context(), actor, tag)
}

func (s *server) renameForm(ctx context.Context, t domain.TagCount, to string) views.Rename {
	return views.Rename{
		Base: s.base, URL: s.base.RenameTag(string(t.Tag)), Tag: string(t.Tag), To: strings.ToValidUTF8(to, "\uFFFD"),
		Notes: lang.T(ctx, "note.count", "count", t.Notes),
	}
}

func (s *server) renderRename(c echo.Context, status int, form views.Rename) error {
	return s.render(c, status, views.RenamePage(s.page(c, lang.T(c.Request().Context(), "page.rename_tag", "tag", form.Tag), "tags"), form))
}

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

// tagsHandler shows and renames tags.
type tagsHandler struct {
	*server
	tags *app.Tags
}

// openTags is up to how many tags a tree shows at once, whatever is nested in what.
const openTags = 60

func (h tagsHandler) list(c echo.Context, access domain.ReadAccess) error {
	all, err := h.tags.List(c.Request().Context(), access)
	if err != nil {
		return err
	}
	filter := strings.TrimSpace(strings.ToValidUTF8(c.QueryParam("q"), "\uFFFD"))
	tree := tagTree(h.base, lang.From(c.Request().Context()), all, filter)
	if isFragment(c.Request()) {
		return h.render(c, http.StatusOK, views.FilteredTags(tree))
	}
	return h.render(c, http.StatusOK, views.TagsPage(h.page(c, lang.T(c.Request().Context(), "page.tags"), "tags"), tree))
}

// tagTree nests tags, ordered by key, among which are those above them. With a filter it has those whose
// names the filter is in, and those above them.
func tagTree(base views.Base, t *lang.Language, tags []domain.TagCount, filter string) views.Tags {
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
		Base: base, Filter: filter, Nodes: tagNodes(base, t, below, ""), Count: t.Text("tag.count", "count", found),
		Open: filter != "" || len(tags) <= openTags,
	}
}

// tagNodes returns what is directly below the tag with a key, each with all below it.
func tagNodes(base views.Base, words *lang.Language, below map[string][]domain.TagCount, key string) []views.TagNode {
	nodes := make([]views.TagNode, len(below[key]))
	for i, t := range below[key] {
		name := string(t.Tag)
		cut := strings.LastIndexByte(name, '/') + 1
		nodes[i] = views.TagNode{
			TagLink: views.TagLink{
				Tag: name, URL: base.NotesTagged(name),
				Notes: words.Text("note.count", "count", t.Notes),
			},
			Above: name[:cut], Name: name[cut:], Rename: base.RenameTag(string(t.Tag)), Below: tagNodes(base, words, below, t.Tag.Key()),
		}
	}
	return nodes
}

func (h tagsHandler) edit(c echo.Context, access domain.ReadAccess) error {
	t, err := h.tagOf(c, access)
	if err != nil {
		return err
	}
	return h.renderRename(c, http.StatusOK, renameForm(c.Request().Context(), h.base, t, string(t.Tag)))
}

// renameTagForm is the form that gives a tag another name.
type renameTagForm struct {
	To    string `form:"to"`
	Merge string `form:"merge"` // not "" where the tag may become one with another
}

// rename gives a tag another name. Where there is a tag of that name already it asks first.
func (h tagsHandler) rename(c echo.Context, access domain.WriteAccess) error {
	t, err := h.tagOf(c, access.Read())
	if err != nil {
		return err
	}
	sent, err := read[renameTagForm](c)
	if err != nil {
		return err
	}
	to := strings.TrimPrefix(strings.TrimSpace(sent.To), "#")
	form := renameForm(c.Request().Context(), h.base, t, to)
	changed, err := h.tags.Rename(c.Request().Context(), access, t.Tag, to, sent.Merge != "")
	switch {
	case errors.Is(err, app.ErrTagExists):
		there, err := h.tags.Get(c.Request().Context(), access.Read(), domain.Tag(to))
		if err != nil {
			return err
		}
		form.To, form.Exists = string(there.Tag), true
		return h.renderRename(c, http.StatusConflict, form)
	case errors.Is(err, domain.Invalid):
		form.Error = lang.Say(c.Request().Context(), domain.FieldErrors(err)[0].Message)
		return h.renderRename(c, http.StatusUnprocessableEntity, form)
	case err != nil:
		return err
	}
	if changed.Undo != "" {
		h.setUndo(c, changed.Undo)
	}
	return h.redirect(c, h.base.Tags())
}

// tagOf returns the tag whose form the URL names.
func (h tagsHandler) tagOf(c echo.Context, access domain.ReadAccess) (domain.TagCount, error) {
	name, ok := strings.CutSuffix(c.Param("*"), views.RenameSuffix)
	if !ok {
		return domain.TagCount{}, echo.ErrNotFound
	}
	tag, err := domain.NewTag(name)
	if err != nil {
		return domain.TagCount{}, app.ErrTagUnused
	}
	return h.tags.Get(c.Request().Context(), access, tag)
}

func renameForm(ctx context.Context, base views.Base, t domain.TagCount, to string) views.Rename {
	return views.Rename{
		Base: base, URL: base.RenameTag(string(t.Tag)), Tag: string(t.Tag), To: strings.ToValidUTF8(to, "\uFFFD"),
		Notes: lang.T(ctx, "note.count", "count", t.Notes),
	}
}

func (h tagsHandler) renderRename(c echo.Context, status int, form views.Rename) error {
	return h.render(c, status, views.RenamePage(h.page(c, lang.T(c.Request().Context(), "page.rename_tag", "tag", form.Tag), "tags"), form))
}

package web

import (
	"context"
	"errors"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
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
	tags   *app.Tags
	shares sharingHandler
}

// openTags is up to how many tags a tree shows at once, whatever is nested in what.
const openTags = 60

func (h tagsHandler) list(c echo.Context, access domain.ReadAccess) error {
	if all := c.QueryParam("fold"); all == foldAll || all == unfoldAll {
		h.choose(c, tagsChoice, all)
		return h.redirect(c, h.here(c).Tags())
	}
	all, err := h.tags.List(c.Request().Context(), access)
	if err != nil {
		return err
	}
	filter := strings.TrimSpace(strings.ToValidUTF8(c.QueryParam("q"), "\uFFFD"))
	tree := tagTree(h.here(c), lang.From(c.Request().Context()), all, filter, h.chosen(c, tagsChoice))
	tree.Cookie, tree.May = h.cookies+tagsChoice, admitted(c).may()
	if isFragment(c.Request()) {
		return h.render(c, http.StatusOK, views.FilteredTags(tree))
	}
	return h.renderKept(c, http.StatusOK, "", views.TagsPage(h.page(c, lang.T(c.Request().Context(), "page.tags"), "tags"), tree))
}

// What the cookie of the tags says of all of them, in front of those of which the contrary holds.
const (
	foldAll   = "all"
	unfoldAll = "none"
)

// folds tells what is below which tags is folded up.
type folds struct {
	open  bool            // what isn't said of others
	apart map[string]bool // by foldOf: those that are the contrary
}

// readFolds reads what the cookie of the tags says. Unless that is something, they are open as byDefault says.
func readFolds(cookie string, byDefault bool) folds {
	parts := strings.Split(cookie, ".")
	f := folds{open: byDefault, apart: map[string]bool{}}
	if parts[0] == foldAll || parts[0] == unfoldAll {
		f.open = parts[0] == unfoldAll
	}
	for _, name := range parts[1:] {
		f.apart[name] = true
	}
	return f
}

// foldOf returns what a tag is called in the cookie: something short of the characters that one may have.
func foldOf(key string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash takes everything
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// tagTree nests tags, ordered by key, among which are those above them. With a filter it has those whose
// names the filter is in, and those above them, all of them unfolded.
func tagTree(base views.Base, t *lang.Language, tags []domain.TagCount, filter, cookie string) views.Tags {
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
	f := readFolds(cookie, len(tags) <= openTags)
	if filter != "" {
		f = folds{open: true}
	}
	tree := views.Tags{Base: base, Filter: filter, Nodes: tagNodes(base, t, f, below, ""), Count: t.Text("tag.count", "count", found)}
	tree.Fold, tree.Unfold = base.FoldTags(foldAll), base.FoldTags(unfoldAll)
	tree.Open, tree.Nested = f.open, filter == "" && slices.ContainsFunc(tree.Nodes, func(n views.TagNode) bool { return len(n.Below) > 0 })
	return tree
}

// tagNodes returns what is directly below the tag with a key, each with all below it.
func tagNodes(base views.Base, words *lang.Language, f folds, below map[string][]domain.TagCount, key string) []views.TagNode {
	nodes := make([]views.TagNode, len(below[key]))
	for i, t := range below[key] {
		name, fold := string(t.Tag), foldOf(t.Tag.Key())
		cut := strings.LastIndexByte(name, '/') + 1
		nodes[i] = views.TagNode{
			TagLink: views.TagLink{
				Tag: name, URL: base.NotesTagged(name),
				Notes: words.Text("note.count", "count", t.Notes),
			},
			Above: name[:cut], Name: name[cut:], Rename: base.RenameTag(name), Delete: base.DeleteTag(name),
			Below: tagNodes(base, words, f, below, t.Tag.Key()),
			Fold:  fold, Open: f.open != f.apart[fold],
		}
	}
	return nodes
}

// ask answers with the form that renames a tag or shares it, or with the question whether to delete it.
func (h tagsHandler) ask(c echo.Context, access domain.ReadAccess) error {
	if err := admitted(c).mayEdit(); err != nil {
		return err
	}
	if strings.HasSuffix(c.Param("*"), views.ShareSuffix) {
		t, err := h.tagOf(c, access, views.ShareSuffix)
		if err != nil {
			return err
		}
		return h.shares.listOfTag(c, access, t.Tag)
	}
	if strings.HasSuffix(c.Param("*"), views.DeleteSuffix) {
		return h.askToDelete(c, access)
	}
	t, err := h.tagOf(c, access, views.RenameSuffix)
	if err != nil {
		return err
	}
	return h.renderRename(c, http.StatusOK, renameForm(c.Request().Context(), h.here(c), t, string(t.Tag)))
}

// renameTagForm is the form that gives a tag another name.
type renameTagForm struct {
	To    string `form:"to"`
	Merge string `form:"merge"` // not "" where the tag may become one with another
}

// rename gives a tag another name. Where there is a tag of that name already it asks first.
func (h tagsHandler) rename(c echo.Context, access domain.WriteAccess) error {
	t, err := h.tagOf(c, access.Read(), views.RenameSuffix)
	if err != nil {
		return err
	}
	sent, err := read[renameTagForm](c)
	if err != nil {
		return err
	}
	to := strings.TrimPrefix(strings.TrimSpace(sent.To), "#")
	form := renameForm(c.Request().Context(), h.here(c), t, to)
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
	return h.redirect(c, h.here(c).Tags())
}

// maxDeletedBelow is how many of the tags that are deleted with one are named.
const maxDeletedBelow = 30

func (h tagsHandler) askToDelete(c echo.Context, access domain.ReadAccess) error {
	ctx := c.Request().Context()
	t, err := h.tagOf(c, access, views.DeleteSuffix)
	if err != nil {
		return err
	}
	below, err := h.tags.Complete(ctx, access, string(t.Tag)+"/", maxTagsAhead)
	if err != nil {
		return err
	}
	v := views.DeleteTag{
		Base: h.here(c), URL: h.here(c).DeleteTag(string(t.Tag)), Tag: string(t.Tag), Notes: lang.T(ctx, "note.count", "count", t.Notes),
		More: max(0, len(below)-maxDeletedBelow),
	}
	for _, b := range below[:min(len(below), maxDeletedBelow)] {
		v.Below = append(v.Below, string(b.Tag))
	}
	return h.render(c, http.StatusOK, views.DeleteTagPage(h.page(c, lang.T(ctx, "page.delete_tag", "tag", v.Tag), "tags"), v))
}

// change renames a tag, shares it or deletes it.
func (h tagsHandler) change(c echo.Context, access domain.WriteAccess) error {
	if strings.HasSuffix(c.Param("*"), views.ShareSuffix) {
		t, err := h.tagOf(c, access.Read(), views.ShareSuffix)
		if err != nil {
			return err
		}
		return h.shares.shareTag(c, access, t.Tag)
	}
	if !strings.HasSuffix(c.Param("*"), views.DeleteSuffix) {
		return h.rename(c, access)
	}
	t, err := h.tagOf(c, access.Read(), views.DeleteSuffix)
	if err != nil {
		return err
	}
	changed, err := h.tags.Delete(c.Request().Context(), access, t.Tag)
	if err != nil {
		return err
	}
	if changed.Undo != "" {
		h.setUndo(c, changed.Undo)
	}
	return h.redirect(c, h.here(c).Tags())
}

// tagOf returns the tag that the URL names before what it ends in.
func (h tagsHandler) tagOf(c echo.Context, access domain.ReadAccess, suffix string) (domain.TagCount, error) {
	name, ok := strings.CutSuffix(c.Param("*"), suffix)
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

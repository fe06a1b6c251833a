package schema

import (
	"regexp"
	"slices"
	"strings"

	atlas "ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect/sql/schema"
)

// SameDefaults has Atlas compare the defaults of columns by what they mean. Databases give them back in another form than
// they got them, and it would change them again and again: on SQLite by copying the whole table.
func SameDefaults(next schema.Differ) schema.Differ {
	return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
		changes, err := next.Diff(current, desired)
		return slices.DeleteFunc(changes, func(change atlas.Change) bool {
			table, ok := change.(*atlas.ModifyTable)
			if !ok {
				return false
			}
			table.Changes = slices.DeleteFunc(table.Changes, func(change atlas.Change) bool {
				column, ok := change.(*atlas.ModifyColumn)
				if ok && column.Change.Is(atlas.ChangeDefault) && meaning(column.From.Default) == meaning(column.To.Default) {
					column.Change &^= atlas.ChangeDefault
				}
				return ok && column.Change == atlas.NoChange
			})
			return len(table.Changes) == 0
		}), err
	})
}

var cast = regexp.MustCompile(`::[a-z ]+(\(\d+\))?$`)

// meaning returns a default in the one form that all those that mean the same have.
func meaning(x atlas.Expr) string {
	var text string
	switch x := atlas.UnderlyingExpr(x).(type) {
	case *atlas.Literal:
		text = x.V
	case *atlas.RawExpr:
		text = x.X
	}
	for before := ""; text != before; {
		before = text
		text = cast.ReplaceAllString(strings.TrimSpace(text), "")
		if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
			text = text[1 : len(text)-1]
		}
	}
	if !strings.Contains(text, "'") {
		text = strings.ToLower(text)
	}
	return text
}

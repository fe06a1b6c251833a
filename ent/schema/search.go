package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// Search is a saved search.
type Search struct{ ent.Schema }

// Mixin of a saved search.
func (Search) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, inSpace{}, created{}} }

// Fields of a saved search.
func (Search) Fields() []ent.Field { return []ent.Field{short("name", 255), long("query")} }

// Indexes of the table.
func (Search) Indexes() []ent.Index {
	return []ent.Index{index.Fields("space_id").StorageKey("searches_of_space")}
}

// Annotations of the table.
func (Search) Annotations() []schema.Annotation { return table("searches") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// NotePath is a link of a note that has more than a title in it: its last part, and the whole.
type NotePath struct{ ent.Schema }

// Mixin of a path.
func (NotePath) Mixin() []ent.Mixin { return []ent.Mixin{ofNote{edge: "paths"}} }

// Fields of a path.
func (NotePath) Fields() []ent.Field { return []ent.Field{key("title_key"), key("whole_key")} }

// Indexes of the table.
func (NotePath) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "title_key", "whole_key").Unique().StorageKey("paths_of_note"),
		index.Fields("owner_id", "title_key", "note_id").StorageKey("paths_by_title"),
	}
}

// Annotations of the table.
func (NotePath) Annotations() []schema.Annotation { return table("note_paths") }

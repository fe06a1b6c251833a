package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Undo is what takes back an action that has changed several notes.
type Undo struct{ ent.Schema }

// Mixin of an undo.
func (Undo) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, inSpace{}, created{}} }

// Fields of an undo.
func (Undo) Fields() []ent.Field {
	return []ent.Field{
		reference("user_id"), // whose it is
		long("text"),
		long("notes"),                          // as JSON, of an undo that is older than the table undo_notes
		long("rest", orBlankLong),              // domain.Undo.Leader and domain.Undo.Rest, as JSON
		field.Int("steps").Annotations(orZero), // how many are left
	}
}

// Edges of an undo.
func (Undo) Edges() []ent.Edge { return []ent.Edge{has("remembered", UndoNote.Type)} }

// Indexes of the table.
func (Undo) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id").StorageKey("undos_of_space"),
		index.Fields("created_at").StorageKey("undos_by_age"),
	}
}

// Annotations of the table.
func (Undo) Annotations() []schema.Annotation { return table("undos") }

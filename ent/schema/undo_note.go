package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// UndoNote is what becomes of a note when an action is undone. The note may have gone.
type UndoNote struct{ ent.Schema }

// Fields of an undo's note.
func (UndoNote) Fields() []ent.Field {
	return []ent.Field{
		id("undo_id"),
		id("note_id"),
		field.Int("version"),
		field.Int("saved"),
		short("state", 16),
		field.Bool("pinned"),
	}
}

// Edges of an undo's note.
func (UndoNote) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("undo", Undo.Type).Ref("remembered").Field("undo_id").Unique().Required().Immutable(),
	}
}

// Interceptors of an undo's note, which is found by its undo, as that is by its space.
func (UndoNote) Interceptors() []ent.Interceptor { return readBy("undo_id") }

// Hooks of an undo's note.
func (UndoNote) Hooks() []ent.Hook { return changedBy("undo_id") }

// Indexes of the table.
func (UndoNote) Indexes() []ent.Index {
	return []ent.Index{index.Fields("undo_id", "note_id").Unique().StorageKey("notes_of_undo")}
}

// Annotations of the table.
func (UndoNote) Annotations() []schema.Annotation { return table("undo_notes") }

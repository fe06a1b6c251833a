package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Revision is what a note said before.
type Revision struct{ ent.Schema }

// Mixin of a revision.
func (Revision) Mixin() []ent.Mixin { return []ent.Mixin{ofNote{edge: "revisions"}, written{}} }

// Fields of a revision.
func (Revision) Fields() []ent.Field {
	return []ent.Field{
		field.Int("version"),
		long("tags"),
		field.Int("size"),
		moment("saved_at"),
		reference("author_id"),
		reference("share_id"), // domain.NoteFields.Share
	}
}

// Indexes of the table.
func (Revision) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "version").Unique().StorageKey("revisions_of_note"),
		index.Fields("saved_at", "note_id").StorageKey("revisions_by_age"),
	}
}

// Annotations of the table.
func (Revision) Annotations() []schema.Annotation { return table("revisions") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Draft is what a user is typing, into a note or into one that isn't there yet.
type Draft struct{ ent.Schema }

// Mixin of a draft.
func (Draft) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}, written{}} }

// Fields of a draft.
func (Draft) Fields() []ent.Field {
	return []ent.Field{
		id("user_id"),
		id("draft_key"),
		reference("note_id"),
		field.Int("base"),
		long("tags"),
		moment("saved_at"),
		field.Bool("captured").Annotations(orFalse),
		short("ending", 20, orBlank), // see domain.DraftEnding
		field.Time("ended_at").Optional().Nillable().SchemaType(datetime),
	}
}

// Edges of a draft.
func (Draft) Edges() []ent.Edge {
	return []ent.Edge{
		of("user", User.Type),
		edge.From("note", Note.Type).Ref("drafts").Field("note_id").Unique(),
	}
}

// Indexes of the table.
func (Draft) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id", "user_id", "draft_key").Unique().StorageKey("drafts_by_key"),
		index.Fields("note_id").StorageKey("drafts_of_note"),
		index.Fields("space_id", "user_id", "ending", "saved_at", "draft_key").StorageKey("drafts_by_ending"),
		index.Fields("ending", "saved_at").StorageKey("drafts_by_age"),
		index.Fields("ended_at").StorageKey("drafts_by_end"),
	}
}

// Annotations of the table.
func (Draft) Annotations() []schema.Annotation { return table("drafts") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// Presence is a user who has the editor of a note open.
type Presence struct{ ent.Schema }

// Mixin of a presence.
func (Presence) Mixin() []ent.Mixin { return []ent.Mixin{ofNote{edge: "presences"}} }

// Fields of a presence.
func (Presence) Fields() []ent.Field { return []ent.Field{id("user_id"), moment("until")} }

// Edges of a presence.
func (Presence) Edges() []ent.Edge { return []ent.Edge{of("user", User.Type)} }

// Indexes of the table.
func (Presence) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "user_id").Unique().StorageKey("presences_at_note"),
		index.Fields("user_id").StorageKey("presences_of_user"),
		index.Fields("until").StorageKey("presences_by_end"),
	}
}

// Annotations of the table.
func (Presence) Annotations() []schema.Annotation { return table("presences") }

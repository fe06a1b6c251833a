package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// Creation is the memory that a request has made a note.
type Creation struct{ ent.Schema }

// Mixin of a creation.
func (Creation) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}, created{}} }

// Fields of a creation.
func (Creation) Fields() []ent.Field {
	return []ent.Field{hash("request_key"), hash("request_hash"), id("note_id")}
}

// Indexes of the table.
func (Creation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id", "request_key").Unique().StorageKey("creations_by_key"),
		index.Fields("created_at").StorageKey("creations_by_age"),
	}
}

// Annotations of the table.
func (Creation) Annotations() []schema.Annotation { return table("creations") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Share lets whoever has its link see a note, or the notes of a tag.
type Share struct{ ent.Schema }

// Mixin of a share.
func (Share) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, inSpace{}, created{}} }

// Fields of a share.
func (Share) Fields() []ent.Field {
	return []ent.Field{
		hash("secret_hash"),
		id("user_id"),
		field.String("note_id").Optional().Nillable().Immutable().SchemaType(uuid), // none of a tag
		short("tag", 255), // "" of a note
		short("allows", 16),
		field.String("password").Optional().Nillable().SchemaType(varchar(255)), // it has none, mostly
		field.Time("expires_at").Optional().Nillable().SchemaType(datetime),     // it doesn't, at times
		field.Int("visits"),
		field.Time("visited_at").Optional().Nillable().SchemaType(datetime), // it hasn't been, at first
		field.Int("changes"),
	}
}

// Edges of a share.
func (Share) Edges() []ent.Edge {
	return []ent.Edge{
		of("user", User.Type),
		edge.From("note", Note.Type).Ref("shares").Field("note_id").Unique().Immutable(),
	}
}

// Indexes of the table.
func (Share) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("secret_hash").Unique().StorageKey("shares_by_secret"),
		index.Fields("space_id").StorageKey("shares_of_space"),
		index.Fields("note_id").StorageKey("shares_of_note"),
		index.Fields("user_id").StorageKey("shares_of_user"),
	}
}

// Annotations of the table.
func (Share) Annotations() []schema.Annotation { return table("shares") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Trust is how far the clock is believed, as domain.Trust says. It has one row.
type Trust struct{ ent.Schema }

// Fields of the trust.
func (Trust) Fields() []ent.Field {
	return []ent.Field{
		named("name"),
		moment("seen_at"),
		field.Time("believed_at").Optional().Nillable().SchemaType(datetime), // nothing is, at first
		moment("next_at"),
		field.Int64("ran"),
	}
}

// Annotations of the table.
func (Trust) Annotations() []schema.Annotation { return table("trusts") }

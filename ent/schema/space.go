package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Space is what notes and all that goes with them are in. A user's own has the user's id.
type Space struct{ ent.Schema }

// Mixin of a space.
func (Space) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, created{}} }

// Fields of a space.
func (Space) Fields() []ent.Field {
	return []ent.Field{
		short("name", 255),
		field.Time("goes_at").Optional().Nillable().SchemaType(datetime), // it stays, nearly always
	}
}

// Annotations of the table.
func (Space) Annotations() []schema.Annotation { return table("spaces") }

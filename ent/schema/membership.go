package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Membership is what a user may do in a space.
type Membership struct{ ent.Schema }

// Mixin of a membership.
func (Membership) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}, created{}} }

// Fields of a membership.
func (Membership) Fields() []ent.Field {
	return []ent.Field{
		id("user_id"),
		short("role", 16),
		field.Bool("closed").Default(false).Annotations(orFalse), // the space goes, as its goes_at says
	}
}

// Edges of a membership.
func (Membership) Edges() []ent.Edge { return []ent.Edge{of("user", User.Type)} }

// Indexes of the table.
func (Membership) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id", "user_id").Unique().StorageKey("members_of_space"),
		index.Fields("user_id").StorageKey("spaces_of_user"),
	}
}

// Annotations of the table.
func (Membership) Annotations() []schema.Annotation { return table("memberships") }

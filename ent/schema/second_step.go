package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// SecondStep is what a user signs in with besides the password.
type SecondStep struct{ ent.Schema }

// Mixin of a second step.
func (SecondStep) Mixin() []ent.Mixin { return []ent.Mixin{created{}} }

// Fields of a second step.
func (SecondStep) Fields() []ent.Field {
	return []ent.Field{
		id("user_id"),
		short("secret", 64),
		field.Int64("used"),
		short("recovery", 1024), // the hashes of the codes that are left
	}
}

// Edges of a second step.
func (SecondStep) Edges() []ent.Edge { return []ent.Edge{of("user", User.Type)} }

// Indexes of the table.
func (SecondStep) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id").Unique().StorageKey("second_step_of_user")}
}

// Annotations of the table.
func (SecondStep) Annotations() []schema.Annotation { return table("second_steps") }

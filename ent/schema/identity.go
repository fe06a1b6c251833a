package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Identity is who a user is to the provider by which they sign in. Its id is the hash of what the provider calls them.
type Identity struct{ ent.Schema }

// Mixin of an identity.
func (Identity) Mixin() []ent.Mixin { return []ent.Mixin{created{}} }

// Fields of an identity.
func (Identity) Fields() []ent.Field {
	return []ent.Field{
		named("subject_hash"),
		id("user_id"),
		short("name", 255),
		field.Time("used_at").Optional().Nillable().SchemaType(datetime), // it hasn't been, at first
	}
}

// Edges of an identity.
func (Identity) Edges() []ent.Edge { return []ent.Edge{of("user", User.Type)} }

// Indexes of the table.
func (Identity) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id").StorageKey("identities_of_user")}
}

// Annotations of the table.
func (Identity) Annotations() []schema.Annotation { return table("identities") }

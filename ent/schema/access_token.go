package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// AccessToken lets a program into a space on behalf of a user. Its id is the hash of the secret.
type AccessToken struct{ ent.Schema }

// Mixin of an access token.
func (AccessToken) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}, created{}} }

// Fields of an access token.
func (AccessToken) Fields() []ent.Field {
	return []ent.Field{
		named("token_hash"),
		id("user_id"),
		short("name", 255),
		short("scopes", 255),
		short("tag", 255, orBlank),
		field.Time("expires_at").Optional().Nillable().SchemaType(datetime), // it doesn't, at times
		field.Time("used_at").Optional().Nillable().SchemaType(datetime),    // it hasn't been, at first
	}
}

// Edges of an access token.
func (AccessToken) Edges() []ent.Edge { return []ent.Edge{of("user", User.Type)} }

// Indexes of the table.
func (AccessToken) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id").StorageKey("tokens_of_user"), index.Fields("space_id").StorageKey("tokens_of_space")}
}

// Annotations of the table.
func (AccessToken) Annotations() []schema.Annotation { return table("access_tokens") }

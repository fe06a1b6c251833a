package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Session is a browser that a user has signed in with. Its id is the hash of the secret in the cookie.
type Session struct{ ent.Schema }

// Mixin of a session.
func (Session) Mixin() []ent.Mixin { return []ent.Mixin{created{}} }

// Fields of a session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		named("token_hash"),
		id("user_id"),
		moment("seen_at"),
		short("browser", 255, orBlank),
		short("address", 45, orBlank), // the longest that IPv6 has
		field.Time("confirmed_at").Optional().Nillable().SchemaType(datetime), // not known of older ones
	}
}

// Edges of a session.
func (Session) Edges() []ent.Edge { return []ent.Edge{of("user", User.Type)} }

// Indexes of the table.
func (Session) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id").StorageKey("sessions_of_user")}
}

// Annotations of the table.
func (Session) Annotations() []schema.Annotation { return table("sessions") }

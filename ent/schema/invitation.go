package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Invitation lets whoever has its secret in, once.
type Invitation struct{ ent.Schema }

// Mixin of an invitation.
func (Invitation) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, created{}} }

// Fields of an invitation.
func (Invitation) Fields() []ent.Field {
	return []ent.Field{
		hash("secret_hash"),
		field.Bool("admin"),
		moment("expires_at"),
		id("inviter_id"),
		field.Text("joins").Optional(), // domain.JoinsText
		field.String("user_id").Optional().Nillable().Immutable().SchemaType(uuid), // who chooses a new password, or nobody yet
	}
}

// Edges of an invitation.
func (Invitation) Edges() []ent.Edge {
	return []ent.Edge{
		of("inviter", User.Type),
		edge.To("user", User.Type).Field("user_id").Unique().Immutable().Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of the table.
func (Invitation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("secret_hash").Unique().StorageKey("invitations_by_secret"),
		index.Fields("inviter_id").StorageKey("invitations_from_user"),
		index.Fields("user_id").StorageKey("invitations_of_user"),
	}
}

// Annotations of the table.
func (Invitation) Annotations() []schema.Annotation { return table("invitations") }

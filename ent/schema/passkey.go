package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Passkey is a key pair that a user signs in with. Its id is the hash of the credential's.
type Passkey struct{ ent.Schema }

// Mixin of a passkey.
func (Passkey) Mixin() []ent.Mixin { return []ent.Mixin{created{}} }

// Fields of a passkey.
func (Passkey) Fields() []ent.Field {
	return []ent.Field{
		named("credential_hash"),
		id("user_id"),
		short("name", 255),
		// In base64 without padding that is safe in URLs, as browsers have it.
		short("credential", 1364),
		short("public_key", 2731),
		field.Int64("sign_count"),
		field.Bool("backup_eligible"),
		field.Bool("backed_up"),
		field.Time("used_at").Optional().Nillable().SchemaType(datetime), // it hasn't been, at first
	}
}

// Edges of a passkey.
func (Passkey) Edges() []ent.Edge { return []ent.Edge{of("user", User.Type)} }

// Indexes of the table.
func (Passkey) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id").StorageKey("passkeys_of_user")}
}

// Annotations of the table.
func (Passkey) Annotations() []schema.Annotation { return table("passkeys") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// User is somebody who signs in.
type User struct{ ent.Schema }

// Mixin of a user.
func (User) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, created{}} }

// Fields of a user.
func (User) Fields() []ent.Field {
	return []ent.Field{
		short("name", 255),
		// What somebody with a password signs in with, and the hash of that.
		field.String("login").Optional().Nillable().SchemaType(varchar(255)).Annotations(byteByByte),
		field.String("password").Optional().Nillable().SchemaType(varchar(255)),
		field.Bool("admin").Default(false).Annotations(orFalse),
		field.Bool("disabled").Default(false).Annotations(orFalse),
		field.Time("goes_at").Optional().Nillable().SchemaType(datetime), // it stays, nearly always
		field.Time("links_since").Optional().Nillable().SchemaType(datetime),
	}
}

// Indexes of the table.
func (User) Indexes() []ent.Index {
	return []ent.Index{index.Fields("login").Unique().StorageKey("users_by_login")}
}

// Annotations of the table.
func (User) Annotations() []schema.Annotation { return table("users") }

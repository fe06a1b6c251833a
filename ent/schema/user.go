package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
)

// User is somebody who signs in.
type User struct{ ent.Schema }

// Mixin of a user.
func (User) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, created{}} }

// Fields of a user.
func (User) Fields() []ent.Field { return []ent.Field{short("name", 255)} }

// Annotations of the table.
func (User) Annotations() []schema.Annotation { return table("users") }

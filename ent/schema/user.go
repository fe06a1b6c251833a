package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
)

// User is who owns everything else.
type User struct{ ent.Schema }

// Mixin of a user.
func (User) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, created{}} }

// Fields of a user.
func (User) Fields() []ent.Field { return []ent.Field{short("name", 255)} }

// Annotations of the table.
func (User) Annotations() []schema.Annotation { return table("users") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Attempt is how often something has been tried within a window. Its id is the hash of what tells it from others.
type Attempt struct{ ent.Schema }

// Fields of an attempt.
func (Attempt) Fields() []ent.Field {
	return []ent.Field{named("key_hash"), moment("began_at"), field.Int("tries")}
}

// Indexes of the table.
func (Attempt) Indexes() []ent.Index {
	return []ent.Index{index.Fields("began_at").StorageKey("attempts_by_age")}
}

// Annotations of the table.
func (Attempt) Annotations() []schema.Annotation { return table("attempts") }

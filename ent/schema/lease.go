package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Lease tells until when a job has been given to somebody. Its id is the job's name.
type Lease struct{ ent.Schema }

// Fields of a lease.
func (Lease) Fields() []ent.Field { return []ent.Field{named("job"), field.Int64("until")} }

// Annotations of the table.
func (Lease) Annotations() []schema.Annotation { return table("leases") }

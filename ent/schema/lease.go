package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
)

// Lease tells until when a job has been given to somebody. Its id is the job's name.
type Lease struct{ ent.Schema }

// Fields of a lease.
func (Lease) Fields() []ent.Field { return []ent.Field{named("job"), moment("until")} }

// Annotations of the table.
func (Lease) Annotations() []schema.Annotation { return table("leases") }

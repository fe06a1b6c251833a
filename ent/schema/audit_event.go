package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// AuditEvent is something that happened to somebody's access. It outlives those whom it names.
type AuditEvent struct{ ent.Schema }

// Mixin of an event.
func (AuditEvent) Mixin() []ent.Mixin { return []ent.Mixin{identity{}} }

// Fields of an event.
func (AuditEvent) Fields() []ent.Field {
	return []ent.Field{
		field.Time("happened_at").Immutable().SchemaType(datetime),
		field.String("action").Immutable().SchemaType(varchar(64)),
		field.String("user_id").Optional().Nillable().Immutable().SchemaType(uuid),
		field.String("target_id").Optional().Nillable().Immutable().SchemaType(uuid),
		field.String("concerns_id").Optional().Nillable().Immutable().SchemaType(uuid), // a space, or nobody's
		field.String("detail").Immutable().SchemaType(varchar(255)),
		field.String("address").Immutable().SchemaType(varchar(64)),
	}
}

// Indexes of the table.
func (AuditEvent) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("happened_at").StorageKey("audit_events_by_age"),
		index.Fields("concerns_id", "id").StorageKey("audit_events_of_space"),
	}
}

// Annotations of the table.
func (AuditEvent) Annotations() []schema.Annotation { return table("audit_events") }

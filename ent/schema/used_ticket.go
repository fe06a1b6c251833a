package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// UsedTicket is a ticket that somebody has signed in with. Its id is the ticket's hash.
type UsedTicket struct{ ent.Schema }

// Fields of a used ticket.
func (UsedTicket) Fields() []ent.Field {
	return []ent.Field{
		named("ticket_hash"),
		field.Time("used_at").Immutable().SchemaType(datetime),
	}
}

// Annotations of the table.
func (UsedTicket) Annotations() []schema.Annotation { return table("used_tickets") }

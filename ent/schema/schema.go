// Package schema describes the tables. It is the only place that does: the code in gen, the schema that a new database
// gets and the versioned migrations are all made from it. Entities with an id are Ent schemas, in schema.go; tables
// whose key has several columns, which Ent's schemas can't have, are in tables.go.
//
// Rules about the content of a field stand in the domain and not here, so there are no validators. Ids are UUIDs in
// text form; times are microseconds since 1970 in UTC, which every database keeps exactly and sorts alike.
package schema

import (
	"fmt"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// User is who owns everything else.
type User struct{ ent.Schema }

// Fields of a user.
func (User) Fields() []ent.Field {
	return []ent.Field{
		id("id"),
		short("name", 255),
		field.Int64("created_at").Immutable(),
	}
}

// Annotations of the table.
func (User) Annotations() []schema.Annotation { return table("users") }

// Session is a browser that a user has signed in with. Its id is the hash of the secret in the cookie.
type Session struct{ ent.Schema }

// Fields of a session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").StorageKey("token_hash").Immutable().SchemaType(varchar(64)),
		id("user_id"),
		field.Int64("created_at").Immutable(),
		field.Int64("seen_at"),
		short("browser", 255, orBlank),
	}
}

// Edges of a session.
func (Session) Edges() []ent.Edge { return []ent.Edge{owner("user", "user_id")} }

// Indexes of the table.
func (Session) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id").StorageKey("sessions_of_user")}
}

// Annotations of the table.
func (Session) Annotations() []schema.Annotation { return table("sessions") }

// UsedTicket is a ticket that somebody has signed in with. Its id is the ticket's hash.
type UsedTicket struct{ ent.Schema }

// Fields of a used ticket.
func (UsedTicket) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").StorageKey("ticket_hash").Immutable().SchemaType(varchar(64)),
		field.Int64("used_at").Immutable(),
	}
}

// Annotations of the table.
func (UsedTicket) Annotations() []schema.Annotation { return table("used_tickets") }

// Note is a note. Its content follows what a list shows, so that a list needn't step over it.
//
// The columns with a default came with the second version of the schema, and have it in what was there before until
// Store.backfill has been over it: listed_at is never 0 afterwards.
type Note struct{ ent.Schema }

// Fields of a note.
func (Note) Fields() []ent.Field {
	return []ent.Field{
		id("id"),
		id("owner_id"),
		short("title", 255),
		short("excerpt", 255),
		long("tags", orBlank), // see tagsText
		field.Bool("pinned"),
		short("state", 16),
		field.Int64("created_at").Immutable(),
		field.Int64("updated_at"),
		field.Int64("moved_at").Annotations(orZero),
		field.Int64("listed_at").Annotations(orZero), // domain.Note.Listed
		field.Int("version"),
		field.Int("saved").Annotations(orZero),
		reference("author_id"),
		short("title_key", 255, orBlank), // see storedKey
		long("content"),
	}
}

// Edges of a note.
func (Note) Edges() []ent.Edge { return []ent.Edge{owner("owner", "owner_id")} }

// Indexes of the table. The first one read backwards gives each list in its order.
func (Note) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("owner_id", "state", "pinned", "listed_at", "id").StorageKey("notes_listed"),
		index.Fields("owner_id", "title_key", "id").StorageKey("notes_by_title"),
	}
}

// Annotations of the table.
func (Note) Annotations() []schema.Annotation { return table("notes") }

// Search is a saved search.
type Search struct{ ent.Schema }

// Fields of a saved search.
func (Search) Fields() []ent.Field {
	return []ent.Field{
		id("id"),
		id("owner_id"),
		short("name", 255),
		long("query"),
		field.Int64("created_at").Immutable(),
	}
}

// Edges of a saved search.
func (Search) Edges() []ent.Edge { return []ent.Edge{owner("owner", "owner_id")} }

// Indexes of the table.
func (Search) Indexes() []ent.Index {
	return []ent.Index{index.Fields("owner_id").StorageKey("searches_of_user")}
}

// Annotations of the table.
func (Search) Annotations() []schema.Annotation { return table("searches") }

// Undo is what takes back an action that has changed several notes.
type Undo struct{ ent.Schema }

// Fields of an undo.
func (Undo) Fields() []ent.Field {
	return []ent.Field{
		id("id"),
		id("owner_id"),
		long("text"),
		field.Int64("created_at").Immutable(),
		long("notes"),                          // as JSON, of an undo that is older than the table undo_notes
		long("rest", orBlank),                  // domain.Undo.Leader and domain.Undo.Rest, as JSON
		field.Int("steps").Annotations(orZero), // how many are left
	}
}

// Edges of an undo.
func (Undo) Edges() []ent.Edge { return []ent.Edge{owner("owner", "owner_id")} }

// Indexes of the table.
func (Undo) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("owner_id").StorageKey("undos_of_user"),
		index.Fields("created_at").StorageKey("undos_by_age"),
	}
}

// Annotations of the table.
func (Undo) Annotations() []schema.Annotation { return table("undos") }

// Lease tells until when a job has been given to somebody. Its id is the job's name.
type Lease struct{ ent.Schema }

// Fields of a lease.
func (Lease) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").StorageKey("job").Immutable().SchemaType(varchar(64)),
		field.Int64("until"),
	}
}

// Annotations of the table.
func (Lease) Annotations() []schema.Annotation { return table("leases") }

// Trust is how far the clock is believed, as domain.Trust says. It has one row.
type Trust struct{ ent.Schema }

// Fields of the trust.
func (Trust) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").StorageKey("name").Immutable().SchemaType(varchar(64)),
		field.Int64("seen_at"),
		field.Int64("believed_at"),
		field.Int64("next_at"),
		field.Int64("ran"),
	}
}

// Annotations of the table.
func (Trust) Annotations() []schema.Annotation { return table("trusts") }

// Record is a record of the /records API.
type Record struct{ ent.Schema }

// Fields of a record.
func (Record) Fields() []ent.Field {
	return []ent.Field{
		id("id"),
		id("owner_id"),
		short("title", 255),
		field.Int64("created_at").Immutable(),
		field.Int64("updated_at"),
		long("content"),
	}
}

// Edges of a record.
func (Record) Edges() []ent.Edge { return []ent.Edge{owner("owner", "owner_id")} }

// Indexes of the table.
func (Record) Indexes() []ent.Index {
	return []ent.Index{index.Fields("owner_id", "id").StorageKey("records_in_order")}
}

// Annotations of the table.
func (Record) Annotations() []schema.Annotation { return table("records") }

// id is a UUID, given by the domain. None ever changes.
func id(name string) ent.Field { return field.String(name).Immutable().SchemaType(uuid) }

// reference is the id of something that may be unknown, or gone.
func reference(name string) ent.Field {
	return field.String(name).Optional().Nillable().SchemaType(uuid)
}

var uuid = map[string]string{dialect.Postgres: "uuid", dialect.MySQL: "char(36)"}

// short is text of at most limit characters. (Ent's own MaxLen would count bytes.)
func short(name string, limit int, more ...schema.Annotation) ent.Field {
	return field.String(name).SchemaType(varchar(limit)).Annotations(more...)
}

func varchar(limit int) map[string]string {
	t := fmt.Sprintf("varchar(%d)", limit)
	return map[string]string{dialect.Postgres: t, dialect.MySQL: t}
}

// long is text that may exceed the 64 KiB of MySQL's TEXT.
func long(name string, more ...schema.Annotation) ent.Field {
	return field.Text(name).SchemaType(map[string]string{dialect.MySQL: "mediumtext"}).Annotations(more...)
}

// What the rows that are there get in a new column. MySQL gives them that without being told, and has no other way for
// long texts.
var (
	orBlank = entsql.DefaultExprs(map[string]string{dialect.SQLite: "''", dialect.Postgres: "''"})
	orZero  = entsql.DefaultExprs(map[string]string{dialect.SQLite: "0", dialect.Postgres: "0"})
)

// owner is the foreign key in column: what a user owns goes with the user.
func owner(name, column string) ent.Edge {
	return edge.To(name, User.Type).Field(column).Unique().Required().Immutable().
		Annotations(entsql.OnDelete(entsql.Cascade))
}

func table(name string) []schema.Annotation { return []schema.Annotation{entsql.Table(name)} }

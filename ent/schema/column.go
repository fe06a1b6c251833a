package schema

import (
	"fmt"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// id is a UUID, given by the domain. None ever changes.
func id(name string) ent.Field { return field.String(name).Immutable().SchemaType(uuid) }

// reference is the id of something that may be unknown, or gone.
func reference(name string) ent.Field {
	return field.String(name).Optional().Nillable().SchemaType(uuid)
}

var uuid = map[string]string{dialect.Postgres: "uuid", dialect.MySQL: "char(36)"}

// named is an id that isn't a UUID but a text in a column called so.
func named(column string) ent.Field {
	return field.String("id").StorageKey(column).Immutable().SchemaType(varchar(64))
}

// hash is a SHA-256 in hexadecimal.
func hash(name string) ent.Field { return short(name, 64) }

// key is what a title, a tag or a name is found by. PostgreSQL compares it byte by byte, as SQLite and MySQL do with
// each text, whatever the language of the database.
func key(name string, more ...schema.Annotation) ent.Field {
	return short(name, 255, append(more, byteByByte)...)
}

var byteByByte = &entsql.Annotation{Collation: "C"}

// short is text of at most limit characters. (Ent's own MaxLen would count bytes.)
func short(name string, limit int, more ...schema.Annotation) ent.Field {
	return field.String(name).SchemaType(varchar(limit)).Annotations(more...)
}

func varchar(limit int) map[string]string {
	t := fmt.Sprintf("varchar(%d)", limit)
	return map[string]string{dialect.Postgres: t, dialect.MySQL: t}
}

// moment is a time, in UTC and to the microsecond.
func moment(name string) ent.Field { return field.Time(name).SchemaType(datetime) }

// datetime is the type of a time. What Ent takes by itself is rounded to seconds by MySQL.
var datetime = map[string]string{dialect.MySQL: "datetime(6)"}

// long is text that may exceed the 64 KiB of MySQL's TEXT.
func long(name string, more ...schema.Annotation) ent.Field {
	return field.Text(name).SchemaType(map[string]string{dialect.MySQL: "mediumtext"}).Annotations(more...)
}

// orNow is the present, for rows that somebody adds without a time. SQLite's own CURRENT_TIMESTAMP has seconds only.
var orNow = entsql.DefaultExprs(map[string]string{
	dialect.SQLite:   "(strftime('%Y-%m-%d %H:%M:%f000', 'now'))",
	dialect.Postgres: "CURRENT_TIMESTAMP",
	dialect.MySQL:    "(utc_timestamp(6))",
})

// What the rows that are there get in a new column. MySQL takes no default for long texts, and gives those rows "" without
// being told.
var (
	orBlank     = entsql.DefaultExprs(map[string]string{dialect.SQLite: "''", dialect.Postgres: "''", dialect.MySQL: "''"})
	orBlankLong = entsql.DefaultExprs(map[string]string{dialect.SQLite: "''", dialect.Postgres: "''"})
	orFalse     = entsql.DefaultExprs(map[string]string{dialect.SQLite: "0", dialect.Postgres: "false", dialect.MySQL: "false"})
	orZero      = entsql.DefaultExprs(map[string]string{dialect.SQLite: "0", dialect.Postgres: "0", dialect.MySQL: "0"})
)

// Package schema describes the tables, as Ent schemas: one file for each entity, mixin.go for what several of them have
// and column.go for the kinds of columns. It is the only place that does: the code in gen, the schema that a new
// database gets and the versioned migrations are all made from it. Only the tables of full-text search are made by
// migrations alone, as Ent can't describe them.
//
// Rules about the content of a field stand in the domain and not here, so there are no validators. Where several columns
// are the key of a row, it has a number for its id and a unique index on them: Ent gives keys of several columns to
// tables that join two others, and to no more.
package schema

import (
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/dialect/sql/schema"

	entschema "entgo.io/ent/schema"
)

func table(name string) []entschema.Annotation { return []entschema.Annotation{entsql.Table(name)} }

// Tables returns the entities' tables, as Ent has generated them, as they are in a dialect.
func Tables(name string, entities []*schema.Table) ([]*schema.Table, error) {
	all, err := schema.CopyTables(entities)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		// A row's content is the last of its columns, so that whoever wants the others needn't step over it.
		slices.SortStableFunc(t.Columns, func(a, b *schema.Column) int {
			return rank(a) - rank(b)
		})
		for _, c := range t.Columns {
			if name != dialect.Postgres {
				c.Collation = "" // SQLite and MySQL compare all texts byte by byte
			}
			if name == dialect.SQLite {
				c.Increment = false // SQLite numbers rows by itself; with AUTOINCREMENT each insertion writes another table
			}
		}
	}
	return all, nil
}

func rank(c *schema.Column) int {
	if c.Name == "content" {
		return 1
	}
	return 0
}

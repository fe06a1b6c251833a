package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// Record is a record of the /records API.
type Record struct{ ent.Schema }

// Mixin of a record.
func (Record) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, inSpace{}, times{}} }

// Fields of a record.
func (Record) Fields() []ent.Field { return []ent.Field{short("title", 255), long("content")} }

// Indexes of the table.
func (Record) Indexes() []ent.Index {
	return []ent.Index{index.Fields("space_id", "id").StorageKey("records_in_order")}
}

// Annotations of the table.
func (Record) Annotations() []schema.Annotation { return table("records") }

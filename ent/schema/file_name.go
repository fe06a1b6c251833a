package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// FileName is what the name of a file means: the one that was uploaded last under it.
type FileName struct{ ent.Schema }

// Mixin of a file's name.
func (FileName) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}} }

// Fields of a file's name.
func (FileName) Fields() []ent.Field {
	return []ent.Field{key("name_key"), short("name", 255), hash("hash")}
}

// Indexes of the table.
func (FileName) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id", "name_key").Unique().StorageKey("files_by_name"),
		index.Fields("space_id", "hash").StorageKey("names_of_file"),
	}
}

// Annotations of the table.
func (FileName) Annotations() []schema.Annotation { return table("file_names") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// File is a file that a user has uploaded. Its content is a blob.
type File struct{ ent.Schema }

// Mixin of a file.
func (File) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}, created{}} }

// Fields of a file.
func (File) Fields() []ent.Field {
	return []ent.Field{
		hash("hash"), short("name", 255), short("type", 255), field.Int64("size"),
		field.Int("width").Annotations(orZero), field.Int("height").Annotations(orZero), field.Bool("measured").Annotations(orFalse),
	}
}

// Indexes of the table.
func (File) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id", "hash").Unique().StorageKey("files_of_space"),
		index.Fields("hash").StorageKey("files_by_hash"),
	}
}

// Annotations of the table.
func (File) Annotations() []schema.Annotation { return table("files") }

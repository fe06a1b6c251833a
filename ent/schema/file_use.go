package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// FileUse is a file that a note mentions, or has mentioned: rows are added only, until the note goes.
type FileUse struct{ ent.Schema }

// Mixin of a file's use.
func (FileUse) Mixin() []ent.Mixin { return []ent.Mixin{ofNote{edge: "file_uses"}} }

// Fields of a file's use.
func (FileUse) Fields() []ent.Field { return []ent.Field{hash("hash")} }

// Indexes of the table.
func (FileUse) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "hash").Unique().StorageKey("files_of_note"),
		index.Fields("space_id", "hash", "note_id").StorageKey("uses_by_file"),
	}
}

// Annotations of the table.
func (FileUse) Annotations() []schema.Annotation { return table("file_uses") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// NoteImport is one time that somebody brought notes in from elsewhere.
type NoteImport struct{ ent.Schema }

// Mixin of an import.
func (NoteImport) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, inSpace{}, created{}} }

// Fields of an import.
func (NoteImport) Fields() []ent.Field {
	return []ent.Field{
		id("user_id"), // who needn't be there any more
		short("kind", 20),
		short("name", 255),
		short("state", 20),
		long("counts"), // domain.ImportCounts, as JSON
		moment("changed_at"),
	}
}

// Indexes of the table.
func (NoteImport) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id", "id").StorageKey("imports_in_order"),
		index.Fields("state", "changed_at").StorageKey("imports_by_state"),
		index.Fields("created_at").StorageKey("imports_by_age"),
	}
}

// Annotations of the table.
func (NoteImport) Annotations() []schema.Annotation { return table("imports") }

// ImportedNote is the memory of what a thing of a source has become. It outlives its import.
type ImportedNote struct{ ent.Schema }

// Mixin of an imported note.
func (ImportedNote) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}} }

// Fields of an imported note.
func (ImportedNote) Fields() []ent.Field {
	return []ent.Field{
		id("import_id"),
		hash("source_hash"),
		hash("content_hash"),
		id("note_id"),
		field.Int("version"),
		field.Int("version_before"),
	}
}

// Indexes of the table.
func (ImportedNote) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("import_id", "source_hash").Unique().StorageKey("imported_by_import"),
		index.Fields("space_id", "source_hash").StorageKey("imported_by_source"),
	}
}

// Annotations of the table.
func (ImportedNote) Annotations() []schema.Annotation { return table("imported_notes") }

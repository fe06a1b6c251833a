package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// NoteAlias is another title that leads to a note.
type NoteAlias struct{ ent.Schema }

// Mixin of an alias.
func (NoteAlias) Mixin() []ent.Mixin { return []ent.Mixin{ofNote{edge: "aliases"}} }

// Fields of an alias.
func (NoteAlias) Fields() []ent.Field { return []ent.Field{key("title_key"), short("alias", 255)} }

// Indexes of the table.
func (NoteAlias) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "title_key").Unique().StorageKey("aliases_of_note"),
		index.Fields("space_id", "title_key", "note_id").StorageKey("aliases_by_title"),
	}
}

// Annotations of the table.
func (NoteAlias) Annotations() []schema.Annotation { return table("note_aliases") }

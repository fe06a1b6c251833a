package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// NoteTag is a tag of a note, or one above it.
type NoteTag struct{ ent.Schema }

// Mixin of a note's tag.
func (NoteTag) Mixin() []ent.Mixin { return []ent.Mixin{ofNote{edge: "taggings"}} }

// Fields of a note's tag. Those behind the key are the note's own, which its lists are sorted by.
func (NoteTag) Fields() []ent.Field {
	return []ent.Field{
		key("tag_key"),
		short("state", 16),
		field.Bool("pinned"),
		moment("listed_at"),
	}
}

// Indexes of the table. The second one read backwards gives a tag's list in its order.
func (NoteTag) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "tag_key").Unique().StorageKey("tags_of_note"),
		index.Fields("space_id", "tag_key", "state", "pinned", "listed_at", "note_id").StorageKey("tagged_in_order"),
		index.Fields("space_id", "tag_key", "note_id").StorageKey("tagged_by_id"),
	}
}

// Annotations of the table.
func (NoteTag) Annotations() []schema.Annotation { return table("note_tags") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/index"
)

// NoteLink is a title that a note links to.
type NoteLink struct{ ent.Schema }

// Mixin of a link.
func (NoteLink) Mixin() []ent.Mixin { return []ent.Mixin{ofNote{edge: "links"}} }

// Fields of a link.
func (NoteLink) Fields() []ent.Field { return []ent.Field{key("title_key")} }

// Indexes of the table.
func (NoteLink) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "title_key").Unique().StorageKey("links_of_note"),
		index.Fields("owner_id", "title_key", "note_id").StorageKey("links_by_title"),
	}
}

// Annotations of the table.
func (NoteLink) Annotations() []schema.Annotation { return table("note_links") }

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

// Fields of a link. Where the title is only the last part of what the link says, whole_key is the key of all of it: the
// link leads to a note with the title unless another has the whole for its title or an alias.
func (NoteLink) Fields() []ent.Field { return []ent.Field{key("title_key"), key("whole_key", orBlank)} }

// Indexes of the table. The second one answers by itself which notes link to a title.
func (NoteLink) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("note_id", "title_key", "whole_key").Unique().StorageKey("links_of_note"),
		index.Fields("space_id", "title_key", "note_id", "whole_key").StorageKey("links_by_title"),
	}
}

// Annotations of the table.
func (NoteLink) Annotations() []schema.Annotation { return table("note_links") }

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Note is a note.
//
// The columns with a default came with the second version of the schema, and have it in what was there before until
// a backfill has been over it. Until then moved_at and listed_at are the beginning of 1970, and never afterwards.
type Note struct{ ent.Schema }

// Mixin of a note.
func (Note) Mixin() []ent.Mixin { return []ent.Mixin{identity{}, inSpace{}, times{}, written{}} }

// Fields of a note.
func (Note) Fields() []ent.Field {
	return []ent.Field{
		short("excerpt", 255),
		short("picture", 64, orBlank), // domain.Note.Picture
		long("tags", orBlankLong),     // see tagsText
		field.Bool("pinned"),
		short("state", 16),
		moment("moved_at"),
		moment("listed_at"), // domain.Note.Listed
		field.Int("version"),
		field.Int("saved").Annotations(orZero),
		reference("author_id"),
		reference("share_id"),                          // domain.NoteFields.Share
		key("title_key", orBlank),                      // see storedKey
		short("title_place", 101, orBlank, byteByByte), // domain.TitlePlace: a digit, and at most words.MaxOrder characters
	}
}

// Edges of a note: what it says of itself, apart from it, which follows each of its changes, and what it said before.
func (Note) Edges() []ent.Edge {
	return []ent.Edge{
		has("taggings", NoteTag.Type),
		has("links", NoteLink.Type),
		has("aliases", NoteAlias.Type),
		has("file_uses", FileUse.Type),
		has("revisions", Revision.Type),
		has("drafts", Draft.Type),
		has("shares", Share.Type),
		has("presences", Presence.Type),
	}
}

// Indexes of the table. The first two read backwards, and the third, give each list in one of its orders.
func (Note) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("space_id", "state", "pinned", "listed_at", "id").StorageKey("notes_listed"),
		index.Fields("space_id", "state", "pinned", "created_at", "id").StorageKey("notes_created"),
		index.Fields("space_id", "state", "title_place", "id").StorageKey("notes_titled"),
		index.Fields("space_id", "title_key", "id").StorageKey("notes_by_title"),
	}
}

// Annotations of the table.
func (Note) Annotations() []schema.Annotation { return table("notes") }

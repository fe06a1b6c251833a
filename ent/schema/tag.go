package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Tag is a tag of a space, and how many notes outside of the trash have it or one below it.
type Tag struct{ ent.Schema }

// Mixin of a tag.
func (Tag) Mixin() []ent.Mixin { return []ent.Mixin{inSpace{}} }

// Fields of a tag.
func (Tag) Fields() []ent.Field {
	return []ent.Field{
		key("tag_key"),
		short("name", 255),
		field.Int("notes"),
	}
}

// Indexes of the table.
func (Tag) Indexes() []ent.Index {
	return []ent.Index{index.Fields("space_id", "tag_key").Unique().StorageKey("tags_by_key")}
}

// Annotations of the table.
func (Tag) Annotations() []schema.Annotation { return table("tags") }

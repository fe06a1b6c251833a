package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
)

// identity is for what has an id that the domain gives it.
type identity struct{ mixin.Schema }

func (identity) Fields() []ent.Field { return []ent.Field{id("id")} }

// inSpace is for what is in a space, and goes with it.
type inSpace struct{ mixin.Schema }

func (inSpace) Fields() []ent.Field { return []ent.Field{id("space_id")} }

func (inSpace) Edges() []ent.Edge { return []ent.Edge{of("space", Space.Type)} }

func (inSpace) Interceptors() []ent.Interceptor { return readBy("space_id") }

func (inSpace) Hooks() []ent.Hook { return changedBy("space_id") }

// ofNote is for what belongs to a note, and goes with it. The note knows it by the edge.
type ofNote struct {
	mixin.Schema
	edge string
}

func (ofNote) Fields() []ent.Field { return []ent.Field{id("note_id"), id("space_id")} }

func (m ofNote) Edges() []ent.Edge {
	return []ent.Edge{edge.From("note", Note.Type).Ref(m.edge).Field("note_id").Unique().Required().Immutable()}
}

func (ofNote) Interceptors() []ent.Interceptor { return readBy("space_id") }

func (ofNote) Hooks() []ent.Hook { return changedBy("space_id") }

// written is for what has the fields of domain.NoteFields: a note, a revision and a draft. Tags and who wrote it are kept
// by each of them in another way.
type written struct{ mixin.Schema }

func (written) Fields() []ent.Field { return []ent.Field{short("title", 255), long("content")} }

// of is what an entity goes with, and knows by its id.
func of(name string, what any) ent.Edge {
	return edge.To(name, what).Field(name + "_id").Unique().Required().Immutable().
		Annotations(entsql.OnDelete(entsql.Cascade))
}

// has is the other end of what goes with an entity.
func has(name string, what any) ent.Edge {
	return edge.To(name, what).Annotations(entsql.OnDelete(entsql.Cascade))
}

// created is for what has a time when it was made.
type created struct{ mixin.Schema }

func (created) Fields() []ent.Field {
	return []ent.Field{field.Time("created_at").Immutable().SchemaType(datetime).Annotations(orNow)}
}

// times is for what is changed as well.
type times struct{ mixin.Schema }

func (times) Fields() []ent.Field {
	return append(created{}.Fields(), moment("updated_at"))
}

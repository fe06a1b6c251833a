package schema

import (
	"slices"

	atlas "ariga.io/atlas/sql/schema"
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"
)

// Tables returns all tables as they are in a dialect: those of the entities, as Ent has generated them, and those whose
// key has several columns.
func Tables(name string, entities []*schema.Table) ([]*schema.Table, error) {
	all, err := schema.CopyTables(entities)
	if err != nil {
		return nil, err
	}
	var users, notes, undos *schema.Table
	for _, t := range all {
		switch t.Name {
		case "users":
			users = t
		case "notes":
			notes = t
		case "undos":
			undos = t
		}
	}

	for _, t := range []newTable{
		// What a note says of itself, apart from it. These rows follow each change of the note.
		//
		// The tags of each note, and those above them. The first index read backwards gives a tag's list in its order.
		tableOf("note_tags", 2, id("note_id"), short("tag_key", 255), id("owner_id"), short("state", 16),
			field.Bool("pinned"), field.Int64("listed_at")).
			refers("note_id", notes).
			indexed("tagged_in_order", "owner_id", "tag_key", "state", "pinned", "listed_at", "note_id").
			indexed("tagged_by_id", "owner_id", "tag_key", "note_id"),
		// The tags of each user, and how many notes outside of the trash have them or one below them.
		tableOf("tags", 2, id("owner_id"), short("tag_key", 255), short("name", 255), field.Int("notes")).
			refers("owner_id", users),
		// The titles that each note links to.
		tableOf("note_links", 2, id("note_id"), short("title_key", 255), id("owner_id")).
			refers("note_id", notes).
			indexed("links_by_title", "owner_id", "title_key", "note_id"),
		// Those of its links that have more than the title of a note in them: the last part and the whole.
		tableOf("note_paths", 3, id("note_id"), short("title_key", 255), short("whole_key", 255), id("owner_id")).
			refers("note_id", notes).
			indexed("paths_by_title", "owner_id", "title_key", "note_id"),
		// The other titles that lead to each note.
		tableOf("note_aliases", 2, id("note_id"), short("title_key", 255), id("owner_id"), short("alias", 255)).
			refers("note_id", notes).
			indexed("aliases_by_title", "owner_id", "title_key", "note_id"),
		// The files that each note mentions, or has mentioned: rows are added only, until the note goes.
		tableOf("file_uses", 2, id("note_id"), hash("hash"), id("owner_id")).
			refers("note_id", notes).
			indexed("uses_by_file", "owner_id", "hash", "note_id"),

		tableOf("revisions", 2, id("note_id"), field.Int("version"), id("owner_id"), short("title", 255), long("tags"),
			field.Int("size"), field.Int64("saved_at"), reference("author_id"), long("content")).
			refers("note_id", notes).
			indexed("revisions_by_age", "saved_at", "note_id"),
		tableOf("drafts", 2, id("owner_id"), id("draft_key"), reference("note_id"), field.Int("base"), short("title", 255),
			long("tags"), field.Int64("saved_at"), long("content")).
			refers("owner_id", users).
			refers("note_id", notes).
			indexed("drafts_of_note", "note_id").
			indexed("drafts_in_order", "owner_id", "saved_at", "draft_key"),
		// What becomes of each note when an action is undone.
		tableOf("undo_notes", 2, id("undo_id"), id("note_id"), field.Int("version"), field.Int("saved"), short("state", 16),
			field.Bool("pinned")).
			refers("undo_id", undos),
		tableOf("creations", 2, id("owner_id"), hash("request_key"), hash("request_hash"), id("note_id"),
			field.Int64("created_at")).
			refers("owner_id", users).
			indexed("creations_by_age", "created_at"),
		tableOf("files", 2, id("owner_id"), hash("hash"), short("name", 255), short("type", 255), field.Int64("size"),
			field.Int64("created_at")).
			refers("owner_id", users).
			indexed("files_by_hash", "hash"),
		// What each name of a file means: the one that was uploaded last under it.
		tableOf("file_names", 2, id("owner_id"), short("name_key", 255), short("name", 255), hash("hash")).
			refers("owner_id", users).
			indexed("names_of_file", "owner_id", "hash"),
	} {
		all = append(all, t.Table)
	}
	if name == dialect.Postgres {
		sortByCode(all)
	}
	return all, nil
}

// sortByCode has PostgreSQL compare keys byte by byte, as SQLite and MySQL do, whatever the language of the database.
func sortByCode(tables []*schema.Table) {
	for _, t := range tables {
		for _, c := range t.Columns {
			if c.Name == "title_key" || c.Name == "whole_key" || c.Name == "tag_key" || c.Name == "name_key" {
				c.Collation = "C"
			}
		}
	}
}

// hash is a SHA-256 in hexadecimal.
func hash(name string) ent.Field { return short(name, 64) }

type newTable struct{ *schema.Table }

// tableOf returns a table with these columns, of which the first ones are its key.
func tableOf(name string, key int, fields ...ent.Field) newTable {
	t := newTable{schema.NewTable(name)}
	for i, f := range fields {
		d := f.Descriptor()
		c := &schema.Column{
			Name: d.Name, Type: d.Info.Type, SchemaType: d.SchemaType, Size: int64(d.Size), Nullable: d.Optional,
		}
		if i < key {
			t.AddPrimary(c)
		} else {
			t.AddColumn(c)
		}
	}
	return t
}

// refers makes column a foreign key: the rows go with what they refer to.
func (t newTable) refers(column string, to *schema.Table) newTable {
	c, _ := t.Column(column)
	t.AddForeignKey(&schema.ForeignKey{
		Symbol:     t.Name + "_" + to.Name,
		Columns:    []*schema.Column{c},
		RefTable:   to,
		RefColumns: to.PrimaryKey,
		OnDelete:   schema.Cascade,
	})
	return t
}

func (t newTable) indexed(name string, columns ...string) newTable {
	t.AddIndex(name, false, columns)
	return t
}

// KeepDefaults has Ent leave the defaults of columns alone, which are there for the rows of a column that is new and
// never change. It would read those of SQLite as others than it has written, and copy a whole table for it.
func KeepDefaults(next schema.Differ) schema.Differ {
	return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
		changes, err := next.Diff(current, desired)
		return slices.DeleteFunc(changes, func(change atlas.Change) bool {
			table, ok := change.(*atlas.ModifyTable)
			if !ok {
				return false
			}
			table.Changes = slices.DeleteFunc(table.Changes, func(change atlas.Change) bool {
				column, ok := change.(*atlas.ModifyColumn)
				return ok && column.Change == atlas.ChangeDefault
			})
			return len(table.Changes) == 0
		}), err
	})
}

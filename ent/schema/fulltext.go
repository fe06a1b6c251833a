package schema

import (
	"embed"
	"strings"

	"entgo.io/ent/dialect"
)

//go:embed fulltext_*.sql
var fullText embed.FS

// FullText returns the statements that make the tables of full-text search in a dialect, where they aren't there. Ent
// can't describe them, so whoever changes them writes the migration by hand as well.
func FullText(name string) string {
	text, err := fullText.ReadFile("fulltext_" + name + ".sql")
	if err != nil {
		panic(err) // it is compiled in
	}
	return string(text)
}

// FullTextTables returns the names of those tables.
func FullTextTables(name string) []string {
	if name == dialect.SQLite {
		return []string{"search_spaces", "search_docs", "search_index", "search_words"}
	}
	return []string{"note_search"}
}

// IsFullText reports whether a table is one of full-text search: one of those, one that SQLite keeps for them, or one that
// there was before.
func IsFullText(table string) bool {
	return table == "note_search" || strings.HasPrefix(table, "search_")
}

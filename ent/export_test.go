package ent

// SelectNotes returns the queries for the first and for a later page of notes, as a dialect gets them.
func SelectNotes(dialect string) (first, later string) {
	text := newStatements(dialect)
	return text.notesFirst, text.notesAfter
}

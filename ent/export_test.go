package ent

// Statements are the hot reads of lists, as a dialect gets them.
type Statements struct {
	NotesFirst, NotesAfter, TaggedFirst, TaggedAfter, Titles, Linking, Tags, Tagged, Revisions string
}

// Selects returns the Statements of a dialect.
func Selects(dialect string) Statements {
	s := newStatements(dialect)
	return Statements{
		s.notesFirst, s.notesAfter, s.taggedFirst, s.taggedAfter, s.titles, withPlaceholders(dialect, s.linking), s.tags, s.tagged, s.revisions,
	}
}

// EncodeTerm is how the index of MySQL writes a term.
var EncodeTerm = encodeTerm

package domain

import "context"

// Links tells where links between the notes of one space lead.
type Links interface {
	// Titled returns, for each of the keys, the note to which a link to such a title leads: of the notes outside of the
	// trash that are so called the first one made, or else of those that have it for an alias. Keys that lead nowhere are
	// left out.
	Titled(ctx context.Context, keys ...string) (map[string]NoteTitle, error)
	// Titles returns at most limit titles of notes outside of the trash whose keys begin with prefix, ordered by key, and
	// their aliases that no note has for a title.
	Titles(ctx context.Context, prefix string, limit int) ([]NoteTitle, error)
	// Linking returns at most limit notes, in any state, that link to one of the titles with those keys, each once,
	// ordered by id, beginning after an id or, when that is "", at the first. A link with a path counts for its last part
	// while all of it leads nowhere, as Titled has it.
	Linking(ctx context.Context, keys []string, after ID, limit int) ([]NoteSummary, error)
	// Linked returns those of the keys that links of any note have, or the last parts of their paths, ordered.
	Linked(ctx context.Context, keys []string) ([]string, error)
}

// NoteTitle is a note's title, or an alias of it, and where it leads.
type NoteTitle struct {
	ID      ID
	Title   string
	Excerpt string // in Titled's answers
}

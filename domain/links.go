package domain

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// Links tells where links between the notes of one space lead.
type Links interface {
	// Titled returns, for each of the keys, the note to which a link to such a title leads: of the notes outside of the
	// trash that are so called the first one made, or else of those that have it for an alias. Keys that lead nowhere are
	// left out.
	Titled(ctx context.Context, keys ...string) (map[string]NoteTitle, error)
	// Around returns what Titled returns for some keys and, of what Linking returns of the first notes that link to one title,
	// the ID, the Title, the State and the Version: what the page of a note shows around it. Where limit is 0 it returns
	// none of those.
	Around(ctx context.Context, keys []string, linked string, limit int) (map[string]NoteTitle, []NoteSummary, error)
	// AroundVersion returns the AroundVersion of a note, of what Around returns for all titles that it links to, with the
	// paths there are, and for its own title and aliases, of which its title is the linked one, and of at most drafts drafts
	// that the user has of it. It reads no text, and returns "" where it would take more to know. It is NotFound when there is
	// no such note.
	AroundVersion(ctx context.Context, note ID, limit, drafts int) (string, error)
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
	Excerpt string // in Titled's answers, as is the Version
	Version int
}

// AroundVersion returns a text that says which version of a note is shown, which versions of the notes that titles lead to and
// of those that link to it, and which drafts there are of it, the last saved first. It is another one whenever what
// Around returns for the titles in that version of the note is: as a note has the same title and aliases for as long as
// it has a version, the same ones of the same notes lead there.
func AroundVersion(version int, titles map[string]NoteTitle, linking []NoteSummary, drafts []Draft) string {
	var led []string
	for _, t := range titles {
		led = append(led, versionOf(t.ID, t.Version))
	}
	slices.Sort(led)
	text := strconv.Itoa(version) + " " + strings.Join(slices.Compact(led), " ") + "\n"
	for _, n := range linking {
		text += versionOf(n.ID, n.Version) + " "
	}
	return text + "\n" + DraftsVersion(drafts)
}

func versionOf(note ID, version int) string { return string(note) + "." + strconv.Itoa(version) }

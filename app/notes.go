package app

import (
	"context"
	"slices"
	"time"

	"octavo/domain"
)

// Notes is what people do with their notes.
//
// Its methods return NotFound for an id that no note of the space has, whether or not another has.
type Notes struct {
	changer
	read   func(domain.ReadAccess) domain.NoteReader
	write  func(domain.WriteAccess) domain.Notes
	links  *Links
	drafts *Drafts
}

// Notes returns the use cases of notes.
func (a *App) Notes() *Notes {
	return &Notes{a.changer(), a.store.ReadNotes, a.store.Notes, a.Links(), a.Drafts()}
}

// Create stores a new note made of draft. The errors of draft are those of domain.NewNote.
func (s *Notes) Create(ctx context.Context, access domain.WriteAccess, draft domain.NoteDraft) (domain.Note, error) {
	draft = access.Sign(draft)
	n, err := domain.NewNote(draft, s.clock.Now())
	if err != nil {
		return domain.Note{}, err
	}
	return n, s.write(access).Add(ctx, n)
}

// Get returns a note.
func (s *Notes) Get(ctx context.Context, access domain.ReadAccess, id domain.ID) (domain.Note, error) {
	return s.read(access).Get(ctx, id)
}

// Version returns the version of a note.
func (s *Notes) Version(ctx context.Context, access domain.ReadAccess, id domain.ID) (int, error) {
	return s.read(access).Version(ctx, id)
}

// Shown is a note with what its page shows beside it.
type Shown struct {
	domain.Note
	Targets       Targets
	Backlinks     []domain.NoteSummary
	MoreBacklinks bool
	HasDraft      bool // it is being edited and hasn't been saved
	// Shows is another text whenever the page shows anything else, or "" where ShownVersion can't tell.
	Shows string
}

// Show returns a note with what its page shows beside it: at most so many backlinks and, unless drafts says that its reader
// has none at all, whether they are editing it.
func (s *Notes) Show(ctx context.Context, access domain.ReadAccess, id domain.ID, backlinks int, drafts bool) (
	shown Shown, err error,
) {
	if shown.Note, err = s.read(access).Get(ctx, id); err != nil {
		return Shown{}, err
	}
	keys := shown.TitleKeys()
	first := backlinks + 1
	if len(keys) > 1 { // others may link to its aliases, and are asked for together
		first = 0
	}
	around, err := s.links.around(ctx, access, shown.Content, keys, first)
	if err != nil {
		return Shown{}, err
	}
	shown.Targets = around.targets
	known := append([]domain.NoteSummary{}, around.linking...)
	if first == 0 {
		known = nil
	}
	// A link to a title that another note has leads there.
	if keys = slices.DeleteFunc(keys, func(key string) bool { return around.titles[key].ID != id }); len(keys) > 0 {
		shown.Backlinks, shown.MoreBacklinks, err = s.links.backlinks(ctx, access, id, keys, known, backlinks)
		if err != nil {
			return Shown{}, err
		}
	}
	var ofNote []domain.Draft
	if drafts {
		if ofNote, err = s.drafts.read(access).List(ctx, id, maxNoteDrafts); err != nil {
			return Shown{}, err
		}
		shown.HasDraft = len(changing(ofNote, shown.Note)) > 0
	}
	if first > 0 && len(around.linking) < first && !around.files {
		shown.Shows = domain.AroundVersion(shown.Version, around.titles, around.linking, ofNote)
	}
	return shown, nil
}

// ShownVersion returns what Show has Shows say, without reading what the note says. It is "", or another text, where the note
// has aliases, links that may lead to files, or more links to it than a page shows.
func (s *Notes) ShownVersion(ctx context.Context, access domain.ReadAccess, id domain.ID, backlinks int, drafts bool) (string, error) {
	typed := 0
	if drafts {
		typed = maxNoteDrafts
	}
	return s.links.links(access).AroundVersion(ctx, id, backlinks+1, typed)
}

// NotePage is one page of a list of notes.
type NotePage struct {
	Notes   []domain.NoteSummary
	Next    string // the cursor of the next page, "" on the last one
	Version string // another one whenever the page shows anything else
	Read    time.Time
}

// List returns a page of at most limit notes. after is the Next of the page before, or "" for the first page; a cursor
// of another list is Invalid.
func (s *Notes) List(ctx context.Context, access domain.ReadAccess, filter domain.NoteFilter, after string, limit int) (
	NotePage, error,
) {
	var cursor *domain.NoteCursor
	if after != "" {
		c, err := domain.ParseNoteCursor(after, filter)
		if err != nil {
			return NotePage{}, err
		}
		cursor = &c
	}
	// One more than asked for tells whether there is a next page.
	page := NotePage{Read: s.clock.Now()}
	list, err := s.read(access).List(ctx, filter, cursor, limit+1)
	if err != nil {
		return NotePage{}, err
	}
	page.Notes, page.Version = list, domain.ListVersion(list)
	if len(list) > limit {
		page.Notes, page.Next = list[:limit], list[limit-1].Cursor(filter.Order).String()
	}
	return page, nil
}

// ListVersion returns the Version of the first page that List would return, without making it.
func (s *Notes) ListVersion(ctx context.Context, access domain.ReadAccess, filter domain.NoteFilter, limit int) (string, error) {
	return s.read(access).ListVersion(ctx, filter, limit+1)
}

// MaxListed is up to how many notes of a list are counted exactly.
const MaxListed = 100_000

// ListCount returns how many notes a list has. There are more than MaxListed when it says so many.
func (s *Notes) ListCount(ctx context.Context, access domain.ReadAccess, filter domain.NoteFilter) (int, error) {
	return s.read(access).ListCount(ctx, filter, MaxListed+1)
}

// Pin pins a note, or takes the pin off. A note that is so already stays as it is.
func (s *Notes) Pin(ctx context.Context, access domain.WriteAccess, id domain.ID, pinned bool) (domain.Note, error) {
	return s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) { return n.WithPin(pinned) })
}

// Archive puts a note among the archived ones, or back. A note that is so already, or in the trash, stays as it is.
func (s *Notes) Archive(ctx context.Context, access domain.WriteAccess, id domain.ID, archived bool) (domain.Note, error) {
	from, to := domain.Archived, domain.Active
	if archived {
		from, to = to, from
	}
	return s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) {
		if n.State != from {
			return n, false
		}
		return n.MovedTo(to, s.clock.Now())
	})
}

// Trash moves a note to the trash if it is as wanted, and tells where it was. A note that is there already stays as it is.
// Where it isn't as wanted nothing changes, and the error is ErrNoteChanged.
func (s *Notes) Trash(ctx context.Context, access domain.WriteAccess, id domain.ID, wanted If[domain.Note]) (
	trashed domain.Note, was domain.NoteState, err error,
) {
	var refused bool
	trashed, err = s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) {
		was = n.State
		moved, changed := n.MovedTo(domain.Trashed, s.clock.Now())
		if refused = changed && !wanted.is(n); refused {
			return n, false
		}
		return moved, changed
	})
	if err == nil && refused {
		err = domain.ErrNoteChanged
	}
	return trashed, was, err
}

// Restore brings a note back from the trash, into a state. A note that isn't there stays as it is.
func (s *Notes) Restore(ctx context.Context, access domain.WriteAccess, id domain.ID, to domain.NoteState) (domain.Note, error) {
	return s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) { return n.Restored(to, s.clock.Now()) })
}

// Purge removes a note for good, and returns what it was. Only a note in the trash can be purged: another one is a
// Conflict.
func (s *Notes) Purge(ctx context.Context, access domain.WriteAccess, id domain.ID) (purged domain.Note, err error) {
	if err := access.MayEdit(); err != nil {
		return domain.Note{}, err
	}
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		notes := repos.Notes(access)
		if purged, err = notes.Get(ctx, id); err != nil {
			return err
		}
		if err := purged.CanPurge(); err != nil {
			return err
		}
		return notes.Remove(ctx, id)
	})
	return purged, err
}

// EmptyTrash removes the notes for good that were put into the trash until a time, and returns how many it has removed, and
// whether that is all. It works for restTime at most.
func (s *Notes) EmptyTrash(ctx context.Context, access domain.WriteAccess, until time.Time) (removed int, all bool, err error) {
	if err := access.MayEdit(); err != nil {
		return 0, false, err
	}
	limited, cancel := context.WithTimeout(ctx, restTime)
	defer cancel()
	for {
		n, ended, err := s.purgeSome(limited, access, until)
		switch {
		case err != nil && limited.Err() != nil && ctx.Err() == nil:
			return removed, false, nil
		case err != nil || ended:
			return removed, ended, err
		}
		removed += n
	}
}

// purgeSome removes as many notes for good as one transaction should.
func (s *Notes) purgeSome(ctx context.Context, access domain.WriteAccess, until time.Time) (removed int, ended bool, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		removed = 0
		notes := repos.Notes(access)
		ids, err := trashedUntil(ctx, notes, until)
		if err != nil {
			return err
		}
		ended = len(ids) == 0
		list, err := notes.Many(ctx, ids)
		if err != nil {
			return err
		}
		for _, n := range list {
			if n.CanPurge() != nil || n.Moved.After(until) { // somebody has just brought it back
				continue
			}
			if err := notes.Remove(ctx, n.ID); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, ended, err
}

// trashedUntil returns some notes that were put into the trash until a time, or none when there are none.
func trashedUntil(ctx context.Context, notes domain.NoteReader, until time.Time) (ids []domain.ID, err error) {
	for after := (*domain.NoteCursor)(nil); ; {
		page, err := notes.List(ctx, domain.NoteFilter{State: domain.Trashed}, after, pieceSize)
		if err != nil {
			return nil, err
		}
		for _, n := range page {
			if !n.Trashed.After(until) {
				ids = append(ids, n.ID)
			}
		}
		if len(ids) > 0 || len(page) < pieceSize {
			return ids, nil
		}
		cursor := page[len(page)-1].Cursor(domain.ByEdited)
		after = &cursor
	}
}

// TrashDays returns in how many days, a begun one counting as a whole one, a note in the trash is removed for good.
func (s *Notes) TrashDays(n domain.NoteSummary) int {
	const day = 24 * time.Hour
	left := n.Trashed.Add(domain.TrashLife).Sub(s.clock.Now())
	return int((max(left, 0) + day - 1) / day)
}

// change reads a note, lets fn change what isn't its text and stores it, in one transaction. It returns the note as it
// is afterwards.
func (s *Notes) change(ctx context.Context, access domain.WriteAccess, id domain.ID,
	fn func(domain.Note) (after domain.Note, changed bool),
) (after domain.Note, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		n, err := repos.Notes(access).Get(ctx, id)
		if err != nil {
			return err
		}
		var changed bool
		if after, changed = fn(n); !changed {
			return nil
		}
		return s.changes(repos, access).put(ctx, change{before: n, after: after})
	})
	return after, err
}

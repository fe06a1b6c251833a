package domain

import (
	"context"
	"slices"

	"octavo/domain/markup"
)

// Transfer is the right of a user to move notes from one space into another. The zero value moves nothing.
//
// A note that is moved stays the same note: it keeps its id, its times, who wrote what, whether it is pinned or archived, and
// all that it said before. What its text says isn't changed. So its tags are tags of the other space from then on, and its links
// lead to what is so called there; links to it lead nowhere any more. A file that it mentions, or has mentioned, comes along,
// and stays for as long as other notes have it. What somebody is typing into it comes along for those who may write in the other
// space; for others it becomes what they type into a new note. Links by which it was shared end: who is to see it there is for
// others to say. A note in the trash stays where it is, and so does one that shows a file by a name that means another one there. Where it was it is found no more, as if there had never been such a note.
type Transfer struct{ from, to WriteAccess }

// MoveTo returns the right to move notes into another space. It is Forbidden unless the member is the same user, and may edit in
// both, and for whoever has come by a token, as that is for one space alone. There is nothing to move within one space: that is
// Invalid.
func (a WriteAccess) MoveTo(m Membership) (Transfer, error) {
	switch err := a.MayEdit(); {
	case err != nil:
		return Transfer{}, err
	case a.token:
		return Transfer{}, errTokensSpace
	}
	to, err := m.Write()
	switch {
	case err != nil || to.MayEdit() != nil || to.User() != a.User():
		return Transfer{}, errNotThere
	case to.Space() == a.Space():
		return Transfer{}, NewInvalid(NewFieldError("to", "move.same_space"))
	}
	return Transfer{a, to}, nil
}

// Destinations returns those of the spaces that a user shares which they may move notes into from another one.
func (a ReadAccess) Destinations(shared []SharedSpace) (list []SharedSpace) {
	for _, s := range shared {
		if s.ID != a.space && s.Role.Edits() {
			list = append(list, s)
		}
	}
	return list
}

// From and To return the right to change what is in each of the spaces.
func (t Transfer) From() WriteAccess { return t.from }
func (t Transfer) To() WriteAccess   { return t.to }

// Back returns the right to take back what has been moved.
func (t Transfer) Back() Transfer { return Transfer{t.to, t.from} }

// Move returns a note as it is in the other space, where the names with some keys mean other files than here. It is
// ErrNoteTrashed for one that is in the trash, and Invalid for one that has one of these names: it would show something else.
func (t Transfer) Move(n Note, others map[string]bool) (Note, error) {
	if n.State == Trashed {
		return Note{}, ErrNoteTrashed
	}
	if len(others) > 0 && slices.ContainsFunc(n.FileNames(), func(key string) bool { return others[key] }) {
		return Note{}, errFileElsewhere
	}
	n.Version++
	return n, nil
}

// FileNames returns the keys of the names by which the note may show files.
func (n Note) FileNames() []string { return markup.NewOutline(n.Content).FileNames() }

// OtherFiles returns the keys that mean one file in one space and another one in another.
func OtherFiles(here, there map[string]File) map[string]bool {
	others := map[string]bool{}
	for key, f := range here {
		if other, named := there[key]; named && other.Hash != f.Hash {
			others[key] = true
		}
	}
	return others
}

// Moving moves notes from one space into another, with all that is kept of them.
type Moving interface {
	// Files returns the files of the one space whose names some notes, their revisions or what somebody types into them show, each
	// called so and as often as it has such names, and behind those the ones that they mention.
	Files(ctx context.Context, notes []ID) ([]File, error)
	// Move stores each of some notes over the version before, in the other space, as Transfer says, and those files that aren't
	// there as created when they are. A name that means one there already goes on meaning that, and one of several is the
	// first's. It returns how many links ended that shared one of the notes. It is NotFound when one of the notes isn't there, and Conflict when its stored version is
	// another: then nothing has been moved. No note is among them twice.
	Move(ctx context.Context, notes []Note, files []File) (ended int, err error)
}

var (
	errNotThere      = NewError(Forbidden, "move.not_there")
	errTokensSpace   = NewError(Forbidden, "token.one_space")
	errFileElsewhere = NewInvalid(NewFieldError("to", "move.other_file"))
)

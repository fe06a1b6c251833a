package app

import (
	"context"
	"errors"
	"strings"

	"octavo/domain"
	"octavo/domain/markup"
)

// Editing is how people write notes: they create them with a form, save them, and tick their boxes.
//
// Its methods return NotFound for an id that no note of the space has, whether or not another has.
type Editing struct {
	changer
	notes     func(domain.WriteAccess) domain.Notes
	creations func(domain.WriteAccess) domain.Creations
}

// Editing returns the use cases of writing notes.
func (a *App) Editing() *Editing {
	return &Editing{a.changer(), a.store.Notes, a.store.Creations}
}

// Resolution is what somebody chose who has seen where their draft and the note collide.
type Resolution struct {
	Theirs  int // the version of the note that they have seen
	Choices domain.MergeChoices
}

// Saved is what became of a draft.
type Saved struct {
	Note   domain.Note
	Before int  // the version that said what the note said before; the same as Note.Saved where nothing has changed
	Merged bool // what others had changed meanwhile has been brought together with the draft
	// Undo takes the save back where links of other notes, which led to the note's old title, follow the new one. It is ""
	// when there are none, and for somebody who may not take it back.
	Undo domain.ID
	// Conflict is what to choose from, when the error is ErrNoteChanged. Nothing has been stored then.
	Conflict *domain.NoteMerge

	rest domain.Undo // what is left to do of it
}

// Update puts draft in place of the fields of a note that is as wanted. When it isn't, or can't be
// changed, nothing changes, and the note as it is now is returned beside the error, which is one of domain.Note.Edited.
func (s *Editing) Update(ctx context.Context, access domain.WriteAccess, id domain.ID, wanted If[domain.Note], draft domain.NoteDraft) (
	saved Saved, err error,
) {
	draft = access.Sign(draft)
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		n, err := repos.Notes(access).Get(ctx, id)
		if err != nil {
			return err
		}
		saved = Saved{Note: n}
		base := n.Version
		if !wanted.is(n) {
			base = 0 // a version that no note has
		}
		edited, err := n.Edited(draft, base, s.clock.Now())
		if err != nil {
			return err
		}
		saved, err = s.finish(ctx, repos, access, n, n, edited)
		return err
	})
	return s.withRest(ctx, access, saved, err)
}

// Edit is what somebody typed into the form of a note.
type Edit struct {
	domain.NoteDraft
	Base       int         // the version of the note that it was written upon
	Key        domain.ID   // of the Draft that it was kept in, or ""
	Continues  Continued   // the Draft that the form began with
	Resolution *Resolution // what was chosen where it collides with what the note says, or nil
}

// Save puts edit into the note. When the note has moved on since its base, both are brought together; where they
// collide, its resolution says what is chosen. Without one, or when the note has moved on again since it was given, the
// error is ErrNoteChanged and Saved.Conflict tells what to choose from. Whatever is chosen, what either side said is
// among the note's revisions. The draft that edit was kept in has ended then, and the one that it began with is
// removed. Other errors are those of domain.Note.Edited.
func (s *Editing) Save(ctx context.Context, access domain.WriteAccess, id domain.ID, edit Edit) (saved Saved, err error) {
	edit.NoteDraft = access.Sign(edit.NoteDraft)
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if saved, err = s.save(ctx, repos, access, id, edit); err != nil {
			return err
		}
		if edit.Key != "" {
			if err := repos.Drafts(access).End(ctx, edit.Key, s.clock.Now()); err != nil {
				return err
			}
		}
		return edit.Continues.drop(ctx, repos.Drafts(access), edit.Key)
	})
	return s.withRest(ctx, access, saved, err)
}

// Append adds a paragraph to the end of what a note says, whatever others have changed. It is Invalid as Note.Continued and
// Note.Edited say.
func (s *Editing) Append(ctx context.Context, access domain.WriteAccess, id domain.ID, text string) (saved Saved, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		n, err := repos.Notes(access).Get(ctx, id)
		if err != nil {
			return err
		}
		draft, err := n.Continued(text)
		if err != nil {
			return err
		}
		draft.Author = access.User()
		saved, err = s.save(ctx, repos, access, id, Edit{NoteDraft: draft, Base: n.Version})
		return err
	})
	return s.withRest(ctx, access, saved, err)
}

// SetTask ticks the n-th checkbox, counted from 1, of the note as it was in the version base, or takes the tick off.
// What others have changed since stays; where that is the checkbox's own line, the error is ErrNoteChanged. It is
// NotFound when there is no such box.
func (s *Editing) SetTask(ctx context.Context, access domain.WriteAccess, id domain.ID, base, n int, done bool) (Saved, error) {
	return s.tick(ctx, access, id, base, n, func(markup.TaskMark) bool { return done })
}

// ToggleTask is SetTask to the other than the checkbox was in the version base.
func (s *Editing) ToggleTask(ctx context.Context, access domain.WriteAccess, id domain.ID, base, n int) (Saved, error) {
	return s.tick(ctx, access, id, base, n, func(task markup.TaskMark) bool { return !task.Done })
}

func (s *Editing) tick(ctx context.Context, access domain.WriteAccess, id domain.ID, base, n int, want func(markup.TaskMark) bool) (
	saved Saved, err error,
) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		note, err := repos.Notes(access).Get(ctx, id)
		if err != nil {
			return err
		}
		seen, err := revisionAt(ctx, repos.Revisions(access), note, base)
		if err != nil {
			return err
		}
		tasks := markup.NewOutline(seen.Content).Tasks
		if n < 1 || n > len(tasks) {
			return errNoTask
		}
		draft := seen.Draft()
		draft.Content = markup.SetTask(draft.Content, n, want(tasks[n-1]))
		draft = access.Sign(draft)
		line := lineOfTask(draft.Content, n)
		saved, err = s.save(ctx, repos, access, id, Edit{NoteDraft: draft, Base: base})
		if err == nil && saved.Merged && !hasLine(saved.Note.Content, line) {
			// The tick could be brought together with another text beside it, but it was meant for what that said.
			saved, err = Saved{Note: note}, domain.ErrNoteChanged
		}
		return err
	})
	return s.withRest(ctx, access, saved, err)
}

// AddLines adds lines at the end of the note, whatever it says by now, by somebody who has seen it in the version base: to a list
// as items of it. Sent again they change nothing. The errors are those of domain.Note.WithLines and domain.Note.Edited.
func (s *Editing) AddLines(ctx context.Context, access domain.WriteAccess, id domain.ID, base int, lines string) (saved Saved, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		n, err := repos.Notes(access).Get(ctx, id)
		if err != nil {
			return err
		}
		draft, err := n.WithLines(lines)
		if err != nil {
			return err
		}
		seen, err := revisionAt(ctx, repos.Revisions(access), n, base)
		if err != nil && !errors.Is(err, domain.NotFound) {
			return err
		}
		if err == nil && n.HasLines(seen, lines) {
			saved = Saved{Note: n, Before: n.Saved}
			return nil
		}
		edited, err := n.Edited(access.Sign(draft), n.Version, s.clock.Now())
		if err != nil {
			return err
		}
		saved, err = s.finish(ctx, repos, access, n, n, edited)
		return err
	})
	return s.withRest(ctx, access, saved, err)
}

func lineOfTask(content string, n int) string {
	box := markup.NewOutline(content).Tasks[n-1].Box
	start := strings.LastIndexByte(content[:box], '\n') + 1
	line, _, _ := strings.Cut(content[start:], "\n")
	return line
}

func hasLine(content, line string) bool { return strings.Contains("\n"+content+"\n", "\n"+line+"\n") }

var errNoTask = domain.NewError(domain.NotFound, "task.not_found")

// save is Save within a transaction, but for the draft that was kept.
func (s *Editing) save(ctx context.Context, repos domain.Repos, access domain.WriteAccess, id domain.ID, edit Edit) (Saved, error) {
	n, err := repos.Notes(access).Get(ctx, id)
	if err != nil {
		return Saved{}, err
	}
	now := s.clock.Now()
	if edit.Base >= n.Saved && edit.Base <= n.Version { // what it says hasn't been changed since
		edited, err := n.Edited(edit.NoteDraft, n.Version, now)
		if err != nil {
			return Saved{Note: n}, err
		}
		return s.finish(ctx, repos, access, n, n, edited)
	}
	mine, err := n.Interim(edit.NoteDraft, now)
	if err != nil {
		return Saved{Note: n}, err
	}
	// A version may have been thinned out, or be of a time that a backup doesn't know of: then nothing is in common.
	var begun domain.Revision
	if edit.Base < n.Saved {
		begun, err = repos.Revisions(access).At(ctx, id, edit.Base)
		if err != nil && !errors.Is(err, domain.NotFound) {
			return Saved{}, err
		}
	}
	merge := n.MergeDraft(begun, edit.NoteDraft)
	if mine.Version == n.Version || merge.Idle() {
		return Saved{Note: n, Before: n.Saved, Merged: merge.Idle()}, nil
	}
	var choices domain.MergeChoices
	if merge.Collides() {
		if edit.Resolution == nil || edit.Resolution.Theirs < n.Saved {
			return Saved{Note: n, Conflict: &merge}, domain.ErrNoteChanged
		}
		choices = edit.Resolution.Choices
	}
	both, err := merge.Resolve(choices)
	if err != nil {
		return Saved{Note: n, Conflict: &merge}, err
	}
	result, err := mine.Interim(both, now)
	if err != nil {
		return Saved{Note: n}, err
	}
	saved, err := s.finish(ctx, repos, access, n, mine, result.Reread())
	saved.Merged = true
	return saved, err
}

// withRest returns what became of a draft once that has been stored, and does the rest: what brings the links of many
// other notes along.
func (s *Editing) withRest(ctx context.Context, access domain.WriteAccess, saved Saved, err error) (Saved, error) {
	if err == nil {
		s.finishRest(ctx, access, saved.rest)
	}
	return saved, err
}

// finish stores result over original, and before it what somebody wrote that was brought together into it: mine, which
// may be either of the two. The links of other notes follow the title.
func (s *Editing) finish(ctx context.Context, repos domain.Repos, access domain.WriteAccess, original, mine, result domain.Note) (
	Saved, error,
) {
	if result.Version == original.Version {
		return Saved{Note: original, Before: original.Saved}, nil
	}
	c := s.changes(repos, access)
	c.undo.Leader.ID = original.ID
	whole := change{before: original, after: result}
	if mine.Version != original.Version && mine.Version != result.Version {
		whole.between = []domain.Revision{mine.Revision()}
	}
	if err := c.put(ctx, whole); err != nil {
		return Saved{}, err
	}
	if err := c.carryOut(ctx); err != nil {
		return Saved{}, err
	}
	saved := Saved{Note: result, Before: original.Saved}
	if c.undo.Leader.Version != result.Version { // it links to itself
		var err error
		if saved.Note, err = repos.Notes(access).Get(ctx, result.ID); err != nil {
			return Saved{}, err
		}
	}
	if r := c.undo.Rest; r.Followed+r.NotFollowed == 0 && !r.Taken && !c.undo.Unfinished() {
		return saved, nil
	}
	c.undo.Rest.Said = domain.NewMessage("undo.saved")
	if mine.Version != original.Version {
		c.undo.Rest.Said = domain.NewMessage("undo.saved_together")
	}
	saved.rest = c.undo
	if access.MayEdit() == nil { // nobody else may take it back
		saved.Undo = c.undo.ID
	}
	return saved, c.keep(ctx, false)
}

// revisionAt returns what the note said in a version.
func revisionAt(ctx context.Context, revisions domain.RevisionReader, n domain.Note, version int) (domain.Revision, error) {
	if version >= n.Saved {
		return n.Revision(), nil
	}
	return revisions.At(ctx, n.ID, version)
}

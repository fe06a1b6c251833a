package app

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/domain/query"
)

// restTime is how long a request works on the rest of what it does. Housekeeping does what is left then.
const restTime = 8 * time.Second

// finishRest does the rest of an action, piece by piece, each a transaction of its own, until all is done or for restTime. It
// returns what has become of the action. What fails is left for later: the action itself has been carried out.
func (s changer) finishRest(ctx context.Context, access domain.WriteAccess, undo domain.Undo) domain.Undo {
	undo, _ = s.goOn(ctx, access, undo)
	return undo
}

// goOn is finishRest that also returns what has failed, and is Unavailable when there was no time for all.
func (s changer) goOn(ctx context.Context, access domain.WriteAccess, undo domain.Undo) (domain.Undo, error) {
	ctx, cancel := context.WithTimeout(ctx, restTime)
	defer cancel()
	for undo.Unfinished() {
		next, err := s.piece(ctx, access, undo.ID)
		switch {
		case err != nil && ctx.Err() != nil:
			return undo, errStillChanging
		case err != nil:
			return undo, err
		}
		undo = next
	}
	return undo, nil
}

// finishOthers does the rest of what has been begun in the space, or is Unavailable when that takes too long. What can't be done
// keeps nobody from anything else.
func (s changer) finishOthers(ctx context.Context, jobs domain.Housekeeping, access domain.WriteAccess) error {
	for u, err := range unfinished(ctx, jobs) {
		if err != nil {
			return err
		}
		if u.Access.Space() != access.Space() {
			continue
		}
		undo, err := s.piece(ctx, u.Access, u.Undo)
		if err == nil {
			_, err = s.goOn(ctx, u.Access, undo)
		}
		if ctx.Err() != nil || mayPass(err) {
			return err
		}
	}
	return nil
}

// mayPass reports whether what has failed may succeed when it is tried again.
func mayPass(err error) bool {
	return errors.Is(err, domain.Unavailable) || errors.Is(err, domain.Unknown) || errors.Is(err, domain.Conflict)
}

// unfinished goes through what has been begun by anybody and has a rest, the oldest first.
func unfinished(ctx context.Context, jobs domain.Housekeeping) iter.Seq2[domain.UnfinishedUndo, error] {
	return pieces(func(after domain.UnfinishedUndo) ([]domain.UnfinishedUndo, error) {
		return jobs.Unfinished(ctx, after.Undo, pieceSize)
	})
}

var errStillChanging = domain.NewError(domain.Unavailable, "note.still_changing")

// piece does as much of the rest of an action as one transaction should. Where that has no room for what it moves, the rest stays
// where it is, and so does what has been moved.
func (s changer) piece(ctx context.Context, access domain.WriteAccess, id domain.ID) (undo domain.Undo, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		undo, err = repos.Undos(access).Get(ctx, id)
		if err != nil || !undo.Unfinished() {
			return err
		}
		c := s.goingOn(repos, access, undo)
		err := c.carryOut(ctx)
		switch {
		case errors.Is(err, domain.TooLarge):
			c.undo.Rest.Steps, c.undo.Rest.Stopped = nil, true
		case err != nil:
			return err
		}
		undo = c.undo
		return c.keep(ctx, true)
	})
	return undo, err
}

// begin does as much of an action that consists of steps as one transaction should, and keeps it. What has changed nothing is
// forgotten, and the error is why there was no room for it, if that is so.
func (c *changes) begin(ctx context.Context) (domain.Undo, error) {
	if err := c.carryOut(ctx); err != nil {
		return domain.Undo{}, err
	}
	if c.undo.Rest.Notes == 0 && !c.undo.Unfinished() {
		return domain.Undo{}, c.noRoom
	}
	return c.undo, c.keep(ctx, false)
}

// carryOut goes through the steps until there are none, or until this transaction has done enough.
func (c *changes) carryOut(ctx context.Context) error {
	if err := c.openAgain(ctx); err != nil {
		return err
	}
	for rest := &c.undo.Rest; len(rest.Steps) > 0 && c.room > 0; {
		ended, err := c.carryOutStep(ctx, rest.Steps[0])
		if err != nil {
			return err
		}
		c.room-- // even where nothing was to do
		if ended {
			rest.Steps, rest.After, rest.Place = rest.Steps[1:], "", nil
		}
	}
	return nil
}

func (c *changes) carryOutStep(ctx context.Context, step domain.Step) (ended bool, err error) {
	limit := min(c.room, pieceSize)
	switch step.Kind {
	case domain.StepLinks:
		return c.followTitle(ctx, step, limit)
	case domain.StepTag:
		return c.changeTagged(ctx, step, limit, c.renamingTag(step.From, domain.Tag(step.To)))
	case domain.StepUntag:
		return c.changeTagged(ctx, step, limit, func(n domain.Note) (domain.Note, error) { return c.untagged(n, step.From) })
	case domain.StepFound:
		return c.changeFound(ctx, step, limit)
	case domain.StepBack:
		return c.takeBack(ctx, limit)
	}
	return true, nil
}

// changeTagged is the step that changes all notes with a tag.
func (c *changes) changeTagged(ctx context.Context, step domain.Step, limit int, as func(domain.Note) (domain.Note, error)) (
	ended bool, err error,
) {
	ids, err := c.repos.Tags(c.access.Read()).Tagged(ctx, step.From, c.undo.Rest.After, limit)
	if err != nil {
		return false, err
	}
	notes, ended, err := c.some(ctx, ids, limit)
	if err != nil {
		return false, err
	}
	changed, left, err := c.changeAll(ctx, notes, as)
	c.undo.Rest.Notes += changed
	c.undo.Rest.Left += left
	return ended, err
}

// changeFound is the step that does something to all notes that a search finds. It goes on behind the last one that
// stays in its place: those that are changed become the last updated, and the search is for none that were updated
// since it began.
func (c *changes) changeFound(ctx context.Context, step domain.Step, limit int) (ended bool, err error) {
	did := action{what: Many(step.Do), tag: domain.Tag(step.To)}
	search := query.Parse(step.From).UpdatedBy(c.undo.Created)
	places, err := c.repos.Index(c.access.Read()).Places(ctx, search, c.undo.Rest.Place, limit)
	if err != nil || len(places) == 0 {
		return true, err
	}
	ended = len(places) < limit
	notes, count, err := c.firstOf(ctx, places)
	if err != nil {
		return false, err
	}
	if count < len(places) {
		places, ended, c.room = places[:count], false, 0
	}
	c.room -= len(notes)
	at := make(map[domain.ID]domain.SearchCursor, len(places))
	for _, place := range places {
		at[place.ID] = place
	}
	notes = slices.DeleteFunc(notes, func(n domain.Note) bool { return !n.Updated.Equal(at[n.ID].Updated) }) // changed by others
	moved := map[domain.ID]bool{}
	do := c.doing(did)
	changed, left, err := c.changeAll(ctx, notes, func(n domain.Note) (domain.Note, error) {
		after, err := do(n)
		moved[n.ID] = err == nil && !after.Updated.Equal(n.Updated)
		return after, err
	})
	if err != nil {
		return false, err
	}
	for _, place := range slices.Backward(places) {
		if away, known := moved[place.ID]; known && !away {
			c.undo.Rest.Place = &place
			break
		}
	}
	c.undo.Rest.Notes += changed
	c.undo.Rest.Left += left
	return ended, err
}

// firstOf returns the notes at the first of some places, and how many places those are: all of them, or as many as are
// enough for a transaction.
func (c *changes) firstOf(ctx context.Context, places []domain.SearchCursor) (notes []domain.Note, count int, err error) {
	for count = len(places); ; count /= 2 {
		ids := make([]domain.ID, count)
		for i, place := range places[:count] {
			ids[i] = place.ID
		}
		notes, err = c.repos.Notes(c.access).Many(ctx, ids)
		if err != nil || count == 1 || (len(notes) > 0 && notes[len(notes)-1].ID == slices.Max(ids)) {
			return notes, count, err
		}
	}
}

// some returns the notes with these ids, or the first of them where that is enough for a transaction, and whether a list
// of which these are at most limit, beginning behind where the step is, ends there. It notes how far the step is then.
func (c *changes) some(ctx context.Context, ids []domain.ID, limit int) (notes []domain.Note, ended bool, err error) {
	if len(ids) == 0 {
		return nil, true, nil
	}
	if notes, err = c.repos.Notes(c.from()).Many(ctx, ids); err != nil {
		return nil, false, err
	}
	c.room -= len(notes)
	last := ids[len(ids)-1]
	ended = len(ids) < limit
	if len(notes) > 0 && notes[len(notes)-1].ID < last { // or the last have gone: then there will be none
		last, ended = notes[len(notes)-1].ID, false
	}
	c.undo.Rest.After = last
	return notes, ended, nil
}

// followTitle has links lead to the title that a note has now, unless they would then lead to another note. Those of
// notes in the trash stay.
func (c *changes) followTitle(ctx context.Context, step domain.Step, limit int) (ended bool, err error) {
	notes, rest := c.repos.Notes(c.access), &c.undo.Rest
	found, err := notes.Many(ctx, []domain.ID{step.Note})
	if err != nil || len(found) == 0 {
		return true, err
	}
	leader := found[0]
	to := domain.TitleKey(leader.Title)
	leads, err := c.leads(ctx, to, leader.ID)
	if err != nil {
		return false, err
	}
	list, err := c.repos.Links(c.access.Read()).Linking(ctx, []string{step.From}, rest.After, limit)
	if err != nil || len(list) == 0 || to == step.From {
		return true, err
	}
	if !leads && leader.State != domain.Trashed {
		rest.Taken = true
		return true, nil
	}
	follow := func(list []domain.Note) (changed int, err error) {
		elsewhere, err := c.elsewhere(ctx, list, step.From)
		if err != nil {
			return 0, err
		}
		changed, left, err := c.changeAll(ctx, list, func(n domain.Note) (domain.Note, error) {
			draft := n.Draft()
			draft.Content = markup.RenameLinks(n.Content, step.From, leader.Title, elsewhere...)
			return c.edited(n, draft)
		})
		rest.NotFollowed += left
		return changed, err
	}
	if rest.After == "" { // the note itself first, so that whoever has saved it sees it as it will be
		if _, err := follow(found); err != nil {
			return false, err
		}
	}
	var ids []domain.ID
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	linking, ended, err := c.some(ctx, ids, limit)
	if err != nil {
		return false, err
	}
	others := linking[:0]
	for _, n := range linking {
		if n.ID != leader.ID {
			others = append(others, n)
		}
	}
	changed, err := follow(others)
	rest.Followed += changed
	return ended, err
}

// renamingTag returns how a note's tag is renamed, on the note and within its text, together with those below it.
func (c *changes) renamingTag(from string, to domain.Tag) func(domain.Note) (domain.Note, error) {
	return func(n domain.Note) (domain.Note, error) {
		draft := n.Draft()
		draft.Content = domain.RenameTag(draft.Content, from, to)
		for i, t := range draft.Tags {
			draft.Tags[i] = t.Renamed(from, to)
		}
		return c.edited(n, draft)
	}
}

// elsewhere returns the keys of the paths in some notes that end in the key of a title, but lead to a note that has all of
// the path for its own.
func (c *changes) elsewhere(ctx context.Context, list []domain.Note, title string) (keys []string, err error) {
	for _, n := range list {
		for _, path := range markup.NewOutline(n.Content).PathLinks() {
			if path.Title == title {
				keys = append(keys, path.Whole)
			}
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := c.repos.Links(c.access.Read()).Titled(ctx, keys...)
	return slices.Collect(maps.Keys(found)), err
}

package app

import (
	"context"
	"errors"
	"slices"

	"octavo/domain"
)

// takenBackPiece is how many notes a transaction takes back.
const takenBackPiece = 100

// takeBack takes back what an import did, and returns it as it is then: one that is done only where that is asked for. What is left
// when it breaks off is left to the next.
func (s *Importing) takeBack(ctx context.Context, access domain.WriteAccess, id domain.ID, done bool) (i domain.Import, err error) {
	var after domain.TokenHash
	kept := 0
	for ended := false; !ended; {
		var next domain.TokenHash
		var stayed int
		var saved []Saved
		err := s.transactions.Atomically(ctx, func(repos domain.Repos) error {
			next, stayed, saved, ended = after, kept, nil, false
			imports := repos.Imports(access)
			if i, err = imports.Get(ctx, id); err != nil {
				return err
			}
			if !i.Unfinished() && (i.State != domain.ImportDone || !done) { // another one was faster
				ended = true
				return nil
			}
			if i, err = i.Undoing(s.clock.Now()); err != nil {
				return err
			}
			list, err := imports.Of(ctx, id, after, takenBackPiece)
			if err != nil {
				return err
			}
			var forget []domain.TokenHash
			for _, one := range list {
				next = one.Source
				done, was, err := s.takeBackOne(ctx, repos, access, one)
				if err != nil {
					return err
				}
				if done {
					forget = append(forget, one.Source)
				} else {
					stayed++
				}
				saved = append(saved, was)
			}
			if err := imports.Forget(ctx, id, forget); err != nil {
				return err
			}
			if err := s.takenBack(ctx, imports, list, saved); err != nil {
				return err
			}
			if ended = len(list) < takenBackPiece; ended {
				i.Counts.Kept = stayed
				i = i.Undone(s.clock.Now())
			}
			return imports.Update(ctx, i)
		})
		if err != nil {
			return i, err
		}
		after, kept = next, stayed
		s.finishEach(ctx, access, saved)
	}
	return i, nil
}

// takeBackOne takes back what an import did to a note, and returns whether there is nothing left of that, and what was saved.
func (s *Importing) takeBackOne(ctx context.Context, repos domain.Repos, access domain.WriteAccess, one domain.Imported) (
	done bool, saved Saved, err error,
) {
	n, err := repos.Notes(access).Get(ctx, one.Note)
	switch {
	case errors.Is(err, domain.NotFound):
		return true, Saved{}, nil
	case err != nil:
		return false, Saved{}, err
	case one.Before == one.Version:
		return true, Saved{}, nil
	case !one.Fits(n):
		return false, Saved{}, nil
	case one.Before == 0:
		return true, Saved{}, repos.Notes(access).Remove(ctx, n.ID)
	}
	before, err := exactly(ctx, repos.Revisions(access), n, one.Before)
	if err == nil {
		saved, err = s.editing.save(ctx, repos, access, n.ID, Edit{NoteDraft: access.Sign(before.Draft()), Base: n.Version})
	}
	if errors.Is(err, domain.NotFound) || errors.Is(err, domain.ErrNoteTrashed) {
		return false, Saved{}, nil
	}
	return err == nil, saved, err
}

// takenBack has the imports before remember that notes say again what those had them say.
func (s *Importing) takenBack(ctx context.Context, imports domain.Imports, list []domain.Imported, saved []Saved) error {
	var sources []domain.TokenHash
	versions := map[domain.TokenHash]Saved{}
	for i, one := range list {
		if saved[i].Note.ID != "" {
			sources = append(sources, one.Source)
			versions[one.Source] = saved[i]
		}
	}
	known, err := imports.Known(ctx, sources)
	if err != nil {
		return err
	}
	var again []domain.Imported
	for source, one := range known {
		if one.Note == versions[source].Note.ID && one.Version == takenBackFrom(list, source) {
			one.Version = versions[source].Note.Saved
			again = append(again, one)
		}
	}
	return imports.Remember(ctx, again)
}

// takenBackFrom returns the version that a note had before what became of a source was taken back.
func takenBackFrom(list []domain.Imported, source domain.TokenHash) int {
	return list[slices.IndexFunc(list, func(one domain.Imported) bool { return one.Source == source })].Before
}

// finishEach does the rest of what was saved: what has links follow titles.
func (s *Importing) finishEach(ctx context.Context, access domain.WriteAccess, saved []Saved) {
	for _, one := range saved {
		s.finishRest(ctx, access, one.rest)
	}
}

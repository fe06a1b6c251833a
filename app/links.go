package app

import (
	"context"
	"maps"
	"slices"

	"octavo/domain"
)

// maxTargets is how many titles that a content links to are looked up. What is beyond leads nowhere.
const maxTargets = 4096

// Targets returns the notes to which the wiki links of a content lead, by the title as it is written there. Titles that
// no note has are left out.
func (s *Notes) Targets(ctx context.Context, actor domain.Actor, content string) (map[string]domain.ID, error) {
	keys := map[string][2]string{} // by title: of the whole and of its last part
	asked := map[string]bool{}
	for _, link := range domain.NewOutline(content).Links {
		if _, known := keys[link.Title]; !known && len(keys) < maxTargets {
			both := [2]string{domain.TitleKey(link.Title), domain.TitleKey(link.Path())}
			keys[link.Title] = both
			asked[both[0]], asked[both[1]] = true, true
		}
	}
	delete(asked, "")
	if len(asked) == 0 {
		return nil, nil
	}
	found, err := s.store.Notes(actor).Titled(ctx, slices.Collect(maps.Keys(asked))...)
	if err != nil {
		return nil, err
	}
	targets := map[string]domain.ID{}
	for title, both := range keys {
		for _, key := range both {
			if n, ok := found[key]; ok {
				targets[title] = n.ID
				break
			}
		}
	}
	return targets, nil
}

// Backlinks returns at most limit notes outside of the trash that link to the note, in the order in which they were
// made, and whether there are more.
func (s *Notes) Backlinks(ctx context.Context, actor domain.Actor, n domain.Note, limit int) (
	list []domain.NoteSummary, more bool, err error,
) {
	keys, err := s.leadingTo(ctx, actor, n)
	if err != nil {
		return nil, false, err
	}
	var after domain.ID
	for len(list) <= limit {
		piece, err := s.store.Notes(actor).Linking(ctx, keys, after, limit+1)
		if err != nil {
			return nil, false, err
		}
		for _, other := range piece {
			if other.State != domain.Trashed && other.ID != n.ID {
				list = append(list, other)
			}
		}
		if len(piece) <= limit {
			break
		}
		after = piece[len(piece)-1].ID
	}
	return list[:min(limit, len(list))], len(list) > limit, nil
}

// leadingTo returns the keys of those of the note's titles and aliases that lead to it and not to another note.
func (s *Notes) leadingTo(ctx context.Context, actor domain.Actor, n domain.Note) (keys []string, err error) {
	all := []string{domain.TitleKey(n.Title)}
	for _, alias := range n.Aliases() {
		all = append(all, domain.TitleKey(alias))
	}
	found, err := s.store.Notes(actor).Titled(ctx, all...)
	for _, key := range all {
		if found[key].ID == n.ID {
			keys = append(keys, key)
		}
	}
	return keys, err
}

// CompleteTitle returns at most limit titles that begin with what has been typed.
func (s *Notes) CompleteTitle(ctx context.Context, actor domain.Actor, typed string, limit int) ([]domain.NoteTitle, error) {
	return s.store.Notes(actor).Titles(ctx, domain.TitleKey(typed), limit)
}

// Shown is a note with what its page shows beside it.
type Shown struct {
	domain.Note
	Targets       map[string]domain.ID // where its wiki links lead, by title
	Backlinks     []domain.NoteSummary
	MoreBacklinks bool
	HasDraft      bool // it is being edited and hasn't been saved
}

// Show returns a note with what its page shows beside it.
func (s *Notes) Show(ctx context.Context, actor domain.Actor, id domain.ID, backlinks int) (shown Shown, err error) {
	if shown.Note, err = s.store.Notes(actor).Get(ctx, id); err != nil {
		return Shown{}, err
	}
	if shown.Targets, err = s.Targets(ctx, actor, shown.Content); err != nil {
		return Shown{}, err
	}
	if shown.Backlinks, shown.MoreBacklinks, err = s.Backlinks(ctx, actor, shown.Note, backlinks); err != nil {
		return Shown{}, err
	}
	drafts := Drafts{s.store, s.clock}
	ofNote, err := drafts.OfNote(ctx, actor, shown.Note)
	shown.HasDraft = len(ofNote) > 0
	return shown, err
}

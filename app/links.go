package app

import (
	"context"
	"maps"
	"slices"

	"octavo/domain"
	"octavo/domain/markup"
)

// maxTargets is how many titles that a content links to are looked up. What is beyond leads nowhere.
const maxTargets = 4096

// Target is where a link leads: to a note, to a file, or to either. Its parts are zero where there is none.
type Target struct {
	Note domain.NoteTitle
	File domain.File
}

// Links tells where the links of notes lead, and which lead to them.
type Links struct {
	links func(domain.ReadAccess) domain.Links
	files func(domain.ReadAccess) domain.FileReader
}

// Links returns the use cases of links.
func (a *App) Links() *Links { return &Links{a.store.Links, a.store.ReadFiles} }

// Targets returns where the links of a content lead, by their titles as they are written there. Titles that lead nowhere
// are left out.
func (s *Links) Targets(ctx context.Context, access domain.ReadAccess, content string) (map[string]Target, error) {
	targets, _, err := s.lookUp(ctx, access, content)
	return targets, err
}

// lookUp returns where the links of a content lead, and the notes to which titles with the other keys lead. However many
// there are, they are looked up together.
func (s *Links) lookUp(ctx context.Context, access domain.ReadAccess, content string, others ...string) (
	targets map[string]Target, notes map[string]domain.NoteTitle, err error,
) {
	links := map[string]markup.LinkMark{} // by title
	titles, names := map[string]bool{}, map[string]bool{}
	for _, link := range markup.NewOutline(content).Links {
		if _, known := links[link.Title]; known || link.Title == "" || len(links) == maxTargets {
			continue
		}
		links[link.Title] = link
		titles[domain.TitleKey(link.Title)], titles[domain.TitleKey(link.Path())] = true, true
		names[domain.TitleKey(link.FileName())] = true
	}
	for _, key := range others {
		titles[key] = true
	}
	delete(titles, "")
	delete(names, "")
	if len(titles) > 0 {
		if notes, err = s.links(access).Titled(ctx, slices.Collect(maps.Keys(titles))...); err != nil {
			return nil, nil, err
		}
	}
	var files map[string]domain.File
	if len(names) > 0 {
		if files, err = s.files(access).Named(ctx, slices.Collect(maps.Keys(names))...); err != nil {
			return nil, nil, err
		}
	}
	targets = map[string]Target{}
	for title, link := range links {
		t := Target{Note: notes[domain.TitleKey(title)], File: files[domain.TitleKey(link.FileName())]}
		if t.Note.ID == "" {
			t.Note = notes[domain.TitleKey(link.Path())]
		}
		if t.Note.ID != "" || t.File.Hash != "" {
			targets[title] = t
		}
	}
	return targets, notes, nil
}

// backlinks returns at most limit notes outside of the trash that link to a note by a title with one of the keys, in the
// order in which they were made, and whether there are more.
func (s *Links) backlinks(ctx context.Context, access domain.ReadAccess, note domain.ID, keys []string, limit int) (
	list []domain.NoteSummary, more bool, err error,
) {
	var after domain.ID
	for len(list) <= limit {
		piece, err := s.links(access).Linking(ctx, keys, after, limit+1)
		if err != nil {
			return nil, false, err
		}
		for _, other := range piece {
			if other.State != domain.Trashed && other.ID != note {
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

// CompleteTitle returns at most limit titles that begin with what has been typed.
func (s *Links) CompleteTitle(ctx context.Context, access domain.ReadAccess, typed string, limit int) ([]domain.NoteTitle, error) {
	return s.links(access).Titles(ctx, domain.TitleKey(typed), limit)
}

package app

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/domain/query"
)

// maxTargets is how many titles that a content links to are looked up. What is beyond leads nowhere.
const maxTargets = 4096

// Target is where a link leads: to a note, to a file, or to either. Its parts are zero where there is none.
type Target struct {
	Note domain.NoteTitle
	File domain.File
}

// Targets is where a content leads.
type Targets struct {
	Titles map[string]Target               // by the titles of its links, as they are written there
	Files  map[domain.FileHash]domain.File // that it has the addresses of
}

// Links tells where the links of notes lead, and which lead to them.
type Links struct {
	links func(domain.ReadAccess) domain.Links
	files func(domain.ReadAccess) domain.FileReader
	notes func(domain.ReadAccess) domain.NoteReader
	index func(domain.ReadAccess) domain.Index
}

// Links returns the use cases of links.
func (a *App) Links() *Links {
	return &Links{a.store.Links, a.store.ReadFiles, a.store.ReadNotes, a.store.Index}
}

// Targets returns where the links of a content lead. Those that lead nowhere are left out.
func (s *Links) Targets(ctx context.Context, access domain.ReadAccess, content string) (Targets, error) {
	found, err := s.around(ctx, access, content, nil, 0)
	return found.targets, err
}

// surroundings are what is around a content.
type surroundings struct {
	targets Targets                     // where its links lead
	titles  map[string]domain.NoteTitle // the notes to which titles with some keys lead
	linking []domain.NoteSummary        // the first notes that link to one of them
	files   bool                        // links may lead to files, or files be shown otherwise, without a change of the notes
}

// around returns where the links of a content lead, the notes to which titles with the keys of its own note lead, and the
// first notes, at most limit, that link to the first of those keys. However many there are, they are looked up together.
func (s *Links) around(ctx context.Context, access domain.ReadAccess, content string, own []string, limit int) (
	found surroundings, err error,
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
	for _, key := range own {
		titles[key] = true
	}
	delete(titles, "")
	delete(names, "")
	if len(titles) > 0 {
		linked := ""
		if limit > 0 {
			linked = own[0]
		}
		found.titles, found.linking, err = s.links(access).Around(ctx, slices.Collect(maps.Keys(titles)), linked, limit)
		if err != nil {
			return surroundings{}, err
		}
	}
	var files map[string]domain.File
	if found.files = len(names) > 0; found.files {
		if files, err = s.files(access).Named(ctx, slices.Collect(maps.Keys(names))...); err != nil {
			return surroundings{}, err
		}
	}
	addressed := markup.FilesIn(content)
	if found.targets.Files, err = s.find(ctx, access, addressed); err != nil {
		return surroundings{}, err
	}
	found.files = found.files || len(found.targets.Files) < len(addressed)
	for _, f := range found.targets.Files {
		found.files = found.files || f.Inline() && !f.Measured
	}
	found.targets.Titles = map[string]Target{}
	for title, link := range links {
		t := Target{Note: found.titles[domain.TitleKey(title)], File: files[domain.TitleKey(link.FileName())]}
		if t.Note.ID == "" {
			t.Note = found.titles[domain.TitleKey(link.Path())]
		}
		if t.Note.ID != "" || t.File.Hash != "" {
			found.targets.Titles[title] = t
		}
	}
	return found, nil
}

// find returns those of some files that are there.
func (s *Links) find(ctx context.Context, access domain.ReadAccess, addressed []string) (map[domain.FileHash]domain.File, error) {
	if len(addressed) == 0 {
		return nil, nil
	}
	hashes := make([]domain.FileHash, len(addressed))
	for i, hash := range addressed {
		hashes[i] = domain.FileHash(hash)
	}
	return s.files(access).Find(ctx, hashes...)
}

// backlinks returns at most limit notes outside of the trash that link to a note by a title with one of the keys, in the
// order in which they were made, and whether there are more. The first limit+1 in any state may be known already.
func (s *Links) backlinks(ctx context.Context, access domain.ReadAccess, note domain.ID, keys []string,
	known []domain.NoteSummary, limit int,
) (list []domain.NoteSummary, more bool, err error) {
	var after domain.ID
	for piece := known; len(list) <= limit; {
		if piece == nil {
			if piece, err = s.links(access).Linking(ctx, keys, after, limit+1); err != nil {
				return nil, false, err
			}
		}
		for _, other := range piece {
			if other.State != domain.Trashed && other.ID != note {
				list = append(list, other)
			}
		}
		if len(piece) <= limit {
			break
		}
		after, piece = piece[len(piece)-1].ID, nil
	}
	return list[:min(limit, len(list))], len(list) > limit, nil
}

// Mention is a note that links to another, and the first sentence that does.
type Mention struct {
	domain.NoteSummary
	Sentence []query.Span // the link is marked in it; nothing where the note is too large to be read with the others
	More     int          // how many more of its links lead there
}

// Mentions returns a note and at most limit notes that link to it, as its page shows them, with their sentences of at most
// length characters, and whether there are more.
func (s *Links) Mentions(ctx context.Context, access domain.ReadAccess, id domain.ID, limit, length int) (
	n domain.Note, list []Mention, more bool, err error,
) {
	if n, err = s.notes(access).Get(ctx, id); err != nil {
		return domain.Note{}, nil, false, err
	}
	keys := n.TitleKeys()
	titles, err := s.links(access).Titled(ctx, keys...)
	if err != nil {
		return domain.Note{}, nil, false, err
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return key == "" || titles[key].ID != id })
	if len(keys) == 0 {
		return n, nil, false, nil
	}
	linking, more, err := s.backlinks(ctx, access, id, keys, nil, limit)
	if err != nil || len(linking) == 0 {
		return n, nil, false, err
	}
	passages, err := s.passages(ctx, access, linking)
	if err != nil {
		return domain.Note{}, nil, false, err
	}
	leads, err := s.leading(ctx, access, passages, keys)
	if err != nil {
		return domain.Note{}, nil, false, err
	}
	for _, other := range linking {
		m := Mention{NoteSummary: other}
		m.Sentence, m.More = sentence(passages[other.ID], leads, length)
		list = append(list, m)
	}
	return n, list, more, nil
}

// passages reads what some notes say around their links, without those that are too large to be read with the others.
func (s *Links) passages(ctx context.Context, access domain.ReadAccess, notes []domain.NoteSummary) (map[domain.ID]markup.Passages, error) {
	ids := make([]domain.ID, len(notes))
	for i, n := range notes {
		ids[i] = n.ID
	}
	texts, err := s.notes(access).Many(ctx, ids)
	passages := make(map[domain.ID]markup.Passages, len(texts))
	for _, n := range texts {
		passages[n.ID] = markup.NewPassages(n.Content)
	}
	return passages, err
}

// leading returns a function that reports whether a link in some passages leads to the note whose titles have the keys. One
// with a path doesn't where that is the title of another.
func (s *Links) leading(ctx context.Context, access domain.ReadAccess, passages map[domain.ID]markup.Passages, keys []string) (
	leads func(markup.LinkMark) bool, err error,
) {
	byPath := func(link markup.LinkMark) bool { return slices.Contains(keys, domain.TitleKey(link.Path())) }
	var paths []string
	for _, p := range passages {
		for _, link := range p.Links {
			if byPath(link) {
				paths = append(paths, domain.TitleKey(link.Title))
			}
		}
	}
	var others map[string]domain.NoteTitle
	if len(paths) > 0 {
		others, err = s.links(access).Titled(ctx, paths...)
	}
	return func(link markup.LinkMark) bool {
		whole := domain.TitleKey(link.Title)
		return slices.Contains(keys, whole) || byPath(link) && others[whole].ID == ""
	}, err
}

// sentence returns the first sentence, of at most length characters, in which a link stands that leads to a note, and how
// many more of the links do.
func sentence(p markup.Passages, leads func(markup.LinkMark) bool, length int) (spans []query.Span, more int) {
	for _, link := range p.Links {
		switch {
		case !leads(link):
		case spans == nil:
			text, start, end := p.Around(link)
			spans = query.Sentence(text, start, end, length)
		default:
			more++
		}
	}
	return spans, more
}

// CompleteTitle returns at most limit titles that somebody may mean by what they have typed, each once: those that begin with
// it, then those with its words, of each the last edited first; aliases stand between the two. Where nothing is typed yet it
// returns the titles of the notes edited last.
func (s *Links) CompleteTitle(ctx context.Context, access domain.ReadAccess, typed string, limit int) ([]domain.NoteTitle, error) {
	if !canBegin(typed, domain.MaxTitle) {
		return nil, nil
	}
	key := domain.TitleKey(typed)
	if key == "" {
		latest, err := s.index(access).Brief().Search(ctx, query.Parse("is:"+query.Active), nil, limit)
		var titles completedTitles
		for _, n := range latest {
			titles.add(n.ID, n.Title)
		}
		return titles, err
	}
	beginning, err := s.links(access).Titles(ctx, key, limit)
	if err != nil {
		return nil, err
	}
	found, err := ranked(ctx, s.index(access).Brief(), query.Parse(unmarked(typed)), "", limit)
	if err != nil {
		return nil, err
	}
	var titles completedTitles
	for _, n := range found {
		if n.rank <= query.TitleBegins {
			titles.add(n.ID, n.Title)
		}
	}
	for _, t := range beginning {
		titles.add(t.ID, t.Title)
	}
	for _, n := range found {
		if n.rank == query.TitleHas {
			titles.add(n.ID, n.Title)
		}
	}
	return titles[:min(limit, len(titles))], nil
}

// canBegin reports whether a text, as typed, can be the beginning of another that has so many characters at most.
func canBegin(typed string, limit int) bool {
	return utf8.ValidString(typed) && strings.IndexByte(typed, 0) < 0 && utf8.RuneCountInString(typed) <= limit
}

// completedTitles are titles of which no two lead to the same.
type completedTitles []domain.NoteTitle

func (c *completedTitles) add(id domain.ID, title string) {
	key := domain.TitleKey(title)
	if !slices.ContainsFunc(*c, func(t domain.NoteTitle) bool { return domain.TitleKey(t.Title) == key }) {
		*c = append(*c, domain.NoteTitle{ID: id, Title: title})
	}
}

// unmarked returns a text as a query that looks for its words and means nothing else.
func unmarked(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ':' || r == '#' || r == '"' || r == '*' {
			return ' '
		}
		return r
	}, text)
}

// Titled returns the note that a link to a title leads to, or NotFound.
func (s *Links) Titled(ctx context.Context, access domain.ReadAccess, title string) (domain.Note, error) {
	if !canBegin(title, domain.MaxTitle) {
		return domain.Note{}, domain.ErrNoteNotFound
	}
	key := domain.TitleKey(title)
	found, err := s.links(access).Titled(ctx, key)
	if err != nil {
		return domain.Note{}, err
	}
	leads, ok := found[key]
	if !ok {
		return domain.Note{}, domain.ErrNoteNotFound
	}
	return s.notes(access).Get(ctx, leads.ID)
}

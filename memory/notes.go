package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

// storedNote is a note and what can be told from it, worked out once when it is stored.
type storedNote struct {
	domain.Note
	follows  domain.Following
	summary  domain.NoteSummary
	titleKey string
	place    string       // its TitlePlace
	tags     []domain.Tag // its tags and the tags above them, each once
	tagKeys  []string     // those of tags, in the same order
}

func newStoredNote(n domain.Note) *storedNote {
	n.Tags, n.TextTags = slices.Clone(n.Tags), slices.Clone(n.TextTags)
	s := &storedNote{Note: n, follows: n.Following(), summary: n.Summary(), titleKey: domain.TitleKey(n.Title)}
	s.place = domain.TitlePlace(n.Pinned, n.Title)
	seen := map[string]bool{}
	add := func(tag domain.Tag) {
		if key := tag.Key(); !seen[key] {
			seen[key] = true
			s.tags, s.tagKeys = append(s.tags, tag), append(s.tagKeys, key)
		}
	}
	for _, tag := range s.summary.Tags {
		add(tag)
	}
	for _, tag := range s.summary.Tags { // after all of those that the note has itself, which are written as it wants
		for _, above := range tag.Above() {
			add(above)
		}
	}
	return s
}

// hasTag reports whether the note has the tag with that key or one below it.
func (s *storedNote) hasTag(key string) bool { return slices.Contains(s.tagKeys, key) }

// note returns the note, for the caller to keep.
func (s *storedNote) note() domain.Note {
	n := s.Note
	n.Tags, n.TextTags = slices.Clone(n.Tags), slices.Clone(n.TextTags)
	return n
}

// summaries returns what lists show of the notes, for the caller to keep.
func summaries(list []*storedNote) []domain.NoteSummary {
	var shown []domain.NoteSummary
	for _, s := range list {
		summary := s.summary
		summary.Tags = slices.Clone(summary.Tags)
		shown = append(shown, summary)
	}
	return shown
}

// putNote stores a note, in place of before if there is one, and remembers how the tags that it brings are written.
func (t *tables) putNote(space domain.ID, n domain.Note, before *storedNote) {
	s := newStoredNote(n)
	for i, tag := range s.tags {
		if before == nil || !slices.Contains(before.tags, tag) {
			t.tagNames[own[string]{space, s.tagKeys[i]}] = tag
		}
	}
	t.notes[n.ID] = owned[*storedNote]{space, s}
}

// removeNote removes a note, its revisions, its drafts and its shares.
func (t *tables) removeNote(id domain.ID) {
	delete(t.notes, id)
	delete(t.revisions, id)
	t.leave(id)
	maps.DeleteFunc(t.shares, func(_ domain.ID, s owned[domain.Share]) bool { return s.entity.Note == id })
	maps.DeleteFunc(t.drafts, func(_ draftKey, d storedDraft) bool { return d.Note == id })
}

// ReadNotes implements domain.Repos.
func (r repos) ReadNotes(a domain.ReadAccess) domain.NoteReader { return notes{r.in(a)} }

// Notes implements domain.Repos.
func (r repos) Notes(a domain.WriteAccess) domain.Notes { return notes{r.in(a.Read())} }

// Tags implements domain.Repos.
func (r repos) Tags(a domain.ReadAccess) domain.Tags { return notes{r.in(a)} }

// Index implements domain.Repos.
func (r repos) Index(a domain.ReadAccess) domain.Index { return notes{r.in(a)} }

// Brief implements domain.Index.
func (r notes) Brief() domain.Index { return briefIndex{r} }

// briefIndex is an index whose notes come without their contents.
type briefIndex struct{ notes }

func (r briefIndex) Search(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) ([]domain.Note, error) {
	return withoutContents(r.notes.Search(ctx, q, after, limit))
}

func (r briefIndex) SearchFirst(ctx context.Context, part, q query.Query, limit int) ([]domain.Note, error) {
	return withoutContents(r.notes.SearchFirst(ctx, part, q, limit))
}

func withoutContents(list []domain.Note, err error) ([]domain.Note, error) {
	for i := range list {
		list[i].Content = ""
	}
	return list, err
}

type notes struct{ inSpace }

// find returns the notes of the space that keep says yes to, in the order of compare.
func (r notes) find(ctx context.Context, keep func(*storedNote) bool, compare func(a, b *storedNote) int) (
	list []*storedNote, err error,
) {
	err = r.read(ctx, func(t *tables) error {
		list = t.notes.of(r.space)
		return nil
	})
	list = slices.DeleteFunc(list, func(s *storedNote) bool { return !keep(s) })
	slices.SortFunc(list, compare)
	return list, err
}

func byID(a, b *storedNote) int { return cmp.Compare(a.ID, b.ID) }

func (r notes) Add(ctx context.Context, n domain.Note) error {
	return r.write(ctx, func(t *tables) error {
		if _, taken := t.notes[n.ID]; taken {
			return domain.ErrExists
		}
		t.putNote(r.space, n, nil)
		return nil
	})
}

func (r notes) AddMany(ctx context.Context, list []domain.Note, said []domain.Revision) error {
	return r.write(ctx, func(t *tables) error {
		copied := t.clone()
		within := inSpace{inTx{&copied}, r.space, r.user}
		for _, n := range list {
			if err := (notes{within}).Add(ctx, n); err != nil {
				return err
			}
		}
		if err := (revisions{within}).AddMany(ctx, said); err != nil {
			return err
		}
		*t = copied
		return nil
	})
}

func (r notes) Get(ctx context.Context, id domain.ID) (n domain.Note, err error) {
	err = r.read(ctx, func(t *tables) error {
		s, err := t.notes.get(r.space, id, domain.ErrNoteNotFound)
		if err == nil {
			n = s.note()
		}
		return err
	})
	return n, err
}

func (r notes) Version(ctx context.Context, id domain.ID) (int, error) {
	n, err := r.Get(ctx, id)
	return n.Version, err
}

func (r notes) List(ctx context.Context, filter domain.NoteFilter, after *domain.NoteCursor, limit int) (
	[]domain.NoteSummary, error,
) {
	list, err := r.find(ctx, func(s *storedNote) bool {
		return s.State == filter.State && (filter.Tag == "" || s.hasTag(filter.Tag)) &&
			(after == nil || inListOrder(s.cursor(filter.Order), *after) > 0)
	}, func(a, b *storedNote) int { return inListOrder(a.cursor(filter.Order), b.cursor(filter.Order)) })
	list = first(list, limit)
	shown := summaries(list)
	if filter.Order == domain.ByCreated {
		for i, s := range list {
			shown[i].Created = s.Created
		}
	}
	return shown, err
}

// cursor returns the note's place in a list.
func (s *storedNote) cursor(order domain.NoteOrder) domain.NoteCursor {
	c := domain.NoteCursor{State: s.State, Order: order, Pinned: s.Pinned, ID: s.ID}
	switch order {
	case domain.ByTitle:
		c.Place = s.place
	case domain.ByCreated:
		c.Time = s.Created
	default:
		c.Time = s.Listed()
	}
	return c
}

func (r notes) ListVersion(ctx context.Context, filter domain.NoteFilter, limit int) (string, error) {
	list, err := r.List(ctx, filter, nil, limit)
	return domain.ListVersion(list), err
}

func (r notes) ListCount(ctx context.Context, filter domain.NoteFilter, limit int) (int, error) {
	list, err := r.List(ctx, filter, nil, limit)
	return len(list), err
}

func inListOrder(a, b domain.NoteCursor) int {
	if a.Pinned != b.Pinned {
		if a.Pinned {
			return -1
		}
		return 1
	}
	if a.Order == domain.ByTitle {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID))
	}
	return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.ID, a.ID))
}

func (r notes) Update(ctx context.Context, n domain.Note, over int) error {
	return r.write(ctx, func(t *tables) error {
		stored, err := t.notes.get(r.space, n.ID, domain.ErrNoteNotFound)
		if err != nil {
			return err
		}
		if stored.Version != over {
			return domain.ErrNoteChanged
		}
		t.putNote(r.space, n, stored)
		return nil
	})
}

func (r notes) Many(ctx context.Context, ids []domain.ID) (list []domain.Note, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
			if s, err := t.notes.get(r.space, id, domain.ErrNoteNotFound); err == nil {
				list = append(list, s.note())
			}
		}
		return nil
	})
	return list, err
}

func (r notes) UpdateMany(ctx context.Context, list []domain.Note) error {
	return r.write(ctx, func(t *tables) error {
		for _, n := range list {
			stored, err := t.notes.get(r.space, n.ID, domain.ErrNoteNotFound)
			if err != nil {
				return err
			}
			if stored.Version != n.Version-1 {
				return domain.ErrNoteChanged
			}
		}
		for _, n := range list {
			t.putNote(r.space, n, t.notes[n.ID].entity)
		}
		return nil
	})
}

func (r notes) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		if _, err := t.notes.get(r.space, id, domain.ErrNoteNotFound); err != nil {
			return err
		}
		t.removeNote(id)
		return nil
	})
}

func (r notes) Search(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) (
	found []domain.Note, err error,
) {
	list, err := r.find(ctx, func(s *storedNote) bool {
		return (after == nil || lastUpdatedFirst(s.Updated, after.Updated, s.ID, after.ID) > 0) &&
			q.Matches(s.follows.Entry, s.Created, s.Updated)
	}, byUpdate)
	for _, s := range first(list, limit) {
		found = append(found, s.note())
	}
	return found, err
}

func (r notes) Places(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) ([]domain.SearchCursor, error) {
	found, err := r.Search(ctx, q, after, limit)
	places := make([]domain.SearchCursor, len(found))
	for i, n := range found {
		places[i] = domain.SearchCursor{Updated: n.Updated, ID: n.ID}
	}
	return places, err
}

func (r notes) SearchFirst(ctx context.Context, part, q query.Query, limit int) (found []domain.Note, err error) {
	matches := func(q query.Query, s *storedNote) bool { return q.Matches(s.follows.Entry, s.Created, s.Updated) }
	list, err := r.find(ctx, func(s *storedNote) bool { return matches(q, s) }, byUpdate)
	slices.SortStableFunc(list, func(a, b *storedNote) int {
		switch inA, inB := matches(part, a), matches(part, b); {
		case inA == inB:
			return 0
		case inA:
			return -1
		}
		return 1
	})
	for _, s := range first(list, limit) {
		found = append(found, s.note())
	}
	return found, err
}

func byUpdate(a, b *storedNote) int { return lastUpdatedFirst(a.Updated, b.Updated, a.ID, b.ID) }

func lastUpdatedFirst(a, b time.Time, aID, bID domain.ID) int {
	return cmp.Or(b.Compare(a), cmp.Compare(bID, aID))
}

func (r notes) Count(ctx context.Context, q query.Query, limit int) (count domain.SearchCount, err error) {
	err = r.read(ctx, func(t *tables) error {
		list := t.notes.of(r.space)
		slices.SortFunc(list, byUpdate)
		var found []*storedNote
		for _, s := range list {
			if len(found) < limit && q.Matches(s.follows.Entry, s.Created, s.Updated) {
				found = append(found, s)
			}
		}
		count = domain.SearchCount{Notes: len(found), Tags: r.countTags(t, found)}
		return nil
	})
	slices.SortStableFunc(count.Tags, func(a, b domain.TagCount) int { return cmp.Compare(b.Notes, a.Notes) })
	count.Tags = first(count.Tags, domain.MaxFacets)
	return count, err
}

// countTags returns the tags of the notes and the tags above them, ordered by key.
func (r notes) countTags(t *tables, list []*storedNote) []domain.TagCount {
	counts := map[string]int{}
	for _, s := range list {
		for _, key := range s.tagKeys {
			counts[key]++
		}
	}
	var tags []domain.TagCount
	for key, n := range counts {
		tags = append(tags, domain.TagCount{Tag: t.tagNames[own[string]{r.space, key}], Notes: n})
	}
	slices.SortFunc(tags, func(a, b domain.TagCount) int { return cmp.Compare(a.Tag.Key(), b.Tag.Key()) })
	return tags
}

func (r notes) Beginning(ctx context.Context, prefix string, limit int) (tags []domain.TagCount, err error) {
	err = r.read(ctx, func(t *tables) error {
		list := t.notes.of(r.space)
		tags = r.countTags(t, slices.DeleteFunc(list, func(s *storedNote) bool { return s.State == domain.Trashed }))
		return nil
	})
	tags = slices.DeleteFunc(tags, func(c domain.TagCount) bool { return !strings.HasPrefix(c.Tag.Key(), prefix) })
	return first(tags, limit), err
}

func (r notes) Tagged(ctx context.Context, key string, after domain.ID, limit int) (ids []domain.ID, err error) {
	list, err := r.find(ctx, func(s *storedNote) bool { return s.ID > after && s.hasTag(key) }, byID)
	for _, s := range first(list, limit) {
		ids = append(ids, s.ID)
	}
	return ids, err
}

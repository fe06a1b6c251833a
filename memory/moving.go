package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
)

// Moving implements domain.Repos.
func (r repos) Moving(t domain.Transfer) domain.Moving {
	return moving{r.in(t.From().Read()), t.To().Space()}
}

type moving struct {
	inSpace
	to domain.ID
}

func (r moving) Files(ctx context.Context, ids []domain.ID) (list []domain.File, err error) {
	err = r.read(ctx, func(t *tables) error {
		found, named := map[domain.FileHash]domain.File{}, map[string]domain.File{} // by hash, and by name
		name := func(keys ...string) {
			for _, key := range keys {
				name := t.fileNames[own[string]{r.space, key}]
				if f, there := t.files[own[domain.FileHash]{r.space, name.hash}]; there {
					f.Name = name.name
					named[key] = f
				}
			}
		}
		mentions := func(content string) {
			for _, hash := range markup.FilesIn(content) {
				if f, there := t.files[own[domain.FileHash]{r.space, domain.FileHash(hash)}]; there {
					found[f.Hash] = f
				}
			}
			name(markup.NewOutline(content).FileNames()...)
		}
		for _, id := range ids {
			n, err := t.notes.get(r.space, id, domain.ErrNoteNotFound)
			if err != nil {
				continue
			}
			mentions(n.Content)
			for _, rev := range t.revisions[id] {
				mentions(rev.Content)
			}
			for _, d := range t.drafts {
				if d.Note == id {
					mentions(d.Content)
				}
			}
			name(n.follows.Links...)
			for _, path := range n.follows.Paths {
				name(path.Title)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(named)) {
			list = append(list, named[key])
			delete(found, named[key].Hash)
		}
		list = slices.AppendSeq(list, maps.Values(found))
		return nil
	})
	return list, err
}

func (r moving) Move(ctx context.Context, list []domain.Note, brought []domain.File) (ended int, err error) {
	err = r.write(ctx, func(t *tables) error {
		ended = 0
		for _, n := range list {
			stored, err := t.notes.get(r.space, n.ID, domain.ErrNoteNotFound)
			if err != nil {
				return err
			}
			if stored.Version != n.Version-1 {
				return domain.ErrNoteChanged
			}
		}
		for _, f := range brought {
			t.bringFile(r.to, f)
		}
		for _, n := range list {
			t.putNote(r.to, n, nil)
			maps.DeleteFunc(t.shares, func(_ domain.ID, s owned[domain.Share]) bool {
				if s.entity.Note != n.ID {
					return false
				}
				ended++
				return true
			})
			t.moveDrafts(n.ID, r.space, r.to)
			t.leave(n.ID)
		}
		return nil
	})
	return ended, err
}

// bringFile stores a file in a space, where a name that means another one goes on meaning that.
func (t *tables) bringFile(space domain.ID, f domain.File) {
	name := own[string]{space, domain.TitleKey(f.Name)}
	if means, taken := t.fileNames[name]; !taken || t.files[own[domain.FileHash]{space, means.hash}].Hash == "" {
		t.fileNames[name] = fileName{f.Name, f.Hash}
	}
	key := own[domain.FileHash]{space, f.Hash}
	if there, ok := t.files[key]; ok {
		there.Created = f.Created
		f = there
	}
	t.files[key] = f
}

// leave has nobody have a note open.
func (t *tables) leave(note domain.ID) {
	maps.DeleteFunc(t.present, func(key presence, _ time.Time) bool { return key.note == note })
}

// moveDrafts moves what is typed into a note from one space to another, or has it be typed into a new one.
func (t *tables) moveDrafts(note, from, to domain.ID) {
	for key, d := range maps.Clone(t.drafts) {
		if d.Note != note {
			continue
		}
		there := draftKey{to, key.user, key.key}
		_, taken := t.drafts[there]
		is := t.members[own[domain.ID]{to, key.user}]
		if _, err := domain.NewMembership(to, key.user, is.role).Write(); err == nil && !taken {
			delete(t.drafts, key)
			t.drafts[there] = d
			continue
		}
		d.Note, d.Base = "", 0
		t.drafts[key] = d
	}
}

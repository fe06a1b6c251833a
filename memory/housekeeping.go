package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
)

// piece is how many things one call of a housekeeping method removes at most.
const piece = 300

// Housekeeping implements domain.Repos.
func (r repos) Housekeeping() domain.Housekeeping { return housekeeping(r) }

type housekeeping struct{ runner }

func (r housekeeping) Lease(ctx context.Context, job string, now, until time.Time) (given bool, err error) {
	err = r.write(ctx, func(t *tables) error {
		if given = !t.leases[job].After(now) || t.leases[job].After(domain.LeaseBound(now, until)); given {
			t.leases[job] = until
		}
		return nil
	})
	return given, err
}

func (r housekeeping) Trust(ctx context.Context) (trust domain.Trust, err error) {
	err = r.read(ctx, func(t *tables) error {
		trust = t.trust
		return nil
	})
	return trust, err
}

func (r housekeeping) PutTrust(ctx context.Context, trust domain.Trust) error {
	return r.write(ctx, func(t *tables) error {
		t.trust = trust
		return nil
	})
}

func (r housekeeping) Check(ctx context.Context) error { return ctx.Err() }

func (r housekeeping) PurgeTrash(ctx context.Context, before time.Time) (n int, err error) {
	err = r.write(ctx, func(t *tables) error {
		for id, row := range t.notes {
			if n < piece && row.entity.State == domain.Trashed && row.entity.Moved.Before(before) {
				t.removeNote(id)
				n++
			}
		}
		return nil
	})
	return n, err
}

func (r housekeeping) Gone(ctx context.Context, now time.Time) (users, spaces []domain.ID, err error) {
	err = r.read(ctx, func(t *tables) error {
		for id, u := range t.users {
			if u.Gone(now) {
				users = append(users, id)
			}
		}
		for id, s := range t.spaces {
			if s.Gone(now) {
				spaces = append(spaces, id)
			}
		}
		return nil
	})
	slices.Sort(users)
	slices.Sort(spaces)
	return users, spaces, err
}

func (r housekeeping) PurgeSpace(ctx context.Context, space domain.ID, now time.Time) (n int, err error) {
	err = r.write(ctx, func(t *tables) error {
		if !t.spaces[space].Gone(now) && !t.users[space].Gone(now) {
			return nil
		}
		for id, row := range t.notes {
			if n < piece && row.space == space {
				t.removeNote(id)
				n++
			}
		}
		n += removeSome(t.records, piece-n, func(row owned[domain.Record]) bool { return row.space == space })
		for key := range t.imported {
			if n < piece && key.space == space {
				delete(t.imported, key)
				n++
			}
		}
		for key := range t.drafts {
			if n < piece && key.space == space {
				delete(t.drafts, key)
				n++
			}
		}
		if n > 0 {
			return nil
		}
		for key := range t.files {
			if key.space == space {
				return nil
			}
		}
		t.removeSpace(space)
		n = 1
		return nil
	})
	return n, err
}

// removeSpace removes a space that nothing is in any more but what goes with it, and the user whose own it is.
func (t *tables) removeSpace(space domain.ID) {
	delete(t.spaces, space)
	delete(t.users, space)
	delete(t.steps, space)
	maps.DeleteFunc(t.members, func(key own[domain.ID], _ member) bool { return key.space == space || key.key == space })
	maps.DeleteFunc(t.tagNames, func(key own[string], _ domain.Tag) bool { return key.space == space })
	maps.DeleteFunc(t.creations, func(key own[string], _ domain.Creation) bool { return key.space == space })
	maps.DeleteFunc(t.searches, func(_ domain.ID, row owned[domain.SavedSearch]) bool { return row.space == space })
	maps.DeleteFunc(t.imports, func(_ domain.ID, row owned[domain.Import]) bool { return row.space == space })
	maps.DeleteFunc(t.undos, func(_ domain.ID, row owned[storedUndo]) bool { return row.space == space || row.entity.user == space })
	maps.DeleteFunc(t.drafts, func(key draftKey, _ storedDraft) bool { return key.user == space })
	maps.DeleteFunc(t.shares, func(_ domain.ID, row owned[domain.Share]) bool { return row.space == space || row.entity.By == space })
	maps.DeleteFunc(t.sessions, func(_ domain.TokenHash, s domain.Session) bool { return s.User == space })
	maps.DeleteFunc(t.present, func(key presence, _ time.Time) bool { return key.user == space })
	maps.DeleteFunc(t.vouched, func(_ domain.TokenHash, i domain.Identity) bool { return i.User == space })
	maps.DeleteFunc(t.passkeys, func(_ domain.TokenHash, p domain.Passkey) bool { return p.User == space })
	maps.DeleteFunc(t.tokens, func(_ domain.TokenHash, k domain.AccessToken) bool { return k.User == space || k.Space == space })
	maps.DeleteFunc(t.invited, func(_ domain.ID, i domain.Invitation) bool { return i.User == space || i.By == space })
}

func (r housekeeping) Aging(ctx context.Context, from, to time.Time, after domain.ID, limit int) (
	ids []domain.ID, err error,
) {
	aging := func(rev domain.Revision) bool { return !rev.Saved.Before(from) && rev.Saved.Before(to) }
	err = r.read(ctx, func(t *tables) error {
		for id, list := range t.revisions {
			if id > after && slices.ContainsFunc(list, aging) {
				ids = append(ids, id)
			}
		}
		return nil
	})
	slices.Sort(ids)
	return first(ids, limit), err
}

func (r housekeeping) Saves(ctx context.Context, note domain.ID) (versions []int, saved []time.Time, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, rev := range t.revisions[note] {
			versions, saved = append(versions, rev.Version), append(saved, rev.Saved)
		}
		return nil
	})
	return versions, saved, err
}

func (r housekeeping) RemoveRevisions(ctx context.Context, note domain.ID, versions []int) error {
	return r.write(ctx, func(t *tables) error {
		kept := slices.DeleteFunc(slices.Clone(t.revisions[note]), func(rev domain.Revision) bool {
			return slices.Contains(versions, rev.Version)
		})
		if t.revisions[note] = kept; len(kept) == 0 {
			delete(t.revisions, note)
		}
		return nil
	})
}

func (r housekeeping) Unfinished(ctx context.Context, after domain.ID, limit int) (list []domain.UnfinishedUndo, err error) {
	err = r.read(ctx, func(t *tables) error {
		for id, row := range t.undos {
			if id > after && row.entity.Unfinished() {
				access, err := domain.NewMembership(row.space, row.entity.user, domain.RoleEditor).Write()
				if err != nil {
					return err
				}
				list = append(list, domain.UnfinishedUndo{Undo: id, Access: access})
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.UnfinishedUndo) int { return cmp.Compare(a.Undo, b.Undo) })
	return first(list, limit), err
}

func (r housekeeping) ExpireDrafts(ctx context.Context, before, now time.Time) (n int, err error) {
	err = r.write(ctx, func(t *tables) error {
		n = 0
		for key, d := range t.drafts {
			if n < piece && d.Saved.Before(before) && d.end("", domain.DraftExpired, now) {
				t.drafts[key] = d
				n++
			}
		}
		return nil
	})
	return n, err
}

func (r housekeeping) RemoveEnded(ctx context.Context, now time.Time) (n int, err error) {
	err = r.write(ctx, func(t *tables) error {
		n = removeSome(t.undos, piece, func(row owned[storedUndo]) bool {
			return row.entity.Ended(now) && !row.entity.Unfinished()
		})
		n += removeSome(t.creations, piece-n, func(c domain.Creation) bool {
			return now.Sub(c.Created) >= domain.CreationLife
		})
		n += removeSome(t.imports, piece-n, func(row owned[domain.Import]) bool {
			return row.entity.Ended(now) && !row.entity.Unfinished()
		})
		n += removeSome(t.sessions, piece-n, func(s domain.Session) bool { return s.Ended(now) })
		n += removeSome(t.drafts, piece-n, func(d storedDraft) bool {
			return (d.ending == domain.DraftSaved || d.ending == domain.DraftDiscarded) && now.Sub(d.ended) >= domain.UndoLife
		})
		n += removeSome(t.tickets, piece-n, func(used time.Time) bool { return now.Sub(used) >= domain.UsedTicketLife })
		n += removeSome(t.audit, piece-n, func(e domain.AuditEvent) bool { return now.Sub(e.At) >= domain.AuditLife })
		n += removeSome(t.invited, piece-n, func(i domain.Invitation) bool { return !now.Before(i.Expires) })
		n += removeSome(t.present, piece-n, func(until time.Time) bool { return !until.After(now) })
		n += removeSome(t.tries, piece-n, func(tries domain.Tries) bool { return now.Sub(tries.Began) >= domain.TriesWindow })
		return nil
	})
	return n, err
}

// removeSome removes at most limit entries of which ended is true and returns how many.
func removeSome[M ~map[K]V, K comparable, V any](m M, limit int, ended func(V) bool) (n int) {
	for key, v := range m {
		if n < limit && ended(v) {
			delete(m, key)
			n++
		}
	}
	return n
}

func (r housekeeping) RemoveUnusedFiles(ctx context.Context, before time.Time) (gone []domain.FileHash, err error) {
	err = r.write(ctx, func(t *tables) error {
		for key, f := range t.files {
			if f.Created.Before(before) && !t.mentions(key.space, string(key.key)) && !t.embeds(key.space, key.key) {
				delete(t.files, key)
				maps.DeleteFunc(t.fileNames, func(name own[string], of fileName) bool {
					return name.space == key.space && of.hash == key.key
				})
				gone = append(gone, key.key)
			}
		}
		left := map[domain.FileHash]bool{}
		for key := range t.files {
			left[key.key] = true
		}
		gone = slices.DeleteFunc(gone, func(hash domain.FileHash) bool { return left[hash] })
		slices.Sort(gone)
		gone = slices.Compact(gone)
		return nil
	})
	return gone, err
}

func (r housekeeping) Unmeasured(ctx context.Context, after domain.FileHash, limit int) (hashes []domain.FileHash, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, f := range t.files {
			if f.Inline() && !f.Measured && key.key > after {
				hashes = append(hashes, key.key)
			}
		}
		slices.Sort(hashes)
		hashes = slices.Compact(hashes)
		hashes = hashes[:min(limit, len(hashes))]
		return nil
	})
	return hashes, err
}

func (r housekeeping) Measure(ctx context.Context, hash domain.FileHash, width, height int) error {
	return r.write(ctx, func(t *tables) error {
		for key, f := range t.files {
			if key.key == hash {
				f.Width, f.Height, f.Measured = width, height, true
				t.files[key] = f
			}
		}
		return nil
	})
}

// embeds reports whether a note, a revision or a draft in the space links to the name of a file.
func (t *tables) embeds(space domain.ID, hash domain.FileHash) bool {
	for name, of := range t.fileNames {
		if name.space != space || of.hash != hash {
			continue
		}
		named := func(path markup.PathLink) bool { return path.Title == name.key }
		embedded := func(text string) bool { return slices.Contains(markup.NewOutline(text).FileNames(), name.key) }
		for id, row := range t.notes {
			if row.space == space &&
				(slices.Contains(row.entity.follows.Links, name.key) || slices.ContainsFunc(row.entity.follows.Paths, named) ||
					slices.ContainsFunc(t.revisions[id], func(rev domain.Revision) bool { return embedded(rev.Content) })) {
				return true
			}
		}
		for key, d := range t.drafts {
			if key.space == space && embedded(d.Content) {
				return true
			}
		}
	}
	return false
}

// mentions reports whether text stands in a note, a revision or a draft in the space.
func (t *tables) mentions(space domain.ID, text string) bool {
	mentioned := func(rev domain.Revision) bool { return strings.Contains(rev.Content, text) }
	for id, row := range t.notes {
		if row.space == space &&
			(strings.Contains(row.entity.Content, text) || slices.ContainsFunc(t.revisions[id], mentioned)) {
			return true
		}
	}
	for key, d := range t.drafts {
		if key.space == space && strings.Contains(d.Content, text) {
			return true
		}
	}
	return false
}

// Reindex has nothing to mend: searches look at the notes themselves.
func (r housekeeping) Reindex(ctx context.Context, _ domain.ID) (mended int, next domain.ID, err error) {
	return 0, "", r.read(ctx, func(*tables) error { return nil })
}

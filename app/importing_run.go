package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"octavo/domain"
)

// importRun is an import that is being made, or planned.
type importRun struct {
	*Importing
	access  domain.WriteAccess
	source  domain.ImportSource
	options ImportOptions
	dry     bool

	id     domain.Import
	counts domain.ImportCounts
	total  int // as ImportProgress
	read   int
	beaten time.Time // when it last said that it goes on

	titles *domain.ImportTitles
	failed error // of what titles asked
	known  map[domain.TokenHash]domain.Imported
	edited map[domain.TokenHash]bool // which of them have been edited here since
	tags   map[string]bool

	pending []incoming // what goes into the next piece
	size    int
}

// incoming is a note that is going to be stored, or to be saved over one that is there.
type incoming struct {
	domain.Imported
	place string
	note  domain.Note
	said  []domain.Revision
	draft domain.NoteDraft
}

func (s *Importing) run(access domain.WriteAccess, source domain.ImportSource, o ImportOptions) *importRun {
	return &importRun{
		Importing: s, access: access, source: source, options: o,
		id:    domain.NewImport(access.User(), source.Kind(), o.Name, s.clock.Now()),
		known: map[domain.TokenHash]domain.Imported{}, edited: map[domain.TokenHash]bool{}, tags: map[string]bool{},
	}
}

// all reads the source twice: for what its notes are called, and for what they say.
func (r *importRun) all(ctx context.Context) error {
	r.titles = domain.NewImportTitles(func(title string) bool {
		key := domain.TitleKey(title)
		titled, err := r.links(r.access.Read()).Titled(ctx, key)
		r.failed = errors.Join(r.failed, err)
		return titled[key].ID != ""
	})
	ids := map[domain.TokenHash]string{}
	for n, err := range r.source.Notes(ctx) {
		if err != nil {
			return err
		}
		if !n.IsNote() {
			continue
		}
		r.titles.Add(n)
		ids[r.sourceOf(n)] = n.ID
		if r.read++; len(ids) == pieceSize {
			if err := r.recall(ctx, ids); err != nil {
				return err
			}
			clear(ids)
		}
	}
	if err := r.recall(ctx, ids); err != nil {
		return err
	}
	r.total, r.read = r.read, 0
	for n, err := range r.source.Notes(ctx) {
		if err == nil {
			err = r.take(ctx, n)
		}
		if err == nil && (len(r.pending) >= pieceSize || r.size >= largePiece) {
			err = r.store(ctx)
		}
		if err = errors.Join(err, r.failed); err != nil {
			return err
		}
	}
	return r.store(ctx)
}

// largePiece is how many bytes of texts a transaction stores.
const largePiece = 4 << 20

func (r *importRun) sourceOf(n domain.Incoming) domain.TokenHash {
	return domain.ImportedSource(r.source.Kind(), r.options.Apart, n.ID)
}

// recall finds out which of some notes were imported before, by what they are known, and are here.
func (r *importRun) recall(ctx context.Context, ids map[domain.TokenHash]string) error {
	sources := make([]domain.TokenHash, 0, len(ids))
	for source := range ids {
		sources = append(sources, source)
	}
	known, err := r.Importing.read(r.access.Read()).Known(ctx, sources)
	if err != nil {
		return err
	}
	for source, one := range known {
		n, err := r.notes(r.access).Get(ctx, one.Note)
		if errors.Is(err, domain.NotFound) { // removed for good: it comes again
			continue
		}
		if err != nil {
			return err
		}
		r.known[source] = one
		if !one.Fits(n) || n.State == domain.Trashed {
			r.edited[source] = true
		}
		r.titles.Called(ids[source], n.Title)
	}
	r.tell()
	return r.beat(ctx)
}

func (r *importRun) tell() {
	if r.options.Progress != nil {
		r.options.Progress(ImportProgress{Total: r.total, Read: r.read, ImportCounts: r.counts})
	}
}

// lose reports what can't be carried.
func (r *importRun) lose(place string, why ...domain.Message) {
	r.counts.Lost += len(why)
	if r.options.Lost != nil {
		for _, message := range why {
			r.options.Lost(place, message)
		}
	}
}

// beatEvery is how often an import says that it goes on, at least.
const beatEvery = domain.ImportPause / 8

// beat says that the import goes on, unless it has just said so.
func (r *importRun) beat(ctx context.Context) error {
	if r.dry || r.clock.Now().Sub(r.beaten) < beatEvery {
		return nil
	}
	return r.goOn(ctx, domain.ImportRunning)
}

// goOn stores what has become of the import.
func (r *importRun) goOn(ctx context.Context, state domain.ImportState) error {
	return r.transactions.Atomically(ctx, func(repos domain.Repos) error { return r.update(ctx, repos, state) })
}

// update stores what has become of the import, within a transaction. It is ErrImportStopped where somebody is taking it back.
func (r *importRun) update(ctx context.Context, repos domain.Repos, state domain.ImportState) error {
	i, err := repos.Imports(r.access).Get(ctx, r.id.ID)
	if err == nil && i.State != domain.ImportRunning {
		err = domain.ErrImportStopped
	}
	if err != nil {
		return err
	}
	r.beaten = r.clock.Now()
	i.State, i.Counts, i.Changed = state, r.id.Counts, r.beaten
	r.id = i
	return repos.Imports(r.access).Update(ctx, i)
}

// take makes a note of what the source has.
func (r *importRun) take(ctx context.Context, in domain.Incoming) error {
	if !in.IsNote() {
		r.lose(in.Place, in.Lost...)
		return nil
	}
	r.read++
	one := incoming{Imported: domain.Imported{Import: r.id.ID, Source: r.sourceOf(in), Hash: in.Hash()}, place: in.Place}
	known, there := r.known[one.Source]
	if there && known.Hash == one.Hash {
		r.counts.Same++
		return nil
	}
	if r.edited[one.Source] {
		r.counts.Differing++
		r.lose(in.Place, domain.NewMessage("import.edited_here"))
		return nil
	}
	in = in.Fitted()
	r.lose(in.Place, in.Lost...)
	files, err := r.takeFiles(ctx, in)
	if err != nil {
		return err
	}
	title, _ := r.titles.Title(in.ID)
	content, missing := in.Resolved(r.titles.Of, files)
	r.counts.Links += len(in.Marks) - len(missing)
	r.counts.Missing += len(missing)
	one.note, one.said, err = in.Note(r.access, title, content, r.clock.Now())
	if err != nil {
		wrong := domain.FieldErrors(err)
		if len(wrong) == 0 {
			return err
		}
		r.counts.Left++
		r.lose(in.Place, wrong[0].Message)
		return nil
	}
	for _, tag := range one.note.AllTags() {
		r.tags[tag.Key()] = true
	}
	r.counts.Tags = len(r.tags)
	if there {
		one.draft = domain.NoteDraft(one.note.NoteFields)
		if one.draft.Tags == nil {
			one.draft.Tags = []domain.Tag{}
		}
		if !strings.HasPrefix(title, in.Title+" (") { // as ImportTitles has made it
			one.draft.Title = in.Title
			r.titles.Called(in.ID, cmp.Or(in.Title, one.note.Title)) // links that come from now on are stored after it is
		}
		one.Note, one.Version = known.Note, known.Version
	}
	r.pending = append(r.pending, one)
	r.size += len(content)
	for _, rev := range one.said {
		r.size += len(rev.Content)
	}
	return nil
}

// store stores the notes that have come, together with the memory of them.
func (r *importRun) store(ctx context.Context) error {
	var counts domain.ImportCounts
	var differing []incoming
	var saved []Saved
	piece := func(repos domain.Repos) (err error) {
		counts, differing, saved = r.counts, nil, nil
		var list []domain.Note
		var said []domain.Revision
		var remember []domain.Imported
		for _, one := range r.pending {
			if one.Note == "" {
				list, said = append(list, one.note), append(said, one.said...)
				one.Note, one.Version = one.note.ID, one.note.Saved
				remember = append(remember, one.Imported)
			}
		}
		counts.Added += len(list)
		if !r.dry {
			// Before others get new titles, which the links of these then follow.
			if err := repos.Notes(r.access).AddMany(ctx, list, said); err != nil {
				return err
			}
		}
		for _, one := range r.pending {
			if one.Note == "" {
				continue
			}
			was, fits, err := r.revise(ctx, repos, one)
			switch {
			case err != nil:
				return err
			case !fits:
				differing = append(differing, one)
				counts.Differing++
				continue
			case was.Note.Saved == was.Before:
				counts.Same++
			default:
				counts.Revised++
			}
			saved = append(saved, was)
			one.Version, one.Before = was.Note.Saved, was.Before
			remember = append(remember, one.Imported)
		}
		if r.dry {
			return nil
		}
		if err := repos.Imports(r.access).Remember(ctx, remember); err != nil {
			return err
		}
		r.id.Counts = counts
		return r.update(ctx, repos, domain.ImportRunning)
	}
	var err error
	if r.dry && !slices.ContainsFunc(r.pending, func(one incoming) bool { return one.Note != "" }) {
		err = piece(nil)
	} else {
		err = r.transactions.Atomically(ctx, piece)
	}
	if err != nil {
		return err
	}
	r.counts = counts
	for _, one := range differing {
		r.lose(one.place, domain.NewMessage("import.edited_here"))
	}
	if !r.dry {
		r.finishEach(ctx, r.access, saved)
	}
	r.pending, r.size = r.pending[:0], 0
	r.tell()
	return nil
}

// revise saves what a note says at its source now. fits is false where it has been edited here, or is in the trash.
func (r *importRun) revise(ctx context.Context, repos domain.Repos, one incoming) (saved Saved, fits bool, err error) {
	n, err := repos.Notes(r.access).Get(ctx, one.Note)
	if errors.Is(err, domain.NotFound) || err == nil && (!one.Fits(n) || n.State == domain.Trashed) {
		return Saved{}, false, nil
	}
	if err != nil {
		return Saved{}, false, err
	}
	if r.dry {
		edited, err := n.Edited(one.draft, n.Version, r.clock.Now())
		return Saved{Note: edited, Before: n.Saved}, true, err
	}
	saved, err = r.editing.save(ctx, repos, r.access, n.ID, Edit{NoteDraft: one.draft, Base: n.Version})
	saved.Before = n.Saved
	return saved, true, err
}

package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"octavo/domain"
)

// Importing is how notes come in from elsewhere.
//
// An import is stored before anything else, and says from time to time that it goes on. What comes in is stored in pieces, each
// together with the memory of what it came from. So an import that breaks off, however that happens, can always be taken back
// whole: by whoever has it run, or else by housekeeping or the next import into the space, once it hasn't gone on for
// domain.ImportPause. Until then no other one begins there.
type Importing struct {
	changer
	imports func(domain.WriteAccess) domain.Imports
	read    func(domain.ReadAccess) domain.ImportReader
	notes   func(domain.WriteAccess) domain.Notes
	links   func(domain.ReadAccess) domain.Links
	jobs    domain.Housekeeping
	editing *Editing
	files   *Files
	typeOf  func(head []byte) string
}

// Importing returns the use cases of imports. typeOf tells the media type of a file by its beginning; nil takes what the source
// says.
func (a *App) Importing(typeOf func(head []byte) string) *Importing {
	return &Importing{
		a.changer(), a.store.Imports, a.store.ReadImports, a.store.Notes, a.store.Links, a.store.Housekeeping(), a.Editing(), a.Files(), typeOf,
	}
}

// ImportOptions say how a source is imported.
type ImportOptions struct {
	Name string // of the file or the folder
	// Apart is what tells the source from others of its kind whose notes are called the same there, as two folders of Markdown.
	Apart string
	// Progress is told from time to time how far the import is, and Lost what can't be carried, and where it is. Both may be nil.
	Progress func(ImportProgress)
	Lost     func(place string, why domain.Message)
}

// ImportProgress is how far an import is.
type ImportProgress struct {
	Total int // how many notes the source has; 0 while they are being counted
	Read  int // how many of them have been read, or counted
	domain.ImportCounts
}

// Plan returns what Run would do, and stores nothing.
func (s *Importing) Plan(ctx context.Context, access domain.WriteAccess, source domain.ImportSource, o ImportOptions) (domain.ImportCounts, error) {
	if err := access.MayEdit(); err != nil {
		return domain.ImportCounts{}, err
	}
	r := s.run(access, source, o)
	r.dry = true
	err := r.all(ctx)
	return r.counts, err
}

// Run imports what a source has: notes that weren't imported before are added, and those that say something else there since are
// saved as what they say now, unless they have been edited here. Whatever breaks it off, nothing of it stays but files, which go as
// all that no note mentions. It is a Conflict while another import into the space is running.
func (s *Importing) Run(ctx context.Context, access domain.WriteAccess, source domain.ImportSource, o ImportOptions) (domain.Import, error) {
	if err := access.MayEdit(); err != nil {
		return domain.Import{}, err
	}
	r := s.run(access, source, o)
	if err := s.begin(ctx, access, r.id); err != nil {
		return domain.Import{}, err
	}
	r.beaten = s.clock.Now()
	err := r.all(ctx)
	if err == nil {
		r.id.Counts = r.counts
		err = r.goOn(ctx, domain.ImportDone)
	}
	if err == nil {
		return r.id, nil
	}
	undone, failed := s.takeBack(context.WithoutCancel(ctx), access, r.id.ID, false)
	if failed == nil && undone.State == domain.ImportDone { // it was only unknown whether it is
		return undone, nil
	}
	return undone, errors.Join(err, failed)
}

// Undo takes back an import: what it added goes, and what it revised says what it said before. What has been edited since stays.
// It is a Conflict where that has been done before, it is too late, or the import is running.
func (s *Importing) Undo(ctx context.Context, access domain.WriteAccess, id domain.ID) (domain.Import, error) {
	if err := access.MayEdit(); err != nil {
		return domain.Import{}, err
	}
	i, err := s.read(access.Read()).Get(ctx, id)
	if err != nil {
		return i, err
	}
	if i.State == domain.ImportRunning && !i.Stopped(s.clock.Now()) {
		return i, domain.ErrImportRunning
	}
	if _, err := i.Undoing(s.clock.Now()); err != nil {
		return i, err
	}
	return s.takeBack(ctx, access, id, true)
}

// List returns at most limit imports into a space, the newest first.
func (s *Importing) List(ctx context.Context, access domain.ReadAccess, limit int) ([]domain.Import, error) {
	return s.read(access).List(ctx, limit)
}

// takeBackStopped takes back the imports that nobody goes on with.
func (s *Importing) takeBackStopped(ctx context.Context) error {
	list, err := s.jobs.StoppedImports(ctx, s.clock.Now().Add(-domain.ImportPause), pieceSize)
	for _, stopped := range list {
		_, failed := s.takeBack(ctx, stopped.Access, stopped.Import, false)
		err = errors.Join(err, failed)
	}
	return err
}

// begin stores a new import, unless another one is running.
func (s *Importing) begin(ctx context.Context, access domain.WriteAccess, i domain.Import) error {
	others, err := s.read(access.Read()).Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, other := range others {
		if !other.Stopped(s.clock.Now()) {
			return domain.ErrImportRunning
		}
		if _, err := s.takeBack(ctx, access, other.ID, false); err != nil {
			return err
		}
	}
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if _, err := repos.Spaces().Hold(ctx, access.Space()); err != nil { // so that of two at once one begins
			return err
		}
		imports := repos.Imports(access)
		others, err := imports.Unfinished(ctx)
		if err == nil && len(others) > 0 {
			err = domain.ErrImportRunning
		}
		if err != nil {
			return err
		}
		return imports.Add(ctx, i)
	})
}

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

// takeFiles stores the files of a note. One that can't be stored has no hash.
func (r *importRun) takeFiles(ctx context.Context, in domain.Incoming) ([]domain.File, error) {
	files := make([]domain.File, len(in.Files))
	for i, f := range in.Files {
		var lost domain.Message
		var err error
		if r.dry {
			files[i], lost = r.planFile(f)
		} else {
			files[i], lost, err = r.takeFile(ctx, f)
		}
		if err == nil {
			err = r.beat(ctx)
		}
		if err != nil {
			return nil, err
		}
		if lost.Code != "" {
			r.lose(in.Place, lost)
		} else {
			r.counts.Files++
		}
	}
	return files, nil
}

func (r *importRun) planFile(f domain.IncomingFile) (domain.File, domain.Message) {
	if f.Size > domain.MaxFile {
		return domain.File{}, tooLarge(f)
	}
	return domain.File{Hash: domain.FileHash(domain.HashToken(f.Name)), Name: f.Name, Type: f.Type}, domain.Message{}
}

func tooLarge(f domain.IncomingFile) domain.Message {
	return domain.NewMessage("import.file_too_large", "name", f.Name, "size", domain.Bytes(f.Size))
}

func (r *importRun) takeFile(ctx context.Context, f domain.IncomingFile) (file domain.File, lost domain.Message, err error) {
	if f.Size > domain.MaxFile {
		return domain.File{}, tooLarge(f), nil
	}
	damaged := domain.NewMessage("import.file_damaged", "name", f.Name)
	content, err := f.Open()
	if err != nil {
		return domain.File{}, damaged, ctx.Err()
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	head := make([]byte, 512)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return domain.File{}, damaged, ctx.Err()
	}
	kind := f.Type
	if r.typeOf != nil {
		kind = r.typeOf(head[:n])
	}
	rest := &readErrors{r: content}
	file, err = r.files.Upload(ctx, r.access, f.Name, kind, io.MultiReader(bytes.NewReader(head[:n]), rest))
	switch {
	case err == nil || ctx.Err() != nil:
		return file, domain.Message{}, err
	case rest.err != nil:
		return domain.File{}, damaged, nil
	case errors.Is(err, domain.Invalid):
		return domain.File{}, domain.NewMessage("import.file_empty", "name", f.Name), nil
	case errors.Is(err, domain.TooLarge) && r.quota > 0 && !errors.Is(err, domain.ErrFileTooLarge):
		return domain.File{}, domain.NewMessage("import.file_no_room", "name", f.Name), nil
	case errors.Is(err, domain.TooLarge):
		f.Size = max(f.Size, domain.MaxFile)
		return domain.File{}, tooLarge(f), nil
	}
	return domain.File{}, domain.Message{}, err
}

// readErrors remembers the error that reading has ended with, unless that is the end.
type readErrors struct {
	r   io.Reader
	err error
}

func (r *readErrors) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
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

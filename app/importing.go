package app

import (
	"context"
	"errors"

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

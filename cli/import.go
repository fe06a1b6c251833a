package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"octavo/app"
	"octavo/domain"
	"octavo/imports"
	"octavo/lang"
)

type importCommand struct {
	From importFrom `cmd:"" default:"withargs" help:"Import notes, as other programs export them, from a file or a folder."`
	List importList `cmd:"" help:"List the imports that can be undone, and what came of them."`
	Undo importUndo `cmd:"" help:"Undo an import, within ${import_days} days. Notes that have been edited since stay."`
}

// importInto says where notes are imported.
type importInto struct {
	User  string `help:"Whose notes they become: the name that they sign in with. The owner's without it."`
	Space string `help:"The shared space that they go into, by its name or id. Their own without it."`
	JSON  bool   `name:"json" help:"Print the report as JSON."`
}

type importFrom struct {
	importInto
	Path       string `arg:"" help:"The file or the folder."`
	DryRun     bool   `help:"Say what would come, and store nothing."`
	FolderTags bool   `help:"Make nested tags of folders and notebooks."`
	As         string `help:"A name that tells this source from others of its kind, in which notes are called the same. Give it each time."`
}

// importMemory is from how much memory on an import rather collects garbage than takes more: a server may run beside it. With 100,000
// notes that costs an eighth more time.
const importMemory = 96 << 20

// Run imports a source, or says what would come of it.
func (c importFrom) Run(p *program) (err error) {
	if _, err := os.Stat(c.Path); errors.Is(err, fs.ErrNotExist) {
		return settingsError{fmt.Sprintf("there is no file or folder %q", c.Path)}
	}
	debug.SetMemoryLimit(min(debug.SetMemoryLimit(-1), importMemory))
	ctx, stop := signal.NotifyContext(p.ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program, and housekeeping takes back what has come in
	return p.withImports(c.importInto, func(importing *app.Importing, access domain.WriteAccess) (err error) {
		source, err := imports.Open(c.Path, imports.Options{FolderTags: c.FolderTags})
		if err != nil {
			return inWords(err)
		}
		defer func() { err = errors.Join(err, source.Close()) }()
		report := importReport{Kind: source.Kind(), DryRun: c.DryRun}
		progress := p.newProgress()
		options := app.ImportOptions{
			Name: filepath.Base(filepath.Clean(c.Path)), Apart: c.As, Progress: progress.show,
			Lost: func(place string, why domain.Message) {
				if c.JSON {
					report.lose(place, why)
					return
				}
				progress.clear()
				_, _ = fmt.Fprintf(p.stdout, "%s: %s\n", place, lang.English().Say(why)) // fails when the report does
			},
		}
		if c.DryRun {
			report.Counts, err = importing.Plan(ctx, access, source, options)
		} else {
			var i domain.Import
			i, err = importing.Run(ctx, access, source, options)
			report.Import, report.State, report.Counts = i.ID, i.State, i.Counts
		}
		progress.clear()
		switch {
		case err != nil && ctx.Err() != nil && report.State != domain.ImportCancelled && !c.DryRun:
			return fmt.Errorf("%s: %w", lang.English().Text("import.report.left"), err)
		case err != nil && ctx.Err() != nil:
			return errors.New(lang.English().Text("import.report.cancelled"))
		case err != nil:
			return inWords(err)
		}
		return p.printImport(report, c.JSON)
	})
}

// importReport is what is said of an import.
type importReport struct {
	Import domain.ID           `json:"import,omitempty"`
	Kind   domain.ImportKind   `json:"kind"`
	DryRun bool                `json:"dry_run"`
	State  domain.ImportState  `json:"state,omitempty"`
	Counts domain.ImportCounts `json:"counts"`
	Lost   []importLost        `json:"lost,omitempty"` // the first maxLost
}

type importLost struct {
	Place string      `json:"place"`
	Code  domain.Code `json:"code"`
	Text  string      `json:"text"`
}

// maxLost is how much a report for programs says of what couldn't be carried. Counts have all of it.
const maxLost = 10_000

func (r *importReport) lose(place string, why domain.Message) {
	if len(r.Lost) < maxLost {
		r.Lost = append(r.Lost, importLost{place, why.Code, lang.English().Say(why)})
	}
}

func (p *program) printImport(r importReport, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(p.stdout).Encode(r)
	}
	english, c := lang.English(), r.Counts
	var said []domain.Message
	switch {
	case r.DryRun:
		said = append(said, domain.NewMessage("import.report.planned"))
	case r.State == domain.ImportDone:
		said = append(said, domain.NewMessage("import.report.done", "id", string(r.Import), "days", domain.Days(domain.ImportLife)))
	default:
		said = append(said, domain.NewMessage("import.report.undone"))
	}
	for _, line := range []struct {
		code  domain.Code
		count int
	}{
		{"import.report.added", c.Added},
		{"import.report.revised", c.Revised},
		{"import.report.same", c.Same},
		{"import.report.differing", c.Differing},
		{"import.report.not_stored", c.Left},
		{"import.report.tags", c.Tags},
		{"import.report.files", c.Files},
		{"import.report.links", c.Links},
		{"import.report.missing", c.Missing},
		{"import.report.lost", c.Lost},
		{"import.report.kept", c.Kept},
	} {
		if line.count > 0 {
			said = append(said, domain.NewMessage(line.code, "count", line.count))
		}
	}
	for _, message := range said {
		if _, err := fmt.Fprintln(p.stdout, english.Say(message)); err != nil {
			return err
		}
	}
	return nil
}

type importList struct{ importInto }

// maxImports is how many imports are listed.
const maxImports = 1000

func (c importList) Run(p *program) error {
	return p.withImports(c.importInto, func(importing *app.Importing, access domain.WriteAccess) error {
		list, err := importing.List(p.ctx, access.Read(), maxImports)
		if err != nil {
			return err
		}
		if c.JSON {
			reports := make([]importReport, len(list))
			for at, i := range list {
				reports[at] = importReport{Import: i.ID, Kind: i.Kind, State: i.State, Counts: i.Counts}
			}
			return json.NewEncoder(p.stdout).Encode(reports)
		}
		w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		if len(list) > 0 {
			_, _ = fmt.Fprintln(w, "ID\tBEGAN\tFROM\tKIND\tSTATE\tADDED\tREVISED") // fails when Flush does
		}
		for _, i := range list {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\n", i.ID, i.Began.UTC().Format(time.RFC3339), i.Name, i.Kind, i.State, i.Counts.Added, i.Counts.Revised)
		}
		return w.Flush()
	})
}

type importUndo struct {
	importInto
	ID string `arg:"" help:"The id that the import was given, as list tells it."`
}

func (c importUndo) Run(p *program) error {
	id, ok := domain.ParseID(c.ID)
	if !ok {
		return domain.ErrImportNotFound
	}
	return p.withImports(c.importInto, func(importing *app.Importing, access domain.WriteAccess) error {
		i, err := importing.Undo(p.ctx, access, id)
		if err != nil {
			return err
		}
		kept := domain.ImportCounts{Kept: i.Counts.Kept}
		return p.printImport(importReport{Import: i.ID, Kind: i.Kind, State: i.State, Counts: kept}, c.JSON)
	})
}

// withImports runs what is about imports into a space of a database.
func (p *program) withImports(into importInto, run func(*app.Importing, domain.WriteAccess) error) error {
	return p.withAccounts("notes", func(s settings, store domain.Store, accounts *app.Accounts) (err error) {
		if err := accounts.EnsureOwner(p.ctx); err != nil {
			return err
		}
		user, err := p.userCalled(store, into.User)
		if err != nil {
			return err
		}
		blobs, closeBlobs, err := s.openBlobs()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, closeBlobs()) }()
		features, actor := app.New(store, blobs, domain.SystemClock{}), domain.Actor{User: user}
		features.LimitUploads(s.quota)
		space := actor.PersonalSpace()
		if into.Space != "" {
			if space, err = spaceCalled(p.ctx, features.Memberships(accounts), actor, into.Space); err != nil {
				return err
			}
		}
		access, err := app.NewSpaces(store.Spaces()).Write(p.ctx, actor, space)
		if err != nil {
			return err
		}
		return run(features.Importing(http.DetectContentType), access)
	})
}

// progress shows how far something is: as a bar on a terminal, and by a line now and then elsewhere.
type progress struct {
	p    *program
	bar  *progressbar.ProgressBar // nil elsewhere, or before the total is known
	tty  bool
	last time.Time
}

// progressGap is how often a line says how far something is.
const progressGap = 10 * time.Second

func (p *program) newProgress() *progress {
	file, ok := p.stderr.(*os.File)
	return &progress{p: p, tty: ok && term.IsTerminal(int(file.Fd())), last: time.Now()}
}

func (p *progress) show(at app.ImportProgress) {
	code := domain.Code("import.report.reading")
	if at.Total > 0 {
		code = "import.report.importing"
	}
	said := lang.English().Text(code, "count", at.Read, "total", at.Total)
	switch {
	case !p.tty && time.Since(p.last) >= progressGap:
		p.last = time.Now()
		_, _ = fmt.Fprintln(p.p.stderr, said) // nothing depends on it
	case p.tty && at.Total == 0:
		_, _ = fmt.Fprintf(p.p.stderr, "\r%s", said)
	case p.tty:
		if p.bar == nil {
			p.clear()
			p.bar = progressbar.NewOptions(at.Total, progressbar.OptionSetWriter(p.p.stderr), progressbar.OptionShowCount(),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		_ = p.bar.Set(at.Read)
	}
}

// clear takes away what is shown, so that a line can be printed.
func (p *progress) clear() {
	switch {
	case p.bar != nil:
		_ = p.bar.Clear()
	case p.tty:
		_, _ = fmt.Fprint(p.p.stderr, "\r\x1b[K")
	}
}

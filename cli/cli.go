// Package cli is the command line: it reads the settings, wires the adapters to the use cases and runs them. It is the
// only package that knows every other.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/memory"
	"octavo/web"
)

// Stamped in by the build.
var (
	version = "dev"
	commit  = "unknown"
)

// The exit statuses.
const (
	exitOK       = 0
	exitFailure  = 1 // the program couldn't do what it was asked
	exitSettings = 2 // it was asked wrongly: the command line or a setting
)

type commands struct {
	Serve    serveCommand    `cmd:"" default:"1" help:"Start the app. This is what octavo does when nothing else is asked."`
	Link     linkCommand     `cmd:"" help:"Print a link that signs somebody in, the owner unless named. It works once, within ${link_minutes} minutes."`
	Key      keyCommand      `cmd:"" help:"Print the key with which programs call the API."`
	User     userCommand     `cmd:"" help:"Say who has an account, and how they sign in."`
	Token    tokenCommand    `cmd:"" help:"Create, list and revoke tokens, each of which lets a program do some of what somebody may."`
	Audit    auditCommand    `cmd:"" help:"List who signed in, whose password was set, who was invited, and the like: the newest last."`
	Sessions sessionsCommand `cmd:"" help:"End the sessions of browsers that have opened the app."`
	Import   importCommand   `cmd:"" help:"Import notes from other programs, list what was imported, and undo it."`
	Migrate  migrateCommand  `cmd:"" help:"Look at the database's schema, or bring it up to date."`
	Reindex  reindexCommand  `cmd:"" help:"Compare the index of searches with the notes, and mend it."`
	OpenAPI  openAPICommand  `cmd:"" name:"openapi" help:"Print the API's description, an OpenAPI document."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
	Help     helpCommand     `cmd:"" help:"Print this help."`

	ShowVersion kong.VersionFlag `name:"version" help:"Print the version."`
}

// program is what a command works with.
type program struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string // like os.Environ
	dir            string   // where .env may lie
}

// Run runs the command that args name, without the program's own name, and returns the exit status. What went wrong
// is one line on stderr.
func Run(args []string, stdout, stderr io.Writer) int {
	return (&program{
		ctx: context.Background(), stdin: os.Stdin, stdout: stdout, stderr: stderr, environ: os.Environ(), dir: ".",
	}).run(args)
}

func (p *program) run(args []string) (status int) {
	exited := false
	parser, err := kong.New(&commands{},
		kong.Name("octavo"), kong.Description("Octavo is a notes app that you run yourself. Settings are read from the "+
			"environment and from .env; .env.example lists them."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(int) { exited = true }), // --help has been printed
		kong.Vars{
			"version":      fmt.Sprintf("octavo %s (%s)", version, commit),
			"link_minutes": strconv.Itoa(int(domain.SignInLife.Minutes())),

			"farewell_days":   strconv.Itoa(domain.Days(domain.FarewellLife)),
			"import_days":     strconv.Itoa(domain.Days(domain.ImportLife)),
			"invitation_days": strconv.Itoa(domain.Days(domain.InvitationLife)),
			"scopes":          scopeNames(),
		},
		kong.Bind(p),
	)
	if err != nil {
		return p.fail(err)
	}
	command, err := parser.Parse(args)
	if exited {
		return exitOK
	}
	if err != nil {
		return p.fail(settingsError{err.Error() + " (`octavo help` lists the commands)"})
	}
	if err := command.Run(); err != nil {
		return p.fail(err)
	}
	return exitOK
}

// fail prints err on one line and returns the exit status it calls for.
func (p *program) fail(err error) int {
	_, _ = fmt.Fprintf(p.stderr, "octavo: %s\n", strings.ReplaceAll(lang.English().Explain(err), "\n", "; "))
	var wrong settingsError
	if errors.As(err, &wrong) {
		return exitSettings
	}
	return exitFailure
}

type openAPICommand struct{}

// Run prints what /openapi.json answers.
func (openAPICommand) Run(p *program) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	features := app.New(memory.New(), new(memory.Blobs), domain.SystemClock{}) // the description is the same for every store
	document, err := web.Description(web.Config{App: features, BaseURL: s.url(s.HTTPAddr), Version: version})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", document)
	return err
}

type versionCommand struct{}

func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintf(p.stdout, "octavo %s (%s)\n", version, commit)
	return err
}

type helpCommand struct{}

func (helpCommand) Run(p *program) error {
	p.run([]string{"--help"})
	return nil
}

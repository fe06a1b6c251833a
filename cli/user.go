package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"octavo/app"
	"octavo/domain"
	"octavo/files"
	"octavo/lang"
	"octavo/web"
)

type userCommand struct {
	List    userList    `cmd:"" help:"List who has an account."`
	Add     userAdd     `cmd:"" help:"Print a link with which somebody new chooses a name and a password. It works once, within ${invitation_days} days."`
	Passwd  userPasswd  `cmd:"" help:"Set somebody's password, read from a terminal or as a line of standard input, end all their sessions and revoke their tokens."`
	TwoStep userTwoStep `cmd:"" name:"two-step-off" help:"Turn off somebody's two-step sign-in, when they have lost their phone and the recovery codes."`
	Disable userDisable `cmd:"" help:"Keep somebody out, end their sessions and revoke their tokens. Their notes stay."`
	Enable  userEnable  `cmd:"" help:"Let somebody in again, and keep their account if it was to be deleted."`
	Rm      userRemove  `cmd:"" help:"Keep somebody out, and delete their account and personal notes after ${farewell_days} days, unless they are enabled before."`
}

type userList struct{}

func (userList) Run(p *program) error {
	return p.withPeople(func(_ settings, people *app.People, _ *app.Audit, access domain.AdminAccess) error {
		users, _, err := people.List(p.ctx, access)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		for _, u := range users {
			if _, err := fmt.Fprintf(table, "%s\t%s\t%s%s\n", u.Name, u.Standing(), u.Created.Format(time.DateOnly), goes(u)); err != nil {
				return err
			}
		}
		return table.Flush()
	})
}

type userAdd struct {
	Admin bool `help:"Make them an admin, who can invite others and keep them out."`
}

func (c userAdd) Run(p *program) error {
	return p.withPeople(func(s settings, people *app.People, audit *app.Audit, access domain.AdminAccess) error {
		i, secret, err := people.Invite(p.ctx, access, c.Admin)
		if err != nil {
			return err
		}
		p.record(audit, domain.AuditEvent{Action: domain.AuditInvitationMade, Detail: fmt.Sprintf("invitation=%s admin=%t", i.ID, i.Admin)})
		_, err = fmt.Fprintln(p.stdout, web.InvitationURL(s.url(s.HTTPAddr), secret))
		return err
	})
}

type userDisable struct {
	User string `arg:"" help:"The name that they sign in with."`
}

func (c userDisable) Run(p *program) error { return p.setDisabled(c.User, true) }

type userEnable struct {
	User string `arg:"" help:"The name that they sign in with."`
}

func (c userEnable) Run(p *program) error { return p.setDisabled(c.User, false) }

func (p *program) setDisabled(name string, disabled bool) error {
	return p.withPeople(func(_ settings, people *app.People, audit *app.Audit, access domain.AdminAccess) error {
		u, err := people.Find(p.ctx, access, name)
		if err != nil {
			return err
		}
		changed, err := people.SetDisabled(p.ctx, access, u.ID, disabled)
		if err != nil {
			return err
		}
		what, action := "enabled", domain.AuditEnabled
		if disabled {
			what, action = "disabled", domain.AuditDisabled
		}
		if changed {
			p.record(audit, domain.AuditEvent{Action: action, To: u.ID})
		}
		_, err = fmt.Fprintf(p.stdout, "%s is %s\n", u.Name, what)
		return err
	})
}

type userRemove struct {
	User string `arg:"" help:"The name that they sign in with."`
}

func (c userRemove) Run(p *program) error {
	return p.withPeople(func(_ settings, people *app.People, audit *app.Audit, access domain.AdminAccess) error {
		u, err := people.Find(p.ctx, access, c.User)
		if err != nil {
			return err
		}
		changed, err := people.Remove(p.ctx, access, u.ID)
		if err != nil {
			return err
		}
		if changed {
			p.record(audit, domain.AuditEvent{Action: domain.AuditAccountRemoved, To: u.ID})
		}
		if u, err = people.Find(p.ctx, access, c.User); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s is disabled%s\n", u.Name, goes(u))
		return err
	})
}

// goes tells when the account of a user is deleted, if it is.
func goes(u domain.User) string {
	if u.Goes.IsZero() {
		return ""
	}
	return ", to be deleted on " + u.Goes.Format(time.DateOnly)
}

// record keeps what whoever has the machine's shell has done. That has been done, even where it can't be kept.
func (p *program) record(audit *app.Audit, e domain.AuditEvent) {
	e.Detail = strings.TrimSpace("by=shell " + e.Detail)
	if err := audit.Record(p.ctx, e); err != nil {
		_, _ = fmt.Fprintf(p.stderr, "octavo: the audit log doesn't have it: %s\n", lang.English().Explain(err))
	}
}

func auditOf(store domain.Store) *app.Audit { return app.New(store, nil, domain.SystemClock{}).Audit() }

// withPeople runs what the owner does with people in a database.
func (p *program) withPeople(run func(settings, *app.People, *app.Audit, domain.AdminAccess) error) error {
	return p.withAccounts("accounts", func(s settings, store domain.Store, accounts *app.Accounts) error {
		if err := accounts.EnsureOwner(p.ctx); err != nil {
			return err
		}
		features := app.New(store, nil, domain.SystemClock{})
		people := features.People(accounts)
		access, err := people.Access(p.ctx, domain.Actor{User: domain.OwnerID}, "")
		if err != nil {
			return err
		}
		return run(s, people, features.Audit(), access)
	})
}

type userPasswd struct {
	User string `arg:"" optional:"" help:"The name that they sign in with. The owner without it."`
	Name string `help:"The name to sign in with from now on. The one there is stays without it."`
}

func (c userPasswd) Run(p *program) error {
	return p.withAccounts("passwords", func(s settings, store domain.Store, accounts *app.Accounts) error {
		if err := accounts.EnsureOwner(p.ctx); err != nil {
			return err
		}
		id, err := p.userCalled(store, c.User)
		if err != nil {
			return err
		}
		password, err := p.readPassword()
		if err != nil {
			return err
		}
		if err := files.RotateSignIn(s.DataDir); err != nil { // whom a link that is still about would sign in
			return fmt.Errorf("DATA_DIR: %w", err)
		}
		user, err := accounts.ResetPassword(p.ctx, domain.Actor{User: id}, c.Name, password)
		if err != nil {
			return inWords(err)
		}
		p.record(auditOf(store), domain.AuditEvent{Action: domain.AuditPasswordSet, To: user.ID})
		_, err = fmt.Fprintf(p.stdout, "password set; sign in as %s\n", user.Name)
		return err
	})
}

type userTwoStep struct {
	User string `arg:"" optional:"" help:"The name that they sign in with. The owner without it."`
}

func (c userTwoStep) Run(p *program) error {
	return p.withAccounts("accounts", func(_ settings, store domain.Store, accounts *app.Accounts) error {
		id, err := p.userCalled(store, c.User)
		if err != nil {
			return err
		}
		if err := accounts.ResetSecondStep(p.ctx, domain.Actor{User: id}); err != nil {
			return inWords(err)
		}
		p.record(auditOf(store), domain.AuditEvent{Action: domain.AuditSecondStepOff, To: id})
		_, err = fmt.Fprintln(p.stdout, "two-step sign-in is off")
		return err
	})
}

// userCalled returns the id of the user who signs in with a name, or of the owner for "".
func (p *program) userCalled(store domain.Store, name string) (domain.ID, error) {
	if name == "" {
		return domain.OwnerID, nil
	}
	u, err := store.Users().ByLogin(p.ctx, domain.LoginOf(name))
	return u.ID, err
}

// readPassword reads a password: where somebody types it, twice, and without showing it.
func (p *program) readPassword() (string, error) {
	file, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(p.stdin, 2*domain.MaxPassword)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var typed [2]string
	for i, prompt := range []string{"New password: ", "Once more: "} {
		if _, err := fmt.Fprint(p.stderr, prompt); err != nil {
			return "", err
		}
		text, err := term.ReadPassword(int(file.Fd()))
		if _, err := fmt.Fprintln(p.stderr); err != nil {
			return "", err
		}
		if err != nil {
			return "", err
		}
		typed[i] = string(text)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two passwords differ")
	}
	return typed[0], nil
}

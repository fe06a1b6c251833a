package cli

import (
	"errors"
	"fmt"
	"net/url"

	"octavo/app"
	"octavo/domain"
	"octavo/files"
	"octavo/web"
)

// openKeys returns the keys in DATA_DIR, and makes both when they are missing.
func (s *settings) openKeys() (*files.Keys, error) {
	keys, err := files.OpenKeys(s.DataDir)
	if err != nil {
		return nil, fmt.Errorf("DATA_DIR: %w", err)
	}
	return keys, nil
}

// newLink returns a link that signs a user in, once, soon.
func newLink(base *url.URL, keys domain.Keys, user domain.ID) (string, error) {
	secret, err := keys.SignIn()
	if err != nil {
		return "", fmt.Errorf("DATA_DIR: %w", err)
	}
	return web.SignInURL(base, domain.NewTicket(secret, user, domain.SystemClock{}.Now())), nil
}

type linkCommand struct {
	User string `arg:"" optional:"" help:"The name that they sign in with. The owner without it."`
}

func (c linkCommand) Run(p *program) error {
	user, err := p.linked(c.User)
	if err != nil {
		return err
	}
	s, err := p.settings()
	if err != nil {
		return err
	}
	keys, err := s.openKeys()
	if err != nil {
		return err
	}
	link, err := newLink(s.url(s.HTTPAddr), keys, user)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, link)
	return err
}

// linked returns the id of the user whom a link is for. Only the owner is known without the database.
func (p *program) linked(name string) (id domain.ID, err error) {
	if name == "" {
		return domain.OwnerID, nil
	}
	err = p.withAccounts("accounts", func(_ settings, store domain.Store, _ *app.Accounts) error {
		u, err := store.Users().ByLogin(p.ctx, domain.LoginOf(name))
		if err == nil && u.Disabled {
			err = domain.ErrDisabled
		}
		id = u.ID
		return err
	})
	return id, err
}

type keyCommand struct {
	Rotate bool `help:"Replace the key. The old one opens nothing from then on."`
}

func (c keyCommand) Run(p *program) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	keys, err := s.openKeys()
	if err != nil {
		return err
	}
	read := keys.APIKey
	if c.Rotate {
		read = keys.RotateAPIKey
	}
	key, err := read()
	if err != nil {
		return fmt.Errorf("DATA_DIR: %w", err)
	}
	_, err = fmt.Fprintln(p.stdout, key)
	return err
}

type sessionsCommand struct {
	End sessionsEnd `cmd:"" help:"End all sessions: every browser has to open a new link."`
}

type sessionsEnd struct{}

func (sessionsEnd) Run(p *program) error {
	return p.withAccounts("sessions", func(s settings, store domain.Store, accounts *app.Accounts) error {
		if err := files.RotateSignIn(s.DataDir); err != nil { // a link that is still about would open another
			return fmt.Errorf("DATA_DIR: %w", err)
		}
		users, err := store.Users().List(p.ctx)
		if err != nil {
			return err
		}
		ended := 0
		for _, u := range users {
			n, err := accounts.EndSessions(p.ctx, domain.Actor{User: u.ID}, "")
			if err != nil {
				return err
			}
			if n > 0 {
				p.record(auditOf(store), domain.AuditEvent{Action: domain.AuditSessionEnded, To: u.ID, Detail: fmt.Sprintf("count=%d", n)})
			}
			ended += n
		}
		_, err = fmt.Fprintf(p.stdout, "sessions ended: %d\n", ended)
		return err
	})
}

// withAccounts runs what changes accounts in a database: what it keeps of them is called so, as memory can't be asked.
func (p *program) withAccounts(what string, run func(settings, domain.Store, *app.Accounts) error) (err error) {
	s, err := p.settings()
	if err != nil {
		return err
	}
	if s.inMemory() {
		_, keys := s.database()
		return wrongSetting(keys, "memory keeps %s in the program that runs; they end when it does", what)
	}
	if err := s.checkFile(); err != nil {
		return err
	}
	store, err := s.openSQL(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.CheckSchema(p.ctx); err != nil {
		return err
	}
	return run(s, store, app.NewAccounts(store, domain.SystemClock{}, nil)) // no key opens anything here
}

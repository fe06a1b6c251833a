package cli

import (
	"errors"
	"fmt"
	"net/url"

	"octavo/app"
	"octavo/domain"
	"octavo/files"
)

// openKeys returns the keys in DATA_DIR, and makes both when they are missing.
func (s *settings) openKeys() (*files.Keys, error) {
	keys, err := files.OpenKeys(s.DataDir)
	if err != nil {
		return nil, fmt.Errorf("DATA_DIR: %w", err)
	}
	return keys, nil
}

// newLink returns a link that signs the owner in, once, soon.
func newLink(base *url.URL, keys domain.Keys) (string, error) {
	secret, err := keys.SignIn()
	if err != nil {
		return "", fmt.Errorf("DATA_DIR: %w", err)
	}
	ticket := domain.NewTicket(secret, domain.SystemClock{}.Now())
	return base.String() + "/open?key=" + url.QueryEscape(ticket), nil
}

type linkCommand struct{}

func (linkCommand) Run(p *program) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	keys, err := s.openKeys()
	if err != nil {
		return err
	}
	link, err := newLink(s.url(s.HTTPAddr), keys)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, link)
	return err
}

type keyCommand struct {
	Rotate bool `help:"Put a new key in the place of the one there is, which opens nothing from then on."`
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

func (sessionsEnd) Run(p *program) (err error) {
	s, err := p.settings()
	if err != nil {
		return err
	}
	if s.inMemory() {
		return wrongSetting("DB_BACKEND", "memory keeps sessions in the program that runs; they end when it does")
	}
	store, err := s.openSQL(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.CheckSchema(p.ctx); err != nil {
		return err
	}
	if err := files.RotateSignIn(s.DataDir); err != nil { // a link that is still about would open another
		return fmt.Errorf("DATA_DIR: %w", err)
	}
	accounts := app.NewAccounts(store.Users(), store.Sessions(), store, domain.SystemClock{}, nil) // no key opens anything here
	n, err := accounts.EndSessions(p.ctx, domain.Actor{User: domain.OwnerID}, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%d ended\n", n)
	return err
}

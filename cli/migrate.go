package cli

import (
	"errors"
	"fmt"

	"octavo/ent"
)

type migrateCommand struct {
	Status migrateStatus `cmd:"" help:"List the migrations and which of them the database has."`
	Plan   migratePlan   `cmd:"" help:"Print the SQL that up would run."`
	Up     migrateUp     `cmd:"" help:"Bring the schema up to date."`
}

type (
	migrateStatus struct{}
	migratePlan   struct{}
	migrateUp     struct{}
)

func (migrateStatus) Run(p *program) error {
	return p.onSchema(func(store *ent.Store) error {
		migrations, err := store.Migrations(p.ctx)
		for _, m := range migrations {
			state := "pending"
			if m.Applied {
				state = "applied"
			}
			_, printErr := fmt.Fprintf(p.stdout, "%s  %06d_%s\n", state, m.Version, m.Name)
			err = errors.Join(err, printErr)
		}
		return err
	})
}

func (migratePlan) Run(p *program) error {
	return p.onSchema(func(store *ent.Store) error {
		plan, err := store.Plan(p.ctx)
		_, printErr := fmt.Fprint(p.stdout, plan)
		return errors.Join(err, printErr)
	})
}

func (migrateUp) Run(p *program) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	return p.onDatabase(&s, func(store *ent.Store) error {
		applied, err := store.Up(p.ctx)
		for _, m := range applied {
			_, printErr := fmt.Fprintf(p.stdout, "applied  %06d_%s\n", m.Version, m.Name)
			err = errors.Join(err, printErr)
		}
		if err == nil && len(applied) == 0 {
			_, err = fmt.Fprintln(p.stdout, "the schema is up to date")
		}
		return err
	})
}

// onSchema calls fn with a database that is there. Of a file that isn't, as where its path is wrong, it makes none.
func (p *program) onSchema(fn func(*ent.Store) error) error {
	s, err := p.settings()
	if err == nil {
		err = s.checkFile()
	}
	if err != nil {
		return err
	}
	return p.onDatabase(&s, fn)
}

func (p *program) onDatabase(s *settings, fn func(*ent.Store) error) (err error) {
	store, err := s.openSQL(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return fn(store)
}

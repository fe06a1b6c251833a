package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
)

type auditCommand struct {
	Limit int `default:"100" help:"How many events, at most."`
}

func (c auditCommand) Run(p *program) error {
	if c.Limit < 1 {
		return settingsError{"--limit has to be 1 or more"}
	}
	return p.withPeople(func(_ settings, people *app.People, audit *app.Audit, access domain.AdminAccess) error {
		events, err := audit.List(p.ctx, access, "", c.Limit)
		if err != nil {
			return err
		}
		names, err := people.Names(p.ctx, access)
		if err != nil {
			return err
		}
		name := func(id domain.ID) string { return cmp.Or(names[id], string(id)) } // somebody may be gone
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		for _, e := range slices.Backward(events) {
			more := e.Detail
			if e.Space != cmp.Or(e.To, e.User) {
				more = strings.TrimSpace("space=" + string(e.Space) + " " + more)
			}
			if e.To != "" {
				more = strings.TrimSpace("for=" + name(e.To) + " " + more)
			}
			if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", e.At.Format(time.RFC3339), lang.English().Text(e.Action), name(e.User), e.Address, more); err != nil {
				return err
			}
		}
		return table.Flush()
	})
}

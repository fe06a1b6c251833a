package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
)

type tokenCommand struct {
	Add    tokenAdd    `cmd:"" help:"Create a token and print it. It is printed only this once."`
	List   tokenList   `cmd:"" help:"List the tokens of a user, without their secrets."`
	Revoke tokenRevoke `cmd:"" help:"Revoke a token. It opens nothing from then on."`
}

// tokenUser says whose tokens are meant.
type tokenUser struct {
	User string `help:"Whose: the name that they sign in with. The owner's without it."`
}

type tokenAdd struct {
	tokenUser
	Name  string         `arg:"" help:"The name to know it by."`
	Scope []domain.Scope `required:"" help:"What it is for, several with commas: ${scopes}."`
	Days  int            `default:"90" help:"How many days it works, 0 for ever."`
	Tag   string         `help:"Only notes with this tag, or one nested under it."`
	Space string         `help:"The shared space that it is for, by its name or id. Their own without it."`
}

func (c tokenAdd) Run(p *program) error {
	return p.withTokens(c.User, func(accounts *app.Accounts, features *app.App, actor domain.Actor) error {
		draft := domain.TokenDraft{Name: c.Name, Scopes: c.Scope, Days: c.Days, Tag: c.Tag}
		if c.Space != "" {
			space, err := spaceCalled(p.ctx, features.Memberships(accounts), actor, c.Space)
			if err != nil {
				return err
			}
			draft.Space = space
		}
		token, secret, err := accounts.MakeToken(p.ctx, actor, draft, "")
		if err != nil {
			return inWords(err)
		}
		p.record(features.Audit(), domain.AuditEvent{Action: domain.AuditTokenMade, To: actor.User, Detail: fmt.Sprintf("scopes=%q", token.Scopes)})
		_, err = fmt.Fprintln(p.stdout, secret)
		return err
	})
}

type tokenList struct{ tokenUser }

func (c tokenList) Run(p *program) error {
	return p.withTokens(c.User, func(accounts *app.Accounts, features *app.App, actor domain.Actor) error {
		tokens, err := accounts.Tokens(p.ctx, actor)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		if len(tokens) > 0 {
			_, _ = fmt.Fprintln(w, "NAME\tSPACE\tTAG\tSCOPES\tCREATED\tLAST USED\tEXPIRES") // fails when Flush does
		}
		names, err := spaceNames(p.ctx, features.Memberships(accounts), actor)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.Name, names[t.Space], cmp.Or(string(t.Tag), "-"), t.Scopes, day(t.Created), day(t.Used), day(t.Expires))
		}
		return w.Flush()
	})
}

// day returns the date of a time in UTC, or "never".
func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.DateOnly)
}

type tokenRevoke struct {
	tokenUser
	Name string `arg:"" help:"The name that it is known by."`
}

func (c tokenRevoke) Run(p *program) error {
	return p.withTokens(c.User, func(accounts *app.Accounts, features *app.App, actor domain.Actor) error {
		tokens, err := accounts.Tokens(p.ctx, actor)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			if t.Name != c.Name {
				continue
			}
			if err := accounts.RevokeToken(p.ctx, actor, t.Hash); err != nil {
				return err
			}
			p.record(features.Audit(), domain.AuditEvent{Action: domain.AuditTokenRevoked, To: actor.User})
			_, err := fmt.Fprintf(p.stdout, "token revoked: %s\n", t.Name)
			return err
		}
		return domain.ErrTokenNotFound
	})
}

// withTokens runs what is about the tokens of a user in a database.
func (p *program) withTokens(name string, run func(*app.Accounts, *app.App, domain.Actor) error) error {
	return p.withAccounts("tokens", func(_ settings, store domain.Store, accounts *app.Accounts) error {
		if err := accounts.EnsureOwner(p.ctx); err != nil {
			return err
		}
		user, err := p.userCalled(store, name)
		if err != nil {
			return err
		}
		return run(accounts, app.New(store, nil, domain.SystemClock{}), domain.Actor{User: user})
	})
}

// spaceNames returns what the spaces are called in which somebody is, by their ids.
func spaceNames(ctx context.Context, memberships *app.Memberships, actor domain.Actor) (map[domain.ID]string, error) {
	shared, err := memberships.Spaces(ctx, actor)
	names := map[domain.ID]string{actor.PersonalSpace(): "-"}
	for _, s := range shared {
		names[s.ID] = s.Name
	}
	return names, err
}

// spaceCalled returns the space with a name, or an id, that somebody shares with others.
func spaceCalled(ctx context.Context, memberships *app.Memberships, actor domain.Actor, called string) (domain.ID, error) {
	names, err := spaceNames(ctx, memberships, actor)
	if err != nil {
		return "", err
	}
	delete(names, actor.PersonalSpace())
	var found []domain.ID
	for id, name := range names {
		if called == name || called == string(id) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 0:
		return "", domain.ErrSpaceNotFound
	case 1:
		return found[0], nil
	}
	return "", errors.New("several spaces are called so; give the id of one")
}

// inWords returns what is wrong with the first of several values that a command was given, as there are no fields here, or
// the error as it is.
func inWords(err error) error {
	if wrong := domain.FieldErrors(err); len(wrong) > 0 {
		return errors.New(lang.English().Say(wrong[0].Message))
	}
	return err
}

// scopeNames returns the names of all scopes, as a sentence lists them.
func scopeNames() string {
	var names []string
	for _, scope := range domain.AllScopes() {
		names = append(names, string(scope))
	}
	return strings.Join(names, ", ")
}

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// TestOnlyStoresSayWhoIsAMember finds each use of what makes a domain.Membership, and so gives access to a space.
func TestOnlyStoresSayWhoIsAMember(t *testing.T) {
	stores := []string{"octavo/ent", "octavo/memory", "octavo/domain/domaintest"}
	for _, p := range loadProgram(t) {
		for name, used := range p.TypesInfo.Uses {
			if used.Name() == "NewMembership" && used.Pkg() != nil && used.Pkg().Path() == "octavo/domain" && !below(p.PkgPath, stores) {
				t.Errorf("%s: %s is for stores", p.Fset.Position(name.Pos()), name)
			}
		}
	}
}

// TestNoPortIsAssertedToBeAnother finds what the compiler lets through: behind what reads and what writes may be one type.
func TestNoPortIsAssertedToBeAnother(t *testing.T) {
	for _, p := range loadProgram(t) {
		isPort := func(e ast.Expr) bool {
			named, ok := p.TypesInfo.TypeOf(e).(*types.Named)
			return ok && types.IsInterface(named) && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "octavo/domain"
		}
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				if a, ok := n.(*ast.TypeAssertExpr); ok && (isPort(a.X) || (a.Type != nil && isPort(a.Type))) {
					t.Errorf("%s: a port is asserted to be something else", p.Fset.Position(a.Pos()))
				}
				return true
			})
		}
	}
}

// TestWhoMayOnlyReadGetsNothingToWriteWith asks the compiler.
func TestWhoMayOnlyReadGetsNothingToWriteWith(t *testing.T) {
	loaded := map[string]*types.Package{}
	for _, p := range loadProgram(t) {
		if p.PkgPath == "octavo/app" {
			loaded[p.PkgPath] = p.Types
			for _, imported := range p.Types.Imports() {
				loaded[imported.Path()] = imported
			}
		}
	}
	const program = `package p

import (
	"context"

	"octavo/app"
	"octavo/domain"
)

func _(ctx context.Context, repos domain.Repos, app *app.App, m domain.Membership, read domain.ReadAccess, write domain.WriteAccess) {
	_ = %s
}`
	for _, c := range []struct{ expression, refusal string }{
		{"repos.ReadNotes(read)", ""},
		{"repos.ReadNotes(write.Read())", ""},
		{"repos.Notes(write)", ""},
		{"repos.Notes(write).Remove", ""},
		{"app.Records().Delete(ctx, write, \"\", nil)", ""},

		{"repos.Notes(read)", "cannot use read"},
		{"repos.Drafts(read)", "cannot use read"},
		{"repos.Records(read)", "cannot use read"},
		{"repos.ReadNotes(read).Remove", "Remove undefined"},
		{"repos.ReadNotes(read).Update", "Update undefined"},
		{"repos.ReadRevisions(read).Add", "Add undefined"},
		{"repos.ReadDrafts(read).Put", "Put undefined"},
		{"repos.ReadSearches(read).Add", "Add undefined"},
		{"repos.ReadUndos(read).Update", "Update undefined"},
		{"repos.ReadFiles(read).Add", "Add undefined"},
		{"repos.ReadRecords(read).Add", "Add undefined"},
		{"app.Drafts().Discard(ctx, read, \"\")", "cannot use read"},
		{"app.Records().Delete(ctx, read, \"\", nil)", "cannot use read"},

		// An access comes from a membership, and from nowhere else.
		{"domain.WriteAccess(read)", "cannot convert read"},
		{"domain.WriteAccess(m)", "cannot convert m"},
		{"domain.ReadAccess(m)", "cannot convert m"},
		{"domain.ReadAccess{\"space\", \"user\"}", "implicit assignment to unexported field"},
		{"domain.WriteAccess{\"owner\", read}", "implicit assignment to unexported field"},
		{"domain.Membership{read, \"owner\"}", "implicit assignment to unexported field"},
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", fmt.Sprintf(program, c.expression), 0)
		if err != nil {
			t.Fatal(err)
		}
		config := types.Config{Importer: importerOf(loaded)}
		_, said := config.Check("p", fset, []*ast.File{file}, nil)
		if (said == nil) != (c.refusal == "") || (said != nil && !strings.Contains(said.Error(), c.refusal)) {
			t.Errorf("%s: the compiler says %v, want %q", c.expression, said, c.refusal)
		}
	}
}

// importerOf imports packages that have been loaded.
type importerOf map[string]*types.Package

func (i importerOf) Import(path string) (*types.Package, error) {
	if p, ok := i[path]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("%s isn't loaded", path)
}

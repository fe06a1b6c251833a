package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"octavo/domain"
)

// importedKey is by what an import remembers a thing of its source.
type importedKey struct {
	id     domain.ID
	source domain.TokenHash
}

// ReadImports implements domain.Repos.
func (r repos) ReadImports(a domain.ReadAccess) domain.ImportReader { return imports{r.in(a)} }

// Imports implements domain.Repos.
func (r repos) Imports(a domain.WriteAccess) domain.Imports { return imports{r.in(a.Read())} }

type imports struct{ inSpace }

func (r imports) Add(ctx context.Context, i domain.Import) error {
	return r.write(ctx, func(t *tables) error { return t.imports.add(r.space, i.ID, i) })
}

func (r imports) Get(ctx context.Context, id domain.ID) (i domain.Import, err error) {
	err = r.read(ctx, func(t *tables) error {
		i, err = t.imports.get(r.space, id, domain.ErrImportNotFound)
		return err
	})
	return i, err
}

func (r imports) List(ctx context.Context, limit int) (list []domain.Import, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.imports.of(r.space)
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Import) int { return cmp.Compare(b.ID, a.ID) })
	return first(list, limit), err
}

func (r imports) Unfinished(ctx context.Context) (list []domain.Import, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = slices.DeleteFunc(t.imports.of(r.space), func(i domain.Import) bool { return !i.Unfinished() })
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Import) int { return cmp.Compare(a.ID, b.ID) })
	return list, err
}

func (r imports) Update(ctx context.Context, i domain.Import) error {
	return r.write(ctx, func(t *tables) error {
		stored, err := t.imports.get(r.space, i.ID, domain.ErrImportNotFound)
		if err != nil {
			return err
		}
		stored.State, stored.Counts, stored.Changed = i.State, i.Counts, i.Changed
		return t.imports.update(r.space, i.ID, stored, domain.ErrImportNotFound)
	})
}

func (r imports) Remember(ctx context.Context, list []domain.Imported) error {
	return r.write(ctx, func(t *tables) error {
		for _, i := range list {
			t.imported[own[importedKey]{r.space, importedKey{i.Import, i.Source}}] = i
		}
		return nil
	})
}

func (r imports) Forget(ctx context.Context, id domain.ID, sources []domain.TokenHash) error {
	return r.write(ctx, func(t *tables) error {
		for _, source := range sources {
			delete(t.imported, own[importedKey]{r.space, importedKey{id, source}})
		}
		return nil
	})
}

func (r imports) Known(ctx context.Context, sources []domain.TokenHash) (map[domain.TokenHash]domain.Imported, error) {
	asked, known := map[domain.TokenHash]bool{}, map[domain.TokenHash]domain.Imported{}
	for _, source := range sources {
		asked[source] = true
	}
	return known, r.read(ctx, func(t *tables) error {
		for key, i := range t.imported {
			if key.space == r.space && asked[i.Source] && i.Import > known[i.Source].Import {
				known[i.Source] = i
			}
		}
		return nil
	})
}

func (r imports) Of(ctx context.Context, id domain.ID, after domain.TokenHash, limit int) (list []domain.Imported, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, i := range t.imported {
			if key.space == r.space && i.Import == id && i.Source > after {
				list = append(list, i)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Imported) int { return cmp.Compare(a.Source, b.Source) })
	return first(list, limit), err
}

func (r housekeeping) StoppedImports(ctx context.Context, since time.Time, limit int) (list []domain.StoppedImport, err error) {
	err = r.read(ctx, func(t *tables) error {
		for id, row := range t.imports {
			if !row.entity.Unfinished() || row.entity.Changed.After(since) {
				continue
			}
			access, err := domain.NewMembership(row.space, row.entity.User, domain.RoleEditor).Write()
			if err != nil {
				return err
			}
			list = append(list, domain.StoppedImport{Import: id, Access: access})
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.StoppedImport) int { return cmp.Compare(a.Import, b.Import) })
	return first(list, limit), err
}

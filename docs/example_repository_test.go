package docs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"octavo/domain"
)

// folder is a domain.Records that keeps each record as a JSON file.
type folder struct{ root *os.Root }

var _ domain.Records = folder{}

func (f folder) Add(_ context.Context, r domain.Record) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return f.root.WriteFile(fileName(r.ID), content, 0o600)
}

func (f folder) Get(_ context.Context, id domain.ID) (r domain.Record, err error) {
	content, err := f.root.ReadFile(fileName(id))
	if err != nil {
		return r, notFound(err)
	}
	return r, json.Unmarshal(content, &r)
}

func (f folder) List(ctx context.Context, after domain.RecordCursor, limit int) ([]domain.Record, error) {
	files, err := fs.Glob(f.root.FS(), "*.json") // sorted by name, which is the order of the port
	if err != nil {
		return nil, err
	}
	begin, found := slices.BinarySearch(files, fileName(domain.ID(after)))
	if found {
		begin++
	}
	var list []domain.Record
	for _, file := range files[begin:min(begin+limit, len(files))] {
		r, err := f.Get(ctx, domain.ID(strings.TrimSuffix(file, ".json")))
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func (f folder) Update(ctx context.Context, r domain.Record) error {
	if _, err := f.root.Stat(fileName(r.ID)); err != nil {
		return notFound(err)
	}
	return f.Add(ctx, r)
}

func (f folder) Remove(_ context.Context, id domain.ID) error {
	return notFound(f.root.Remove(fileName(id)))
}

func fileName(id domain.ID) string { return string(id) + ".json" }

// notFound gives a missing file the error that the port promises.
func notFound(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return domain.ErrRecordNotFound
	}
	return err
}

// useRecords adds two records, changes one and deletes the other. It knows the port and nothing behind it.
func useRecords(ctx context.Context, records domain.Records) error {
	now := domain.SystemClock{}.Now()
	tea, errTea := domain.NewRecord(domain.RecordDraft{Title: "Tea"}, now)
	coffee, errCoffee := domain.NewRecord(domain.RecordDraft{Title: "Coffee"}, now)
	if err := errors.Join(errTea, errCoffee, records.Add(ctx, tea), records.Add(ctx, coffee)); err != nil {
		return err
	}

	stored, err := records.Get(ctx, tea.ID)
	if err != nil {
		return err
	}
	stored, err = stored.Edited(domain.RecordDraft{Title: "Green tea", Content: "70 °C"}, now)
	if err != nil {
		return err
	}
	if err := errors.Join(records.Update(ctx, stored), records.Remove(ctx, coffee.ID)); err != nil {
		return err
	}

	list, err := records.List(ctx, "", 10)
	for _, r := range list {
		fmt.Printf("%s, %s\n", r.Title, r.Content)
	}
	fmt.Println(records.Remove(ctx, coffee.ID))
	return err
}

func Example_repository() {
	dir, err := os.MkdirTemp("", "records")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	root, err := os.OpenRoot(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = root.Close() }()

	if err := useRecords(context.Background(), folder{root}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Green tea, 70 °C
	// record.not_found
}

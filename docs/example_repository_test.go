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

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// folder is a domain.Records that keeps each record as a JSON file.
type folder struct{ root *os.Root }

var _ domain.Records = folder{}

// ReadRecords and Records make it what app.NewRecords wants: something that has the records of each space. Whoever asks
// gets the same ones here.
func (f folder) ReadRecords(domain.ReadAccess) domain.RecordReader { return f }
func (f folder) Records(domain.WriteAccess) domain.Records         { return f }

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

// useRecords adds two records, changes one and deletes the other. It knows the use cases and nothing behind them.
func useRecords(ctx context.Context, records *app.Records, me domain.WriteAccess) error {
	tea, errTea := records.Create(ctx, me, domain.RecordDraft{Title: "Tea"})
	coffee, errCoffee := records.Create(ctx, me, domain.RecordDraft{Title: "Coffee"})
	if err := errors.Join(errTea, errCoffee); err != nil {
		return err
	}
	_, err := records.Update(ctx, me, tea.ID, nil, domain.RecordDraft{Title: "Green tea", Content: "70 °C"})
	if err := errors.Join(err, records.Delete(ctx, me, coffee.ID, nil)); err != nil {
		return err
	}
	for r, err := range records.All(ctx, me.Read()) {
		if err != nil {
			return err
		}
		fmt.Printf("%s, %s\n", r.Title, r.Content)
	}
	fmt.Println(records.Delete(ctx, me, coffee.ID, nil))
	return nil
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

	ctx := context.Background()
	me, err := addOwner(ctx, memory.New()) // who may do what is kept elsewhere
	if err != nil {
		fmt.Println(err)
	}
	if err := useRecords(ctx, app.NewRecords(folder{root}, domain.SystemClock{}), me); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Green tea, 70 °C
	// record.not_found
}

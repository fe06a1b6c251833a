package docs_test

import (
	"context"
	"errors"
	"fmt"

	"octavo/cli"
	"octavo/domain"
)

// keepRecord stores a record and prints all there are.
func keepRecord(ctx context.Context) (err error) {
	store, err := cli.OpenStore(ctx, ".")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	now := domain.SystemClock{}.Now()
	owner := domain.NewOwner(now)
	if err := store.Users().Add(ctx, owner); err != nil {
		return err
	}
	records := store.Records(domain.Actor{User: owner.ID})

	record, err := domain.NewRecord(domain.RecordDraft{Title: "Groceries", Content: "milk, bread"}, now)
	if err != nil {
		return err
	}
	if err := records.Add(ctx, record); err != nil {
		return err
	}
	list, err := records.List(ctx, "", 10)
	for _, r := range list {
		fmt.Printf("%s: %s\n", r.Title, r.Content)
	}
	return err
}

func Example_minimal() {
	if err := keepRecord(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Groceries: milk, bread
}

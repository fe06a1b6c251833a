package docs_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"octavo/domain"
	"octavo/ent"
)

// openStore opens the database that DATABASE_URL names and makes the tables that are missing.
func openStore(ctx context.Context) (domain.Store, error) {
	store, err := ent.Open(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// keepRecord stores a record and prints all there are.
func keepRecord(ctx context.Context) (err error) {
	store, err := openStore(ctx)
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

package docs_test

import (
	"context"
	"errors"
	"fmt"

	"octavo/app"
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

	me, err := addOwner(ctx, store)
	if err != nil {
		return err
	}
	records := store.Records(me)

	draft := domain.RecordDraft{Title: "Groceries", Content: "milk, bread"}
	record, err := domain.NewRecord(draft, domain.SystemClock{}.Now())
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

// addOwner adds the owner to a store, unless they are there, and returns their access to their own space.
func addOwner(ctx context.Context, store domain.Store) (domain.WriteAccess, error) {
	err := store.Users().Add(ctx, domain.NewOwner(domain.SystemClock{}.Now()))
	if err != nil && !errors.Is(err, domain.Conflict) {
		return domain.WriteAccess{}, err
	}
	owner := domain.Actor{User: domain.OwnerID}
	return app.NewSpaces(store.Spaces()).Write(ctx, owner, owner.PersonalSpace())
}

func Example_minimal() {
	if err := keepRecord(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Groceries: milk, bread
}

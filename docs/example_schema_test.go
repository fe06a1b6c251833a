package docs_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"octavo/cli"
	"octavo/domain"
)

// roundTrip stores a record and reads it back: an entity becomes a row, and a row an entity.
func roundTrip(ctx context.Context) (err error) {
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

	created := time.Date(2026, 5, 12, 20, 15, 0, 123_456_000, time.UTC)
	record, err := domain.NewRecord(domain.RecordDraft{Title: "Tea", Content: "Assam"}, created)
	if err != nil {
		return err
	}
	if err := records.Add(ctx, record); err != nil {
		return err
	}
	got, err := records.Get(ctx, record.ID)
	fmt.Println(got.Title, got.Content, got.Created)
	fmt.Println("the same as before:", got == record)
	return err
}

func Example_schema() {
	if err := roundTrip(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Tea Assam 2026-05-12 20:15:00.123456 +0000 UTC
	// the same as before: true
}

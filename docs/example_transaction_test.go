package docs_test

import (
	"context"
	"errors"
	"fmt"

	"octavo/cli"
	"octavo/domain"
)

// keepBoth stores a note and a record of the same title: both, or neither.
func keepBoth(ctx context.Context, store domain.Store, me domain.WriteAccess, title string) error {
	now := domain.SystemClock{}.Now()
	note, err := domain.NewNote(domain.NoteDraft{Title: title}, now)
	if err != nil {
		return err
	}
	return store.Atomically(ctx, func(repos domain.Repos) error {
		if err := repos.Notes(me).Add(ctx, note); err != nil {
			return err
		}
		if title == "Doubtful" {
			return errors.New("second thoughts")
		}
		record, err := domain.NewRecord(domain.RecordDraft{Title: title}, now)
		if err != nil {
			return err
		}
		return repos.Records(me).Add(ctx, record)
	})
}

// keepSome keeps one pair and fails at another. It prints what is there afterwards.
func keepSome(ctx context.Context) (err error) {
	store, err := cli.OpenStore(ctx, ".")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	me, err := addOwner(ctx, store)
	if err != nil {
		return err
	}

	for _, title := range []string{"Certain", "Doubtful"} {
		fmt.Printf("%s: %v\n", title, keepBoth(ctx, store, me, title))
	}

	notes, errNotes := store.ReadNotes(me.Read()).List(ctx, domain.NoteFilter{State: domain.Active}, nil, 10)
	records, errRecords := store.ReadRecords(me.Read()).List(ctx, "", 10)
	fmt.Printf("%d note, %d record\n", len(notes), len(records))
	return errors.Join(errNotes, errRecords)
}

func Example_transaction() {
	if err := keepSome(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Certain: <nil>
	// Doubtful: second thoughts
	// 1 note, 1 record
}

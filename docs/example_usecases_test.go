package docs_test

import (
	"context"
	"fmt"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/memory"
)

func Example_useCases() {
	ctx := context.Background()
	store := memory.New()
	notes := app.New(store, new(memory.Blobs), domain.SystemClock{}).Notes()
	me, err := addOwner(ctx, store)
	if err != nil {
		fmt.Println(err)
	}

	for _, text := range []string{"# Plan\n\nWrite it down.", "Call *Ada* about the engine", " "} {
		note, err := notes.Create(ctx, me, domain.NoteDraft{Content: text})
		if err != nil {
			fmt.Println("refused:", lang.English().Explain(err))
			continue
		}
		fmt.Println("created:", note.Title)
	}

	page, err := notes.List(ctx, me.Read(), domain.NoteFilter{State: domain.Active}, "", 20)
	if err != nil {
		fmt.Println(err)
	}
	for _, n := range page.Notes {
		fmt.Println("listed:", n.Title)
	}
	// Output:
	// created: Plan
	// created: Call Ada about the engine
	// refused: Please check the highlighted fields: title: Write a title or some text.
	// listed: Call Ada about the engine
	// listed: Plan
}

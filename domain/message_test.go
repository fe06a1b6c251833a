package domain_test

import (
	"encoding/json"
	"testing"

	"octavo/domain"
)

func TestAMessageIsTheSameAfterItWasStored(t *testing.T) {
	for _, m := range []domain.Message{domain.NewMessage("done"), domain.NewMessage("undo.renamed", "count", 12, "from", "work", "to", "10")} {
		stored, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var read domain.Message
		if err := json.Unmarshal(stored, &read); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, read.String(), m.String())
		for name, value := range m.Args {
			wantEqual(t, read.Args[name], value)
		}
	}
}

func TestALogHasTheCodeOfAMessageAndItsArguments(t *testing.T) {
	wantEqual(t, domain.NewMessage("note.title.too_long", "limit", 255, "length", 300).String(), "note.title.too_long length=300 limit=255")
}

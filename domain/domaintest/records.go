package domaintest

import (
	"fmt"
	"testing"
	"time"

	"octavo/domain"
)

func recordLifecycle(t *testing.T, f *fixture) {
	r, kept := f.record(t, "one"), f.record(t, "two")
	must(t, f.records.Add(f.ctx, r))
	must(t, f.records.Add(f.ctx, kept))

	r.Title, r.Content, r.Updated = "uno", "", f.now.Add(time.Hour)
	must(t, f.records.Update(f.ctx, r))
	got, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
	wantEqual(t, got, r)
	must(t, f.records.Update(f.ctx, r)) // nothing new, and still there

	must(t, f.records.Remove(f.ctx, r.ID))
	_, err = f.records.Get(f.ctx, r.ID)
	wantKind(t, err, domain.NotFound)
	got, err = f.records.Get(f.ctx, kept.ID)
	must(t, err)
	wantEqual(t, got, kept)
}

func recordsByPage(t *testing.T, f *fixture) {
	var made []domain.Record
	for i := range 11 {
		r := f.record(t, fmt.Sprintf("r%02d", i))
		must(t, f.records.Add(f.ctx, r))
		made = append(made, r)
	}
	var paged []domain.Record
	var after domain.RecordCursor
	for {
		page, err := f.records.List(f.ctx, after, 3)
		must(t, err)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		after = domain.RecordCursor(page[len(page)-1].ID)
	}
	wantEqual(t, len(paged), len(made))
	for i := range paged {
		wantEqual(t, paged[i], made[i])
	}
}

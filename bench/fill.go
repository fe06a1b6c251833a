package main

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/ent"
)

// maxRecords is how many records there are beside the most notes.
const maxRecords = 100_000

// fillBatch is how many notes or records are stored by one transaction.
const fillBatch = 1500

// contents is what requests need to know of a filled database.
type contents struct {
	token     string      // of a session of the owner
	notes     []domain.ID // some of them, spread evenly over all
	thousand  []domain.ID // of these a thousand, or all
	records   []domain.ID
	titles    []string // of some notes
	tags      []string // those of more notes than a page shows, the most frequent ones
	queries   map[string][]query
	histories map[int]domain.ID // by how many revisions the note has
	own       [writers][]*owned // notes that one client alone changes
	count     amount
	text      int64         // bytes of titles and contents
	took      time.Duration // to store the notes
}

// query is what is searched for, and how many notes that finds.
type query struct {
	text  string
	found int
}

// owned is a note as the client knows it that changes it.
type owned struct {
	id      domain.ID
	begin   string // of its content, which stays
	version int
}

// amount is how much a database is filled with.
type amount struct {
	notes, records int
	histories      []int // how many revisions each of some notes has besides
}

// amountOf is what databases with so many notes are filled with where they are measured.
func amountOf(notes int) amount { return amount{notes, min(notes, maxRecords), histories} }

// fill fills the database at a URL of ent.Open, whose tables and owner Octavo has made, through the store itself: so
// everything is there that follows from the notes, and the time it takes is that of an import.
func fill(ctx context.Context, databaseURL string, much amount) (_ *contents, err error) {
	store, err := ent.Open(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	f := &filler{store: store, now: time.Now().UTC().Truncate(time.Microsecond)}
	owner := domain.Actor{User: domain.OwnerID}
	if f.access, err = app.NewSpaces(store.Spaces()).Write(ctx, owner, owner.PersonalSpace()); err != nil {
		return nil, err
	}
	f.count = much
	session, token := domain.NewSession(domain.OwnerID, "bench", f.now)
	f.token = token
	if err := store.Sessions().Add(ctx, session); err != nil {
		return nil, err
	}
	if err := f.addRecords(ctx); err != nil {
		return nil, err
	}
	a := newAuthor(f)
	if err := a.addNotes(ctx); err != nil {
		return nil, err
	}
	if err := a.addHistories(ctx); err != nil {
		return nil, err
	}
	a.conclude()
	return &f.contents, nil
}

type filler struct {
	contents
	store  *ent.Store
	access domain.WriteAccess
	now    time.Time
}

// written tells when the i-th of n was written: in the last five years.
func (f *filler) written(i, n int) time.Time {
	const age = 5 * 365 * 24 * time.Hour
	return f.now.Add(-age + age/time.Duration(n)*time.Duration(i)).Truncate(time.Microsecond)
}

func (f *filler) addRecords(ctx context.Context) error {
	w := newWriter(3)
	n := f.count.records
	for first := 0; first < n; first += fillBatch {
		records := make([]domain.Record, 0, fillBatch)
		for i := first; i < min(first+fillBatch, n); i++ {
			r, err := domain.NewRecord(w.record(), f.written(i, n))
			if err != nil {
				return err
			}
			records = append(records, r)
			f.records = sample(f.records, r.ID, i, n)
		}
		if err := addAll(ctx, f, domain.Repos.Records, domain.Records.Add, records); err != nil {
			return err
		}
	}
	return nil
}

// addNotes stores the notes in the order in which they were changed last, as they come into being where they are used.
// While some are stored the next ones are written.
func (a *author) addNotes(ctx context.Context) error {
	began := time.Now()
	stop := make(chan struct{})
	defer close(stop)
	type batch struct {
		notes []domain.Note
		err   error
	}
	batches := make(chan batch, 1)
	go func() {
		defer close(batches)
		for first := 0; first < a.count.notes; first += fillBatch {
			var b batch
			for i := first; i < min(first+fillBatch, a.count.notes) && b.err == nil; i++ {
				var n domain.Note
				n, b.err = a.note(i)
				b.notes = append(b.notes, n)
			}
			select {
			case batches <- b:
			case <-stop:
				return
			}
		}
	}()
	for b := range batches {
		if b.err != nil {
			return b.err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.store.Notes(a.access).AddMany(context.WithoutCancel(ctx), b.notes, nil); err != nil {
			return err
		}
	}
	a.took = time.Since(began)
	return nil
}

// How many revisions the notes have whose history is opened: fewer than a page shows, more, and very many.
const (
	fewRevisions  = 10
	someRevisions = 100
	manyRevisions = 10_000
)

var histories = []int{fewRevisions, someRevisions, manyRevisions}

// addHistories adds notes that have been changed over and over, within the time for which all revisions are kept.
func (a *author) addHistories(ctx context.Context) error {
	a.histories = map[int]domain.ID{}
	w := newWriter(4)
	for _, revisions := range a.count.histories {
		const often = domain.KeepAll * 9 / 10 / manyRevisions
		saved := a.now.Add(-time.Duration(revisions) * often)
		n, err := domain.NewNote(domain.NoteDraft{Content: w.markdown(), Author: domain.OwnerID}, saved)
		if err != nil {
			return err
		}
		var before []domain.Revision
		for range revisions - 1 {
			before = append(before, n.Revision())
			saved = saved.Add(often)
			n, err = n.Edited(domain.NoteDraft{Content: w.markdown(), Author: domain.OwnerID}, n.Version, saved)
			if err != nil {
				return err
			}
		}
		a.histories[revisions] = n.ID
		a.takeDown(n)
		if err := a.store.Notes(a.access).Add(ctx, n); err != nil {
			return err
		}
		if err := addAll(ctx, a.filler, domain.Repos.Revisions, domain.Revisions.Add, before); err != nil {
			return err
		}
	}
	return nil
}

// addAll adds all of a kind in one transaction. Between two of them is where filling can be cut short: to be able to
// interrupt each statement takes a third of the time.
func addAll[R, T any](ctx context.Context, f *filler, repo func(domain.Repos, domain.WriteAccess) R,
	add func(R, context.Context, T) error, all []T,
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return f.store.Atomically(ctx, func(repos domain.Repos) error {
		to := repo(repos, f.access)
		for _, one := range all {
			if err := add(to, ctx, one); err != nil {
				return err
			}
		}
		return nil
	})
}

// sample appends the i-th of n, or leaves it out where there are more than enough.
func sample[T any](list []T, one T, i, n int) []T {
	const enough = 50_000
	if i%(n/enough+1) == 0 {
		return append(list, one)
	}
	return list
}

// author writes the notes, and remembers what requests need to know of them.
type author struct {
	*filler
	*writer
	recent  []string       // titles to link to
	tagged  map[string]int // how many notes have a tag, or one below it
	started map[string]int // how many notes have a word that begins so
}

func newAuthor(f *filler) *author {
	return &author{filler: f, writer: newWriter(1), tagged: map[string]int{}, started: map[string]int{}}
}

// note returns the i-th note.
func (a *author) note(i int) (domain.Note, error) {
	updated := a.written(i, a.count.notes)
	created := updated
	if a.random.IntN(4) == 0 { // one in four has been changed since it was written
		created = updated.Add(-time.Duration(a.random.Int64N(int64(365 * 24 * time.Hour)))).Truncate(time.Microsecond)
	}
	n, err := domain.NewNote(a.draft(i), created)
	if err != nil {
		return domain.Note{}, err
	}
	n.Updated = updated
	n.Pinned = i < 3 // of people's pins there are few, however many notes they have

	a.text += int64(len(n.Title) + len(n.Content))
	a.notes = sample(a.notes, n.ID, i, a.count.notes)
	if every := max(1, a.count.notes/(writers*ownNotes)); i%every == 0 {
		who := i / every % writers
		a.own[who] = append(a.own[who], &owned{n.ID, n.Content, n.Version})
	}
	a.takeDown(n)
	return n, nil
}

// ownNotes is how many notes each writer has, more or less.
const ownNotes = 50

// draft returns what is written in the i-th note: with none to two links to notes of the last time, none to two tags
// beside the text and in one of three cases one within it.
func (a *author) draft(i int) domain.NoteDraft {
	words, inTitle := planted(i, a.count.notes)
	title := a.title()
	if inTitle {
		title += " " + words[0]
	} else {
		const enough = 200
		a.recent = append(a.recent[max(0, len(a.recent)-enough):], title)
		a.titles = sample(a.titles, title, i, a.count.notes)
	}
	var links []string
	for range a.random.IntN(3) {
		if len(a.recent) > 0 {
			links = append(links, a.recent[a.random.IntN(len(a.recent))])
		}
	}
	tag := ""
	if a.random.IntN(3) == 0 {
		tag = a.tag()
	}
	draft := domain.NoteDraft{Author: domain.OwnerID, Tags: []domain.Tag{}}
	for range a.random.IntN(3) {
		draft.Tags = append(draft.Tags, domain.Tag(a.tag()))
	}
	draft.Content = a.article(title, a.random.IntN(4) == 0, strings.Join(words, " ")+"\n"+a.mention(links, tag))
	return draft
}

// takeDown counts the note's tags, and the beginnings of its words.
func (a *author) takeDown(n domain.Note) {
	keys := map[string]bool{}
	for _, tag := range n.AllTags() {
		for _, t := range append(tag.Above(), tag) {
			keys[t.Key()] = true
		}
	}
	for key := range keys {
		a.tagged[key]++
	}
	for two := range beginnings(n.Content) {
		a.started[two]++
	}
}

// conclude tells what to ask for.
func (a *author) conclude() {
	all := slices.SortedFunc(maps.Keys(a.tagged), func(x, y string) int {
		return cmp.Or(a.tagged[y]-a.tagged[x], strings.Compare(x, y))
	})
	for _, key := range all[:min(len(all), 10)] {
		if a.tagged[key] > pageSize {
			a.tags = append(a.tags, key)
		}
	}
	for i, id := range a.notes {
		if i%max(1, len(a.notes)/1000) == 0 && len(a.thousand) < 1000 {
			a.thousand = append(a.thousand, id)
		}
	}
	a.queries = map[string][]query{}
	for _, word := range rareWords {
		a.queries[searchRare] = append(a.queries[searchRare], query{word, rareHits(a.count.notes)})
	}
	for _, word := range commonWords {
		a.queries[searchCommon] = append(a.queries[searchCommon], query{word, commonHits(a.count.notes)})
	}
	for _, syllable := range syllables {
		a.queries[searchTyped] = append(a.queries[searchTyped], query{syllable[:2], a.started[syllable[:2]]})
	}
}

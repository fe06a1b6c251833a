package main

import "fmt"

// verdict compares what was measured with its target.
type verdict struct {
	what             string
	measured, atMost float64
	unit             string
}

// verdictList is the targets for which there is something measured.
type verdictList struct {
	*report
	all []verdict
}

func (r *report) verdicts() []verdict {
	v := &verdictList{report: r}
	v.pages()
	for _, database := range []string{sqlite, postgresql} {
		v.sameAtAnySize(database)
		for _, n := range r.sizes {
			v.searches(database, n)
		}
		for _, n := range r.sizes {
			v.ratio(programCPU, v.octavo(saveNote, database, n), v.limit(createNote, database, n), 2.5,
				"%s, %s: CPU against the limit's %s, %d notes", saveNote, database, createNote, n)
		}
		v.fillings(database)
		v.most(v.octavo(mixedLoad, database, r.largest()), anonymous, 80, "MiB",
			"anonymous memory under mixed load, %s, %d notes", database, r.largest())
	}
	return v.all
}

func (v *verdictList) add(measured, atMost float64, unit, what string, args ...any) {
	v.all = append(v.all, verdict{fmt.Sprintf(what, args...), measured, atMost, unit})
}

// most compares a figure of a result, unless that is nil.
func (v *verdictList) most(of *result, figure func(measure) float64, atMost float64, unit, what string, args ...any) {
	if of != nil {
		v.add(figure(of.Median), atMost, unit, what, args...)
	}
}

// ratio compares a with b, unless either is nil: round with round, as both had the same machine around them, and takes
// the median.
func (v *verdictList) ratio(figure func(measure) float64, a, b *result, atMost float64, what string, args ...any) {
	if a == nil || b == nil || a == b {
		return
	}
	ratios := make([]float64, min(len(a.rounds), len(b.rounds)))
	for i := range ratios {
		ratios[i] = figure(a.rounds[i]) / figure(b.rounds[i])
	}
	v.add(median(ratios), atMost, "×", what, args...)
}

func (v *verdictList) octavo(scenario, database string, notes int) *result {
	return v.find(scenario, octavoName, database, notes)
}

func (v *verdictList) limit(scenario, database string, notes int) *result {
	return v.find(scenario, limitName, database, notes)
}

func (r *report) smallest() int { return r.sizes[0] }
func (r *report) largest() int  { return r.sizes[len(r.sizes)-1] }

func programCPU(m measure) float64 { return m.CPU }
func p99(m measure) float64        { return m.P99 }
func anonymous(m measure) float64  { return m.Anonymous }

// allCPU is what a request takes of the machine: in the program and, where that is another, in the database.
func allCPU(m measure) float64 { return m.CPU + m.Database }

// pages are the targets of lists, notes and records, and of their saving without anything that follows from a text.
func (v *verdictList) pages() {
	for _, n := range v.sizes {
		for _, target := range []struct {
			scenario, byHand string
			atMost           float64
		}{{listPage, listPage, 1.5}, {notePage, notePage, 1.5}, {createNote, createNote, 1.2}, {getRecord, notePage, 1.8}} {
			v.ratio(programCPU, v.octavo(target.scenario, sqlite, n), v.limit(target.byHand, sqlite, n), target.atMost,
				"%s: CPU against the limit's %s, %d notes", target.scenario, target.byHand, n)
		}
		v.ratio(p99, v.octavo(createNote, sqlite, n), v.limit(createNote, sqlite, n), 1,
			"%s: p99 against the limit's, %d notes", createNote, n)
		v.ratio(p99, v.octavo(saveNote, sqlite, n), v.limit(createNote, sqlite, n), 2,
			"%s: p99 against the limit's %s, %d notes", saveNote, createNote, n)
		if all := v.octavo(allRecords, sqlite, n); all != nil && all.contents.count.records == maxRecords {
			v.add(all.Growth, 16, "MiB", "%s: %d of them, growth of memory, %d notes", allRecords, maxRecords, n)
		}
	}
	for _, target := range []struct{ again, whole string }{{listAgain, listPage}, {tagAgain, tagPage}, {noteAgain, sameNotes}} {
		v.ratio(programCPU, v.octavo(target.again, sqlite, v.smallest()), v.octavo(target.whole, sqlite, v.smallest()), 0.4,
			"%s: CPU against the whole of it, %d notes", target.again, v.smallest())
	}
	for _, target := range []struct {
		scenario string
		atMost   float64
	}{{listPage, 1.1}, {notePage, 1.5}, {createNote, 1.4}, {getRecord, 1.5}} {
		v.ratio(programCPU, v.octavo(target.scenario, sqlite, v.largest()), v.octavo(target.scenario, sqlite, v.smallest()),
			target.atMost, "%s: CPU at %d notes against %d", target.scenario, v.largest(), v.smallest())
	}
	var worst *result
	for _, s := range []string{listPage, notePage, recordsPage, getRecord, allRecords} {
		if on := v.octavo(s, sqlite, v.largest()); worst == nil || on != nil && on.Median.Anonymous > worst.Median.Anonymous {
			worst = on
		}
	}
	v.most(worst, anonymous, 48, "MiB", "anonymous memory, the most under any of these reads, %d notes", v.largest())
	if on := v.octavo(listPage, sqlite, v.largest()); on != nil {
		v.add(on.Ready, 300, "ms", "ready after a start, %d notes", v.largest())
	}
	for _, s := range []string{listPage, notePage, tagPage, searchRare, searchCommon, searchTyped, recordsPage, getRecord} {
		v.ratio(programCPU, v.octavo(s, postgresql, v.smallest()), v.octavo(s, sqlite, v.smallest()), 1.2,
			"%s: the program's CPU on PostgreSQL against SQLite, %d notes", s, v.smallest())
	}
}

// sameAtAnySize are the targets of pages whose cost doesn't depend on how much there is.
func (v *verdictList) sameAtAnySize(database string) {
	for _, s := range []string{listPage, sameNotes, tagPage} {
		v.ratio(allCPU, v.octavo(s, database, v.largest()), v.octavo(s, database, v.smallest()), 1.1,
			"%s, %s: CPU at %d notes against %d", s, database, v.largest(), v.smallest())
	}
	v.ratio(allCPU, v.octavo(historyOf(manyRevisions), database, v.largest()),
		v.octavo(historyOf(someRevisions), database, v.largest()), 1.1,
		"%s, %s: CPU against the %s, which shows as many", historyOf(manyRevisions), database, historyOf(someRevisions))
}

func (v *verdictList) searches(database string, n int) {
	for _, s := range []string{searchRare, searchCommon, searchTyped} {
		for _, s := range []string{s, withCount(s)} {
			v.most(v.octavo(s, database, n), p99, 25, "ms", "%s, %s: p99 alone, %d notes", s, database, n)
		}
	}
	v.ratio(allCPU, v.octavo(searchRare, database, n), v.limit(bareSearch, database, n), 2,
		"%s, %s: CPU against the %s, %d notes", searchRare, database, bareSearch, n)
}

func (v *verdictList) fillings(database string) {
	const million = 1_000_000
	for _, f := range v.Fillings {
		if f.Database != database || f.Notes != v.largest() {
			continue
		}
		minutes := 5.0
		if database == postgresql {
			minutes = 6
		}
		v.add(f.Seconds/60*million/float64(f.Notes), minutes, "min",
			"filling a million notes, %s, at the pace of %d", database, f.Notes)
		v.add(float64(f.Index)/float64(f.Text), 1.2, "×",
			"size of the index against the text, %s, %d notes", database, f.Notes)
	}
}

package main

import "fmt"

// verdict compares what was measured with its target.
type verdict struct {
	what             string
	measured, atMost float64
	unit             string
}

// verdicts are those of all targets for which there is something measured.
func (r *report) verdicts() []verdict {
	var v verdictList
	r.pagesByHand(&v)
	r.pagesOfManyNotes(&v)
	for _, database := range []string{sqlite, postgresql} {
		if r.find(listPage, octavoName, database, r.smallest()) == nil {
			continue
		}
		r.sameAtAnySize(&v, database)
		for _, n := range r.sizes {
			r.searches(&v, database, n)
			r.saves(&v, database, n)
		}
		r.fillingAndMemory(&v, database)
	}
	return v
}

type verdictList []verdict

func (v *verdictList) add(measured, atMost float64, unit, what string, args ...any) {
	*v = append(*v, verdict{fmt.Sprintf(what, args...), measured, atMost, unit})
}

func (r *report) smallest() int { return r.sizes[0] }
func (r *report) largest() int  { return r.sizes[len(r.sizes)-1] }

// pagesByHand are the targets of pages beside those by hand.
func (r *report) pagesByHand(v *verdictList) {
	for _, n := range r.sizes {
		for _, target := range []struct {
			scenario, byHand string
			atMost           float64
		}{{listPage, listPage, 1.6}, {notePage, notePage, 1.8}, {createNote, createNote, 1.4}, {getRecord, notePage, 1.8}} {
			v.add(ratio(r.find(target.scenario, octavoName, sqlite, n), r.find(target.byHand, limitName, sqlite, n), programCPU),
				target.atMost, "×", "%s: CPU against the limit's %s, %d notes", target.scenario, target.byHand, n)
		}
		v.add(r.find(createNote, octavoName, sqlite, n).Median.P99, 50, "ms", "%s: p99, %d notes", createNote, n)
		if all := r.find(allRecords, octavoName, sqlite, n); all.contents.count.records == maxRecords {
			v.add(all.Growth, 16, "MiB", "%s: %d of them, growth of memory, %d notes", allRecords, maxRecords, n)
		}
	}
}

// pagesOfManyNotes are the targets of a program that has but lists, notes and records.
func (r *report) pagesOfManyNotes(v *verdictList) {
	first := []string{listPage, notePage, recordsPage, getRecord, allRecords, createRecord, createNote}
	smallest, largest := r.smallest(), r.largest()
	if largest > smallest {
		for _, target := range []struct {
			scenario string
			atMost   float64
		}{{listPage, 1.1}, {notePage, 1.5}, {createNote, 1.4}, {getRecord, 1.5}} {
			v.add(ratio(r.find(target.scenario, octavoName, sqlite, largest), r.find(target.scenario, octavoName, sqlite, smallest), programCPU),
				target.atMost, "×", "%s: CPU at %d notes against %d", target.scenario, largest, smallest)
		}
	}
	anonymous := 0.0
	for _, s := range first {
		anonymous = max(anonymous, r.find(s, octavoName, sqlite, largest).Median.Anonymous)
	}
	v.add(anonymous, 48, "MiB", "anonymous memory, the most under any of these loads, %d notes", largest)
	v.add(r.find(listPage, octavoName, sqlite, largest).Ready, 300, "ms", "ready after a start, %d notes", largest)
	for _, s := range []string{listPage, notePage, recordsPage, getRecord} {
		if on := r.find(s, octavoName, postgresql, smallest); on != nil {
			v.add(ratio(on, r.find(s, octavoName, sqlite, smallest), programCPU), 1.2, "×",
				"%s: the program's CPU on PostgreSQL against SQLite, %d notes", s, smallest)
		}
	}
}

// sameAtAnySize are the targets of pages whose cost doesn't depend on how much there is.
func (r *report) sameAtAnySize(v *verdictList, database string) {
	smallest, largest := r.smallest(), r.largest()
	if largest > smallest {
		for _, s := range []string{listPage, sameNotes, tagPage} {
			v.add(ratio(r.find(s, octavoName, database, largest), r.find(s, octavoName, database, smallest), allCPU),
				1.2, "×", "%s, %s: CPU at %d notes against %d", s, database, largest, smallest)
		}
	}
	many := r.find(historyOf(manyRevisions), octavoName, database, largest)
	for _, n := range []int{someRevisions, fewRevisions} {
		v.add(ratio(many, r.find(historyOf(n), octavoName, database, largest), allCPU), 1.2, "×",
			"%s, %s: CPU against the %s", historyOf(manyRevisions), database, historyOf(n))
	}
}

func (r *report) searches(v *verdictList, database string, n int) {
	for _, target := range []struct {
		scenario string
		p99      float64
	}{{searchRare, 25}, {searchCommon, 50}, {searchTyped, 50}} {
		v.add(r.find(target.scenario, octavoName, database, n).Median.P99, target.p99, "ms",
			"%s, %s: p99 alone, %d notes", target.scenario, database, n)
	}
	v.add(ratio(r.find(searchRare, octavoName, database, n), r.find(bareSearch, limitName, database, n), allCPU), 1.5, "×",
		"%s, %s: CPU against the %s, %d notes", searchRare, database, bareSearch, n)
}

func (r *report) saves(v *verdictList, database string, n int) {
	v.add(ratio(r.find(saveNote, octavoName, database, n), r.find(createNote, limitName, database, n), programCPU), 2.5, "×",
		"%s, %s: CPU against the limit's %s, %d notes", saveNote, database, createNote, n)
}

func (r *report) fillingAndMemory(v *verdictList, database string) {
	const million = 1_000_000
	for _, f := range r.Fillings {
		if f.Database != database || f.Notes != r.largest() {
			continue
		}
		v.add(f.Seconds/60*million/float64(f.Notes), 10, "min", "filling a million notes, %s, at the pace of %d", database, f.Notes)
		v.add(float64(f.Index)/float64(f.Text), 1.2, "×", "size of the index against the text, %s, %d notes", database, f.Notes)
	}
	mixed := r.find(mixedLoad, octavoName, database, r.largest())
	v.add(mixed.Median.Anonymous, 96, "MiB", "anonymous memory under mixed load, %s, %d notes", database, r.largest())
}

func programCPU(m measure) float64 { return m.CPU }

// allCPU is what a request takes of the machine: in the program and, where that is another, in the database.
func allCPU(m measure) float64 { return m.CPU + m.Database }

// ratio compares round with round, as both had the same machine around them, and returns the median.
func ratio(a, b *result, of func(measure) float64) float64 {
	ratios := make([]float64, min(len(a.rounds), len(b.rounds)))
	for i := range ratios {
		ratios[i] = of(a.rounds[i]) / of(b.rounds[i])
	}
	return median(ratios)
}

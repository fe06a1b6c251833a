package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// report is what a run has shown.
type report struct {
	Results []*result `json:"results"`

	sizes   sizes
	targets []*target
}

// result is what a scenario has shown of a server.
type result struct {
	Scenario string `json:"scenario"`
	*target
	Median measure `json:"median"`
	Growth float64 `json:"anonymous_growth_mib"` // from before the first round, warming up included

	rounds []measure
}

// finish sums the rounds up. The first of them has warmed the server up, and counts for the growth only.
func (res *result) finish() {
	before := res.rounds[0].anonymousBefore
	for _, m := range res.rounds {
		res.Growth = max(res.Growth, m.Anonymous-before)
	}
	res.rounds = res.rounds[1:]
	res.Median = medianOf(res.rounds)
}

func (r *report) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	row := func(cells ...any) { _, _ = fmt.Fprintln(w, "| "+joinCells(cells)+" |") } // Flush returns the error
	row("scenario", "notes", "server", "req/s", "p50 ms", "p99 ms", "CPU µs/req", "peak MiB", "anonymous MiB")
	row("---", "---", "---", "---", "---", "---", "---", "---", "---")
	for _, res := range r.Results {
		server := res.Program
		if res.Database != sqlite {
			server += ", " + res.Database
		}
		m := res.Median
		row(res.Scenario, res.Notes, server, fmt.Sprintf("%.0f", m.PerSecond), fmt.Sprintf("%.2f", m.P50),
			fmt.Sprintf("%.2f", m.P99), fmt.Sprintf("%.1f", m.CPU), fmt.Sprintf("%.1f", m.Peak), fmt.Sprintf("%.1f", m.Anonymous))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out); err != nil {
		return err
	}
	row("target", "measured", "at most", "")
	row("---", "---", "---", "---")
	for _, v := range r.verdicts() {
		verdict := "ok"
		if v.measured > v.atMost {
			verdict = "**over**"
		}
		row(v.what, fmt.Sprintf("%.2f", v.measured), fmt.Sprintf("%g %s", v.atMost, v.unit), verdict)
	}
	return w.Flush()
}

func joinCells(cells []any) (s string) {
	for i, cell := range cells {
		if i > 0 {
			s += "\t| "
		}
		s += fmt.Sprint(cell)
	}
	return s + "\t"
}

// verdict compares what was measured with its target.
type verdict struct {
	what             string
	measured, atMost float64
	unit             string
}

func (r *report) verdicts() []verdict {
	var list []verdict
	add := func(measured, atMost float64, unit, what string, args ...any) {
		list = append(list, verdict{fmt.Sprintf(what, args...), measured, atMost, unit})
	}
	smallest, largest := r.sizes[0], r.sizes[len(r.sizes)-1]
	for _, n := range r.sizes {
		for _, target := range []struct {
			scenario, byHand string
			atMost           float64
		}{{listPage, listPage, 1.6}, {notePage, notePage, 1.8}, {createNote, createNote, 1.4}, {getRecord, notePage, 1.8}} {
			add(cpuRatio(r.find(target.scenario, octavoName, sqlite, n), r.find(target.byHand, limitName, sqlite, n)),
				target.atMost, "×", "%s: CPU against the limit's %s, %d notes", target.scenario, target.byHand, n)
		}
		add(r.find(createNote, octavoName, sqlite, n).Median.P99, 50, "ms", "%s: p99, %d notes", createNote, n)
		if all := r.find(allRecords, octavoName, sqlite, n); all.contents.count.records == maxRecords {
			add(all.Growth, 16, "MiB", "%s: %d of them, growth of memory, %d notes", allRecords, maxRecords, n)
		}
	}
	if largest > smallest {
		for _, target := range []struct {
			scenario string
			atMost   float64
		}{{listPage, 1.1}, {notePage, 1.5}, {createNote, 1.4}, {getRecord, 1.5}} {
			add(cpuRatio(r.find(target.scenario, octavoName, sqlite, largest), r.find(target.scenario, octavoName, sqlite, smallest)),
				target.atMost, "×", "%s: CPU at %d notes against %d", target.scenario, largest, smallest)
		}
	}
	anonymous := 0.0
	for _, res := range r.Results {
		if res.Program == octavoName && res.Database == sqlite && res.Notes == largest {
			anonymous = max(anonymous, res.Median.Anonymous)
		}
	}
	add(anonymous, 48, "MiB", "anonymous memory, the most under any load, %d notes", largest)
	add(r.find(listPage, octavoName, sqlite, largest).Ready, 300, "ms", "ready after a start, %d notes", largest)
	for _, s := range []string{listPage, notePage, recordsPage, getRecord} {
		if on := r.find(s, octavoName, postgresql, smallest); on != nil {
			add(cpuRatio(on, r.find(s, octavoName, sqlite, smallest)), 1.2, "×",
				"%s: the program's CPU on PostgreSQL against SQLite, %d notes", s, smallest)
		}
	}
	return list
}

// find returns a result, or nil.
func (r *report) find(scenario, program, database string, notes int) *result {
	i := slices.IndexFunc(r.Results, func(res *result) bool {
		return res.Scenario == scenario && res.Program == program && res.Database == database && res.Notes == notes
	})
	if i < 0 {
		return nil
	}
	return r.Results[i]
}

// cpuRatio compares round with round, as both had the same machine around them, and returns the median.
func cpuRatio(a, b *result) float64 {
	ratios := make([]float64, len(a.rounds))
	for i := range a.rounds {
		ratios[i] = a.rounds[i].CPU / b.rounds[i].CPU
	}
	return median(ratios)
}

func medianOf(rounds []measure) measure {
	field := func(of func(measure) float64) float64 {
		values := make([]float64, len(rounds))
		for i, m := range rounds {
			values[i] = of(m)
		}
		return median(values)
	}
	return measure{
		PerSecond: field(func(m measure) float64 { return m.PerSecond }),
		P50:       field(func(m measure) float64 { return m.P50 }),
		P99:       field(func(m measure) float64 { return m.P99 }),
		CPU:       field(func(m measure) float64 { return m.CPU }),
		Peak:      field(func(m measure) float64 { return m.Peak }),
		Anonymous: field(func(m measure) float64 { return m.Anonymous }),
	}
}

// median returns the value in the middle of at least one, the upper of two.
func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

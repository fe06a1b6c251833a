package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// report is what a run has shown.
type report struct {
	Fillings []*filling `json:"fillings"`
	Results  []*result  `json:"results"`

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
	row("scenario", "notes", "server", "req/s", "p50 ms", "p99 ms", "CPU µs/req", "database µs/req", "peak MiB",
		"anonymous MiB")
	row("---", "---", "---", "---", "---", "---", "---", "---", "---", "---")
	for _, res := range r.Results {
		server := res.Program
		if res.Database != sqlite {
			server += ", " + res.Database
		}
		m := res.Median
		database := ""
		if res.backends != nil {
			database = fmt.Sprintf("%.1f", m.Database)
		}
		row(res.Scenario, res.Notes, server, fmt.Sprintf("%.0f", m.PerSecond), fmt.Sprintf("%.2f", m.P50),
			fmt.Sprintf("%.2f", m.P99), fmt.Sprintf("%.1f", m.CPU), database, fmt.Sprintf("%.1f", m.Peak), fmt.Sprintf("%.1f", m.Anonymous))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out); err != nil {
		return err
	}
	row("filling", "notes", "seconds", "text MiB", "index MiB")
	row("---", "---", "---", "---", "---")
	for _, f := range r.Fillings {
		const mib = 1 << 20
		row(f.Database, f.Notes, fmt.Sprintf("%.1f", f.Seconds), fmt.Sprintf("%.1f", float64(f.Text)/mib),
			fmt.Sprintf("%.1f", float64(f.Index)/mib))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out); err != nil {
		return err
	}
	row("target", "measured", "at most", "")
	row("---", "---", "---", "---")
	missed := 0
	verdicts := r.verdicts()
	for _, v := range verdicts {
		verdict := "ok"
		if v.measured > v.atMost {
			verdict = "**over**"
			missed++
		}
		row(v.what, fmt.Sprintf("%.2f", v.measured), fmt.Sprintf("%g %s", v.atMost, v.unit), verdict)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%d of %d targets are missed.\n", missed, len(verdicts))
	return err
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
		Database:  field(func(m measure) float64 { return m.Database }),
		Peak:      field(func(m measure) float64 { return m.Peak }),
		Anonymous: field(func(m measure) float64 { return m.Anonymous }),
	}
}

// median returns the value in the middle of at least one, the upper of two.
func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

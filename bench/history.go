package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// entry is what the history keeps of a run.
type entry struct {
	Time     time.Time `json:"time"`
	Commit   string    `json:"commit"` // with -dirty at its end where something was changed since
	Machine  machine   `json:"machine"`
	Rounds   int       `json:"rounds"`
	Requests int       `json:"requests"`
	Results  []figures `json:"results"`
}

// machine is where it was.
type machine struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	Go    string `json:"go"`
}

// figures are the medians of a scenario.
type figures struct {
	Scenario string  `json:"scenario"`
	Program  string  `json:"program"`
	Database string  `json:"database"`
	Notes    int     `json:"notes"`
	CPU      float64 `json:"cpu_us"`
	Backend  float64 `json:"database_cpu_us,omitempty"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Memory   float64 `json:"anonymous_mib"`
}

// remember appends a line about a run to the file of the history.
func remember(ctx context.Context, path string, o options, r *report) (err error) {
	e := entry{
		Time: time.Now().UTC().Truncate(time.Second), Commit: commit(ctx), Rounds: o.rounds, Requests: o.requests,
		Machine: machine{processor(), runtime.NumCPU(), runtime.Version()},
	}
	for _, res := range r.Results {
		m := res.Median
		e.Results = append(e.Results, figures{
			res.Scenario, res.Program, res.Database, res.Notes, rounded(m.CPU), rounded(m.Database), rounded(m.P50), rounded(m.P99), rounded(m.Anonymous),
		})
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = file.Write(append(line, '\n'))
	return err
}

// rounded returns a figure with as many digits as mean something.
func rounded(figure float64) float64 { return float64(int64(figure*100+0.5)) / 100 }

// commit names what is measured. What the history itself has gained is no change.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	name := strings.TrimSpace(string(out))
	if exec.CommandContext(ctx, "git", "diff", "--quiet", "HEAD", "--", ":/", ":(top,exclude)bench/history.jsonl").Run() != nil {
		name += "-dirty"
	}
	return name
}

func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, model, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return runtime.GOARCH
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The whole way through with a few notes: both programs are built, filled, asked and checked.
func TestBenchMeasuresEveryScenario(t *testing.T) {
	o := options{sqlite: true, rounds: 1, requests: 40, postgres: os.Getenv("OCTAVO_TEST_POSTGRES")}
	if err := o.sizes.Set("200,100"); err != nil {
		t.Fatal(err)
	}
	jsonPath := filepath.Join(t.TempDir(), "bench.json")
	o.history = filepath.Join(t.TempDir(), "history.jsonl")
	var table bytes.Buffer
	if err := run(t.Context(), o, &table, jsonPath); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(jsonPath)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Results []struct {
			Scenario, Program, Database string
			Notes                       int
			Median                      measure
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	measured := map[string]bool{}
	for _, res := range got.Results {
		measured[fmt.Sprint(res.Scenario, " ", res.Program, " ", res.Database, " ", res.Notes)] = true
		m := res.Median
		if m.PerSecond <= 0 || m.P50 <= 0 || m.P99 < m.P50 || m.CPU <= 0 || m.Peak <= m.Anonymous || m.Anonymous <= 0 {
			t.Errorf("nothing real: %+v", res)
		}
	}
	line, err := os.ReadFile(o.history)
	if err != nil {
		t.Fatal(err)
	}
	var kept entry
	if err := json.Unmarshal(line, &kept); err != nil || bytes.Count(line, []byte("\n")) != 1 {
		t.Fatalf("the history has no line: %v\n%s", err, line)
	}
	if kept.Commit == "" || kept.Machine.Cores < 1 || len(kept.Results) != len(got.Results) {
		t.Errorf("the history doesn't say what was measured: %s", line)
	}
	for _, s := range scenarios(1) {
		if !strings.Contains(table.String(), "| "+s.name+" ") {
			t.Errorf("the table has no row for %q:\n%s", s.name, &table)
		}
		for _, n := range []string{"100", "200"} {
			if measured[s.name+" octavo sqlite "+n] != s.octavo || measured[s.name+" limit sqlite "+n] != s.byHand {
				t.Errorf("%q with %s notes: measured %v", s.name, n, measured)
			}
		}
	}
}

func TestScenariosAreChosenByTheirNames(t *testing.T) {
	o := options{rounds: 1, requests: 1, sqlite: true, only: []string{"search-rare-word", "list"}}
	chosen, err := o.scenarios()
	if err != nil || len(chosen) != 2 || chosen[0].name != listPage || chosen[1].name != searchRare {
		t.Errorf("got %v, %v", chosen, err)
	}
	o.only = append(o.only, "lists")
	if err := o.check(0); err == nil || !strings.Contains(err.Error(), `"lists" is no scenario`) {
		t.Errorf("a scenario that isn't there was taken: %v", err)
	}
}

func TestAComparisonWritesNoOtherFiles(t *testing.T) {
	o := options{compare: []string{"a", "b"}}
	for _, path := range []string{"", "history.jsonl"} {
		o.history = path
		json := "bench.json"
		if path != "" {
			json = ""
		}
		if err := run(t.Context(), o, io.Discard, json); err == nil || !strings.Contains(err.Error(), "-json") {
			t.Errorf("got error %v", err)
		}
	}
}

func TestWhatMayHaveBeenSavedIsNotSentAgain(t *testing.T) {
	for said, want := range map[string]int{"Busy": 2, html.EscapeString(maybeSaved): 1} {
		asked := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if asked++; asked == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			_, _ = io.WriteString(w, said)
		}))
		c, err := dial(t.Context(), &target{server: &process{addr: s.Listener.Addr().String()}, contents: &contents{}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		err = c.exchange(&scenario{
			request: func(*client) request { return request{method: http.MethodPost, path: "/notes"} },
			check:   func(*client, request, *http.Response) error { return nil },
		})
		if (err == nil) != (want == 2) || asked != want {
			t.Errorf("%q: asked %d times, want %d; error %v", said, asked, want, err)
		}
		_ = c.conn.Close()
		s.Close()
	}
}

func TestTheTableOfTargetsHasWhatWasMeasured(t *testing.T) {
	r := &report{sizes: sizes{100, 200}}
	for _, n := range r.sizes {
		for _, program := range []string{octavoName, limitName} {
			m := measure{CPU: 1, PerSecond: 1}
			r.Results = append(r.Results, &result{
				Scenario: listPage, target: &target{Program: program, Database: sqlite, Notes: n}, Median: m, rounds: []measure{m},
			})
		}
	}
	for _, v := range r.verdicts() {
		if !strings.HasPrefix(v.what, listPage) && !strings.Contains(v.what, "memory") && !strings.Contains(v.what, "ready") {
			t.Errorf("there is a verdict upon what wasn't measured: %s", v.what)
		}
	}
}

func TestTextsAreTheSameForOneSeedAndAboutOneKB(t *testing.T) {
	a, b, other := newWriter(1), newWriter(1), newWriter(2)
	total, differ := 0, false
	const texts = 200
	for range texts {
		text := a.markdown()
		if text != b.markdown() {
			t.Fatal("one seed gave two texts")
		}
		differ = differ || text != other.markdown()
		total += len(text)
	}
	if !differ {
		t.Error("another seed gave the same texts")
	}
	if mean := total / texts; mean < 900 || mean > 1150 {
		t.Errorf("the mean length is %d bytes", mean)
	}
}

func TestPlantedWordsAreInAsManyNotesAsSearchesAreToFind(t *testing.T) {
	for _, n := range []int{41, 100, 1000, 4001, 100_000} {
		found := map[string]int{}
		for i := range n {
			words, _ := planted(i, n)
			for _, word := range words {
				found[word]++
			}
		}
		for _, word := range rareWords {
			if found[word] != rareHits(n) || rareHits(n) >= 1000 || rareHits(n) < 10 {
				t.Errorf("%d of %d notes have %s, and %d are to have it", found[word], n, word, rareHits(n))
			}
		}
		for _, word := range commonWords {
			if found[word] != commonHits(n) || commonHits(n) < n/3 {
				t.Errorf("%d of %d notes have %s, and %d are to have it", found[word], n, word, commonHits(n))
			}
		}
	}
}

func TestNotesAreWrittenOneAfterTheOther(t *testing.T) {
	const n = 1_000_000
	f := &filler{now: time.Now()}
	for i := 1; i < n; i++ {
		if before, after := f.written(i-1, n), f.written(i, n); !before.Before(after) || after.After(f.now) {
			t.Fatalf("note %d is of %s and the one before of %s", i, after, before)
		}
	}
}

func TestSizesAreSortedAndChecked(t *testing.T) {
	var s sizes
	if err := s.Set("1000,50,1000"); err != nil || !slices.Equal(s, sizes{50, 1000}) {
		t.Errorf("got %v, %v", s, err)
	}
	for _, wrong := range []string{"", "40", "-1", "1000,", "many"} {
		if err := s.Set(wrong); err == nil {
			t.Errorf("%q was taken as %v", wrong, s)
		}
	}
}

func TestCommitsAreSetSideBySideAsBenchstatReadsThem(t *testing.T) {
	r := &report{}
	for i, cpu := range []float64{100, 90.5} {
		r.Results = append(r.Results, &result{
			Scenario: searchRare, target: &target{Program: side(i), Database: sqlite, Notes: 1000}, rounds: []measure{{CPU: cpu}, {CPU: cpu + 1}},
		})
	}
	var out strings.Builder
	if err := r.benchmarks(&out, []string{"v1", "v2"}); err != nil {
		t.Fatal(err)
	}
	const want = `commit: v1
Benchmark/search-rare-word/notes=1000 1 100000 cpu-ns/op
Benchmark/search-rare-word/notes=1000 1 101000 cpu-ns/op
commit: v2
Benchmark/search-rare-word/notes=1000 1 90500 cpu-ns/op
Benchmark/search-rare-word/notes=1000 1 91500 cpu-ns/op
`
	if out.String() != want {
		t.Errorf("got\n%s", &out)
	}
}

func TestCommitsChangeNotesApart(t *testing.T) {
	one := &contents{}
	one.own[0] = []*owned{{id: "a", version: 1}}
	two := one.apart()
	two.own[0][0].version = 2
	if one.own[0][0].version != 1 || two.own[0][0].id != "a" {
		t.Error("what one commit's program changes is changed for the other")
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
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

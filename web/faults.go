package web

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// faults logs what is our fault, and the same one once a second at most: when a database goes away each request fails.
type faults struct {
	log    *slog.Logger
	mu     sync.Mutex
	recent map[string]*fault // by what they have in common
}

// fault is one that has been logged, and how often it has occurred since.
type fault struct {
	reference string
	again     int
}

const (
	faultGap  = time.Second
	maxRecent = 100 // kinds that are told apart within faultGap
)

// report logs a fault, or counts it to the one that has just been logged. It returns the reference under which the log
// has it.
func (f *faults) report(ctx context.Context, err error, attrs ...slog.Attr) (reference string) {
	key := commonOf(err)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.recent) >= maxRecent {
		key = ""
	}
	if known := f.recent[key]; known != nil {
		known.again++
		return known.reference
	}
	first := &fault{reference: uuid.NewString()[:8]}
	if f.recent == nil {
		f.recent = map[string]*fault{}
	}
	f.recent[key] = first
	attrs = append([]slog.Attr{slog.String("request_id", first.reference)}, attrs...)
	f.log.LogAttrs(ctx, slog.LevelError, "request failed", append(attrs, slog.Any("error", err))...)
	time.AfterFunc(faultGap, func() { f.forget(key, attrs) })
	return first.reference
}

// forget logs how often a fault has occurred again. The next time, it is logged whole.
func (f *faults) forget(key string, attrs []slog.Attr) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if again := f.recent[key].again; again > 0 {
		f.log.LogAttrs(context.Background(), slog.LevelError, "requests failed in the same way",
			attrs[0], slog.Int("count", again))
	}
	delete(f.recent, key)
}

// commonOf returns what the same faults have in common: addresses, ports and numbers of lines differ.
func commonOf(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n") // a panic goes on with its stack
	return numbers.ReplaceAllString(line, "0")
}

var numbers = regexp.MustCompile(`[0-9]+`)

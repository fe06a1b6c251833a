package web

import (
	"cmp"
	"sync"
	"time"
)

// repeats keep the log from being flooded: of what happens again and again, the log has the first, whole, and a second
// later, or a gap if there is one, how often it has happened since.
type repeats struct {
	gap    time.Duration
	mu     sync.Mutex
	recent map[string]*repeated // by what they have in common
}

type repeated struct {
	reference string
	again     int
}

const (
	repeatGap = time.Second
	maxRecent = 100 // kinds that are told apart within repeatGap
)

// tell has first log what has happened, or counts it to what has just been logged under the same key. When that has
// happened again, counted logs how often. It returns the reference that it is logged under: the one given, or that of the
// first.
func (r *repeats) tell(key, reference string, first func(), counted func(reference string, again int)) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.recent) >= maxRecent {
		key = ""
	}
	if known := r.recent[key]; known != nil {
		known.again++
		return known.reference
	}
	event := &repeated{reference: reference}
	if r.recent == nil {
		r.recent = map[string]*repeated{}
	}
	r.recent[key] = event
	first()
	time.AfterFunc(cmp.Or(r.gap, repeatGap), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if event.again > 0 {
			counted(event.reference, event.again)
		}
		delete(r.recent, key)
	})
	return reference
}

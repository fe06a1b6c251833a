package recent

import (
	"strings"
	"sync"
	"testing"
)

func newCache() *Cache[int, string] {
	return NewCache(10_000, func(_ int, s string) int { return len(s) })
}

func TestWhatWasUsedLastIsRememberedWithinTheBytes(t *testing.T) {
	c := newCache()
	for i := range 100 {
		c.Put(i, strings.Repeat("x", 1000))
		c.Get(0)
	}
	held := 0
	for e := c.order.Front(); e != nil; e = e.Next() {
		held += len(e.Value.(entry[int, string]).value)
	}
	if c.used != held || held > c.max || held < c.max/2 || len(c.items) != c.order.Len() {
		t.Errorf("it counts %d bytes and holds %d in %d values", c.used, held, len(c.items))
	}
	for key, want := range map[int]bool{0: true, 99: true, 1: false} {
		if _, got := c.Get(key); got != want {
			t.Errorf("%d is remembered: %v", key, got)
		}
	}
}

func TestWhatIsTooBigPushesNothingOut(t *testing.T) {
	c := newCache()
	c.Put(1, "a")
	c.Put(2, strings.Repeat("x", c.max+1))
	if _, ok := c.Get(2); ok {
		t.Error("it is remembered")
	}
	if _, ok := c.Get(1); !ok {
		t.Error("the rest is forgotten")
	}
}

func TestWhatIsRememberedStays(t *testing.T) {
	c := newCache()
	c.Put(1, "a")
	c.Put(1, "bb")
	if got, _ := c.Get(1); got != "a" || c.used != 1 {
		t.Errorf("got %q, which counts %d bytes", got, c.used)
	}
}

func TestACacheMayBeUsedConcurrently(t *testing.T) {
	c := newCache()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 100 {
				c.Put(i*j, strings.Repeat("x", 500))
				if value, ok := c.Get(j); ok && len(value) != 500 {
					t.Errorf("got %q", value)
				}
			}
		})
	}
	wg.Wait()
}

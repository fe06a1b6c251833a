// Package recent remembers what was used last, up to some bytes in all.
package recent

import (
	"container/list"
	"sync"
)

// Cache remembers values by their keys. When they become more than it may hold, it forgets those that have gone unused
// for the longest time. It may be used concurrently.
type Cache[K comparable, V any] struct {
	max  int
	size func(K, V) int

	mu    sync.Mutex
	used  int
	items map[K]*list.Element
	order list.List // of entry[K, V], the one used last in front
}

type entry[K comparable, V any] struct {
	key   K
	value V
	size  int
}

// NewCache returns a cache that holds max bytes. size tells about how many a value takes, together with its key.
func NewCache[K comparable, V any](max int, size func(K, V) int) *Cache[K, V] {
	return &Cache[K, V]{max: max, size: size, items: map[K]*list.Element{}}
}

// Get returns the value of a key, if it is remembered.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	item, ok := c.items[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(item)
	return item.Value.(entry[K, V]).value, true
}

// Put remembers the value of a key that has none yet. What is too big for the whole cache isn't remembered.
func (c *Cache[K, V]) Put(key K, value V) {
	e := entry[K, V]{key, value, c.size(key, value)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items[key] != nil || e.size > c.max {
		return
	}
	c.items[key] = c.order.PushFront(e)
	for c.used += e.size; c.used > c.max; {
		oldest := c.order.Remove(c.order.Back()).(entry[K, V])
		delete(c.items, oldest.key)
		c.used -= oldest.size
	}
}

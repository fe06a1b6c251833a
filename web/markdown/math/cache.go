package math

import (
	"container/list"
	"sync"
)

type key struct {
	tex     string
	display bool
}

// cache remembers the formulas that were used last, up to some bytes in all.
type cache struct {
	mu    sync.Mutex
	max   int
	size  int
	items map[key]*list.Element
	order list.List // of entry, the one used last in front
}

type entry struct {
	key
	formula
}

var remembered = newCache(2 << 20)

func newCache(size int) *cache { return &cache{max: size, items: map[key]*list.Element{}} }

func (e entry) size() int {
	const overhead = 256
	size := overhead + len(e.tex) + len(e.mathML)
	if e.err != nil {
		size += len(e.err.Error())
	}
	return size
}

func (c *cache) get(k key) (formula, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	item := c.items[k]
	if item == nil {
		return formula{}, false
	}
	c.order.MoveToFront(item)
	return item.Value.(entry).formula, true
}

func (c *cache) put(k key, f formula) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items[k] != nil {
		return
	}
	e := entry{k, f}
	c.items[k] = c.order.PushFront(e)
	for c.size += e.size(); c.size > c.max; {
		oldest := c.order.Remove(c.order.Back()).(entry)
		delete(c.items, oldest.key)
		c.size -= oldest.size()
	}
}

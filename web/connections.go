package web

import (
	"bytes"
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// maxConnections is how many connections there are at once. For one more, that which has waited longest for a request to
// be there in full is closed.
const maxConnections = 1024

// Listen returns a listener for NewServer's server, which adds the security headers to what net/http answers by itself:
// to requests that are too broken for a handler to see them.
func Listen(l net.Listener, cfg Config) net.Listener {
	var headers bytes.Buffer
	h := http.Header{}
	setHeaders(h, hstsOf(cfg))
	_ = h.Write(&headers) // a buffer takes everything
	return listener{l, headers.Bytes()}
}

type listener struct {
	net.Listener
	headers []byte
}

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		return &connection{TCPConn: tcp, headers: l.headers}, nil
	}
	return c, err
}

// connection knows whether the app handles a request of it. What is written while it doesn't is an answer of net/http's
// own.
type connection struct {
	*net.TCPConn
	headers  []byte
	handling atomic.Bool
}

func (c *connection) Write(p []byte) (int, error) {
	if c.handling.Load() || !bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return c.TCPConn.Write(p)
	}
	status, rest, ok := bytes.Cut(p, []byte("\r\n"))
	if !ok {
		return c.TCPConn.Write(p)
	}
	if _, err := c.TCPConn.Write(bytes.Join([][]byte{status, []byte("\r\n"), c.headers, rest}, nil)); err != nil {
		return 0, err
	}
	return len(p), nil
}

type connectionKey struct{}

// withConnection has a request's context know its connection.
func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, c)
}

// handled says that the app handles a request from now on, until its connection is idle.
func handled(r *http.Request) {
	if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
		c.handling.Store(true)
	}
}

// connections are those of a server, in the order in which something last began or ended on them.
type connections struct {
	mu    sync.Mutex
	most  int
	order *list.List
	all   map[net.Conn]*list.Element
}

func newConnections(most int) *connections {
	return &connections{most: most, order: list.New(), all: map[net.Conn]*list.Element{}}
}

// follow is a server's ConnState.
func (cs *connections) follow(c net.Conn, state http.ConnState) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	switch state {
	case http.StateNew:
		if len(cs.all) >= cs.most {
			cs.makePlace(c)
		}
		cs.all[c] = cs.order.PushBack(c)
	case http.StateActive, http.StateIdle:
		if own, ok := c.(*connection); ok && state == http.StateIdle {
			own.handling.Store(false)
		}
		if place, ok := cs.all[c]; ok {
			cs.order.MoveToBack(place)
		}
	case http.StateClosed, http.StateHijacked:
		cs.remove(c)
	}
}

// makePlace closes the connection that has waited longest, or the new one when all others are being answered.
func (cs *connections) makePlace(added net.Conn) {
	waiting := added
	for place := cs.order.Front(); place != nil; place = place.Next() {
		if c, ok := place.Value.(*connection); ok && !c.handling.Load() {
			waiting = c
			break
		}
	}
	cs.remove(waiting)
	_ = waiting.Close() // its server notices
}

func (cs *connections) remove(c net.Conn) {
	if place, ok := cs.all[c]; ok {
		cs.order.Remove(place)
		delete(cs.all, c)
	}
}

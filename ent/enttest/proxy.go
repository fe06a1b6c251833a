package enttest

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Proxy stands between a store and its server, and fails as networks and servers do.
type Proxy struct {
	server string

	mu     sync.Mutex
	thawed *sync.Cond
	frozen bool
	open   map[net.Conn]bool
	after  []byte // what a client says
	then   func() // what happens once that has been passed on
}

// Through returns a URL that leads to the same database through a Proxy.
func Through(t testing.TB, databaseURL string) (string, *Proxy) {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{server: u.Host, open: map[net.Conn]bool{}}
	p.thawed = sync.NewCond(&p.mu)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.connect(client)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		p.Thaw()
		p.Cut()
	})
	u.Host = listener.Addr().String()
	query := u.Query()
	query.Set("sslmode", "disable")
	u.RawQuery = query.Encode()
	return u.String(), p
}

// Freeze has nothing pass and nothing be answered, until Thaw. Connections can still be made, as with a server whose
// process is stopped.
func (p *Proxy) Freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = true
}

// Thaw ends a Freeze.
func (p *Proxy) Thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = false
	p.thawed.Broadcast()
}

// Cut breaks all connections that there are. What has been sent still reaches the server.
func (p *Proxy) Cut() {
	defer p.Thaw()
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.open {
		_ = conn.Close()
	}
	clear(p.open)
}

// After calls then once when the next statement that has text in it has reached the server, and before its answer can
// come back. Nothing passes from then on, until Thaw or Cut.
func (p *Proxy) After(text string, then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.after, p.then = []byte(text), then
}

func (p *Proxy) connect(client net.Conn) {
	server, err := net.Dial("tcp", p.server) //nolint:noctx // it lives as long as the client's
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	p.open[client], p.open[server] = true, true
	p.mu.Unlock()
	answers := make(chan struct{})
	go func() {
		defer close(answers)
		p.pass(server, client, func(data []byte) error {
			_, err := client.Write(data)
			return err
		})
	}()
	p.pass(client, server, func(data []byte) error { return p.send(server, data) })
	<-answers
}

// cancelRequest begins what a PostgreSQL client says over another connection to have a statement ended that it waits for
// no more. See https://www.postgresql.org/docs/current/protocol-message-formats.html.
const cancelRequest = "\x00\x00\x00\x10\x04\xd2\x16\x2e"

// send passes on what a client says, and sees to what comes after. What has reached the server isn't cancelled.
func (p *Proxy) send(server net.Conn, data []byte) error {
	if bytes.HasPrefix(data, []byte(cancelRequest)) {
		return net.ErrClosed
	}
	p.mu.Lock()
	var then func()
	if p.then != nil && bytes.Contains(data, p.after) {
		then, p.then = p.then, nil
		p.frozen = true // so that the answer doesn't come first
	}
	p.mu.Unlock()
	_, err := server.Write(data)
	if then != nil {
		then()
	}
	return err
}

// pass passes on what from says, as long as both are there.
func (p *Proxy) pass(from, to net.Conn, send func([]byte) error) {
	defer func() {
		_ = from.Close()
		_ = to.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			p.mu.Lock()
			for p.frozen {
				p.thawed.Wait()
			}
			p.mu.Unlock()
			if send(buffer[:n]) != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

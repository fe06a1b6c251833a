package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"octavo/lang"
)

// roundTimeout is the most that a round may take. One that reaches it is cut short, not failed.
const roundTimeout = 20 * time.Second

// measure is what a round of requests has shown of a server. Medians are taken field by field.
type measure struct {
	PerSecond float64 `json:"requests_per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	CPU       float64 `json:"cpu_us_per_request"`
	Database  float64 `json:"database_cpu_us_per_request"` // of the processes of PostgreSQL that serve the program
	Peak      float64 `json:"peak_mib"`                    // resident; what is mapped of the database file counts once a connection
	Anonymous float64 `json:"anonymous_mib"`               // the most that was resident without belonging to a file

	anonymousBefore float64
}

// round sends the scenario's requests to a server once and checks every answer.
func round(ctx context.Context, t *target, s *scenario) (measure, error) {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	watch, err := startWatch(t.server)
	if err != nil {
		return measure{}, err
	}
	cpuBefore, err := t.server.cpu()
	if err != nil {
		return measure{}, err
	}
	databaseBefore, err := t.backends.cpu(ctx)
	if err != nil {
		return measure{}, err
	}

	began := time.Now()
	latencies, err := drive(ctx, t, s)
	elapsed := time.Since(began)
	cpu, cpuErr := t.server.cpu()
	database, databaseErr := t.backends.cpu(context.WithoutCancel(ctx))
	memory, watchErr := watch.stop()
	if err := errors.Join(err, cpuErr, databaseErr, watchErr); err != nil {
		return measure{}, fmt.Errorf("%s of %s: %w", s.name, t.name(), err)
	}

	slices.Sort(latencies)
	n := len(latencies)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	memory.PerSecond = float64(n) / elapsed.Seconds()
	memory.P50, memory.P99 = ms(latencies[n/2]), ms(latencies[n*99/100])
	perRequest := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) / float64(n) }
	memory.CPU = perRequest(cpu - cpuBefore)
	memory.Database = perRequest(since(databaseBefore, database))
	return memory, nil
}

// drive has the scenario's clients send its requests side by side, and returns how long each answer took.
func drive(ctx context.Context, t *target, s *scenario) ([]time.Duration, error) {
	var left atomic.Int64
	left.Store(int64(s.requests))
	latencies := make([][]time.Duration, s.clients)
	errs := make([]error, s.clients)
	var clients sync.WaitGroup
	for i := range s.clients {
		clients.Go(func() {
			c, err := dial(ctx, t, i)
			if err != nil {
				errs[i] = err
				return
			}
			defer func() { _ = c.conn.Close() }()
			for errs[i] == nil && left.Add(-1) >= 0 && ctx.Err() == nil {
				began := time.Now()
				errs[i] = c.exchange(s)
				latencies[i] = append(latencies[i], time.Since(began))
			}
			if errs[i] == nil && s.afterwards != nil {
				errs[i] = s.afterwards(c)
			}
		})
	}
	clients.Wait()
	return slices.Concat(latencies...), errors.Join(errs...)
}

// client sends requests over one connection, as cheaply as it can: it shares the machine with the server.
type client struct {
	*target
	random  *rand.Rand
	conn    net.Conn
	in      *bufio.Reader
	out     bytes.Buffer
	body    bytes.Buffer
	number  int       // among the clients of a round
	etag    string    // of the page that is asked for again and again
	created string    // the path of what was created last
	edited  *owned    // the note that was edited last
	part    *scenario // of a mixed one, that which comes now
}

func dial(ctx context.Context, t *target, number int) (*client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", t.server.addr)
	if err != nil {
		return nil, err
	}
	// Requests under way when the round is cut short may take a while.
	if err := conn.SetDeadline(time.Now().Add(3 * roundTimeout)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &client{
		target: t, number: number, conn: conn, in: bufio.NewReaderSize(conn, 64<<10),
		random: rand.New(rand.NewPCG(rand.Uint64(), 0)),
	}, nil
}

// again is how long a client waits that has been told to try again.
const again = 100 * time.Millisecond

// maybeSaved is what a server says that doesn't know whether it has stored what it was sent. Sent again, it might be twice.
var maybeSaved = lang.English().Text("problem.unconfirmed")

// exchange sends one request of a scenario and checks the answer. A server that is too busy is asked again, for as long as
// the connection lasts.
func (c *client) exchange(s *scenario) error {
	q := s.request(c)
	resp, err := c.send(q)
	for err == nil && resp.StatusCode == http.StatusServiceUnavailable { // as on a machine that has much else to do
		var said []byte
		said, err = c.read(resp)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			break
		}
		if strings.Contains(html.UnescapeString(string(said)), maybeSaved) {
			return fmt.Errorf("%s %s: %s", q.method, q.path, maybeSaved)
		}
		time.Sleep(again)
		resp, err = c.send(q)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", q.method, q.path, err)
	}
	if err := s.check(c, q, resp); err != nil {
		return fmt.Errorf("%s %s: status %d: %w: %.300s", q.method, q.path, resp.StatusCode, err, c.body.Bytes())
	}
	_, err = io.Copy(io.Discard, resp.Body) // the next answer follows
	return errors.Join(err, resp.Body.Close())
}

// send sends a request from the owner's own browser. The answer's body must be read before the next request.
func (c *client) send(q request) (*http.Response, error) {
	c.body.Reset()
	c.out.Reset()
	_, port, _ := net.SplitHostPort(c.server.addr) // the cookie's name has it
	fmt.Fprintf(&c.out, "%s %s HTTP/1.1\r\nHost: %s\r\nCookie: octavo_%s=%s\r\nSec-Fetch-Site: same-origin\r\n",
		q.method, q.path, c.server.addr, port, c.contents.token)
	if q.etag != "" {
		fmt.Fprintf(&c.out, "If-None-Match: %s\r\n", q.etag)
	}
	if q.body != "" {
		fmt.Fprintf(&c.out, "Content-Type: %s\r\nContent-Length: %d\r\n", q.contentType, len(q.body))
	}
	fmt.Fprintf(&c.out, "\r\n%s", q.body)
	if _, err := c.conn.Write(c.out.Bytes()); err != nil {
		return nil, err
	}
	return http.ReadResponse(c.in, nil)
}

// read returns the whole body of an answer. It stays valid until the next request.
func (c *client) read(resp *http.Response) ([]byte, error) {
	_, err := c.body.ReadFrom(resp.Body)
	return c.body.Bytes(), err
}

// watch samples the memory of a process.
type watch struct {
	*process
	before, most int64
	err          error
	done         chan struct{}
	ended        sync.WaitGroup
}

const sampleEvery = 10 * time.Millisecond

func startWatch(p *process) (*watch, error) {
	if err := p.forgetPeak(); err != nil {
		return nil, err
	}
	before, err := p.memory(anonymousMemory)
	if err != nil {
		return nil, err
	}
	w := &watch{process: p, before: before, most: before, done: make(chan struct{})}
	w.ended.Go(func() {
		for tick := time.NewTicker(sampleEvery); ; {
			select {
			case <-w.done:
				tick.Stop()
				return
			case <-tick.C:
				now, err := w.memory(anonymousMemory)
				w.most, w.err = max(w.most, now), errors.Join(w.err, err)
			}
		}
	})
	return w, nil
}

// stop returns what was seen of the memory.
func (w *watch) stop() (measure, error) {
	close(w.done)
	w.ended.Wait()
	peak, err := w.memory(peakMemory)
	const mib = 1 << 20
	return measure{
		Peak: float64(peak) / mib, Anonymous: float64(w.most) / mib, anonymousBefore: float64(w.before) / mib,
	}, errors.Join(err, w.err)
}

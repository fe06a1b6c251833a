package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent/enttest"
)

// eachOwnServer runs test for each kind of database server, with one of its own and the program that uses it.
func eachOwnServer(t *testing.T, test func(t *testing.T, server *enttest.Server, program *process)) {
	t.Helper()
	for _, service := range []string{"postgresql", "mysql"} {
		t.Run(service, func(t *testing.T) {
			t.Parallel() // most of the time is spent waiting
			server := enttest.OwnServer(t, service)
			test(t, server, start(t, "DATABASE_URL="+server.URL))
		})
	}
}

// load is clients that write and read until they are told to stop.
type load struct {
	program *process
	stop    atomic.Bool
	running sync.WaitGroup

	mu      sync.Mutex
	saved   []string      // titles of notes whose creation was answered
	refused int           // answers of 503
	unsure  int           // those of them which say that it may have been saved
	longest time.Duration // for an answer
}

// begin has eight clients create notes, with and without a key, and read.
func begin(program *process) *load {
	l := &load{program: program}
	for client := range 8 {
		l.running.Go(func() {
			for n := 0; !l.stop.Load(); n++ {
				title := fmt.Sprintf("client %d, note %d", client, n)
				var headers []string
				if client%2 == 0 {
					headers = []string{"Idempotency-Key", title}
				}
				l.send(title, http.StatusCreated, http.MethodPost, "/api/v1/notes", draft{title, "text"}, headers...)
				l.send("", http.StatusOK, http.MethodGet, "/api/v1/notes", nil)
			}
		})
	}
	return l
}

// send sends a request, which has to be answered with status or else with 503.
func (l *load) send(title string, status int, method, path string, body any, headers ...string) {
	started := time.Now()
	a, err := l.program.send(method, path, body, headers...)
	if err != nil {
		l.program.t.Errorf("%s %s: %v", method, path, err)
		l.stop.Store(true)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.longest = max(l.longest, time.Since(started))
	switch {
	case a.StatusCode == status && title != "":
		l.saved = append(l.saved, title)
	case a.StatusCode == http.StatusServiceUnavailable:
		l.refused++
		if strings.Contains(string(a.body), "may have been saved") {
			l.unsure++
		}
		if a.Header.Get("Retry-After") == "" {
			l.program.t.Error("503 without Retry-After")
		}
		time.Sleep(10 * time.Millisecond)
	case a.StatusCode != status:
		l.program.t.Errorf("%s %s: status %d\n%s", method, path, a.StatusCode, a.body)
	}
}

// counts returns how many creations have been answered, and how many requests refused.
func (l *load) counts() (saved, refused int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.saved), l.refused
}

// awaitSaves waits until n more notes have been saved.
func (l *load) awaitSaves(n int) {
	l.program.t.Helper()
	before, _ := l.counts()
	eventually(l.program.t, "notes are saved", func() bool {
		saved, _ := l.counts()
		return saved >= before+n
	})
}

// awaitRefusals waits until n more requests have been refused.
func (l *load) awaitRefusals(n int) {
	l.program.t.Helper()
	_, before := l.counts()
	eventually(l.program.t, "requests are refused", func() bool {
		_, refused := l.counts()
		return refused >= before+n
	})
}

// end stops the clients and checks that each note that was answered is there, and none twice.
func (l *load) end() {
	t := l.program.t
	t.Helper()
	l.stop.Store(true)
	l.running.Wait()
	t.Logf("%d notes saved, %d answers of 503, %d of them unsure; the longest took %v",
		len(l.saved), l.refused, l.unsure, l.longest)
	times := map[string]int{}
	for next := "/api/v1/notes?limit=100"; next != ""; {
		var page []stored
		a := l.program.call(http.StatusOK, http.MethodGet, next, nil, &page)
		for _, n := range page {
			times[n.Title]++
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
	}
	for title, n := range times {
		if n > 1 {
			t.Errorf("%q is there %d times", title, n)
		}
	}
	for _, title := range l.saved {
		if times[title] == 0 {
			t.Errorf("%q was answered and is lost", title)
		}
	}
}

func TestADatabaseServerThatIsKilledIsUnavailableAndLosesNothing(t *testing.T) {
	eachOwnServer(t, func(_ *testing.T, server *enttest.Server, program *process) {
		l := begin(program)
		for range 2 {
			l.awaitSaves(30)
			server.Kill()
			l.awaitRefusals(20)
			server.Start()
		}
		l.awaitSaves(30)
		l.end()
	})
}

func TestADatabaseServerThatFreezesHoldsNobodyForEver(t *testing.T) {
	eachOwnServer(t, func(t *testing.T, server *enttest.Server, program *process) {
		l := begin(program)
		l.awaitSaves(30)
		server.Freeze()
		l.awaitRefusals(8) // as many as there are clients
		program.call(http.StatusServiceUnavailable, http.MethodGet, "/readyz", nil, nil)
		program.call(http.StatusOK, http.MethodGet, "/healthz", nil, nil)
		server.Thaw()
		l.awaitSaves(30)
		l.end()

		server.Freeze()
		// The program says 100 Continue when it reads the body.
		underWay, waiting := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(waiting)
			if status, err := program.sendOnceRead(draft{"Late", "text"}, underWay); status != http.StatusServiceUnavailable {
				t.Errorf("what was under way got %d, %v", status, err)
			}
		}()
		select {
		case <-underWay:
		case <-waiting:
		}
		program.signal(syscall.SIGTERM)
		<-waiting
		if state := program.awaitEnd(); !state.Success() {
			t.Errorf("asked to stop, the program ended with %v", state)
		}
	})
}

// sendOnceRead creates a note, and closes read when the program has begun to read it.
func (s *process) sendOnceRead(note draft, read chan<- struct{}) (status int, err error) {
	body, err := json.Marshal(note)
	if err != nil {
		return 0, err
	}
	ctx := httptrace.WithClientTrace(s.t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(read) }})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/api/v1/notes", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Expect", "100-continue")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func TestACreationWithAKeyIsAnsweredAlthoughItsConfirmationIsLost(t *testing.T) {
	for _, database := range []struct {
		name, commit string
		create       func(testing.TB) string
	}{{"postgresql", "commit", enttest.Postgres}, {"mysql", "\x03COMMIT", enttest.MySQL}} {
		t.Run(database.name, func(t *testing.T) {
			proxied, proxy := enttest.Through(t, database.create(t))
			program := start(t, "DATABASE_URL="+proxied)
			key := []string{"Idempotency-Key", string(domain.NewID())}
			// Only the commit of the note is to be cut off, and not one of the housekeeping.
			proxy.After("Once", func() {
				proxy.After(database.commit, proxy.Cut)
				proxy.Thaw()
			})
			program.call(http.StatusCreated, http.MethodPost, "/api/v1/notes", draft{"Once", ""}, nil, key...)

			var notes []stored
			program.call(http.StatusOK, http.MethodGet, "/api/v1/notes", nil, &notes)
			if len(notes) != 1 {
				t.Errorf("the notes are %+v", notes)
			}
		})
	}
}

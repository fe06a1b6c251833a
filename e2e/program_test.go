package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is an installed Octavo: a directory that holds its .env and, unless that says otherwise, its data.
type program struct {
	t       *testing.T
	dir     string
	environ []string
}

func install(t *testing.T, settings ...string) program {
	t.Helper()
	p := program{t: t, dir: t.TempDir()}
	p.configure(settings...)
	return p
}

// configure writes the .env. The program listens on a free port, unless settings say otherwise.
func (p program) configure(settings ...string) {
	p.t.Helper()
	lines := append([]string{"HTTP_ADDR=127.0.0.1:0"}, settings...)
	if err := os.WriteFile(filepath.Join(p.dir, ".env"), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// command returns the program's command line. Nothing of this process's environment reaches it.
func (p program) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.WithoutCancel(p.t.Context()), binary, args...)
	cmd.Dir, cmd.Env = p.dir, append([]string{}, p.environ...)
	return cmd
}

// with returns the program with something in its environment.
func (p program) with(environ ...string) program {
	p.environ = environ
	return p
}

// outcome is what a command that has ended leaves.
type outcome struct {
	status         int
	stdout, stderr string
}

// run runs a command to its end.
func (p program) run(args ...string) outcome {
	p.t.Helper()
	cmd := p.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// must is run for a command that succeeds. It returns what the command prints.
func (p program) must(args ...string) string {
	p.t.Helper()
	o := p.run(args...)
	if o.status != 0 || o.stderr != "" {
		p.t.Fatalf("octavo %s: exit status %d\n%s", strings.Join(args, " "), o.status, o.stderr)
	}
	return o.stdout
}

// process is an Octavo that serves.
type process struct {
	t       *testing.T
	of      program
	cmd     *exec.Cmd
	log     string // path of what it writes to stderr
	printed chan string
	ended   chan struct{}

	base string // where it is found, known when it is ready
	key  string // of the API
}

// link returns a new link that signs in.
func (s *process) link() string {
	s.t.Helper()
	return strings.TrimSpace(s.of.with("HTTP_ADDR=" + strings.TrimPrefix(s.base, "http://")).must("link"))
}

// start runs the program and waits until it is ready. It is stopped when the test ends, if not before.
func start(t *testing.T, settings ...string) *process {
	t.Helper()
	return install(t, settings...).start()
}

func (p program) start() *process {
	p.t.Helper()
	s := p.launch()
	s.awaitReady()
	return s
}

// launch is start without the waiting.
func (p program) launch() *process {
	p.t.Helper()
	s := &process{t: p.t, of: p, cmd: p.command(), printed: make(chan string, 1), ended: make(chan struct{})}
	log, err := os.CreateTemp(p.dir, "log-*")
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = log.Close() }() // the process has its own handle
	s.log, s.cmd.Stderr = log.Name(), log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		s.stop()
		if p.t.Failed() {
			p.t.Logf("log of the program:\n%s", s.logged())
		}
	})
	go func() {
		defer close(s.ended)
		out := bufio.NewReader(stdout)
		line, _ := out.ReadString('\n') // what is missing is missed in awaitReady
		s.printed <- line
		_, _ = io.Copy(io.Discard, out)
		_ = s.cmd.Wait() // those who care look at the ProcessState
	}()
	return s
}

func (s *process) awaitReady() {
	s.t.Helper()
	var line string
	select {
	case line = <-s.printed:
	case <-time.After(patience):
		s.t.Fatal("the program doesn't get ready")
	}
	base, ok := strings.CutPrefix(line, "Octavo is ready at ")
	base, _, told := strings.Cut(base, ". Run `octavo link`")
	if !ok || !told {
		s.t.Fatalf("the program printed %q\n%s", line, s.logged())
	}
	u, err := url.Parse(base)
	if err != nil {
		s.t.Fatal(err)
	}
	s.base, s.key = "http://"+u.Host, strings.TrimSpace(s.of.must("key"))
}

func (s *process) logged() string {
	s.t.Helper()
	text, err := os.ReadFile(s.log)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// stop asks the program to end, which it must do properly, unless it has ended already.
func (s *process) stop() {
	s.t.Helper()
	select {
	case <-s.ended:
		return
	default:
	}
	s.signal(syscall.SIGTERM)
	if state := s.awaitEnd(); !state.Success() {
		s.t.Errorf("asked to stop, the program ended with %v", state)
	}
}

// kill gives the program no chance to do anything more.
func (s *process) kill() {
	s.t.Helper()
	s.signal(syscall.SIGKILL)
	s.awaitEnd()
}

func (s *process) signal(signal syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatal(err)
	}
}

func (s *process) awaitEnd() *os.ProcessState {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		<-s.ended
		s.t.Error("the program doesn't end")
	}
	return s.cmd.ProcessState
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body []byte
}

// send sends a request with the owner key, a JSON body if that isn't nil, and headers as names and values in turn.
func (s *process) send(method, path string, body any, headers ...string) (answer, error) {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		content = bytes.NewReader(encoded)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, content)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(read))
	return answer{response, read}, err
}

// call is send for a request that is answered with status. It decodes the body into the value that into points to,
// if that isn't nil.
func (s *process) call(status int, method, path string, body, into any, headers ...string) answer {
	s.t.Helper()
	a, err := s.send(method, path, body, headers...)
	if err != nil {
		s.t.Fatal(err)
	}
	if a.StatusCode != status {
		s.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, a.StatusCode, status, a.body)
	}
	if into != nil {
		if err := json.Unmarshal(a.body, into); err != nil {
			s.t.Fatalf("%s %s: %v\n%s", method, path, err, a.body)
		}
	}
	return a
}

// draft is a note or a record to be stored.
type draft struct {
	Title   string `json:"title,omitempty"`
	Content string `json:"content,omitempty"`
}

// stored is a note or a record as the API shows it.
type stored struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Content string    `json:"content"`
	Version int       `json:"version"`
	Updated time.Time `json:"updated"`
}

// addNote stores a note and returns the path of its page.
func (s *process) addNote(title, content string) string {
	s.t.Helper()
	var n stored
	s.call(http.StatusCreated, http.MethodPost, "/api/v1/notes", draft{title, content}, &n)
	return "/notes/" + n.ID
}

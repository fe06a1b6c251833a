package enttest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"octavo/ent"
)

// Server is a database server of a test's own, which may be killed and frozen.
type Server struct {
	URL string

	t       testing.TB
	service string
	dir     string
	process *exec.Cmd
	frozen  []int
}

// patience is how long a server may take to start on a machine that has much else to do.
const patience = 2 * time.Minute

// OwnServer starts a server, "postgresql" or "mysql", which ends with t. It needs the programs and not the servers that
// scripts/services.sh starts for all tests, and is skipped where these are missing.
func OwnServer(t testing.TB, service string) *Server {
	t.Helper()
	return serverAt(t, service, freeAddress)
}

// serverAt starts a server at the first of the addresses at which it can be started.
func serverAt(t testing.TB, service string, address func(testing.TB) string) *Server {
	t.Helper()
	common, err := url.Parse(server(t, service, map[string]string{
		"postgresql": "OCTAVO_TEST_POSTGRES", "mysql": "OCTAVO_TEST_MYSQL",
	}[service]))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "octavo-server-") // the server runs as nobody, who may not enter t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, service: service, dir: dir}
	t.Cleanup(func() {
		s.Kill()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	s.start(func() {
		u := url.URL{
			Scheme: common.Scheme, User: url.UserPassword("octavo", "secret"), Host: address(t),
			Path: "/octavo", RawQuery: "sslmode=disable",
		}
		s.URL = u.String()
	})
	return s
}

// freeAddress returns an address that nobody listens on, which may change at any time.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// Start starts the server, and returns when it answers.
func (s *Server) Start() {
	s.t.Helper()
	s.start(func() {}) // those who know its URL have no other
}

// start launches the server until it answers, each time after before.
func (s *Server) start(before func()) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		before()
		if s.launch() {
			return
		}
	}
	log, _ := os.ReadFile(s.log())
	s.t.Fatalf("%s doesn't start:\n%s", s.service, log)
}

func (s *Server) log() string { return filepath.Join(s.dir, "log") }

// launch starts the server once. What is left of a killed one may keep it from starting for some moments, and another
// server may have taken its port, and answer there.
func (s *Server) launch() (answers bool) {
	s.t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	log, err := os.Create(s.log())
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = log.Close() }() // the server has its own handle
	script := filepath.Join(root(s.t), "scripts", "services.sh")
	s.process = exec.CommandContext(context.WithoutCancel(s.t.Context()), script, "serve", s.service, s.dir, u.Port())
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = s.process.Wait() // it is killed in the end
		close(ended)
	}()
	for {
		if s.ready() {
			if store, err := ent.Open(s.t.Context(), s.URL); err == nil {
				_ = store.Close()
				return true
			}
		}
		select {
		case <-ended:
			time.Sleep(100 * time.Millisecond)
			return false
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// ready reports whether the server says that it has its port.
func (s *Server) ready() bool {
	log, err := os.ReadFile(s.log())
	if err != nil {
		s.t.Fatal(err)
	}
	return bytes.Contains(log, []byte("ready to accept connections")) || bytes.Contains(log, []byte("ready for connections"))
}

// Kill gives the server no chance to do anything more.
func (s *Server) Kill() {
	s.t.Helper()
	s.Thaw()
	s.signal(syscall.SIGKILL, s.process.Process.Pid)
}

// Freeze stops the server's processes where they are. Connections to it can still be made, and nothing is answered.
func (s *Server) Freeze() {
	s.t.Helper()
	pid := s.process.Process.Pid
	s.freeze(pid) // first, so that it has no more children
	for _, task := range tasks(pid) {
		children, err := os.ReadFile(filepath.Join(task, "children"))
		if err != nil {
			continue // the thread has ended
		}
		for _, child := range strings.Fields(string(children)) {
			if pid, err := strconv.Atoi(child); err == nil {
				s.freeze(pid)
			}
		}
	}
}

// freeze returns once each thread of the process has stopped: until one of them has been given time to take the
// signal, all others go on.
func (s *Server) freeze(pid int) {
	s.t.Helper()
	s.frozen = append(s.frozen, pid)
	s.signal(syscall.SIGSTOP, pid)
	for deadline := time.Now().Add(patience); slices.ContainsFunc(tasks(pid), running); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("process %d goes on after %v", pid, patience)
		}
	}
}

// tasks returns the directories of a process's threads.
func tasks(pid int) []string {
	dirs, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid)) // the pattern is well-formed
	return dirs
}

// running reports whether a thread has neither ended nor been stopped.
func running(task string) bool {
	stat, err := os.ReadFile(filepath.Join(task, "stat"))
	if err != nil {
		return false
	}
	// The state follows the command's name, which may have parentheses in it.
	state := strings.TrimSpace(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	return !strings.HasPrefix(state, "T") && !strings.HasPrefix(state, "Z")
}

// Thaw ends a Freeze.
func (s *Server) Thaw() {
	s.t.Helper()
	for _, pid := range s.frozen {
		s.signal(syscall.SIGCONT, pid)
	}
	s.frozen = nil
}

func (s *Server) signal(signal syscall.Signal, pid int) {
	s.t.Helper()
	if err := syscall.Kill(pid, signal); err != nil && err != syscall.ESRCH { //nolint:errorlint // it is what Kill returns
		s.t.Error(err)
	}
}

// root returns the directory of the module.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("the test runs outside of the module")
		}
		dir = parent
	}
}

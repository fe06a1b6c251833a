package enttest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
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
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := url.URL{
		Scheme: common.Scheme, User: url.UserPassword("octavo", "secret"), Host: listener.Addr().String(),
		Path: "/octavo", RawQuery: "sslmode=disable",
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s := &Server{URL: u.String(), t: t, service: service, dir: dir}
	t.Cleanup(func() {
		s.Kill()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	s.Start()
	return s
}

// Start starts the server, and returns when it answers.
func (s *Server) Start() {
	s.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if s.launch() {
			return
		}
	}
	log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	s.t.Fatalf("%s doesn't start:\n%s", s.service, log)
}

// launch starts the server once. What is left of a killed one may keep it from starting for some moments.
func (s *Server) launch() (answers bool) {
	s.t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
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
		if store, err := ent.Open(s.t.Context(), s.URL); err == nil {
			_ = store.Close()
			return true
		}
		select {
		case <-ended:
			time.Sleep(100 * time.Millisecond)
			return false
		case <-time.After(100 * time.Millisecond):
		}
	}
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
	s.frozen = []int{pid}
	s.signal(syscall.SIGSTOP, pid) // first, so that it has no more children
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, task := range tasks {
		children, err := os.ReadFile(task)
		if err != nil {
			continue // the thread has ended
		}
		for _, child := range strings.Fields(string(children)) {
			if pid, err := strconv.Atoi(child); err == nil {
				s.frozen = append(s.frozen, pid)
				s.signal(syscall.SIGSTOP, pid)
			}
		}
	}
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

package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	startTimeout = 5 * time.Minute // a machine may have much else to do
	stopTimeout  = 20 * time.Second
)

// process is a server under measurement, which has answered that it is ready.
type process struct {
	addr  string
	ready time.Duration // from its start to that answer

	cmd    *exec.Cmd
	cancel context.CancelFunc
	ended  chan error
}

// start runs a server on a free port of the loopback interface, in dir and with env as its whole environment.
func start(ctx context.Context, program, dir string, env ...string) (*process, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &process{addr: addr, cmd: exec.CommandContext(ctx, program), cancel: cancel, ended: make(chan error, 1)}
	p.cmd.Dir = dir
	p.cmd.Env = append(env, "HTTP_ADDR="+addr, "LOG_LEVEL=warn")
	var output bytes.Buffer
	p.cmd.Stdout, p.cmd.Stderr = &output, &output
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = stopTimeout

	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	go func() { p.ended <- p.cmd.Wait() }()
	for time.Since(began) < startTimeout {
		select {
		case err := <-p.ended:
			cancel()
			return nil, fmt.Errorf("%s ended (%w) before it was ready: %s", program, err, &output)
		case <-time.After(time.Millisecond):
		}
		if isReady(ctx, addr) {
			p.ready = time.Since(began)
			return p, nil
		}
	}
	_ = p.stop()
	return nil, fmt.Errorf("%s isn't ready after %s: %s", program, startTimeout, &output)
}

// stop asks the server to end and waits until it has.
func (p *process) stop() error {
	p.cancel()
	err := <-p.ended
	if p.cmd.ProcessState.Success() {
		return nil
	}
	return fmt.Errorf("%s didn't end well: %w", p.cmd.Path, err)
}

func freeAddr(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func isReady(ctx context.Context, addr string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// cpu returns the time that all threads of the process have run so far, to the nanosecond.
func (p *process) cpu() (time.Duration, error) { return cpuOf(p.cmd.Process.Pid) }

func cpuOf(pid int) (time.Duration, error) {
	// The clock of another process, as clock_getcpuclockid(3) makes it.
	clock := int32(^pid)<<3 | 2
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0, fmt.Errorf("CPU time of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}

// The fields of /proc/PID/status that say how much memory a process has, in bytes here.
const (
	peakMemory      = "VmHWM"   // most that was resident since forgetPeak, pages of files included
	anonymousMemory = "RssAnon" // resident now, without what belongs to files
)

func (p *process) memory(field string) (int64, error) {
	status, err := os.ReadFile(p.proc("status"))
	if err != nil {
		return 0, err
	}
	_, rest, found := strings.Cut(string(status), "\n"+field+":")
	number, _, isKB := strings.Cut(rest, " kB\n")
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if !found || !isKB || err != nil {
		return 0, fmt.Errorf("%s has no %s", p.proc("status"), field)
	}
	return n << 10, nil
}

// forgetPeak begins peakMemory anew.
func (p *process) forgetPeak() error { return os.WriteFile(p.proc("clear_refs"), []byte("5"), 0) }

func (p *process) proc(file string) string {
	return fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, file)
}

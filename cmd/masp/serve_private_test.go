package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"masp/migrations/cluster"
	"masp/migrations/dbtest"
)

// privateHouse is a folder with a private PostgreSQL, and processes that use it.
type privateHouse struct {
	t   *testing.T
	dir string
	env []string
}

func newPrivateHouse(t *testing.T) *privateHouse {
	t.Helper()
	dir, err := os.MkdirTemp("", "masp-private-") // t.TempDir is closed to the server's user
	if err != nil {
		t.Fatal(err)
	}
	h := &privateHouse{t: t, dir: dir}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		_ = cluster.Wipe(ctx, filepath.Join(dir, "cluster"))
		_ = os.RemoveAll(dir)
	})
	inbox := filepath.Join(dir, "inbox")
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MASP_") {
			h.env = append(h.env, v)
		}
	}
	h.env = append(h.env, "MASP_STATE_DIR="+dir, "MASP_INBOX="+inbox, "MASP_OUTBOX="+filepath.Join(dir, "outbox"))
	return h
}

// serve starts a service and waits until it answers about its database.
func (h *privateHouse) serve() *server {
	h.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	s := &server{t: h.t, address: l.Addr().String(), log: &syncBuffer{}, ended: make(chan error, 1)}
	_ = l.Close()
	s.cmd = exec.Command(program(h.t), "serve", "--listen", s.address, "--every", "1s")
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = h.env, s.log, s.log
	if err := s.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	h.t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	s.until("ready", s.ready)
	return s
}

func (s *server) ready() bool {
	status, _ := s.get("/readyz")
	return status == http.StatusOK
}

// staysReady fails when the service is not ready at any look of some seconds.
func (s *server) staysReady(after string) {
	s.t.Helper()
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if status, body := s.get("/readyz"); status != http.StatusOK {
			s.t.Fatalf("%s the other is not ready: %d %s", after, status, body)
		}
	}
}

// command runs masp beside the services and answers how long it took.
func (h *privateHouse) command(args ...string) time.Duration {
	h.t.Helper()
	begin := time.Now()
	cmd := exec.Command(program(h.t), args...)
	cmd.Env = h.env
	if out, err := cmd.CombinedOutput(); err != nil {
		h.t.Errorf("masp %v: %v\n%s", args, err, out)
	}
	return time.Since(begin)
}

// postgres is the number of the server's process, 0 when there is none.
func (h *privateHouse) postgres() int {
	raw, err := os.ReadFile(filepath.Join(h.dir, "cluster", "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		h.t.Fatal(err)
	}
	return pid
}

func TestServicesShareThePrivateServerWhateverHappensToOneOfThem(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 4)
	h := newPrivateHouse(t)
	starter, other := h.serve(), h.serve()
	_ = starter.cmd.Process.Kill()
	if err := <-starter.ended; err == nil {
		t.Error("it ended by itself")
	}
	other.staysReady("after the kill of the starter")
	if took := h.command("verify"); took > 30*time.Second {
		t.Errorf("a command beside a service took %v", took)
	}
	other.staysReady("after a command")

	third := h.serve()
	if err := other.stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends by %v", err)
	}
	third.staysReady("after the end of another")

	killed := h.postgres()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	third.until("ready again", func() bool { return third.ready() && h.postgres() != killed })
	if took := time.Since(begin); took > 15*time.Second {
		t.Errorf("it was away for %v after the kill of PostgreSQL", took)
	}

	_ = third.cmd.Process.Kill()
	if err := <-third.ended; err == nil {
		t.Error("it ended by itself")
	}
	_ = syscall.Kill(h.postgres(), syscall.SIGKILL)
	last := h.serve() // nobody is left: it recovers
	if err := last.stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends by %v", err)
	}
	if pid := h.postgres(); pid != 0 {
		t.Errorf("the last one left PostgreSQL running as %d", pid)
	}
}

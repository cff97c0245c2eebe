package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is the postmaster as our direct child.
type server struct {
	process *os.Process
	done    chan struct{} // closed when the process has ended
}

// launch starts the postmaster from an OS thread that lives as long as the server: the kernel
// sends the parent-death signal when the starting thread ends, not when the process does.
func launch(cmd *exec.Cmd) (*server, error) {
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT // fast shutdown
	s := &server{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		s.process = cmd.Process
		started <- err
		if err != nil {
			return
		}
		_ = cmd.Wait() // how it ended is in the log
		close(s.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	return s, nil
}

func (s *server) ended(within time.Duration) bool {
	select {
	case <-s.done:
		return true
	case <-time.After(within):
		return false
	}
}

// stop asks more and more firmly: smart (clients may finish), fast (clients are cut, all is
// written), immediate (recovery at the next start).
func (s *server) stop(patience time.Duration) error {
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{
		{syscall.SIGTERM, patience},
		{syscall.SIGINT, 20 * time.Second},
		{syscall.SIGQUIT, 10 * time.Second},
	}
	for _, step := range steps {
		if err := s.process.Signal(step.signal); errors.Is(err, os.ErrProcessDone) {
			<-s.done
			return nil
		}
		if s.ended(step.wait) {
			return nil
		}
	}
	return errors.New("the PostgreSQL server does not end")
}

// processesIn lists the processes that work in a data folder: PostgreSQL and its children live
// there, and a foreign process that took over an old number does not.
func processesIn(dataDir string) []int {
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil
	}
	var pids []int
	for _, link := range links {
		if cwd, err := os.Readlink(link); err != nil || cwd != dataDir {
			continue
		}
		if pid, err := strconv.Atoi(strings.Split(link, "/")[2]); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// pidFile is what we read of postmaster.pid.
type pidFile struct {
	pid    int
	socket string // folder of the unix socket
	ready  bool
}

func readPidFile(dataDir string) (pidFile, bool) {
	raw, err := os.ReadFile(filepath.Join(dataDir, "postmaster.pid")) //nolint:gosec // our folder
	if err != nil {
		return pidFile{}, false
	}
	lines := strings.Split(string(raw), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return pidFile{}, false
	}
	p := pidFile{pid: pid}
	if len(lines) > 4 {
		p.socket = strings.TrimSpace(lines[4])
	}
	if len(lines) > 7 {
		p.ready = strings.TrimSpace(lines[7]) == "ready"
	}
	return p, true
}

// removeStale clears what a killed server left; the caller has seen that no process lives.
func removeStale(dataDir, socketDir string) error {
	for _, path := range []string{
		filepath.Join(dataDir, "postmaster.pid"),
		filepath.Join(socketDir, socketFile),
		filepath.Join(socketDir, socketFile+".lock"),
	} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove what a killed server left: %w", err)
		}
	}
	return nil
}

// initialise makes a new data folder under another name and renames it when it is whole.
func initialise(ctx context.Context, bin Binaries, acc account, dir string, unsafe bool) error {
	draft := filepath.Join(dir, newDataName)
	for len(processesIn(draft)) > 0 { // the child of an initdb that was killed is ending
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(draft); err != nil {
		return err
	}
	if err := acc.makePrivate(draft); err != nil {
		return err
	}
	args := []string{"-D", draft, "-A", "trust", "-U", Superuser, "--locale=C.UTF-8", "-E", "UTF8", "--data-checksums"}
	if unsafe {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin.Dir, "initdb"), args...) //nolint:gosec // found by us
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, environment(), acc.attributes()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	runtime.LockOSThread() // the death signal is bound to this thread
	defer runtime.UnlockOSThread()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s: %w: %s", draft, err, lastLines(out, 3))
	}
	if err := os.Rename(draft, filepath.Join(dir, dataName)); err != nil {
		return err
	}
	return syncFolder(dir)
}

func syncFolder(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // our folder
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// environment keeps the caller's PG* variables and locale away from the server.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
}

// openLog opens the server's log for appending; a large one is put aside first.
func openLog(dir string) (*os.File, error) {
	path := filepath.Join(dir, logName)
	if info, err := os.Stat(path); err == nil && info.Size() > 8<<20 {
		if err := os.Rename(path, filepath.Join(dir, oldLogName)); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600) //nolint:gosec // our folder
}

func logTail(dir string) string {
	f, err := os.Open(filepath.Join(dir, logName)) //nolint:gosec // our folder
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > 2000 {
		_, _ = f.Seek(-2000, io.SeekEnd)
	}
	raw, _ := io.ReadAll(f)
	return lastLines(raw, 4)
}

func lastLines(raw []byte, n int) string {
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-n):], []byte(" | ")))
}

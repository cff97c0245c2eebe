package cluster

import (
	"errors"
	"fmt"
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
// It gives the lock back when the server has ended.
func launch(cmd *exec.Cmd, starter *os.File) (*server, error) {
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
			_ = starter.Close()
			return
		}
		_ = cmd.Wait() // how it ended is in the log
		_ = starter.Close()
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

// pidFile is what we read of postmaster.pid.
type pidFile struct {
	pid    int
	socket string // folder of the unix socket
	ready  bool
}

func readPidFile(dataDir string) (pidFile, bool) {
	raw, err := os.ReadFile(filepath.Join(dataDir, "postmaster.pid"))
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

// removeStale clears what a killed server left where PostgreSQL would take it for a living one:
// its number was given to another process since. When that process is a PostgreSQL, or cannot be
// told, the file stays and PostgreSQL itself decides. The caller holds the lock "serving".
func removeStale(dataDir, socketDir string) error {
	p, exists := readPidFile(dataDir)
	if !exists || mayBeServer(p.pid, dataDir) {
		return nil
	}
	for _, path := range []string{
		filepath.Join(dataDir, "postmaster.pid"),
		filepath.Join(socketDir, socketFile+".lock"),
	} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove what a killed server left: %w", err)
		}
	}
	return nil
}

func mayBeServer(pid int, dataDir string) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(proc, "stat")) // "14484 (postgres) S 1 ..."
	if errors.Is(err, os.ErrNotExist) {
		return false
	}
	_, afterNumber, _ := strings.Cut(string(stat), " (")
	name, state, _ := strings.Cut(afterNumber, ") ")
	if err == nil && (name != "postgres" || strings.HasPrefix(state, "Z")) {
		return false // another program, or a dead one that nobody has buried yet
	}
	cwd, err := os.Readlink(filepath.Join(proc, "cwd")) // a server works in its data folder
	return err != nil || cwd == dataDir
}

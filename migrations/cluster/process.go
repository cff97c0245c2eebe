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

// child is a postmaster that this process has started.
type child struct {
	process *os.Process
	done    chan struct{} // closed when the process has ended
}

// launch starts the postmaster in a session of its own: it outlives us while others use it. One
// that shall not (mortal) is started from an OS thread that lives as long as the server: the
// kernel sends the parent-death signal when the starting thread ends, not when the process does.
func launch(cmd *exec.Cmd, mortal bool) (*child, error) {
	if mortal {
		cmd.SysProcAttr.Pdeathsig = syscall.SIGINT // fast shutdown
	}
	c := &child{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		c.process = cmd.Process
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in the log
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	return c, nil
}

func (c *child) ended(within time.Duration) bool {
	select {
	case <-c.done:
		return true
	case <-time.After(within):
		return false
	}
}

// stopServer ends the server of a folder, whoever started it, and waits for the last of its
// children. It asks more and more firmly: smart (clients that are no processes of ours may
// finish), fast (clients are cut, all is written), immediate (recovery at the next start). The
// caller has the turn.
func stopServer(dir string) error {
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{
		{syscall.SIGTERM, 3 * time.Second},
		{syscall.SIGINT, 20 * time.Second},
		{syscall.SIGQUIT, 10 * time.Second},
	}
	for _, step := range steps {
		told := false
		for end := time.Now().Add(step.wait); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			if lives, err := held(dir, servingName); !lives || err != nil {
				return err
			}
			told = told || signalServer(filepath.Join(dir, dataName), step.signal)
		}
	}
	return errors.New("the PostgreSQL server does not end")
}

// signalServer tells whether the server was there to be told.
func signalServer(dataDir string, signal syscall.Signal) bool {
	p, exists := readPidFile(dataDir)
	if !exists || p.pid <= 0 {
		return false // it is starting
	}
	process, err := os.FindProcess(p.pid) // holds on to this process: numbers are used again
	if err != nil {
		return false
	}
	defer func() { _ = process.Release() }()
	return mayBeServer(p.pid, dataDir) && process.Signal(signal) == nil
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

package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// launcher is all that is known before a server starts.
type launcher struct {
	dir, data, socket string
	binaries          Binaries
	account           account
	options           Options
	serving           *os.File // the lock that the server inherits
}

// prepare finds the binaries and the user, makes the data folder when there is none, and clears
// the way for the server.
func prepare(ctx context.Context, dir string, opt Options, serving *os.File) (*launcher, error) {
	l := &launcher{dir: dir, data: filepath.Join(dir, dataName), options: opt, serving: serving}
	major, err := majorOf(l.data)
	if err != nil {
		return nil, err
	}
	if l.binaries, err = newest(ctx, candidates(), major); err != nil {
		return nil, err
	}
	if l.account, err = chooseAccount(l.data); err != nil {
		return nil, err
	}
	if err := l.account.mayReach(dir); err != nil {
		return nil, err
	}
	if major == 0 {
		if err := l.initialise(ctx); err != nil {
			return nil, err
		}
	}
	if l.socket, err = socketFolder(dir); err != nil {
		return nil, err
	}
	if err := l.account.makePrivate(l.socket); err != nil {
		return nil, fmt.Errorf("make the folder of the socket: %w", err)
	}
	return l, removeStale(l.data, l.socket)
}

// majorOf returns the major version that made the data folder, 0 when there is none.
func majorOf(data string) (int, error) {
	raw, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(data); err == nil {
			return 0, fmt.Errorf("%s is not a complete PostgreSQL data folder: restore it or wipe the cluster", data)
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(raw)))
}

// initialise makes a new data folder under another name and renames it when it is whole.
func (l *launcher) initialise(ctx context.Context) error {
	draft := filepath.Join(l.dir, newDataName)
	if err := os.RemoveAll(draft); err != nil {
		return err
	}
	if err := l.account.makePrivate(draft); err != nil {
		return err
	}
	args := []string{
		"-D", draft, "-A", "trust", "-U", Superuser,
		"--locale=C.UTF-8", "-E", "UTF8", "--data-checksums",
	}
	if l.options.Unsafe {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(l.binaries.Dir, "initdb"), args...) //nolint:gosec // found by us
	l.settle(cmd)
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	runtime.LockOSThread() // the death signal is bound to this thread
	defer runtime.UnlockOSThread()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s: %w: %s", draft, err, lastLines(out, 3))
	}
	if err := os.Rename(draft, l.data); err != nil {
		return err
	}
	return syncFolder(l.dir)
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// settle gives a program of PostgreSQL its user, its folder, its share in the lock "serving"
// and a clean environment, without the caller's PG* variables and locale.
func (l *launcher) settle(cmd *exec.Cmd) {
	cmd.Dir = l.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = l.account.attributes()
	cmd.ExtraFiles = []*os.File{l.serving}
}

// start runs the server until it answers.
func (l *launcher) start(ctx context.Context) (*Cluster, error) {
	starter, err := awaitLock(ctx, l.dir, starterName) // a moment, when another's server has just crashed
	if err != nil {
		return nil, err
	}
	log, err := openLog(l.dir)
	if err != nil {
		return nil, errors.Join(err, starter.Close())
	}
	defer func() { _ = log.Close() }() // the server has its own copy
	args := append([]string{"-D", l.data}, serverFlags(l.socket, l.options)...)
	cmd := exec.Command(filepath.Join(l.binaries.Dir, "postgres"), args...) //nolint:gosec // found by us; outlives ctx
	l.settle(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	c := &Cluster{dir: l.dir, socket: l.socket}
	if c.server, err = launch(cmd, starter); err != nil {
		return nil, err
	}
	if err := c.awaitReady(ctx); err != nil {
		return nil, errors.Join(err, c.server.stop(smartPatience))
	}
	return c, nil
}

// awaitReady waits as long as ctx allows: recovery after a crash may take its time.
func (c *Cluster) awaitReady(ctx context.Context) error {
	data := filepath.Join(c.dir, dataName)
	for {
		if c.server.ended(5 * time.Millisecond) {
			return fmt.Errorf("postgres ended at its start: %s", logTail(c.dir))
		}
		p, ok := readPidFile(data)
		if ok && p.ready && p.pid == c.server.process.Pid && c.ping(ctx) == nil {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("wait for postgres to answer: %w: %s", err, logTail(c.dir))
		}
	}
}

// serverFlags keeps the server off the network, and keeps statements, parameters and details of
// errors (which may hold personal data) out of its log.
func serverFlags(socket string, opt Options) []string {
	settings := map[string]string{
		"listen_addresses":                  "",
		"unix_socket_directories":           `"` + strings.ReplaceAll(socket, `"`, `""`) + `"`,
		"unix_socket_permissions":           "0700",
		"port":                              "5432",
		"timezone":                          "UTC",
		"log_timezone":                      "UTC",
		"jit":                               "off",
		"log_error_verbosity":               "terse",
		"log_min_error_statement":           "panic",
		"log_parameter_max_length_on_error": "0",
	}
	if opt.Unsafe {
		settings["fsync"], settings["full_page_writes"], settings["synchronous_commit"] = "off", "off", "off"
	}
	for name, value := range opt.Settings {
		settings[name] = value
	}
	flags := make([]string, 0, 2*len(settings))
	for name, value := range settings {
		flags = append(flags, "-c", name+"="+value)
	}
	return flags
}

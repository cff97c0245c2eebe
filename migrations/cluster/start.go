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
func (l *launcher) prepare(ctx context.Context) error {
	major, err := majorOf(l.data)
	if err != nil {
		return err
	}
	if l.binaries, err = newest(ctx, candidates(), major); err != nil {
		return err
	}
	if l.account, err = chooseAccount(l.data); err != nil {
		return err
	}
	if err := l.account.mayReach(l.dir); err != nil {
		return err
	}
	if major == 0 {
		if err := l.initialise(ctx); err != nil {
			return err
		}
	}
	if l.socket == "" {
		if l.socket, err = socketFolder(l.dir); err != nil {
			return err
		}
	}
	if err := l.account.makePrivate(l.socket); err != nil {
		return fmt.Errorf("make the folder of the socket: %w", err)
	}
	return removeStale(l.data, l.socket)
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
	args := []string{ // the order C is that of C.UTF-8, for less work
		"-D", draft, "-A", "trust", "-U", Superuser,
		"--locale=C.UTF-8", "--lc-collate=C", "-E", "UTF8", "--data-checksums",
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
func (c *Cluster) start(ctx context.Context, l *launcher) error {
	log, err := openLog(l.dir)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the server has its own copy
	args := append([]string{"-D", l.data}, serverFlags(l.socket, l.options)...)
	cmd := exec.Command(filepath.Join(l.binaries.Dir, "postgres"), args...) //nolint:gosec // found by us; outlives ctx
	l.settle(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	server, err := launch(cmd, l.options.Temporary)
	if err != nil {
		return err
	}
	_ = l.serving.Close() // from now on only the server holds it
	if err := c.awaitReady(ctx, server); err != nil {
		return errors.Join(err, stopServer(l.dir))
	}
	return nil
}

// awaitReady waits as long as ctx allows: recovery after a crash may take its time.
func (c *Cluster) awaitReady(ctx context.Context, server *child) error {
	data := filepath.Join(c.dir, dataName)
	for {
		if server.ended(5 * time.Millisecond) {
			return fmt.Errorf("postgres ended at its start: %s", logTail(c.dir))
		}
		p, ok := readPidFile(data)
		if ok && p.ready && p.pid == server.process.Pid && c.ping(ctx) == nil {
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

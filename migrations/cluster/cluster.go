package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options says how a cluster is run. The zero value is what real money needs.
type Options struct {
	// Unsafe trades durability for speed: fsync, full_page_writes and synchronous_commit off.
	// Only for tests, whose data nobody misses.
	Unsafe bool
	// Settings are further server settings by name, such as max_connections.
	Settings map[string]string
}

// Cluster is a running private PostgreSQL.
type Cluster struct {
	dir, socket string
	server      *server // nil when the server of another process was joined
}

const smartPatience = 3 * time.Second

// Open returns the running cluster of the folder: it joins the server that another process
// started, else starts one, making the cluster first when the folder is new or empty. Any
// number of processes may call it at once. It returns [ErrNoPostgreSQL], [ErrNotOurs], or an
// error that quotes the end of the server's log.
func Open(ctx context.Context, dir string, opt Options) (*Cluster, error) {
	c, err := open(ctx, dir, opt)
	if err != nil {
		return nil, fmt.Errorf("open the private PostgreSQL: %w", err)
	}
	return c, nil
}

func open(ctx context.Context, dir string, opt Options) (*Cluster, error) {
	dir, err := prepareFolder(dir)
	if err != nil {
		return nil, err
	}
	unlock, err := lockFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	joined, err := joinRunning(ctx, dir)
	if joined != nil || err != nil {
		return joined, err
	}
	c, err := start(ctx, dir, opt)
	if err != nil {
		return nil, err
	}
	if err := c.ensureRoles(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// joinRunning returns the server that already works on the folder. It waits for one that is
// starting or ending, and for the last children of a killed one; it returns nil when nobody
// works there any more.
func joinRunning(ctx context.Context, dir string) (*Cluster, error) {
	data := filepath.Join(dir, dataName)
	for {
		alive := processesIn(data)
		if len(alive) == 0 {
			return nil, nil
		}
		var refused error
		if p, ok := readPidFile(data); ok && p.ready && slices.Contains(alive, p.pid) {
			c := &Cluster{dir: dir, socket: p.socket}
			if refused = c.ping(ctx); refused == nil {
				return c, nil
			}
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return nil, fmt.Errorf("the server on %s neither answers nor ends: %w", dir, errors.Join(refused, err))
		}
	}
}

// start makes the data folder when there is none and runs a server on it until it answers.
func start(ctx context.Context, dir string, opt Options) (*Cluster, error) {
	data := filepath.Join(dir, dataName)
	major, err := majorOf(data)
	if err != nil {
		return nil, err
	}
	bin, err := newest(ctx, candidates(), major)
	if err != nil {
		return nil, err
	}
	acc, err := chooseAccount(data)
	if err != nil {
		return nil, err
	}
	if err := acc.mayReach(dir); err != nil {
		return nil, err
	}
	if major == 0 {
		if err := initialise(ctx, bin, acc, dir, opt.Unsafe); err != nil {
			return nil, err
		}
	}
	socket, err := socketFolder(dir)
	if err != nil {
		return nil, err
	}
	if err := acc.makePrivate(socket); err != nil {
		return nil, fmt.Errorf("make the folder of the socket: %w", err)
	}
	if err := removeStale(data, socket); err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, socket: socket}
	if err := c.launch(bin, acc, opt); err != nil {
		return nil, err
	}
	if err := c.awaitReady(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// majorOf returns the major version that made the data folder, 0 when there is none.
func majorOf(data string) (int, error) {
	raw, err := os.ReadFile(filepath.Join(data, "PG_VERSION")) //nolint:gosec // our folder
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

func (c *Cluster) launch(bin Binaries, acc account, opt Options) error {
	log, err := openLog(c.dir)
	if err != nil {
		return fmt.Errorf("open the server's log: %w", err)
	}
	defer func() { _ = log.Close() }() // the child has its own copy
	data := filepath.Join(c.dir, dataName)
	args := append([]string{"-D", data}, serverFlags(c.socket, opt)...)
	cmd := exec.Command(filepath.Join(bin.Dir, "postgres"), args...) //nolint:gosec,noctx // outlives ctx
	cmd.Dir, cmd.Env, cmd.SysProcAttr = c.dir, environment(), acc.attributes()
	cmd.Stdout, cmd.Stderr = log, log
	c.server, err = launch(cmd)
	return err
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

// awaitReady waits as long as ctx allows: recovery after a crash may take its time.
func (c *Cluster) awaitReady(ctx context.Context) error {
	data := filepath.Join(c.dir, dataName)
	for {
		if c.server.ended(5 * time.Millisecond) {
			return fmt.Errorf("postgres ended at its start: %s", logTail(c.dir))
		}
		if p, ok := readPidFile(data); ok && p.ready && c.ping(ctx) == nil {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("wait for postgres to answer: %w: %s", err, logTail(c.dir))
		}
	}
}

// Close ends the server if this process started it, first letting other clients finish for a
// few seconds; a server that was joined goes on. Close the pools before.
func (c *Cluster) Close() error {
	if c.server == nil {
		return nil
	}
	if err := c.server.stop(smartPatience); err != nil {
		return fmt.Errorf("close the private PostgreSQL: %w", err)
	}
	return nil
}

// Joined tells whether the server belongs to another process.
func (c *Cluster) Joined() bool { return c.server == nil }

// LogFile is the path of the server's log.
func (c *Cluster) LogFile() string { return filepath.Join(c.dir, logName) }

// OwnerURL connects as masp_owner, which runs the migrations.
func (c *Cluster) OwnerURL(database string) string { return c.url(Owner, database) }

// AppURL connects as masp_app, the role of the program.
func (c *Cluster) AppURL(database string) string { return c.url(App, database) }

// ReadURL connects as masp_read, the role of the auditor.
func (c *Cluster) ReadURL(database string) string { return c.url(Reader, database) }

// SuperURL connects as the superuser: for administration and for attack tests.
func (c *Cluster) SuperURL(database string) string { return c.url(Superuser, database) }

func (c *Cluster) url(role, database string) string {
	query := url.Values{"host": {c.socket}, "port": {"5432"}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

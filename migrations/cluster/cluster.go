package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Options says how a cluster is run. The zero value is what real money needs.
type Options struct {
	// Unsafe trades durability for speed: fsync, full_page_writes and synchronous_commit off.
	// Only for tests, whose data nobody misses.
	Unsafe bool
	// Temporary is for a folder that is made for this process and goes with it: the server
	// ends with the process, however that ends, because nobody would ever come to end it.
	Temporary bool
	// Settings are further server settings by name, such as max_connections.
	Settings map[string]string
}

// Cluster is a running private PostgreSQL.
type Cluster struct {
	dir, socket string
	options     Options
	joined      bool

	life context.Context // of the repair, which no single caller owns
	end  context.CancelFunc

	mu     sync.Mutex
	user   *os.File // our share in the lock "users"; nil when closed
	repair *repair  // the one under way
}

// Open returns the running cluster of the folder: it joins the server that runs there, else
// starts one, making the cluster first when the folder is new or empty. Any number of processes
// may call it at once. It returns [ErrNoPostgreSQL], [ErrNotOurs], or an error that quotes the
// end of the server's log.
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
	turn, err := awaitLock(ctx, dir, turnName)
	if err != nil {
		return nil, err
	}
	defer func() { _ = turn.Close() }()
	c := &Cluster{dir: dir, options: opt}
	if err := c.bring(ctx); err != nil {
		return nil, err
	}
	if c.user, err = awaitLockAs(ctx, dir, usersName, syscall.LOCK_SH); err != nil {
		return nil, errors.Join(err, c.leaveInTurn())
	}
	c.life, c.end = context.WithCancel(context.Background())
	if c.joined {
		return c, nil
	}
	if err := c.ensureRoles(ctx); err != nil {
		unlock(c.user)
		return nil, errors.Join(err, c.leaveInTurn())
	}
	return c, nil
}

// bring joins the living server or starts one. The caller has the turn.
func (c *Cluster) bring(ctx context.Context) error {
	socket, serving, err := findOrClaim(ctx, c.dir)
	if err != nil {
		return err
	}
	if serving == nil {
		if c.socket == "" {
			c.socket, c.joined = socket, true
		}
		return nil
	}
	defer func() { _ = serving.Close() }() // the server has its own copy
	l := &launcher{
		dir: c.dir, data: filepath.Join(c.dir, dataName), socket: c.socket, options: c.options, serving: serving,
	}
	if err := l.prepare(ctx); err != nil {
		return err
	}
	if c.socket == "" {
		c.socket = l.socket
	}
	return c.start(ctx, l)
}

// findOrClaim returns the socket of the server that lives, or the lock for a new one. It waits
// for a server that is starting or ending, and for the last children of a killed one.
func findOrClaim(ctx context.Context, dir string) (string, *os.File, error) {
	for {
		serving, err := lockFile(dir, servingName)
		if serving != nil || err != nil {
			return "", serving, err
		}
		var refused error
		if p, ok := readPidFile(filepath.Join(dir, dataName)); ok && p.ready {
			if refused = (&Cluster{socket: p.socket}).ping(ctx); refused == nil {
				return p.socket, nil, nil
			}
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return "", nil, fmt.Errorf("the server on %s neither answers nor ends: %w", dir, errors.Join(refused, err))
		}
	}
}

// leavePatience is how long one who leaves waits for another who starts the server: that one
// uses it from then on, and ends it in his turn.
const leavePatience = 10 * time.Second

// Close ends the server if nobody else uses it, whoever started it; else it goes on. It never
// waits for the others. Close the pools before.
func (c *Cluster) Close() error {
	c.end()
	c.mu.Lock()
	user, repair := c.user, c.repair
	c.user = nil
	c.mu.Unlock()
	if user == nil {
		return nil // closed before
	}
	if repair != nil {
		<-repair.done
	}
	unlock(user) // before the turn: of two who leave at once, one must find himself alone
	ctx, cancel := context.WithTimeout(context.Background(), leavePatience)
	defer cancel()
	turn, err := awaitLock(ctx, c.dir, turnName)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	if err == nil {
		err = c.leaveInTurn()
		_ = turn.Close()
	}
	if err != nil {
		return fmt.Errorf("close the private PostgreSQL: %w", err)
	}
	return nil
}

// leaveInTurn ends the server unless somebody uses it. The caller has the turn, so nobody can
// come in between.
func (c *Cluster) leaveInTurn() error {
	alone, err := lockFile(c.dir, usersName)
	if alone == nil || err != nil {
		return err
	}
	defer unlock(alone)
	return stopServer(c.dir)
}

// Joined tells whether the server already ran when it was opened.
func (c *Cluster) Joined() bool { return c.joined }

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

package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
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
	server      *server  // nil when the server of another process was joined
	joined      *os.File // then: the lock that tells its starter that somebody still works
}

const smartPatience = 3 * time.Second // for clients that are no processes of ours

var joinedPatience = 2 * time.Minute // for processes that joined; tests have less

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
	turn, err := awaitLock(ctx, dir, turnName)
	if err != nil {
		return nil, err
	}
	defer func() { _ = turn.Close() }()
	joined, serving, err := joinOrClaim(ctx, dir)
	if joined != nil || err != nil {
		return joined, err
	}
	defer func() { _ = serving.Close() }() // the server has its own copy
	l, err := prepare(ctx, dir, opt, serving)
	if err != nil {
		return nil, err
	}
	c, err := l.start(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.ensureRoles(ctx); err != nil {
		return nil, errors.Join(err, c.server.stop(smartPatience)) // nobody joined: it is our turn
	}
	return c, nil
}

// joinOrClaim returns the server that a living process holds, or the lock for a new one. It
// waits for a server that is starting or ending, and for the last children of a killed one.
func joinOrClaim(ctx context.Context, dir string) (*Cluster, *os.File, error) {
	for {
		serving, err := lockFile(dir, servingName)
		if serving != nil || err != nil {
			return nil, serving, err
		}
		lives, err := held(dir, starterName)
		if err != nil {
			return nil, nil, err
		}
		var refused error
		if p, ok := readPidFile(filepath.Join(dir, dataName)); ok && p.ready && lives {
			c := &Cluster{dir: dir, socket: p.socket}
			if refused = c.ping(ctx); refused == nil {
				c.joined, err = lockAs(dir, joinedName, syscall.LOCK_SH)
				return c, nil, err
			}
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return nil, nil, fmt.Errorf("the server on %s neither answers nor ends: %w", dir, errors.Join(refused, err))
		}
	}
}

// Close ends the server if this process started it, after the processes that joined it have
// closed it (they have two minutes); a server that was joined goes on. Close the pools before.
func (c *Cluster) Close() error {
	if c.server == nil {
		joined := c.joined
		c.joined = nil
		if joined == nil {
			return nil // closed before
		}
		return joined.Close()
	}
	if turn := c.lastOne(); turn != nil {
		defer func() { _ = turn.Close() }()
	}
	if err := c.server.stop(smartPatience); err != nil {
		return fmt.Errorf("close the private PostgreSQL: %w", err)
	}
	return nil
}

// lastOne waits until nobody else works on the server, and then keeps others from joining: the
// lock it returns is given back when the server has ended. Nil when the patience is over.
func (c *Cluster) lastOne() *os.File {
	for end := time.Now().Add(joinedPatience); time.Now().Before(end); {
		turn, err := lockFile(c.dir, turnName)
		if err != nil {
			return nil
		}
		if turn != nil {
			if busy, err := held(c.dir, joinedName); !busy || err != nil {
				return turn
			}
			_ = turn.Close()
		}
		if c.server.ended(20 * time.Millisecond) {
			return nil // it crashed: nobody works on it any more
		}
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

package cluster

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"syscall"
)

// repair is one attempt to bring back a server that has gone under its users.
type repair struct {
	done chan struct{} // closed when err is known
	err  error
}

// Dial connects to the server for a pool that lives long. When the server has gone (killed, out
// of memory, ended by the machine with the unit that had started it), the first process that
// dials starts it again; a caller waits for that as long as ctx allows, and the start goes on
// without him. After Close it returns [net.ErrClosed].
func (c *Cluster) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err == nil || !gone(err) {
		return conn, err
	}
	if err := c.mend(ctx); err != nil {
		return nil, err
	}
	return dialer.DialContext(ctx, network, address)
}

// gone tells whether nobody listens at a socket: a killed server leaves the file, an ended one
// removes it.
func gone(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist)
}

// mend waits for the repair under way, and begins one when there is none.
func (c *Cluster) mend(ctx context.Context) error {
	c.mu.Lock()
	r := c.repair
	if c.user != nil && r == nil {
		r = &repair{done: make(chan struct{})}
		c.repair = r
		go c.run(r)
	}
	c.mu.Unlock()
	if r == nil {
		return net.ErrClosed
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Cluster) run(r *repair) {
	turn, err := awaitLock(c.life, c.dir, turnName)
	if err == nil {
		err = c.bring(c.life)
		_ = turn.Close()
	}
	c.mu.Lock()
	r.err, c.repair = err, nil
	c.mu.Unlock()
	close(r.done)
}

package cluster

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

const started = `SELECT pg_postmaster_start_time()::text`

func TestAServerThatIsGoneIsStartedAgainByItsUsers(t *testing.T) {
	t.Parallel()
	dir := made(t)
	users := []*Cluster{opened(t, dir, Options{Unsafe: true}), opened(t, dir, Options{Unsafe: true})}
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} { // crashed, and ended by another
		for _, pid := range family(t, filepath.Join(dir, dataName)) {
			_ = syscall.Kill(pid, signal) // a child may have ended with its parent
		}
		f, err := awaitLock(t.Context(), dir, servingName)
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		servers := make([]string, 8)
		var all sync.WaitGroup
		for i := range servers {
			all.Go(func() { servers[i] = askBy(t, users[i%2], started) })
		}
		all.Wait()
		if slices.Sort(servers); servers[0] != servers[7] {
			t.Errorf("the users found the servers %v, want one", servers)
		}
	}
	closed(t, users[0])
	if _, err := users[0].Dial(t.Context(), "unix", filepath.Join(dir, "nothing")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a dial after Close: got %v, want net.ErrClosed", err)
	}
	if got := askBy(t, users[1], `SELECT 'alive'`); got != "alive" {
		t.Errorf("after the other user closed: got %q", got)
	}
}

// askBy is ask over a connection that brings the server back.
func askBy(t *testing.T, c *Cluster, query string) string {
	t.Helper()
	config, err := pgx.ParseConfig(c.SuperURL(Superuser))
	if err != nil {
		t.Error(err)
		return ""
	}
	config.DialFunc = c.Dial
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var answer string
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Error(err)
	}
	return answer
}

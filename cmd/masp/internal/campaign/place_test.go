package campaign

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/migrations"
	"masp/migrations/cluster"
	"masp/migrations/dbtest"
)

// server is a PostgreSQL of the campaign.
type server struct {
	host  string // the folder of its socket
	admin *pgxpool.Pool
	last  atomic.Int64
}

var (
	usual     server
	usualOnce sync.Once
)

// serverOf is the server at a superuser's URL.
func (s *server) open(t testing.TB, superURL string) {
	t.Helper()
	config, err := pgconn.ParseConfig(superURL)
	if err != nil {
		t.Fatal(err)
	}
	s.host = config.Host
	if s.admin, err = migrations.Open(context.Background(), s.url(cluster.Superuser, cluster.Superuser), 4); err != nil {
		t.Fatal(err)
	}
}

// common is the server of all tests that do not break it.
func common(t testing.TB) *server {
	t.Helper()
	usualOnce.Do(func() { usual.open(t, dbtest.New(t, dbtest.Strict, dbtest.Empty).SuperURL) })
	return &usual
}

func (s *server) url(role, database string) string {
	return fmt.Sprintf("postgres://%s@/%s?host=%s&port=5432&sslmode=disable", role, database, url.QueryEscape(s.host))
}

// copyOf makes a database like another one, that nobody uses.
func (s *server) copyOf(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("campaign%d", s.last.Add(1))
	_, err := s.admin.Exec(t.Context(), fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s OWNER %s ENCODING 'UTF8' STRATEGY FILE_COPY`,
		name, template, cluster.Owner))
	if err != nil {
		t.Fatalf("copy %s: %v", template, err)
	}
	return name
}

// place is one house: a database and the folders beside it.
type place struct {
	*server
	db, dir string
}

// folders are those of a place.
var folders = []string{"inbox", "outbox", "exports"}

// empty is a place without a schema.
func (s *server) empty(t testing.TB) *place {
	t.Helper()
	masp(t) // makes the folder above
	p := &place{server: s, db: s.copyOf(t, "template0")}
	p.makeDir(t)
	for _, folder := range folders {
		if err := os.Mkdir(filepath.Join(p.dir, folder), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *place) makeDir(t testing.TB) {
	t.Helper()
	var err error
	if p.dir, err = os.MkdirTemp(scratch, "place-"); err != nil {
		t.Fatal(err)
	}
}

// clone is a place like this one.
func (p *place) clone(t testing.TB) *place {
	t.Helper()
	c := &place{server: p.server, db: p.copyOf(t, p.db)}
	c.makeDir(t)
	if err := os.CopyFS(c.dir, os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	return c
}

// remove gives up a place.
func (p *place) remove(t testing.TB) {
	t.Helper()
	for _, folder := range folders { // a disk of its own
		_ = syscall.Unmount(filepath.Join(p.dir, folder), syscall.MNT_DETACH)
	}
	_, err := p.admin.Exec(context.WithoutCancel(t.Context()), `DROP DATABASE `+p.db+` WITH (FORCE)`)
	if err = errors.Join(err, os.RemoveAll(p.dir)); err != nil {
		t.Errorf("remove a place: %v", err)
	}
}

// ask runs SQL as a role, on a connection of its own, and reads one value into each target.
func (p *place) ask(t testing.TB, role, sql string, into ...any) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, p.url(role, p.db))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if len(into) == 0 {
		_, err = conn.Exec(ctx, sql)
	} else {
		err = conn.QueryRow(ctx, sql).Scan(into...)
	}
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// order is one command: who gives it, what it says, and by which way it finds PostgreSQL.
type order struct {
	token string
	args  []string
	app   string // instead of the place's own URL
	owner string
	env   []string
}

// command is the process of an order, not yet started.
func (p *place) command(ctx context.Context, o order) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, o.args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MASP_") && !strings.HasPrefix(v, "PG") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	if o.app == "" {
		o.app, o.owner = p.url(cluster.App, p.db), p.url(cluster.Owner, p.db)
	}
	cmd.Env = append(cmd.Env, "MASP_DATABASE_URL="+o.app, "MASP_OWNER_URL="+o.owner, "MASP_TOKEN="+o.token, "NO_COLOR=1",
		"MASP_INBOX="+filepath.Join(p.dir, "inbox"), "MASP_OUTBOX="+filepath.Join(p.dir, "outbox"))
	cmd.Env = append(cmd.Env, o.env...)
	cmd.Dir = p.dir
	return cmd
}

// killed is the exit code of a process that a signal has ended.
const killed = -1

// do gives an order and answers its exit code and what it said.
func (p *place) do(t testing.TB, o order) (code int, said string) {
	t.Helper()
	return p.doThen(t, o, func(*os.Process) {})
}

// doThen is do; then gets the process as soon as it runs.
func (p *place) doThen(t testing.TB, o order, then func(*os.Process)) (code int, said string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	cmd := p.command(ctx, o)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	then(cmd.Process)
	_ = cmd.Wait() // its code says how
	if ctx.Err() != nil {
		t.Errorf("masp %v: it does not end\n%s", o.args, &out)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

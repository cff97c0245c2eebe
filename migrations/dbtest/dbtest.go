package dbtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/migrations"
)

// DB is a fresh, migrated database and the pools of its roles. The pools connect lazily, with
// masp as their schema.
type DB struct {
	Owner, App, Super                   *pgxpool.Pool
	OwnerURL, AppURL, ReadURL, SuperURL string
	Name                                string
}

type config struct {
	server *server
	empty  bool
	conns  int32
}

// Option changes what [New] gives.
type Option func(*config)

// Strict takes a cluster with fsync on: for what the program refuses to do without it.
func Strict(c *config) { c.server = &strict }

// Durable takes a cluster with fsync on and on a disk, as in production: for benchmarks.
func Durable(c *config) { c.server = &durable }

// Empty gives a database without the schema: for tests of the migrations themselves.
func Empty(c *config) { c.empty = true }

// Conns sets the size of each pool; 16 when not given.
func Conns(n int32) Option { return func(c *config) { c.conns = n } }

var counter atomic.Int64

// New creates a database for one test and drops it when the test ends. It fails the test when
// PostgreSQL is not installed or a migration does not apply.
func New(t testing.TB, options ...Option) *DB {
	t.Helper()
	c := config{server: &fast, conns: 16}
	for _, o := range options {
		o(&c)
	}
	s := c.server
	if err := s.start(); err != nil {
		t.Fatalf("start the test cluster: %v", err)
	}
	template := templateName
	if c.empty {
		template = "template1"
	} else if err := s.migrate(); err != nil {
		t.Fatalf("prepare the template database: %v", err)
	}
	name := fmt.Sprintf("t%d", counter.Add(1))
	if err := s.copyDatabase(t.Context(), name, template); err != nil {
		t.Fatalf("create the test database: %v", err)
	}
	db := &DB{
		Name:     name,
		OwnerURL: s.cluster.OwnerURL(name), AppURL: s.cluster.AppURL(name),
		ReadURL: s.cluster.ReadURL(name), SuperURL: s.cluster.SuperURL(name),
	}
	t.Cleanup(func() { s.drop(t, name) }) // after the pools below: cleanups run backwards
	db.Owner, db.App, db.Super = pool(t, db.OwnerURL, c.conns), pool(t, db.AppURL, c.conns), pool(t, db.SuperURL, c.conns)
	return db
}

func pool(t testing.TB, url string, conns int32) *pgxpool.Pool {
	t.Helper()
	p, err := migrations.Open(context.Background(), url, conns)
	if err != nil {
		t.Fatalf("open a pool: %v", err)
	}
	t.Cleanup(p.Close)
	return p
}

// SetClock moves the database's clock, as its owner: masp.now() goes on from that instant. The
// zero time brings back the real time.
func (db *DB) SetClock(t testing.TB, now time.Time) {
	t.Helper()
	var wanted *time.Time
	if !now.IsZero() {
		wanted = &now
	}
	if _, err := db.Owner.Exec(t.Context(), `SELECT masp.set_clock($1)`, wanted); err != nil {
		t.Fatalf("set the clock of the database: %v", err)
	}
}

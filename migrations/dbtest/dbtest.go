package dbtest

import (
	"context"
	"fmt"
	"sync"
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
	model  *Model
	fill   func(*DB)
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

// Model is a database that is filled once and then copied. The zero value is ready.
type Model struct {
	once sync.Once
	name string
}

// Like copies a model, which fill makes at its first use. It does not go with [Strict] and
// [Durable].
func Like(m *Model, fill func(*DB)) Option {
	return func(c *config) { c.model, c.fill = m, fill }
}

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
	}
	if c.model != nil {
		template = c.model.made(t, s, c)
	}
	db := s.copy(t, template, c.conns)
	t.Cleanup(func() {
		db.close()
		s.drop(t, db.Name)
	})
	return db
}

// made returns the name of the model, and fills it the first time.
func (m *Model) made(t testing.TB, s *server, c config) string {
	t.Helper()
	m.once.Do(func() {
		db := s.copy(t, templateName, c.conns)
		defer db.close() // a database with connections is not copied
		c.fill(db)
		m.name = db.Name
	})
	if m.name == "" {
		t.Fatal("the model was not filled: another test says why")
	}
	return m.name
}

// copy makes a database and its pools.
func (s *server) copy(t testing.TB, template string, conns int32) *DB {
	t.Helper()
	name := fmt.Sprintf("t%d", counter.Add(1))
	if err := s.copyDatabase(t.Context(), name, template); err != nil {
		t.Fatalf("create the test database: %v", err)
	}
	db := &DB{
		Name:     name,
		OwnerURL: s.cluster.OwnerURL(name), AppURL: s.cluster.AppURL(name),
		ReadURL: s.cluster.ReadURL(name), SuperURL: s.cluster.SuperURL(name),
	}
	db.Owner, db.App, db.Super = pool(t, db.OwnerURL, conns), pool(t, db.AppURL, conns), pool(t, db.SuperURL, conns)
	return db
}

func (db *DB) close() {
	db.Owner.Close()
	db.App.Close()
	db.Super.Close()
}

func pool(t testing.TB, url string, conns int32) *pgxpool.Pool {
	t.Helper()
	p, err := migrations.Open(context.Background(), url, conns)
	if err != nil {
		t.Fatalf("open a pool: %v", err)
	}
	return p
}

const realTimeMoves = `
	DO $$ BEGIN
		IF (SELECT prosrc LIKE '%clock_timestamp%' FROM pg_proc WHERE oid = 'masp.real_now()'::regprocedure) THEN
			CREATE OR REPLACE FUNCTION masp.real_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT masp.now()';
		END IF;
	END $$`

// SetClock moves the database's clock, as its owner: masp.now() goes on from that instant. The
// zero time brings back the real time. The time of second factors (masp.real_now) goes with it, or a
// test would wait half a minute for each code; set_clock alone leaves it.
func (db *DB) SetClock(t testing.TB, now time.Time) {
	t.Helper()
	var wanted *time.Time
	if !now.IsZero() {
		wanted = &now
	}
	if _, err := db.Owner.Exec(t.Context(), realTimeMoves); err != nil {
		t.Fatalf("move the time of second factors: %v", err)
	}
	if _, err := db.Owner.Exec(t.Context(), `SELECT masp.set_clock($1)`, wanted); err != nil {
		t.Fatalf("set the clock of the database: %v", err)
	}
}

package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/migrations"
	"masp/migrations/cluster"
)

const (
	templateName = "masp_template"
	aliveName    = "alive" // locked as long as the test process that owns the folder lives
	patience     = 2 * time.Minute
)

// server is one cluster of this test process.
type server struct {
	once     sync.Once
	err      error
	cluster  *cluster.Cluster
	admin    *pgxpool.Pool
	dir      string
	template sync.Once
	failed   error // why the template could not be made
}

var fast, durable server

func (s *server) start(durable bool) error {
	s.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s.err = s.open(ctx, durable)
	})
	return s.err
}

func (s *server) open(ctx context.Context, durable bool) (err error) {
	if s.dir, err = newFolder(); err != nil {
		return err
	}
	s.cluster, err = cluster.Open(ctx, filepath.Join(s.dir, "pg"), cluster.Options{
		Unsafe:    !durable,
		Temporary: true,
		Settings:  map[string]string{"max_connections": "300", "shared_buffers": "128MB"},
	})
	if err != nil {
		return err
	}
	s.admin, err = migrations.Open(ctx, s.cluster.SuperURL(cluster.Superuser), 4)
	return err
}

// migrate makes the template once.
func (s *server) migrate() error {
	s.template.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if s.failed = s.copyDatabase(ctx, templateName, "template1"); s.failed == nil {
			_, s.failed = migrations.Apply(ctx, s.cluster.OwnerURL(templateName), s.cluster.AppURL(templateName))
		}
	})
	return s.failed
}

func (s *server) copyDatabase(ctx context.Context, name, template string) error {
	_, err := s.admin.Exec(ctx, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s OWNER %s`,
		pgx.Identifier{name}.Sanitize(), pgx.Identifier{template}.Sanitize(), cluster.Owner))
	return err
}

func (s *server) drop(t testing.TB, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := s.admin.Exec(ctx, `DROP DATABASE `+pgx.Identifier{name}.Sanitize()+` WITH (FORCE)`); err != nil {
		t.Errorf("drop the test database: %v", err)
	}
}

func (s *server) close() {
	if s.admin != nil {
		s.admin.Close()
	}
	if s.cluster != nil {
		_ = s.cluster.Close() // the folder goes with it: nothing can be lost
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// Main runs the tests of a package, then ends its clusters and removes their folders at once.
// It is the whole body of a TestMain.
func Main(m *testing.M) {
	code := m.Run()
	Stop()
	os.Exit(code)
}

// Stop ends the clusters of the package, for a TestMain that has more to do than [Main].
func Stop() {
	fast.close()
	durable.close()
}

// newFolder makes the folder of this process's cluster and removes those of dead processes.
func newFolder() (string, error) {
	base := filepath.Join(os.TempDir(), fmt.Sprintf("masp-dbtest-%d", os.Getuid()))
	if err := cluster.MakeFolder(base); err != nil {
		return "", err
	}
	sweep(base)
	dir, err := os.MkdirTemp(base, "p")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the same
		return "", err
	}
	_, err = claim(dir) // never closed: the kernel unlocks it when the process ends
	return dir, err
}

// claimed keeps the lock files open: a collected *os.File would be closed, and so unlocked.
var claimed []*os.File

func claim(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, aliveName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	claimed = append(claimed, f)
	return f, nil
}

// sweep removes the folders of processes that ended without [Main]. A folder younger than a
// minute is left alone: its process may be about to lock it.
func sweep(base string) {
	folders, err := filepath.Glob(filepath.Join(base, "p*"))
	if err != nil {
		return
	}
	for _, dir := range folders {
		info, err := os.Lstat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if f, err := claim(dir); err == nil {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			if err := cluster.Wipe(ctx, filepath.Join(dir, "pg")); err == nil {
				_ = os.RemoveAll(dir) // what cannot go now goes at the next start
			}
			cancel()
			_ = f.Close()
		}
	}
}

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
	unsafe  bool // fsync off
	disk    bool // never in memory
	once    sync.Once
	err     error
	cluster *cluster.Cluster
	admin   *pgxpool.Pool
	dir     string
}

var (
	fast    = server{unsafe: true}
	strict  = server{}
	durable = server{disk: true}
)

func (s *server) start() error {
	s.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s.err = s.open(ctx)
	})
	return s.err
}

func (s *server) open(ctx context.Context) (err error) {
	memory := quickest(os.TempDir())
	base := memory
	if s.disk {
		base = os.TempDir()
	}
	if s.dir, err = newFolder(base); err != nil {
		return err
	}
	pg := filepath.Join(s.dir, "pg")
	if err := copyReady(ctx, homeOf(memory), pg); err != nil {
		return fmt.Errorf("prepare the template database: %w", err)
	}
	return s.connect(ctx, pg)
}

// connect opens the cluster of a folder.
func (s *server) connect(ctx context.Context, dir string) (err error) {
	s.cluster, err = cluster.Open(ctx, dir, cluster.Options{
		Unsafe:    s.unsafe,
		Temporary: true,
		Settings:  settings,
	})
	if err != nil {
		return err
	}
	s.admin, err = migrations.Open(ctx, s.cluster.SuperURL(cluster.Superuser), 4)
	return err
}

// settings are for databases that live for seconds: nothing is cleaned up behind them.
var settings = map[string]string{
	"max_connections": "300", "shared_buffers": "128MB", "autovacuum": "off", "max_wal_size": "4GB", "checkpoint_timeout": "1h",
}

// copyDatabase copies the template file by file: half the work of copying it through the log.
func (s *server) copyDatabase(ctx context.Context, name, template string) error {
	_, err := s.admin.Exec(ctx, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s OWNER %s STRATEGY FILE_COPY`,
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
	strict.close()
	durable.close()
}

const (
	memoryFolder = "/dev/shm" // a file system in memory, on every usual Linux
	memoryNeeded = 4 << 30    // free bytes; a package of tests takes a few hundred MB
)

// quickest returns the memory file system if there is one with room, else the folder. Each
// database is some 800 small files, made and removed within seconds: on a disk most of the time
// of the tests is the kernel's, in search of an inode that was not just given up.
func quickest(folder string) string {
	var fs syscall.Statfs_t
	err := syscall.Statfs(memoryFolder, &fs)
	if err != nil || fs.Bsize <= 0 || fs.Bavail < memoryNeeded/uint64(fs.Bsize) {
		return folder
	}
	return memoryFolder
}

// homeOf is our folder in a folder of all users.
func homeOf(base string) string {
	return filepath.Join(base, fmt.Sprintf("masp-dbtest-%d", os.Getuid()))
}

// newFolder makes the folder of this process's cluster and removes those of dead processes.
func newFolder(base string) (string, error) {
	base = homeOf(base)
	if err := cluster.MakeFolder(base); err != nil {
		return "", err
	}
	sweep(base)
	sweepReady(base)
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

package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

const (
	markerName  = "MASP-CLUSTER"
	markerText  = "Private PostgreSQL of masp. Do not edit; `masp` starts and stops it.\n"
	lockName    = "lock"
	dataName    = "data"
	newDataName = "data.new"
	runName     = "run"
	logName     = "postgres.log"
	oldLogName  = "postgres.log.old"
	socketFile  = ".s.PGSQL.5432"
	longestSock = 107 // bytes of sun_path on Linux without the final NUL
)

var ours = []string{markerName, lockName, dataName, newDataName, runName, logName, oldLogName}

var (
	// ErrNotOurs says that a folder holds something else than a cluster of this package.
	ErrNotOurs = errors.New("the folder is not a cluster of masp")
	// ErrRunning says that a server still runs on the folder.
	ErrRunning = errors.New("a PostgreSQL server still runs on the folder")
)

// prepareFolder creates dir, marks it, and returns its absolute real path. A folder with
// content but without our marker is refused: it belongs to somebody.
func prepareFolder(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the server's user must cross it
		return "", fmt.Errorf("create the cluster's folder: %w", err)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	marker := filepath.Join(dir, markerName)
	if _, err := os.Lstat(marker); err == nil {
		return dir, nil
	}
	content, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, entry := range content {
		if !slices.Contains(ours, entry.Name()) {
			return "", fmt.Errorf("%w: %s contains %s and no %s", ErrNotOurs, dir, entry.Name(), markerName)
		}
	}
	return dir, os.WriteFile(marker, []byte(markerText), 0o644) //nolint:gosec // says nothing secret
}

// lockFolder waits for the exclusive right to start, join or wipe the cluster.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o600) //nolint:gosec // our folder
	if err != nil {
		return nil, fmt.Errorf("open the cluster's lock: %w", err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) //nolint:gosec // fd fits
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			_ = f.Close()
			return nil, fmt.Errorf("lock the cluster: %w", err)
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("wait for another process to start the cluster %s: %w", dir, err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// socketFolder is dir/run, or, when the socket's path would be too long for the kernel, a short
// folder named after the hash of dir.
func socketFolder(dir string) (string, error) {
	short := "masp-" + hex.EncodeToString(sha256Of(dir))[:16]
	choices := []string{filepath.Join(dir, runName)}
	if xdg := os.Getenv("XDG_RUNTIME_DIR"); xdg != "" && os.Geteuid() != 0 {
		choices = append(choices, filepath.Join(xdg, short))
	}
	choices = append(choices, filepath.Join(os.TempDir(), short), filepath.Join("/tmp", short))
	for _, choice := range choices {
		parent, err := os.Stat(filepath.Dir(choice))
		if err == nil && parent.IsDir() && len(filepath.Join(choice, socketFile)) <= longestSock {
			return choice, nil
		}
	}
	return "", fmt.Errorf("no folder is short enough for a unix socket (tried %v)", choices)
}

func sha256Of(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// Wipe removes the cluster in dir with all its data. It returns [ErrNotOurs] for a folder
// without our marker and [ErrRunning] while a server works there; a missing folder is no error.
func Wipe(ctx context.Context, dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(dir, markerName)); err != nil {
		return fmt.Errorf("wipe %s: %w", dir, ErrNotOurs)
	}
	dir, err := prepareFolder(dir)
	if err != nil {
		return err
	}
	unlock, err := lockFolder(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	if len(processesIn(filepath.Join(dir, dataName))) > 0 {
		return fmt.Errorf("wipe %s: %w", dir, ErrRunning)
	}
	if sock, err := socketFolder(dir); err == nil {
		_ = os.RemoveAll(sock) // outside dir only under our hashed name
	}
	for _, name := range ours[2:] { // marker and lock last: a half-wiped folder is still ours
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("wipe %s: %w", dir, err)
		}
	}
	return errors.Join(os.Remove(filepath.Join(dir, lockName)), os.Remove(filepath.Join(dir, markerName)))
}

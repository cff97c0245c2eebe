package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Three locks (flock) say who is there. The kernel gives them back however a process ends, and
// they need no look into /proc, which containers close even to root.
const (
	turnName    = "lock"    // held for the moment in which a process starts, joins, leaves or wipes
	servingName = "serving" // inherited by the server and all its children, held while one lives
	usersName   = "users"   // shared by the processes that use the server; alone: to end it
)

// lockFile takes an exclusive lock at once, or returns nil when another holds it. Closing the
// file gives the lock back, unless a child process has inherited it.
func lockFile(dir, name string) (*os.File, error) {
	return lockAs(dir, name, syscall.LOCK_EX)
}

// lockAs takes a lock alone (LOCK_EX) or beside others (LOCK_SH), at once or not at all.
func lockAs(dir, name string, how int) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a lock of the cluster: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
		return nil, nil
	}
	return nil, fmt.Errorf("lock the cluster: %w", err)
}

// awaitLock takes a lock as soon as nobody else holds it.
func awaitLock(ctx context.Context, dir, name string) (*os.File, error) {
	return awaitLockAs(ctx, dir, name, syscall.LOCK_EX)
}

func awaitLockAs(ctx context.Context, dir, name string, how int) (*os.File, error) {
	for {
		f, err := lockAs(dir, name, how)
		if f != nil || err != nil {
			return f, err
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return nil, fmt.Errorf("wait for another process on the cluster %s: %w", dir, err)
		}
	}
}

// unlock gives a lock back at once, also when a child process that is just being made has a
// copy of the file until its program begins.
func unlock(f *os.File) {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) // and closing the file does the same
	_ = f.Close()
}

// held tells whether some process holds a lock.
func held(dir, name string) (bool, error) {
	f, err := lockFile(dir, name)
	if f != nil {
		return false, f.Close()
	}
	return err == nil, err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

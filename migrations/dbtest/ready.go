package dbtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"masp/migrations"
	"masp/migrations/cluster"
)

// A ready cluster is a stopped one that holds the template. Its files are copied in a tenth of the time
// that initdb and the migrations take, so the packages of one `go test ./...` share it.
const (
	readyPrefix = "ready-"
	readyLife   = 30 * time.Minute // then it is made anew: its name knows the migrations, not the code around them
)

// copyReady puts a copy of the ready cluster into dir, which does not exist yet, and makes the ready one
// first when there is none.
func copyReady(ctx context.Context, base, dir string) error {
	name, err := readyName(ctx)
	if err != nil {
		return err
	}
	if err := cluster.MakeFolder(base); err != nil {
		return err
	}
	home := filepath.Join(base, name)
	lock, err := os.OpenFile(home+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	for {
		if err := flock(lock, syscall.LOCK_SH); err != nil {
			return err
		}
		if fresh(home) {
			return command(ctx, "cp", "-a", home, dir)
		}
		if err := flock(lock, syscall.LOCK_EX); err != nil {
			return err
		}
		if !fresh(home) { // nobody made it while we waited
			if err := makeReady(ctx, home); err != nil {
				return err
			}
		}
	}
}

// readyName follows what a ready cluster is made of: PostgreSQL and the migrations.
func readyName(ctx context.Context) (string, error) {
	server, err := cluster.Find(ctx)
	if err != nil {
		return "", err
	}
	files, err := migrations.Files()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Append(nil, server, files))
	return fmt.Sprintf("%s%x", readyPrefix, sum[:8]), nil
}

func fresh(home string) bool {
	info, err := os.Stat(home)
	return err == nil && time.Since(info.ModTime()) < readyLife
}

// makeReady makes the ready cluster beside its place, and moves it there when it is whole.
func makeReady(ctx context.Context, home string) (err error) {
	draft := home + ".draft"
	for _, old := range []string{draft, home} {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	s := server{unsafe: true}
	if err := s.connect(ctx, draft); err != nil {
		return err
	}
	err = s.copyDatabase(ctx, templateName, "template1")
	if err == nil {
		_, err = migrations.Apply(ctx, s.cluster.OwnerURL(templateName), s.cluster.AppURL(templateName))
	}
	s.admin.Close()
	if err := errors.Join(err, s.cluster.Close()); err != nil {
		return err
	}
	now := time.Now()
	return errors.Join(os.Chtimes(draft, now, now), os.Rename(draft, home))
}

// sweepReady removes the ready clusters that nobody takes any more.
func sweepReady(base string) {
	folders, err := filepath.Glob(filepath.Join(base, readyPrefix+"*.lock"))
	if err != nil {
		return
	}
	for _, name := range folders {
		home := name[:len(name)-len(".lock")]
		if fresh(home) {
			continue
		}
		lock, err := os.OpenFile(name, os.O_RDWR, 0o600)
		if err != nil {
			continue
		}
		if flock(lock, syscall.LOCK_EX|syscall.LOCK_NB) == nil && !fresh(home) {
			_, _ = os.RemoveAll(home), os.RemoveAll(home+".draft") // what cannot go now goes at the next start
		}
		_ = lock.Close()
	}
}

func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

func command(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput() //nolint:gosec // ours
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

const (
	markerName  = "MASP-CLUSTER"
	markerText  = "Private PostgreSQL of masp. Do not edit; `masp` starts and stops it.\n"
	dataName    = "data"
	newDataName = "data.new"
	runName     = "run"
	logName     = "postgres.log"
	oldLogName  = "postgres.log.old"
	socketFile  = ".s.PGSQL.5432"
	longestSock = 107 // bytes of sun_path on Linux without the final NUL
)

// ours lists all that a cluster's folder holds, in the order in which it is wiped: the marker
// last, so that a half-wiped folder is still ours.
var ours = []string{
	dataName, newDataName, runName, logName, oldLogName, servingName, usersName,
	turnName, earlierNames[0], earlierNames[1], markerName,
}

// earlierNames are locks of the first clusters, before they were one: empty files that a wipe of that time
// could leave behind.
var earlierNames = [...]string{"joined", "starter"}

var (
	// ErrNotOurs says that a folder holds something else than a cluster of this package.
	ErrNotOurs = errors.New("the folder is not a cluster of masp")
	// ErrRunning says that a server still runs on the folder.
	ErrRunning = errors.New("a PostgreSQL server still runs on the folder")
)

// MakeFolder makes a folder and its missing parents; an existing one stays as it is. What root
// makes can be crossed by all whatever the umask, because root's server runs as another user;
// what the cluster keeps inside is private.
func MakeFolder(dir string) error {
	const crossable = 0o755
	err := os.Mkdir(dir, crossable)
	if parent := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && parent != dir {
		if err := MakeFolder(parent); err != nil {
			return err
		}
		err = os.Mkdir(dir, crossable)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil || os.Geteuid() != 0 {
		return err
	}
	return os.Chmod(dir, crossable)
}

// prepareFolder creates dir, marks it, and returns its absolute real path. A folder with
// content but without our marker is refused: it belongs to somebody.
func prepareFolder(dir string) (string, error) {
	if err := MakeFolder(dir); err != nil {
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
// without our marker and [ErrRunning] while a process uses the server; it ends a server whose
// programs were killed. A missing folder is no error.
func Wipe(ctx context.Context, dir string) error {
	if err := wipe(ctx, dir); err != nil {
		return fmt.Errorf("wipe %s: %w", dir, err)
	}
	return nil
}

func wipe(ctx context.Context, dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(dir, markerName)); err != nil {
		return notOursUnlessEmpty(dir)
	}
	dir, err := prepareFolder(dir)
	if err != nil {
		return err
	}
	turn, err := awaitLock(ctx, dir, turnName)
	if err != nil {
		return err
	}
	defer func() { _ = turn.Close() }()
	alone, err := lockFile(dir, usersName)
	if alone == nil || err != nil {
		return errors.Join(ErrRunning, err)
	}
	defer unlock(alone)
	if err := stopServer(dir); err != nil {
		return errors.Join(ErrRunning, err)
	}
	if socket, err := socketFolder(dir); err == nil {
		_ = os.RemoveAll(socket) // outside dir only under our hashed name
	}
	for _, name := range ours {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// notOursUnlessEmpty lets an empty folder pass, which is what an earlier wipe has left, and one with
// nothing but the empty locks of the first clusters.
func notOursUnlessEmpty(dir string) error {
	content, err := os.ReadDir(dir)
	for _, entry := range content {
		if info, err := entry.Info(); err != nil || info.Size() > 0 || !slices.Contains(earlierNames[:], entry.Name()) {
			return ErrNotOurs
		}
	}
	return err
}

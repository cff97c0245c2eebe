package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// OldestMajor is the oldest major version of PostgreSQL that the schema runs on (views with
// security_invoker came with 15).
const OldestMajor = 15

// ErrNoPostgreSQL says that no PostgreSQL of version [OldestMajor] or later is installed.
var ErrNoPostgreSQL = errors.New("no PostgreSQL 15 or later is installed: run masp doctor --install")

// Binaries is one installed PostgreSQL.
type Binaries struct {
	Dir     string // folder of postgres and initdb, symbolic links resolved
	Version string // "15.18"
	Major   int    // 15
}

// places lists the folders where distributions keep server binaries.
var places = []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"}

// Find returns the newest installed PostgreSQL, looking in the folders of the distributions and
// then in PATH. It returns [ErrNoPostgreSQL], with the older versions it met, when there is none.
func Find(ctx context.Context) (Binaries, error) {
	return newest(ctx, candidates(), 0)
}

func candidates() []string {
	var dirs []string
	for _, pattern := range places {
		found, err := filepath.Glob(pattern)
		if err == nil {
			dirs = append(dirs, found...)
		}
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	return dirs
}

// newest picks the highest version among dirs; with major > 0 only that major will do, because
// a data folder belongs to the major version that made it.
func newest(ctx context.Context, dirs []string, major int) (Binaries, error) {
	var usable []Binaries
	var met []string
	for _, dir := range dirs {
		b, err := inspect(ctx, dir)
		if err != nil {
			continue // not a complete installation: another folder may be
		}
		met = append(met, b.Version)
		if b.Major >= OldestMajor && (major == 0 || b.Major == major) {
			usable = append(usable, b)
		}
	}
	if len(usable) == 0 && major > 0 {
		return Binaries{}, fmt.Errorf("the data folder was made by PostgreSQL %d, found only [%s]: "+
			"install postgresql-%d, or migrate the folder with pg_upgrade",
			major, strings.Join(met, " "), major)
	}
	if len(usable) == 0 {
		return Binaries{}, fmt.Errorf("%w (found: [%s])", ErrNoPostgreSQL, strings.Join(met, " "))
	}
	return slices.MaxFunc(usable, func(a, b Binaries) int { return a.Major - b.Major }), nil
}

var versionText = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)([.\d]*|devel|beta\d+|rc\d+)`)

func inspect(ctx context.Context, dir string) (Binaries, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return Binaries{}, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version") //nolint:gosec // a path we listed
	out, err := cmd.Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("ask %s/postgres for its version: %w", dir, err)
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return Binaries{}, fmt.Errorf("%s/postgres answers %q to --version", dir, out)
	}
	major, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return Binaries{}, err
	}
	return Binaries{Dir: dir, Version: string(m[1]) + string(m[2]), Major: major}, nil
}

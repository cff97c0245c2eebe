package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The test binary is also the "other process" of these tests: with this variable it opens the
// cluster of that folder, commits a row, says so, and holds the cluster until it is killed.
const (
	helperVariable  = "MASP_CLUSTER_TEST_HOLDS"
	helperTemporary = "MASP_CLUSTER_TEST_TEMPORARY"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperVariable); dir != "" {
		os.Exit(hold(dir))
	}
	code := m.Run()
	_ = os.RemoveAll(modelFolder)
	os.Exit(code)
}

func hold(dir string) int {
	ctx := context.Background()
	c, err := Open(ctx, dir, Options{Temporary: os.Getenv(helperTemporary) != ""})
	if err == nil {
		err = insertRow(ctx, c.SuperURL(Superuser))
	}
	if err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	fmt.Println("holding")
	_, _ = io.Copy(io.Discard, os.Stdin) // until killed, or until the test closes its end
	if err := c.Close(); err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	return 0
}

func insertRow(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (1)`)
	return errors.Join(err, conn.Close(ctx))
}

type helper struct {
	cmd   *exec.Cmd
	input io.Closer
	out   *bufio.Reader
}

// program is the path of this test binary.
func program(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// startHelper starts the other process; attr may give it another user.
func startHelper(t *testing.T, binary, dir string, attr *syscall.SysProcAttr, env ...string) *helper {
	t.Helper()
	cmd := exec.Command(binary, "-test.run=^$")
	cmd.Env = append(append(os.Environ(), helperVariable+"="+dir), env...)
	cmd.Dir, cmd.SysProcAttr = "/", attr
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the other process: %v", err)
	}
	h := &helper{cmd: cmd, input: input, out: bufio.NewReader(out)}
	t.Cleanup(h.kill)
	return h
}

func (h *helper) kill() {
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
}

func (h *helper) awaitHolding(t *testing.T) {
	t.Helper()
	line, err := h.out.ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "holding" {
		t.Fatalf("the other process says %q, %v; want \"holding\"", line, err)
	}
}

// folder is a fresh folder that any user can reach.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "masp-cluster-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		_ = Wipe(ctx, filepath.Join(dir, "pg")) // ends the server of a killed helper
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the test's folder: %v", err)
		}
	})
	return filepath.Join(dir, "pg")
}

var (
	modelOnce   sync.Once
	modelFolder string // of a cluster that was made, and closed in good order
)

// made is a folder with a cluster that has been used before: the copy of a model. Most tests are
// not about the first start, which costs more than all that they do.
func made(t *testing.T) string {
	t.Helper()
	modelOnce.Do(func() {
		dir, err := os.MkdirTemp("", "masp-cluster-model-")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		modelFolder = dir
		closed(t, opened(t, filepath.Join(dir, "pg"), Options{Unsafe: true}))
	})
	dir := folder(t)
	if err := MakeFolder(dir); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(modelFolder, "pg", dataName)
	if out, err := exec.Command("cp", "-a", data, dir).CombinedOutput(); err != nil { // with its owner
		t.Fatalf("copy the model: %v: %s", err, out)
	}
	return dir
}

// opened opens the cluster of a folder for the length of the test.
func opened(t *testing.T, dir string, opt Options) *Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := Open(ctx, dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, c) })
	return c
}

func closed(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// ask runs a query that returns one text.
func ask(t *testing.T, url, query string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var answer string
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

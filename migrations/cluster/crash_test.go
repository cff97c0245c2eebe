package cluster

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAKilledProgramLosesNothing(t *testing.T) {
	t.Parallel()
	dir := made(t)
	other := startHelper(t, program(t), dir, nil)
	other.awaitHolding(t)
	other.kill()
	c := opened(t, dir, Options{})
	if !c.Joined() {
		t.Error("the server that lost its program was not used as it is")
	}
	if got := ask(t, c.SuperURL(Superuser), `SELECT count(*)::text FROM kept`); got != "1" {
		t.Errorf("committed rows: got %s, want 1", got)
	}
}

func TestAServerLosesNoUserToTheKillOfItsStarterAndEndsWithTheLastOne(t *testing.T) {
	t.Parallel()
	dir := made(t)
	starter := startHelper(t, program(t), dir, nil)
	starter.awaitHolding(t)
	c := opened(t, dir, Options{})
	before := ask(t, c.SuperURL(Superuser), started)
	starter.kill()
	if after := ask(t, c.SuperURL(Superuser), started); after != before {
		t.Errorf("the server of %s was replaced by one of %s", before, after)
	}
	closed(t, c)
	if left, err := held(dir, servingName); left || err != nil {
		t.Errorf("after the last one closed: got %v, %v, want no process of the server", left, err)
	}
}

func TestATemporaryServerDiesWithItsProcess(t *testing.T) {
	t.Parallel()
	dir := made(t)
	other := startHelper(t, program(t), dir, nil, helperTemporary+"=1")
	other.awaitHolding(t)
	other.kill()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	f, err := awaitLock(ctx, dir, servingName)
	if err != nil {
		t.Fatalf("the server lives on: %v", err)
	}
	_ = f.Close()
}

func TestACrashedServerIsStartedAgainByTheNextOpen(t *testing.T) {
	t.Parallel()
	dir := made(t)
	first := opened(t, dir, Options{Unsafe: true})
	for _, pid := range family(t, filepath.Join(dir, dataName)) {
		_ = syscall.Kill(pid, syscall.SIGKILL) // a child may have ended with its parent
	}
	second := opened(t, dir, Options{Unsafe: true}) // while the first program still lives
	if second.Joined() {
		t.Error("a dead server was joined")
	}
	closed(t, first)
	if got := ask(t, second.SuperURL(Superuser), `SELECT 'alive'`); got != "alive" {
		t.Errorf("after the first program closed: got %q", got)
	}
}

func TestAKilledProgramsClusterCanBeWipedAtOnce(t *testing.T) {
	t.Parallel()
	dir := made(t)
	other := startHelper(t, program(t), dir, nil)
	other.awaitHolding(t)
	if err := Wipe(t.Context(), dir); !errors.Is(err, ErrRunning) {
		t.Errorf("while the program lives: got %v, want ErrRunning", err)
	}
	other.kill()
	if err := Wipe(t.Context(), dir); err != nil {
		t.Errorf("after its kill: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the folder after Wipe: got %v, %v, want it empty", left, err)
	}
}

func TestKillingTheProgramAndItsServerLosesNothing(t *testing.T) {
	t.Parallel()
	dir := made(t)
	data := filepath.Join(dir, dataName)
	for round := 1; round <= 3; round++ {
		other := startHelper(t, program(t), dir, nil)
		other.awaitHolding(t)
		victims := family(t, data)
		if len(victims) < 3 {
			t.Fatalf("got the processes %v, want the server and its children", victims)
		}
		for _, pid := range victims {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
				t.Fatal(err)
			}
		}
		other.kill()
		if round == 2 {
			claimByLivingProcess(t, data)
		}
	}
	begin := time.Now()
	c := opened(t, dir, Options{})
	t.Logf("restart with recovery: %v", time.Since(begin).Round(time.Millisecond))
	if got := ask(t, c.SuperURL(Superuser), `SELECT count(*)::text FROM kept`); got != "3" {
		t.Errorf("committed rows: got %s, want 3", got)
	}
}

// family lists the server of a data folder and its children.
func family(t *testing.T, data string) []int {
	t.Helper()
	server, ok := readPidFile(data)
	if !ok {
		t.Fatal("no server runs")
	}
	pids := []int{server.pid}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stats {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended since
		}
		_, afterName, _ := strings.Cut(string(raw), ") ")
		if fields := strings.Fields(afterName); len(fields) > 1 && fields[1] == strconv.Itoa(server.pid) {
			pid, err := strconv.Atoi(strings.Split(name, "/")[2])
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

// claimByLivingProcess makes the stale postmaster.pid name a process that lives and is not
// ours, as after a reboot, when numbers start again.
func claimByLivingProcess(t *testing.T, data string) {
	t.Helper()
	path := filepath.Join(data, "postmaster.pid")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "\n")
	acc, err := chooseAccount(data)
	if err != nil {
		t.Fatal(err)
	}
	sleeper := exec.Command("sleep", "60")
	sleeper.SysProcAttr = acc.attributes()
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
	if err := os.WriteFile(path, []byte(strconv.Itoa(sleeper.Process.Pid)+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAKillDuringTheFirstStartLeavesNothingHalfMade(t *testing.T) {
	if testing.Short() {
		t.Skip("several first starts take seconds")
	}
	t.Parallel()
	delays := []time.Duration{20, 150, 400, 700}
	if os.Getenv("CI") == "" && os.Getenv("MASP_LONG") == "" {
		at := rand.IntN(len(delays))
		delays = delays[at : at+1] // another one each time
	}
	for _, delay := range delays {
		dir := folder(t)
		other := startHelper(t, program(t), dir, nil)
		time.Sleep(delay * time.Millisecond) // the instant of the kill, not a wait for something
		other.kill()
		c := opened(t, dir, Options{Unsafe: true})
		if got := ask(t, c.SuperURL(Superuser), `SELECT count(*)::text FROM pg_roles WHERE rolname ~ '^masp_'`); got != "4" {
			t.Errorf("killed after %d ms: got %s roles, want 4", delay, got)
		}
		closed(t, c)
	}
}

func TestAnotherProcessJoinsAndOutlivesNobody(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := opened(t, dir, Options{Unsafe: true})
	other := startHelper(t, program(t), dir, nil)
	other.awaitHolding(t)
	_ = other.input.Close() // it closes the cluster in good order
	if err := other.cmd.Wait(); err != nil {
		t.Errorf("the joining process: %v", err)
	}
	if got := ask(t, c.SuperURL(Superuser), `SELECT count(*)::text FROM kept`); got != "1" {
		t.Errorf("rows of the process that joined: got %s, want 1", got)
	}
}

func TestAnOrdinaryUserHasHisOwnCluster(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("the other tests already run as an ordinary user")
	}
	dir := folder(t)
	parent := filepath.Dir(dir)
	binary := filepath.Join(parent, "cluster.test")
	copyProgram(t, binary)
	const nobody = 65534
	if err := os.Chown(parent, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	attr := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	other := startHelper(t, binary, dir, attr)
	other.awaitHolding(t)
	if owner, _ := ownerOf(filepath.Join(dir, dataName)); owner.uid != nobody {
		t.Errorf("the data folder belongs to user %d, want %d", owner.uid, nobody)
	}
	c := opened(t, dir, Options{}) // root may join it
	if !c.Joined() {
		t.Error("a second server was started on the folder of a running one")
	}
	closed(t, c)
	other.kill()
	c = opened(t, dir, Options{}) // and may end it
	closed(t, c)
	c = opened(t, dir, Options{}) // and start it, as the user whose data it is
	if got := ask(t, c.SuperURL(Superuser), `SELECT count(*)::text FROM kept`); got != "1" {
		t.Errorf("rows: got %s, want 1", got)
	}
}

// copyProgram leaves the copying to another process: a file that this one writes would be busy
// as long as a child that another test is making has it open.
func copyProgram(t *testing.T, to string) {
	t.Helper()
	if out, err := exec.Command("cp", program(t), to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Chmod(to, 0o755); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

func TestRootIsToldWhichFolderTheServersUserCannotCross(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root switches to another user")
	}
	dir := folder(t)
	closedDoor := filepath.Dir(dir)
	if err := os.Chmod(closedDoor, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), dir, Options{})
	if err == nil || !strings.Contains(err.Error(), "cannot cross the folder "+closedDoor) {
		t.Errorf("got %v, want the name of %s", err, closedDoor)
	}
}

// Not parallel: the umask is the whole process's.
func TestAStrictUmaskOfRootDoesNotShutTheServerOut(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the server of an ordinary user runs as himself")
	}
	dir := folder(t)
	defer syscall.Umask(syscall.Umask(0o077))
	if err := MakeFolder(filepath.Join(dir, "one", "two")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "one", "one/two"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("folder %q: got %v, %v, want it open to crossing", name, info, err)
		}
	}
}

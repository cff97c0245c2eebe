package payments_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"masp/api/auth"
	"masp/migrations/dbtest"
	"masp/payments"
)

// exitConflict is how the program says that somebody else was faster.
const exitConflict = 5

// program is the real one, killed at its steps.
type program struct {
	sweep
	file, outbox string
	running      atomic.Pointer[os.Process] // the proxy kills it from a goroutine of its own
}

// command is one that a person gives. Like kill -9, an end by a signal is an error.
func (p *program) command(who auth.Principal, args ...string) func(url string) error {
	return func(url string) error {
		cmd := exec.CommandContext(p.t.Context(), p.file, args...)
		cmd.Env = append(os.Environ(), "MASP_DATABASE_URL="+url, "MASP_TOKEN="+who.Secret(), "MASP_OUTBOX="+p.outbox)
		out, err := os.CreateTemp(p.t.TempDir(), "out")
		if err != nil {
			return err
		}
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			return err
		}
		p.running.Store(cmd.Process)
		if err := errors.Join(cmd.Wait(), out.Close()); err != nil {
			said, _ := os.ReadFile(out.Name())
			return fmt.Errorf("%w: %s", err, said)
		}
		return nil
	}
}

// conflict tells that the program has refused to do it twice.
func conflict(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == exitConflict
}

// TestKillAtAnyStepLeavesNothingOrAll kills the program itself between two steps of what it says to
// PostgreSQL. It builds the program, so MASP_LONG or CI ask for it.
func TestKillAtAnyStepLeavesNothingOrAll(t *testing.T) {
	t.Parallel()
	if !long() {
		t.Skip("the program is built and killed with MASP_LONG or CI")
	}
	dir := t.TempDir()
	h := houseOn(t, dbtest.New(t, dbtest.Strict))
	h.at(thursday, 9)
	h.furnish()
	p := &program{
		sweep: sweep{house: h, stride: 5}, file: filepath.Join(dir, "masp"), outbox: filepath.Join(dir, "outbox"),
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", p.file, "masp/cmd/masp").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p.onCut = func() {
		if running := p.running.Load(); running != nil {
			_ = running.Kill()
		}
	}
	p.eva()
	run := p.propose()
	p.decided(run)
	p.cuts("run submit", p.command(p.anne, "run", "submit", run.ID), conflict)
	p.cuts("run approve", p.command(p.bruno, "run", "approve", run.ID, "--hash", run.ContentHash.String()), conflict)
	p.cuts("run file", p.command(p.bruno, "run", "file", run.ID), harmless)
	p.checkOutbox(p.show(run.ID))
	p.cuts("run handed-over", p.command(p.bruno, "run", "handed-over", run.ID), harmless)
	t.Logf("%d kills, %d survived, %d of them at a commit", p.tried, p.survived, p.commits)
}

// checkOutbox looks for the files of a run and for nothing else.
func (p *program) checkOutbox(run payments.Run) {
	p.t.Helper()
	left, err := os.ReadDir(p.outbox)
	if err != nil || len(left) != len(run.Files) {
		p.t.Errorf("the outbox holds %v (%v), want the %d files of the run", left, err, len(run.Files))
		return
	}
	for i, f := range run.Files {
		if left[i].Name() != f.Name {
			p.t.Errorf("the outbox holds %s, want %s", left[i].Name(), f.Name)
		}
	}
}

package campaign

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { os.Exit(all(m)) }

// all runs the tests and prints what they have tried.
func all(m *testing.M) int {
	defer dbtest.Stop()
	defer tidy()
	flag.Parse()
	began := time.Now()
	code := m.Run()
	points.print(time.Since(began))
	return code
}

// How much is tried: nothing where nobody asks for it, a short form in CI, everything with MASP_LONG.
var (
	long  = os.Getenv("MASP_LONG") != ""
	asked = long || os.Getenv("CI") != ""
	seed  = seedOf(os.Getenv("MASP_SEED"))
)

// among is how many points are drawn, in CI and in the long form.
func among(ci, everything int) int {
	if long {
		return everything
	}
	return ci
}

func seedOf(text string) uint64 {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return n
	}
	return uint64(time.Now().UnixNano())
}

// draw is the lot of one test: the same for the same seed.
func draw(name string) *rand.Rand {
	var n uint64
	for _, b := range []byte(name) {
		n = n*31 + uint64(b)
	}
	return rand.New(rand.NewPCG(seed, n))
}

var (
	built    sync.Once
	program  string // the binary
	notBuilt error
	scratch  string // folder of the binary and of the places
)

// masp is the path of the program, built at its first use.
func masp(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		if scratch, notBuilt = os.MkdirTemp("", "masp-campaign-"); notBuilt != nil {
			return
		}
		program = filepath.Join(scratch, "masp")
		if out, err := exec.Command("go", "build", "-o", program, "masp/cmd/masp").CombinedOutput(); err != nil {
			notBuilt = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if notBuilt != nil {
		t.Fatalf("build the program: %v", notBuilt)
	}
	return program
}

func tidy() {
	if scratch != "" {
		_ = os.RemoveAll(scratch)
	}
}

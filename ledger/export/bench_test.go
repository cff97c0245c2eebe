package export_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"masp/ledger"
	"masp/ledger/export"
	"masp/migrations/dbtest"
)

// maxGrowth is what an export of any size may add to the memory of the program.
const maxGrowth = 64 << 20

// BenchmarkExport writes every format once and compares it with COPY TO of the same rows, of the same
// run: 100 000 entries, or 1 000 000 with MASP_LONG. Run it with -benchtime 1x.
func BenchmarkExport(b *testing.B) {
	entries := 100_000
	if os.Getenv("MASP_LONG") != "" {
		entries = 1_000_000
	}
	db := dbtest.New(b, dbtest.Durable)
	fill(b.Context(), b, db)
	h := house{ledger.New(db.App), db}
	h.many(b, entries)
	if _, err := db.Super.Exec(b.Context(), `VACUUM ANALYZE`); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("%-9s %8s %10s %14s %9s %10s %9s\n", "", "s", "CPU (s)", "écritures/s", "÷ COPY", "mémoire", "Mo écrits")
	for b.Loop() {
		copied := h.measure(b, entries, "COPY TO", 0, func(ctx context.Context, w io.Writer) error { return h.copyTo(ctx, w) })
		for _, f := range export.Formats() {
			h.measure(b, entries, string(f), copied, func(ctx context.Context, w io.Writer) error {
				_, err := export.Ledger(ctx, db.App, export.Ask{Format: f}, w, nil)
				return err
			})
		}
	}
}

// measure runs an export three times and prints the best: time, the program's own time of processor,
// growth of its memory at most.
func (h house) measure(
	b *testing.B, entries int, name string, copied time.Duration, run func(context.Context, io.Writer) error,
) time.Duration {
	b.Helper()
	best, growth, cpu, size := time.Hour, int64(0), time.Duration(0), int64(0)
	for range 3 {
		debug.FreeOSMemory()
		runtime.GC()
		before, start, used := resident(b, true), time.Now(), processor()
		var out counter
		if err := run(b.Context(), &out); err != nil {
			b.Fatal(err)
		}
		if d := time.Since(start); d < best {
			best, cpu = d, processor()-used
		}
		growth, size = max(growth, resident(b, false)-before), int64(out)
	}
	ratio := "—"
	if copied > 0 {
		ratio = fmt.Sprintf("%.2f", copied.Seconds()/best.Seconds())
		b.ReportMetric(copied.Seconds()/best.Seconds(), name+"÷copy")
	}
	fmt.Printf("%-9s %8.2f %10.2f %14.0f %9s %7.0f Mo %9.1f\n", name, best.Seconds(), cpu.Seconds(),
		float64(entries)/best.Seconds(), ratio, float64(growth)/1e6, float64(size)/1e6)
	if growth > maxGrowth {
		b.Errorf("%s: the memory grew by %d bytes, must %d", name, growth, maxGrowth)
	}
	return best
}

// copyTo is the baseline: the very rows that an export reads, as PostgreSQL writes them out itself.
func (h house) copyTo(ctx context.Context, w io.Writer) error {
	conn, err := h.db.App.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	query := strings.NewReplacer("$1", "1", "$2", "2000000000").Replace(export.RowsOf)
	_, err = conn.Conn().PgConn().CopyTo(ctx, w, "COPY ("+query+") TO STDOUT")
	return err
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// resident is the memory of this process, or the most of it since the last call with fresh.
func resident(b *testing.B, fresh bool) int64 {
	b.Helper()
	field := "VmHWM:"
	if fresh {
		field = "VmRSS:"
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
			b.Skipf("the memory of a process is measured on Linux only: %v", err)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), field)
	kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes << 10
}

func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

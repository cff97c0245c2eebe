package export_test

import (
	"context"
	"fmt"
	"io"
	"os"
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

// BenchmarkExport writes every format and compares each with COPY TO of the same rows, one after the
// other in the same run: 100 000 entries, or 1 000 000 with MASP_LONG. Run it with -benchtime 1x. On a
// busy machine the ratio of the processor's time (ours and the server's together) says more.
func BenchmarkExport(b *testing.B) {
	entries := 100_000
	if os.Getenv("MASP_LONG") != "" {
		entries = 1_000_000
	}
	db := dbtest.New(b, dbtest.Durable, dbtest.Conns(1))
	fill(b.Context(), b, db)
	h := house{ledger.New(db.App), db}
	h.many(b, entries)
	if _, err := db.Super.Exec(b.Context(), `VACUUM ANALYZE`); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("%-9s %8s %10s %14s %8s %14s %10s %10s\n", "", "s", "CPU (s)", "écritures/s", "÷ COPY", "÷ COPY (CPU)", "mémoire", "écrit")
	for b.Loop() {
		for _, f := range export.Formats() {
			h.compare(b, entries, string(f), func(ctx context.Context, w io.Writer) error {
				_, err := export.Ledger(ctx, db.App, export.Ask{Format: f}, w, nil)
				return err
			})
		}
	}
}

// cost is what one reading of the books took.
type cost struct {
	wall, processor time.Duration
	growth, size    int64
}

// compare runs COPY and an export in turn, three times, and prints the best of each.
func (h house) compare(b *testing.B, entries int, name string, run func(context.Context, io.Writer) error) {
	b.Helper()
	var copied, exported cost
	for range 3 {
		copied.best(h.measure(b, h.copyTo))
		exported.best(h.measure(b, run))
	}
	wall := copied.wall.Seconds() / exported.wall.Seconds()
	processor := copied.processor.Seconds() / exported.processor.Seconds()
	fmt.Printf("%-9s %8.2f %10.2f %14.0f %8.2f %14.2f %7d Mio %7d Mo\n", name, exported.wall.Seconds(), exported.processor.Seconds(),
		float64(entries)/exported.wall.Seconds(), wall, processor, exported.growth>>20, exported.size/1e6)
	b.ReportMetric(wall, name+"÷copy")
	if exported.growth > maxGrowth {
		b.Errorf("%s: the memory grew by %d bytes, must %d", name, exported.growth, maxGrowth)
	}
}

// best keeps the shortest times and the largest growth.
func (c *cost) best(o cost) {
	if c.wall == 0 {
		*c = o
	}
	c.wall, c.processor, c.growth = min(c.wall, o.wall), min(c.processor, o.processor), max(c.growth, o.growth)
}

func (h house) measure(b *testing.B, run func(context.Context, io.Writer) error) cost {
	b.Helper()
	var server int
	if err := h.db.App.QueryRow(b.Context(), `SELECT pg_backend_pid()`).Scan(&server); err != nil {
		b.Fatal(err)
	}
	debug.FreeOSMemory()
	memory, used, start := resident(b, true), processor(b, server), time.Now()
	var out counter
	if err := run(b.Context(), &out); err != nil {
		b.Fatal(err)
	}
	return cost{time.Since(start), processor(b, server) - used, resident(b, false) - memory, int64(out)}
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

// processor is the time that this process and one of the server have worked.
func processor(b *testing.B, server int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", server))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	total := time.Duration(0)
	for _, ticks := range strings.Fields(rest)[11:13] { // hundredths of a second
		n, err := strconv.Atoi(ticks)
		if err != nil {
			b.Fatal(err)
		}
		total += time.Duration(n) * 10 * time.Millisecond
	}
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return total + time.Duration(u.Utime.Nano()+u.Stime.Nano())
}

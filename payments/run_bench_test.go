package payments_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/payments"
)

// sizes are how many mandates the benchmarks take; the largest with MASP_LONG only.
func sizes() []int {
	if os.Getenv("MASP_LONG") != "" {
		return []int{1000, 10_000, 100_000}
	}
	return []int{1000, 10_000}
}

// sixLines is a house of mandates with six lines and six transfers each.
func sixLines(b *testing.B, n int) *house {
	b.Helper()
	h := newHouse(b)
	h.many(n)
	h.owner(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, reference, frequency, due_day, valid_from)
		SELECT 'O-BILL' || k || '-' || mandate_id, mandate_id, 'OTHER_BILL', 'C-INSURER', 1500 + k, 'Facture ' || k, 'Facture', 'MONTHLY', 5, '2026-01-01'
		  FROM masp.mandates, generate_series(1, 3) k`)
	if _, err := h.db.Super.Exec(b.Context(), `VACUUM ANALYZE`); err != nil {
		b.Fatal(err)
	}
	return h
}

// written are the tables of a proposal, those that are named first.
var written = []string{"dues", "run_mandates", "run_lines", "instructions", "instruction_covers", "run_exceptions"}

// BenchmarkPropose is one proposal, from what is due to the draft; of-copy compares it with a bare
// COPY of the same rows into tables with the same keys and CHECKs and no triggers.
func BenchmarkPropose(b *testing.B) {
	for _, n := range sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			h := sixLines(b, n)
			var copied, server, ours time.Duration
			var heap uint64
			var most peaks
			b.ReportAllocs()
			forgetPeak()
			for b.Loop() {
				before, own := h.served(), worked()
				run, err := h.Service.Propose(b.Context(), h.anne, payments.Ask{All: true})
				b.StopTimer()
				if err != nil {
					b.Fatal(err)
				}
				server += h.served() - before
				ours += worked() - own
				heap = max(heap, liveHeap())
				most = most.or(h.peaks()) // the COPY has its own
				if got := h.number(`SELECT count(*) FROM masp.run_lines WHERE run_id = $1`, run.ID); got != int64(6*n) {
					b.Fatalf("%d lines, want %d", got, 6*n)
				}
				copied += h.copyAgain()
				h.forget()
				forgetPeak()
				b.StartTimer()
			}
			b.ReportMetric(float64(6*n*b.N)/b.Elapsed().Seconds(), "lines/s")
			b.ReportMetric(copied.Seconds()/b.Elapsed().Seconds(), "of-copy")
			b.ReportMetric(float64(server.Milliseconds())/float64(b.N), "server-ms/op")
			b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "our-ms/op")
			b.ReportMetric(float64(heap)/float64(n), "heap-B/mandate")
			most.report(b)
		})
	}
}

// BenchmarkRun is what follows the proposal: its submission, approval and filing, each in
// milliseconds of work of the server and of the clock.
func BenchmarkRun(b *testing.B) {
	for _, n := range sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				h := sixLines(b, n)
				run := h.propose()
				forgetPeak()
				b.StartTimer()
				for _, step := range []struct {
					name string
					act  func() error
				}{
					{"submit", func() (err error) { run, err = h.Service.Submit(b.Context(), h.anne, run.ID); return err }},
					{"approve", func() (err error) {
						run, err = h.Service.Approve(b.Context(), h.bruno, run.ID, run.ContentHash)
						return err
					}},
					{"file", func() (err error) { _, err = h.File(b.Context(), h.bruno, run.ID); return err }},
				} {
					begin, before, own := time.Now(), h.served(), worked()
					if err := step.act(); err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(time.Since(begin).Milliseconds()), step.name+"-ms")
					b.ReportMetric(float64((h.served() - before).Milliseconds()), step.name+"-server-ms")
					b.ReportMetric(float64((worked() - own).Milliseconds()), step.name+"-our-ms")
				}
				h.peaks().report(b)
			}
		})
	}
}

// served is how long the connections of the application have kept a processor busy; 0 where the
// system does not tell.
func (h *house) served() (sum time.Duration) {
	h.t.Helper()
	for _, pid := range h.backends() {
		var busy int64
		if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid)); err == nil {
			if _, err = fmt.Sscan(string(text), &busy); err != nil {
				h.t.Fatal(err)
			}
			sum += time.Duration(busy)
		}
	}
	return sum
}

// backends are the processes of the server that serve the application.
func (h *house) backends() []int {
	h.t.Helper()
	rows, err := h.db.Super.Query(h.t.Context(), `
		SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'masp_app'`)
	if err != nil {
		h.t.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		h.t.Fatal(err)
	}
	return pids
}

// worked is how long this process has kept processors busy.
func worked() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// forgetPeak lets the peak of this process begin again, where the system can, without what was used before.
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peaks are the most memory in kB that this process and a connection's process have had for
// themselves; 0 where the system does not tell.
type peaks struct{ ours, servers int }

func (h *house) peaks() peaks {
	p := peaks{ours: peak("self")}
	for _, pid := range h.backends() {
		p.servers = max(p.servers, peak(fmt.Sprint(pid)))
	}
	return p
}

func (p peaks) or(q peaks) peaks { return peaks{max(p.ours, q.ours), max(p.servers, q.servers)} }

func (p peaks) report(b *testing.B) {
	b.ReportMetric(float64(p.ours)/1024, "our-peak-MB")
	b.ReportMetric(float64(p.servers)/1024, "server-peak-MB")
}

// peak is the most memory in kB of a process, but for what it shares.
func peak(process string) int {
	text, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return 0
	}
	var whole, shared int
	for line := range strings.Lines(string(text)) {
		_, _ = fmt.Sscanf(line, "VmHWM: %d", &whole)
		_, _ = fmt.Sscanf(line, "RssShmem: %d", &shared)
	}
	return whole - shared
}

func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// copyAgain copies the rows of the proposal into bare tables and tells how long that took.
func (h *house) copyAgain() (took time.Duration) {
	h.t.Helper()
	conn, err := h.db.Super.Acquire(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Release()
	for _, table := range written {
		var columns string
		err := conn.QueryRow(h.t.Context(), `
			SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
			 WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`, "masp."+table).Scan(&columns)
		if err != nil {
			h.t.Fatal(err)
		}
		var rows bytes.Buffer
		if _, err := conn.Conn().PgConn().CopyTo(h.t.Context(), &rows, fmt.Sprintf(`COPY masp.%s (%s) TO STDOUT BINARY`, table, columns)); err != nil {
			h.t.Fatal(err)
		}
		bare := fmt.Sprintf(`CREATE TABLE bare_%[1]s (LIKE masp.%[1]s INCLUDING INDEXES INCLUDING CONSTRAINTS)`, table)
		if _, err := conn.Exec(h.t.Context(), bare); err != nil {
			h.t.Fatal(err)
		}
		begin := time.Now()
		into := fmt.Sprintf(`COPY bare_%s (%s) FROM STDIN BINARY`, table, columns)
		if _, err := conn.Conn().PgConn().CopyFrom(h.t.Context(), &rows, into); err != nil {
			h.t.Fatal(err)
		}
		took += time.Since(begin)
	}
	if _, err := conn.Exec(h.t.Context(), `DROP TABLE bare_`+strings.Join(written, `, bare_`)); err != nil {
		h.t.Fatal(err)
	}
	return took
}

// forget takes the proposal back as if it had never been, for the next one to write as much.
func (h *house) forget() {
	h.t.Helper()
	for _, table := range append([]string{"run_acts", "runs"}, written...) {
		h.tamper(`DELETE FROM masp.` + table)
	}
	if _, err := h.db.Super.Exec(h.t.Context(), `VACUUM `+"masp."+strings.Join(written, ", masp.")); err != nil {
		h.t.Fatal(err)
	}
}

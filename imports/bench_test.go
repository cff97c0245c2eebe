package imports_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/imports"
	"masp/migrations/dbtest"
)

// longLine is line i of a long statement: of ten lines eight are benefits, one is an unknown
// credit and one a debit that nobody ordered.
func longLine(i int) (line string, cents int) {
	amount := fmt.Sprintf("%d.%02d", 10+i%400, i%100)
	cents = 100*(10+i%400) + i%100
	switch i % 10 {
	case 3:
		return fromSomebody(amount, "2026-11-05"), cents
	case 7:
		return debit(amount, "2026-11-05", "X"), -cents
	}
	month := i / 10 % 34
	text := fmt.Sprintf("ME 7654321APETIT %02d%dME", 1+month%12, 2024+month/12)
	return fromCAF("573.49", "2026-11-05", text), 57349
}

// longFile is a statement of n lines that is written while it is read.
type longFile struct {
	lines, at int
	rest      string
	ended     bool
}

func (f *longFile) Read(p []byte) (int, error) {
	for len(f.rest) == 0 {
		switch {
		case f.ended:
			return 0, io.EOF
		case f.at < f.lines:
			f.rest, _ = longLine(f.at)
			if f.at == 0 {
				head, _ := f.frame()
				f.rest = head + f.rest
			}
			f.at++
		default:
			_, f.rest = f.frame()
			f.ended = true
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// frame is what stands around the lines.
func (f *longFile) frame() (head, tail string) {
	cents := 100_000
	for i := range f.lines {
		_, c := longLine(i)
		cents += c
	}
	whole := statements(paper{
		iban: ibanPooled, id: "long", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
		closing: fmt.Sprintf("%d.%02d", cents/100, cents%100), lines: []string{"|"},
	})
	head, tail, _ = strings.Cut(whole, "|")
	return head, tail
}

// long is a statement of n lines.
func long(n int) string {
	var b strings.Builder
	_, _ = io.Copy(&b, &longFile{lines: n})
	return b.String()
}

// BenchmarkImport books a statement of 50 000 lines, of a million with MASP_LONG, on a disk that
// is flushed, against COPY of the same pieces, statements, lines, entries and postings into
// tables with the same keys and no triggers, in the same run (decisions 12): by the time that
// passes, and by that of the processors, which other programs do not lengthen.
func BenchmarkImport(b *testing.B) {
	lines := 50_000
	if os.Getenv("MASP_LONG") != "" {
		lines = 1_000_000
	}
	for b.Loop() {
		b.StopTimer()
		w := newWorldOn(b, dbtest.New(b, dbtest.Durable))
		most := watchMemory()
		marks := [3]time.Duration{} // when a tenth, two and nine tenths of the lines were posted
		b.StartTimer()
		start, worked := time.Now(), w.worked()
		w.Progress = func(p imports.Progress) {
			for i, tenths := range []int{1, 2, 9} {
				if p.Done <= lines/10*tenths {
					marks[i] = time.Since(start)
				}
			}
		}
		o, err := w.Import(b.Context(), "test", "long.xml", &longFile{lines: lines})
		if err != nil || o.Statements[0].State != "accepted" || o.Statements[0].Benefits != lines/10*8 {
			b.Fatalf("%+v, %v", o, err)
		}
		ours := time.Since(start)
		work := w.worked() - worked
		b.StopTimer()
		b.ReportMetric(most(), "MiB-more")
		if marks[0] > 0 { // the first tenth comes with the first reading of the file
			b.ReportMetric((ours-marks[2]).Seconds()/(marks[1]-marks[0]).Seconds(), "last÷second-tenth")
		}
		b.ReportMetric(float64(lines)/ours.Seconds(), "lines/s")
		copied, copying := w.copyAgain()
		b.ReportMetric(copied.Seconds()/ours.Seconds(), "÷COPY")
		b.ReportMetric(copying.Seconds()/work.Seconds(), "CPU÷COPY")
		start = time.Now()
		if found := w.verify(); len(found) > 0 {
			b.Fatal(found[0])
		}
		b.ReportMetric(float64(lines)/time.Since(start).Seconds(), "verified/s")
		b.StartTimer()
	}
}

// watchMemory looks at the memory in use until its answer is asked for: the most of it beyond
// what was used before, in MiB.
func watchMemory() func() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most, stop := m.HeapInuse, m.HeapInuse, make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	})
	return func() float64 {
		close(stop)
		group.Wait()
		return float64(most-before) / (1 << 20)
	}
}

// worked is the processor time that this process and the server's have used: unlike the time that
// passes, it is the same on a machine that others use too.
func (w *world) worked() time.Duration {
	var own syscall.Rusage
	w.must(syscall.Getrusage(syscall.RUSAGE_SELF, &own))
	sum := own.Utime.Nano() + own.Stime.Nano()
	server := ""
	w.must(w.db.Super.QueryRow(w.t.Context(), `SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)`).Scan(&server))
	children, err := os.ReadFile(filepath.Join("/proc", server, "task", server, "children"))
	w.must(err)
	for _, child := range strings.Fields(string(children)) {
		var used int64
		if stat, err := os.ReadFile(filepath.Join("/proc", child, "schedstat")); err == nil { // else it has ended
			_, _ = fmt.Sscan(string(stat), &used)
		}
		sum += used
	}
	return time.Duration(sum)
}

// copyAgain copies what the import wrote into bare tables and says how long that takes, and how
// much processor time.
func (w *world) copyAgain() (took, worked time.Duration) {
	for _, table := range []string{
		"bank_file_parts", "bank_statements", "bank_lines", "suspense_items", "receipts", "line_matches",
		"alerts", "entries", "entry_texts", "postings",
	} {
		t, work := w.copyTable(table)
		took, worked = took+t, worked+work
	}
	return took, worked
}

// copyTable copies a table in memory into a bare one, some rows at a time; reading is not counted.
func (w *world) copyTable(table string) (took, worked time.Duration) {
	ctx := w.t.Context()
	_, err := w.db.Super.Exec(
		ctx, fmt.Sprintf(`CREATE TABLE masp.bare_%s (LIKE masp.%s INCLUDING INDEXES)`, table, table),
	)
	w.must(err)
	rows, err := w.db.Super.Query(ctx, `SELECT * FROM masp.`+table)
	w.must(err)
	defer rows.Close()
	var columns []string
	for _, f := range rows.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	atOnce := imports.DefaultAtOnce
	if table == "bank_file_parts" {
		atOnce = 32
	}
	for more := true; more; {
		var values [][]any
		for len(values) < atOnce {
			if more = rows.Next(); !more {
				break
			}
			row, err := rows.Values()
			w.must(err)
			values = append(values, row)
		}
		before, start := w.worked(), time.Now()
		_, err := w.db.Super.CopyFrom(
			ctx, pgx.Identifier{"masp", "bare_" + table}, columns, pgx.CopyFromRows(values),
		)
		w.must(err)
		took += time.Since(start)
		worked += w.worked() - before
	}
	w.must(rows.Err())
	return took, worked
}

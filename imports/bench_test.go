package imports_test

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
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
	return fromCAF("573.49", "2026-11-05", "ME 7654321APETIT 102026ME"), 57349
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
// tables with the same keys and no triggers, in the same run (decisions 12).
func BenchmarkImport(b *testing.B) {
	lines := 50_000
	if os.Getenv("MASP_LONG") != "" {
		lines = 1_000_000
	}
	for b.Loop() {
		b.StopTimer()
		w := newWorldOn(b, dbtest.New(b, dbtest.Durable))
		most := watchMemory()
		tenth := [2]time.Duration{} // what the first tenth of the lines took, and the last
		b.StartTimer()
		start := time.Now()
		w.Progress = func(p imports.Progress) {
			if p.Done <= lines/10 {
				tenth[0] = time.Since(start)
			} else if p.Done <= lines-lines/10 {
				tenth[1] = time.Since(start)
			}
		}
		o, err := w.Import(b.Context(), "test", "long.xml", &longFile{lines: lines})
		if err != nil || o.Statements[0].State != "accepted" || o.Statements[0].Benefits != lines/10*8 {
			b.Fatalf("%+v, %v", o, err)
		}
		ours := time.Since(start)
		b.StopTimer()
		b.ReportMetric(most(), "MiB-more")
		if tenth[0] > 0 {
			b.ReportMetric((ours-tenth[1]).Seconds()/tenth[0].Seconds(), "last÷first")
		}
		b.ReportMetric(float64(lines)/ours.Seconds(), "lines/s")
		b.ReportMetric(w.copyAgain().Seconds()/ours.Seconds(), "÷COPY")
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

// copyAgain copies what the import wrote into bare tables and says how long that takes.
func (w *world) copyAgain() time.Duration {
	var took time.Duration
	for _, table := range []string{
		"bank_file_parts", "bank_statements", "bank_lines", "suspense_items", "receipts", "line_matches",
		"alerts", "entries", "entry_texts", "postings",
	} {
		took += w.copyTable(table)
	}
	return took
}

// copyTable copies a table in memory into a bare one, some rows at a time; reading is not counted.
func (w *world) copyTable(table string) (took time.Duration) {
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
		start := time.Now()
		_, err := w.db.Super.CopyFrom(
			ctx, pgx.Identifier{"masp", "bare_" + table}, columns, pgx.CopyFromRows(values),
		)
		w.must(err)
		took += time.Since(start)
	}
	w.must(rows.Err())
	return took
}

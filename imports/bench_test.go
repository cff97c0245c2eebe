package imports_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/migrations/dbtest"
)

// long is a statement of n lines: one in three a benefit, one a debit that nobody ordered, one
// an unknown credit.
func long(n int) string {
	p := paper{
		iban: ibanPooled, id: "long", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
	}
	cents := 100_000
	for i := range n {
		amount := fmt.Sprintf("%d.%02d", 10+i%400, i%100)
		euros := 100*(10+i%400) + i%100
		switch i % 3 {
		case 0:
			p.lines = append(p.lines, fromCAF(amount, "2026-11-05", "ME 7654321APETIT 102026ME"))
		case 1:
			p.lines = append(p.lines, fromSomebody(amount, "2026-11-05"))
		default:
			p.lines, euros = append(p.lines, debit(amount, "2026-11-05", "X")), -euros
		}
		cents += euros
	}
	p.closing = fmt.Sprintf("%d.%02d", cents/100, cents%100)
	return statements(p)
}

// BenchmarkImport books a statement of 20 000 lines on a disk that is flushed, against COPY of
// the same lines, entries and postings into tables with the same keys and no triggers
// (decisions 12).
func BenchmarkImport(b *testing.B) {
	const lines = 20_000
	for b.Loop() {
		b.StopTimer()
		w := newWorldOn(b, dbtest.New(b, dbtest.Durable))
		file := long(lines)
		b.StartTimer()
		start := time.Now()
		o, err := w.Import(b.Context(), "test", "long.xml", strings.NewReader(file))
		if err != nil || o.Statements[0].State != "accepted" {
			b.Fatalf("%+v, %v", o, err)
		}
		ours := time.Since(start)
		b.StopTimer()
		base := w.copyAgain()
		b.ReportMetric(lines/ours.Seconds(), "lines/s")
		b.ReportMetric(base.Seconds()/ours.Seconds(), "÷COPY")
		start = time.Now()
		if found := w.verify(); len(found) > 0 {
			b.Fatal(found[0])
		}
		b.ReportMetric(lines/time.Since(start).Seconds(), "verified/s")
		b.StartTimer()
	}
}

// copyAgain copies what the import wrote into bare tables and says how long that takes.
func (w *world) copyAgain() time.Duration {
	ctx := w.t.Context()
	var took time.Duration
	for _, table := range []string{"entries", "entry_texts", "postings", "bank_lines", "suspense_items", "receipts", "alerts"} {
		rows, err := w.db.Super.Query(ctx, `SELECT * FROM masp.`+table)
		w.must(err)
		var columns []string
		for _, f := range rows.FieldDescriptions() {
			columns = append(columns, f.Name)
		}
		values, err := pgx.CollectRows(
			rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() },
		)
		w.must(err)
		_, err = w.db.Super.Exec(
			ctx,
			fmt.Sprintf(`CREATE TABLE masp.bare_%s (LIKE masp.%s INCLUDING INDEXES)`, table, table),
		)
		w.must(err)
		start := time.Now()
		_, err = w.db.Super.CopyFrom(
			ctx, pgx.Identifier{"masp", "bare_" + table}, columns, pgx.CopyFromRows(values),
		)
		w.must(err)
		took += time.Since(start)
	}
	return took
}

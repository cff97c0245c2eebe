package evidence_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/v1/v1test"
	"masp/ledger"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/evidence"
	"masp/payments/evidence/check"
)

// BenchmarkBundle writes a bundle and reads it again, and prints what both take: 20 000 entries, or
// 400 000 with MASP_LONG. Run it with -benchtime 1x.
func BenchmarkBundle(b *testing.B) {
	entries := 20_000
	if os.Getenv("MASP_LONG") != "" {
		entries = 400_000
	}
	db := dbtest.New(b, dbtest.Conns(4))
	h := &house{t: b, db: db, Service: &evidence.Service{DB: db.App}, tokens: v1test.Furnish(b, db)}
	h.at("2026-11-05", 9)
	h.many(entries)
	for b.Loop() {
		file, err := os.Create(b.TempDir() + "/bundle.zip")
		h.must(err)
		written := measure(func() {
			_, err = h.Write(b.Context(), evidence.Ask{Sample: 30, Seed: "1"}, file, nil)
			h.must(err)
		})
		info, err := file.Stat()
		h.must(err)
		var r check.Report
		read := measure(func() {
			r, err = check.Bundle(file, info.Size(), check.Options{})
			h.must(err)
		})
		if !r.OK() || r.Entries < int64(entries) {
			b.Fatalf("%d entries, %+v", r.Entries, r.Findings)
		}
		for name, c := range map[string]cost{"written": written, "read again": read} {
			fmt.Printf("%-10s %d entries, %d Mo: %.1f s, %.0f entries/s, memory +%d MiB\n",
				name, entries, info.Size()/1e6, c.took.Seconds(), float64(entries)/c.took.Seconds(), c.growth>>20)
		}
		if written.growth > 64<<20 {
			b.Errorf("writing took %d bytes of memory, at most %d", written.growth, 64<<20)
		}
	}
}

// many posts entries of one line each, some thousands a batch.
func (h *house) many(n int) {
	h.t.Helper()
	books := ledger.New(h.db.App)
	for from := 0; from < n; from += 5000 {
		var batch []ledger.Entry
		for i := from; i < min(from+5000, n); i++ {
			batch = append(batch, ledger.Entry{
				Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: fmt.Sprintf("bench %d", i), Label: fmt.Sprintf("CAF DE LA DRÔME %d", i),
				Actor: "bench", Postings: []ledger.Posting{{
					Debit: ledger.Bank("BK-POOL"), Credit: ledger.Mandate(fmt.Sprintf("B-%d", i%1000)), Amount: money.Cents(41237),
				}},
			})
		}
		h.must(pgx.BeginFunc(h.t.Context(), h.db.App, func(tx pgx.Tx) error {
			_, err := books.PostTx(h.t.Context(), tx, batch...)
			return err
		}))
	}
}

type cost struct {
	took   time.Duration
	growth int64
}

// measure is what some work takes; its memory is the highest that this process has had of the machine.
func measure(work func()) cost {
	runtime.GC()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where it is not allowed, the growth is of the whole run
	before, start := resident("VmRSS"), time.Now()
	work()
	return cost{time.Since(start), resident("VmHWM") - before}
}

func resident(what string) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), what+":")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}

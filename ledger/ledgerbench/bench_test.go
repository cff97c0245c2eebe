package ledgerbench_test

import (
	"os"
	"testing"
	"time"

	"masp/ledger/ledgerbench"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// BenchmarkBooks measures everything once, on a cluster with fsync on; run it with -benchtime 1x.
func BenchmarkBooks(b *testing.B) {
	db := dbtest.New(b, dbtest.Durable)
	var r ledgerbench.Result
	for b.Loop() {
		var err error
		r, err = ledgerbench.Run(b.Context(), db.OwnerURL, db.AppURL, ledgerbench.Options{}, func(s string) { b.Log(s) })
		if err != nil {
			b.Fatal(err)
		}
	}
	for unit, value := range map[string]float64{
		"bulk/s": r.Bulk, "bulk÷copy": r.BulkRatio(), "hot/s": r.Hot, "hot÷bare": r.HotRatio(),
		"hot÷uniform": r.UniformRatio(), "pages/s": r.Pages, "verify/s": r.Verify, "B/entry": r.BytesPerEntry,
	} {
		b.ReportMetric(value, unit)
	}
	if err := r.Print(os.Stdout); err != nil {
		b.Fatal(err)
	}
}

func TestTheBenchRunsOnASmallScale(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	small := ledgerbench.Options{Rounds: 1, Bulk: 50, Batches: 2, Clients: 2, Persons: 10, Single: 20 * time.Millisecond}
	for range 2 { // a second run on the same books works too
		r, err := ledgerbench.Run(t.Context(), db.OwnerURL, db.AppURL, small, func(string) {})
		if err != nil || r.BulkRatio() <= 0 || r.HotRatio() <= 0 || r.UniformRatio() <= 0 || r.Verify <= 0 {
			t.Errorf("got %+v, %v, want every figure", r, err)
		}
	}
}

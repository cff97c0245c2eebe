package ledgerbench

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// Options say how much is measured. The zero value takes the defaults.
type Options struct {
	Rounds  int           // 3; each figure is their median
	Bulk    int           // 10 000 entries per transaction
	Batches int           // 5 transactions per round
	Clients int           // 8
	Persons int           // 1 000
	Single  time.Duration // 2 s for each measure of single entries and of reading
}

func (o *Options) fill() {
	for _, d := range []struct {
		value    *int
		standard int
	}{{&o.Rounds, 3}, {&o.Bulk, 10_000}, {&o.Batches, 5}, {&o.Clients, 8}, {&o.Persons, 1000}} {
		if *d.value <= 0 {
			*d.value = d.standard
		}
	}
	if o.Single <= 0 {
		o.Single = 2 * time.Second
	}
}

// Result holds the figures: rates in entries (or pages, balances) per second.
type Result struct {
	Copy, Bulk         float64 // raw COPY and PostTx of batches
	Bare, Hot, Uniform float64 // bare two-row INSERT; Post on one bank account; Post on many
	Pages, Balances    float64
	PageP50, PageP99   time.Duration
	Verify             float64 // entries read again, one goroutine
	BytesPerEntry      float64 // tables and indexes
	Entries            int64   // in the books at the end
}

// BulkRatio is PostTx ÷ COPY: must 0.45, stretch 0.70.
func (r *Result) BulkRatio() float64 { return r.Bulk / r.Copy }

// HotRatio is Post on one bank account ÷ bare INSERT: must 0.10, stretch 0.30.
func (r *Result) HotRatio() float64 { return r.Hot / r.Bare }

// UniformRatio is hot ÷ uniform: must 0.80, stretch 0.95.
func (r *Result) UniformRatio() float64 { return r.Hot / r.Uniform }

// Print writes the figures as a table in French.
func (r *Result) Print(w io.Writer) error {
	_, err := fmt.Fprintf(w, `COPY brut des mêmes lignes            %9.0f écritures/s
écritures par lots                    %9.0f écritures/s   rapport %.2f (exigé 0,45 ; visé 0,70)
INSERT nu de deux lignes              %9.0f transactions/s
écritures seules, un compte bancaire  %9.0f écritures/s   rapport %.2f (exigé 0,10 ; visé 0,30)
écritures seules, comptes répartis    %9.0f écritures/s   rapport %.2f (exigé 0,80 ; visé 0,95)
pages de relevé (50 lignes)           %9.0f pages/s       p50 %s, p99 %s
soldes                                %9.0f soldes/s
vérification complète                 %9.0f écritures/s
place par écriture, index compris     %9.0f octets        (exigé 700 ; visé 550)
écritures dans les livres             %9d
`, r.Copy, r.Bulk, r.BulkRatio(), r.Bare, r.Hot, r.HotRatio(), r.Uniform, r.UniformRatio(),
		r.Pages, r.PageP50.Round(time.Microsecond), r.PageP99.Round(time.Microsecond),
		r.Balances, r.Verify, r.BytesPerEntry, r.Entries)
	return err
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

package ledgerbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"masp/ledger"
)

// pageSize is the number of lines of a statement page.
const pageSize = 50

// read measures pages, balances, verification and place on the books as the writing left them.
func (b *bench) read(ctx context.Context, r *Result) error {
	var mu sync.Mutex
	var times []time.Duration
	var err error
	r.Pages, err = b.perSecond(ctx, func(ctx context.Context, client, i int) error {
		start := time.Now()
		p, err := b.ledger.Page(ctx, b.app, b.person(client, i), 0, pageSize)
		if err == nil && len(p.Lines) == 0 {
			err = errors.New("an empty page measures nothing")
		}
		mu.Lock()
		times = append(times, time.Since(start))
		mu.Unlock()
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(times)
	r.PageP50, r.PageP99 = times[len(times)/2], times[len(times)*99/100]
	r.Balances, err = b.perSecond(ctx, func(ctx context.Context, client, i int) error {
		_, err := b.ledger.Balance(ctx, b.app, b.person(client, i))
		return err
	})
	if err != nil {
		return err
	}
	return b.prove(ctx, r)
}

func (b *bench) person(client, i int) ledger.Code {
	return ledger.Mandate(fmt.Sprintf("B%d", (i*7919+client*31)%b.Persons))
}

func (b *bench) prove(ctx context.Context, r *Result) error {
	start := time.Now()
	report, err := ledger.Verify(ctx, b.app, ledger.VerifyOptions{})
	if err != nil {
		return err
	}
	if !report.OK() {
		return fmt.Errorf("the books are broken after the bench: %s", report.Findings[0])
	}
	r.Entries = report.Entries
	r.Verify = float64(report.Entries) / time.Since(start).Seconds()
	const size = `SELECT sum(pg_total_relation_size(c))::float8 / $1 FROM unnest(ARRAY[
		'masp.entries', 'masp.entry_texts', 'masp.postings', 'masp.seals']::regclass[]) c`
	return b.app.QueryRow(ctx, size, report.Entries).Scan(&r.BytesPerEntry)
}

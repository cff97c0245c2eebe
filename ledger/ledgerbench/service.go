package ledgerbench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger"
	"masp/migrations"
)

// bench is one run: the two roles, the ledger, and how many entries it has made.
type bench struct {
	Options
	owner, app *pgxpool.Pool
	ledger     *ledger.Ledger
	run        int64 // makes sources of this run unique
	made       atomic.Int64
}

// Run measures on a migrated database to throw away, and drops its own tables at the end. ownerURL
// is the role of the migrations, appURL the application's. Progress gets a French line per step.
func Run(ctx context.Context, ownerURL, appURL string, o Options, progress func(string)) (Result, error) {
	o.fill()
	b := &bench{Options: o, run: time.Now().UnixNano()}
	connections := int32(o.Clients) + 1 //nolint:gosec // a handful
	var err error
	if b.owner, err = migrations.Open(ctx, ownerURL, connections); err != nil {
		return Result{}, err
	}
	defer b.owner.Close()
	if b.app, err = migrations.Open(ctx, appURL, connections); err != nil {
		return Result{}, err
	}
	defer b.app.Close()
	b.ledger = ledger.New(b.app)
	if err := b.createTables(ctx); err != nil {
		return Result{}, err
	}
	defer b.dropTables(context.WithoutCancel(ctx))
	r, err := b.measure(ctx, progress)
	if err != nil {
		return r, fmt.Errorf("measure the books: %w", err)
	}
	return r, nil
}

func (b *bench) measure(ctx context.Context, progress func(string)) (Result, error) {
	var r Result
	var rounds [5][]float64
	steps := []struct {
		name string
		run  func(context.Context) (float64, error)
	}{
		{"par lots", b.bulk},
		{"COPY brut", b.copyRows},
		{"INSERT nu", b.bare},
		{"un compte bancaire", b.hot},
		{"comptes répartis", b.uniform},
	}
	if err := b.warmUp(ctx); err != nil {
		return r, err
	}
	for round := range b.Rounds {
		for i, s := range steps {
			progress(fmt.Sprintf("mesure %d/%d : %s", round+1, b.Rounds, s.name))
			rate, err := s.run(ctx)
			if err != nil {
				return r, fmt.Errorf("%s: %w", s.name, err)
			}
			rounds[i] = append(rounds[i], rate)
		}
	}
	r.Bulk, r.Copy, r.Bare = median(rounds[0]), median(rounds[1]), median(rounds[2])
	r.Hot, r.Uniform = median(rounds[3]), median(rounds[4])
	progress("mesure des lectures")
	return r, b.read(ctx, &r)
}

// perSecond lets clients work for the time of a measure and returns what they did per second.
func (b *bench) perSecond(ctx context.Context, work func(ctx context.Context, client, i int) error) (float64, error) {
	var done atomic.Int64
	var clients sync.WaitGroup
	errs := make(chan error, b.Clients)
	start := time.Now()
	for client := range b.Clients {
		clients.Go(func() {
			for i := 0; time.Since(start) < b.Single; i++ {
				if err := work(ctx, client, i); err != nil {
					errs <- err
					return
				}
				done.Add(1)
			}
		})
	}
	clients.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
		return float64(done.Load()) / time.Since(start).Seconds(), nil
	}
}

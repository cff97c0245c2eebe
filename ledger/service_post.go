package ledger

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Ledger writes and reads the books of one organisation. It is safe for concurrent use.
type Ledger struct {
	pool *pgxpool.Pool

	mu      sync.Mutex
	waiting []*request
	writing bool
}

// New returns the ledger of the database behind pool, whose role is the application's.
func New(pool *pgxpool.Pool) *Ledger { return &Ledger{pool: pool} }

// PostTx writes entries in the caller's transaction, one or thousands, all or nothing: on an error
// the caller rolls back. They are judged in their order, each after the ones before. An entry
// whose source is known with the same content is left out and its place returned, Replayed.
//
// It takes the lock of the books until the transaction ends, so it comes late in it, and only
// audit.Record after it. The transaction is READ COMMITTED.
//
// Errors: *InvalidError, *ConflictError, *OverdrawnError, ErrClosed, ErrBackdated, ErrFuture,
// ErrReversed.
func (l *Ledger) PostTx(ctx context.Context, tx pgx.Tx, entries ...Entry) ([]Posted, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	asked := make([]*Entry, len(entries))
	for i := range entries {
		asked[i] = &entries[i]
		if err := asked[i].check(); err != nil {
			return nil, err
		}
	}
	p, err := begin(ctx, tx, asked)
	if err != nil {
		return nil, err
	}
	posted := make([]Posted, len(asked))
	for i, e := range asked {
		if posted[i], err = p.add(e); err == nil && p.batch.entries == sealEvery {
			err = p.send(ctx, tx)
		}
		if err != nil {
			_ = p.wait() // the caller rolls back; his connection must be idle for that
			return nil, err
		}
	}
	if err := p.finish(ctx, tx); err != nil {
		return nil, err
	}
	return posted, nil
}

// sealEvery is how many entries are written and sealed at once. While the database stores a batch of a
// long posting, the next one is decided. Smaller batches overlap better, but move each balance more
// often: 2 500 took a tenth longer than 10 000.
const sealEvery = 10_000

// begin locks the books and opens a plan on them.
func begin(ctx context.Context, tx pgx.Tx, entries []*Entry) (*plan, error) {
	b, err := lockBooks(ctx, tx, entries)
	if err != nil {
		return nil, err
	}
	return &plan{books: b, batch: newBatch(min(len(entries), sealEvery)), hashers: newHashers()}, nil
}

// send lets the database write what is gathered, after the batch before it.
func (p *plan) send(ctx context.Context, tx pgx.Tx) error {
	if err := p.wait(); err != nil {
		return err
	}
	full, written := p.batch, make(chan error, 1)
	p.batch, p.writing, p.written = newBatch(full.entries), written, true
	go func() { written <- full.write(ctx, tx, p.books) }()
	return nil
}

// wait waits for the batch on its way, if there is one.
func (p *plan) wait() error {
	if p.writing == nil {
		return nil
	}
	err := <-p.writing
	p.writing = nil
	return err
}

// finish writes the rest of what was decided; a plan in which everything was known writes nothing.
func (p *plan) finish(ctx context.Context, tx pgx.Tx) error {
	if err := p.wait(); err != nil {
		return err
	}
	if p.batch.entries == 0 {
		return nil
	}
	p.written = true
	return p.batch.write(ctx, tx, p.books)
}

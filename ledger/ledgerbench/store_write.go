package ledgerbench

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/money"
)

// createTables makes the tables of the baselines: the same keys, no checks, no triggers.
func (b *bench) createTables(ctx context.Context) error {
	b.dropTables(ctx)
	_, err := b.owner.Exec(ctx, `
		CREATE SCHEMA masp_bench;
		CREATE TABLE masp_bench.entries (LIKE masp.entries INCLUDING INDEXES);
		CREATE TABLE masp_bench.postings (LIKE masp.postings INCLUDING INDEXES);
		CREATE TABLE masp_bench.bare (entry_no bigint, line_no integer, account_id bigint, amount_cents bigint,
			PRIMARY KEY (entry_no, line_no));
		CREATE INDEX ON masp_bench.bare (account_id, entry_no)`)
	if err != nil {
		return fmt.Errorf("create the tables of the baselines: %w", err)
	}
	return nil
}

func (b *bench) dropTables(ctx context.Context) {
	_, _ = b.owner.Exec(ctx, `DROP SCHEMA IF EXISTS masp_bench CASCADE`) // left-overs of a killed run
}

// warmUp opens the accounts and fills plans and caches, then refreshes the statistics.
func (b *bench) warmUp(ctx context.Context) error {
	for range 2 {
		if err := b.postBatch(ctx, b.batch()); err != nil {
			return err
		}
	}
	_, err := b.owner.Exec(ctx, `ANALYZE masp.entries, masp.postings, masp.accounts, masp.account_balances`)
	return err
}

// entry is the next entry of the run: a bank credit of one person.
func (b *bench) entry(bank ledger.Code) ledger.Entry {
	n := b.made.Add(1)
	return ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, Actor: "import",
		Source: fmt.Sprintf("bank FR76%x 171/%d", b.run, n), Label: "CAF DU NORD CAF-1005",
		Postings: []ledger.Posting{{
			Debit: bank, Credit: ledger.Mandate(fmt.Sprintf("B%d", n%int64(b.Persons))), Amount: money.Cents(n%90_000 + 1),
		}},
	}
}

var hotBank = ledger.Bank("BENCH")

func (b *bench) batch() []ledger.Entry {
	entries := make([]ledger.Entry, b.Bulk)
	for i := range entries {
		entries[i] = b.entry(hotBank)
	}
	return entries
}

func (b *bench) postBatch(ctx context.Context, entries []ledger.Entry) error {
	return pgx.BeginFunc(ctx, b.app, func(tx pgx.Tx) error {
		_, err := b.ledger.PostTx(ctx, tx, entries...)
		return err
	})
}

// bulk posts batches by PostTx.
func (b *bench) bulk(ctx context.Context) (float64, error) {
	batches := make([][]ledger.Entry, b.Batches)
	for i := range batches {
		batches[i] = b.batch()
	}
	start := time.Now()
	for _, entries := range batches {
		if err := b.postBatch(ctx, entries); err != nil {
			return 0, err
		}
	}
	return float64(b.Batches*b.Bulk) / time.Since(start).Seconds(), nil
}

// copyRows copies the rows of the last bulk into the bare tables, batch by batch.
func (b *bench) copyRows(ctx context.Context) (float64, error) {
	var last int64
	if err := b.app.QueryRow(ctx, `SELECT last_entry FROM masp.chain_heads`).Scan(&last); err != nil {
		return 0, err
	}
	first := last - int64(b.Batches*b.Bulk) + 1
	conn, err := b.owner.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	var rows [][2][]byte
	for ; first <= last; first += int64(b.Bulk) {
		var batch [2][]byte
		for i, table := range tables {
			var buffer bytes.Buffer
			_, err := conn.Conn().PgConn().CopyTo(ctx, &buffer, fmt.Sprintf(
				`COPY (SELECT * FROM masp.%s WHERE entry_no BETWEEN %d AND %d ORDER BY 1) TO STDOUT (FORMAT binary)`,
				table, first, first+int64(b.Bulk)-1))
			if err != nil {
				return 0, err
			}
			batch[i] = buffer.Bytes()
		}
		rows = append(rows, batch)
	}
	start := time.Now()
	for _, batch := range rows {
		err := pgx.BeginFunc(ctx, conn, func(pgx.Tx) error { return copyBatch(ctx, conn.Conn(), batch) })
		if err != nil {
			return 0, err
		}
	}
	return float64(b.Batches*b.Bulk) / time.Since(start).Seconds(), nil
}

var tables = [2]string{"entries", "postings"}

func copyBatch(ctx context.Context, conn *pgx.Conn, batch [2][]byte) error {
	for i, table := range tables {
		_, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(batch[i]),
			`COPY masp_bench.`+table+` FROM STDIN (FORMAT binary)`)
		if err != nil {
			return err
		}
	}
	return nil
}

// bare inserts two rows per transaction.
func (b *bench) bare(ctx context.Context) (float64, error) {
	return b.perSecond(ctx, func(ctx context.Context, _, _ int) error {
		n := b.made.Add(1)
		_, err := b.owner.Exec(ctx, `INSERT INTO masp_bench.bare VALUES ($1, 1, 1, $3), ($1, 2, $2, -$3)`,
			n, n%int64(b.Persons), n%90_000+1)
		return err
	})
}

// hot posts single entries on one bank account.
func (b *bench) hot(ctx context.Context) (float64, error) {
	return b.perSecond(ctx, func(ctx context.Context, _, _ int) error {
		_, err := b.ledger.Post(ctx, b.entry(hotBank))
		return err
	})
}

// uniform posts single entries on as many bank accounts as persons.
func (b *bench) uniform(ctx context.Context) (float64, error) {
	return b.perSecond(ctx, func(ctx context.Context, client, i int) error {
		_, err := b.ledger.Post(ctx, b.entry(ledger.Bank(fmt.Sprintf("B%d", (i*b.Clients+client)%b.Persons))))
		return err
	})
}

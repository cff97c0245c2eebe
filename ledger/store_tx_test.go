package ledger_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
)

func TestTwoWhoCrossEachOtherAreBothServed(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	if _, err := b.db.Owner.Exec(t.Context(), `CREATE TABLE crossing AS SELECT n, 0 AS visits FROM generate_series(0, 1) n`); err != nil {
		t.Fatal(err)
	}
	var met sync.WaitGroup
	met.Add(2)
	var tries atomic.Int64
	together(2, func(me int) {
		first := true
		err := ledger.InTx(t.Context(), b.db.Owner, func(tx pgx.Tx) error {
			tries.Add(1)
			for _, row := range [2]int{me, 1 - me} {
				if _, err := tx.Exec(t.Context(), `UPDATE crossing SET visits = visits + 1 WHERE n = $1`, row); err != nil {
					return err
				}
				if first { // each holds one row before he asks for the other
					first = false
					met.Done()
					met.Wait()
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("caller %d: %v", me, err)
		}
	})
	var visits int
	if err := b.db.Owner.QueryRow(t.Context(), `SELECT sum(visits) FROM crossing`).Scan(&visits); err != nil {
		t.Fatal(err)
	}
	if visits != 4 || tries.Load() < 3 { // more when they cross again
		t.Errorf("%d visits in %d tries, want 4 in 3 or more", visits, tries.Load())
	}
}

func TestWorkThatAlwaysLosesMayBeStartedAgain(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	for want, lost := range map[error]error{
		ledger.ErrBusy: &pgconn.PgError{Code: "40P01"}, ledger.ErrBackdated: ledger.ErrBackdated, context.Canceled: context.Canceled,
	} {
		if err := ledger.InTx(t.Context(), b.db.App, func(pgx.Tx) error { return lost }); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

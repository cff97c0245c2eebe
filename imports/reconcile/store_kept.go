package reconcile

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// keptTotals are the totals that were computed last, and the view of the books that they tell of.
type keptTotals struct {
	one  sync.Mutex // one computes, the others wait for it
	last Totals
	of   view
}

// keptFor is how long totals serve. The marks of changes are kept for longer (migration 0045).
const keptFor = time.Minute

// totals answers those of the view of a transaction.
func (k *keptTotals) totals(ctx context.Context, tx pgx.Tx) (t Totals, err error) {
	now, today, err := viewOf(ctx, tx)
	if err != nil {
		return t, err
	}
	k.one.Lock()
	defer k.one.Unlock()
	if k.last.Day == today && now.at.Sub(k.of.at) < keptFor {
		if same, err := now.sees(ctx, tx, k.of); same || err != nil {
			return k.last, err
		}
	}
	t.Day = today
	if err = t.read(ctx, tx); err == nil && !now.writes {
		k.last, k.of = t, now
	}
	return t, err
}

// view is what a transaction sees of the books.
type view struct {
	at        time.Time // by the clock of the server, which nobody moves
	database  string    // and since when its server runs
	snapshot  string
	lastEntry int64
	writes    bool // the transaction has written itself: nobody else sees what it sees
}

func viewOf(ctx context.Context, tx pgx.Tx) (v view, today civil.Date, err error) {
	err = tx.QueryRow(ctx, `
		SELECT masp.today(), clock_timestamp(), current_database() || ' ' || pg_postmaster_start_time(), pg_current_snapshot()::text,
		       (SELECT last_entry FROM masp.chain_heads), pg_current_xact_id_if_assigned() IS NOT NULL`).
		Scan(&today, &v.at, &v.database, &v.snapshot, &v.lastEntry, &v.writes)
	if err != nil {
		err = fmt.Errorf("read how new the books are: %w", err)
	}
	return v, today, err
}

// sees tells whether a transaction sees in the books what an earlier view saw, and nothing more: all that
// was done then, no entry since, and no mark of a change.
func (v view) sees(ctx context.Context, tx pgx.Tx, before view) (same bool, err error) {
	if v.database != before.database || v.lastEntry != before.lastEntry {
		return false, nil
	}
	err = tx.QueryRow(ctx, `
		SELECT pg_snapshot_xmax(mine.seen) >= pg_snapshot_xmax(theirs.seen)
		   AND NOT EXISTS (SELECT FROM pg_snapshot_xip(mine.seen) open WHERE pg_visible_in_snapshot(open, theirs.seen))
		   AND NOT EXISTS (SELECT FROM masp.agreement_marks m
		                    WHERE m.xid >= pg_snapshot_xmin(theirs.seen) AND NOT pg_visible_in_snapshot(m.xid, theirs.seen))
		  FROM (SELECT pg_current_snapshot() AS seen) mine, (SELECT $1::pg_snapshot AS seen) theirs`, before.snapshot).Scan(&same)
	if err != nil {
		err = fmt.Errorf("compare the books with an earlier view: %w", err)
	}
	return same, err
}

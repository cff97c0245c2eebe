package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/audit"
	"masp/ledger/civil"
)

// Check is a check of another package that is part of the proof. It reads in the same snapshot.
type Check func(ctx context.Context, tx pgx.Tx, report func(Finding)) error

// VerifyOptions say how far a verification goes. The zero value verifies the books and the log of
// acts.
type VerifyOptions struct {
	Head     *Head   // printed earlier: finds a deleted tail and a rewritten chain
	Checks   []Check // run after the books, in their order
	Limit    int     // findings kept, 100 when zero
	Progress func(entries, of int64)
}

// Verify computes everything again from the first entry on, in one snapshot and without writing:
// hashes of entries, texts, postings and batches, the chain, numbers, balances after each line and in
// all, floors, closings and the log of acts. Its memory grows with the accounts, not with the
// entries. The first finding names the first fault. An error means that it could not be done.
func Verify(ctx context.Context, pool *pgxpool.Pool, o VerifyOptions) (Report, error) {
	var report Report
	err := Snapshot(ctx, pool, func(tx pgx.Tx) error {
		return verifyAll(ctx, tx, o, &report, true)
	})
	if err != nil {
		return report, fmt.Errorf("verify the books: %w", err)
	}
	return report, nil
}

// readingPlans keeps the plans of the blocks to ranges of keys, whatever the statistics say.
const readingPlans = `SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0;
	SET LOCAL plan_cache_mode = force_custom_plan`

func verifyAll(ctx context.Context, tx pgx.Tx, o VerifyOptions, report *Report, aside bool) error {
	v := &verifier{
		hashers: newHashers(), known: o.Head, report: report, limit: o.Limit,
		journals: map[string]int64{}, day: noDay,
	}
	if v.limit == 0 {
		v.limit = defaultFindingLimit
	}
	if _, err := tx.Exec(ctx, readingPlans); err != nil {
		return err
	}
	if aside {
		if err := v.loadErased(ctx, tx); err != nil {
			return err
		}
	}
	if err := v.loadAccounts(ctx, tx); err != nil {
		return err
	}
	if err := v.readBooks(ctx, tx, o.Progress); err != nil {
		return err
	}
	v.finishBooks()
	head, err := v.checkHeads(ctx, tx)
	if err != nil {
		return err
	}
	acts, err := v.checkActs(ctx, tx)
	if err != nil {
		return err
	}
	if err := v.checkClosings(ctx, tx, head, acts); err != nil {
		return err
	}
	for _, check := range o.Checks {
		if err := check(ctx, tx, v.keep); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) keep(f Finding) { v.found(f.Code, f.Place, "%s", f.Text) }

// loadAccounts reads the accounts with the balances that the reading must arrive at.
func (v *verifier) loadAccounts(ctx context.Context, tx pgx.Tx) error {
	const query = `
		SELECT coalesce(a.account_id, b.account_id), coalesce(a.code, ''),
		       coalesce(concat_ws(':', a.pcg, a.owner, a.sub), ''), b.account_id IS NOT NULL,
		       coalesce(b.seq, 0), coalesce(b.debit_cents, 0), coalesce(b.credit_cents, 0), b.floor_cents
		  FROM masp.accounts a FULL JOIN masp.account_balances b USING (account_id)
		 ORDER BY 1`
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return err
	}
	v.accounts = make([]accountState, 1)
	var id int64
	var parts string
	var a accountState
	s := &a.stored
	into := []any{&id, &a.code, &parts, &s.present, &s.seq, &s.debit, &s.credit, &s.floor}
	_, err = pgx.ForEachRow(rows, into, func() error {
		v.report.Accounts++
		if id != int64(len(v.accounts)) || a.code != parts {
			v.found(foundAccount, placeOf("accounts", len(v.accounts)), "le compte manque ou a été modifié")
		}
		for int64(len(v.accounts)) < id && int64(len(v.accounts)) < 2*v.report.Accounts+1000 {
			v.accounts = append(v.accounts, accountState{})
		}
		if id == int64(len(v.accounts)) {
			a.floored = Code(a.code).hasFloor()
			v.accounts = append(v.accounts, a)
		}
		return nil
	})
	return err
}

// stand is the row of chain_heads.
type stand struct {
	lastClosing   int64
	closedThrough civil.Date
}

// checkHeads compares the rows that say where the books stand with what was read.
func (v *verifier) checkHeads(ctx context.Context, tx pgx.Tx) (stand, error) {
	var s stand
	var lastAccount int64
	var lastPosted civil.Date
	const query = `SELECT last_batch, last_entry, last_account, last_closing, last_posted_on,
		closed_through, head FROM masp.chain_heads`
	h := &v.report.Head
	err := tx.QueryRow(ctx, query).Scan(&h.Batch, &h.LastEntry, &lastAccount, &s.lastClosing,
		&lastPosted, &s.closedThrough, &h.Hash)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		v.found(foundHead, "chain_heads", "la tête des livres manque")
	case err != nil:
		return s, err
	case h.Batch != v.batch || h.LastEntry != v.entry || h.Hash != v.head ||
		lastAccount != int64(len(v.accounts)-1) || dayOf(lastPosted) != v.day:
		v.found(foundHead, "chain_heads", "la tête des livres n'est pas le dernier lot")
	}
	return s, v.checkJournals(ctx, tx)
}

func (v *verifier) checkJournals(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT code, last_no FROM masp.journals ORDER BY code`)
	if err != nil {
		return err
	}
	var code string
	var last int64
	seen := 0
	_, err = pgx.ForEachRow(rows, []any{&code, &last}, func() error {
		seen++
		if last != v.journals[code] {
			v.found(foundJournal, placeOf("journals", code), "le dernier numéro n'est pas %d", v.journals[code])
		}
		return nil
	})
	if err == nil && seen != journalCount {
		v.found(foundJournal, "journals", "un journal manque")
	}
	return err
}

// journalCount is the number of journals: BQ, VI and OD.
const journalCount = 3

// checkActs verifies the log of acts, and the tables that it registers, and returns those of closings, by the number of the closing.
func (v *verifier) checkActs(ctx context.Context, tx pgx.Tx) (map[string]audit.Recorded, error) {
	closings := map[string]audit.Recorded{}
	var known *audit.Head
	if v.known != nil && v.known.Acts.Seq > 0 {
		known = &v.known.Acts
	}
	report := func(f audit.Fault) { v.found(foundAct, placeOf("audit_log", f.Seq), "%s", f.What) }
	var last audit.Recorded
	see := func(r audit.Recorded) {
		last = r
		v.report.Head.Acts = audit.Head{Seq: r.Seq, Hash: r.Hash}
		if r.ObjectType == closingObject {
			closings[r.ObjectID] = r
		}
	}
	var err error
	v.report.Acts, err = audit.Verify(ctx, tx, known, report, see)
	if errors.Is(err, pgx.ErrNoRows) {
		v.found(foundAct, "audit_heads", "la tête du journal des actes manque")
		err = nil
	}
	if err != nil {
		return closings, err
	}
	return closings, audit.VerifyRegisters(ctx, tx, last, func(f audit.RegisterFault) {
		v.found(f.Code, f.Table, "%s", f.What)
	})
}

// checkClosings compares the closings with their acts and with where the books stand.
func (v *verifier) checkClosings(ctx context.Context, tx pgx.Tx, s stand, acts map[string]audit.Recorded) error {
	rows, err := tx.Query(ctx, `SELECT `+closingColumns+` FROM masp.closings c ORDER BY c.closing_no`)
	if err != nil {
		return err
	}
	var last Closing
	for rows.Next() {
		c, err := scanClosing(rows)
		if err != nil {
			rows.Close()
			return err
		}
		v.report.Closings++
		act, recorded := acts[c.id()]
		delete(acts, c.id())
		switch {
		case c.No != last.No+1 || c.ClosedBefore != last.ClosedThrough:
			v.found(foundClosing, placeOf("closings", last.No+1), "la clôture manque")
		case !recorded || act.After != c.hash() || act.Action != c.action():
			v.found(foundClosing, placeOf("closings", c.No), "la clôture n'est pas celle du journal des actes")
		}
		last = c
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for no := range acts {
		v.found(foundClosing, placeOf("closings", no), "la clôture manque : le journal des actes la nomme")
	}
	if s.lastClosing != last.No || s.closedThrough != last.ClosedThrough {
		v.found(foundClosing, "chain_heads", "les livres ne sont pas clôturés jusqu'au jour de la dernière clôture")
	}
	return nil
}

package reconcile_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
)

var sixth, seventh = civil.MustParse("2026-10-06"), civil.MustParse("2026-10-07")

// closed is the week, locked through the 7th by Paul.
func closed(t *testing.T) *house {
	t.Helper()
	h := week(t)
	done, err := h.Close(t.Context(), h.paul, seventh)
	h.must(err)
	if len(done.Accounts) != 1 || done.Accounts[0] != "BK-2" || len(done.Unopened) != 1 || done.Stored != 14 {
		t.Fatalf("got %+v, want BK-2 closed and BK-1 without a statement", done)
	}
	return h
}

func TestDaysAreLockedByAnAccountantAndReopenedByAnother(t *testing.T) {
	t.Parallel()
	h := week(t)
	for name, c := range map[string]struct {
		got, want error
	}{
		"by a coordinator":       {second(h.Close(t.Context(), h.anne, seventh)), reconcile.ErrRole},
		"a day that is not over": {second(h.Close(t.Context(), h.paul, civil.MustParse("2026-10-08"))), reconcile.ErrNotOver},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
	h = closed(t)
	for name, c := range map[string]struct {
		got, want error
	}{
		"twice":                   {second(h.Close(t.Context(), h.paul, seventh)), reconcile.ErrNotOver},
		"by who closed":           {h.Reopen(t.Context(), h.paul, "BK-2", sixth, "erreur"), reconcile.ErrSamePerson},
		"without a reason":        {h.Reopen(t.Context(), h.boris, "BK-2", sixth, ""), reconcile.ErrNoReason},
		"a day that is open":      {h.Reopen(t.Context(), h.boris, "BK-2", civil.MustParse("2026-10-08"), "erreur"), reconcile.ErrNotLocked},
		"an account that is open": {h.Reopen(t.Context(), h.boris, "BK-1", sixth, "erreur"), reconcile.ErrNotLocked},
		"by a coordinator":        {h.Reopen(t.Context(), h.anne, "BK-2", sixth, "erreur"), reconcile.ErrRole},
		"by another":              {h.Reopen(t.Context(), h.boris, "BK-2", sixth, "erreur"), nil},
	} {
		if name != "by another" && !errors.Is(c.got, c.want) || name == "by another" && c.got != nil {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
	if got := h.text(`SELECT locked_through::text FROM masp.bank_locks`); got != "2026-10-05" {
		t.Errorf("locked through %s, want the day before the first one reopened", got)
	}
	h.sound()
}

// second is the error of an act that also answers something.
func second(_ reconcile.Closed, err error) error { return err }

func TestNothingIsDatedInALockedDay(t *testing.T) {
	t.Parallel()
	h := closed(t)
	entry := func(kind ledger.Kind, booked string, debit, credit ledger.Code) ledger.Entry {
		return ledger.Entry{
			Journal: ledger.OtherJournal, Kind: kind, Source: "late " + booked + string(kind+ledger.Kind(debit)), Actor: "test", Label: "x",
			BookedOn: civil.MustParse(booked), ValueOn: civil.MustParse(booked),
			Postings: []ledger.Posting{{Debit: debit, Credit: credit, Amount: euros("1.00")}},
		}
	}
	own, pooled := ledger.Bank("BK-1"), ledger.Bank("BK-2")
	for name, c := range map[string]struct {
		entry ledger.Entry
		want  error
	}{
		"an opening":                      {entry(ledger.Opening, "2026-10-07", pooled, ledger.Mandate("M-2")), ledger.ErrLocked},
		"an opening of another account":   {entry(ledger.Opening, "2026-10-07", own, ledger.Mandate("M-1")), nil},
		"an opening of an open day":       {entry(ledger.Opening, "2026-10-08", pooled, ledger.Mandate("M-3")), nil},
		"a late line of the bank":         {entry(ledger.BankCredit, "2026-10-02", pooled, ledger.Suspense), nil},
		"what is identified of that week": {entry(ledger.Identification, "2026-10-07", ledger.Suspense, ledger.Mandate("M-2")), nil},
	} {
		if _, err := h.Ledger.Post(t.Context(), c.entry); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	var no int64
	h.must(h.db.Super.QueryRow(t.Context(), `SELECT entry_no FROM masp.bank_lines ORDER BY line_id LIMIT 1`).Scan(&no))
	if err := h.reverse(no); !errors.Is(err, ledger.ErrLocked) {
		t.Errorf("the reversal of a line: got %v, want %v", err, ledger.ErrLocked)
	}
	if _, err := h.db.App.Exec(t.Context(), `INSERT INTO masp.reconciliations SELECT bank_account_id, day, revision + 1, state, statement_id,
		bank_cents, books_cents, transit_cents, unidentified_cents, persons_cents, chain_no, last_entry, batch, computed_at, computed_by, hash
		FROM masp.reconciliations WHERE bank_account_id = 'BK-2' AND day = '2026-10-07'`); err == nil {
		t.Error("a locked day was reconciled again in plain SQL")
	}
	for _, sql := range []string{
		`UPDATE masp.bank_locks SET locked_through = NULL`, `DELETE FROM masp.reconciliations`, `DELETE FROM masp.beneficiary_months`,
		`UPDATE masp.day_closings SET user_id = 'b.sol'`, `TRUNCATE masp.reconciliations`,
	} {
		for who, pool := range map[string]*pgxpool.Pool{"application": h.db.App, "owner": h.db.Owner} {
			if _, err := pool.Exec(t.Context(), sql); err == nil {
				t.Errorf("%s: %s was done", who, sql)
			}
		}
	}
}

func TestALateLineOfALockedDayCountsInTheFirstOpenDay(t *testing.T) {
	t.Parallel()
	h := closed(t)
	h.tell("BK-2", "2026-10-07", line{euros("5.00"), "2026-10-07", ""})
	h.run("2026-10-08")
	locked, open := h.show("BK-2", "2026-10-07"), h.show("BK-2", "2026-10-08")
	if locked.Stored.Bank != euros("1240.00") || locked.Stored.Revision != 1 || !locked.Locked {
		t.Errorf("the locked day is now %+v", locked.Stored)
	}
	if locked.Bank != euros("1240.00") || locked.Books != locked.Bank || locked.State != reconcile.Balanced || len(locked.Moves) != 1 {
		t.Errorf("the locked day shows %+v", locked)
	}
	if len(locked.Late) != 1 || locked.Late[0].Bank != euros("5.00") || locked.Late[0].CountsOn != civil.MustParse("2026-10-08") {
		t.Errorf("what came since is %+v, want 5.00 in the 8th", locked.Late)
	}
	if len(open.Moves) != 1 || open.Moves[0].Line == nil || open.Moves[0].Line.BookedOn != seventh || len(open.Late) != 0 {
		t.Errorf("the first open day moves by %+v, want the late line", open.Moves)
	}
	if open.BankOn != seventh || open.Printed != euros("1245.00") {
		t.Errorf("the bank printed %s for %s, want 1245.00 for the 7th", open.Printed, open.BankOn)
	}
	if since := h.text(`SELECT coalesce(masp.drift_since('BK-2')::text, 'none')`); since != "none" {
		t.Errorf("PostgreSQL sees a difference since %s", since)
	}
	if open.State != reconcile.Balanced || open.Bank != euros("1245.00") || open.Stored == nil || open.Stored.Bank != open.Bank {
		t.Errorf("the open day is %+v", open)
	}
	h.sound()
}

func TestReopenedDaysLeaveEveryStoredDayAsItWas(t *testing.T) {
	t.Parallel()
	h := closed(t)
	h.tell("BK-2", "2026-10-07", line{euros("5.00"), "2026-10-07", ""})
	h.must(h.Reopen(t.Context(), h.boris, "BK-2", sixth, "ligne tardive"))
	h.tell("BK-2", "2026-10-07", line{euros("2.00"), "2026-10-06", ""})
	h.clock("2026-10-10")
	h.tell("BK-2", "2026-10-09", line{euros("1.00"), "2026-10-09", ""})
	for through, bank := range sorted(map[string]string{"2026-10-07": "1240.00", "2026-10-08": "1247.00", "2026-10-09": "1248.00"}) {
		if r := h.run(through); len(r.Differences) > 0 {
			t.Errorf("through %s: differences %+v", through, r.Differences)
		}
		if _, err := h.Close(t.Context(), h.paul, civil.MustParse(through)); err != nil {
			t.Errorf("close %s: %v", through, err)
		}
		if d := h.show("BK-2", through); d.Bank != euros(bank) || d.State != reconcile.Balanced {
			t.Errorf("%s: got %s %s, want %s", through, d.State, d.Bank, bank)
		}
	}
	h.sound()
}

func TestDaysWithADifferenceAreNotLocked(t *testing.T) {
	t.Parallel()
	h := week(t)
	h.exec(`UPDATE masp.bank_statements SET closing_cents = closing_cents + 1 WHERE bank_ref = 'S-2'`)
	_, err := h.Close(t.Context(), h.paul, seventh)
	var open *reconcile.OpenDaysError
	if !errors.As(err, &open) || open.Account != "BK-2" || open.Since != seventh || open.Gap != euros("0.01") {
		t.Errorf("got %v, want 0.01 since the 7th", err)
	}
	var refusal string
	h.must(h.db.Super.QueryRow(t.Context(), `SELECT count(*)::text FROM masp.reconciliations`).Scan(&refusal))
	if refusal != "0" {
		t.Errorf("%s days were stored by an act that failed", refusal)
	}
}

package reconcile_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
)

// stories are how many random months a property plays.
func stories() int { return dbtest.Form(1, 3, 100) }

// month plays a random month: transfers, debits that come days later, money that nobody knows, lines
// that the bank dates back or ahead, statements of several days and some that are handed in late; the
// days are reconciled, locked and reopened now and then.
func (h *house) month(r *rapid.T) {
	h.t.Helper()
	type sent struct {
		reference string
		amount    money.Amount
	}
	purses := map[string]string{"M-1": "BK-1", "M-2": "BK-2", "M-3": "BK-2"}
	waiting := map[string][]sent{}
	untold := map[string][]line{}
	day := civil.MustParse("2026-10-02")
	for range 30 {
		h.clock(day.String())
		for mandate, account := range sorted(purses) {
			if rapid.IntRange(0, 3).Draw(r, "pay") == 0 {
				held, err := h.Ledger.Balance(h.t.Context(), h.db.App, ledger.Mandate(mandate))
				h.must(err)
				if amount := money.Cents(rapid.Int64Range(1, 9000).Draw(r, "amount")); amount.Cmp(held.Neg()) <= 0 {
					waiting[account] = append(waiting[account], sent{h.pay(account, mandate, amount), amount})
				}
			}
		}
		for _, account := range []string{"BK-1", "BK-2"} {
			booked := day.AddDays(rapid.SampledFrom([]int{0, 0, 0, 0, -1, -4, 2}).Draw(r, "dated")).String()
			if rapid.IntRange(0, 2).Draw(r, "in") == 0 {
				untold[account] = append(untold[account], line{money.Cents(rapid.Int64Range(1, 9000).Draw(r, "in")), booked, ""})
			}
			for len(waiting[account]) > 0 && rapid.Bool().Draw(r, "debited") {
				s := waiting[account][0]
				waiting[account] = waiting[account][1:]
				untold[account] = append(untold[account], line{s.amount.Neg(), booked, s.reference})
			}
			if rapid.IntRange(0, 2).Draw(r, "statement") == 0 {
				ends := day.AddDays(-rapid.IntRange(0, 2).Draw(r, "late"))
				if ends.Before(h.closedOn[account]) {
					ends = h.closedOn[account]
				}
				h.tell(account, ends.String(), untold[account]...)
				untold[account] = nil
			}
		}
		if rapid.IntRange(0, 6).Draw(r, "run") == 0 {
			h.run(day.String())
		}
		h.lock(r, day)
		day = day.AddDays(1)
	}
	h.clock(day.String())
}

// lock locks the days through yesterday, or reopens some.
func (h *house) lock(r *rapid.T, today civil.Date) {
	h.t.Helper()
	switch rapid.IntRange(0, 9).Draw(r, "lock") {
	case 0, 1:
		_, err := h.Close(h.t.Context(), h.paul, today.AddDays(-1))
		if err != nil && !errors.Is(err, reconcile.ErrNotOver) { // no statement yet, or locked already
			h.t.Fatal(err)
		}
	case 2:
		from := today.AddDays(-rapid.IntRange(1, 8).Draw(r, "from"))
		err := h.Reopen(h.t.Context(), h.boris, rapid.SampledFrom([]string{"BK-1", "BK-2"}).Draw(r, "of"), from, "ligne tardive")
		if err != nil && !errors.Is(err, reconcile.ErrNotLocked) {
			h.t.Fatal(err)
		}
	}
}

// sorted walks a map in the order of its keys.
func sorted(m map[string]string) func(func(string, string) bool) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return func(yield func(string, string) bool) {
		for _, k := range keys {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

func TestTheEquationHoldsOnEachDayOfAnyMonthAndAFaultIsFoundOnItsDay(t *testing.T) {
	t.Parallel()
	for seed := range stories() {
		h := newHouse(t)
		rapid.Custom(func(r *rapid.T) int { h.month(r); return 0 }).Example(seed)
		result := h.run("2026-10-31")
		if len(result.Differences) > 0 {
			t.Fatalf("seed %d: got differences %+v", seed, result.Differences)
		}
		status, err := h.Status(t.Context())
		h.must(err)
		for _, a := range status.Accounts {
			if a.Bank != a.Now.Bank || a.Books != a.Now.Books || a.InTransit != a.Now.InTransit ||
				a.Unidentified != a.Now.Unidentified || a.Persons != a.Now.Persons || a.State == reconcile.Difference {
				t.Errorf("seed %d: %s is %+v by its history, %+v by its balances", seed, a.Account, a.Figures, a.Now)
			}
		}
		h.sound()
		h.plant(seed)
		if t.Failed() {
			return
		}
	}
}

// plant makes one posting of a bank line larger, and asks who finds it.
func (h *house) plant(seed int) {
	h.t.Helper()
	const some = ` FROM masp.agreement_moves WHERE line <> 0 AND bank_account_id = 'BK-2'
		AND day >= (SELECT min(closing_on) FROM masp.bank_statements WHERE bank_account_id = 'BK-2' AND chain_no = 1)
		AND day <= '2026-10-31' ORDER BY md5(entry_no::text || $1) LIMIT 1`
	day := h.text(`SELECT coalesce((SELECT day::text`+some+`), '')`, fmt.Sprint(seed))
	if day == "" {
		return
	}
	h.exec(`UPDATE masp.postings SET amount_cents = amount_cents + 5 WHERE line_no = 1 AND entry_no = (SELECT entry_no`+some+`)`, fmt.Sprint(seed))
	status, err := h.Status(h.t.Context())
	h.must(err)
	a := status.Accounts[1]
	if status.OK || a.State != reconcile.Difference || a.Gap.Abs() != euros("0.05") || a.Since.String() != day {
		h.t.Errorf("seed %d: got %s %s since %s, want 0.05 since %s", seed, a.State, a.Gap, a.Since, day)
	}
	if len(a.Causes) == 0 || !a.Causes[0].Suspect || a.Causes[0].Line == nil {
		h.t.Errorf("seed %d: the causes are %+v, want the line first", seed, a.Causes)
	}
	if got := h.text(`SELECT coalesce(masp.drift_since('BK-2')::text, 'none')`); got != day {
		h.t.Errorf("seed %d: PostgreSQL says since %s, want %s", seed, got, day)
	}
	found := h.verify()
	if !slices.ContainsFunc(found, func(f ledger.Finding) bool { return f.Code == "RECONCILIATION_CHANGED" }) {
		h.t.Errorf("seed %d: verify finds %v", seed, found)
	}
}

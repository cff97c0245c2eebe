package reconcile_test

import (
	"testing"

	"masp/imports/reconcile"
	"masp/ledger/money"
)

func TestTheTotalsAreTheSumsOfTheAccountsAndSayWhatDiffers(t *testing.T) {
	t.Parallel()
	h := week(t)
	h.tell("BK-1", "2026-10-07")
	h.run("2026-10-07")
	same := func(differing int) {
		t.Helper()
		total, err := h.Totals(t.Context())
		h.must(err)
		status, err := h.Status(t.Context())
		h.must(err)
		var bank, books, persons money.Amount
		for _, a := range status.Accounts {
			bank, books, persons = bank.Add(a.Now.Bank), books.Add(a.Now.Books), persons.Add(a.Now.Persons)
		}
		if total.Bank != bank || total.Books != books || total.Persons != persons || total.Accounts != len(status.Accounts) {
			t.Errorf("got %+v, want bank %s, books %s, persons %s of %d accounts", total, bank, books, persons, len(status.Accounts))
		}
		for _, a := range status.Accounts {
			alone, err := h.StatusOf(t.Context(), a.Account)
			h.must(err)
			if one := alone.Accounts[0]; one.State != a.State || one.Gap != a.Gap || one.Now != a.Now || one.Since != a.Since {
				t.Errorf("alone %+v, among all %+v", one, a)
			}
		}
		if total.Differing != differing || total.Difference != status.Difference || total.Since.IsZero() != (differing == 0) {
			t.Errorf("got %+v, want %d that differ by %s", total, differing, status.Difference)
		}
	}
	same(0)
	h.Service = &reconcile.Service{DB: h.DB, Ledger: h.Ledger, Imports: h.Imports} // what a forger leaves no mark of
	h.exec(`UPDATE masp.account_balances SET debit_cents = debit_cents + 100
	         WHERE account_id = (SELECT account_id FROM masp.accounts WHERE code = '512:BK-2')`)
	same(1)
}

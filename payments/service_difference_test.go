package payments_test

import (
	"errors"
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
)

func TestNoRunIsApprovedWhileAnAccountDiffersFromItsBank(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.bankDebits(h.to(h.filed(), "C-LAND"))
	const other = `UPDATE masp.bank_statements SET closing_cents = closing_cents - 7 WHERE bank_account_id = 'BK-M-0001'
		AND chain_no = (SELECT max(chain_no) FROM masp.bank_statements WHERE bank_account_id = 'BK-M-0001')`
	const number = `SELECT count(*) FROM masp.disagreements('none')`
	if n := h.number(number); n != 0 {
		t.Errorf("a run that is none has %d differences", n)
	}
	h.credit("more", "M-0001", ledger.Mandate("M-0001"), "800.00")
	h.at(thursday.AddDays(32), 9)
	run := h.submitted()
	for name, c := range map[string]struct{ wrong, right, gap string }{
		"the bank says less": {other, strings.Replace(other, "- 7", "+ 7", 1), "-0.07"},
		"the books hold less": {
			`UPDATE masp.account_balances SET debit_cents = debit_cents - 5 WHERE account_id = (SELECT account_id FROM masp.accounts WHERE code = '512:BK-M-0001')`,
			`UPDATE masp.account_balances SET debit_cents = debit_cents + 5 WHERE account_id = (SELECT account_id FROM masp.accounts WHERE code = '512:BK-M-0001')`,
			"0.05",
		},
		"the person holds less": {
			`UPDATE masp.account_balances SET credit_cents = credit_cents - 3 WHERE account_id = (SELECT account_id FROM masp.accounts WHERE code = '467:M-0001')`,
			`UPDATE masp.account_balances SET credit_cents = credit_cents + 3 WHERE account_id = (SELECT account_id FROM masp.accounts WHERE code = '467:M-0001')`,
			"0.03",
		},
	} {
		h.tamper(c.wrong)
		_, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash)
		var different *payments.DifferenceError
		if !errors.As(err, &different) || different.Account != "BK-M-0001" || different.Amount != money.MustParse(c.gap) || different.Since.IsZero() {
			t.Errorf("%s: got %+v (%v), want a difference of %s on BK-M-0001", name, different, err, c.gap)
		} else if words := different.French(); !strings.Contains(words, "BK-M-0001") || !strings.Contains(words, different.Since.French()) {
			t.Errorf("%s: says %q", name, words)
		}
		if got := h.app(`UPDATE masp.runs SET state = 'approved' WHERE run_id = $1`, run.ID); got != "MA071" {
			t.Errorf("%s: in plain SQL: %s, want MA071", name, got)
		}
		h.tamper(c.right)
	}
	h.tamper(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
		VALUES ('BK-OTHER', 'FR7699999000010000000010009', 'Association inventée', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`)
	h.tamper(`INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents, closing_cents,
		opening_on, closing_on, entries, content_hash, state, chain_no)
		SELECT file_id, 99, 'BK-OTHER', 'FR7699999000010000000010009', 'other', 0, 9, opening_on, closing_on, 0, sha256('o'), 'accepted', 1
		  FROM masp.bank_statements LIMIT 1`)
	_, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash)
	var different *payments.DifferenceError
	if !errors.As(err, &different) || different.Account != "BK-OTHER" {
		t.Errorf("a difference on an account that is not of the run: got %v", err)
	}
	if got := h.app(`UPDATE masp.runs SET state = 'approved' WHERE run_id = $1`, run.ID); got != "MA071" {
		t.Errorf("the same in plain SQL: %s, want MA071", got)
	}
	h.tamper(`UPDATE masp.bank_statements SET closing_cents = 0 WHERE bank_account_id = 'BK-OTHER'`)
	h.tamper(`UPDATE masp.bank_statements SET state = 'importing', chain_no = NULL WHERE bank_account_id = 'BK-M-0001' AND chain_no = 1`)
	_, err = h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash)
	different = nil
	if !errors.As(err, &different) || !different.Importing || !strings.Contains(different.French(), "en cours d'import") {
		t.Errorf("while a statement is imported: got %v", err)
	}
	h.tamper(`UPDATE masp.bank_statements SET state = 'accepted', chain_no = 1 WHERE state = 'importing'`)
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Errorf("once nothing differs: %v", err)
	}
}

package imports_test

import (
	"errors"
	"strings"
	"testing"

	"masp/imports"
	"masp/ledger/money"
)

func TestAnAllowanceNotSpentOnTheRentIsToldOnceTheMonthHasEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-2', 'ALF', '2026-01-01')`)
	w.exec(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, frequency, valid_from)
		VALUES ('O-RENT', 'M-2', 'RENT', 'C-LAND', 69000, 'Loyer', 'MONTHLY', '2026-01-01')`)
	w.send("BK-2", "M-2", "LOT", "300.00")
	w.exec(`INSERT INTO masp.instruction_covers (instruction_id, line_no, obligation_id, due_on, amount_cents)
		SELECT instruction_id, 1, 'O-RENT', '2026-11-05', 30000 FROM masp.instructions`)
	_, err := w.Announce(t.Context(), w.boss, list("389.00", part("M-2", "ALF", "2026-10", "389.00")))
	w.must(err)
	w.drop(pooledCredit("389.00", "CAF-1105"))
	for _, c := range []struct {
		day  string
		want int
	}{{"2026-11-30", 0}, {"2026-12-01", 1}, {"2026-12-02", 1}} {
		w.clock(c.day)
		if n, err := w.RaisePurposes(t.Context()); err != nil || n != c.want {
			t.Errorf("%s: got %d, %v, want %d", c.day, n, err, c.want)
		}
	}
	if n := w.number(`SELECT sum(amount_cents) FROM masp.alerts WHERE code = 'PURPOSE_NOT_MET'`); n != 8900 {
		t.Errorf("got %d cents, want 89.00 told once", n)
	}
}

func TestAWithholdingExplainsWhatCameShort(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO masp.debts (debt_id, mandate_id, creditor_id, kind, principal_cents, outstanding_cents, recovery)
		VALUES ('D-1', 'M-1', 'C-LAND', 'BENEFIT_OVERPAYMENT', 35000, 30000, 'WITHHOLDING')`)
	w.exec(`INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source)
		VALUES ('D-1', '2026-11-05', 'WITHHOLDING', -5000, 'w')`)
	p := november(fromCAF("523.49", "2026-11-05", cafText))
	p.closing = "623.49"
	w.drop(statements(p))
	all, err := w.Expected(t.Context(), w.db.App, part("", "", "2026-10", "1.00").Period)
	w.must(err)
	for _, e := range all {
		if e.Mandate == "M-1" && (e.Status != imports.Short || e.Difference.String() != "-50.00" || e.Withheld.String() != "50.00") {
			t.Errorf("got %+v, want 50.00 short and explained", e)
		}
	}
	fifty := money.MustParse("50.00").French()
	if got := all.Of("M-1").French(); got != "RSA incomplète (il manque "+fifty+", dont "+fifty+" retenus pour une dette)" {
		t.Errorf("got %s", got)
	}
}

func TestARefundNamesThePaymentThatItGivesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "750.00",
		lines: []string{debit("300.00", "2026-11-05", refs[0]), fromSomebody("50.00", "2026-11-05")},
	}))
	items, err := w.Suspense(t.Context())
	w.must(err)
	refund := imports.Assignment{
		Mandate: "M-2", Benefit: "REFUND_OF_PAYMENT", Transfer: refs[0], Reason: "trop-perçu du bailleur",
		Amount: money.MustParse("24.23"),
	}
	wrong := refund
	wrong.Mandate = "M-1"
	if _, err := w.AssignSuspense(t.Context(), w.boss, items[0].Line, wrong); err == nil {
		t.Error("a refund of another person's payment is taken")
	}
	wrong = refund
	wrong.Transfer = "V-UNKNOWN"
	_, err = w.AssignSuspense(t.Context(), w.boss, items[0].Line, wrong)
	if refused, ok := errors.AsType[*imports.RefusedError](err); !ok || refused.Code != "TRANSFER_UNKNOWN" {
		t.Errorf("got %v, want TRANSFER_UNKNOWN", err)
	}
	_, err = w.AssignSuspense(t.Context(), w.boss, items[0].Line, refund)
	w.must(err)
	if n := w.number(`SELECT count(*) FROM masp.suspense_assignments a JOIN masp.instructions i USING (instruction_id)
		WHERE i.end_to_end_id = $1 AND a.amount_cents = 2423`, refs[0]); n != 1 {
		t.Errorf("got %d refunds of the payment, want 1", n)
	}
	if got := w.balance("467:M-2"); got != "-724.23" {
		t.Errorf("got %s, want the refund managed", got)
	}
	w.drop(statements(paper{
		iban: ibanPooled, id: "2", from: "2026-11-06", to: "2026-11-06", opening: "750.00", closing: "1050.00",
		lines: []string{back("300.00", "2026-11-06", refs[0], "AC04")},
	}))
	items, err = w.Suspense(t.Context())
	w.must(err)
	if got := w.state(refs[0]) + w.balance("467:M-2"); got != "settled-724.23" || len(items) != 2 ||
		!strings.Contains(items[1].Why, refs[0]+" en a déjà remboursé 24,23") {
		t.Errorf("got %s, %+v, want a return after a refund to wait for a person", got, items)
	}
	w.sound()
}

func TestACreditThatNamesATransferOfAnotherAccountWaitsWithItsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reference := w.send("BK-1", "M-1", "V000042", "50.00")[0]
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "1050.00",
		lines: []string{back("50.00", "2026-11-05", strings.ToLower(reference), "AC04")},
	}))
	items, err := w.Suspense(t.Context())
	w.must(err)
	if len(items) != 1 || !strings.Contains(items[0].Why, reference+" est parti du compte BK-1") {
		t.Errorf("got %+v, want the transfer and its account named", items)
	}
	w.sound()
}

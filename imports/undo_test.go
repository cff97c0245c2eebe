package imports_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// undoes undoes the only match of a line and fails the test on an error.
func (w *world) undoes(line int64) imports.Undo {
	w.t.Helper()
	ask := imports.UndoAsk{Line: line, Reason: "ce n’était pas lui"}
	plan, err := w.PlanUndo(w.t.Context(), ask)
	w.must(err)
	u, err := w.UndoMatch(w.t.Context(), w.boss, ask)
	w.must(err)
	plan.ID, plan.Reversal = u.ID, u.Reversal
	if got, want := fmt.Sprintf("%+v", u), fmt.Sprintf("%+v", plan); got != want {
		w.t.Errorf("the undo did %s, the plan said %s", got, want)
	}
	return u
}

// lineOf is the line of a rank of the last statement.
func (w *world) lineOf(rank int) int64 {
	w.t.Helper()
	return int64(w.number(`SELECT line_id FROM masp.bank_lines WHERE rank = $1 AND statement_id = (SELECT max(statement_id) FROM masp.bank_statements)`, rank))
}

func TestABenefitThatIsUndoneIsExpectedAgainAndMayBeIdentifiedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromCAF("573.49", "2026-11-05", cafText))
	p.closing = "673.49"
	w.drop(statements(p))
	line := w.lineOf(1)
	u := w.undoes(line)
	if len(u.Receipts) != 1 || len(u.Accounts) != 1 || u.Amount.String() != "573.49" {
		t.Errorf("got %+v, want the benefit and the account that gave it back", u)
	}
	if got := w.balance("467:M-1") + w.balance(ledger.Suspense) + w.balance(ledger.Bank("BK-1")); got != "-100.00-573.49673.49" {
		t.Errorf("got %s, want the money in suspense and the bank as it was", got)
	}
	oct, _ := civil.ParseMonth("2026-10")
	expected, err := w.Expected(t.Context(), w.db.App, oct)
	w.must(err)
	for _, e := range expected {
		if e.Mandate == "M-1" && !e.Received.IsZero() {
			t.Errorf("got %s received, want nothing", e.Received)
		}
	}
	w.clock("2026-11-20")
	if n, err := w.RaiseMissing(t.Context()); err != nil || n != 2 {
		t.Errorf("got %d missing, %v, want the undone benefit missed too", n, err)
	}
	w.allSound()
	_, err = w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: line, Reason: "encore"})
	w.refuses("twice", err, "NOTHING_TO_UNDO")
	items, err := w.Suspense(t.Context())
	w.must(err)
	if len(items) != 1 || !strings.Contains(items[0].Why, "annulé par a.morel : ce n’était pas lui") {
		t.Errorf("got %+v, want the line in suspense and why", items)
	}
	_, err = w.AssignSuspense(t.Context(), w.boss, line, imports.Assignment{Mandate: "M-1", Benefit: "RSA", Period: oct, Reason: "si, c’est lui"})
	w.must(err)
	u = w.undoes(line)
	if u.Assignment == 0 || w.balance("467:M-1") != "-100.00" {
		t.Errorf("got %+v, want the assignment undone", u)
	}
	w.allSound()
	for _, table := range []string{"match_undos", "suspense_items", "receipts"} {
		w.tamper(table)
	}
}

func TestOneMatchOfALineIsUndoneAndTheOthersStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	line := w.unknown("1", "2026-11-05", "1000.00", "300.00")
	part := func(benefit, amount string) imports.Assignment {
		return imports.Assignment{Mandate: "M-2", Benefit: benefit, Amount: money.MustParse(amount)}
	}
	done, err := w.SplitSuspense(t.Context(), w.boss, line, []imports.Assignment{part("RSA", "120.00"), part("WAGE", "80.00")}, "vu")
	w.must(err)
	_, err = w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: line, Reason: "x"})
	w.refuses("which one", err, "WHICH_MATCH")
	_, err = w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: line, Assignment: done[1].ID})
	w.refuses("without a reason", err, "REASON")
	_, err = w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: line, Assignment: done[1].ID, Reason: "pas un salaire"})
	w.must(err)
	if got := w.balance("467:M-2") + w.balance("467:M-2:RESTRICTED") + w.openOf(line); got != "-1120.000.00180.00" {
		t.Errorf("got %s, want the benefit kept and the wage open again", got)
	}
	w.allSound()
}

func TestASettledTransferIsUnderWayAgainAndIsSettledByItsTrueLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "654.50",
		lines: []string{debit("300.00", "2026-11-05", refs[0]), debit("45.50", "2026-11-05", refs[1])},
	}))
	if got := w.text(`SELECT count(*) FROM masp.runs WHERE state = 'settled'`); got != "0.01" {
		t.Fatalf("got %s, want the run settled", got)
	}
	w.exec(`INSERT INTO masp.run_acts (run_id, act_no, user_id, act, content_hash, at)
		SELECT run_id, 1, 'a.morel', 'hand_over', content_hash, masp.now() FROM masp.runs`)
	u := w.undoes(w.lineOf(1))
	if len(u.Transfers) != 1 || len(u.Accounts) != 0 {
		t.Errorf("got %+v, want one transfer and nobody's money", u)
	}
	if got := w.state(refs[0]) + w.state(refs[1]) + w.balance(ledger.InTransit) + w.balance(ledger.Suspense); got != "in_transitsettled-300.00300.00" {
		t.Errorf("got %s, want only the first under way again", got)
	}
	if n := w.number(`SELECT count(*) FROM masp.runs WHERE state = 'settled'`); n != 0 {
		t.Error("the run is still settled")
	}
	w.sound()
	w.drop(statements(paper{
		iban: ibanPooled, id: "2", from: "2026-11-06", to: "2026-11-06", opening: "654.50", closing: "354.50",
		lines: []string{debit("300.00", "2026-11-06", refs[0])},
	}))
	if got := w.state(refs[0]) + w.balance(ledger.InTransit); got != "settled0.00" {
		t.Errorf("got %s, want it settled by the true line", got)
	}
	w.sound()
	w.tamper("line_matches")
}

func TestAReturnIsUndoneUnlessSomethingWasBuiltOnIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	w.exec(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, label, amount_cents, frequency, valid_from, position, reference)
		VALUES ('O-1', 'M-2', 'RENT', 'C-LAND', 'Loyer', 30000, 'MONTHLY', '2026-11-05', 1, 'loyer')`)
	w.exec(`INSERT INTO masp.dues (obligation_id, due_on, due_cents, paid_cents) VALUES ('O-1', '2026-11-05', 30000, 30000)`)
	w.exec(`INSERT INTO masp.debts (debt_id, mandate_id, creditor_id, kind, principal_cents, outstanding_cents) VALUES ('D-1', 'M-2', 'C-LAND', 'RENT_ARREARS', 50000, 10000)`)
	w.exec(`INSERT INTO masp.instruction_covers (instruction_id, line_no, obligation_id, due_on, amount_cents, debt_id)
		SELECT instruction_id, 1, 'O-1', '2026-11-05', 30000, 'D-1' FROM masp.instructions`)
	owed := func() int { return w.number(`SELECT outstanding_cents FROM masp.debts`) }
	paid := func() int { return w.number(`SELECT paid_cents FROM masp.dues`) }
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "700.00",
		lines: []string{debit("300.00", "2026-11-05", refs[0])},
	}))
	settled := w.lineOf(1)
	w.drop(statements(paper{
		iban: ibanPooled, id: "2", from: "2026-11-06", to: "2026-11-06", opening: "700.00", closing: "1000.00",
		lines: []string{back("300.00", "2026-11-06", refs[0], "AC04")},
	}))
	returned := w.lineOf(1)
	_, err := w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: settled, Reason: "x"})
	w.refuses("a settlement before its return", err, "IN_THE_WAY")

	w.undoes(returned)
	if got := w.state(refs[0]) + w.balance("467:M-2") + w.balance(ledger.Suspense); got != "settled-700.00-300.00" || paid() != 30000 || owed() != 10000 {
		t.Errorf("got %s, %d paid and %d owed, want it settled and the rent paid again", got, paid(), owed())
	}
	if n := w.number(`SELECT count(*) FROM masp.alerts WHERE code = 'PAYMENT_RETURNED' AND closed_at IS NULL`); n != 0 {
		t.Errorf("%d alerts still tell the return", n)
	}
	w.sound()
	w.drop(statements(paper{
		iban: ibanPooled, id: "3", from: "2026-11-09", to: "2026-11-09", opening: "1000.00", closing: "1300.00",
		lines: []string{back("300.00", "2026-11-09", refs[0], "AC06")},
	}))
	if got := w.state(refs[0]); got != "returned" || paid() != 0 || owed() != 40000 ||
		w.number(`SELECT count(*) FROM masp.alerts WHERE code = 'PAYMENT_RETURNED' AND closed_at IS NULL`) != 1 {
		t.Errorf("got %s, %d paid, want the true return told", got, paid())
	}
	w.sound()
	w.exec(`UPDATE masp.dues SET paid_cents = 30000`)
	_, err = w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: w.lineOf(1), Reason: "x"})
	w.refuses("a rent that was paid again", err, "IN_THE_WAY")
	w.says(err, "O-1", "05/11/2026", "300,00")
	w.exec(`UPDATE masp.dues SET paid_cents = 0`)
	w.exec(`UPDATE masp.debts SET outstanding_cents = 29999`)
	_, err = w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: w.lineOf(1), Reason: "x"})
	w.says(err, "D-1", "0,01")
	w.exec(`UPDATE masp.debts SET outstanding_cents = 40000`)
	w.leave("M-2", "900.00")
	_, err = w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: w.lineOf(1), Reason: "x"})
	w.refuses("money that is gone", err, "IN_THE_WAY")
	w.says(err, "467:M-2", "100,00", "il manque 200,00")
	plan, err := w.PlanUndo(t.Context(), imports.UndoAsk{Line: w.lineOf(1)})
	if err != nil || len(plan.Obstacles) != 1 {
		t.Errorf("got %+v, %v, want the obstacle shown", plan, err)
	}
	w.sound()
}

// leave takes money from a person, as a payment would.
func (w *world) leave(mandate, amount string) {
	w.t.Helper()
	_, err := w.Ledger.Post(w.t.Context(), ledger.Entry{
		Journal: ledger.OtherJournal, Kind: ledger.Opening, Source: "leave " + mandate, Label: "x", Actor: "test",
		Postings: []ledger.Posting{{Debit: ledger.Mandate(mandate), Credit: ledger.Mandate("M-1"), Amount: money.MustParse(amount)}},
	})
	w.must(err)
}

// says fails the test when the French words of a refusal leave one of these out.
func (w *world) says(err error, words ...string) {
	w.t.Helper()
	var refused *imports.RefusedError
	if !errors.As(err, &refused) {
		w.t.Fatalf("got %v, want a refusal", err)
	}
	for _, word := range words {
		if !strings.Contains(strings.ReplaceAll(refused.French, " ", " "), word) {
			w.t.Errorf("got %q, want it to say %q", refused.French, word)
		}
	}
}

func TestAReturnToTheSenderIsUndoneOnBothLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sender()
	line := w.unknown("1", "2026-11-05", "1000.00", "70.00")
	sent := w.sends(line, "C-SENDER", "", payments.HandedOver)
	w.drop(statements(paper{
		iban: ibanPooled, id: "2", from: "2026-11-06", to: "2026-11-06", opening: "1070.00", closing: "1000.00",
		lines: []string{debit("70.00", "2026-11-06", sent.EndToEndID)},
	}))
	settled := w.lineOf(1)
	w.drop(statements(paper{
		iban: ibanPooled, id: "3", from: "2026-11-09", to: "2026-11-09", opening: "1000.00", closing: "1070.00",
		lines: []string{back("70.00", "2026-11-09", sent.EndToEndID, "AC04")},
	}))
	returned := w.lineOf(1)
	w.undoes(returned)
	if got := w.state(sent.EndToEndID) + w.openOf(line) + w.openOf(returned) + w.balance(ledger.Suspense); got != "settled0.0070.00-70.00" {
		t.Errorf("got %s, want the return itself unidentified", got)
	}
	w.allSound()
	w.undoes(settled)
	if got := w.state(sent.EndToEndID) + w.openOf(line) + w.openOf(settled) + w.balance(ledger.InTransit); got != "in_transit0.00-70.00-70.00" {
		t.Errorf("got %s, want the transfer under way again", got)
	}
	w.allSound()
	if n := w.number(`SELECT count(*) FROM masp.agreement_moves WHERE bank_account_id IS NULL`); n != 0 {
		t.Errorf("%d moves belong to no bank account", n)
	}
}

func TestPostgreSQLUndoesByThePersonAndItsMirrorOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "700.00",
		lines: []string{debit("300.00", "2026-11-05", refs[0])},
	}))
	for _, sql := range []string{
		`UPDATE masp.instructions SET state = 'in_transit', settled_entry = NULL, settled_on = NULL`,
		`UPDATE masp.line_matches SET undone_by = 1`,
		`INSERT INTO masp.match_undos (line_id, undone_entry, reversal_entry, line_entry, amount_cents, reason, undone_by, undone_at)
		 VALUES (1, 1, 1, 1, 1, 'x', 'a.morel', now())`,
		`SELECT masp.undo_match('` + w.boss.Secret() + `', 1, NULL, 1, NULL, 'x')`,
		`UPDATE masp.runs SET state = 'handed_over'`,
		`DELETE FROM masp.match_undos`,
	} {
		if _, err := w.db.App.Exec(t.Context(), sql); err == nil {
			t.Errorf("the application may run %s", sql)
		}
	}
}

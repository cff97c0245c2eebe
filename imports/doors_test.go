package imports_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// code is why PostgreSQL refuses a statement of the application; empty when it does not.
func (w *world) code(sql string, args ...any) string {
	w.t.Helper()
	_, err := w.db.App.Exec(w.t.Context(), sql, args...)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.Code
	}
	w.must(err)
	return ""
}

func TestTheApplicationStoresNoReceiptThatItsEntryDoesNotCredit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-1", "M-1", "LOT", "40.00")
	p := november(fromCAF("573.49", "2026-11-05", cafText), fromSomebody("10.00", "2026-11-05"),
		debit("40.00", "2026-11-05", refs[0]), back("40.00", "2026-11-05", refs[0], "AC04"))
	p.closing = "683.49"
	w.drop(statements(p))
	_, err := w.AssignSuspense(t.Context(), w.boss, w.lineOf(2), imports.Assignment{Mandate: "M-1", Benefit: "RSA", Reason: "vu"})
	w.must(err)
	const receipt = `INSERT INTO masp.receipts (entry_no, line_id, mandate_id, benefit, period, amount_cents, received_on) `
	const of = receipt + `SELECT coalesce(a.entry_no, l.entry_no), l.line_id, `
	const from = ` FROM masp.bank_lines l LEFT JOIN masp.suspense_assignments a USING (line_id) WHERE l.rank = `
	for name, sql := range map[string]string{
		"twice":                      of + `'M-1', 'RSA', '2026-10-01', 57349, '2026-11-05'` + from + `1`,
		"to another person":          of + `'M-2', 'RSA', '2026-10-01', 57349, '2026-11-05'` + from + `1`,
		"of another amount":          of + `'M-1', 'RSA', '2026-10-01', 1, '2026-11-05'` + from + `1`,
		"on another day":             of + `'M-1', 'RSA', '2026-10-01', 57349, '2026-11-04'` + from + `1`,
		"below zero":                 of + `'M-1', 'RSA', '2026-10-01', -57349, '2026-11-05'` + from + `1`,
		"beside what is identified":  of + `'M-1', 'AAH', NULL, 1000, '2026-11-05'` + from + `2`,
		"of a debit":                 of + `'M-1', 'RSA', NULL, 4000, '2026-11-05'` + from + `3`,
		"of a transfer that is back": of + `'M-1', 'RSA', NULL, 4000, '2026-11-05'` + from + `4`,
		"of the line of another entry": receipt + `SELECT a.entry_no, b.line_id, 'M-1', 'RSA', NULL, 57349, '2026-11-05'
			FROM masp.bank_lines a, masp.bank_lines b WHERE a.rank = 1 AND b.rank = 2`,
		"of no line":  receipt + `SELECT entry_no, NULL, 'M-1', 'RSA', NULL, 57349, '2026-11-05' FROM masp.bank_lines WHERE rank = 1`,
		"of no entry": receipt + `SELECT 999, line_id, 'M-1', 'RSA', NULL, 57349, '2026-11-05' FROM masp.bank_lines WHERE rank = 1`,
	} {
		if got := w.code(sql); got != "MA120" {
			t.Errorf("%s: got %q, want MA120", name, got)
		}
	}
	w.sound()
}

func TestAPersonSaysThatALineIsTheReturnOfATransferOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	w.owe(refs[0])
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "954.50",
		lines: []string{
			debit("300.00", "2026-11-05", refs[0]), debit("45.50", "2026-11-05", refs[1]), fromSomebody("300.00", "2026-11-05"),
		},
	}))
	line, held := w.lineOf(3), w.balance("467:M-2")
	is := func(reference, amount string) imports.Assignment {
		a := imports.Assignment{Transfer: reference, Reason: "la banque l’a écrit"}
		if amount != "" {
			a.Amount = money.MustParse(amount)
		}
		return a
	}
	for name, c := range map[string]struct {
		ask  imports.Assignment
		code string
	}{
		"a part":              {is(refs[0], "299.00"), "AMOUNT"},
		"more than there was": {is(refs[1], ""), "AMOUNT"},
		"of nobody":           {is("NO-SUCH", ""), "TRANSFER_UNKNOWN"},
		"with a mandate":      {imports.Assignment{Mandate: "M-2", Transfer: refs[0], Reason: "x"}, "BENEFIT"},
	} {
		_, err := w.AssignSuspense(t.Context(), w.boss, line, c.ask)
		w.refuses(name, err, c.code)
	}
	done, err := w.AssignSuspense(t.Context(), w.boss, line, is(refs[0], ""))
	w.must(err)
	if w.state(refs[0]) != "returned" || w.number(`SELECT paid_cents FROM masp.dues`) != 0 ||
		done.Account != "467:M-2" || w.balance(ledger.Suspense) != "0.00" {
		t.Errorf("got %s and %+v, want the transfer back, its due open", w.state(refs[0]), done)
	}
	if n := w.number(`SELECT count(*) FROM masp.alerts WHERE source = 'PAYMENT_RETURNED ' || $1::text`, refs[0]); n != 1 {
		t.Errorf("got %d alerts, want one", n)
	}
	w.sound()
	again := w.unknown("2", "2026-11-06", "954.50", "300.00")
	_, err = w.AssignSuspense(t.Context(), w.boss, again, is(refs[0], ""))
	w.refuses("a second time", err, "NOT_SETTLED")
	w.undoes(line)
	if w.state(refs[0]) != "settled" || w.balance("467:M-2") != held || w.number(`SELECT paid_cents FROM masp.dues`) != 30000 {
		t.Errorf("got %s and %s, want the return undone", w.state(refs[0]), w.balance("467:M-2"))
	}
	_, err = w.AssignSuspense(t.Context(), w.boss, again, is(refs[0], ""))
	w.must(err)
	w.sound()
	w.tamper("suspense_assignments")
}

func TestPostgreSQLTooRefusesTheReturnOfWhatItsPayeeHasRefunded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "1040.00",
		lines: []string{debit("300.00", "2026-11-05", refs[0]), fromSomebody("40.00", "2026-11-05"), fromSomebody("300.00", "2026-11-05")},
	}))
	_, err := w.AssignSuspense(t.Context(), w.boss, w.lineOf(2), imports.Assignment{
		Mandate: "M-2", Benefit: "REFUND_OF_PAYMENT", Transfer: refs[0], Reason: "avoir",
	})
	w.must(err)
	if got := w.code(`INSERT INTO masp.line_matches (entry_no, line_id, instruction_id, meaning, amount_cents)
		SELECT l.entry_no, l.line_id, i.instruction_id, 'RETURNED', 30000 FROM masp.bank_lines l, masp.instructions i WHERE l.rank = 3`); got != "MA121" {
		t.Errorf("the return: got %q, want MA121", got)
	}
	_, err = w.AssignSuspense(t.Context(), w.boss, w.lineOf(3), imports.Assignment{Transfer: refs[0], Reason: "retour"})
	w.refuses("the return by hand", err, "REFUNDED")
	const assign = `SELECT masp.assign_suspense($1, l.line_id, 1, 30000, 'M-2', $2, NULL, i.instruction_id, NULL, 'x')
		FROM masp.bank_lines l, masp.instructions i WHERE l.rank = 3`
	if got := w.code(assign, w.boss.Secret(), ""); got != "MA121" {
		t.Errorf("the return through the door: got %q, want MA121", got)
	}
	if got := w.code(assign, w.boss.Secret(), "REFUND_OF_PAYMENT"); got != "MA121" {
		t.Errorf("more refunded than sent: got %q, want MA121", got)
	}
	w.undoes(w.lineOf(2))
	_, err = w.AssignSuspense(t.Context(), w.boss, w.lineOf(3), imports.Assignment{Transfer: refs[0], Reason: "retour"})
	w.must(err)
	_, err = w.AssignSuspense(t.Context(), w.boss, w.lineOf(2), imports.Assignment{
		Mandate: "M-2", Benefit: "REFUND_OF_PAYMENT", Transfer: refs[0], Reason: "avoir",
	})
	w.refuses("the refund of what came back", err, "NOT_SETTLED")
	w.sound()
}

func TestTwoLinesOfOppositeSignsClearEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fee := entry("DBIT", "3.20", "2026-11-05", `<TxDtls><RmtInf><Ustrd>FRAIS DE TENUE DE COMPTE</Ustrd></RmtInf></TxDtls>`)
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "1008.00",
		lines: []string{fee, fromSomebody("3.20", "2026-11-05"), fromSomebody("8.00", "2026-11-05")},
	}))
	p := november(fromSomebody("3.20", "2026-11-05"))
	p.closing = "103.20"
	first := w.lineOf(1)
	w.drop(statements(p))
	elsewhere := w.lineOf(1)
	pair := imports.Clearing{Debit: first, Credit: first + 1, Reason: "l’association a payé les frais"}
	for name, c := range map[string]imports.Clearing{
		"another amount":  {Debit: first, Credit: first + 2, Reason: "x"},
		"another account": {Debit: first, Credit: elsewhere, Reason: "x"},
		"the wrong way":   {Debit: first + 1, Credit: first, Reason: "x"},
		"with itself":     {Debit: first, Credit: first, Reason: "x"},
		"not cleared yet": {Debit: first, Credit: first + 1, Undo: true, Reason: "x"},
	} {
		_, err := w.ClearSuspense(t.Context(), w.boss, c)
		w.refuses(name, err, "NOT_A_PAIR")
	}
	_, err := w.ClearSuspense(t.Context(), w.boss, imports.Clearing{Debit: first, Credit: first + 1})
	w.refuses("without a reason", err, "REASON")
	before := w.balance(ledger.Suspense)
	for range 2 {
		done, err := w.ClearSuspense(t.Context(), w.boss, pair)
		w.must(err)
		if done.Amount.String() != "3.20" || w.openOf(first)+w.openOf(first+1) != "0.000.00" || w.balance(ledger.Suspense) != before {
			t.Errorf("got %+v, want both lines closed and 471 as it was", done)
		}
		w.sound()
		_, err = w.ClearSuspense(t.Context(), w.boss, pair)
		w.refuses("twice", err, "NOT_A_PAIR")
		_, err = w.AssignSuspense(t.Context(), w.boss, first+1, imports.Assignment{Mandate: "M-2", Benefit: "RSA", Reason: "x"})
		if !errors.Is(err, imports.ErrNotInSuspense) {
			t.Errorf("a cleared line: got %v, want ErrNotInSuspense", err)
		}
		back := pair
		back.Undo = true
		_, err = w.ClearSuspense(t.Context(), w.boss, back)
		w.must(err)
		if w.openOf(first)+w.openOf(first+1) != "-3.203.20" {
			t.Errorf("got %s and %s, want both open again", w.openOf(first), w.openOf(first+1))
		}
		w.sound()
	}
	if got := w.code(`INSERT INTO masp.suspense_clearings (debit_line, credit_line, amount_cents, reason, cleared_by, cleared_at)
		VALUES (1, 2, 1, 'x', 'a.morel', now())`); got != "42501" {
		t.Errorf("around the door: got %q", got)
	}
	w.tamper("suspense_clearings")
}

func TestAPayersListIsAnnouncedAgainOnceItsLineIsUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	oct, _ := civil.ParseMonth("2026-10")
	a := list("700.00", part("M-2", "RSA", oct.String(), "700.00"))
	_, err := w.Announce(t.Context(), w.boss, a)
	w.must(err)
	_, err = w.Announce(t.Context(), w.boss, a)
	w.refuses("while it waits", err, "ADVICE_TWICE")
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "1700.00",
		lines: []string{fromCAF("700.00", "2026-11-05", "CAF-1105")},
	}))
	_, err = w.Announce(t.Context(), w.boss, a)
	w.refuses("while it counts", err, "ADVICE_TWICE")
	for range 2 { // what the import had recognised, then what the list had identified
		w.undoes(w.lineOf(1))
		_, err = w.Announce(t.Context(), w.boss, a)
		w.must(err)
		if got := w.balance("467:M-2"); got != "-1700.00" {
			t.Errorf("got %s, want the line identified again", got)
		}
		_, err = w.Announce(t.Context(), w.boss, a)
		w.refuses("while it counts again", err, "ADVICE_TWICE")
		w.sound()
	}
}

func TestAnUndoIsOneInASavepointToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50") // the second keeps the run at the bank
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "700.00",
		lines: []string{debit("300.00", "2026-11-05", refs[0])},
	}))
	w.must(pgx.BeginFunc(t.Context(), w.db.App, func(tx pgx.Tx) error {
		_, err := w.UndoMatch(unit.Joined(t.Context(), tx), w.boss, imports.UndoAsk{Line: w.lineOf(1), Reason: "pas celui-là"})
		return err
	}))
	if got := w.state(refs[0]); got != "in_transit" {
		t.Errorf("got %s, want it under way again", got)
	}
	w.sound()
}

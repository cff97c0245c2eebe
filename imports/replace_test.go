package imports_test

import (
	"errors"
	"strings"
	"testing"

	"masp/imports"
	"masp/ledger"
)

// reissued drops a first version of a statement of 5 November and one that corrects it, and answers
// the numbers of both.
func (w *world) reissued(first, second paper) (old, by int64) {
	w.t.Helper()
	o := w.drop(statements(first))
	n := w.drop(statements(second))
	if o.Statements[0].State != "accepted" || n.Statements[0].State != "held" {
		w.t.Fatalf("got %+v and %+v, want the second one held", o.Statements, n.Statements)
	}
	return o.Statements[0].ID, n.Statements[0].ID
}

func TestAStatementThatTheBankIssuesAgainReplacesTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-1", "M-1", "LOT", "40.00", "30.00", "5.00")
	first := november(fromCAF("573.49", "2026-11-05", cafText), fromSomebody("10.00", "2026-11-05"),
		debit("40.00", "2026-11-05", refs[0]), debit("5.00", "2026-11-05", refs[2]), back("5.00", "2026-11-05", refs[2], "AC04"))
	first.closing = "643.49"
	second := november(fromCAF("573.49", "2026-11-05", cafText), debit("30.00", "2026-11-05", refs[1]))
	second.closing = "643.49"
	old, by := w.reissued(first, second)
	if _, err := w.Replace(t.Context(), w.boss, old, by, ""); err == nil {
		t.Error("a replacement without a reason is done")
	}
	done, err := w.Replace(t.Context(), w.boss, old, by, "la banque a réémis")
	w.must(err)
	if done.Reversed != 5 {
		t.Errorf("got %d lines reversed, want 5", done.Reversed)
	}
	got := []string{
		w.state(refs[0]), w.state(refs[1]), w.state(refs[2]), w.balance("467:M-1"), w.balance(ledger.Suspense), w.balance(ledger.InTransit),
		w.balance(ledger.Bank("BK-1")),
	}
	if want := "in_transit settled in_transit -598.49 0.00 -45.00 643.49"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
	if n := w.number(`SELECT sum(amount_cents) FROM masp.receipts`); n != 57349 {
		t.Errorf("got %d cents received, want the benefit once", n)
	}
	w.sound()
	w.agrees()
	_, err = w.Replace(t.Context(), w.boss, old, by, "encore")
	w.refuses("twice", err, "NOT_HELD")
	next := paper{
		iban: ibanOwn, id: "2026-310", from: "2026-11-06", to: "2026-11-06", opening: "643.49", closing: "603.49",
		lines: []string{debit("40.00", "2026-11-06", refs[0])},
	}
	if o := w.drop(statements(next)); o.Statements[0].State != "accepted" || w.state(refs[0]) != "settled" {
		t.Errorf("got %+v, want the next statement to follow", o.Statements[0])
	}
	if o := w.drop(statements(first)); !o.AlreadyKnown {
		t.Errorf("got %+v, want the old one known", o)
	}
	w.sound()
	w.agrees()
	for _, table := range []string{"statement_replacements", "match_undos", "suspense_items"} {
		w.tamper(table)
	}
}

func TestAStatementOfAnotherBalanceReplacesTheLastOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := november(fromSomebody("10.00", "2026-11-05"))
	first.closing = "110.00"
	second := november(fromSomebody("10.00", "2026-11-05"), fromSomebody("7.00", "2026-11-05"))
	second.closing = "117.00"
	old, by := w.reissued(first, second)
	follows := paper{iban: ibanOwn, id: "2026-310", from: "2026-11-06", to: "2026-11-06", opening: "117.00", closing: "117.00"}
	if o := w.drop(statements(follows)); o.Statements[0].State != "held" {
		t.Fatalf("got %+v, want a gap", o.Statements[0])
	}
	done, err := w.Replace(t.Context(), w.boss, old, by, "une ligne manquait")
	w.must(err)
	if len(done.Released) != 1 || w.balance(ledger.Bank("BK-1")) != "117.00" || w.balance(ledger.Suspense) != "-17.00" {
		t.Errorf("got %+v and %s, want what waited behind it released", done, w.balance(ledger.Bank("BK-1")))
	}
	w.sound()
	w.agrees()
}

func TestAReplacementIsRefusedByAllThatStandsInItsWay(t *testing.T) {
	t.Parallel()
	first := november(fromCAF("573.49", "2026-11-05", cafText), fromSomebody("10.00", "2026-11-05"))
	first.closing = "683.49"
	second := november(fromCAF("573.49", "2026-11-05", cafText), fromSomebody("10.00", "2026-11-05"), fromSomebody("1.00", "2026-11-05"))
	second.closing = "684.49"
	for name, c := range map[string]struct {
		build func(*world)
		says  string
	}{
		"a line that a person identified": {func(w *world) {
			_, err := w.AssignSuspense(w.t.Context(), w.boss, w.lineAt(2), imports.Assignment{Mandate: "M-1", Benefit: "AAH", Reason: "vu"})
			w.must(err)
		}, "attribuée par a.morel"},
		"a match that a person undid": {func(w *world) { w.undoes(w.lineAt(1)) }, "annulé par a.morel"},
		"money that is spent":         {func(w *world) { w.send("BK-1", "M-1", "LOT", "600.00") }, "il manque 500,00"},
		"a statement behind it": {func(w *world) {
			w.drop(statements(paper{iban: ibanOwn, id: "2026-310", from: "2026-11-06", to: "2026-11-06", opening: "683.49", closing: "683.49"}))
		}, "seul le dernier relevé"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.drop(statements(first))
			c.build(w)
			by := w.drop(statements(second)).Statements[0]
			before := w.number(`SELECT last_entry FROM masp.chain_heads`)
			_, err := w.Replace(t.Context(), w.boss, o.Statements[0].ID, by.ID, "réémis")
			w.refuses(name, err, "IN_THE_WAY")
			if err == nil || !strings.Contains(frenchOf(err), c.says) {
				t.Errorf("got %q, want it to say %q", frenchOf(err), c.says)
			}
			if after := w.number(`SELECT last_entry FROM masp.chain_heads`); after != before {
				t.Errorf("got %d entries more, want none", after-before)
			}
			w.sound()
		})
	}
	w := newWorld(t)
	elsewhere := paper{iban: ibanPooled, id: "2026-309", from: "2026-11-05", to: "2026-11-05", opening: "7.00", closing: "7.00"}
	old, by := w.reissued(first, elsewhere)
	_, err := w.Replace(t.Context(), w.boss, old, by, "x")
	w.refuses("another account", err, "IN_THE_WAY")
	if got := w.code(`SELECT masp.replace_statement($1, $2, $3, 'x')`, w.boss.Secret(), old, by); got != "MA124" {
		t.Errorf("through the door: got %q, want MA124", got)
	}
}

// lineAt is the line of a rank of the first statement.
func (w *world) lineAt(rank int) int64 {
	w.t.Helper()
	return int64(w.number(`SELECT line_id FROM masp.bank_lines WHERE rank = $1 ORDER BY line_id LIMIT 1`, rank))
}

// frenchOf is what a refusal tells its reader.
func frenchOf(err error) string {
	if refused, ok := errors.AsType[*imports.RefusedError](err); ok {
		return refused.French
	}
	return ""
}

// agrees fails the test when the bank and the books differ, now or on any day.
func (w *world) agrees() {
	w.t.Helper()
	if n := w.number(`SELECT count(*) FROM masp.bank_agreement(NULL) g
		WHERE g.bank <> g.books OR g.books <> g.transit + g.unidentified + g.persons OR masp.drift_since(g.bank_account_id) IS NOT NULL`); n != 0 {
		w.t.Errorf("%d accounts differ from their bank", n)
	}
}

package imports_test

import (
	"strings"
	"sync"
	"testing"

	"masp/imports"
	"masp/imports/bankfile"
	"masp/ledger"
)

func TestABenefitIsBookedToItsPersonWithTheDaysOfTheBank(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromCAF("573.49", "2026-11-04", cafText))
	p.closing = "673.49"
	o := w.drop(statements(p))
	if len(o.Statements) != 1 || o.Statements[0].State != "accepted" ||
		o.Statements[0].Benefits != 1 {
		t.Fatalf("got %+v, want one accepted statement with one benefit", o)
	}
	if got := w.balance("467:M-1") + " " + w.balance("512:BK-1"); got != "-673.49 673.49" {
		t.Errorf("got %s, want the person credited and the bank at its closing balance", got)
	}
	if n := w.number(
		`SELECT count(*) FROM masp.entries WHERE booked_on = '2026-11-04' AND posted_on = '2026-11-05'`,
	); n != 1 {
		t.Errorf("got %d entries with the bank's day, posted today; want 1", n)
	}
	w.sound()
}

func TestTheSameFileFromTwentyAtOnceIsBookedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromCAF("573.49", "2026-11-05", cafText), fromSomebody("19.99", "2026-11-05"))
	p.closing = "693.48"
	file := statements(p)
	var group sync.WaitGroup
	outcomes := make([]imports.Outcome, 20)
	errs := make([]error, 20)
	for i := range outcomes {
		group.Go(
			func() { outcomes[i], errs[i] = w.Import(t.Context(), "test", "f.xml", strings.NewReader(file)) },
		)
	}
	group.Wait()
	first := 0
	for i, o := range outcomes {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		if !o.AlreadyKnown {
			first++
		} else if !strings.HasPrefix(o.Message(), "Déjà reçu le 05/11 à 13 h 00") {
			t.Errorf("got %q, want when it came and that nothing is to be done", o.Message())
		}
	}
	if n := w.number(`SELECT count(*) FROM masp.bank_lines`); first != 1 || n != 2 {
		t.Errorf("got %d first imports and %d lines, want 1 and 2", first, n)
	}
	w.sound()
}

func TestTheSameStatementInAnotherFileChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromCAF("573.49", "2026-11-05", cafText))
	p.closing = "673.49"
	w.drop(statements(p))
	o := w.drop(strings.Replace(statements(p, p), "<MsgId>M1", "<MsgId>M2", 1))
	for _, st := range o.Statements {
		if !st.AlreadyKnown || st.State != "accepted" {
			t.Errorf("got %+v, want a statement that is known already", st)
		}
	}
	if got := w.balance("512:BK-1"); got != "673.49" {
		t.Errorf("got %s in the bank, want it booked once", got)
	}
	w.sound()
}

func TestTheSameNumberWithAnotherContentIsHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromCAF("573.49", "2026-11-05", cafText))
	p.closing = "673.49"
	w.drop(statements(p))
	other := paper{
		iban: ibanOwn, id: p.id, from: "2026-11-06", to: "2026-11-06", opening: "673.49",
		closing: "693.48", lines: []string{fromSomebody("19.99", "2026-11-06")},
	}
	o := w.drop(statements(other))
	if got := o.Statements[0]; got.State != "held" || got.Reason != imports.HeldConflict ||
		o.Outcome != bankfile.Held {
		t.Errorf("got %s/%s (%s), want held as a conflict", got.State, got.Reason, o.Outcome)
	}
	if got := w.balance("512:BK-1"); got != "673.49" {
		t.Errorf("got %s, want nothing posted of a held statement", got)
	}
	w.sound()
}

func TestAStatementBehindAGapWaitsAndFollowsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock("2026-11-09")
	day := func(id, on, opening, closing, line string) string {
		return statements(
			paper{
				iban: ibanOwn, id: id, from: on, to: on, opening: opening, closing: closing,
				lines: []string{line},
			},
		)
	}
	w.drop(day("1", "2026-11-04", "100.00", "110.00", fromSomebody("10.00", "2026-11-04")))
	last := w.drop(day("4", "2026-11-09", "670.00", "671.00", fromSomebody("1.00", "2026-11-09")))
	third := w.drop(day("3", "2026-11-06", "650.00", "670.00", fromSomebody("20.00", "2026-11-06")))
	for _, o := range []imports.Outcome{last, third} {
		st := o.Statements[0]
		if st.Reason != imports.HeldGap || !strings.Contains(st.Explanation, "du 05/11/2026") {
			t.Errorf("got %s %q, want a gap that names the missing day", st.Reason, st.Explanation)
		}
	}
	o := w.drop(day("2", "2026-11-05", "110.00", "650.00", fromSomebody("540.00", "2026-11-05")))
	if len(o.Released) != 2 || o.Released[0].Ref != "3" || o.Released[1].Ref != "4" {
		t.Errorf("got %+v released, want statements 3 and 4 in their order", o.Released)
	}
	if got := w.balance("512:BK-1"); got != "671.00" {
		t.Errorf("got %s, want the bank's last balance", got)
	}
	w.sound()
}

func TestStatementsOfAFileMayStandInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := paper{
		iban: ibanOwn, id: "B", from: "2026-11-05", to: "2026-11-05", opening: "110.00",
		closing: "110.00",
	}
	first := paper{
		iban: ibanOwn, id: "A", from: "2026-11-04", to: "2026-11-04", opening: "100.00",
		closing: "110.00", lines: []string{fromSomebody("10.00", "2026-11-04")},
	}
	pool := paper{
		iban: ibanPooled, id: "A", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
		closing: "1000.00",
	}
	o := w.drop(statements(second, pool, first))
	for _, st := range o.Statements {
		if st.State != "accepted" {
			t.Errorf(
				"got %s %s: %s, want every statement accepted", st.Ref, st.Reason, st.Explanation,
			)
		}
	}
	w.sound()
}

func TestWhatDoesNotFitTheBooksIsHeldWithItsReason(t *testing.T) {
	t.Parallel()
	good := paper{
		iban: ibanOwn, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "100.00",
		closing: "110.00", lines: []string{fromSomebody("10.00", "2026-11-05")},
	}
	for _, c := range []struct {
		name, reason string
		change       func(*paper)
	}{
		{"an account of somebody else", imports.HeldUnknownAccount, func(p *paper) { p.iban = "FR7699999000010000000019999" }},
		{"a statement that does not add up", imports.HeldUnbalanced, func(p *paper) { p.closing = "111.00" }},
		{"a first statement that starts elsewhere", imports.HeldFirstBalance, func(p *paper) { p.opening, p.closing = "90.00", "100.00" }},
		{"a third decimal", imports.HeldNotCents, func(p *paper) { p.lines[0], p.closing = fromSomebody("10.005", "2026-11-05"), "110.005" }},
		{"a larger amount than any", imports.HeldTooMuch, func(p *paper) {
			p.lines[0], p.closing = fromSomebody("10000000000000.00", "2026-11-05"), "10000000000100.00"
		}},
		{"a line of 2099", imports.HeldLineDay, func(p *paper) { p.lines[0] = fromSomebody("10.00", "2099-01-01") }},
		{"a line long after today", imports.HeldLineDay, func(p *paper) {
			p.to, p.lines[0] = "2026-12-05", fromSomebody("10.00", "2026-12-07")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := good
			p.lines = []string{good.lines[0]}
			c.change(&p)
			o := w.drop(statements(p))
			if st := o.Statements[0]; st.State != "held" || st.Reason != c.reason ||
				st.Explanation == "" {
				t.Errorf(
					"got %s %s %q, want held as %s with a sentence", st.State, st.Reason,
					st.Explanation, c.reason,
				)
			}
			if n := w.number(
				`SELECT count(*) FROM masp.bank_lines`,
			) + w.number(`SELECT count(*) FROM masp.entries WHERE kind <> 'OPENING'`); n != 0 {
				t.Errorf("got %d rows of lines and entries, want none of a held statement", n)
			}
			w.sound()
		})
	}
}

func TestAnotherCurrencyIsHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("10.00", "2026-11-05"))
	p.closing = "110.00"
	o := w.drop(strings.ReplaceAll(statements(p), "EUR", "CHF"))
	if st := o.Statements[0]; st.Reason != imports.HeldNotEUR {
		t.Errorf("got %s %q, want held: not in euros", st.Reason, st.Explanation)
	}
}

func TestAHeldStatementFollowsWhenItsAccountIsCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	iban := "FR7699999000010000000010003"
	w.drop(
		statements(
			paper{
				iban: iban, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "0.00",
				closing: "10.00", lines: []string{fromSomebody("10.00", "2026-11-05")},
			},
		),
	)
	w.exec(
		`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model) VALUES ('BK-3', $1, 'X', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`,
		iban,
	)
	released, err := w.RetryHeld(t.Context(), "test")
	w.must(err)
	if len(released) != 1 || w.balance("512:BK-3") != "10.00" {
		t.Errorf(
			"got %+v and %s in the bank, want the statement accepted", released,
			w.balance("512:BK-3"),
		)
	}
	if again, err := w.RetryHeld(t.Context(), "test"); err != nil || len(again) != 0 {
		t.Errorf("got %v, %v the second time, want nothing to do", again, err)
	}
	w.sound()
}

func TestTwinsOfAStatementAreBothBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("10.00", "2026-11-05"), fromSomebody("10.00", "2026-11-05"))
	p.closing = "120.00"
	if o := w.drop(statements(p)); o.Statements[0].Suspense != 2 ||
		w.balance(ledger.Suspense) != "-20.00" {
		t.Errorf("got %+v, want both twins in suspense", o.Statements[0])
	}
	w.sound()
}

func TestPendingLinesAreKeptAndNeverPosted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pending := strings.Replace(
		fromSomebody("50.00", "2026-11-05"), "<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>", 1,
	)
	p := november(pending, fromSomebody("10.00", "2026-11-05"))
	p.closing = "110.00"
	if o := w.drop(statements(p)); o.Statements[0].Ignored != 1 ||
		w.balance("512:BK-1") != "110.00" {
		t.Errorf("got %+v, want the pending line kept without an entry", o.Statements[0])
	}
	w.sound()
}

func TestHostileFilesLeaveNoRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("10.00", "2026-11-05"))
	p.closing = "110.00"
	good := statements(p)
	for name, content := range map[string]string{
		"empty": "", "blanks": strings.Repeat(" ", 1<<20), "truncated": good[:len(good)-40],
		"two roots": good + good, "doctype": `<!DOCTYPE x [<!ENTITY a "b">]>` + good, "a picture": "\x89PNG\r\n\x1a\n",
		"another message": strings.ReplaceAll(strings.ReplaceAll(good, "camt.053", "pain.008"), "BkToCstmrStmt", "CstmrDrctDbtInitn"), "cfonb": "0199999    00001EUR2 00000000001  051126",
		"bad encoding": strings.Replace(good, "INCONNU", "INCONN\xff", 1), "a report cut short": `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>`,
		"a huge amount": strings.ReplaceAll(good, "10.00", "1e9999999"),
	} {
		o, err := w.Import(t.Context(), "test", name, strings.NewReader(content))
		if err != nil || o.Outcome != bankfile.Refused || len(o.Reasons) == 0 || o.Message() == "" {
			t.Errorf(
				"%s: got %s, %v, %v; want refused with a sentence", name, o.Outcome, o.Reasons, err,
			)
		}
	}
	if n := w.number(
		`SELECT (SELECT count(*) FROM masp.bank_files) + (SELECT count(*) FROM masp.bank_statements)`,
	); n != 0 {
		t.Errorf("got %d rows, want none", n)
	}
}

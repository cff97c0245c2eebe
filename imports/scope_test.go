package imports_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func TestARejectionThatNamesNothingGivesNothingBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	nameless := strings.Replace(wholeBatch("", "RJCT"), "<OrgnlPmtInfId></OrgnlPmtInfId>", "", 1)
	for name, report := range map[string]string{
		"a batch with an empty name":     pain002("R1", "MSG-LOT", wholeBatch("", "RJCT")),
		"a batch without a name":         pain002("R2", "MSG-LOT", nameless),
		"a transfer without a reference": pain002("R3", "MSG-LOT", rejected("LOT", "")),
		"a transfer of nothing":          pain002("R4", "", rejected("", "")),
		"a file without a name": strings.Replace(
			pain002("R5", "", ""), "</OrgnlMsgNmId>", "</OrgnlMsgNmId><GrpSts>RJCT</GrpSts>", 1),
	} {
		o := w.drop(report)
		if o.Report.Rejected != 0 || o.Report.Unknown != 1 {
			t.Errorf("%s: got %+v, want nothing given back and a person told", name, o.Report)
		}
	}
	if got := w.balance(ledger.InTransit); got != "-345.50" {
		t.Errorf("got %s under way, want all of it", got)
	}
	w.sound()
}

func TestListsOfNobodyAreEmpty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send("BK-2", "M-2", "LOT", "300.00")
	w.drop(pain002("V1", "MSG-LOT", wholeBatch("LOT", "RCVC")))
	for name, none := range map[string][]string{"nil": nil, "empty": {}} {
		if list, err := w.NameChecksOf(t.Context(), none...); err != nil || len(list) != 0 {
			t.Errorf("names of a list that is %s: got %v, %v", name, list, err)
		}
	}
	w.must(ledger.InTx(t.Context(), w.db.App, func(tx pgx.Tx) error {
		for name, none := range map[string][]string{"nil": nil, "empty": {}} {
			if found, err := w.Payments.FindSentTx(t.Context(), tx, "BK-2", none); err != nil || len(found) != 0 {
				t.Errorf("transfers of references that are %s: got %v, %v", name, found, err)
			}
		}
		found, err := w.Payments.FindByReportTx(t.Context(), tx, "", "", "")
		if err != nil || len(found) != 0 {
			t.Errorf("a report that names nothing: got %v, %v", found, err)
		}
		return nil
	}))
	if list, err := w.NameChecks(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("got %v, %v, want all", list, err)
	}
}

func TestAFileThatComesAgainKeepsTwinsAndWhatAPersonSaidOfThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("10.00", "2026-11-05"), fromSomebody("10.00", "2026-11-05"))
	p.closing = "120.00"
	file := statements(p)
	w.drop(file)
	items, err := w.Suspense(t.Context())
	w.must(err)
	if len(items) != 2 {
		t.Fatalf("got %+v, want both twins", items)
	}
	october, _ := civil.ParseMonth("2026-10")
	_, err = w.AssignSuspense(t.Context(), w.boss, items[0].Line, imports.Assignment{
		Mandate: "M-1", Benefit: "RSA", Period: october, Reason: "vu avec la CAF",
	})
	w.must(err)
	before := w.picture()
	for name, again := range map[string]string{
		"the same bytes":                file,
		"the same statement":            strings.Replace(file, "<MsgId>M1", "<MsgId>M2", 1),
		"the same statement, two times": strings.Replace(statements(p, p), "<MsgId>M1", "<MsgId>M3", 1),
	} {
		o := w.drop(again)
		if !o.AlreadyKnown && !o.Statements[0].AlreadyKnown {
			t.Errorf("%s: got %+v, want it known", name, o)
		}
		if got := w.picture(); got != before {
			t.Errorf("%s changes\n%s\nto\n%s", name, before, got)
		}
	}
	w.sound()
}

// picture is every line of the bank with what became of it, and the number of entries.
func (w *world) picture() (text string) {
	w.t.Helper()
	w.must(w.db.Super.QueryRow(w.t.Context(), `
		SELECT string_agg(concat_ws(' ', l.line_id, l.rank, l.amount_cents, l.entry_no, l.state, i.open_cents,
		                  a.mandate_id, a.entry_no, r.amount_cents), E'\n' ORDER BY l.line_id, r.amount_cents)
		       || E'\n' || (SELECT count(*) FROM masp.entries)
		  FROM masp.bank_lines l LEFT JOIN masp.suspense_items i USING (line_id)
		  LEFT JOIN masp.suspense_assignments a USING (line_id)
		  LEFT JOIN masp.receipts r USING (line_id)`).Scan(&text))
	return text
}

func TestThreePaymentsOfOneBenefitAreAddedUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromCAF("100.00", "2026-11-05", "RSA "+cafText), fromCAF("200.00", "2026-11-05", "RSA "+cafText))
	p.closing = "400.00"
	w.drop(statements(p))
	w.clock("2026-11-06")
	next := paper{
		iban: ibanOwn, id: "2026-310", from: "2026-11-05", to: "2026-11-06", opening: "400.00",
		closing: "673.49", lines: []string{fromCAF("273.49", "2026-11-06", "RSA "+cafText)},
	}
	w.drop(statements(next))
	october, _ := civil.ParseMonth("2026-10")
	all, err := w.Expected(t.Context(), w.db.App, october)
	w.must(err)
	if got := all.Of("M-1"); got.Received != money.MustParse("573.49") || got.Amount != got.Received {
		t.Errorf("got %+v, want the sum of the three", got)
	}
	if got := w.balance(ledger.Mandate("M-1")); got != "-673.49" {
		t.Errorf("467 holds %s, want -673.49: the opening and the three", got)
	}
	w.sound()
}

// TestNothingThatTheBankSaidMayBeDeleted asks PostgreSQL itself: of files, statements, lines, what
// was identified and the books, no row leaves, whoever asks.
func TestNothingThatTheBankSaidMayBeDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("10.00", "2026-11-05"))
	p.closing = "110.00"
	w.drop(statements(p))
	p.id, p.opening, p.closing = "gap", "7.00", "17.00"
	w.drop(statements(p)) // a statement that nobody knows where to put
	for _, table := range []string{
		"bank_files", "bank_file_parts", "bank_statements", "bank_lines", "suspense_items", "receipts", "entries", "postings",
	} {
		for _, sql := range []string{`DELETE FROM masp.` + table, `TRUNCATE masp.` + table + ` CASCADE`} {
			if _, err := w.db.App.Exec(t.Context(), sql); err == nil {
				t.Errorf("the application may run %s", sql)
			}
			if _, err := w.db.Owner.Exec(t.Context(), sql); err == nil {
				t.Errorf("the owner may run %s", sql)
			}
		}
	}
	if n := w.number(`SELECT count(*) FROM masp.bank_statements`); n != 2 {
		t.Errorf("%d statements are left of 2", n)
	}
	w.sound()
}

package imports_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// list is an invented list of the CAF for the pooled account, whose text is "CAF-1105".
func list(amount string, parts ...imports.AdvicePart) imports.Advice {
	return imports.Advice{
		BankAccount: "BK-2", Payer: "CAF", Reference: "CAF-1105", Amount: money.MustParse(amount),
		On: civil.MustParse("2026-11-05"), Parts: parts,
	}
}

func part(mandate, benefit, period, amount string) imports.AdvicePart {
	p := imports.AdvicePart{Mandate: mandate, Benefit: benefit, Amount: money.MustParse(amount)}
	if period != "" {
		p.Period = civil.MustParse(period + "-01").MonthOf()
	}
	return p
}

// pooledCredit is a statement of 5 November with one credit on the pooled account.
func pooledCredit(amount, text string) string {
	return statements(paper{
		iban: ibanPooled, id: "P-1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
		closing: money.MustParse("1000.00").Add(money.MustParse(amount)).String(),
		lines:   []string{fromCAF(amount, "2026-11-05", text)},
	})
}

// secondPerson is another person with a mandate on the pooled account.
func (w *world) secondPerson() {
	w.t.Helper()
	w.exec(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('B-3', 'Roux', 'Inès', '1990-03-02', '34')`)
	w.exec(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
		contract_end, signed_by_person_on, signed_by_department_on, bank_account_id)
		VALUES ('M-3', 'B-3', 'MASP2', '34', 'ACTIVE', 'BOTH', '2026-01-01', '2026-12-31', '2026-01-01', '2026-01-01', 'BK-2')`)
	w.exec(`INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-3', 'AAH', '2026-01-01')`)
}

// credits are the credit lines of an entry, in their order.
func (w *world) credits(label string) string {
	w.t.Helper()
	var text string
	w.must(w.db.Super.QueryRow(w.t.Context(), `
		SELECT string_agg(a.code || ' ' || p.amount_cents, ', ' ORDER BY p.line_no)
		  FROM masp.postings p JOIN masp.entries e USING (entry_no) JOIN masp.accounts a ON a.account_id = p.credit_account
		 WHERE e.kind = $1`, label).Scan(&text))
	return text
}

func TestACreditIsSplitAsItsPayerHasAnnouncedIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.secondPerson()
	_, err := w.Announce(t.Context(), w.boss, list("1000.00",
		part("M-2", "RSA", "2026-10", "300.00"), part("M-3", "AAH", "2026-10", "400.00"),
		part("M-2", "RSA", "2026-09", "100.00"), part("M-2", "AF", "2026-10", "50.00"),
		part("", "", "", "80.00")))
	w.must(err)
	o := w.drop(pooledCredit("1000.00", "VIR CAF-1105"))
	if got := o.Statements[0]; got.Suspense != 1 || got.Benefits != 4 {
		t.Errorf("got %+v, want four receipts and the rest in suspense", got)
	}
	want := "467:M-2 30000, 467:M-3 40000, 467:M-2 10000, 467:M-2:RESTRICTED 5000, " +
		"471:UNIDENTIFIED 8000, 471:UNIDENTIFIED 7000"
	if got := w.credits("BANK_CREDIT"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var alerts string
	w.must(w.db.Super.QueryRow(t.Context(), `
		SELECT string_agg(code || ' ' || amount_cents || ' ' || coalesce(details ->> 'reference', details ->> 'benefit'), ', ' ORDER BY alert_id)
		  FROM masp.alerts`).Scan(&alerts))
	if want := "RESOURCE_NOT_ELIGIBLE 5000 AF, CREDIT_UNIDENTIFIED 8000 VIR CAF-1105, CREDIT_UNIDENTIFIED 7000 VIR CAF-1105"; alerts != want {
		t.Errorf("got  %s\nwant %s", alerts, want)
	}
	w.sound()
}

func TestAListThatComesAfterItsLineIdentifiesItInOneEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.secondPerson()
	w.drop(pooledCredit("700.00", "CAF-1105"))
	_, err := w.Announce(t.Context(), w.boss, list("700.00", part("M-2", "RSA", "2026-10", "300.00"),
		part("", "", "", "40.00"), part("M-3", "AAH", "2026-10", "360.00")))
	w.must(err)
	if got, want := w.credits("IDENTIFICATION"), "467:M-2 30000, 467:M-3 36000"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	items, err := w.Suspense(t.Context())
	w.must(err)
	if len(items) != 1 || items[0].Open.String() != "40.00" {
		t.Errorf("got %+v, want 40.00 still open", items)
	}
	w.sound()
}

func TestAListSplitsOneLineAndNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Announce(t.Context(), w.boss, list("700.00", part("M-2", "RSA", "2026-10", "700.00")))
	w.must(err)
	line := fromCAF("700.00", "2026-11-05", "CAF-1105")
	w.drop(statements(paper{
		iban: ibanPooled, id: "P-1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
		closing: "2400.00", lines: []string{line, line},
	}))
	if got := w.balance("467:M-2") + " " + w.balance("471:UNIDENTIFIED"); got != "-1700.00 -700.00" {
		t.Errorf("got %s, want the second credit in suspense", got)
	}
	w.sound()
}

func TestACreditThatIsNotTheAnnouncedOneIsNotSplit(t *testing.T) {
	t.Parallel()
	for name, credit := range map[string][2]string{
		"another amount":         {"700.01", "CAF-1105"},
		"another reference":      {"700.00", "CAF-1106"},
		"a piece of a reference": {"700.00", "CAF-11052"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.Announce(t.Context(), w.boss, list("700.00", part("M-2", "RSA", "2026-10", "700.00")))
			w.must(err)
			w.drop(pooledCredit(credit[0], credit[1]))
			if got := w.balance("467:M-2"); got != "-1000.00" {
				t.Errorf("got %s, want nothing booked to the person", got)
			}
			w.sound()
		})
	}
}

func TestTwoListsThatFitAlikeLeaveTheCreditToAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.secondPerson()
	for _, p := range []imports.AdvicePart{part("M-2", "RSA", "2026-10", "700.00"), part("M-3", "AAH", "2026-10", "700.00")} {
		_, err := w.Announce(t.Context(), w.boss, list("700.00", p))
		w.must(err)
	}
	w.drop(pooledCredit("700.00", "CAF-1105"))
	if got := w.balance("471:UNIDENTIFIED"); got != "-700.00" {
		t.Errorf("got %s, want the credit in suspense", got)
	}
	w.sound()
}

func TestAListThatCannotBeRightIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := list("700.00", part("M-2", "RSA", "2026-10", "700.00"))
	_, err := w.Announce(t.Context(), w.boss, good)
	w.must(err)
	for code, a := range map[string]imports.Advice{
		"ADVICE_TWICE":    good,
		"ADVICE_EXCEEDS":  list("600.00", part("M-2", "RSA", "2026-10", "600.01")),
		"OTHER_ACCOUNT":   list("600.00", part("M-1", "RSA", "2026-10", "600.00")),
		"BENEFIT_UNKNOWN": list("600.00", part("M-2", "LOTO", "2026-10", "600.00")),
		"AMOUNT":          list("600.00", part("M-2", "RSA", "2026-10", "0.00")),
		"NUMBER_UNKNOWN": list("600.00", imports.AdvicePart{
			Number: "9999999Z", Benefit: "RSA", Amount: money.MustParse("600.00"),
		}),
	} {
		_, err := w.Announce(t.Context(), w.boss, a)
		if refused, ok := errors.AsType[*imports.RefusedError](err); !ok || refused.Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	if _, err := w.Announce(t.Context(), auth.Principal{}, list("1.00", part("", "", "", "1.00"))); !errors.Is(err, imports.ErrToken) {
		t.Errorf("got %v, want a refusal without a token", err)
	}
	_, err = w.db.App.Exec(t.Context(), `SELECT masp.announce('nobody', 'BK-2', 'CAF', 'R', 1, '2026-11-05', sha256('x'), '{}', '{}', '{}', '{}')`)
	if err == nil || !strings.Contains(err.Error(), "MA010") {
		t.Errorf("got %v, want the database to refuse an unknown secret", err)
	}
	_, err = w.db.Owner.Exec(t.Context(), `INSERT INTO masp.advice_parts (advice_id, rank, amount_cents) SELECT advice_id, 9, 1 FROM masp.advices`)
	if err == nil || !strings.Contains(err.Error(), "MA002") {
		t.Errorf("got %v, want the database to refuse a part that nobody announced", err)
	}
	w.sound()
}

func TestEachTransactionOfALineMayHaveItsList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.secondPerson()
	_, err := w.Announce(t.Context(), w.boss, list("300.00", part("M-2", "RSA", "2026-10", "300.00")))
	w.must(err)
	_, err = w.Announce(t.Context(), w.boss, list("400.00", part("M-3", "AAH", "2026-10", "400.00")))
	w.must(err)
	transaction := func(amount string) string {
		return `<TxDtls><Amt Ccy="EUR">` + amount + `</Amt><RmtInf><Ustrd>CAF-1105</Ustrd></RmtInf></TxDtls>`
	}
	w.drop(statements(paper{
		iban: ibanPooled, id: "P-1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "1700.00",
		lines: []string{entry("CRDT", "700.00", "2026-11-05", transaction("300.00")+transaction("400.00"))},
	}))
	if got, want := w.credits("BANK_CREDIT"), "467:M-2 30000, 467:M-3 40000"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	w.sound()
}

func TestAListMayNamePersonsByTheirNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Announce(t.Context(), w.boss, list("573.49", imports.AdvicePart{
		Number: "7654321A", Benefit: "RSA", Period: civil.MustParse("2026-10-01").MonthOf(), Amount: money.MustParse("573.49"),
	}))
	w.must(err)
	w.drop(pooledCredit("573.49", "CAF-1105"))
	if got := w.balance("467:M-2"); got != "-1573.49" {
		t.Errorf("got %s, want the person of the number credited", got)
	}
	w.sound()
}

func TestAListAndItsLineAtOnceMeetOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var group sync.WaitGroup
	file := pooledCredit("700.00", "CAF-1105")
	errs := make([]error, 2)
	group.Go(func() { _, errs[0] = w.Import(t.Context(), "test", "f.xml", strings.NewReader(file)) })
	group.Go(func() {
		_, errs[1] = w.Announce(t.Context(), w.boss, list("700.00", part("M-2", "RSA", "2026-10", "700.00")))
	})
	group.Wait()
	w.must(errors.Join(errs...))
	if got := w.balance("467:M-2") + " " + w.balance("471:UNIDENTIFIED"); got != "-1700.00 0.00" {
		t.Errorf("got %s, want the credit with its person in whatever order", got)
	}
	w.sound()
}

func TestStatementsOfOneLineChainOnAnyDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock("2026-11-08")
	balance := money.MustParse("1000.00")
	for i, on := range []string{"2026-11-07", "2026-11-07", "2026-11-07", "2026-11-08", "2026-11-08"} {
		closing := balance.Add(money.MustParse("10.00"))
		o := w.drop(statements(paper{
			iban: ibanPooled, id: fmt.Sprintf("S-%d", i), from: on, to: on, opening: balance.String(),
			closing: closing.String(), lines: []string{strings.ReplaceAll(fromSomebody("10.00", on), "991", fmt.Sprint(i))},
		}))
		if got := o.Statements[0]; got.State != "accepted" {
			t.Fatalf("statement %d of %s is %s: %s", i, on, got.State, got.Explanation)
		}
		balance = closing
	}
	w.sound()
}

package worklist_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/worklist"
)

// credit books money that comes in on the day of the clock.
func (h *house) credit(account ledger.Code, amount, day string) {
	h.post(ledger.Bank("BK-1"), account, amount, day, ledger.BankCredit, ledger.BankJournal)
}

// leave books money that leaves.
func (h *house) leave(account ledger.Code, amount, day string) {
	h.post(account, ledger.InTransit, amount, day, ledger.PassThrough, ledger.TransferJournal)
}

func (h *house) post(debit, credit ledger.Code, amount, day string, kind ledger.Kind, journal ledger.Journal) {
	h.t.Helper()
	h.on(day)
	h.entries++
	on := civil.MustParse(day)
	h.must(pgx.BeginFunc(h.t.Context(), h.db.App, func(tx pgx.Tx) error {
		_, err := h.books.PostTx(h.t.Context(), tx, ledger.Entry{
			Journal: journal, Kind: kind, PostedOn: on, BookedOn: on, ValueOn: on, Source: fmt.Sprintf("test %d", h.entries),
			Label: "Essai", Actor: "test",
			Postings: []ledger.Posting{{Debit: debit, Credit: credit, Amount: money.MustParse(amount)}},
		})
		return err
	}))
}

// morning lets the daily job tell the deadlines of a day and answers the open alerts of a code.
func (h *house) morning(day, code string) string {
	h.t.Helper()
	h.on(day)
	_, err := h.Deadlines(h.t.Context())
	h.must(err)
	text := ""
	for _, i := range h.list(worklist.Filter{Code: code}) {
		text += fmt.Sprintf("%s %s;", i.Mandate, strings.TrimPrefix(i.Source, code+" "+i.Mandate+" "))
	}
	return text
}

// wants plays mornings: day, then the open alerts of the code.
func (h *house) wants(code string, mornings ...[2]string) {
	h.t.Helper()
	for _, m := range mornings {
		if got := h.morning(m[0], code); got != m[1] {
			h.t.Errorf("%s, %s: got %q, want %q", m[0], code, got, m[1])
		}
	}
}

func TestTheEndOfAContractIsToldAt90And60And30Days(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.mandate("M-3", "2026-03-01", "2027-02-28")
	h.wants(worklist.ContractEnds,
		[2]string{"2026-11-29", ""},
		[2]string{"2026-11-30", "M-3 2027-02-28 90;"},
		[2]string{"2026-12-29", "M-3 2027-02-28 90;"},
		[2]string{"2026-12-30", "M-3 2027-02-28 60;"},
		[2]string{"2027-01-29", "M-3 2027-02-28 30;"},
		[2]string{"2027-02-28", "M-3 2027-02-28 30;"},
	)
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2027-02-28', end_reason = 'TERM_REACHED' WHERE mandate_id = 'M-3'`)
	h.wants(worklist.ContractEnds, [2]string{"2027-03-01", ""})
	if n := h.number(`SELECT count(*) FROM masp.alerts WHERE code = 'CONTRACT_ENDS' AND mandate_id = 'M-3'`); n != 3 {
		t.Errorf("got %d alerts, want each deadline once", n)
	}
}

func TestMoneyThatMayNotBeManagedLeavesWithinTwoBankingDays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	apart := ledger.Sub("M-1", ledger.Restricted)
	h.credit(apart, "412.37", "2026-11-05") // a Thursday
	h.wants(worklist.MoneyNotPassedOn, [2]string{"2026-11-09", ""}, [2]string{"2026-11-10", "M-1 RESTRICTED 2026-11-05;"})
	h.credit(apart, "10.00", "2026-11-10")
	h.leave(apart, "412.37", "2026-11-10")
	h.wants(worklist.MoneyNotPassedOn, [2]string{"2026-11-12", ""}, [2]string{"2026-11-13", "M-1 RESTRICTED 2026-11-10;"})
	h.leave(apart, "10.00", "2026-11-13")
	h.wants(worklist.MoneyNotPassedOn, [2]string{"2026-11-20", ""})
	h.credit(ledger.Sub("M-2", ledger.Estate), "10.00", "2026-11-20")
	h.wants(worklist.MoneyNotPassedOn, [2]string{"2026-12-20", ""})
}

func TestTheBalanceIsToBeReturnedThirtyDaysAfterTheEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.credit(ledger.Mandate("M-1"), "84.23", "2026-11-10")
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-10', end_reason = 'OTHER' WHERE mandate_id = 'M-1'`)
	h.wants(worklist.BalanceNotReturned, [2]string{"2026-12-10", ""}, [2]string{"2026-12-11", "M-1 2026-11-10;"})
	h.leave(ledger.Mandate("M-1"), "84.23", "2026-12-11")
	h.wants(worklist.BalanceNotReturned, [2]string{"2026-12-12", ""})
}

func TestAMeasureWithoutMoneyAndAPayerWithoutAnswerAreToldAfter45Days(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.on("2026-10-01")
	h.must(h.AskPayer(t.Context(), h.anne, worklist.PayerNews{Mandate: "M-1", Payer: "CAF", Direction: worklist.Start}))
	h.received(`INSERT INTO masp.receipts (entry_no, mandate_id, benefit, amount_cents, received_on) VALUES (1, 'M-2', 'RSA', 1, '2026-10-05')`)
	h.wants(worklist.NoCredit, [2]string{"2026-10-16", ""}, [2]string{"2026-10-17", "M-1 2026-09-01;"})
	h.wants(worklist.PayerChangeUnconfirmed, [2]string{"2026-11-15", ""}, [2]string{"2026-11-16", "M-1 CAF START 2026-10-01;"})
	h.must(h.ConfirmPayer(t.Context(), h.anne, worklist.PayerNews{Mandate: "M-1", Payer: "CAF", Direction: worklist.Start}))
	h.wants(worklist.PayerChangeUnconfirmed, [2]string{"2026-11-17", ""})
}

// owes adds an obligation of M-1 with its dues, all of them of 300 euros.
func (h *house) owes(id, class, debt string, dues ...string) {
	h.t.Helper()
	h.owner(`INSERT INTO masp.creditors (creditor_id, name, kind) VALUES ('C-' || $1, 'Office inventé', 'LANDLORD')`, id)
	if debt != "" {
		h.owner(`INSERT INTO masp.debts (debt_id, mandate_id, creditor_id, kind, principal_cents, outstanding_cents)
			VALUES ($1, 'M-1', 'C-' || $2, 'RENT_ARREARS', 90000, 90000)`, debt, id)
	}
	h.owner(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, frequency, due_day,
			valid_from, debt_id)
		VALUES ($1, 'M-1', $2, 'C-' || $1, 30000, 'Échéance', 'MONTHLY', 8, '2026-09-01', nullif($3, ''))`, id, class, debt)
	for _, day := range dues {
		h.owner(`INSERT INTO masp.dues (obligation_id, due_on, due_cents) VALUES ($1, $2, 30000)`, id, civil.MustParse(day))
	}
}

// paid sets what is paid of a due, in cents.
func (h *house) paid(id, day string, cents int) {
	h.t.Helper()
	h.owner(`UPDATE masp.dues SET paid_cents = $3 WHERE obligation_id = $1 AND due_on = $2`, id, civil.MustParse(day), cents)
}

func TestTwoMonthsOfUnpaidRentAreTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owes("O-RENT", "RENT", "", "2026-09-08", "2026-10-08", "2026-11-08")
	h.owes("O-PHONE", "OTHER_BILL", "", "2026-09-08", "2026-10-08")
	h.paid("O-RENT", "2026-10-08", 29999)
	h.wants(worklist.RentUnpaidTwoMonths, [2]string{"2026-10-07", ""}, [2]string{"2026-10-08", "M-1 2026-09 2026-10;"})
	h.wants(worklist.RentUnpaidTwoMonths, [2]string{"2026-11-08", "M-1 2026-09 2026-11;"})
	if got := h.list(worklist.Filter{Code: worklist.RentUnpaidTwoMonths}); got[0].Amount.String() != "600.01" || got[0].Details["months"] != "3" {
		t.Errorf("got %+v, want 600.01 of three months", got)
	}
	h.paid("O-RENT", "2026-09-08", 30000)
	h.paid("O-RENT", "2026-10-08", 30000)
	h.wants(worklist.RentUnpaidTwoMonths, [2]string{"2026-11-09", ""})
}

func TestAPlanOfRentArrearsIsBreachedOnItsDayAndAgainAfterAReturn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owes("O-PLAN", "DEBT_PLAN", "D-1", "2026-11-08")
	h.wants(worklist.PlanBreached, [2]string{"2026-11-07", ""}, [2]string{"2026-11-08", "M-1 O-PLAN@2026-11-08;"})
	h.paid("O-PLAN", "2026-11-08", 30000)
	h.wants(worklist.PlanBreached, [2]string{"2026-11-09", ""})
	h.paid("O-PLAN", "2026-11-08", 0)
	h.wants(worklist.PlanBreached, [2]string{"2026-11-10", "M-1 O-PLAN@2026-11-08 #2;"}, [2]string{"2026-11-11", "M-1 O-PLAN@2026-11-08 #2;"})
	h.must(h.Close(t.Context(), h.anne, h.list(worklist.Filter{Code: worklist.PlanBreached})[0].ID, "bailleur d'accord"))
	h.wants(worklist.PlanBreached, [2]string{"2026-11-12", ""})
	h.owner(`UPDATE masp.debts SET contested_on = '2026-11-01' WHERE debt_id = 'D-1'`)
	h.owes("O-NEXT", "DEBT_PLAN", "D-2", "2026-11-12")
	h.owner(`UPDATE masp.debts SET contested_on = '2026-11-01' WHERE debt_id = 'D-2'`)
	h.wants(worklist.PlanBreached, [2]string{"2026-11-13", ""})
}

func TestTheFactsCureWhatRunsAndImportsHaveRaised(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owes("O-RENT", "RENT", "", "2026-11-08")
	missing := alert("BENEFIT_MISSING", "M-1", "2026-11-08", "missing")
	missing.Details = map[string]string{"benefit": "RSA", "period": "2026-10"}
	unpaid := alert("RENT_UNPAID", "M-1", "2026-11-08", "unpaid")
	unpaid.Details = map[string]string{"line": "O-RENT@2026-11-08"}
	wage := alert("RESOURCE_NOT_ELIGIBLE", "M-1", "2026-11-08", "wage")
	h.credit(ledger.Sub("M-1", ledger.Restricted), "10.00", "2026-11-09")
	h.raise(missing, unpaid, wage)
	h.morning("2026-11-09", worklist.BenefitMissing)
	if got := h.codes(worklist.Filter{Mandate: "M-1"}); got != "BENEFIT_MISSING/M-1 RENT_UNPAID/M-1 RESOURCE_NOT_ELIGIBLE/M-1 NO_CREDIT/M-1" {
		t.Errorf("got %s, want all open", got)
	}
	h.received(`INSERT INTO masp.receipts (entry_no, mandate_id, benefit, period, amount_cents, received_on)
		VALUES (1, 'M-1', 'RSA', '2026-10-01', 1, '2026-11-09')`)
	h.paid("O-RENT", "2026-11-08", 30000)
	h.leave(ledger.Sub("M-1", ledger.Restricted), "10.00", "2026-11-10")
	acts := h.number(`SELECT count(*) FROM masp.audit_log WHERE action = 'alert.cure'`)
	told, err := h.Deadlines(t.Context())
	h.must(err)
	if got := h.codes(worklist.Filter{Mandate: "M-1"}); got != "" || told.Cured != 4 {
		t.Errorf("got %s, %+v, want all cured", got, told)
	}
	if told, err = h.Deadlines(t.Context()); err != nil || told != (worklist.Told{}) {
		t.Errorf("got %+v, %v, want nothing new the second time", told, err)
	}
	if n := h.number(`SELECT count(*) FROM masp.audit_log WHERE action = 'alert.cure'`); n != acts+1 {
		t.Errorf("got %d acts, want one for what was cured", n-acts)
	}
}

func TestJobsAtOnceTellEachDeadlineOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.mandate("M-3", "2026-03-01", "2027-02-28")
	h.on("2026-12-15") // M-3 ends soon, and none of the three has received anything
	var raised atomic.Int64
	var jobs sync.WaitGroup
	for range 8 {
		jobs.Go(func() {
			told, err := h.Deadlines(t.Context())
			if err != nil {
				t.Error(err)
			}
			raised.Add(int64(told.Raised))
		})
	}
	jobs.Wait()
	want := "CONTRACT_ENDS/M-3 NO_CREDIT/M-1 NO_CREDIT/M-2 NO_CREDIT/M-3"
	if got := h.codes(worklist.Filter{}); got != want || raised.Load() != 4 {
		t.Errorf("got %s, %d raised, want %s, 4 raised", got, raised.Load(), want)
	}
}

func TestUnidentifiedMoneyIsToldAWeekBeforeItIsLateAndOnceItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owner(`WITH f AS (
		INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
		VALUES ('f', sha256('f'), 1, 'camt.053', 'accepted', masp.now(), 'test') RETURNING file_id
	), s AS (
		INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents, closing_cents,
		       closing_on, entries, content_hash, state, chain_no)
		SELECT file_id, 1, 'BK-1', 'x', 'x', 0, 0, '2026-11-09', 1, sha256(''), 'accepted', 1 FROM f RETURNING statement_id
	), l AS (
		INSERT INTO masp.bank_lines (line_id, statement_id, rank, booked_on, value_on, amount_cents, counterparty, state, entry_no)
		OVERRIDING SYSTEM VALUE SELECT 7, statement_id, 1, '2026-11-09', '2026-11-09', 7000, 'INCONNU', 'suspense', 1 FROM s RETURNING line_id
	) INSERT INTO masp.suspense_items (line_id, open_cents) SELECT line_id, 7000 FROM l`)
	h.wants(worklist.SuspenseNear, [2]string{"2026-12-01", ""}, [2]string{"2026-12-02", " line 7;"}, [2]string{"2026-12-08", " line 7;"})
	h.wants(worklist.SuspenseLate, [2]string{"2026-12-08", ""}, [2]string{"2026-12-09", " line 7;"})
	h.wants(worklist.SuspenseNear, [2]string{"2026-12-09", ""})
	late := h.list(worklist.Filter{Code: worklist.SuspenseLate})[0]
	if !strings.Contains(late.Text, "70,00") || !strings.Contains(late.Text, "Personne ne s'en occupe") {
		t.Errorf("got %q", late.Text)
	}
	h.owner(`UPDATE masp.organisations SET suspense_days = 60`)
	h.wants(worklist.SuspenseLate, [2]string{"2026-12-10", ""}, [2]string{"2027-01-08", " line 7 #2;"})
}

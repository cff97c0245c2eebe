package payments_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// run proposes, submits, approves and files.
func (h *house) run(ask payments.Ask) payments.Run {
	h.t.Helper()
	run, err := h.Propose(h.t.Context(), h.anne, ask)
	if err != nil {
		h.t.Fatalf("propose: %v", err)
	}
	return h.carryOut(run)
}

// carryOut submits, approves by a second person and files.
func (h *house) carryOut(run payments.Run) payments.Run {
	h.t.Helper()
	h.decided(run)
	run, err := h.Submit(h.t.Context(), h.anne, run.ID)
	if err == nil {
		run, err = h.Approve(h.t.Context(), h.bruno, run.ID, run.ContentHash)
	}
	if err == nil {
		_, err = h.File(h.t.Context(), h.bruno, run.ID)
	}
	if err != nil {
		h.t.Fatalf("carry out: %v", err)
	}
	return h.show(run.ID)
}

// posted prints the payments in the order of the journal.
func (h *house) posted() string {
	h.t.Helper()
	var out strings.Builder
	rows, err := h.db.Owner.Query(h.t.Context(), `
		SELECT e.kind || ' ' || i.mandate_id || ' ' || i.creditor_id || ' ' || i.amount_cents
		  FROM masp.entries e JOIN masp.instructions i ON i.posted_entry = e.entry_no ORDER BY e.entry_no`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			h.t.Fatal(err)
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

// raised prints the alerts in their order.
func (h *house) raised() string {
	h.t.Helper()
	var out strings.Builder
	rows, err := h.db.Owner.Query(h.t.Context(), `
		SELECT concat_ws(' ', code, mandate_id, amount_cents, nullif(details::text, '{}')) FROM masp.alerts ORDER BY alert_id`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			h.t.Fatal(err)
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

func TestTheOrderOfTheMandatesIsThatOfTheAskAndPaymentsComeBeforeRemittances(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	for _, id := range []string{"M-0001", "M-0002"} {
		h.person(person{id: id, balance: "300.00"})
		h.owes(obligation{id: "O-" + id, mandate: id, class: "RENT", creditor: "C-LAND", amount: "200.00"})
	}
	remit := func(id string) payments.Remit { return payments.Remit{To: "C-SELF-" + id, On: []civil.Date{thursday}} }
	run := h.run(payments.Ask{
		Mandates: []string{"M-0002", "M-0001", "M-0002"},
		Remit:    map[string]payments.Remit{"M-0001": remit("M-0001"), "M-0002": remit("M-0002")},
	})
	if len(run.Mandates) != 2 || run.Mandates[0].Mandate != "M-0002" {
		t.Errorf("the run holds %+v, want M-0002 then M-0001", run.Mandates)
	}
	checkText(t, "journal", h.posted(), `PAYMENT M-0002 C-LAND 20000
PAYMENT M-0001 C-LAND 20000
REMITTANCE M-0002 C-SELF-M-0002 10000
REMITTANCE M-0001 C-SELF-M-0001 10000
`)
	h.clean()
}

func TestATransferLeavesOnAnyDayAndTheBankCarriesItOutOnTheNextBankingDay(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	saturday := civil.MustParse("2026-11-07")
	h.at(saturday, 9)
	run := h.run(payments.Ask{
		Purpose: payments.OffCycle, All: true,
		Lines: []payments.LineAsk{{Obligation: "O-RENT", DueOn: thursday}, {Obligation: "O-INS", DueOn: thursday}},
		Remit: map[string]payments.Remit{"M-0001": {To: "C-SELF-M-0001", On: []civil.Date{saturday, saturday.AddDays(1)}}},
	})
	checkText(t, "transfers", transfers(run), `PAYMENT C-LAND 217.50 2026-11-09 in_transit
PAYMENT C-INSURER 18.40 2026-11-09 in_transit
REMITTANCE C-SELF-M-0001 332.05 2026-11-09 in_transit
REMITTANCE C-SELF-M-0001 332.05 2026-11-09 scheduled
`)
	h.release(0)
	h.at(saturday.AddDays(1), 9)
	h.release(1)
	for _, i := range h.show(run.ID).Instructions() {
		if !i.Moved() || i.State != payments.InTransit {
			t.Errorf("%s leaves on %s, is carried out on %s and is %s", i.EndToEndID, i.LeaveOn, i.ExecuteOn, i.State)
		}
	}
	if n := h.number(`SELECT count(*) FROM masp.entries WHERE kind = 'REMITTANCE' AND posted_on = '2026-11-08'`); n != 1 {
		t.Errorf("%d remittances were posted on Sunday, want 1", n)
	}
	h.clean()
}

func TestAnOffCycleRunPaysOnlyWhatIsAskedInThatOrder(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	ask := func(keys ...string) payments.Ask {
		a := payments.Ask{Purpose: payments.Emergency, All: true}
		for _, id := range keys {
			a.Lines = append(a.Lines, payments.LineAsk{Obligation: id, DueOn: thursday})
		}
		return a
	}
	for code, a := range map[string]payments.Ask{
		"LINE_TWICE":       ask("O-INS", "O-INS"),
		"LINE_UNKNOWN":     ask("O-NONE"),
		"MANDATE_UNKNOWN":  {Mandates: []string{"M-0009"}},
		"LINES_OF_A_MONTH": {All: true, Lines: ask("O-INS").Lines},
		"PURPOSE_UNKNOWN":  {Purpose: payments.Restitution},
		"REMIT_PAST":       {All: true, Remit: map[string]payments.Remit{"M-0001": {To: "C-SELF-M-0001", On: []civil.Date{thursday.AddDays(-1)}}}},
		"REMIT_NO_DAY":     {All: true, Remit: map[string]payments.Remit{"M-0001": {To: "C-SELF-M-0001"}}},
		"NOT_THE_PERSON":   {All: true, Remit: map[string]payments.Remit{"M-0001": {To: "C-LAND", On: []civil.Date{thursday}}}},
		"CREDITOR_CLOSED":  {All: true, Remit: map[string]payments.Remit{"M-0001": {To: "C-NONE", On: []civil.Date{thursday}}}},
		"MANDATE_NOT_IN":   {All: true, Remit: map[string]payments.Remit{"M-0009": {To: "C-SELF-M-0001", On: []civil.Date{thursday}}}},
	} {
		h.refusesAsk(a, code)
	}
	run := h.run(ask("O-DEBT", "O-INS"))
	checkText(t, "lines", lines(run), "O-INS 18.40 PAID\nO-DEBT 30.00 PAID\n")
	checkText(t, "transfers", transfers(run), "PAYMENT C-INSURER 18.40 2026-11-05 in_transit\nPAYMENT C-LAND 30.00 2026-11-05 in_transit\n")
	h.refusesAsk(ask("O-INS"), "LINE_PAID")
	h.clean()
}

func (h *house) refusesAsk(a payments.Ask, code string) {
	h.t.Helper()
	var refused *payments.AskError
	if _, err := h.Propose(h.t.Context(), h.anne, a); !errors.As(err, &refused) || refused.Code != code {
		h.t.Errorf("%+v: got %v, want %s", a, err, code)
	} else if words := refused.French(); words == "" || strings.Contains(words, "%!") {
		h.t.Errorf("%s says %q", code, words)
	}
}

func TestARunWithoutTransfersRaisesItsAlertsInTheOrderOfItsMandatesAndIsSettled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	for _, id := range []string{"M-0001", "M-0002", "M-0003", "M-0004", "M-0005"} {
		h.person(person{id: id, floor: 20000})
	}
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-01', end_reason = 'MOVED' WHERE mandate_id = 'M-0003'`)
	h.owner(`UPDATE masp.mandates SET contract_start = '2026-03-01', contract_end = '2026-11-04' WHERE mandate_id = 'M-0004'`)
	h.owner(`UPDATE masp.mandates SET contract_start = '2026-11-06', contract_end = '2027-11-05' WHERE mandate_id = 'M-0005'`)
	h.debt("D-1", "M-0002", "C-LAND", "540.00")
	h.owes(obligation{id: "O-RENT", mandate: "M-0002", class: "RENT", creditor: "C-LAND", amount: "217.50"},
		obligation{id: "O-DEBT", mandate: "M-0002", class: "DEBT_PLAN", creditor: "C-LAND", amount: "30.00", debt: "D-1"})
	run := h.run(payments.Ask{Mandates: []string{"M-0003", "M-0002", "M-0001", "M-0005", "M-0004"}})
	if run.State != payments.Settled || len(run.Instructions()) != 0 {
		t.Errorf("the run is %s with %d transfers, want settled with none", run.State, len(run.Instructions()))
	}
	checkText(t, "alerts", h.raised(), `RUN_REFUSED M-0003 0 {"reason": "ENDED"}
LIVING_FLOOR_NOT_MET M-0002 20000
RENT_UNPAID M-0002 21750 {"line": "O-RENT@2026-11-05"}
DEBT_PLAN_MISSED M-0002 3000 {"line": "O-DEBT@2026-11-05"}
LIVING_FLOOR_NOT_MET M-0001 20000
RUN_REFUSED M-0005 0 {"reason": "PENDING_SIGNATURE"}
RUN_REFUSED M-0004 0 {"reason": "ENDED"}
`)
	for _, m := range run.Mandates {
		if m.Refused != "" && m.Refused.French() == "" {
			t.Errorf("%s has no words", m.Refused)
		}
	}
	h.clean()
}

func TestARemittanceCancelledBeforeTheFileLeavesIsNotInIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	h.person(person{id: "M-0001", balance: "300.00"})
	h.person(person{id: "M-0002", balance: "300.00"})
	h.owes(obligation{id: "O-RENT", mandate: "M-0002", class: "RENT", creditor: "C-LAND", amount: "200.00"})
	run := h.approved()
	if got := h.app(`UPDATE masp.payment_files SET released_at = masp.now()`); got != "MA022" {
		t.Errorf("a file leaves before its remittances are posted: %s, want MA022", got)
	}
	if got := h.app(`UPDATE masp.payment_files SET void = true`); got != "MA002" {
		t.Errorf("a file becomes void though all its transfers leave: %s, want MA002", got)
	}
	died, err := h.RecordDeath(t.Context(), h.anne, "M-0002", thursday)
	if err != nil || died.Frozen != money.MustParse("100.00") {
		t.Fatalf("the death freezes %s: %v, want 100.00", died.Frozen, err)
	}
	files, err := h.File(t.Context(), h.bruno, run.ID)
	if err != nil || len(files) != 1 || files[0].Transfers != 2 || strings.Contains(string(files[0].Content), "100.00") {
		t.Fatalf("got %d files, %v: want one of the rent and of the remittance of the living", len(files), err)
	}
	validate(t, files[0])
	if run = h.show(run.ID); len(run.Files) != 2 || !run.Files[0].Void {
		t.Errorf("the files are %+v, want the first one void", run.Files)
	}
	checkText(t, "alerts", h.raised(), `BENEFICIARY_DECEASED M-0002 0 {"date_of_death": "2026-11-05"}`+"\n")
	h.clean()
}

func TestAFailedPaymentIsIssuedAgainOnceAndItsDuesDoNotComeBack(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.creditor("C-NEW", "LANDLORD")
	rent := h.to(h.filed(), "C-LAND")
	again := mandates.Obligation{
		ID: "O-AGAIN", Mandate: "M-0001", Class: mandates.Rent, Creditor: "C-NEW", Amount: rent.Amount, Label: "Loyer, nouvel envoi",
		Frequency: mandates.Once, From: thursday,
	}
	refused := func(of string, o mandates.Obligation, want error) {
		t.Helper()
		if err := h.Reissue(t.Context(), h.anne, of, o); !errors.Is(err, want) {
			t.Errorf("%s as %+v: got %v, want %v", of, o, err, want)
		}
	}
	refused(rent.EndToEndID, again, payments.ErrNotFailed)
	h.bankRejects(rent, "MS03")
	other := again
	other.Amount = money.MustParse("247.49")
	refused(rent.EndToEndID, other, payments.ErrNotFailed)
	refused("V000009-000001", again, payments.ErrNotFailed)
	if err := h.Reissue(t.Context(), h.eve, rent.EndToEndID, again); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("by the auditor: got %v, want ErrRole", err)
	}
	if err := h.Reissue(t.Context(), h.anne, rent.EndToEndID, again); err != nil {
		t.Fatal(err)
	}
	other = again
	other.ID = "O-TWICE"
	refused(rent.EndToEndID, other, payments.ErrReissued)
	h.clean()
	run := h.run(payments.Ask{All: true})
	checkText(t, "lines", lines(run), "O-AGAIN 247.50 PAID\n")
	h.bankRejects(h.to(run, "C-NEW"), "MS03")
	other.Amount = rent.Amount
	if err := h.Reissue(t.Context(), h.anne, h.to(run, "C-NEW").EndToEndID, other); err != nil {
		t.Errorf("the second failure is another payment: %v", err)
	}
	h.clean()
}

func TestARejectionWhoseDuesWerePaidMeanwhileIsNotIssuedAgain(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	rent := h.to(h.filed(), "C-LAND")
	h.bankRejects(rent, "MS03")
	h.run(payments.Ask{All: true})
	err := h.Reissue(t.Context(), h.anne, rent.EndToEndID, mandates.Obligation{
		ID: "O-AGAIN", Mandate: "M-0001", Class: mandates.Rent, Creditor: "C-LAND", Amount: rent.Amount, Label: "Loyer",
		Frequency: mandates.Once, From: thursday,
	})
	if !errors.Is(err, payments.ErrPaidTwice) {
		t.Errorf("got %v, want ErrPaidTwice", err)
	}
	h.clean()
}

func TestWhatIfComputesTheRunThatProposeWouldMakeAndWritesNothing(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	rows := func() int64 {
		return h.number(`SELECT (SELECT count(*) FROM masp.dues) + (SELECT count(*) FROM masp.obligations) + (SELECT count(*) FROM masp.runs)`)
	}
	before := rows()
	plain, err := h.WhatIf(t.Context(), payments.Ask{All: true}, payments.Suppose{})
	if err != nil {
		t.Fatal(err)
	}
	dearer := mandates.Obligation{
		ID: "O-RENT", Mandate: "M-0001", Class: mandates.Rent, Creditor: "C-LAND", Amount: money.MustParse("250.00"), Label: "Loyer",
		Frequency: mandates.Monthly, DueDay: 5, From: thursday.AddDays(-40),
	}
	bill := dearer
	bill.ID, bill.Class, bill.Amount = "O-NEW", mandates.OtherBill, money.MustParse("60.00")
	supposed, err := h.WhatIf(t.Context(), payments.Ask{All: true}, payments.Suppose{
		Obligations: []mandates.Obligation{dearer, bill},
		Credits:     []payments.SupposedCredit{{Mandate: "M-0001", Amount: money.MustParse("-400.00")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := rows(); after != before {
		t.Errorf("%d rows became %d", before, after)
	}
	checkText(t, "lines", lines(supposed), `O-RENT 250.00 PAID
O-INS 18.40 PAID
O-DEBT 30.00 PAID
O-NEW 0.00 DEFERRED INSUFFICIENT_FUNDS
O-KEEP 0.00 DEFERRED HIGHER_PRIORITY_UNPAID
`)
	only, err := h.WhatIf(t.Context(), payments.Ask{
		Purpose: payments.OffCycle, All: true, Lines: []payments.LineAsk{{Obligation: "O-NEW", DueOn: thursday}},
	}, payments.Suppose{Obligations: []mandates.Obligation{bill}})
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, "asked lines", lines(only), "O-NEW 60.00 PAID\n")
	debt := payments.SupposedDebt{Mandate: "M-0001", Creditor: "C-LAND", Amount: money.MustParse("45.00")}
	indebted, err := h.WhatIf(t.Context(), payments.Ask{All: true}, payments.Suppose{Debts: []payments.SupposedDebt{debt}})
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(indebted); !strings.Contains(got, "HYPOTHESE-1 45.00 PAID") {
		t.Errorf("got\n%swant the instalment of the supposed debt among them", got)
	}
	run := h.propose()
	checkText(t, "what was computed", lines(plain)+transfers(plain), lines(run)+transfers(run))
	if _, err := h.WhatIf(t.Context(), payments.Ask{All: true}, payments.Suppose{}); err != nil {
		t.Errorf("beside an open run: %v", err)
	}
	h.clean()
}

func TestMoneyBesideTheRunsLeavesByPayoutsOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "84.23", restricted: "412.37"})
	h.creditor("C-CAF", "PAYER")
	h.creditor("C-NOT", "NOTARY")
	h.creditor("C-LAND", "LANDLORD")
	h.person(person{id: "M-0002"})
	h.credit("undue", "M-0001", ledger.Sub("M-0001", ledger.Undue), "573.49")
	of := func(p payments.Purpose, to string) payments.Payout {
		return payments.Payout{Purpose: p, Mandate: "M-0001", Sub: ledger.Restricted, To: to, Evidence: "demande du 3/11"}
	}
	h.refusesPayout(of(payments.Restitution, "C-SELF-M-0001"), "STILL_ACTIVE")
	h.refusesPayout(of(payments.OffCycle, "C-SELF-M-0001"), "PAYOUT_UNKNOWN")
	h.refusesPayout(of(payments.PassThrough, "C-LAND"), "NOT_THE_PERSON")
	h.refusesPayout(of(payments.PassThrough, "C-SELF-M-0002"), "NOT_THE_PERSON")
	h.refusesPayout(of(payments.EstatePayout, "C-CAF"), "NOT_AN_HEIR")
	h.refusesPayout(of(payments.RefundPayer, "C-SELF-M-0001"), "NOT_A_PAYER")
	h.refusesPayout(of(payments.EstatePayout, "C-NOT"), "NOTHING_THERE")
	part := of(payments.RefundPayer, "C-CAF")
	part.Evidence = "   vu.    "
	h.refusesPayout(part, "EVIDENCE_MISSING")
	part.Purpose, part.Sub = payments.PassThrough, ledger.Restricted
	h.refusesPayout(part, "EVIDENCE_MISSING")
	part.Purpose, part.Sub = payments.PassThrough, ledger.Undue
	h.refusesPayout(part, "SUB_UNKNOWN")
	part = of(payments.PassThrough, "C-SELF-M-0001")
	part.Amount = money.MustParse("1.00")
	h.refusesPayout(part, "NOT_THE_WHOLE")

	h.pays(of(payments.PassThrough, "C-SELF-M-0001"))
	part = of(payments.RefundPayer, "C-CAF")
	part.Amount = money.MustParse("573.50")
	var short *payments.ShortError
	if _, err := h.ProposePayout(t.Context(), h.anne, part); !errors.As(err, &short) {
		t.Errorf("a cent too much: got %v, want a ShortError", err)
	}
	part.Amount = money.MustParse("500.00")
	h.pays(part)
	h.credit("wages sent in error", "M-0001", ledger.Sub("M-0001", ledger.Restricted), "30.00")
	h.pays(of(payments.PassThrough, "C-CAF"))
	h.end("M-0001", mandates.Moved)
	h.refusesPayout(of(payments.Restitution, "C-SELF-M-0002"), "NOT_THE_PERSON")
	h.pays(of(payments.Restitution, "C-SELF-M-0001"))
	h.credit("heirs", "M-0001", ledger.Sub("M-0001", ledger.Estate), "10.00")
	h.pays(of(payments.EstatePayout, "C-NOT"))
	checkText(t, "journal", h.posted(), `PASS_THROUGH M-0001 C-SELF-M-0001 41237
REFUND_TO_PAYER M-0001 C-CAF 50000
PASS_THROUGH M-0001 C-CAF 3000
RESTITUTION M-0001 C-SELF-M-0001 8423
ESTATE_PAYOUT M-0001 C-NOT 1000
`)
	h.clean()
}

func (h *house) refusesPayout(p payments.Payout, code string) {
	h.t.Helper()
	var refused *payments.AskError
	if _, err := h.ProposePayout(h.t.Context(), h.anne, p); !errors.As(err, &refused) || refused.Code != code {
		h.t.Errorf("%+v: got %v, want %s", p, err, code)
	} else if words := refused.French(); words == "" || strings.Contains(words, "%!") {
		h.t.Errorf("%s says %q", code, words)
	}
}

// pays carries out a payout, which its preparer cannot approve.
func (h *house) pays(p payments.Payout) {
	h.t.Helper()
	run, err := h.ProposePayout(h.t.Context(), h.carla, p)
	if err == nil {
		run, err = h.Submit(h.t.Context(), h.carla, run.ID)
	}
	if err != nil {
		h.t.Fatalf("%s: %v", p.Purpose, err)
	}
	if _, err := h.Approve(h.t.Context(), h.carla, run.ID, run.ContentHash); !errors.Is(err, payments.ErrSamePerson) {
		h.t.Errorf("%s approved by its preparer: %v", p.Purpose, err)
	}
	if run, err = h.Approve(h.t.Context(), h.bruno, run.ID, run.ContentHash); err == nil {
		_, err = h.File(h.t.Context(), h.bruno, run.ID)
	}
	if err != nil {
		h.t.Fatalf("%s: %v", p.Purpose, err)
	}
	h.bankDebits(h.show(run.ID).Instructions()...)
	if got := h.show(run.ID); got.State != payments.Settled || got.Purpose != p.Purpose {
		h.t.Errorf("the run is %s of %s, want settled of %s", got.State, got.Purpose, p.Purpose)
	}
}

func TestPostgreSQLKnowsWhichAccountEachKindMayDebit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "100.00"})
	h.propose()
	for i, c := range []struct{ kind, account, want string }{
		{"PAYMENT", "467:M-0001:UNDUE", "each_kind_debits_its_account"},
		{"REMITTANCE", "467:M-0002", "each_kind_debits_its_account"},
		{"PASS_THROUGH", "467:M-0001", "each_kind_debits_its_account"},
		{"REFUND_TO_PAYER", "467:M-0001:ESTATE", "each_kind_debits_its_account"},
		{"ESTATE_PAYOUT", "467:M-0001", "each_kind_debits_its_account"},
		{"RESTITUTION", "467:M-0001", "MA024"},
		{"PASS_THROUGH", "467:M-0001:RESTRICTED", "MA024"},
	} {
		got := h.app(`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, purpose, content_hash, created_at)
			VALUES ('C-2026-11-9' || $1::int, 90 + $1::int, '2026-11-01', '2026-11-05', 'draft', 'RESTITUTION', sha256(''), masp.now())`, i)
		if got != "accepted" {
			t.Fatalf("a draft: %s", got)
		}
		got = h.app(`INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name, creditor_iban,
			iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id)
			SELECT 'C-2026-11-9' || $1::int, mandate_id, $2, $3, bank_account_id, creditor_id, creditor_name, creditor_iban, iban_version,
			amount_cents, leave_on, execute_on, reference, 'x' || $1::int FROM masp.instructions LIMIT 1`, i, c.kind, c.account)
		if got != c.want {
			t.Errorf("%s from %s: got %s, want %s", c.kind, c.account, got, c.want)
		}
	}
	if got := h.app(`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, purpose, content_hash, created_at)
		VALUES ('C-2026-11-80', 80, '2026-11-01', '2026-11-05', 'draft', 'ESTATE_PAYOUT', sha256(''), masp.now())`); got != "claims_have_evidence" {
		t.Errorf("an estate without a deed: %s", got)
	}
	if got := h.app(`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, purpose, content_hash, created_at, evidence)
		VALUES ('C-2026-11-80', 80, '2026-11-01', '2026-11-05', 'draft', 'REFUND_TO_PAYER', sha256(''), masp.now(), 'vu      ')`); got != "evidence_names_a_document" {
		t.Errorf("a refund on two letters: %s", got)
	}
}

func TestTheMoneyOfAPersonNeverGoesToAnother(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.person(person{id: "M-0002"})
	h.creditor("C-NOT", "NOTARY")
	other := payments.Remit{To: "C-SELF-M-0002", On: []civil.Date{thursday}}
	h.refusesAsk(payments.Ask{All: true, Remit: map[string]payments.Remit{"M-0001": other}}, "NOT_THE_PERSON")
	if got := h.app(`INSERT INTO masp.mandate_terms (mandate_id, valid_from, class_order, senior_classes, partial_classes,
		living_floor_cents, shortfall, remit_to) SELECT mandate_id, '2027-01-01', class_order, senior_classes, partial_classes,
		living_floor_cents, shortfall, 'C-SELF-M-0002' FROM masp.mandate_terms WHERE mandate_id = 'M-0001'`); got != "MA044" {
		t.Errorf("terms that remit to another person: %s", got)
	}
	for i, c := range []struct{ purpose, kind, sub, to string }{
		{"MONTHLY", "PAYMENT", "", "C-SELF-M-0002"},
		{"MONTHLY", "REMITTANCE", "", "C-SELF-M-0002"},
		{"MONTHLY", "REMITTANCE", "", "C-LAND"},
		{"PASS_THROUGH", "PASS_THROUGH", ":RESTRICTED", "C-SELF-M-0002"},
		{"PASS_THROUGH", "PASS_THROUGH", ":RESTRICTED", "C-LAND"},
		{"REFUND_TO_PAYER", "REFUND_TO_PAYER", ":UNDUE", "C-NOT"},
		{"ESTATE_PAYOUT", "ESTATE_PAYOUT", ":ESTATE", "C-SELF-M-0001"},
		{"ESTATE_PAYOUT", "ESTATE_PAYOUT", ":ESTATE", "C-LAND"},
		{"ESTATE_PAYOUT", "ESTATE_PAYOUT", ":ESTATE", "C-NOT"},
	} {
		want := "MA044"
		if c.to == "C-NOT" && c.kind == "ESTATE_PAYOUT" {
			want = "accepted"
		}
		run := fmt.Sprintf("C-2026-11-%d", 50+i)
		h.owner(`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, purpose, content_hash, created_at, evidence)
			VALUES ($1, $2, '2026-11-01', '2026-11-05', 'draft', $3, sha256(''), masp.now(), 'acte du 3 novembre')`, run, 50+i, c.purpose)
		h.owner(`INSERT INTO masp.run_mandates (run_id, mandate_id, position) VALUES ($1, 'M-0001', 0)`, run)
		got := h.app(`INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name,
			creditor_iban, iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id)
			SELECT $1, 'M-0001', $2, '467:M-0001' || $3, 'BK-M-0001', creditor_id, 'X', iban, version, 1, '2026-11-05', '2026-11-05', 'x', $1
			  FROM masp.creditor_ibans WHERE creditor_id = $4`, run, c.kind, c.sub, c.to)
		if got != want {
			t.Errorf("%s to %s: got %s, want %s", c.kind, c.to, got, want)
		}
	}
}

func TestUndueBenefitsThatNobodyClaimsGoToTheHeirsAfterTwoYears(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001"})
	h.creditor("C-NOT", "NOTARY")
	h.end("M-0001", mandates.Death)
	h.credit("after death", "M-0001", ledger.Sub("M-0001", ledger.Undue), "120.00")
	p := payments.Payout{
		Purpose: payments.EstatePayout, Mandate: "M-0001", Sub: ledger.Undue, To: "C-NOT", Evidence: "acte du 4 novembre",
	}
	h.at(civil.MustParse("2028-11-04"), 9)
	h.refusesPayout(p, "UNDUE_CLAIMED")
	h.at(civil.MustParse("2028-11-05"), 9)
	h.carla, h.bruno = h.user("carla.later", auth.Coordinator, auth.Approver), h.user("bruno.later", auth.Approver)
	h.pays(p)
	h.owner(`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, purpose, content_hash, created_at, evidence)
		VALUES ('C-2028-11-9', 90, '2028-11-01', '2028-11-04', 'draft', 'ESTATE_PAYOUT', sha256(''), masp.now(), 'acte du 4 novembre')`)
	h.owner(`INSERT INTO masp.run_mandates (run_id, mandate_id, position) VALUES ('C-2028-11-9', 'M-0001', 0)`)
	if got := h.app(`INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name,
		creditor_iban, iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id)
		SELECT 'C-2028-11-9', 'M-0001', 'ESTATE_PAYOUT', '467:M-0001:UNDUE', 'BK-M-0001', creditor_id, 'X', iban, version, 1,
		'2028-11-04', '2028-11-06', 'x', 'x' FROM masp.creditor_ibans WHERE creditor_id = 'C-NOT'`); got != "MA044" {
		t.Errorf("a day early in SQL: %s", got)
	}
	if got := h.held(ledger.Sub("M-0001", ledger.Undue)); got != "0.00" {
		t.Errorf("%s are still undue, want nothing: the measure can be closed", got)
	}
}

func TestAnEndIsNoEarlierThanWhatWasPaidAndABalanceLeavesOnceItIsNoted(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.approved()
	_, err := h.EndMandate(t.Context(), h.anne, "M-0001", thursday.AddDays(-1), mandates.Moved)
	if !errors.Is(err, mandates.ErrEndAfterRun) {
		t.Errorf("an end before an approved run: got %v, want ErrEndAfterRun", err)
	}
	h.person(person{id: "M-0002", balance: "30.00"})
	h.at(civil.MustParse("2027-01-02"), 9)
	restitution := payments.Payout{Purpose: payments.Restitution, Mandate: "M-0002", To: "C-SELF-M-0002"}
	h.refusesPayout(restitution, "STILL_ACTIVE")
	if _, err := h.EndTerms(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.pays(restitution)
}

package payments_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
	"masp/payments/worklist"
)

func TestADueStandsInOneOpenRunAndComesBackWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	first := h.submitted()
	var open *payments.OpenRunError
	if _, err := h.Propose(t.Context(), h.anne, payments.Ask{All: true}); !errors.As(err, &open) || open.Run != first.ID {
		t.Errorf("a second run for the same mandate: got %v, want an OpenRunError of %s", err, first.ID)
	}
	if err := h.Cancel(t.Context(), h.anne, first.ID); err != nil {
		t.Fatal(err)
	}
	cancelled := h.show(first.ID)
	if len(cancelled.Files) != 1 || !cancelled.Files[0].Void || cancelled.State != payments.Cancelled {
		t.Errorf("a cancelled run keeps a file that may leave: %+v", cancelled.Files)
	}
	second := h.filed()
	if got := second.ID; got != "C-2026-11-2" {
		t.Errorf("the second run is %s", got)
	}
	checkText(t, "lines", lines(second), lines(first))
	var state *payments.StateError
	if _, err := h.File(t.Context(), h.bruno, first.ID); !errors.As(err, &state) {
		t.Errorf("a cancelled run is filed: %v", err)
	}
	h.clean()
}

func TestProposalsOfDifferentPersonsAtOnceGetDifferentNumbers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := []string{"M-0001", "M-0002", "M-0003", "M-0004"}
	for _, id := range ids {
		h.person(person{id: id, balance: "100.00"})
	}
	var wait sync.WaitGroup
	for _, id := range ids {
		wait.Go(func() {
			if _, err := h.Propose(t.Context(), h.anne, payments.Ask{Mandates: []string{id}}); err != nil {
				t.Errorf("propose for %s: %v", id, err)
			}
		})
	}
	wait.Wait()
	if n := h.number(`SELECT max(run_number) FROM masp.runs`); n != 4 {
		t.Errorf("the last run has number %d, want 4", n)
	}
	h.clean()
}

// Two runs of one due cannot be proposed; if they stand there all the same, the due is paid once.
func TestADueIsPaidOnceWhateverIsApprovedAtOnce(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.credit("more", "M-0001", ledger.Mandate("M-0001"), "5000.00")
	first := h.submitted()
	h.tamper(`UPDATE masp.runs SET state = 'approved'`) // hides it from the next proposal
	second := h.submitted()
	h.tamper(`UPDATE masp.runs SET state = 'in_review'`)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var refused []error
	for _, run := range []payments.Run{first, second} {
		wait.Go(func() {
			if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
				mu.Lock()
				defer mu.Unlock()
				refused = append(refused, err)
			}
		})
	}
	wait.Wait()
	var short *payments.ShortError
	if len(refused) != 1 || !errors.Is(refused[0], payments.ErrPaidTwice) && !errors.As(refused[0], &short) {
		t.Errorf("got refusals %v, want one", refused)
	}
	if got := h.duePaid("O-RENT"); got != "217.50" {
		t.Errorf("%s of the rent are paid, want 217.50", got)
	}
	h.clean()
}

func TestMoneyThatLeftMeanwhileStopsTheWholeApproval(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.person(person{id: "M-0002", balance: "100.00"})
	run := h.submitted()
	h.move(ledger.BankDebit, "seized", ledger.Mandate("M-0002"), ledger.Bank("BK-M-0002"), "0.01")
	var short *payments.ShortError
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.As(err, &short) || short.Mandate != "M-0002" {
		t.Fatalf("got %v, want a ShortError of M-0002", err)
	}
	checkText(t, "what a person reads", short.French(),
		"Le mandat M-0002 n'a plus que 99,99\u00a0€ de disponible ; la campagne en demande 100,00\u00a0€. "+
			"Annulez la campagne et proposez-la de nouveau.")
	for what, got := range map[string]int64{
		"paid":     h.number(`SELECT sum(paid_cents) FROM masp.dues`),
		"reserved": h.number(`SELECT count(*) FROM masp.reserve_movements`),
		"posted":   h.number(`SELECT count(*) FROM masp.instructions WHERE posted_entry IS NOT NULL`),
		"approved": h.number(`SELECT count(*) FROM masp.run_acts WHERE act = 'approve'`),
	} {
		if got != 0 {
			t.Errorf("a refused approval leaves %s = %d", what, got)
		}
	}
	if got := h.owed("D-1"); got != "540.00" {
		t.Errorf("the debt fell to %s", got)
	}
	h.clean()
}

func TestARunOfAMeasureThatEndedMeanwhileIsNotApproved(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.submitted()
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-05', end_reason = 'MOVED'`)
	var ended *payments.EndedError
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.As(err, &ended) {
		t.Errorf("got %v, want an EndedError", err)
	}
	h.at(thursday.AddDays(1), 9)
	h.owner(`UPDATE masp.mandates SET status = 'ACTIVE', renewed_to = '2027-12-31'`)
	var past *payments.PastError
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.As(err, &past) {
		t.Errorf("a day late: got %v, want a PastError", err)
	}
	h.clean()
}

func TestARejectedTransferIsDueAgainOnce(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	rent := h.to(run, "C-LAND")
	before := h.held(ledger.Mandate("M-0001"))
	if posted := h.bankRejects(rent, "MS03"); posted.Replayed {
		t.Error("the first rejection posts nothing")
	}
	if posted := h.bankRejects(rent, "MS03"); !posted.Replayed {
		t.Error("the second rejection posts again")
	}
	if got := h.held(ledger.Mandate("M-0001")); before != "485.57" || got != "733.07" {
		t.Errorf("the person held %s and holds %s, want 247.50 more", before, got)
	}
	h.checkOpenAgain("PAYMENT_REJECTED", "Virement refusé par la banque (MS03) : Société C-LAND")
	h.clean()
}

func TestAReturnedTransferIsDueAgainOnce(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	rent := h.to(h.filed(), "C-LAND")
	h.bankDebits(rent)
	told := h.bankReturns(rent, "MS03")
	again := func() error {
		return h.in(func(tx pgx.Tx) error { return h.MarkReturnedTx(t.Context(), tx, told) })
	}
	if err := again(); err != nil {
		t.Errorf("the same return told twice: %v", err)
	}
	told.Entry++
	if err := again(); err == nil {
		t.Error("a transfer comes back by two entries")
	}
	if posted := h.bankRejects(rent, "MS03"); !posted.Replayed {
		t.Error("a returned transfer is given back by a rejection as well")
	}
	h.checkOpenAgain("PAYMENT_RETURNED", "Virement revenu (MS03) : Société C-LAND")
	h.clean()
}

// checkOpenAgain looks at what a failed rent and instalment leave behind.
func (h *house) checkOpenAgain(code, text string) {
	h.t.Helper()
	if rent, debt := h.duePaid("O-RENT"), h.owed("D-1"); rent != "0.00" || debt != "540.00" {
		h.t.Errorf("%s of the rent count as paid and %s are owed, want nothing and 540.00", rent, debt)
	}
	raised, err := (&worklist.Service{DB: h.db.App}).Raised(h.t.Context())
	if err != nil || len(raised) != 1 || raised[0].Code != code || raised[0].Text != text {
		h.t.Errorf("alerts %+v, %v; want one %s: %s", raised, err, code, text)
	}
	again := h.propose()
	checkText(h.t, "lines of the next run", lines(again), "O-RENT 217.50 PAID\nO-DEBT 30.00 PAID\n")
}

func TestAPartialRentIsFinishedByASecondRun(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	h.creditor("C-INSURER", "INSURER")
	h.person(person{id: "M-0001", balance: "150.00", floor: 20000})
	h.owes(obligation{id: "O-RENT", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "217.50"},
		obligation{id: "O-INS", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-INSURER", amount: "18.40"})
	run := h.filed()
	checkText(t, "first run", lines(run), "O-RENT 150.00 PARTIAL INSUFFICIENT_FUNDS\nO-INS 0.00 BLOCKED RENT_FIRST\n")
	checkText(t, "first run", transfers(run), "PAYMENT C-LAND 150.00 2026-11-05 in_transit\n")
	h.clean()
	h.credit("late benefit", "M-0001", ledger.Mandate("M-0001"), "300.00")
	run = h.filed()
	checkText(t, "second run", lines(run), "O-RENT 67.50 PAID\nO-INS 18.40 PAID\n")
	checkText(t, "second run", transfers(run), `PAYMENT C-LAND 67.50 2026-11-05 in_transit
PAYMENT C-INSURER 18.40 2026-11-05 in_transit
REMITTANCE C-SELF-M-0001 53.53 2026-11-05 in_transit
REMITTANCE C-SELF-M-0001 53.53 2026-11-12 scheduled
REMITTANCE C-SELF-M-0001 53.52 2026-11-19 scheduled
REMITTANCE C-SELF-M-0001 53.52 2026-11-26 scheduled
`)
	if got := h.duePaid("O-RENT"); got != "217.50" {
		t.Errorf("%s of the rent are paid", got)
	}
	h.clean()
}

func TestReservesAndPromisesAreNotSpentAndRemittancesCountForTheFloor(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.filed()
	h.credit("help", "M-0001", ledger.Mandate("M-0001"), "25.00")
	m := h.propose().Mandates[0]
	// 900.00 − 414.43 sent − 40.00 reserved − 445.57 scheduled + 25.00
	if got := m.Available.String(); got != "25.00" {
		t.Errorf("available %s, want what has just arrived", got)
	}
	if got := m.FloorLeft.String(); got != "0.00" {
		t.Errorf("the floor still asks %s after 594.10 for the person this month", got)
	}
}

func TestWhatIsLeftOverComesBackButNotOldRent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	h.creditor("C-INSURER", "INSURER")
	h.person(person{id: "M-0001", balance: "0.50", floor: 20000})
	h.owes(obligation{id: "O-RENT", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "217.50"},
		obligation{id: "O-INS", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-INSURER", amount: "18.40"},
		obligation{id: "O-GONE", mandate: "M-0001", class: "OTHER_BILL", creditor: "C-INSURER", amount: "5.00"})
	h.filed()
	h.owner(`UPDATE masp.obligations SET valid_to = '2026-11-04' WHERE obligation_id = 'O-GONE'`)
	h.at(civil.MustParse("2026-12-07"), 9)
	h.credit("december", "M-0001", ledger.Mandate("M-0001"), "900.00")
	checkText(t, "lines of December", lines(h.propose()), "O-RENT 217.50 PAID\nO-INS 18.40 PAID\nO-INS 18.40 PAID\n")
	h.clean()
}

func TestARunIsRefusedForWhomItCannotBeRight(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	h.creditor("C-NEW", "LANDLORD")
	h.owner(`UPDATE masp.creditor_ibans SET payable_from = masp.now() + interval '1 hour' WHERE creditor_id = 'C-NEW'`)
	h.person(person{id: "M-0001", balance: "500.00"})
	h.person(person{id: "M-0002", balance: "500.00"})
	h.person(person{id: "M-0003", balance: "500.00"})
	h.owes(obligation{id: "O-1", mandate: "M-0001", class: "RENT", creditor: "C-NEW", amount: "200.00"},
		obligation{id: "O-2", mandate: "M-0002", class: "RENT", creditor: "C-LAND", amount: "200.00"})
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-01', end_reason = 'MOVED' WHERE mandate_id = 'M-0002'`)
	run, err := h.Propose(t.Context(), h.anne, payments.Ask{Mandates: []string{"M-0001", "M-0002", "M-0003"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []payments.Refusal{payments.RentIBANNotOpen, "ENDED", ""} {
		if got := run.Mandates[i]; got.Refused != want || want != "" && len(got.Transfers)+len(got.Lines) > 0 {
			t.Errorf("%s: refused %q with %d transfers, want %q", got.Mandate, got.Refused, len(got.Transfers), want)
		}
	}
}

func TestAContestedDebtIsBlockedAndAnInstalmentNeverAsksMoreThanTheDebt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-CAF", "PUBLIC")
	h.person(person{id: "M-0001", balance: "500.00"})
	h.debt("D-CONTESTED", "M-0001", "C-CAF", "300.00")
	h.debt("D-SMALL", "M-0001", "C-CAF", "12.30")
	h.debt("D-FROZEN", "M-0001", "C-CAF", "80.00")
	h.owner(`UPDATE masp.debts SET contested_on = '2026-11-05' WHERE debt_id = 'D-CONTESTED'`)
	h.owes(
		obligation{id: "O-1", mandate: "M-0001", class: "DEBT_PLAN", creditor: "C-CAF", amount: "30.00", debt: "D-CONTESTED"},
		obligation{id: "O-2", mandate: "M-0001", class: "DEBT_PLAN", creditor: "C-CAF", amount: "10.00", debt: "D-SMALL"},
		obligation{id: "O-3", mandate: "M-0001", class: "DEBT_PLAN", creditor: "C-CAF", amount: "10.00", debt: "D-SMALL"},
		obligation{
			id: "O-4", mandate: "M-0001", class: "DEBT_PLAN", creditor: "C-CAF", amount: "40.00", debt: "D-FROZEN",
			block: "OVER_INDEBTEDNESS_FREEZE",
		})
	run := h.approved()
	checkText(t, "lines", lines(run), `O-1 0.00 BLOCKED CONTESTED_DEBT
O-2 10.00 PAID
O-3 2.30 PAID
O-4 0.00 BLOCKED OVER_INDEBTEDNESS_FREEZE
`)
	if got := h.owed("D-SMALL"); got != "0.00" {
		t.Errorf("%s are left of the small debt", got)
	}
	h.clean()
}

func TestARentWhoseIBANTheBankCallsClosedWaitsForAnotherOne(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.bankRejects(h.to(h.filed(), "C-LAND"), "AC04")
	if got := h.propose().Mandates[0].Refused; got != payments.RentIBANNotOpen {
		t.Errorf("refused %q, want %q: nothing lower may take the money of the rent", got, payments.RentIBANNotOpen)
	}
	h.clean()
}

// An import holds the books when it reopens a due; an approval of the rest of the same due
// must not wait for it in a ring.
func TestARejectionAndAnApprovalOfTheSameDueDoNotBlockEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	h.person(person{id: "M-0001", balance: "150.00"})
	h.owes(obligation{id: "O-RENT", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "217.50"})
	part := h.to(h.filed(), "C-LAND")
	h.credit("late benefit", "M-0001", ledger.Mandate("M-0001"), "300.00")
	rest := h.submitted()
	var wait sync.WaitGroup
	wait.Go(func() {
		if _, err := h.Approve(t.Context(), h.bruno, rest.ID, rest.ContentHash); err != nil {
			t.Errorf("approve: %v", err)
		}
	})
	wait.Go(func() {
		err := h.in(func(tx pgx.Tx) error {
			_, err := h.RejectTx(t.Context(), tx, payments.Rejection{
				Instruction: part.ID, Reason: "MS03", Source: "pain.002 R1", On: thursday, Actor: "test",
			})
			return err
		})
		if err != nil {
			t.Errorf("reject: %v", err)
		}
	})
	wait.Wait()
	if got := h.duePaid("O-RENT"); got != "67.50" {
		t.Errorf("%s of the rent are paid, want what the second run paid", got)
	}
	h.clean()
}

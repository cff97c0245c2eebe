package payments_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masp/payments"
)

// choose decides as Anne and answers the run as it is then.
func (h *house) choose(run payments.Run, code payments.ExceptionCode, d payments.Decision) payments.Run {
	h.t.Helper()
	if err := h.decide(h.anne, run, h.one(run, code), d, "vu avec la personne"); err != nil {
		h.t.Fatalf("decide %s by %q: %v", code, d, err)
	}
	return h.show(run.ID)
}

// strapped is a draft in which the rent is paid, and what is left does not pay the insurance.
func (h *house) strapped() payments.Run {
	h.t.Helper()
	h.creditor("C-LAND", "LANDLORD")
	h.creditor("C-INSURER", "INSURER")
	h.person(person{id: "M-0001", balance: "230.00"})
	h.owes(
		obligation{id: "O-RENT", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "217.50"},
		obligation{id: "O-INS", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-INSURER", amount: "18.40"},
		obligation{id: "O-DEBT", mandate: "M-0001", class: "OTHER_BILL", creditor: "C-LAND", amount: "30.00"},
		obligation{id: "O-KEEP", mandate: "M-0001", class: "RESERVE", amount: "40.00"})
	return h.propose()
}

func TestADecisionIsCarriedOutAtOnceAndTakenBackWithIt(t *testing.T) {
	t.Parallel()
	const computed = "O-RENT 217.50 PAID\nO-INS 0.00 DEFERRED INSUFFICIENT_FUNDS\n" +
		"O-DEBT 0.00 DEFERRED HIGHER_PRIORITY_UNPAID\nO-KEEP 0.00 DEFERRED HIGHER_PRIORITY_UNPAID\n"
	for decision, want := range map[payments.Decision]string{
		payments.DecidePayPart: "O-RENT 217.50 PAID\nO-INS 12.50 PAID\n",
		payments.DecideBlock:   "O-RENT 217.50 PAID\nO-INS 0.00 BLOCKED BLOCKED_BY_COORDINATOR\n",
		payments.DecideDefer:   computed,
		payments.DecideKeep:    computed,
	} {
		t.Run(string(decision), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			first := h.strapped()
			checkText(t, "computed", lines(first), computed)
			run := h.choose(first, payments.InsufficientMoney, decision)
			if got := lines(run); !strings.HasPrefix(got, want) {
				t.Errorf("decided: got\n%s\nwant\n%s", got, want)
			}
			of := slices.IndexFunc(run.Exceptions(), func(e payments.Exception) bool { return e.No == h.one(first, payments.InsufficientMoney).No })
			v := run.Exceptions()[of].Verdict
			if v.Decision != decision || v.By != "anne" || v.Act != 2 || len(run.Acts) != 2 {
				t.Errorf("kept %+v in %d acts, want one act of Anne", v, len(run.Acts))
			}
			h.clean()
			back := payments.Choice{Run: run.ID, Seen: run.ContentHash, Exception: run.Exceptions()[of].No, Reason: "erreur"}
			run, err := h.Decide(t.Context(), h.anne, back)
			if err != nil {
				t.Fatal(err)
			}
			checkText(t, "taken back", lines(run), computed)
			if h.one(run, payments.InsufficientMoney).Verdict.Decided() {
				t.Error("taken back, it is still decided")
			}
			h.clean()
		})
	}
}

func TestARentPutOffByADecisionHoldsTheRestBackAndIsSignedSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, e := h.short()
	if got := e.Choices(); slices.Contains(got, payments.DecideBlock) {
		t.Errorf("a rent may be held back: %v", got)
	}
	run := h.choose(first, payments.InsufficientMoney, payments.DecideDefer)
	checkText(t, "lines", lines(run), "O-RENT 0.00 DEFERRED DEFERRED_BY_COORDINATOR\n")
	if run.ContentHash == first.ContentHash || transfers(run) != "" {
		t.Errorf("the content is that of before:\n%s", transfers(run))
	}
	if err := h.decide(h.anne, first, e, payments.DecideKeep, "vu"); !errors.Is(err, payments.ErrStale) {
		t.Errorf("decided on the content of before: got %v, want ErrStale", err)
	}
	if err := h.decide(h.anne, run, e, payments.DecideKeep, "le bailleur veut un acompte"); err != nil {
		t.Fatalf("replaced: %v", err)
	}
	run = h.show(run.ID)
	checkText(t, "replaced", lines(run), lines(first))
	run = h.choose(run, payments.InsufficientMoney, payments.DecideDefer)
	h.decided(run)
	h.signed(run.ID)
	if got := h.duePaid("O-RENT"); got != "0.00" {
		t.Errorf("%s of the rent are paid", got)
	}
	h.clean()
}

func TestALineIsWithdrawnOrPaidAsBeforeByItsDecision(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.next()
	h.owner(`UPDATE masp.obligations SET valid_to = '2026-11-30' WHERE obligation_id = 'O-INS'`)
	h.owes(
		obligation{id: "O-INS-2", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-INSURER", amount: "20.00"},
		obligation{id: "O-FINE", mandate: "M-0001", class: "OTHER_BILL", creditor: "C-LAND", amount: "30.00"})
	run := h.propose()
	run = h.choose(run, payments.DuplicateSuspected, payments.DecideWithdraw)
	run = h.choose(run, payments.AmountChanged, payments.DecideKeepOld)
	const want = `O-RENT 217.50 PAID
O-INS-2 18.40 PAID
O-DEBT 30.00 PAID
O-KEEP 40.00 RESERVED
`
	checkText(t, "lines", lines(run), want)
	h.clean()
	twin := h.one(run, payments.DuplicateSuspected)
	if err := h.decide(h.anne, run, twin, payments.DecideNotTwice, "deux contrats"); err != nil {
		t.Fatal(err)
	}
	run = h.show(run.ID)
	if got := lines(run); !strings.Contains(got, "O-FINE 30.00 PAID") {
		t.Errorf("the line has not come back:\n%s", got)
	}
	h.decided(run)
	h.signed(run.ID)
	h.clean()
}

func TestAllLinesOfACreditorLeaveTheRunTogether(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	last := h.next()
	h.owes(obligation{id: "O-INS-2", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-INSURER", amount: "11.00"})
	h.bankReturns(h.to(h.show(last.ID), "C-INSURER"), "MS03")
	first := h.propose()
	run := h.choose(first, payments.PayeeRejected, payments.DecideWithdraw)
	if got := lines(run); strings.Contains(got, "O-INS") {
		t.Errorf("some of them stay:\n%s", got)
	}
	if e := h.one(run, payments.PayeeRejected); e.Open() || len(run.Acts) != 2 {
		t.Errorf("got %+v in %d acts, want one decision", e, len(run.Acts))
	}
	h.clean()
	run = h.choose(run, payments.PayeeRejected, payments.DecideKeep)
	checkText(t, "replaced", lines(run), lines(first))
	var choice *payments.ChoiceError
	err := h.decide(h.anne, run, h.one(run, payments.PayeeRejected), payments.DecideKeepOld, "vu")
	if !errors.As(err, &choice) {
		t.Errorf("the old IBAN: got %v, want a ChoiceError", err)
	}
	run = h.choose(run, payments.PayeeRejected, payments.DecideCorrectIBAN)
	var waits *payments.UnchangedError
	if _, err := h.Submit(t.Context(), h.anne, run.ID); !errors.As(err, &waits) || !strings.Contains(waits.French(), "IBAN") {
		t.Errorf("an IBAN to correct: got %v, want an UnchangedError", err)
	}
	run = h.choose(run, payments.PayeeRejected, payments.DecideWithdraw)
	h.decided(run)
	h.signed(run.ID)
	h.clean()
}

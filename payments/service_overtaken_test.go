package payments_test

import (
	"errors"
	"testing"

	"masp/ledger"
	"masp/payments"
)

// A draft in which the rent waits for money is not frozen once the money has come.
func TestADraftThatMoneyHasOvertakenIsNotSubmitted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0003", balance: "50.00"})
	h.creditor("C-BAIL", "LANDLORD")
	h.owes(obligation{id: "O-0003-RENT", mandate: "M-0003", class: "RENT", creditor: "C-BAIL", amount: "300.00"})
	run := h.propose()
	h.credit("late", "M-0003", ledger.Mandate("M-0003"), "400.00")
	_, err := h.Submit(t.Context(), h.anne, run.ID)
	var overtaken *payments.OvertakenError
	if !errors.As(err, &overtaken) || overtaken.Mandate != "M-0003" {
		t.Fatalf("got %v, want an OvertakenError of M-0003: the rent would stay unpaid with the money there", err)
	}
	if got := h.show(run.ID).State; got != payments.Draft {
		t.Errorf("the run is %s, want draft", got)
	}
}

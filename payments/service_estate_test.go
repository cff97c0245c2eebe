package payments_test

import (
	"testing"

	"masp/ledger"
	"masp/payments"
)

func TestWhatComesBackAfterADeathIsKeptForTheHeirs(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	rent := h.to(h.filed(), "C-LAND")
	if _, err := h.RecordDeath(t.Context(), h.anne, "M-0001", thursday); err != nil {
		t.Fatal(err)
	}
	estate, own := ledger.Sub("M-0001", ledger.Estate), ledger.Mandate("M-0001")
	before := h.held(estate)
	if kept, err := h.KeepForHeirs(t.Context()); err != nil || len(kept) != 0 || h.held(estate) != before {
		t.Fatalf("nothing has come back: kept %v, %v", kept, err)
	}
	h.bankRejects(rent, "AC04")
	if got := h.held(own); got != rent.Amount.String() {
		t.Fatalf("the rejected rent is back as %s on the account of the deceased, want %s", got, rent.Amount)
	}
	for _, want := range []int{1, 0} {
		if kept, err := h.KeepForHeirs(t.Context()); err != nil || len(kept) != want {
			t.Errorf("kept %v, %v: want %d mandates", kept, err, want)
		}
	}
	if got := h.held(own); got != "0.00" {
		t.Errorf("the account of the deceased holds %s, want nothing", got)
	}
	h.creditor("C-NOT", "NOTARY")
	h.pays(payments.Payout{
		Purpose: payments.EstatePayout, Mandate: "M-0001", To: "C-NOT", Evidence: "acte de notoriété du 10 novembre",
	})
	if got := h.held(estate); got != "0.00" {
		t.Errorf("after the payment to the heirs the estate holds %s, want nothing", got)
	}
	h.clean()
}

// What may not be managed belongs to the heirs of somebody who has died, as the rest.
func TestWhatMayNotBeManagedGoesToTheHeirsAfterADeath(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "10.00", restricted: "412.37"})
	h.creditor("C-NOT", "NOTARY")
	to := payments.Payout{
		Purpose: payments.PassThrough, Mandate: "M-0001", Sub: ledger.Restricted, To: "C-NOT", Evidence: "acte de notoriété",
	}
	h.refusesPayout(to, "NOT_THE_PERSON")
	if _, err := h.RecordDeath(t.Context(), h.anne, "M-0001", thursday); err != nil {
		t.Fatal(err)
	}
	bare := to
	bare.Evidence = ""
	h.refusesPayout(bare, "EVIDENCE_MISSING")
	h.pays(to)
	if got := h.held(ledger.Sub("M-0001", ledger.Restricted)); got != "0.00" {
		t.Errorf("%s is left, want nothing", got)
	}
	h.clean()
}

package payments_test

import (
	"errors"
	"testing"

	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

func TestAnIBANThatABankHasRefusedIsSaidSoAndMayBeProposedAgain(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	people := &mandates.Service{DB: h.db.App, Ledger: h.Ledger}
	h.bankRejects(h.to(h.filed(), "C-LAND"), "AC04")
	refused := h.land(people, "refused", 0)
	want := "refusé par la banque (AC04) : demandez un nouveau RIB, puis masp creditor iban C-LAND …"
	if got := refused.French(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if _, err := people.ProposeIBAN(h.t.Context(), h.anne, "C-LAND", refused.IBAN, " "); !errors.Is(err, mandates.ErrEvidence) {
		t.Errorf("without evidence: got %v, want ErrEvidence", err)
	}
	version, err := people.ProposeIBAN(h.t.Context(), h.anne, "C-LAND", refused.IBAN, "la banque du bailleur s'est trompée")
	if err != nil || version != 2 {
		t.Fatalf("the same IBAN again: got version %d, %v, want 2", version, err)
	}
	h.land(people, "to_confirm", 0)
	if _, err := people.ProposeIBAN(h.t.Context(), h.anne, "C-LAND", refused.IBAN, "encore"); !errors.Is(err, mandates.ErrSameIBAN) {
		t.Errorf("while it waits: got %v, want ErrSameIBAN", err)
	}
	if _, err := people.ConfirmIBAN(h.t.Context(), h.anne, "C-LAND"); !errors.Is(err, mandates.ErrSamePerson) {
		t.Errorf("alone: got %v, want ErrSamePerson", err)
	}
	if _, err := people.ConfirmIBAN(h.t.Context(), h.bruno, "C-LAND"); err != nil {
		t.Fatal(err)
	}
	h.land(people, "held", 0)
	h.at(thursday.AddDays(3), 10)
	h.land(people, "payable", 2)
	if got := h.to(h.propose(), "C-LAND"); got.IBANVersion != 2 || got.IBAN != refused.IBAN.String() {
		t.Errorf("got %+v, want the rent paid to version 2", got)
	}
	h.clean()
}

func TestAnOlderIBANDoesNotStandInForARefusedOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.at(thursday.AddDays(-4), 9)
	h.eva()
	people := &mandates.Service{DB: h.db.App, Ledger: h.Ledger}
	if _, err := people.ProposeIBAN(h.t.Context(), h.carla, "C-LAND", sepa.MustParseIBAN(h.iban()), "RIB"); err != nil {
		t.Fatal(err)
	}
	if _, err := people.ConfirmIBAN(h.t.Context(), h.anne, "C-LAND"); err != nil {
		t.Fatal(err)
	}
	h.at(thursday, 10)
	h.bankRejects(h.to(h.filed(), "C-LAND"), "AC01")
	h.land(people, "refused", 0)
	if got := h.propose().Mandates[0].Refused; got != payments.RentIBANNotOpen {
		t.Errorf("refused %q, want %q: the approval would refuse the older one", got, payments.RentIBANNotOpen)
	}
}

// land is the landlord, whose newest IBAN must be in that state with that version payable.
func (h *house) land(people *mandates.Service, word string, pays int) mandates.CreditorState {
	h.t.Helper()
	list, err := people.CreditorsNamed(h.t.Context(), "C-LAND")
	if err != nil || len(list) != 1 {
		h.t.Fatalf("got %v, %v, want one creditor", list, err)
	}
	if got := list[0]; got.Word() != word || got.PayableVersion != pays {
		h.t.Errorf("got %s paying version %d, want %s paying %d", got.Word(), got.PayableVersion, word, pays)
	}
	return list[0]
}

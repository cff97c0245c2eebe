package payments_test

import (
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// morning lets the daily job write what has fallen due, and answers how many dues are new.
func (h *house) morning(day string) int {
	h.t.Helper()
	h.at(civil.MustParse(day), 8)
	n, err := h.FallDue(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestARentThatNoRunProposesIsUnpaidAllTheSame(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	for _, want := range []struct {
		day  string
		dues int
	}{{"2026-11-04", 0}, {"2026-11-05", 4}, {"2026-11-30", 0}, {"2026-12-07", 4}, {"2026-12-08", 0}} {
		if got := h.morning(want.day); got != want.dues {
			t.Errorf("%s: got %d new dues, want %d: from the opening of the books, each once", want.day, got, want.dues)
		}
	}
	list := &worklist.Service{DB: h.db.App}
	if _, err := list.Deadlines(t.Context()); err != nil {
		t.Fatal(err)
	}
	told, err := list.List(t.Context(), worklist.Filter{Code: "RENT_UNPAID"})
	if err != nil || len(told) != 1 || told[0].Details["line"] != "O-RENT@2026-11-05" || told[0].Amount != money.MustParse("217.50") {
		t.Errorf("got %+v, %v, want the rent of November told, once", told, err)
	}
	if months, err := list.List(t.Context(), worklist.Filter{Code: worklist.RentUnpaidTwoMonths}); err != nil || len(months) != 1 {
		t.Errorf("got %+v, %v, want two months of unpaid rent told", months, err)
	}
	dossiers := h.dossiers()
	arrears, err := dossiers.Arrears(t.Context())
	if err != nil || len(arrears) != 1 || arrears[0].Amount != money.MustParse("217.50") {
		t.Errorf("got %+v, %v, want the rent of November as arrears", arrears, err)
	}
	p, err := dossiers.Petition(t.Context(), "M-0001", mandates.Petition{
		Domicile: "1 rue des Lilas", Payers: []string{"CAF"}, Landlord: "Office", Grounds: "loyer impayé",
		On: thursday, SignedBy: "La présidente",
	})
	if err != nil || p.UnpaidMonths != 2 {
		t.Errorf("got %d months, %v, want 2", p.UnpaidMonths, err)
	}
	checkText(t, "the next run", lines(h.propose()), `O-RENT 217.50 PAID
O-INS 18.40 PAID
O-INS 18.40 PAID
O-DEBT 30.00 PAID
O-DEBT 30.00 PAID
O-KEEP 40.00 RESERVED
O-KEEP 40.00 RESERVED
`)
	h.clean()
}

func TestWhatFallsDueOfASuspendedMeasureIsWrittenAndOfAnEndedOneIsNot(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	if _, err := h.SuspendMandate(t.Context(), h.anne, "M-0001", "absence"); err != nil {
		t.Fatal(err)
	}
	if n := h.morning("2026-11-06"); n != 4 {
		t.Errorf("got %d dues, want those of a suspended measure", n)
	}
	if run := h.propose(); len(run.Mandates) != 1 || run.Mandates[0].Refused != payments.Refusal(mandates.Suspended) {
		t.Errorf("got %+v, want a run of the month to tell that the measure is suspended", run.Mandates)
	}
	if n := h.morning("2027-01-06"); n != 4 {
		t.Errorf("got %d dues, want those of December, before the contract ends", n)
	}
}

func TestARentThatAThirdPartyPaysByOrderIsNotUnpaid(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.owner(`INSERT INTO masp.direct_payments (mandate_id, order_no, judgment, benefit, obligation_id, starts_on, ends_on)
		VALUES ('M-0001', 1, 'TJ Nîmes 26/001', 'APL', 'O-RENT', '2026-11-01', '2027-04-30')`)
	h.morning("2026-12-07")
	dossiers := h.dossiers()
	if list, err := dossiers.Arrears(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("got %+v, %v, want none", list, err)
	}
}

func TestABillOfAPastMonthIsProposedByTheNextRunAndARentIsArrears(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	for id, class := range map[string]mandates.Class{"O-BILL": mandates.OtherBill, "O-OLD-RENT": mandates.Rent} {
		err := h.dossiers().AddObligation(t.Context(), h.anne, mandates.Obligation{
			ID: id, Mandate: "M-0001", Class: class, Creditor: "C-LAND", Amount: money.MustParse("61.20"), Label: "Facture",
			Reference: "F-1", Frequency: mandates.Once, From: civil.MustParse("2026-09-14"),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	checkText(t, "the next run", lines(h.propose()), `O-RENT 217.50 PAID
O-INS 18.40 PAID
O-DEBT 30.00 PAID
O-BILL 61.20 PAID
O-KEEP 40.00 RESERVED
`)
	arrears, err := h.dossiers().Arrears(t.Context())
	if err != nil || len(arrears) != 1 || arrears[0].Amount != money.MustParse("61.20") {
		t.Errorf("got %+v, %v, want the old rent as arrears", arrears, err)
	}
}

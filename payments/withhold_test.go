package payments

import (
	"testing"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// The electricity company's IBAN is held: its 45 € must not reach the person, nor anybody
// below, and must be there next time.
func TestMoneyOfAHeldIBANStaysOnTheAccount(t *testing.T) {
	t.Parallel()
	q := Question{
		Mandate: "M-1", Policy: mandates.DefaultPolicy(), Available: money.MustParse("500.00"),
		Lines: []DueLine{
			{ID: "rent", Class: mandates.Rent, Creditor: "LAND", Label: "Loyer", Due: money.MustParse("300.00")},
			{ID: "elec", Class: mandates.HousingOther, Creditor: "ELEC", Label: "Électricité", Due: money.MustParse("45.00")},
			{ID: "tel", Class: mandates.OtherBill, Creditor: "TEL", Label: "Téléphone", Due: money.MustParse("15.00")},
		},
	}
	a := Allocate(q)
	a.withhold(func(creditor string) bool { return creditor != "ELEC" })
	if got, want := a.CarriedForward, money.MustParse("185.00"); got != want {
		t.Errorf("carried forward: got %s, want %s (140.00 left over and the 45.00 withheld)", got, want)
	}
	elec := a.Lines[1]
	if elec.Status != Blocked || elec.Reason != IBANNotOpen || !elec.Paid.IsZero() || elec.Withheld != money.MustParse("45.00") {
		t.Errorf("electricity: got %+v, want it blocked with 45.00 withheld", elec)
	}
	if got := len(a.Transfers); got != 2 {
		t.Errorf("transfers: got %d, want the landlord's and the telephone's only", got)
	}
	if a.Lines[2].Status != Paid {
		t.Errorf("telephone: got %s, want PAID: it waits for nobody", a.Lines[2].Status)
	}
}

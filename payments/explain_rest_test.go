package payments_test

import (
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

func TestWhatIsLeftToThePersonSaysWhy(t *testing.T) {
	t.Parallel()
	amount := money.MustParse
	plan := payments.Remit{To: "C-SELF", On: []civil.Date{civil.MustParse("2026-11-09")}}
	charges := payments.RunLine{Class: mandates.RentalCharge, Status: payments.Deferred, Reason: payments.InsufficientFunds}
	bill := payments.RunLine{Class: mandates.OtherBill, Status: payments.Deferred, Reason: payments.InsufficientFunds}
	for want, m := range map[string]payments.RunMandate{
		"":            {Refused: "ENDED"},
		"n'est prévu": {Carried: amount("12.00")},
		"le loyer ou les charges ne sont pas payés en entier ; 12,00 €": {Plan: plan, Carried: amount("12.00"), Lines: []payments.RunLine{charges}},
		"il ne reste rien": {Plan: plan},
		"rien ne manque à son reste à vivre ; 5,00 € restent": {Plan: plan, Carried: amount("5.00"), Lines: []payments.RunLine{bill}},
		"200,00 € sont versés à la personne, au plus son reste à vivre": {
			Plan: plan, Remit: amount("200.00"), Carried: amount("5.00"), Lines: []payments.RunLine{bill},
		},
		"200,00 € sont versés à la personne : tout ce qui reste": {Plan: plan, Remit: amount("200.00")},
	} {
		if got := plain.Replace(m.ExplainRest()); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAStateThatForbidsAnActSaysWhatComesNext(t *testing.T) {
	t.Parallel()
	for state, want := range map[payments.RunState]string{
		payments.Draft: "masp run submit C-1", payments.InReview: "masp run approve C-1", payments.Approved: "masp run file C-1",
		payments.Filed: "masp run handed-over C-1", payments.HandedOver: "masp import",
		payments.Settled: "masp run propose", payments.Cancelled: "masp run propose",
	} {
		if got := (&payments.StateError{Run: "C-1", State: state}).French(); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", state, got, want)
		}
	}
}

package payments_test

import (
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// A month that falls short: rent first, in part, and nothing else leaves.
func ExampleAllocate() {
	a := payments.Allocate(payments.Question{
		Mandate: "M-0001", Policy: mandates.DefaultPolicy(),
		Available: money.MustParse("183.75"),
		FloorLeft: payments.FloorLeft(money.MustParse("250.00"), money.Cents(0)),
		Lines: []payments.DueLine{
			{ID: "power", Class: mandates.HousingOther, Creditor: "C-POWER", Due: money.MustParse("52.00")},
			{ID: "rent", Class: mandates.Rent, Creditor: "C-LAND", Due: money.MustParse("214.60")},
		},
		RemitTo: "C-SELF", RemitOn: []civil.Date{civil.MustParse("2026-06-08")},
	})
	for _, l := range a.Lines {
		fmt.Println(l.ID, l.Paid, l.Status, l.Reason)
	}
	fmt.Println("to the person", a.RemitTotal, "carried forward", a.CarriedForward)
	for _, alert := range payments.Alerts(a) {
		fmt.Println(alert.Code, alert.Amount)
	}
	// Output:
	// rent 183.75 PARTIAL INSUFFICIENT_FUNDS
	// power 0.00 BLOCKED RENT_FIRST
	// to the person 0.00 carried forward 0.00
	// LIVING_FLOOR_NOT_MET 250.00
	// RENT_UNPAID 30.85
}

// Two tenants share a rent by the shares of their contracts; the parts add up.
func ExampleSplitShares() {
	rent := payments.DueLine{ID: "rent", Class: mandates.Rent, Creditor: "C-LAND", Due: money.MustParse("418.40")}
	parts, err := payments.SplitShares(rent, []payments.Share{{"M-A", 667}, {"M-B", 333}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range parts {
		fmt.Println(p.Mandate, p.ID, p.Due)
	}
	// Output:
	// M-A rent/M-A 279.07
	// M-B rent/M-B 139.33
}

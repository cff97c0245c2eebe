package run_test

import "masp/payments"

// adjustment puts a line off, as a coordinator does after a call.
func adjustment(mandate string, l payments.RunLine) payments.Adjustment {
	return payments.Adjustment{
		Mandate: mandate, Kind: payments.DeferLine, Line: payments.LineAsk{Obligation: l.Obligation, DueOn: l.DueOn}, Reason: "accord avec le fournisseur",
	}
}

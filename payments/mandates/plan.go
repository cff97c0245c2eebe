package mandates

import (
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Plan is how a debt is paid off: an instalment each time, until nothing is left.
type Plan struct {
	Debt       string
	Instalment money.Amount // euros per due day
	From       civil.Date   // first due day
	Frequency  Frequency    // empty = MONTHLY
	Reference  string       // what the creditor reads

	// A plan of rent arrears that the landlord has signed keeps the housing aid.
	SignedWithCreditorOn, SignedWithCAFOn civil.Date
}

// check refuses a plan that pays nothing or never begins.
func (p Plan) check(d Debt) error {
	var vs Violations
	vs.add(!p.Instalment.IsPositive(), "R-064", "AMOUNT_NOT_POSITIVE", "La mensualité doit être supérieure à zéro.")
	vs.add(p.From.IsZero(), "R-064", "FROM_MISSING", "Indiquez la première échéance du plan.")
	vs.add(d.Outstanding.IsZero(), "R-064", "DEBT_PAID", "Cette dette est déjà payée.")
	vs.add(d.Recovery == Withholding, "R-070", "DEBT_WITHHELD",
		"Cette dette se rembourse par retenue : elle n'a pas d'échéances à payer.")
	return vs.err()
}

// line is the obligation by which the plan is paid: the n-th plan of the debt.
func (p Plan) line(d Debt, n int) Obligation {
	if p.Frequency == "" {
		p.Frequency = Monthly
	}
	return Obligation{
		ID: fmt.Sprintf("%s-P%d", d.ID, n), Mandate: d.Mandate, Class: DebtPlan, Creditor: d.Creditor, Amount: p.Instalment,
		Label: "Plan d'apurement " + d.ID, Reference: p.Reference, Frequency: p.Frequency, From: p.From, Debt: d.ID,
	}
}

// Arrears are rents and charges of past months that are still unpaid, apart from rent in
// progress: no run pays them any more without a plan.
type Arrears struct {
	Mandate string
	First   civil.Month // of the oldest
	Last    civil.Month // of the newest
	Months  int         // with a rent or charge not paid in full
	Amount  money.Amount
}

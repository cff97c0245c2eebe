package mandates

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Reasons of the law that forbid paying a line.
const (
	ContestedDebt          = "CONTESTED_DEBT"
	OverIndebtednessFreeze = "OVER_INDEBTEDNESS_FREEZE"
)

// Kinds of debt that a rule names; others are free words.
const (
	KindAlimony            = "ALIMONY"             // paid even during over-indebtedness
	KindBenefitOverpayment = "BENEFIT_OVERPAYMENT" // "indu": contesting it stops its recovery
)

// Recovery is how a debt falls.
type Recovery string

// The two ways.
const (
	Direct      Recovery = "DIRECT"      // by payments of a run
	Withholding Recovery = "WITHHOLDING" // the payer keeps part of a benefit; no entry
)

// Debt is what the person owes one creditor, apart from what is due each month
// . It falls when a payment is emitted and rises again when it fails.
type Debt struct {
	ID          string
	Mandate     string
	Creditor    string
	Kind        string
	Principal   money.Amount // euros at the start
	Outstanding money.Amount // euros still owed
	Instalment  money.Amount // euros per due day; zero = no plan
	BornOn      civil.Date   // zero = not known
	ContestedOn civil.Date   // zero = not contested
	Recovery    Recovery
}

// Check returns nil or Violations of R-064.
func (d Debt) Check() error {
	var vs Violations
	vs.add(d.Outstanding.IsNegative() || d.Principal.IsNegative(), "R-064", "DEBT_NEGATIVE",
		"Une dette ne peut pas être négative.")
	vs.add(d.Instalment.IsNegative(), "R-064", "INSTALMENT_NEGATIVE",
		"Une mensualité ne peut pas être négative.")
	vs.add(d.Creditor == "", "R-064", "CREDITOR_MISSING", "Indiquez le créancier de la dette.")
	vs.add(d.Recovery != Direct && d.Recovery != Withholding, "R-064", "RECOVERY_UNKNOWN",
		"Une dette se rembourse par paiement (DIRECT) ou par retenue (WITHHOLDING).")
	return vs.err()
}

// NextInstalment is what the plan asks next, never more than what is owed; the
// whole debt when there is no plan.
func (d Debt) NextInstalment() money.Amount {
	if d.Instalment.IsZero() {
		return d.Outstanding
	}
	return money.Min(d.Instalment, d.Outstanding)
}

// BlockOn is the law's reason for not paying the debt on a day, or empty.
// Admissible is the day of the over-indebtedness decision, zero when there is
// none or it is closed. A debt of unknown birth counts as older than the
// decision: paying it wrongly is forbidden, waiting is not.
func (d Debt) BlockOn(day, admissible civil.Date) string {
	contested := !d.ContestedOn.IsZero() && !day.Before(d.ContestedOn)
	frozen := !admissible.IsZero() && !day.Before(admissible) &&
		(d.BornOn.IsZero() || d.BornOn.Before(admissible)) && d.Kind != KindAlimony
	switch {
	case contested:
		return ContestedDebt
	case frozen:
		return OverIndebtednessFreeze
	default:
		return ""
	}
}

// Pay returns the debt after a payment or a withholding. More than what is owed
// is a *Violation DEBT_OVERPAID: the instalment must be corrected first.
func (d Debt) Pay(amount money.Amount) (Debt, error) {
	if amount.IsNegative() || amount.Cmp(d.Outstanding) > 0 {
		return d, &Violation{
			Rule: "R-064", Code: "DEBT_OVERPAID",
			French: "Le paiement dépasse ce qui reste dû (" + d.Outstanding.French() +
				") : corrigez la mensualité.",
		}
	}
	d.Outstanding = d.Outstanding.Sub(amount)
	return d, nil
}

// Restore returns the debt after the failure of a payment.
func (d Debt) Restore(amount money.Amount) Debt {
	d.Outstanding = d.Outstanding.Add(amount)
	return d
}

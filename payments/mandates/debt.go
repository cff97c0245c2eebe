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
	KindFine               = "FINE"                // paid even during over-indebtedness
	KindRentArrears        = "RENT_ARREARS"        // past rent, apart from rent in progress
	KindBenefitOverpayment = "BENEFIT_OVERPAYMENT" // "indu": contesting it stops its recovery
)

// DebtKinds returns the kinds of debt.
func DebtKinds() []string {
	return []string{
		"RENT_ARREARS", "ENERGY_ARREARS", "FSL_LOAN", "CONSUMER_CREDIT", "OVERDRAFT",
		KindBenefitOverpayment, KindAlimony, KindFine, "OTHER",
	}
}

// The alerts of a withholding and of a file of over-indebtedness.
const (
	IllegalWithholding     = "ILLEGAL_WITHHOLDING"      // Amount = kept though contested
	WithholdingAboveNotice = "WITHHOLDING_ABOVE_NOTICE" // Amount = kept, above the instalment
	WithholdingUnusual     = "WITHHOLDING_UNUSUAL"      // Amount = kept for a debt that no payer may recover
	AskAllowanceRestored   = "ASK_ALLOWANCE_RESTORED"   // admissible: suspended APL/AL may come back
)

// The refusals of debts that callers branch on.
var (
	ErrNoDebt         = &RefusedError{"no such debt", "Cette dette n'existe pas (masp debt list MANDAT)."}
	ErrDebtEvidence   = &RefusedError{"this movement of a debt needs evidence", "Dites ce qui le prouve (décision, décompte, reçu) : --evidence."}
	ErrFutureMovement = &RefusedError{"the movement lies in the future", "Cette date est à venir : notez le mouvement le jour venu."}
	ErrSameMovement   = &RefusedError{"the movement is noted already", "Ce mouvement de la dette est déjà noté."}
	ErrNoArrears      = &RefusedError{"no unpaid rent of a past month", "Ce mandat n'a pas de loyer impayé d'un mois passé chez ce bailleur (masp debt arrears)."}
	ErrContested      = &RefusedError{"the debt is contested already", "Cette dette est déjà contestée."}
	ErrForbidden      = &RefusedError{"the law forbids to pay a debt", "Une dette de la campagne est contestée ou bloquée par un surendettement depuis la proposition : rien n'est parti. Annulez la campagne et proposez-la de nouveau."}
	ErrNotContested   = &RefusedError{"the debt is not contested", "Cette dette n'est pas contestée."}
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

	ContestEndedOn civil.Date // first day on which it may be paid again; zero = still contested
}

// Check returns nil or Violations of R-064.
func (d Debt) Check() error {
	var vs Violations
	vs.add(d.Outstanding.IsNegative() || d.Principal.IsNegative(), "R-064", "DEBT_NEGATIVE",
		"Une dette ne peut pas être négative.")
	vs.add(d.Outstanding.Cmp(d.Principal) > 0, "R-064", "OUTSTANDING_ABOVE_PRINCIPAL",
		"Il reste plus à payer que la dette n'était : corrigez le montant de départ ou le reste dû.")
	vs.add(d.Instalment.IsNegative(), "R-064", "INSTALMENT_NEGATIVE",
		"Une mensualité ne peut pas être négative.")
	vs.add(d.Kind == "", "R-064", "KIND_MISSING", "Indiquez le type de la dette.")
	vs.add(d.Creditor == "", "R-064", "CREDITOR_MISSING", "Indiquez le créancier de la dette.")
	vs.add(d.Recovery != Direct && d.Recovery != Withholding, "R-064", "RECOVERY_UNKNOWN",
		"Une dette se rembourse par paiement (DIRECT) ou par retenue (WITHHOLDING).")
	return vs.err()
}

// Withholdable tells whether a payer is expected to keep part of a benefit for the debt: an overpaid
// benefit, or what is owed to a body that pays benefits or to the public.
func (d Debt) Withholdable(creditor CreditorKind) bool {
	return d.Kind == KindBenefitOverpayment || creditor == BenefitPayer || creditor == PublicBody
}

// NextInstalment is what the plan asks next, never more than what is owed; the
// whole debt when there is no plan.
func (d Debt) NextInstalment() money.Amount {
	if d.Instalment.IsZero() {
		return d.Outstanding
	}
	return money.Min(d.Instalment, d.Outstanding)
}

// contestedOn tells whether the person contests the debt on a day.
func (d Debt) contestedOn(day civil.Date) bool {
	return !d.ContestedOn.IsZero() && !day.Before(d.ContestedOn) &&
		(d.ContestEndedOn.IsZero() || day.Before(d.ContestEndedOn))
}

// Freeze is what an over-indebtedness file forbids; zero forbids nothing.
type Freeze struct {
	Admissible civil.Date // the decision: no older debt is paid from that day
	Measures   civil.Date // plan lines that begin from that day on are the imposed ones
	Lifted     civil.Date // rejection or closure: everything may be paid again
}

// forbids tells whether a plan line that begins on a day may not pay the debt. A debt of
// unknown birth counts as older than the decision: paying it wrongly is forbidden, waiting is not.
func (f Freeze) forbids(d Debt, plan, day civil.Date) bool {
	switch {
	case f.Admissible.IsZero() || day.Before(f.Admissible):
		return false
	case !f.Lifted.IsZero() && !day.Before(f.Lifted):
		return false
	case d.Kind == KindAlimony || d.Kind == KindFine:
		return false
	case !d.BornOn.IsZero() && !d.BornOn.Before(f.Admissible):
		return false
	}
	return f.Measures.IsZero() || day.Before(f.Measures) || plan.Before(f.Measures)
}

// BlockOn is the law's reason for not paying the debt on a day by a plan line that begins on
// the day plan, or empty.
func (d Debt) BlockOn(day civil.Date, f Freeze, plan civil.Date) string {
	switch {
	case d.contestedOn(day):
		return ContestedDebt
	case f.forbids(d, plan, day):
		return OverIndebtednessFreeze
	default:
		return ""
	}
}

// released tells whether a block that an obligation itself names is over: the contest has ended, or
// the over-indebtedness file is closed.
func (d Debt) released(block string, day civil.Date, f Freeze) bool {
	over := func(since civil.Date) bool { return !since.IsZero() && !day.Before(since) }
	return block == ContestedDebt && over(d.ContestEndedOn) || block == OverIndebtednessFreeze && over(f.Lifted)
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

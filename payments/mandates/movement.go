package mandates

import (
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// MovementKind is why a debt fell or rose.
type MovementKind string

// The kinds of movement. Payments and their failures come from runs, the others from people.
const (
	moveOpening     MovementKind = "OPENING"     // what was owed when the debt came in
	movePayment     MovementKind = "PAYMENT"     // a run paid it
	moveRestored    MovementKind = "RESTORED"    // the transfer failed
	moveWithholding MovementKind = "WITHHOLDING" // the payer kept part of a benefit
	moveAid         MovementKind = "AID"         // a third party paid the creditor
	moveCorrection  MovementKind = "CORRECTION"  // the creditor has proved another amount
)

var frenchMovements = map[MovementKind]string{
	moveOpening: "reprise", movePayment: "paiement", moveRestored: "virement échoué",
	moveWithholding: "retenue", moveAid: "aide versée au créancier", moveCorrection: "montant actualisé",
}

// French is the kind as a page prints it.
func (k MovementKind) French() string { return frenchMovements[k] }

func (k MovementKind) verb() string { return strings.ToLower(string(k)) }

// Movement is one step in the life of a debt.
type Movement struct {
	On       civil.Date
	Kind     MovementKind
	Amount   money.Amount // negative when the debt falls
	Evidence string
}

// movement is one that a person tells.
type movement struct {
	debt     string
	on       civil.Date
	kind     MovementKind
	amount   money.Amount // negative when the debt falls
	owed     money.Amount // of a correction: what is owed after it
	source   string       // makes telling it twice impossible
	evidence string
}

// check refuses a movement that says nothing, has no day, or pays more than is owed.
func (m movement) check(d Debt) error {
	var vs Violations
	rises := m.kind == moveCorrection
	vs.add(m.amount.IsZero() || !rises && m.amount.IsPositive(), "R-064", "AMOUNT_NOT_POSITIVE",
		"Indiquez un montant supérieur à zéro, qui change ce qui reste dû.")
	vs.add(m.on.IsZero(), "R-064", "DAY_MISSING", "Indiquez le jour du mouvement.")
	if _, err := d.Pay(m.amount.Neg()); !rises && err != nil {
		vs.add(m.amount.IsNegative(), "R-064", "DEBT_OVERPAID",
			"Le montant dépasse ce qui reste dû ("+d.Outstanding.French()+") : vérifiez-le.")
	}
	return vs.err()
}

package mandates

import (
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Outcome is what became of a request.
type Outcome string

// The outcomes; an open request has none.
const (
	Granted   Outcome = "GRANTED"
	NotGiven  Outcome = "REFUSED"
	Withdrawn Outcome = "WITHDRAWN"
)

// AidRequest is an aid that somebody has been asked for: FSL, a relief fund, a remission. What is open
// when a measure ends stands in the hand-over document.
type AidRequest struct {
	No        int
	AskedOn   civil.Date
	AskedOf   string // "FSL de la Drôme"
	Purpose   string
	Amount    money.Amount // euros; zero = not said
	DecidedOn civil.Date   // zero while open
	Outcome   Outcome      // empty while open
}

// Open tells whether the request awaits a decision.
func (r AidRequest) Open() bool { return r.Outcome == "" }

// check returns nil or Violations.
func (r AidRequest) check(today civil.Date) error {
	var vs Violations
	vs.add(strings.TrimSpace(r.AskedOf) == "" || strings.TrimSpace(r.Purpose) == "", "R-094", "REQUEST_INCOMPLETE",
		"Dites à qui l'aide est demandée, et pour quoi.")
	vs.add(r.AskedOn.IsZero() || r.AskedOn.After(today), "R-094", "REQUEST_DAY", "Donnez le jour de la demande : aujourd'hui au plus tard.")
	vs.add(r.Amount.IsNegative(), "R-094", "REQUEST_NEGATIVE", "Un montant demandé n'est pas négatif.")
	return vs.err()
}

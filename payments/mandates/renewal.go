package mandates

import (
	"fmt"
	"strings"

	"masp/ledger/civil"
)

// Evaluation is a written account of how a measure goes; a renewal needs one before it is
// signed, a report to the prosecutor too.
type Evaluation struct {
	ID     int64
	On     civil.Date
	Author string // user
	Text   string
}

// Renewal is the next contract of a measure, as somebody drafts it.
type Renewal struct {
	Start, End civil.Date // first and last day
	Evaluation int64      // ID of the evaluation that it follows
	GapReason  string     // why it does not follow on the contract before it at once; else empty
}

// check returns nil or Violations of: the draft follows on the latest contract,
// after an evaluation, within the lengths of the law.
func (r Renewal) check(latest Contract, evaluated civil.Date) error {
	var vs Violations
	next := latest.End.AddDays(1)
	vs.add(r.Start.Before(next), "R-012", "RENEWAL_OVERLAPS",
		fmt.Sprintf("Le contrat en cours va jusqu'au %s : le suivant commence le lendemain.", latest.End.French()))
	vs.add(r.Start.After(next) && strings.TrimSpace(r.GapReason) == "", "R-012", "RENEWAL_GAP",
		fmt.Sprintf("Le renouvellement suit le contrat en cours : il commence le %s. "+
			"Une interruption demande une raison.", next.French()))
	vs.join(latest.Renew(r.Start, r.End, evaluated).Check())
	return vs.err()
}

// checkSignature returns nil or Violations: a renewal is signed after its evaluation, and
// before the contract before it ends, because it is never tacit.
func (r Renewal) checkSignature(latest Contract, evaluated, on civil.Date) error {
	var vs Violations
	vs.add(on.Before(evaluated), "R-011", "EVALUATION_AFTER_SIGNATURE",
		"L'évaluation doit précéder la signature du renouvellement.")
	vs.add(r.GapReason == "" && on.After(latest.End), "R-012", "RENEWAL_SIGNED_LATE",
		"Le contrat précédent est fini : un renouvellement signé après lui demande une interruption et sa raison.")
	return vs.err()
}

package mandates

import (
	"strings"

	"masp/ledger/civil"
)

// CourtBenefit is a benefit that a delegate of the family court manages for the household (MJAGBF):
// a MASP may stand beside it, on other benefits only.
type CourtBenefit struct {
	Benefit  string
	From, To civil.Date // days of effect; To zero = until further notice
	Judgment string     // court, reference and day
}

// covers tells whether an authorisation of the same benefit shares a day with it.
func (c CourtBenefit) covers(a Authorisation) bool {
	return c.Benefit == a.Benefit && (c.To.IsZero() || !a.From.After(c.To)) &&
		(a.To.IsZero() || !a.To.Before(a.From) && !c.From.After(a.To))
}

// checkCourt refuses a contract that names a benefit of the court, and a benefit of the
// court that no catalogue knows or no judgment gives.
func (m Mandate) checkCourt(vs *Violations, catalogue []Benefit) {
	for _, c := range m.Court {
		vs.add(!Named(catalogue, c.Benefit), "R-029", "COURT_BENEFIT_UNKNOWN",
			"« "+c.Benefit+" » n'est pas une prestation connue (masp benefit list).")
		vs.add(strings.TrimSpace(c.Judgment) == "", "R-029", "COURT_JUDGMENT_MISSING",
			"Indiquez la décision du juge aux affaires familiales : tribunal, numéro et date.")
		vs.add(c.From.IsZero() || !c.To.IsZero() && c.To.Before(c.From), "R-029", "COURT_DATES_REVERSED",
			"Donnez le premier jour de la décision ; le dernier ne le précède pas.")
		for _, a := range m.Benefits {
			vs.add(c.covers(a), "R-029", "BENEFIT_OF_COURT",
				"« "+c.Benefit+" » est gérée par un délégué aux prestations familiales (MJAGBF) à partir du "+
					c.From.French()+" : le contrat ne peut pas l'autoriser ces jours-là.")
		}
	}
}

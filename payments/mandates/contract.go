package mandates

import (
	"fmt"
	"strings"

	"masp/ledger/civil"
)

// The lengths of contracts in months.
const (
	MinContractMonths = 6
	MaxContractMonths = 24
	MaxMeasureMonths  = 48
)

// lastYear keeps date arithmetic far from the end of the calendar.
const lastYear = 2999

// Party is who signs a contract or commits to something.
type Party string

// The parties of R-004. The operator signs when the convention says so.
const (
	PartyPerson     Party = "PERSON"
	PartyDepartment Party = "DEPARTMENT"
	PartyOperator   Party = "OPERATOR"
)

// French is the party as a sentence names it; the code itself when unknown.
func (p Party) French() string {
	switch p {
	case PartyPerson:
		return "la personne"
	case PartyDepartment:
		return "le Département"
	case PartyOperator:
		return "l'association"
	}
	return string(p)
}

// Signature is one party's; a zero On means that it is awaited.
type Signature struct {
	Party Party
	On    civil.Date
}

// Commitment is what one party undertakes.
type Commitment struct {
	By   Party
	Text string
}

// String is the stored form: "PERSON: venir aux rendez-vous".
func (c Commitment) String() string { return string(c.By) + ": " + c.Text }

// ParseCommitment reads the form of String.
func ParseCommitment(s string) (Commitment, error) {
	by, text, found := strings.Cut(s, ":")
	c := Commitment{By: Party(strings.TrimSpace(by)), Text: strings.TrimSpace(text)}
	switch {
	case !found || c.Text == "":
		return Commitment{}, fmt.Errorf("read commitment %q: want PARTY: text", s)
	case c.By != PartyPerson && c.By != PartyDepartment && c.By != PartyOperator:
		return Commitment{}, fmt.Errorf("read commitment: unknown party %q", c.By)
	}
	return c, nil
}

// Contract is one contract of a measure: 6 to 24 months, written, reciprocal.
type Contract struct {
	Start, End   civil.Date  // first and last day
	MonthsBefore int         // months used by earlier contracts of the measure
	EvaluatedOn  civil.Date  // evaluation before a renewal; zero on a first contract
	Signatures   []Signature // every party of this contract, signed or awaited
	Commitments  []Commitment
}

// Months is the length in months; a month begun counts whole. Zero without dates.
func (c Contract) Months() int {
	if c.Start.IsZero() || c.End.Before(c.Start) {
		return 0
	}
	months := monthsBetween(c.Start.MonthOf(), c.End.MonthOf())
	if !c.End.Before(c.Start.AddMonths(months)) {
		months++
	}
	return months
}

// SignedOn is the day of the last signature; false while one is awaited.
func (c Contract) SignedOn() (civil.Date, bool) {
	var last civil.Date
	for _, s := range c.Signatures {
		if s.On.IsZero() {
			return civil.Date{}, false
		}
		if s.On.After(last) {
			last = s.On
		}
	}
	return last, len(c.Signatures) > 0
}

// BeginsOn is the first day of the measure: the contract's start, or the last
// signature when that is later; false while a signature is awaited.
func (c Contract) BeginsOn() (civil.Date, bool) {
	signed, ok := c.SignedOn()
	if !ok || signed.Before(c.Start) {
		return c.Start, ok
	}
	return signed, true
}

// Renew returns the next contract of the measure, unsigned, with the months used
// so far. Check says whether the law allows it.
func (c Contract) Renew(start, end, evaluatedOn civil.Date) Contract {
	next := Contract{
		Start: start, End: end, EvaluatedOn: evaluatedOn, MonthsBefore: c.MonthsBefore + c.Months(),
		Commitments: c.Commitments,
	}
	for _, s := range c.Signatures {
		next.Signatures = append(next.Signatures, Signature{Party: s.Party})
	}
	return next
}

// Check returns nil or Violations of.
func (c Contract) Check() error {
	var vs Violations
	vs.add(c.Start.IsZero() || c.End.IsZero(), "R-009", "CONTRACT_DATES_MISSING",
		"Indiquez le début et la fin du contrat.")
	vs.add(c.Start.Year() > lastYear || c.End.Year() > lastYear, "R-009", "CONTRACT_DATES_TOO_FAR",
		"Une date du contrat est trop lointaine : vérifiez l'année.")
	if len(vs) > 0 {
		return vs
	}
	c.checkLength(&vs)
	vs.add(c.MonthsBefore > 0 && c.EvaluatedOn.IsZero(), "R-011", "EVALUATION_MISSING",
		"Un renouvellement demande une évaluation : indiquez sa date.")
	signed, ok := c.SignedOn()
	vs.add(ok && c.EvaluatedOn.After(signed), "R-011", "EVALUATION_AFTER_SIGNATURE",
		"L'évaluation doit précéder la signature du renouvellement.")
	vs.add(!c.names(PartyPerson) || !c.names(PartyDepartment), "R-004", "PARTY_MISSING",
		"Le contrat est passé entre la personne et le Département : les deux doivent y figurer.")
	vs.add(!c.commits(PartyPerson), "R-004", "PERSON_COMMITMENT_MISSING",
		"Notez au moins un engagement de la personne.")
	vs.add(!c.commits(PartyDepartment) && !c.commits(PartyOperator), "R-004", "OTHER_COMMITMENT_MISSING",
		"Notez au moins un engagement du Département ou de l'association.")
	return vs.err()
}

// checkLength compares days, not counted months: 6 months from 31 August end on
// the last day of February.
func (c Contract) checkLength(vs *Violations) {
	after := c.End.AddDays(1)
	vs.add(after.Before(c.Start.AddMonths(MinContractMonths)), "R-009", "CONTRACT_TOO_SHORT",
		"Un contrat dure au moins 6 mois : reculez la date de fin.")
	vs.add(after.After(c.Start.AddMonths(MaxContractMonths)), "R-009", "CONTRACT_TOO_LONG",
		"Un contrat dure au plus 24 mois : avancez la date de fin.")
	left := MaxMeasureMonths - c.MonthsBefore
	vs.add(c.MonthsBefore < 0, "R-010", "MONTHS_BEFORE_NEGATIVE",
		"Le nombre de mois déjà faits ne peut pas être négatif.")
	vs.add(after.After(c.Start.AddMonths(max(left, 0))), "R-010", "MEASURE_TOO_LONG",
		fmt.Sprintf("La mesure dure au plus 48 mois en tout : il en reste %d.", max(left, 0)))
}

func (c Contract) names(p Party) bool {
	for _, s := range c.Signatures {
		if s.Party == p {
			return true
		}
	}
	return false
}

func (c Contract) commits(p Party) bool {
	for _, k := range c.Commitments {
		if k.By == p && strings.TrimSpace(k.Text) != "" {
			return true
		}
	}
	return false
}

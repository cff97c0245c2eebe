package mandates

import (
	"fmt"
	"strings"

	"masp/ledger/civil"
)

// Level is the level of the measure.
type Level string

// The levels that the association carries out; level 3 is a judge's order and
// never brings money here.
const (
	MASP1 Level = "MASP1" // support without management: holds no money
	MASP2 Level = "MASP2" // benefits received and managed
)

// ThreatGround is why the measure is needed: restricted data.
type ThreatGround string

// The grounds of L271-1.
const (
	Health ThreatGround = "HEALTH"
	Safety ThreatGround = "SAFETY"
	Both   ThreatGround = "BOTH"
)

// Status is where a mandate stands.
type Status string

// The statuses.
const (
	PendingSignature Status = "PENDING_SIGNATURE" // no credit, no run
	Active           Status = "ACTIVE"
	Suspended        Status = "SUSPENDED" // no run; credits still come in
	Ended            Status = "ENDED"     // what is left is given back
	Deceased         Status = "DECEASED"  // frozen for the heirs
	Closed           Status = "CLOSED"    // ended and at zero
)

// Beneficiary is the person helped.
type Beneficiary struct {
	ID                  string
	Civility            string // "Mme", "M." or empty
	LastName, FirstName string
	BornOn              civil.Date
	Department          string // code of the Département, "34", "2A", "974"
}

// Name is how a page calls the person: "Mme Roux Éva".
func (b Beneficiary) Name() string {
	return strings.TrimSpace(strings.Join([]string{b.Civility, b.LastName, b.FirstName}, " "))
}

// AdultOn tells whether the person is 18 on a day. Who is born on
// 29 February comes of age on 1 March.
func (b Beneficiary) AdultOn(day civil.Date) bool {
	if b.BornOn.IsZero() || b.BornOn.Year() > lastYear {
		return false
	}
	adult := b.BornOn.AddMonths(18 * 12)
	if adult.Day() != b.BornOn.Day() {
		adult = adult.AddDays(1)
	}
	return !day.Before(adult)
}

// Authorisation names one benefit that the association may receive and manage
// for the person. An amendment adds or ends one.
type Authorisation struct {
	Benefit  string
	From, To civil.Date // days of effect; To zero = until the end
}

// validOn tells whether the authorisation holds on a day.
func (a Authorisation) validOn(day civil.Date) bool {
	return !day.Before(a.From) && (a.To.IsZero() || !day.After(a.To))
}

// Mandate is one person's measure with its present contract and its one funds
// account.
type Mandate struct {
	ID          string
	Beneficiary Beneficiary
	Level       Level
	Department  string // the contract's Département: it cannot change
	Ground      ThreatGround
	Convention  string // under which it is carried out, or empty
	Place       string // INSEE or postal code where the person lives, or empty
	PrecededBy  string // "MAJ" when a measure of the judge came before, or empty
	Status      Status
	Contract    Contract
	BankAccount string // ID of the bank account that holds the money; empty in MASP1
	Benefits    []Authorisation
	Court       []CourtBenefit // what a delegate of the family court manages
	Policy      Policy
	RemitTo     string // creditor ID of the person's own account
	Remittance  RemittancePlan
	EndedOn     civil.Date // last day managed; zero while running
	EndReason   EndReason
	DiedOn      civil.Date // zero while alive
}

// Check returns nil or Violations of the rules that opening or changing a
// mandate must keep, and
// those of the contract, the policy and the remittance plan. Catalogue is the
// table of benefits in force.
func (m Mandate) Check(catalogue []Benefit) error {
	var vs Violations
	start := m.Contract.Start
	vs.add(!m.Beneficiary.AdultOn(start), "R-001", "NOT_ADULT",
		"La personne doit avoir 18 ans au début du contrat : vérifiez sa date de naissance.")
	vs.add(m.Ground != Health && m.Ground != Safety && m.Ground != Both, "R-003", "GROUND_MISSING",
		"Indiquez ce qui est menacé : la santé, la sécurité ou les deux.")
	vs.add(!DepartmentShape.MatchString(m.Department), "R-004", "DEPARTMENT_UNKNOWN",
		fmt.Sprintf("« %s » n'est pas le code d'un Département.", m.Department))
	vs.add(m.Department != m.Beneficiary.Department, "R-099", "OTHER_DEPARTMENT",
		"Le contrat est passé avec le Département où vit la personne.")
	_, signed := m.Contract.SignedOn()
	vs.add(m.Status != PendingSignature && !signed, "R-004", "NOT_SIGNED_BY_ALL",
		"La mesure commence quand toutes les parties ont signé : il manque une signature.")
	m.checkMoney(&vs, catalogue)
	vs.join(m.Contract.Check())
	vs.join(m.Policy.Check())
	vs.join(m.Remittance.Check())
	return vs.err()
}

// checkMoney keeps money to MASP 2 and to benefits that may be managed
//
func (m Mandate) checkMoney(vs *Violations, catalogue []Benefit) {
	vs.add(m.Level != MASP1 && m.Level != MASP2, "R-014", "LEVEL_UNKNOWN",
		"Le niveau de la mesure est MASP1 ou MASP2.")
	if m.Level == MASP1 {
		vs.add(m.BankAccount != "" || len(m.Benefits) > 0, "R-014", "MASP1_HOLDS_NO_MONEY",
			"Une MASP 1 ne gère pas d'argent : retirez le compte et les prestations, "+
				"ou passez en MASP 2 par avenant.")
		return
	}
	vs.add(m.BankAccount == "", "R-014", "BANK_ACCOUNT_MISSING",
		"Indiquez le compte bancaire qui reçoit les prestations.")
	vs.add(len(m.Benefits) == 0, "R-002", "NO_BENEFIT",
		"Le contrat doit autoriser au moins une prestation sociale.")
	for _, a := range m.Benefits {
		row, known := Find(catalogue, a.Benefit, a.From)
		vs.add(!known, "R-025", "BENEFIT_UNKNOWN",
			fmt.Sprintf("« %s » n'est pas une prestation connue à cette date.", a.Benefit))
		vs.add(known && !row.Manageable, "R-026", "BENEFIT_NOT_MANAGEABLE",
			fmt.Sprintf("« %s » n'est pas une prestation que l'on peut gérer.", a.Benefit))
	}
	m.checkCourt(vs, catalogue)
}

// HoldsMoney tells whether the ledger may hold money for this mandate.
func (m Mandate) HoldsMoney() bool { return m.Level == MASP2 }

// StatusOn is the status on a day, as the signatures, the end, the death and the
// clock make it: a contract that passes its end without renewal is ended.
func (m Mandate) StatusOn(day civil.Date) Status {
	begins, signed := m.Contract.BeginsOn()
	switch {
	case m.Status == Closed || m.Status == Deceased:
		return m.Status
	case m.Status == Ended || !m.EndedOn.IsZero() && day.After(m.EndedOn):
		return Ended
	case !signed || day.Before(begins):
		return PendingSignature
	case day.After(m.Contract.End):
		return Ended
	case m.Status == Suspended:
		return Suspended
	default:
		return Active
	}
}

package mandates

import (
	"fmt"
	"strings"

	"masp/ledger/civil"
)

// PaidByThirdParty blocks a rent that a payer sends straight to the landlord by order of the judge:
// nothing of it passes here. It holds no other line back.
const PaidByThirdParty = "PAID_BY_THIRD_PARTY"

// The lengths of the judge's orders, and the unpaid rent that a petition needs.
const (
	MaxOrderMonths     = 24
	MaxOrdersMonths    = 48
	PetitionRentMonths = 2
)

// DirectPayment is an order of the judge by which a benefit is paid straight to the landlord
// (MASP 3, R-018).
type DirectPayment struct {
	Judgment   string // court, reference and day
	Benefit    string
	Obligation string     // the rent that it pays
	Start, End civil.Date // first and last day
}

// check returns nil or Violations of R-018; used are the months of earlier orders, the last of which
// ends on a day.
func (d DirectPayment) check(used int, last civil.Date, catalogue []Benefit) error {
	var vs Violations
	_, known := Find(catalogue, d.Benefit, d.Start)
	vs.add(!known, "R-018", "BENEFIT_UNKNOWN", "« "+d.Benefit+" » n'est pas une prestation connue à cette date (masp benefit list).")
	vs.add(!last.IsZero() && !d.Start.After(last), "R-018", "ORDERS_OVERLAP",
		"Un versement direct est déjà ordonné jusqu'au "+last.French()+" : le suivant commence après.")
	vs.add(strings.TrimSpace(d.Judgment) == "", "R-018", "JUDGMENT_MISSING", "Indiquez le jugement : tribunal, numéro et date.")
	vs.add(d.Start.IsZero() || d.End.Before(d.Start) || d.End.Year() > lastYear, "R-018", "ORDER_DATES_MISSING",
		"Indiquez le premier et le dernier jour du versement direct.")
	if len(vs) > 0 {
		return vs
	}
	after := d.End.AddDays(1)
	vs.add(after.After(d.Start.AddMonths(MaxOrderMonths)), "R-018", "ORDER_TOO_LONG", "Un versement direct dure au plus 24 mois.")
	left := max(MaxOrdersMonths-used, 0)
	vs.add(after.After(d.Start.AddMonths(left)), "R-018", "ORDERS_TOO_LONG",
		fmt.Sprintf("Les versements directs durent au plus 48 mois en tout : il en reste %d.", left))
	return vs.err()
}

// Petition asks the judge for a direct payment to the landlord: what R271-8 wants in it, on pain
// of nullity.
type Petition struct {
	LastName, FirstName, Domicile string
	Payers                        []string // names and addresses of the bodies that pay the benefits
	Landlord                      string
	Grounds                       string // short
	On                            civil.Date
	SignedBy                      string // president of the council, préfet or CCAPEX
	UnpaidMonths                  int    // of rent and charges
}

// Check returns nil or Violations of: a petition is whole, and rent is unpaid for two
// months.
func (p Petition) Check() error {
	var vs Violations
	for _, field := range []struct{ code, text, french string }{
		{"DOMICILE_MISSING", p.Domicile, "le domicile de la personne"},
		{"PAYERS_MISSING", strings.Join(p.Payers, ""), "le nom et l'adresse des organismes payeurs"},
		{"LANDLORD_MISSING", p.Landlord, "l'identité du bailleur"},
		{"GROUNDS_MISSING", p.Grounds, "l'exposé des motifs"},
		{"SIGNATORY_MISSING", p.SignedBy, "qui signe la requête"},
	} {
		vs.add(strings.TrimSpace(field.text) == "", "R-019", field.code, "La requête est nulle sans "+field.french+".")
	}
	vs.add(p.On.IsZero(), "R-019", "DAY_MISSING", "La requête est nulle sans sa date.")
	vs.add(p.UnpaidMonths < PetitionRentMonths, "R-018", "RENT_NOT_UNPAID_LONG_ENOUGH",
		fmt.Sprintf("Une requête demande deux mois de loyer impayés : il y en a %d.", p.UnpaidMonths))
	return vs.err()
}

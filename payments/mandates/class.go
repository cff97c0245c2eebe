package mandates

import "slices"

// Class is the rank of a due line. Its order in a run comes from the
// mandate's Policy; only the two classes of the law have a fixed place.
type Class string

// The classes of R-050, in their default order.
const (
	Rent         Class = "RENT"          // residual rent in progress
	RentalCharge Class = "RENTAL_CHARGE" // rental charges in progress
	HousingOther Class = "HOUSING_OTHER" // home insurance, energy, water
	DebtPlan     Class = "DEBT_PLAN"     // instalments of arrears and other debts
	OtherBill    Class = "OTHER_BILL"    // every other bill
	Reserve      Class = "RESERVE"       // provision: stays with the person, earmarked
)

// labels are what a page prints for a class.
var labels = map[Class]string{
	Rent:         "loyer",
	RentalCharge: "charges locatives",
	HousingOther: "autre dépense de logement",
	DebtPlan:     "plan d'apurement",
	OtherBill:    "autre facture",
	Reserve:      "provision",
}

// Classes returns the classes in the default order of R-050.
func Classes() []Class {
	return []Class{Rent, RentalCharge, HousingOther, DebtPlan, OtherBill, Reserve}
}

// LawClasses returns the classes that L271-2 puts before everything else:
// rent and rental charges in progress. No contract reorders them.
func LawClasses() []Class { return []Class{Rent, RentalCharge} }

// Known tells whether c is a class of R-050.
func (c Class) Known() bool { return slices.Contains(Classes(), c) }

// French is the class as a page prints it, in lower case; the code itself when
// the class is unknown.
func (c Class) French() string {
	if s, ok := labels[c]; ok {
		return s
	}
	return string(c)
}

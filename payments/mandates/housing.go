package mandates

import (
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// HousingRecord is what the landlord asks from a month on.
type HousingRecord struct {
	Mandate  string
	From     civil.Month
	Landlord string // creditor ID
	Housing
	// NewTenancy: the landlord receives no APL for the first month, so the rent of it is due
	// in full.
	NewTenancy bool
	DueDay     int    // day of the month of the rent, 1–31; for lines that exist already theirs stays
	Reference  string // what the landlord reads
}

// Check returns nil or Violations of R-052.
func (h HousingRecord) Check() error {
	var vs Violations
	for _, a := range []money.Amount{h.Rent, h.Charges, h.RLS, h.APL} {
		vs.add(a.IsNegative(), "R-052", "HOUSING_NEGATIVE", "Loyer, charges et aides ne sont jamais négatifs.")
	}
	vs.add(h.Rent.IsZero() && h.Charges.IsZero(), "R-052", "HOUSING_FREE", "Indiquez le loyer ou les charges.")
	vs.add(h.From.IsZero(), "R-053", "FROM_MISSING", "Indiquez le premier mois.")
	vs.add(h.DueDay < 1 || h.DueDay > 31, "R-053", "DUE_DAY_UNKNOWN", "Le jour du loyer va de 1 à 31.")
	return vs.err()
}

// stage is what is due from a month on.
type stage struct {
	from civil.Month
	ResidualRent
}

// stages are one, or two for a new tenancy: the full rent of the month without APL comes first.
func (h HousingRecord) stages() []stage {
	after := stage{h.From, Residual(h.Housing)}
	if !h.NewTenancy || h.APL.IsZero() {
		return []stage{after}
	}
	full := h.Housing
	full.APL = money.Amount{}
	after.from = h.From.Add(1)
	return []stage{{h.From, Residual(full)}, after}
}

// amounts are what a stage asks, by class in the order of the law.
func (s stage) amounts() []classAmount {
	return []classAmount{{Rent, s.Rent}, {RentalCharge, s.Charges}}
}

type classAmount struct {
	class  Class
	amount money.Amount
}

// line is the first line of a class for the housing of a record.
func (h HousingRecord) line(id string, from civil.Month, c classAmount) Obligation {
	label := map[Class]string{Rent: "Loyer restant dû", RentalCharge: "Charges locatives"}[c.class]
	return Obligation{
		ID: id, Mandate: h.Mandate, Class: c.class, Creditor: h.Landlord, Amount: c.amount, Label: label,
		Reference: h.Reference, Frequency: Monthly, DueDay: h.DueDay, From: from.First(),
	}
}

// housingLineID is the reference of the n-th line that housing has made for a mandate.
func housingLineID(mandate string, class Class, n int) string {
	letter := map[Class]string{Rent: "L", RentalCharge: "C"}[class]
	return fmt.Sprintf("%s-%s%d", mandate, letter, n)
}

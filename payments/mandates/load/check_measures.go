package load

import (
	"fmt"
	"slices"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// knownMeasure is when a measure of a person runs.
type knownMeasure struct {
	mandate    string
	start, end civil.Date
}

// signatures: nobody signs tomorrow.
func (c *checker) signatures(i int, m Mandate) {
	for _, s := range m.Contract.Signatures {
		if !c.known.today.IsZero() && s.On.After(c.known.today) {
			field := map[mandates.Party]string{
				mandates.PartyPerson: "person", mandates.PartyDepartment: "department", mandates.PartyOperator: "operator",
			}[s.Party]
			c.wrong(inMandates, i, "contract/signed_by_"+field+"_on", "SIGNED_IN_FUTURE",
				"Cette signature est à venir : laissez-la vide et notez-la le jour venu.")
		}
	}
}

// conventions: each once, and whole.
func (c *checker) conventions() {
	seen := map[string]bool{}
	for i, k := range c.load.Conventions {
		stored := slices.ContainsFunc(c.known.conventions, func(old mandates.Convention) bool { return old.ID == k.ID })
		c.twice(inConventions, i, k.ID, seen, stored)
		c.broken(inConventions, i, k.Check(), func(string) string { return "" })
	}
}

// convention: a measure is under one that is in force when it takes over, and where the person lives.
func (c *checker) convention(i int, m Mandate) {
	all := c.load.allConventions(c.known)
	on := m.Contract.Start
	if at := slices.IndexFunc(all, func(k mandates.Convention) bool { return k.ID == m.Convention }); at >= 0 {
		on = all[at].TakesOver(m.Contract)
	}
	c.broken(inMandates, i, m.CheckConvention(all, on), func(code string) string {
		if code == "PLACE_OUTSIDE_TERRITORY" {
			return "place"
		}
		return "convention"
	})
}

// allConventions are those of the file and those of the house.
func (f File) allConventions(k known) []mandates.Convention {
	return append(slices.Clone(f.Conventions), k.conventions...)
}

// measuresOf: a person has one measure at a time, and 48 months in all. A contract that
// somebody has still to sign is judged when it begins.
func (c *checker) measuresOf(i int, m Mandate) {
	person, contract := m.Beneficiary.ID, m.Contract
	if _, signed := contract.SignedOn(); !signed {
		return
	}
	for _, other := range c.measures[person] {
		if !contract.Start.After(other.end) && !other.start.After(contract.End) {
			c.wrong(inMandates, i, "contract/start", "OTHER_MEASURE",
				fmt.Sprintf("Cette personne a déjà une mesure ces jours-là (%s) : une seule à la fois.", other.mandate))
		}
	}
	used := c.months[person]
	if left := max(mandates.MaxMeasureMonths-used, 0); used > 0 && contract.End.AddDays(1).After(contract.Start.AddMonths(left)) {
		c.wrong(inMandates, i, "contract/end", "MEASURES_TOO_LONG",
			fmt.Sprintf("Les mesures d'une personne durent au plus 48 mois en tout : il en reste %d.", left))
	}
	c.measures[person] = append(c.measures[person], knownMeasure{m.ID, contract.Start, contract.End})
	c.months[person] = max(used, contract.MonthsBefore) + contract.Months()
}

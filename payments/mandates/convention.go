package mandates

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"masp/ledger/civil"
)

// Convention is what lets the association carry out measures for a Département: a convention, or a
// public market with its lot.
type Convention struct {
	ID         string
	Delegator  string // the Département, by its full name
	Delegate   string // the association
	Reference  string // of the convention, or of the market and its lot
	Department string // code of the Département
	Territory  string // name of the lot or of the territory
	Places     []string
	From, To   civil.Date // first and last day
}

// PlaceShape is an INSEE or postal code.
var PlaceShape = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)

// Check returns nil or Violations of R-017. Without places the whole Département is its territory.
func (c Convention) Check() error {
	var vs Violations
	vs.join(checkReference(c.ID))
	vs.add(!DepartmentShape.MatchString(c.Department), "R-017", "CONVENTION_DEPARTMENT",
		fmt.Sprintf("« %s » n'est pas le code d'un Département.", c.Department))
	for _, text := range []string{c.Delegator, c.Delegate, c.Reference, c.Territory} {
		if strings.TrimSpace(text) == "" {
			vs.add(true, "R-017", "CONVENTION_INCOMPLETE",
				"Une convention dit qui délègue, à qui, sous quelle référence et pour quel territoire.")
			break
		}
	}
	vs.add(c.From.IsZero() || c.To.Before(c.From) || c.To.Year() > lastYear, "R-017", "CONVENTION_DATES",
		"Donnez le premier et le dernier jour de la convention.")
	for _, place := range c.Places {
		vs.add(!PlaceShape.MatchString(place), "R-017", "CONVENTION_PLACE",
			fmt.Sprintf("« %s » n'est pas un code INSEE ni un code postal (5 caractères).", place))
	}
	return vs.err()
}

// TakesOver is the day on which the convention takes over a measure of a contract: its first day, or
// that of a convention that began while the contract ran.
func (c Convention) TakesOver(k Contract) civil.Date {
	if c.From.After(k.Start) && !c.From.After(k.End) {
		return c.From
	}
	return k.Start
}

// CheckConvention returns nil or Violations of R-017: as soon as its Département has made a
// convention, a measure names one that is in force on a day and where the person lives.
func (m Mandate) CheckConvention(all []Convention, on civil.Date) error {
	var vs Violations
	at := slices.IndexFunc(all, func(c Convention) bool { return c.ID == m.Convention })
	switch {
	case m.Convention == "":
		vs.add(slices.ContainsFunc(all, func(c Convention) bool { return c.Department == m.Department }), "R-017",
			"CONVENTION_MISSING", "Dites sous quelle convention cette mesure est menée (masp convention list).")
		return vs.err()
	case at < 0:
		vs.add(true, "R-017", "CONVENTION_UNKNOWN", "« "+m.Convention+" » n'est pas une convention connue (masp convention list).")
		return vs.err()
	}
	c := all[at]
	vs.add(c.Department != m.Department, "R-017", "CONVENTION_OF_ANOTHER",
		"La convention « "+c.ID+" » est celle d'un autre Département ("+c.Department+").")
	vs.add(on.Before(c.From) || on.After(c.To), "R-017", "CONVENTION_NOT_IN_FORCE",
		"La convention « "+c.ID+" » va du "+c.From.French()+" au "+c.To.French()+" : ce jour est en dehors.")
	vs.add(len(c.Places) > 0 && !slices.Contains(c.Places, m.Place), "R-017", "PLACE_OUTSIDE_TERRITORY",
		"La personne n'habite pas le territoire de « "+c.ID+" » ("+c.Territory+") : donnez le code INSEE ou postal d'une commune du lot.")
	return vs.err()
}

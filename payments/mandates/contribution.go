package mandates

import (
	"fmt"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Scale is the scale of protected adults, by which a contribution has its ceiling (R-016, D271-5,
// R471-5-2 and R471-5-3). Nothing is asked of resources up to the AAH.
type Scale struct {
	From  civil.Date
	AAH   money.Amount // euros a year
	SMIC  money.Amount // euros a year
	Rates [3]int       // per 10 000: from the AAH to the SMIC, then to each of Until
	Until [2]int       // hundredths of a yearly SMIC at which the second and the third slice end
}

// Check returns nil or Violations: every rate is a part of the whole, every slice ends after the one
// before.
func (s Scale) Check() error {
	var vs Violations
	vs.add(s.From.IsZero(), "R-016", "SCALE_DAY_MISSING", "Donnez le premier jour du barème.")
	vs.add(!s.AAH.IsPositive() || s.SMIC.Cmp(s.AAH) < 0 || s.SMIC.Cmp(money.Cents(1_000_000_00)) >= 0, "R-016", "SCALE_AMOUNTS",
		"Donnez l'AAH et le SMIC d'une année ; le SMIC dépasse l'AAH.")
	for _, r := range s.Rates {
		vs.add(r < 0 || r > 10_000, "R-016", "SCALE_RATE", "Un taux va de 0 à 100 %.")
	}
	vs.add(s.Until[0] < 100 || s.Until[1] < s.Until[0] || s.Until[1] > 10_000, "R-016", "SCALE_SLICES",
		"Les tranches montent : la deuxième finit après un SMIC, la troisième après elle.")
	return vs.err()
}

// limits are where the slices begin and end, in cents a year.
func (s Scale) limits() [4]int64 {
	smic := s.SMIC.Cents()
	return [4]int64{s.AAH.Cents(), smic, smic * int64(s.Until[0]) / 100, smic * int64(s.Until[1]) / 100}
}

// Ceiling is the most that a month may cost a person with these resources of a year; cents are
// dropped. PostgreSQL says the same (masp.contribution_ceiling).
func (s Scale) Ceiling(resources money.Amount) money.Amount {
	var sum int64
	limits := s.limits()
	for i, rate := range s.Rates {
		sum += max(min(resources.Cents(), limits[i+1])-limits[i], 0) * int64(rate)
	}
	return money.Cents(sum / (10_000 * 12))
}

// French tells how the ceiling of these resources comes about.
func (s Scale) French(resources money.Amount) string {
	var parts []string
	limits := s.limits()
	for i, rate := range s.Rates {
		if part := max(min(resources.Cents(), limits[i+1])-limits[i], 0); part > 0 {
			parts = append(parts, fmt.Sprintf("%d,%02d %% de %s", rate/100, rate%100, money.Cents(part).French()))
		}
	}
	if len(parts) == 0 {
		return "les ressources ne dépassent pas l'AAH (" + s.AAH.French() + " par an) : rien ne peut être demandé"
	}
	return strings.Join(parts, " + ") + ", divisé par 12 : " + s.Ceiling(resources).French() + " par mois au plus"
}

// The resources of which nothing may be asked when a person has no other.
const (
	AloneRSA = "RSA"
	AloneAAH = "AAH" // in full
)

// Contribution is what a measure costs the person a month, from a month on.
type Contribution struct {
	From       civil.Month
	Amount     money.Amount // euros a month; zero = nothing is asked
	Resources  money.Amount // euros a year
	Alone      string       // AloneRSA or AloneAAH when there is no other resource, or empty
	Decision   string       // of the president of the council
	Obligation string       // the line that asks for it; empty when nothing is asked
}

// check returns nil or Violations of R-016; scale is that of the first day, nil when there is none.
func (c Contribution) check(scale *Scale) error {
	var vs Violations
	vs.add(c.Amount.IsNegative() || c.Resources.IsNegative(), "R-016", "CONTRIBUTION_NEGATIVE",
		"Une participation et des ressources ne sont pas négatives.")
	vs.add(strings.TrimSpace(c.Decision) == "", "R-016", "DECISION_MISSING",
		"Indiquez la décision du président du conseil départemental.")
	vs.add(c.Alone != "" && c.Alone != AloneRSA && c.Alone != AloneAAH, "R-016", "ALONE_UNKNOWN",
		"La seule ressource est RSA ou AAH.")
	vs.add(c.Alone != "" && !c.Amount.IsZero(), "R-016", "NOTHING_OF_A_MINIMUM",
		"Rien ne se demande à qui n'a que le RSA ou l'AAH : la participation est de 0,00 €.")
	vs.add(c.Amount.IsPositive() && scale == nil, "R-016", "NO_SCALE",
		"Aucun barème ne vaut à cette date : donnez-le d'abord (masp contribution scale).")
	if scale != nil && c.Amount.Cmp(scale.Ceiling(c.Resources)) > 0 {
		vs.add(true, "R-016", "CONTRIBUTION_TOO_HIGH", c.Amount.French()+" dépasse le plafond : "+scale.French(c.Resources)+".")
	}
	return vs.err()
}

// line is the obligation that asks for the contribution, to whoever collects it: a bill like another,
// after the rent, what is due for the home and the debts.
func (c Contribution) line(mandate, creditor string, day int) Obligation {
	return Obligation{
		ID:      fmt.Sprintf("%s-C-%s", mandate, strings.ReplaceAll(c.From.String()[2:], "-", "")),
		Mandate: mandate, Class: OtherBill, Creditor: creditor, Amount: c.Amount, Label: "Participation à l'accompagnement",
		Frequency: Monthly, DueDay: day, From: c.From.First(),
	}
}

package mandates

import (
	"regexp"
	"slices"

	"masp/ledger/civil"
)

// Benefit is one effective-dated row of the catalogue: a social benefit of the
// legal list, or a resource that may not be managed.
type Benefit struct {
	Code               string
	Label              string     // French, as a statement prints it
	LegalItem          string     // where the law names it
	Payers             []string   // who pays it
	From, To           civil.Date // days of validity; To zero = still valid
	Manageable         bool       // may be named in a contract
	ThirdPartyExcluded bool       // never received when paid to a third party
	Purpose            string     // what it must be spent on, or empty
	MonthOfDeath       DeathRule  // what is due for the month of death; empty = UndueMonth
}

// DeathRule says what of a benefit is due for the month of death. Later months never are.
type DeathRule string

// The rules. RSA: nothing, its right ends on the first day of the month.
const (
	UndueMonth  DeathRule = "UNDUE"     // nothing: what comes waits for the payer's written claim
	DueUntilDay DeathRule = "UNTIL_DAY" // the days until the death: the claim names the rest
	DueMonth    DeathRule = "DUE"       // all of it: it is the estate's
)

// dueAtDeath tells whether a credit for the month of death is due as a whole.
func (b Benefit) dueAtDeath(died civil.Date) bool {
	return b.MonthOfDeath == DueMonth || b.MonthOfDeath == DueUntilDay && died == died.MonthOf().Last()
}

// Purposes of benefits.
const (
	PurposeHousing    = "HOUSING"
	PurposeChild      = "CHILD"
	PurposeDependency = "DEPENDENCY"
)

// RefundOfPayment marks a credit that is not a benefit but money coming back
// from a creditor or the bank: it stays managed money.
const RefundOfPayment = "REFUND_OF_PAYMENT"

// validOn tells whether the row holds on a day.
func (b Benefit) validOn(day civil.Date) bool {
	return !day.Before(b.From) && (b.To.IsZero() || !day.After(b.To))
}

// Find returns the row of a code that holds on a day.
func Find(rows []Benefit, code string, day civil.Date) (Benefit, bool) {
	for _, b := range rows {
		if b.Code == code && b.validOn(day) {
			return b, true
		}
	}
	return Benefit{}, false
}

// Named tells whether the catalogue has a row of a code, on whatever day.
func Named(rows []Benefit, code string) bool {
	return slices.ContainsFunc(rows, func(b Benefit) bool { return b.Code == code })
}

var benefitCode = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,23}$`)

// Check returns nil or Violations of what a row must say: a code, a label, where the law
// names it, who pays it, from when.
func (b Benefit) Check() error {
	var vs Violations
	vs.add(!benefitCode.MatchString(b.Code) || b.Code == RefundOfPayment, "R-025", "CODE_UNFIT",
		"Le code s'écrit en capitales, chiffres et _ (2 à 24 signes).")
	vs.add(b.Label == "" || b.LegalItem == "", "R-025", "BENEFIT_UNNAMED", "Donnez le libellé et le texte de loi.")
	vs.add(b.From.IsZero() || !b.To.IsZero() && b.To.Before(b.From), "R-025", "DATES_REVERSED",
		"Donnez le premier jour ; le dernier ne le précède pas.")
	for _, payer := range b.Payers {
		vs.add(!slices.Contains(Payers(), payer), "R-025", "PAYER_UNKNOWN", "Le payeur "+payer+" n'est pas connu.")
	}
	vs.add(b.Manageable && len(b.Payers) == 0, "R-025", "PAYER_MISSING", "Dites qui verse cette prestation.")
	vs.add(!slices.Contains([]string{"", PurposeHousing, PurposeChild, PurposeDependency}, b.Purpose), "R-036",
		"PURPOSE_UNKNOWN", "L'objet est HOUSING, CHILD ou DEPENDENCY.")
	vs.add(!slices.Contains([]DeathRule{"", UndueMonth, DueUntilDay, DueMonth}, b.MonthOfDeath), "R-096",
		"MONTH_OF_DEATH_UNKNOWN", "Le mois du décès est UNDUE (indu), UNTIL_DAY (dû jusqu'au jour) ou DUE (dû).")
	return vs.err()
}

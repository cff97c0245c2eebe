package mandates

import (
	"fmt"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/sepa"
)

// Frequency is how often an obligation falls due.
type Frequency string

// The frequencies. Each series starts on the first due day on or after From.
const (
	Weekly      Frequency = "WEEKLY"      // every 7 days
	Fortnightly Frequency = "FORTNIGHTLY" // every 14 days
	Monthly     Frequency = "MONTHLY"     // every month
	Quarterly   Frequency = "QUARTERLY"   // every third month
	Yearly      Frequency = "YEARLY"      // every twelfth month
	Once        Frequency = "ONCE"        // a single time
)

// Frequencies returns every known frequency, the most frequent first.
func Frequencies() []Frequency {
	return []Frequency{Weekly, Fortnightly, Monthly, Quarterly, Yearly, Once}
}

// byWeekday tells whether DueDay is a day of the week rather than of the month.
func (f Frequency) byWeekday() bool { return f == Weekly || f == Fortnightly }

// Obligation is what a mandate owes a creditor again and again, or once: a rent,
// an insurance, an instalment, a provision. It is effective-dated: a new
// amount is a new obligation that starts the day after the old one ends.
type Obligation struct {
	ID        string
	Mandate   string
	Class     Class
	Creditor  string       // creditor ID; empty for a RESERVE
	Amount    money.Amount // euros due each time, positive
	Label     string       // what the person reads on the statement
	Reference string       // what the creditor reads; names neither measure nor benefit
	Frequency Frequency
	DueDay    int          // day of month 1–31 (clamped), or weekday 1 = Monday … 7; 0 = that of From
	From      civil.Date   // first day of effect
	To        civil.Date   // last day of effect; zero = open
	Debt      string       // debt ID that a payment reduces, or empty
	Block     string       // reason of the law that forbids paying it, or empty
	Except    []civil.Date // due days that do not count
	Shared    string       // of a part: the line of a household that it is a part of
	Covers    string       // the part of another that this one pays by a written agreement
}

// The refusals of due days that callers branch on.
var (
	ErrDayPaid  = &RefusedError{"something of that day is paid", "Une partie de cette échéance est déjà payée : ce jour reste."}
	ErrNoDueDay = &RefusedError{"nothing is due on that day", "Rien n'est dû ce jour-là : vérifiez la date (masp obligation list)."}
)

// Check returns nil or Violations about the obligation itself; that mandate,
// creditor and debt exist is the store's to say.
func (o Obligation) Check() error {
	var vs Violations
	vs.add(!o.Class.Known(), "R-050", "CLASS_UNKNOWN",
		fmt.Sprintf("La catégorie « %s » n'existe pas.", o.Class))
	vs.add(!o.Amount.IsPositive(), "R-050", "AMOUNT_NOT_POSITIVE",
		"Le montant d'une échéance doit être supérieur à zéro.")
	vs.add(!slices.Contains(Frequencies(), o.Frequency), "R-053", "FREQUENCY_UNKNOWN",
		fmt.Sprintf("La périodicité « %s » n'existe pas.", o.Frequency))
	vs.add(o.DueDay < 0 || o.DueDay > o.lastDueDay(), "R-053", "DUE_DAY_UNKNOWN",
		"Le jour d'échéance va de 1 à 31 dans le mois, ou de 1 (lundi) à 7 dans la semaine.")
	vs.add(o.From.IsZero(), "R-053", "FROM_MISSING", "Indiquez la date de début de l'échéance.")
	vs.add(o.From.Year() > lastYear, "R-053", "FROM_TOO_FAR",
		"La date de début est trop lointaine : vérifiez l'année.")
	vs.add(!o.To.IsZero() && o.To.Before(o.From), "R-053", "DATES_REVERSED",
		"L'échéance finit avant d'avoir commencé : corrigez les dates.")
	vs.add(o.Class == Reserve && o.Creditor != "", "R-062", "RESERVE_HAS_CREDITOR",
		"Une provision reste à la personne : elle n'a pas de destinataire.")
	vs.add(o.Class != Reserve && o.Creditor == "", "R-060", "CREDITOR_MISSING",
		"Indiquez le destinataire du paiement.")
	vs.add(o.Class == DebtPlan && o.Debt == "", "R-064", "DEBT_MISSING",
		"Un plan d'apurement doit nommer la dette qu'il rembourse.")
	if o.Reference != "" {
		unfit := sepa.UnfitReference(o.Reference)
		vs.add(unfit != "", "R-186", "REFERENCE_UNFIT", unfit)
	}
	return vs.err()
}

// CheckDebt returns nil or Violations: the debt that an obligation pays is one of the same mandate
// . It may go to another payee than the creditor: a collector, a new account.
func (o Obligation) CheckDebt(d Debt) error {
	var vs Violations
	vs.add(d.Mandate != o.Mandate, "R-064", "debt_of_another",
		"Cette dette est celle d'un autre mandat.")
	return vs.err()
}

func (o Obligation) lastDueDay() int {
	if o.Frequency.byWeekday() {
		return 7
	}
	return 31
}

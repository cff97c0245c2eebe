package imports

import (
	"regexp"
	"strings"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Advice is a payer's list of what one of its credits brings (bordereau, R-031).
type Advice struct {
	BankAccount string // ours, on which the credit comes
	Payer       string // who sends it: "CAF", or any name; it decides nothing
	Reference   string // stands in the text of the bank line, or is its EndToEndId, which tells twins apart
	Amount      money.Amount
	On          civil.Date // day of the payment, as the payer says
	// Parts bring at most the amount; what they leave of it stays unidentified.
	Parts []AdvicePart
}

// AdvicePart is one line of the list. Without a mandate it stays unidentified.
type AdvicePart struct {
	Mandate string
	// Number is the payer's number of the person, when the list names no mandate.
	Number  string
	Benefit string      // code of the catalogue, or mandates.RefundOfPayment
	Period  civil.Month // month of the right, may be unknown
	Amount  money.Amount
}

// Announced is a list that is kept, for recognition.
type Announced struct {
	ID int64
	Advice
	Used bool // a bank line has been split by it
}

// whole tells how much the parts bring.
func (a Advice) whole() money.Amount {
	var sum money.Amount
	for _, p := range a.Parts {
		sum = sum.Add(p.Amount)
	}
	return sum
}

// check refuses a list that says too little or more than its credit.
func (a Advice) check() error {
	switch {
	case a.BankAccount == "" || a.Payer == "" || a.On.IsZero() || fold(a.Reference) == "":
		return refuse("ADVICE", "Indiquez le compte, le payeur, la référence et le jour du virement annoncé.")
	case !a.Amount.IsPositive() || len(a.Parts) == 0:
		return refuse("ADVICE", "Le bordereau n’annonce aucun montant.")
	}
	for i, p := range a.Parts {
		switch {
		case !p.Amount.IsPositive():
			return refuse("AMOUNT", "Ligne %d du bordereau : le montant doit être supérieur à zéro.", i+1)
		case (p.Mandate != "" || p.Number != "") && p.Benefit == "":
			return refuse("BENEFIT", "Ligne %d du bordereau : indiquez la prestation.", i+1)
		}
	}
	if sum := a.whole(); sum.Cmp(a.Amount) > 0 {
		return refuse("ADVICE_EXCEEDS", "Le bordereau détaille %s, plus que le virement annoncé de %s.",
			sum.French(), a.Amount.French())
	}
	return nil
}

// fits refuses a part of a mandate whose money lies elsewhere, and a benefit that nobody
// knows on the day.
func (a Advice) fits(owners map[string]mandates.Mandate, catalogue []mandates.Benefit) error {
	for i, p := range a.Parts {
		if p.Mandate == "" {
			continue
		}
		m, here := owners[p.Mandate]
		listed := mandates.Named(catalogue, p.Benefit)
		switch {
		case !here || m.BankAccount != a.BankAccount:
			return refuse("OTHER_ACCOUNT", "Ligne %d du bordereau : l’argent du mandat %s n’est pas sur le compte %s.",
				i+1, p.Mandate, a.BankAccount)
		case !listed && p.Benefit != mandates.RefundOfPayment:
			return refuse("BENEFIT_UNKNOWN", "Ligne %d du bordereau : la prestation %s n’est pas au catalogue.",
				i+1, p.Benefit)
		}
	}
	return nil
}

// hash stands for the list: the same one is announced once.
func (a Advice) hash() chain.Hash {
	e := chain.New(digestVersion, "advice").Str(a.BankAccount).Str(fold(a.Payer)).Str(fold(a.Reference)).
		Int(a.Amount.Cents()).Str(a.On.String()).Int(int64(len(a.Parts)))
	for _, p := range a.Parts {
		e.Str(p.Mandate).Str(p.Benefit).Str(p.Period.String()).Int(p.Amount.Cents())
	}
	return e.Sum()
}

// nearAdvice is how many days a credit may be away from the day that its list says: fewer
// than half a month, as payers use a reference again month after month.
const nearAdvice = 14

// of tells whether the list is about a credit of this text, amount and day.
func (a Advice) of(text string, amount money.Amount, on civil.Date) bool {
	days := on.DaysSince(a.On)
	return a.Amount == amount && max(days, -days) <= nearAdvice && carries(text, a.Reference)
}

// carries tells whether a reference stands in a text, not as a piece of a longer word.
func carries(text, reference string) bool {
	word := regexp.QuoteMeta(fold(reference))
	found, err := regexp.MatchString(`(?:^|[^0-9A-Z])`+word+`(?:$|[^0-9A-Z])`, fold(text))
	return err == nil && found && strings.TrimSpace(reference) != ""
}

package desk

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// proof is what the bank, the books and the persons have together.
type proof struct {
	OK         bool         `json:"ok"`
	Difference money.Amount `json:"difference"`
	Accounts   []struct {
		Since civil.Date `json:"first_day_of_difference"`
		Now   figures    `json:"now"`
	} `json:"accounts"`

	Sum                 figures
	BankGap, PersonsGap money.Amount
	Since               civil.Date
}

type figures struct {
	Bank         money.Amount `json:"bank"`
	Books        money.Amount `json:"books"`
	InTransit    money.Amount `json:"in_transit"`
	Unidentified money.Amount `json:"unidentified"`
	Persons      money.Amount `json:"persons"`
}

// addUp sums the accounts, and finds the first day of a difference.
func (p *proof) addUp() {
	sum := &p.Sum
	for _, a := range p.Accounts {
		sum.Bank, sum.Books = sum.Bank.Add(a.Now.Bank), sum.Books.Add(a.Now.Books)
		sum.InTransit = sum.InTransit.Add(a.Now.InTransit)
		sum.Unidentified, sum.Persons = sum.Unidentified.Add(a.Now.Unidentified), sum.Persons.Add(a.Now.Persons)
		if !a.Since.IsZero() && (p.Since.IsZero() || a.Since.Before(p.Since)) {
			p.Since = a.Since
		}
	}
	p.BankGap = sum.Bank.Sub(sum.Books)
	p.PersonsGap = sum.Books.Sub(sum.Persons).Sub(sum.InTransit).Sub(sum.Unidentified)
}

// gapTask is what comes before everything: the bank and the books differ.
func gapTask(p *proof) task {
	text := "La banque et le grand livre ne disent pas la même chose. Aucune campagne ne s'approuve."
	if !p.Since.IsZero() {
		text = "La banque et le grand livre diffèrent depuis le " + p.Since.French() + ". Aucune campagne ne s'approuve."
	}
	return task{Name: "Écart à expliquer", Text: text, State: "À voir maintenant", Tone: urgent, To: "/banque/rapprochement"}
}

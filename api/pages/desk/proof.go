package desk

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// proof is what the bank, the books and the persons have together.
type proof struct {
	OK         bool         `json:"ok"`
	Accounts   int          `json:"accounts"`
	Difference money.Amount `json:"difference"`
	Since      civil.Date   `json:"first_day_of_difference"`
	figures

	BankGap, PersonsGap money.Amount
}

type figures struct {
	Bank         money.Amount `json:"bank"`
	Books        money.Amount `json:"books"`
	InTransit    money.Amount `json:"in_transit"`
	Unidentified money.Amount `json:"unidentified"`
	Persons      money.Amount `json:"persons"`
}

// Sum is what stands on both sides.
func (p *proof) Sum() figures { return p.figures }

// addUp takes one side from the other.
func (p *proof) addUp() {
	p.BankGap = p.Bank.Sub(p.Books)
	p.PersonsGap = p.Books.Sub(p.Persons).Sub(p.InTransit).Sub(p.Unidentified)
}

// gapTask is what comes before everything: the bank and the books differ.
func gapTask(p *proof) task {
	text := "La banque et le grand livre ne disent pas la même chose. Aucune campagne ne s'approuve."
	if !p.Since.IsZero() {
		text = "La banque et le grand livre diffèrent depuis le " + p.Since.French() + ". Aucune campagne ne s'approuve."
	}
	return task{Name: "Écart à expliquer", Text: text, State: "À voir maintenant", Tone: urgent, To: "/banque/rapprochement"}
}

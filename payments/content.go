package payments

import "masp/ledger/chain"

// contentVersion changes when the fields of the hash change.
const contentVersion = 1

// Content is what an approver signs (decisions 2): of each transfer, who pays whom, on
// which IBAN, how much and when. Two runs with the same transfers have different contents:
// the run's own reference is part of it.
func Content(run string, transfers []Instruction) chain.Hash {
	e := chain.New(contentVersion, "masp run content")
	e.Str(run).Int(int64(len(transfers)))
	for _, t := range transfers {
		e.Str(t.Mandate).Str(string(t.Kind)).Str(string(t.Account)).Str(t.BankAccount)
		e.Str(t.Creditor).Str(t.Name).Str(t.IBAN).Int(t.Amount.Cents()).Str(t.ExecuteOn.String())
		e.Str(t.Reference).Str(t.EndToEndID)
	}
	return e.Sum()
}

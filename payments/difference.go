package payments

import (
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// DifferenceError refuses a run while any bank account does not agree with the bank: nobody
// knows what there is to pay from. Importing tells that a statement of it is on its way into the books.
type DifferenceError struct {
	Run, Account string
	Amount       money.Amount // what the bank says less the books; zero when these agree by now
	Since        civil.Date   // the first day of it
	Importing    bool
}

// Error names the account; amounts stay out of logs.
func (e *DifferenceError) Error() string {
	return fmt.Sprintf("approve run %s: bank account %s differs from the bank", e.Run, e.Account)
}

// French gives the figures to the person who decides, and says where to look.
func (e *DifferenceError) French() string {
	if e.Importing {
		return fmt.Sprintf("Un relevé du compte %s est en cours d'import : rien n'est parti. "+
			"Attendez sa fin, puis approuvez de nouveau.", e.Account)
	}
	return fmt.Sprintf("Le compte %s a un écart de %s avec la banque depuis le %s : rien n'est parti. "+
		"Cherchez-le (masp reconcile show %s %s) et corrigez-le, puis approuvez de nouveau.",
		e.Account, e.Amount.French(), e.Since.French(), e.Account, e.Since)
}

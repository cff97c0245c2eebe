package imports

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/payments"
)

// returnUnexplained is the ISO reason of a return for which the bank gave none.
const returnUnexplained = "MS03"

// assignReturn gives a transfer back to the account that it came from, as if the line had been
// recognised as its return: what it paid is due again, once.
func (s *Service) assignReturn(
	ctx context.Context, tx pgx.Tx, who auth.Principal, item openItem, a Assignment,
) (Assigned, error) {
	part, err := a.part(item.open)
	if err != nil {
		return Assigned{}, err
	}
	found, err := s.Payments.FindSentTx(ctx, tx, item.bankAccount, []string{a.Transfer})
	if err != nil {
		return Assigned{}, err
	}
	if len(found) == 0 {
		return Assigned{}, refuse("TRANSFER_UNKNOWN", "Aucun virement de ce compte ne porte la référence %s.", a.Transfer)
	}
	t := found[0]
	refunds, err := refunded(ctx, tx, t.ID)
	switch {
	case err != nil:
		return Assigned{}, err
	case refunds[t.ID].IsPositive():
		return Assigned{}, refuse("REFUNDED", "Le destinataire du virement %s en a déjà remboursé %s : un retour le "+
			"rendrait deux fois.", a.Transfer, refunds[t.ID].French())
	case t.State != payments.InstructionSettled:
		return Assigned{}, refuse("NOT_SETTLED", "Le virement %s n’a pas été exécuté, ou il est déjà revenu.", a.Transfer)
	case t.Amount != part:
		return Assigned{}, refuse("AMOUNT", "Le virement %s est de %s, il ne revient pas en partie : une partie rendue "+
			"par le destinataire est un remboursement (--benefit REFUND_OF_PAYMENT).", a.Transfer, t.Amount.French())
	case t.Account == ledger.Suspense:
		return Assigned{}, refuse("SENDER", "Le virement %s rendait de l’argent non identifié : dites de qui est cette "+
			"ligne, ou rendez-la de nouveau à l’expéditeur.", a.Transfer)
	}
	a.Mandate = t.Mandate
	return s.storeReturn(ctx, tx, who, identified{item: item, part: part, what: a, transfer: t.ID}, t.Account)
}

// storeReturn writes the entry, who said it, and what follows for the transfer.
func (s *Service) storeReturn(
	ctx context.Context, tx pgx.Tx, who auth.Principal, row identified, to ledger.Code,
) (done Assigned, err error) {
	row.entry, err = s.postItem(ctx, tx, ledger.Entry{ // without the bank's days: it counts when it is said
		Kind: ledger.Return, Actor: who.ID,
		Postings: []ledger.Posting{{Debit: ledger.Suspense, Credit: to, Amount: row.part}},
	}, row.item)
	if err != nil {
		return Assigned{}, err
	}
	done = Assigned{Entry: row.entry, Account: string(to), Amount: row.part, Open: row.item.open.Sub(row.part)}
	if done.ID, err = assign(ctx, tx, who.Secret(), row); err != nil {
		return Assigned{}, err
	}
	return done, s.Payments.MarkReturnedTx(ctx, tx, payments.Failure{
		Instruction: row.transfer, Entry: row.entry, Reason: firstOf(row.item.returned, returnUnexplained), On: row.item.bookedOn,
	})
}

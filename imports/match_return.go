package imports

import (
	"fmt"

	"masp/ledger"
	"masp/payments"
)

// recogniseReturn finds which of our transfers comes back. A credit is a return when the bank
// says so (a return reason, a code of the returned kind) or when it carries the reference of a
// transfer of ours: banks leave out either. False when it is neither: then it is a credit
// like any other.
//
// Only a transfer that was debited can come back. The books give the money back to the account
// that it came from; fees taken off, a second return or an unseen debit are for a person.
func recogniseReturn(l Line, k *Known) (Recognition, bool) {
	details, whole := l.details()
	found := make([]*Transfer, len(details))
	ours := l.Returned
	for i, d := range details {
		found[i] = k.givenBack(d)
		ours = ours || found[i] != nil
	}
	if !ours {
		return Recognition{}, false
	}
	if !whole {
		return unidentified(l, "retour groupé dont les montants ne s’additionnent pas.", ""), true
	}
	r := Recognition{
		Kind: ledger.Return, State: LineMatched,
		Why: "Virement revenu : même référence, même montant.",
	}
	seen := map[int64]bool{}
	for i, d := range details {
		if why := whyNotReturned(d, found[i]); why != "" || seen[found[i].ID] {
			return unidentified(l, firstOf(why, "le même virement revient deux fois."), ""), true
		}
		seen[found[i].ID] = true
		r.Parts = append(r.Parts, Part{
			Account: found[i].Account, Amount: d.Amount, Mandate: found[i].Mandate,
			Transfer: found[i].ID, ReturnCode: firstOf(d.ReturnCode, "MS03"),
		})
	}
	return r, true
}

// givenBack is the transfer that a transaction brings back: by its reference, else the only
// debited one of its batch with this amount.
func (k *Known) givenBack(d Detail) *Transfer {
	if t := k.named(d.EndToEndID, d.InstructionID); t != nil || d.PaymentInfoID == "" {
		return t
	}
	var only *Transfer
	for i := range k.Transfers {
		t := &k.Transfers[i]
		if t.PaymentInfoID != d.PaymentInfoID || t.State != payments.InstructionSettled ||
			t.Amount != d.Amount {
			continue
		}
		if only != nil {
			return nil
		}
		only = t
	}
	return only
}

// whyNotReturned says in French why a transaction does not bring back this transfer; empty
// when it does.
func whyNotReturned(d Detail, t *Transfer) string {
	switch {
	case t == nil:
		return "la banque annonce un retour, mais rien ne dit de quel virement."
	case t.Amount != d.Amount:
		return fmt.Sprintf(
			"le virement %s était de %s, il revient %s : des frais ont pu être pris.", t.EndToEndID,
			t.Amount.French(), d.Amount.French(),
		)
	case t.State == payments.InstructionSettled:
		return ""
	case t.State == payments.InTransit:
		return fmt.Sprintf(
			"retour du virement %s, dont le débit n’a pas encore été vu.", t.EndToEndID,
		)
	case t.State == payments.Rejected:
		return fmt.Sprintf(
			"le virement %s a déjà été rejeté : l’argent est déjà rendu.", t.EndToEndID,
		)
	case t.State == payments.Returned:
		return fmt.Sprintf("le virement %s est déjà revenu.", t.EndToEndID)
	}
	return fmt.Sprintf("le virement %s n’est pas parti.", t.EndToEndID)
}

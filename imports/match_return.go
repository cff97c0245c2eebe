package imports

import (
	"fmt"
	"slices"
	"strings"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
)

// backIn tells which transactions of a credit bring back one of our transfers: the bank says so
// (a return reason, a code of the returned kind), or it gives the reference of a transfer of
// ours, of whatever account and state, in its fields or in the text. Banks leave out either;
// RvslInd they write as they like, so it says nothing. What is said of the line is said of all
// its transactions where it is said of none.
func (k *Known) backIn(l Line, details []Detail) []bool {
	each := slices.ContainsFunc(details, func(d Detail) bool { return d.Returned })
	back := make([]bool, len(details))
	for i, d := range details {
		back[i] = d.Returned || d.ReturnCode != "" || l.Returned && !each ||
			len(k.ours(l, d)) > 0 || k.givenBack(l, d) != nil
	}
	return back
}

// returnOf gives one transaction back to the account that its transfer came from. Only
// a transfer that was debited can come back, whole and once; the rest is for a person. Before
// are the parts of the line so far.
func returnOf(l Line, k *Known, before []Part) Recognition {
	d := l.Details[0]
	t := k.givenBack(l, d)
	why := k.whyNotReturned(l, t)
	if why == "" && slices.ContainsFunc(before, func(p Part) bool { return p.Transfer == t.ID }) {
		why = "le même virement revient deux fois."
	}
	if why != "" {
		return unidentified(l, why, "")
	}
	return Recognition{
		Kind: ledger.Return, State: LineMatched,
		Why: "Virement " + t.EndToEndID + " revenu : même référence, même montant.",
		Parts: []Part{{
			Account: t.Account, Amount: d.Amount, Mandate: t.Mandate, Transfer: t.ID,
			ReturnCode: firstOf(d.ReturnCode, returnUnexplained),
		}},
	}
}

// returnedLess is a return whose transactions are not the line. Where the bank says of each transfer
// that it comes back whole and books less in all, it has kept its fees: the persons get all of it, and
// what was kept is a debit that nobody ordered. Several transfers must come from one account: an entry
// has one hub (house rules 4), and between persons nothing is guessed. Else a person decides.
func returnedLess(l Line, details []Detail, k *Known) Recognition {
	r := Recognition{Kind: ledger.Return}
	var sum money.Amount
	for _, d := range details {
		one := returnOf(l.only(d), k, r.Parts)
		if !l.Returned || one.State != LineMatched || len(r.Parts) > 0 && one.Parts[0].Account != r.Parts[0].Account {
			return keptUnexplained(l)
		}
		r.add(one)
		sum = sum.Add(d.Amount)
	}
	kept := sum.Sub(l.magnitude())
	if !kept.IsPositive() || kept.Cmp(r.Parts[0].Amount) >= 0 {
		return keptUnexplained(l)
	}
	what := "le retour du virement " + k.givenBack(l, details[0]).EndToEndID
	if n := len(details); n > 1 {
		what = fmt.Sprintf("le retour de %d virements", n)
	}
	fee := unidentified(l.only(Detail{Amount: kept.Neg(), Party: details[0].Party, Text: details[0].Text}),
		"frais de "+kept.French()+" retenus sur "+what+".", "")
	r.Kept, r.Alerts, r.Why = kept, fee.Alerts, join(r.Why, "La banque a retenu", kept.French(), "de frais.")
	r.judge()
	return r
}

// keptUnexplained leaves such a return whole to a person.
func keptUnexplained(l Line) Recognition {
	return unidentified(l, "retour dont les montants ne s’additionnent pas : des frais ont pu être pris.", "")
}

// givenBack is the transfer that a transaction brings back: by the one reference that it gives,
// else the only debited one of its batch with this amount.
func (k *Known) givenBack(l Line, d Detail) *Transfer {
	if ours := k.ours(l, d); len(ours) == 1 {
		return k.named(ours[0])
	} else if len(ours) > 1 || d.PaymentInfoID == "" {
		return nil
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

// whyNotReturned says in French why a line of one transaction does not bring back this transfer;
// empty when it does.
func (k *Known) whyNotReturned(l Line, t *Transfer) string {
	d := l.Details[0]
	ours := k.ours(l, d)
	switch {
	case len(ours) > 1:
		return "le texte nomme plusieurs de nos virements : " + strings.Join(ours, ", ") + "."
	case t == nil && len(ours) == 1:
		return fmt.Sprintf("le virement %s est parti du compte %s, son argent revient sur un autre.",
			ours[0], k.Elsewhere[ours[0]])
	case t == nil:
		return "la banque annonce un retour, mais rien ne dit de quel virement."
	case t.Amount != d.Amount:
		return fmt.Sprintf(
			"le virement %s était de %s, il revient %s : des frais ont pu être pris.", t.EndToEndID,
			t.Amount.French(), d.Amount.French(),
		)
	case t.State == payments.InstructionSettled && k.Refunded[t.ID].IsPositive():
		return fmt.Sprintf("le destinataire du virement %s en a déjà remboursé %s : un retour le "+
			"rendrait deux fois.", t.EndToEndID, k.Refunded[t.ID].French())
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

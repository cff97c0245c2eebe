package imports

import (
	"fmt"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/sepa"
)

// recogniseDebit finds which of our transfers a debit executes: by its own reference, else
// among those of the batch that the bank names. Neither an amount nor a name alone is enough.
func recogniseDebit(l Line, k *Known) Recognition {
	details, whole := l.details()
	if whole {
		if r, known := byReference(l, details, k); known {
			return r
		}
	}
	fits := batchOf(l)
	if fits == nil {
		return unidentified(l, "aucune référence ne désigne un de nos virements.", likely(l, k))
	}
	batch := k.inTransit(fits)
	if len(batch) == 0 {
		return unidentified(
			l, "le lot que la banque cite n’a aucun virement en route.", likely(l, k),
		)
	}
	if sumOf(batch) == l.magnitude() && countFits(l, len(batch)) {
		return settled(
			l, batch, "lot entier de "+plural(len(batch), "virement", "virements")+", même total",
		)
	}
	if !whole {
		return unidentified(
			l, "le total ne correspond pas aux virements en route de ce lot.", likely(l, k),
		)
	}
	return byDetail(l, details, batch)
}

// byReference settles the transfers that every transaction of the line names, with the same
// amounts. False when some transaction names none of ours: then the batch may tell.
func byReference(l Line, details []Detail, k *Known) (Recognition, bool) {
	var found []Transfer
	seen := map[int64]bool{}
	for _, d := range details {
		t := k.named(d.EndToEndID, d.InstructionID)
		if t == nil {
			return Recognition{}, false
		}
		switch {
		case t.State != payments.InTransit || seen[t.ID]:
			return unidentified(
				l, fmt.Sprintf("le virement %s n’est plus en route.", t.EndToEndID), "",
			), true
		case t.Amount != d.Amount:
			return unidentified(l, fmt.Sprintf("le virement %s était de %s, la banque débite %s.",
				t.EndToEndID, t.Amount.French(), d.Amount.French()), ""), true
		}
		seen[t.ID] = true
		found = append(found, *t)
	}
	return settled(l, found, "même référence, même montant"), true
}

// byDetail looks for each transaction among the transfers of the batch: by reference, else by
// amount, else by amount and name. One transaction that nothing settles leaves the whole line.
func byDetail(l Line, details []Detail, batch []Transfer) Recognition {
	var found []Transfer
	for _, d := range details {
		fits := narrow(d, batch)
		if len(fits) == 1 {
			found = append(found, fits[0])
			batch = without(batch, fits[0].ID)
			continue
		}
		r := unidentified(l, fmt.Sprintf("le lot a %d virements de %s : rien ne dit lequel.",
			len(fits), d.Amount.French()), "")
		if len(details) == 1 {
			r.candidates = idsOf(fits)
		}
		return r
	}
	return settled(l, found, "même lot, même montant")
}

// narrow keeps the transfers of a batch that a transaction may be.
func narrow(d Detail, batch []Transfer) []Transfer {
	var sameAmount, sameName []Transfer
	for _, t := range batch {
		if t.Amount != d.Amount {
			continue
		}
		if t.EndToEndID == d.EndToEndID || t.EndToEndID == d.InstructionID {
			return []Transfer{t}
		}
		sameAmount = append(sameAmount, t)
		if name := asPaid(d.Party); name != "" && name == asPaid(t.CreditorName) {
			sameName = append(sameName, t)
		}
	}
	if len(sameAmount) > 1 && len(sameName) > 0 {
		return sameName
	}
	return sameAmount
}

// asPaid writes a name as our payment files and the bank write it.
func asPaid(name string) string { return fold(sepa.Transliterate(name)) }

// settled books a debit as the execution of transfers, one posting for each.
func settled(l Line, transfers []Transfer, how string) Recognition {
	r := Recognition{
		Kind: ledger.BankDebit, State: LineMatched, Why: "Virement exécuté : " + how + ".",
	}
	for _, t := range transfers {
		r.Parts = append(
			r.Parts,
			Part{Account: ledger.InTransit, Amount: t.Amount, Mandate: t.Mandate, Transfer: t.ID},
		)
	}
	return r
}

// batchOf tells which transfers the batch of a line holds; nil when the bank names none.
func batchOf(l Line) func(Transfer) bool {
	infos, messages := map[string]bool{}, map[string]bool{}
	for _, b := range l.Batches {
		infos[b.PaymentInfoID], messages[b.MessageID] = true, true
	}
	for _, d := range l.Details {
		infos[d.PaymentInfoID], messages[d.MessageID] = true, true
	}
	delete(infos, "")
	delete(messages, "")
	switch {
	case len(infos) == 1:
		return func(t Transfer) bool { return infos[t.PaymentInfoID] }
	case len(infos) == 0 && len(messages) == 1:
		return func(t Transfer) bool { return messages[t.MessageID] }
	}
	return nil
}

// countFits tells that the bank counts as many transfers as we do, where it counts at all.
func countFits(l Line, transfers int) bool {
	for _, b := range l.Batches {
		if b.Count != 0 && b.Count != transfers {
			return false
		}
	}
	return len(l.Details) == 0 || len(l.Details) == transfers ||
		len(l.Details) == 1 && len(l.Batches) == 1 && l.Batches[0].Count == transfers
}

// likely names the transfers in transit of the same amount, for the person who decides.
func likely(l Line, k *Known) string {
	fits := k.inTransit(func(t Transfer) bool { return t.Amount == l.magnitude() })
	if len(fits) == 0 || len(fits) > 3 {
		return ""
	}
	text := "Virements en route du même montant :"
	for _, t := range fits {
		text = join(text, t.EndToEndID, "("+t.CreditorName+")")
	}
	return text
}

func sumOf(transfers []Transfer) money.Amount {
	var sum money.Amount
	for _, t := range transfers {
		sum = sum.Add(t.Amount)
	}
	return sum
}

func idsOf(transfers []Transfer) []int64 {
	var ids []int64
	for _, t := range transfers {
		ids = append(ids, t.ID)
	}
	return ids
}

func without(transfers []Transfer, id int64) []Transfer {
	var rest []Transfer
	for _, t := range transfers {
		if t.ID != id {
			rest = append(rest, t)
		}
	}
	return rest
}

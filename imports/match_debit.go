package imports

import (
	"fmt"
	"slices"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/sepa"
)

// recogniseDebit finds which of our transfers a debit executes: by their own references, else
// the batch that the bank names, by its total or transaction by transaction. Neither an amount
// nor a name alone is enough. Where only some transactions of a line are certain, those are
// settled and the others stay in suspense.
func recogniseDebit(l Line, k *Known) Recognition {
	if l.Returned {
		return unidentified(l, "la banque parle d’un retour : un débit n’en est pas un de nos virements.", "")
	}
	details, whole := l.details()
	var picks []pick
	if whole {
		if picks = k.byReference(details); certain(picks) == len(picks) {
			return executed(l, details, picks, "même référence, même montant")
		}
	}
	fits := batchOf(l)
	var batch []Transfer
	if fits != nil {
		batch = k.inTransit(fits)
	}
	named := slices.ContainsFunc(picks, func(p pick) bool { return p.why != "" })
	if !named && len(batch) > 0 && sumOf(batch) == l.magnitude() && k.countFits(l, fits, len(batch)) {
		return settled(
			l, batch, "lot entier de "+plural(len(batch), "virement", "virements")+", même total",
		)
	}
	why := "aucune référence ne désigne un de nos virements."
	switch {
	case fits != nil && len(batch) == 0:
		why = "le lot que la banque cite n’a aucun virement en route."
	case fits != nil && !whole:
		why = "le total ne correspond pas aux virements en route de ce lot."
	}
	if !whole {
		return unidentified(l, why, "")
	}
	fromBatch(details, picks, batch, why)
	return executed(l, details, picks, "même lot, même montant")
}

// pick is what one transaction of a debit executes, or why it executes nothing.
type pick struct {
	transfer *Transfer
	why      string
	fits     []Transfer // several that nothing tells apart
}

// byReference picks the transfers that the transactions name, in transit and of their amounts.
func (k *Known) byReference(details []Detail) []pick {
	picks := make([]pick, len(details))
	seen := map[int64]bool{}
	for i, d := range details {
		t := k.named(d.EndToEndID, d.InstructionID)
		switch {
		case t == nil:
			if from := k.Elsewhere[asReference(d.EndToEndID)]; from != "" {
				picks[i].why = fmt.Sprintf("le virement %s est parti du compte %s.", d.EndToEndID, from)
			}
		case t.State != payments.InTransit || seen[t.ID]:
			picks[i].why = fmt.Sprintf("le virement %s n’est plus en route.", t.EndToEndID)
		case t.Amount != d.Amount:
			picks[i].why = fmt.Sprintf("le virement %s était de %s, la banque débite %s.",
				t.EndToEndID, t.Amount.French(), d.Amount.French())
		default:
			picks[i].transfer = t
			seen[t.ID] = true
		}
	}
	return picks
}

// certain counts the transactions of which the transfer is known.
func certain(picks []pick) int {
	n := 0
	for _, p := range picks {
		if p.transfer != nil {
			n++
		}
	}
	return n
}

// fromBatch looks for the transactions that name nothing of ours among the transfers of the
// batch: by amount, else by amount and name. Otherwise is why the others are left.
func fromBatch(details []Detail, picks []pick, batch []Transfer, otherwise string) {
	for _, p := range picks {
		if p.transfer != nil {
			batch = without(batch, p.transfer.ID)
		}
	}
	for i, d := range details {
		p := &picks[i]
		if p.transfer != nil || p.why != "" {
			continue
		}
		p.fits = narrow(d, batch)
		switch {
		case len(batch) == 0:
			p.why = otherwise
		case len(p.fits) == 0:
			p.why = "le lot n’a ni ce total ni un virement en route de " + d.Amount.French() + "."
		case len(p.fits) > 1:
			p.why = fmt.Sprintf("le lot a %d virements de %s : rien ne dit lequel.",
				len(p.fits), d.Amount.French())
		default:
			p.transfer = &p.fits[0]
			batch = without(batch, p.transfer.ID)
		}
	}
}

// executed books what is certain of a debit, and the rest to suspense.
func executed(l Line, details []Detail, picks []pick, how string) Recognition {
	if certain(picks) == 0 {
		r := unidentified(l, picks[0].why, "")
		if len(details) == 1 {
			r.candidates = idsOf(picks[0].fits)
		}
		return r
	}
	var found []Transfer
	for _, p := range picks {
		if p.transfer != nil {
			found = append(found, *p.transfer)
		}
	}
	r := settled(l, found, how)
	for i, p := range picks {
		if p.transfer == nil {
			r.add(unidentified(l.only(details[i]), p.why, ""))
		}
	}
	r.judge()
	return r
}

// narrow keeps the transfers of a batch that a transaction may be.
func narrow(d Detail, batch []Transfer) []Transfer {
	var sameAmount, sameName []Transfer
	for _, t := range batch {
		if t.Amount != d.Amount || d.PaymentInfoID != "" && d.PaymentInfoID != t.PaymentInfoID {
			continue
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

// batchOf tells which transfers the batches of a line hold; nil when the bank names none. The
// bank's own number of the line is no name of a batch, whatever digits it shares with one.
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
	case len(infos) > 0:
		return func(t Transfer) bool { return infos[t.PaymentInfoID] }
	case len(messages) == 1:
		return func(t Transfer) bool { return messages[t.MessageID] }
	}
	return nil
}

// countFits tells that the bank counts as many transfers as are in transit, or as the batch had
// before some were rejected, where it counts at all.
func (k *Known) countFits(l Line, fits func(Transfer) bool, transit int) bool {
	counted := 0
	for _, b := range l.Batches {
		if b.Count == 0 {
			counted = 0
			break
		}
		counted += b.Count
	}
	sent := 0
	for _, t := range k.Transfers {
		if fits(t) {
			sent++
		}
	}
	return (counted == 0 || counted == transit || counted == sent) &&
		(len(l.Details) < 2 || len(l.Details) == transit)
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

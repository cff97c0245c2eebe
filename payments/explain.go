package payments

import (
	"fmt"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// blocks are the reasons of the law, or of prudence, as a social worker reads them.
var blocks = map[Reason]string{
	mandates.ContestedDebt: "la personne conteste cette dette, et la contestation " +
		"suspend le remboursement",
	mandates.OverIndebtednessFreeze: "le dossier de surendettement est recevable, et payer " +
		"une dette née avant est interdit",
	mandates.PaidByThirdParty: "le juge a ordonné que la prestation soit versée directement " +
		"au bailleur",
	IBANNotOpen: "l'IBAN du destinataire n'est pas encore confirmé par une deuxième " +
		"personne, son délai d'attente court encore, ou la banque l'a refusé",
	BlockedByHand:   "la coordination retient ce paiement dans cette campagne",
	RefusedByPerson: "la personne refuse ce paiement",
}

// Explanations are the sentences of all lines, in the order of payment.
func (a Allotment) Explanations() []string {
	p := a.start()
	all := make([]string, len(a.Lines))
	for i := range a.Lines {
		all[i] = a.sentence(a.Lines[i], p)
		p.pass(&a.Lines[i])
	}
	return all
}

// position is what stands above a line: what is left for it, and who waits.
type position struct {
	left    money.Amount  // available before the line
	floor   money.Amount  // what the person has yet to receive
	unpaid  money.Amount  // of the senior lines above
	stopper *AllottedLine // the first junior line above that was not paid in full

	unpaidRent *AllottedLine // the first senior line above that was not paid in full
	// what these two lack, and whether a hand made a senior line wait
	stopperLacks, rentLacks money.Amount
	rentByHand              bool
}

// start is the position of the first line.
func (a Allotment) start() position {
	return position{left: a.AvailableBefore, floor: money.Max(money.Amount{}, a.FloorLeft)}
}

// lacks is how much more money would pay the line in full: below the rent, what is left of the living
// floor counts too. Of a line that waits for another reason, it is what is not paid of it.
func (p position) lacks(l *AllottedLine) money.Amount {
	reach := p.left
	if !l.Senior {
		reach = reach.Sub(p.floor)
	}
	if short := l.Due.Sub(reach); short.IsPositive() && l.Reason == InsufficientFunds {
		return short
	}
	return l.Due.Sub(l.Paid)
}

// rentMissing says how much more money would pay the senior lines above in full.
func (p position) rentMissing() string {
	if p.rentByHand || p.left.IsNegative() {
		return p.unpaid.French()
	}
	return p.unpaid.Sub(p.left).French()
}

func (p *position) pass(l *AllottedLine) {
	short, lacks := l.Status == Partial || l.Status == Deferred, p.lacks(l)
	p.left = p.left.Sub(l.Paid).Sub(l.Withheld)
	switch {
	case short && !l.Senior && l.Reason.byHand():
	case short && l.Senior:
		p.unpaid, p.rentByHand = p.unpaid.Add(l.Due.Sub(l.Paid)), p.rentByHand || l.Reason.byHand()
		if p.unpaidRent == nil {
			p.unpaidRent, p.rentLacks = l, lacks
		}
	case short && p.stopper == nil:
		p.stopper, p.stopperLacks = l, lacks
	}
}

// sentence chooses the words by status and reason.
func (a Allotment) sentence(l AllottedLine, p position) string {
	switch {
	case l.Status == Paid && l.Hand.Later.IsPositive():
		return fmt.Sprintf("Montant fixé par la coordination : %s payés en entier ; %s restent dus.",
			l.Due.French(), l.Hand.Later.French())
	case l.Status == Paid && l.Senior:
		return fmt.Sprintf("Payé en premier, en entier : %s sur %s disponibles.", l.Due.French(), p.left.French())
	case l.Status == Paid:
		return fmt.Sprintf("Payé en entier : %s sur les %s qui restaient.", l.Due.French(), p.left.French())
	case l.Status == Reserved:
		return fmt.Sprintf("%s mis de côté sur le compte de la personne.", l.Due.French())
	case l.Reason == RentFirst:
		return fmt.Sprintf("Bloqué : il manque %s pour le loyer et les charges en cours ; "+
			"rien d'autre ne part avant.", p.rentMissing())
	case l.Withheld.IsPositive():
		return fmt.Sprintf("Bloqué : %s. %s restent sur le compte en attendant.", blockWords(l.Reason), l.Withheld.French())
	case l.Status == Blocked:
		return fmt.Sprintf("Bloqué : %s. Rien n'est payé sur %s.", blockWords(l.Reason), l.Due.French())
	case l.Reason == HigherPriorityUnpaid:
		return p.waiting()
	case l.Reason.byHand():
		return l.byHandWords()
	case l.Senior:
		return a.seniorShort(l, p)
	default:
		return a.juniorShort(l, p)
	}
}

// waiting names the line that stopped this one.
func (p position) waiting() string {
	if p.stopper == nil {
		return "En attente : une dépense plus prioritaire n'a pas pu être payée en entier."
	}
	return fmt.Sprintf("En attente : « %s » passe avant, et il manque %s pour la payer en entier.",
		p.stopper.Label, p.stopperLacks.French())
}

// seniorShort explains a rent or a charge that is not paid in full.
func (a Allotment) seniorShort(l AllottedLine, p position) string {
	what := "le loyer"
	if l.Class == mandates.RentalCharge {
		what = "les charges locatives"
	}
	if l.Status == Partial {
		return fmt.Sprintf("Payé en partie : %s sur %s. Il manque %s pour payer %s en entier ; "+
			"rien d'autre ne part avant.",
			l.Paid.French(), l.Due.French(), l.Due.Sub(l.Paid).French(), what)
	}
	left := money.Max(money.Amount{}, p.left)
	if left.IsZero() {
		return fmt.Sprintf("Il ne reste rien pour payer %s (%s) ; rien d'autre ne part avant.", what, l.Due.French())
	}
	text := fmt.Sprintf("Il manque %s pour payer %s en entier (%s) ; rien d'autre ne part avant.",
		l.Due.Sub(left).French(), what, l.Due.French())
	return text + fmt.Sprintf(" Il reste %s, mais le paiement en partie n'est pas prévu.", left.French())
}

// juniorShort explains any other line that money does not reach.
func (a Allotment) juniorShort(l AllottedLine, p position) string {
	floor := money.Max(money.Amount{}, a.FloorLeft)
	free := money.Max(money.Amount{}, p.left.Sub(floor))
	kept := ""
	if floor.IsPositive() {
		kept = fmt.Sprintf(" une fois gardé le reste à vivre de %s", floor.French())
	}
	if l.Status == Partial {
		return fmt.Sprintf("Payé en partie : %s sur %s. Il manque %s%s.",
			l.Paid.French(), l.Due.French(), l.Due.Sub(l.Paid).French(), kept)
	}
	return fmt.Sprintf("Reporté : il manque %s pour payer %s. Il reste %s%s.",
		p.lacks(&l).French(), l.Due.French(), free.French(), kept)
}

func blockWords(r Reason) string {
	if words, ok := blocks[r]; ok {
		return words
	}
	return "motif « " + string(r) + " »"
}

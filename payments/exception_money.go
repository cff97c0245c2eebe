package payments

import (
	"fmt"
	"slices"
	"strings"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// money looks at what is missing, what comes twice and what may not be shared out.
func (w *finder) money() {
	w.shortages()
	w.priority()
	w.rent()
	w.duplicates()
	for _, l := range w.Run.Lines {
		if other := w.OpenRuns[l.Key()]; other != "" {
			w.add(Exception{
				Code: AlreadyInRun, Lines: []string{l.Key()}, After: other, Awaits: []Decision{DecideWithdraw},
				Text: fmt.Sprintf("%s, %s : cette ligne est aussi dans la campagne %s.", l.Label, l.Due.French(), other),
			})
		}
	}
	if w.Restricted.IsPositive() {
		w.add(Exception{
			Code: NonSocialIncome, After: w.Restricted.French(),
			Text: w.Restricted.French() + " reçus ne sont pas une prestation confiée : " +
				"cet argent ne se gère pas, il se reverse en entier à la personne.",
		})
	}
	w.forPerson()
}

// shortages are the lines at which money runs out, each with those that wait behind it.
func (w *finder) shortages() {
	var senior, junior []int // places in found
	for _, l := range w.Run.Lines {
		switch {
		case l.short():
			w.add(w.shortage(l))
			if (mandates.Policy{}).IsSenior(l.Class) {
				senior = append(senior, len(w.found)-1)
			} else {
				junior = append(junior, len(w.found)-1)
			}
		case l.Reason == RentFirst && len(senior) > 0:
			w.found[senior[0]].Lines = append(w.found[senior[0]].Lines, l.Key())
		case l.Reason == HigherPriorityUnpaid && len(junior) > 0:
			w.found[junior[0]].Lines = append(w.found[junior[0]].Lines, l.Key())
		}
	}
}

func (w *finder) shortage(l RunLine) Exception {
	e := Exception{
		Code: InsufficientMoney, Lines: []string{l.Key()}, Before: l.Due.French(), After: l.Paid.French(),
		Text:   fmt.Sprintf("%s %s : il manque %s.", l.Label, l.Due.French(), l.Due.Sub(l.Paid).French()),
		Awaits: []Decision{DecideDefer},
	}
	if l.Status == Deferred {
		e.Text = fmt.Sprintf("%s %s : rien n'est payé. %s", l.Label, l.Due.French(), l.Explanation)
		e.Awaits = nil
		if e.Instead = l.inReach(); e.Instead.IsPositive() {
			e.Awaits = []Decision{DecidePayPart}
		}
	}
	if !(mandates.Policy{}).IsSenior(l.Class) { // rent is never held back
		e.Awaits = append(e.Awaits, DecideBlock)
	}
	return e
}

// inReach is what there was for a line that is not paid, when its class is never paid in part by
// itself; nothing for money set aside, which is all or nothing.
func (l RunLine) inReach() money.Amount {
	switch {
	case l.Class == mandates.Reserve:
		return money.Amount{}
	case (mandates.Policy{}).IsSenior(l.Class):
		return l.Why.Available
	}
	return money.Max(money.Amount{}, l.Why.Available.Sub(l.Why.FloorLeft))
}

// priority looks for money that leaves below a rent or a charge that is not paid in full:
// one of this run, or one of the month that this run leaves out, unless its money stays.
func (w *finder) priority() {
	missing := money.Max(money.Amount{}, w.Run.rentOpen.Sub(w.Run.Carried))
	for _, l := range w.Run.Lines {
		if (mandates.Policy{}).IsSenior(l.Class) && (l.Status == Partial || l.Status == Deferred) {
			missing = missing.Add(l.Due.Sub(l.Paid))
		}
	}
	if missing.IsZero() {
		return
	}
	for _, l := range w.Run.Lines {
		if !(mandates.Policy{}).IsSenior(l.Class) && l.Paid.IsPositive() {
			w.outranks(l.Label, l.Paid, missing, l.Key())
		}
	}
	if w.Run.Remit.IsPositive() {
		w.outranks("Versement à la personne", w.Run.Remit, missing)
	}
}

// outranks tells of money that leaves before the rent. Nobody may keep it so: a line is withdrawn,
// and money for the person waits until the rent stands in the run or the run is cancelled.
func (w *finder) outranks(what string, paid, missing money.Amount, lines ...string) {
	w.add(Exception{
		Code: PriorityViolated, Lines: lines, Before: money.Amount{}.French(), After: paid.French(),
		Awaits: []Decision{DecideWithdraw},
		Text: fmt.Sprintf("%s : %s partent alors qu'il manque %s pour le loyer et les charges. "+
			"Ajoutez-les à la campagne (masp run adjust … ADD_LINE).", what, paid.French(), missing.French()),
	})
}

// rent asks why a run of the month pays no rent: the law puts it first.
func (w *finder) rent() {
	isRent := func(l RunLine) bool { return l.Class == mandates.Rent }
	if w.Purpose != MonthlyRun || w.Run.Refused != "" || w.RentPaid || slices.ContainsFunc(w.Run.Lines, isRent) {
		return
	}
	i := slices.IndexFunc(w.Past, func(p PastLine) bool { return p.Class == mandates.Rent && p.Paid.IsPositive() })
	switch {
	case i >= 0:
		w.add(Exception{
			Code: RentMissing, Before: w.Past[i].Paid.French(), After: money.Amount{}.French(),
			Text: fmt.Sprintf("Aucun loyer ce mois-ci ; le dernier payé était de %s.", w.Past[i].Paid.French()),
		})
	case w.First && w.RentKnown:
		w.add(Exception{
			Code: RentMissing, After: money.Amount{}.French(),
			Text: "Un loyer est enregistré pour cette personne, et cette campagne n'en paie aucun.",
		})
	case w.First:
		w.add(Exception{
			Code: RentMissing, After: money.Amount{}.French(),
			Text: "Aucun loyer n'est enregistré pour cette personne.",
		})
	}
}

// duplicateDays is how near two dues of one amount must be to be taken for one.
const duplicateDays = 20

func abs(n int) int { return max(n, -n) }

// duplicates are lines of one amount to one creditor: two in this run, or one that was paid
// lately for another obligation. What was paid twice last month too is known.
func (w *finder) duplicates() {
	for i, l := range w.Run.Lines {
		if !l.Paid.IsPositive() || l.Creditor == "" || w.sameAsPast(l) {
			continue
		}
		if other, ok := w.twin(i); ok {
			w.addDuplicate(l, fmt.Sprintf("« %s » du %s, dans cette campagne", other.Label, other.DueOn.FrenchShort()))
			continue
		}
		j := slices.IndexFunc(w.Recent, func(r RecentPayment) bool {
			return r.Obligation != l.Obligation && r.Creditor == l.Creditor && r.Amount == l.Paid &&
				abs(l.DueOn.DaysSince(r.DueOn)) <= duplicateDays
		})
		if j >= 0 {
			w.addDuplicate(l, fmt.Sprintf("le virement %s du %s", w.Recent[j].EndToEndID, w.Recent[j].On.FrenchShort()))
		}
	}
}

// twin is a line of the same amount to the same creditor: one of last month, or one before.
func (w *finder) twin(i int) (RunLine, bool) {
	l := w.Run.Lines[i]
	for j, o := range w.Run.Lines {
		if o.Obligation != l.Obligation && o.Creditor == l.Creditor && o.Paid == l.Paid && (j < i || w.sameAsPast(o)) {
			return o, true
		}
	}
	return RunLine{}, false
}

func (w *finder) addDuplicate(l RunLine, twin string) {
	w.add(Exception{
		Code: DuplicateSuspected, Lines: []string{l.Key()}, Before: twin, After: l.Paid.French(),
		Awaits: []Decision{DecideWithdraw},
		Text:   fmt.Sprintf("%s %s : même destinataire et même somme que %s.", l.Label, l.Paid.French(), twin),
	})
}

// forPerson asks why the person gets nothing.
func (w *finder) forPerson() {
	if w.Purpose == MonthlyRun && w.Run.Refused == "" && w.RemitPlanned && w.Run.Remit.IsZero() && w.Remitted.IsZero() {
		w.add(Exception{
			Code: NothingForPerson, Before: frenchUnlessZero(w.LastRemitted), After: w.Run.Remit.French(),
			Text: "Rien n'est versé à la personne ce mois-ci.",
		})
	}
}

// days tells on which days no bank works.
func (w *finder) days() {
	var before, after []string
	for _, t := range w.Run.Transfers {
		if t.LeaveOn == t.ExecuteOn || slices.Contains(before, t.LeaveOn.FrenchShort()) {
			continue
		}
		before, after = append(before, t.LeaveOn.FrenchShort()), append(after, t.ExecuteOn.FrenchShort())
	}
	if len(before) > 0 {
		was, is := strings.Join(before, ", "), strings.Join(after, ", ")
		w.add(Exception{
			Code: ExecutionDayClosed, Before: was, After: is,
			Text: fmt.Sprintf("Les banques ne travaillent pas le %s : exécution le %s.", was, is),
		})
	}
}

func frenchUnlessZero(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return a.French()
}

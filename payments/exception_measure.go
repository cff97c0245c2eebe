package payments

import (
	"fmt"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// measure looks at the life of the measure: over, ending, or at its first run.
func (w *finder) measure() {
	over := []mandates.Status{mandates.Ended, mandates.Deceased, mandates.Closed}
	left := 0 // days
	if !w.EndsOn.IsZero() {
		left = w.EndsOn.DaysSince(w.On)
	}
	switch {
	case slices.Contains(over, mandates.Status(w.Run.Refused)):
		w.add(Exception{
			Code: MeasureOver, Before: frenchDay(w.EndsOn), After: string(w.Run.Refused),
			Text: "La mesure est finie : le mandat reste hors de la campagne.",
		})
	case w.Run.Refused != "" || w.EndsOn.IsZero():
	case left < 0:
		w.add(Exception{
			Code: MeasureOver, Before: frenchDay(w.EndsOn), After: frenchDay(w.On),
			Text: fmt.Sprintf("Le contrat s'est terminé le %s, avant le jour de la campagne.", w.EndsOn.French()),
		})
	case left <= w.Settings.EndingDays:
		w.add(Exception{
			Code: MeasureEnding, Before: frenchDay(w.On), After: frenchDay(w.EndsOn),
			Text: fmt.Sprintf("La mesure se termine le %s, %s : préparez le bilan ou le renouvellement.",
				w.EndsOn.French(), inDays(left)),
		})
	}
	if w.First && w.Run.Refused == "" {
		w.add(Exception{
			Code: FirstRun, After: w.Run.total().French(),
			Text: "Première campagne de cette personne : il n'y a pas de mois précédent à comparer.",
		})
	}
}

// inDays says when something is, seen from the day of the run.
func inDays(n int) string {
	switch n {
	case 0:
		return "le jour même"
	case 1:
		return "dans 1 jour"
	}
	return fmt.Sprintf("dans %d jours", n)
}

func frenchDay(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.FrenchShort()
}

// total is what the run sends for the mandate, in euros.
func (m RunMandate) total() money.Amount {
	var sum money.Amount
	for _, t := range m.Transfers {
		sum = sum.Add(t.Amount)
	}
	return sum
}

// benefits compares what has come with what was to come.
func (w *finder) benefits() {
	for _, b := range w.Expected {
		code, text := BenefitLate, fmt.Sprintf("%s (%s) : attendu le %s, rien n'est arrivé.",
			b.Benefit, b.Period.French(), b.On.FrenchShort())
		switch {
		case b.Received.Cmp(b.Amount) >= 0:
			continue
		case b.Received.IsPositive():
			code, text = BenefitLower, fmt.Sprintf("%s (%s) : il manque %s.",
				b.Benefit, b.Period.French(), b.Amount.Sub(b.Received).French())
		}
		w.add(Exception{Code: code, Before: b.Amount.French(), After: b.Received.French(), Text: text})
	}
}

// amounts compares what is due with what was due, and tells the last instalment of a debt.
func (w *finder) amounts() {
	for _, l := range w.Run.Lines {
		if was, changed := w.wasDue(l); changed && (w.act(l) == 0 || w.tells(was, l.Due)) {
			w.change(l, was, l.Due)
		}
	}
	paid := make(map[string]money.Amount)
	for _, l := range w.Run.Lines {
		if l.Debt == "" || !l.Paid.IsPositive() {
			continue
		}
		paid[l.Debt] = paid[l.Debt].Add(l.Paid)
		if owed, known := w.Outstanding[l.Debt]; known && paid[l.Debt] == owed {
			w.add(Exception{
				Code: PlanFinished, Lines: []string{l.Key()}, Before: owed.French(), After: money.Amount{}.French(),
				Text: fmt.Sprintf("%s : avec %s, la dette est payée en entier.", l.Label, l.Paid.French()),
			})
		}
	}
}

// wasDue is what was due the last time, when that was something else: what the last run left
// of this very due, or the same obligation, or the one that this one follows.
func (w *finder) wasDue(l RunLine) (was money.Amount, changed bool) {
	if _, left, known := w.rest(l); known {
		return left, left != l.Due
	}
	p, known := w.before(l)
	return p.Due, known && p.Due != l.Due
}

// tells weighs a change against the thresholds of the organisation: it is silent within either.
func (w *finder) tells(was, is money.Amount) bool {
	by := is.Sub(was).Abs()
	return by.Cmp(w.Settings.ChangeCents) > 0 &&
		by.Cents()*100 > was.Abs().Cents()*w.Settings.ChangePercent
}

func (w *finder) change(l RunLine, was, is money.Amount) {
	text := fmt.Sprintf("%s : %s la dernière fois, %s maintenant.", l.Label, was.French(), is.French())
	if was.IsZero() {
		text = fmt.Sprintf("%s : rien la dernière fois, %s maintenant.", l.Label, is.French())
	}
	e := Exception{
		Code: AmountChanged, Lines: []string{l.Key()}, Before: frenchUnlessZero(was), After: is.French(),
		Awaits: []Decision{DecideWithdraw}, Text: text,
	}
	if l.Status == Paid && was.IsPositive() && was.Cmp(l.Due) < 0 { // nobody pays more than what is due
		e.Awaits, e.Instead = append(e.Awaits, DecideKeepOld), was
	}
	w.add(e)
}

package imports

import (
	"cmp"
	"fmt"
	"slices"

	"masp/ledger/civil"
	"masp/payments"
)

// Suggestion is what an unidentified line may be: a benefit of a mandate, or one of our transfers.
// Nothing is ever booked by it: a person takes it, in an act that says why.
type Suggestion struct {
	// Score is the sum of the points of its reasons, from 1 to 99: what is certain is no
	// suggestion, it is booked.
	Score    int         `json:"score"`
	Mandate  string      `json:"mandate"`
	Benefit  string      `json:"benefit"`
	Period   civil.Month `json:"period"`   // may be unknown
	Transfer string      `json:"transfer"` // end-to-end reference of a debit's transfer
	Reasons  []Clue      `json:"reasons"`
}

// Clue is one reason of a suggestion, in French, with the points that it gives.
type Clue struct {
	Points int    `json:"points"`
	Text   string `json:"text"`
}

// The points of what speaks for a benefit of a mandate. Together they make 99.
const (
	pointsNumber  = 28 // a payer's number of the person
	pointsRule    = 15 // a rule that may not book by itself
	pointsHabit   = 5  // each line that persons identified alike, three at most
	pointsAmount  = 15 // the amount that was expected
	pointsNear    = 6  // within the tolerance of it
	pointsAccount = 8  // the account is in the person's name
	pointsNamed   = 6  // the text names the benefit
	pointsPayer   = 4  // the payer pays this benefit
	pointsName    = 5  // the name of the person
	pointsMonth   = 3  // the text names the month that was expected
)

// The points of what speaks for one of our transfers. Together they make 99.
const (
	pointsReference = 30 // its own reference
	pointsSame      = 25 // its amount
	pointsPayee     = 20 // the name of who is paid
	pointsBatch     = 14 // its batch
	pointsDay       = 10 // its day
)

const (
	mostSuggestions = 5
	mostHabits      = 3
	mostAlike       = 20 // an amount that more have in common says nothing
	nearDays        = 5  // days within which a transfer is debited
)

// suggest ranks what an unidentified line may be, the likeliest first, five at most. It only
// reads k, and the same line and knowledge give the same answer in the same order. What it
// names is looked for by amount, number, name, rule and habit: nobody is suggested for nothing.
func suggest(l Line, k *Known) []Suggestion {
	var found []Suggestion
	switch {
	case l.ignored():
		return nil
	case l.Amount.IsNegative():
		found = k.suggestTransfers(l)
	default:
		found = k.suggestBenefits(l)
	}
	slices.SortFunc(found, func(a, b Suggestion) int {
		return cmp.Or(
			cmp.Compare(b.Score, a.Score), cmp.Compare(a.Mandate, b.Mandate), cmp.Compare(a.Benefit, b.Benefit),
			b.Period.Compare(a.Period), cmp.Compare(a.Transfer, b.Transfer),
		)
	})
	return found[:min(len(found), mostSuggestions)]
}

// because adds a reason.
func (s *Suggestion) because(points int, format string, args ...any) {
	s.Score += points
	s.Reasons = append(s.Reasons, Clue{points, fmt.Sprintf(format, args...)})
}

// suggestTransfers ranks the transfers in transit that a debit may execute.
func (k *Known) suggestTransfers(l Line) []Suggestion {
	d, batch := Detail{}, batchOf(l)
	if len(l.Details) > 0 {
		d = l.Details[0]
	}
	near := k.find().sent[l.magnitude()]
	if len(near) > mostAlike {
		near = nil
	}
	if t := k.named(d.EndToEndID, d.InstructionID); t != nil {
		near = append(slices.Clone(near), k.find().transfers[t.ID])
	}
	var found []Suggestion
	seen := map[int]bool{}
	for _, i := range near {
		t := k.Transfers[i]
		if t.State != payments.InTransit || seen[i] {
			continue
		}
		seen[i] = true
		s := Suggestion{Mandate: t.Mandate, Transfer: t.EndToEndID}
		if t.EndToEndID == d.EndToEndID || t.EndToEndID == d.InstructionID {
			s.because(pointsReference, "la banque cite sa référence")
		}
		if t.Amount == l.magnitude() {
			s.because(pointsSame, "même montant")
		}
		if says(phrase(join(d.Party, l.text(), l.Text)), tidy(asPaid(t.CreditorName))) {
			s.because(pointsPayee, "même destinataire")
		}
		if batch != nil && batch(t) {
			s.because(pointsBatch, "même lot")
		}
		if !t.ExecuteOn.IsZero() && daysApart(l.BookedOn, t.ExecuteOn) <= nearDays {
			s.because(pointsDay, "prévu le %s", t.ExecuteOn.FrenchShort())
		}
		found = append(found, s)
	}
	return found
}

// daysApart counts the days between two.
func daysApart(a, b civil.Date) int { return max(a.DaysSince(b), b.DaysSince(a)) }

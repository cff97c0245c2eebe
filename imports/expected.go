package imports

import (
	"fmt"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/worklist"
)

// ExpectedStatus is what came of a benefit that was expected.
type ExpectedStatus string

// The statuses. Awaited is not a fault: nothing came yet, and its day has not passed.
const (
	Matched ExpectedStatus = "MATCHED"
	Short   ExpectedStatus = "SHORT"
	Over    ExpectedStatus = "OVER"
	Late    ExpectedStatus = "LATE"
	Missing ExpectedStatus = "MISSING"
	Awaited ExpectedStatus = "AWAITED"
)

// ExpectedOutcome is one expected benefit with what was received for it.
type ExpectedOutcome struct {
	Mandate    string         `json:"mandate"`
	Benefit    string         `json:"benefit"`
	Period     civil.Month    `json:"period"`
	Payer      string         `json:"payer"`
	Amount     money.Amount   `json:"amount"`
	ExpectedOn civil.Date     `json:"expected_on"`
	Received   money.Amount   `json:"received"`
	ReceivedOn civil.Date     `json:"received_on"` // the last day; zero when nothing came
	Difference money.Amount   `json:"difference"`  // received − expected
	Status     ExpectedStatus `json:"status"`
	// Withheld is what payers kept of the person's benefits on the day of a SHORT one: it
	// explains the difference in part or in whole.
	Withheld  money.Amount `json:"explained_by_withholding"`
	Tolerance Tolerance    `json:"tolerance"`
}

// Tolerance is what the organisation lets pass as received: so much more or less, so many days
// late. Zero is to the cent and to the day.
type Tolerance struct {
	Amount money.Amount `json:"amount"`
	Days   int          `json:"days"`
}

// Judge gives an expected benefit its difference and status on a day: what did not come,
// else the sum, else the day.
func (e *ExpectedOutcome) Judge(today civil.Date) {
	e.Difference = e.Received.Sub(e.Amount)
	latest := e.ExpectedOn.AddDays(e.Tolerance.Days)
	within := e.Difference.Abs().Cmp(e.Tolerance.Amount) <= 0
	switch {
	case e.Received.IsZero() && !today.After(latest):
		e.Status = Awaited
	case e.Received.IsZero():
		e.Status = Missing
	case !within && e.Difference.IsNegative():
		e.Status = Short
	case !within:
		e.Status = Over
	case e.ReceivedOn.After(latest):
		e.Status = Late
	default:
		e.Status = Matched
	}
	if e.Status != Short {
		e.Withheld = money.Amount{}
	}
}

// Expectations are the expected benefits of a month of right, by mandate.
type Expectations []ExpectedOutcome

// ExpectedSum is what was expected for one mandate, and what came.
type ExpectedSum struct {
	Amount, Received money.Amount
	// Faults are the benefits that did not come as expected; Awaited those not due yet.
	Faults, Awaited Expectations
}

// Of sums up the benefits of one mandate.
func (all Expectations) Of(mandate string) ExpectedSum {
	var sum ExpectedSum
	for _, e := range all {
		if e.Mandate != mandate {
			continue
		}
		sum.Amount, sum.Received = sum.Amount.Add(e.Amount), sum.Received.Add(e.Received)
		switch e.Status {
		case Matched:
		case Awaited:
			sum.Awaited = append(sum.Awaited, e)
		default:
			sum.Faults = append(sum.Faults, e)
		}
	}
	return sum
}

// French says in a few words what came.
func (s ExpectedSum) French() string {
	var texts []string
	for _, e := range s.Faults {
		texts = append(texts, e.Benefit+" "+e.french())
	}
	for _, e := range s.Awaited {
		texts = append(texts, e.Benefit+" attendue le "+e.ExpectedOn.FrenchShort())
	}
	switch {
	case len(texts) > 0:
		return strings.Join(texts, ", ")
	case s.Amount.IsZero():
		return "rien d’attendu"
	}
	return "tout est arrivé"
}

// french is the fault of one benefit.
func (e ExpectedOutcome) french() string {
	switch e.Status {
	case Short:
		text := "incomplète (il manque " + e.Difference.Neg().French()
		if e.Withheld.IsPositive() {
			text += ", dont " + e.Withheld.French() + " retenus pour une dette"
		}
		return text + ")"
	case Over:
		return "en trop (" + e.Difference.French() + ")"
	case Late:
		return "en retard (le " + e.ReceivedOn.FrenchShort() + ")"
	case Missing:
		return "pas arrivée"
	}
	return "arrivée"
}

// alert is what a coordinator reads of a benefit that did not come.
func (e ExpectedOutcome) alert(today civil.Date) worklist.Alert {
	return worklist.Alert{
		On:      today,
		Code:    worklist.BenefitMissing,
		Mandate: e.Mandate,
		Subject: e.Benefit + " " + e.Period.String(),
		Amount:  e.Amount,
		Text: fmt.Sprintf(
			"%s %s (%s) était attendu le %s : rien n’est arrivé. Appelez l’organisme.",
			e.Benefit, e.Period.FrenchOf(), e.Payer, e.ExpectedOn.French(),
		),
		Source:  fmt.Sprintf("%s %s %s %s", worklist.BenefitMissing, e.Mandate, e.Benefit, e.Period),
		Details: map[string]string{"benefit": e.Benefit, "period": e.Period.String()},
	}
}

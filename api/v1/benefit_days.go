package v1

import (
	"context"
	"strconv"

	"masp/api"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// benefitDays is a BenefitDays of the contract: what is late, and on which day each benefit came.
type benefitDays struct {
	Day    civil.Date     `json:"day"`
	Months []civil.Month  `json:"months"`
	Late   []lateBenefit  `json:"late"`
	Data   []benefitStrip `json:"data"`
	More   bool           `json:"has_more"`
	Next   string         `json:"next_cursor,omitempty"`
}

type lateBenefit struct {
	expectation
	Person string `json:"person"`
}

// benefitStrip is one benefit of a person over some months, by the month in which it was expected.
type benefitStrip struct {
	Mandate string       `json:"mandate"`
	Person  string       `json:"person"`
	Benefit string       `json:"benefit"`
	Payer   string       `json:"payer"`
	Cells   []benefitDay `json:"cells"`
}

// benefitDay is what came of a benefit in a month; empty when none was expected.
type benefitDay struct {
	ExpectedOn civil.Date             `json:"expected_on,omitzero"`
	ReceivedOn civil.Date             `json:"received_on,omitzero"`
	Amount     *money.Amount          `json:"amount,omitempty"`
	Received   *money.Amount          `json:"received,omitempty"`
	Status     imports.ExpectedStatus `json:"status,omitempty"`
}

const (
	usualMonths = 6
	mostLate    = 200 // more are not read: who has so many calls the payer
	lateSince   = 92  // days back: what is older is no longer awaited
)

// getBenefitDays gives what is late first, then the persons in order.
func (h *House) getBenefitDays(ctx context.Context, c *api.Call) (api.Answer, error) {
	q := unit.Reader(ctx, h.DB)
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	n := usualMonths
	if c.Has("months") {
		if n, err = strconv.Atoi(c.Query("months")); err != nil || n < 1 || n > mostMonths {
			return api.Answer{}, wrongParameter("?months")
		}
	}
	last := today.MonthOf()
	out := benefitDays{Day: today, Late: []lateBenefit{}, Data: []benefitStrip{}}
	for m := last.Add(1 - n); !m.After(last); m = m.Add(1) {
		out.Months = append(out.Months, m)
	}
	after, err := c.After()
	if err != nil {
		return api.Answer{}, err
	}
	persons, more, err := readExpecting(ctx, q, after, out.Months[0].First(), last.Last(), c.Limit())
	if err != nil {
		return api.Answer{}, err
	}
	ids := make([]string, 0, len(persons))
	for _, p := range persons {
		ids = append(ids, p.Mandate)
	}
	if out.More = more; more {
		out.Next = c.Cursor(ids[len(ids)-1])
	}
	all, err := h.Imports.ExpectedOf(ctx, q, ids, out.Months[0].First(), last.Last())
	if err != nil {
		return api.Answer{}, err
	}
	out.strips(all, persons)
	if after == "" {
		err = h.readLate(ctx, q, &out)
	}
	return api.Answer{Body: out, Many: true}, err
}

// readLate reads what is late, with the names of the persons.
func (h *House) readLate(ctx context.Context, q unit.Querier, out *benefitDays) error {
	late, err := h.Imports.Overdue(ctx, q, out.Day.AddDays(-lateSince), mostLate)
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(late))
	for _, e := range late {
		ids = append(ids, e.Mandate)
	}
	names, err := readNames(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, e := range late {
		out.Late = append(out.Late, lateBenefit{outcomeOf(e), names[e.Mandate]})
	}
	return nil
}

// strips puts each outcome into the cell of its month. Of two in a month the later one stands.
func (o *benefitDays) strips(all imports.Expectations, persons []namedMandate) {
	names := map[string]string{}
	for _, p := range persons {
		names[p.Mandate] = p.Person
	}
	at := map[string]int{}
	for _, e := range all {
		key := e.Mandate + " " + e.Benefit + " " + e.Payer
		row, known := at[key]
		if !known {
			row = len(o.Data)
			at[key] = row
			o.Data = append(o.Data, benefitStrip{
				Mandate: e.Mandate, Person: names[e.Mandate], Benefit: e.Benefit, Payer: e.Payer, Cells: make([]benefitDay, len(o.Months)),
			})
		}
		for i, m := range o.Months {
			if m.Contains(e.ExpectedOn) {
				amount, received := e.Amount, e.Received
				o.Data[row].Cells[i] = benefitDay{e.ExpectedOn, e.ReceivedOn, &amount, &received, e.Status}
			}
		}
	}
}

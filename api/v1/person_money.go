package v1

import (
	"context"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// held is a person's money as she may count on it. What falls due this month before her next benefit is kept
// for it, whether a run has it already or not; so what is left is hers to the cent.
type held struct {
	Bills     []bill       // what falls due, of last month and until the horizon
	Until     civil.Date   // the last day of it: that before her next benefit of this month, or the end of the month
	Planned   money.Amount // what goes to others until then: transfers that are not posted, and what falls due without one
	Rent      money.Amount // the part of it for the home
	Available money.Amount // what is left; never below zero
	Missing   money.Amount // for what must leave now: transfers that stand in a run, and the home that is past due
}

// heldBy computes it. The money is that of the mandate m on a day.
func (h *House) heldBy(ctx context.Context, q unit.Querier, m mandates.Summary, today civil.Date) (k held, err error) {
	unposted, rent, err := readUnposted(ctx, q, m.ID)
	if err != nil {
		return k, err
	}
	income, err := readNextIncome(ctx, q, m.ID, today)
	if err != nil {
		return k, err
	}
	k.Until = today.MonthOf().Last() // the bills of a month are for the benefits of that month
	if !income.IsZero() && !income.After(k.Until) {
		k.Until = income.AddDays(-1)
	}
	if k.Bills, err = h.billsOf(ctx, q, m, today, k.Until); err != nil {
		return k, err
	}
	k.Planned, k.Rent = unposted, rent
	due := money.Amount{}
	for _, b := range k.Bills {
		if b.Class == mandates.Reserve || b.On.Before(today.MonthOf().First()) && !b.rent() {
			continue // a reserve stays hers; a bill of last month that no run has paid is asked for again
		}
		k.Planned = k.Planned.Add(b.open())
		if b.rent() {
			k.Rent = k.Rent.Add(b.open())
			if b.On.Before(today) {
				due = due.Add(b.open())
			}
		}
	}
	free := m.Balance.Sub(m.Reserve)
	k.Available = money.Max(free.Sub(k.Planned), money.Amount{})
	k.Missing = money.Max(unposted.Add(due).Sub(free), money.Amount{})
	return k, nil
}

// billsOf are the dues that are written, and those that follow from the obligations until the horizon.
func (h *House) billsOf(ctx context.Context, q unit.Querier, m mandates.Summary, today, until civil.Date) ([]bill, error) {
	from := today.MonthOf().Add(-1).First()
	written, err := readBills(ctx, q, m.ID, from)
	if err != nil || m.Status != mandates.Active {
		return written, err
	}
	obligations, err := h.Mandates.Obligations(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	orders, err := h.Mandates.DirectPayments(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, b := range written {
		known[b.Obligation+"@"+b.On.String()] = true
	}
	all := slices.DeleteFunc(written, func(b bill) bool { return b.On.After(until) && b.Paid.IsZero() && b.Prepared.IsZero() })
	for _, o := range obligations {
		if o.Block != "" {
			continue
		}
		for month := today.MonthOf(); !month.First().After(until); month = month.Add(1) {
			for _, d := range mandates.Due(o, month) {
				if known[d.Key()] || d.On.Before(today) || d.On.After(until) || ordered(orders, d) {
					continue
				}
				all = append(all, bill{Obligation: o.ID, On: d.On, Class: o.Class, What: o.Label, Due: d.Amount})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b bill) int { return a.On.Compare(b.On) })
	return all, nil
}

// ordered tells whether a third party pays a due by order of the judge.
func ordered(orders []mandates.Order, d mandates.DueOn) bool {
	return slices.ContainsFunc(orders, func(o mandates.Order) bool {
		return o.Obligation == d.Obligation && !d.On.Before(o.Start) && !d.On.After(o.End)
	})
}

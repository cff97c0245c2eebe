package desk

import (
	"cmp"
	"context"
	"slices"

	"masp/api/pages"
	"masp/ledger/money"
)

// What one A4 holds of a very full file; the rest is counted, and stands in the statement.
const (
	mostRows  = 14
	mostDays  = 16
	mostDebts = 6
)

// showVisit is the sheet for the table of the kitchen: one A4.
func showVisit(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	year, err := readSheet(ctx, v, "12")
	if err != nil {
		return err
	}
	began := max(len(year.Months)-year.alive(), 0)
	line := lineOf(year.Months[began:], f.rentPaid(year)[began:])
	ahead, laterDays := year.ahead()
	otherDebts := max(0, len(f.Debts)-mostDebts)
	f.Debts = f.Debts[:len(f.Debts)-otherDebts]
	return v.Show("bureau_visite.html", pages.Sheet{
		Title: "Fiche de visite " + f.Mandate, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{
			"File": f, "Year": year, "Sheet": year.last(fewMonths).shortened(), "Line": line,
			"Ahead": ahead, "Later": laterDays, "OtherDebts": otherDebts,
		},
	})
}

// ahead is what comes and goes in the order of its days, and how many days more there are.
func (s sheet) ahead() (days []comingDay, later int) {
	days = slices.Clone(s.Coming)
	for _, d := range s.Due {
		days = append(days, comingDay{On: d.On, Name: d.Label, Out: d.Amount})
	}
	slices.SortStableFunc(days, func(a, b comingDay) int { return a.On.Compare(b.On) })
	later = max(0, len(days)-mostDays)
	return days[:len(days)-later], later
}

// shortened adds the smallest rows up to one, so that the grid still adds up on its page.
func (s sheet) shortened() sheet {
	if len(s.Rows) <= mostRows {
		return s
	}
	by := slices.Clone(s.Rows)
	slices.SortStableFunc(by, func(a, b gridRow) int { return cmp.Compare(b.size(), a.size()) })
	rest := by[mostRows-1:]
	others := gridRow{Kind: "others", Name: pages.Count(len(rest), "autre", "autres"), Amounts: make([]money.Amount, len(s.Months))}
	for _, r := range rest {
		for i, a := range r.Amounts {
			others.Amounts[i] = others.Amounts[i].Add(a)
		}
	}
	s.Rows = slices.DeleteFunc(slices.Clone(s.Rows), func(r gridRow) bool {
		return slices.ContainsFunc(rest, func(o gridRow) bool { return o.Kind == r.Kind && o.Name == r.Name })
	})
	s.Rows = append(s.Rows, others)
	return s
}

// size is how much moved in a row, in cents.
func (r gridRow) size() (cents int64) {
	for _, a := range r.Amounts {
		cents += a.Abs().Cents()
	}
	return cents
}

package person

import (
	"cmp"
	"context"
	"slices"

	"masp/api/pages"
)

// comingItem is one day of the line of dates.
type comingItem struct {
	Day, What, Way, Amount string
	Here, Unsure           bool // Here: it comes to her, or to what we hold for her
	Y                      int
}

// TextTop and TextLow are where its two lines of words stand in the drawing.
func (c comingItem) TextTop() int { return c.Y - 4 }

// TextLow is the second line.
func (c comingItem) TextLow() int { return c.Y + 16 }

const (
	mostComing   = 8
	comingHeight = 56
	firstComing  = 24
)

func coming(ctx context.Context, v *pages.Visit) error {
	var f Facts
	if err := v.Read(ctx, "/v1/me/view", &f); err != nil {
		return err
	}
	items, height := comingOf(f, hiding(v))
	return v.Show("moi_prochain.html", pages.Sheet{Title: "Ce qui arrive", Back: "/moi", Bare: true, Data: struct {
		Items  []comingItem
		Height int
	}{items, height}})
}

// comingOf is what comes and leaves, the nearest first. The bills of a day are one line.
func comingOf(f Facts, hidden bool) (items []comingItem, height int) {
	s := speech{f.Day, hidden}
	for _, d := range together(f.Coming) {
		if len(items) == mostComing {
			break
		}
		one := comingItem{Day: pages.Capital(pages.Weekday(d.On)), What: d.What, Way: "part", Amount: s.euros(d.Out), Unsure: !d.Sure}
		switch {
		case d.In.IsPositive():
			one.Way, one.Amount, one.What, one.Here = "arrive", s.euros(d.In), "Argent de "+payer(d.Payer), true
		case d.Mine:
			one.Way, one.What, one.Here = "pour vous", "Sur votre compte", true
		}
		one.Y = firstComing + len(items)*comingHeight
		items = append(items, one)
	}
	return items, len(items) * comingHeight
}

// The lines that stay apart from the bills of their day.
const (
	ownRent = "Votre loyer"
	ownDebt = "Votre dette"
)

func together(all []ComingDay) (days []ComingDay) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b ComingDay) int { return cmp.Or(a.On.Compare(b.On), b.In.Cmp(a.In)) })
	for _, d := range all {
		bill := !d.Mine && d.Out.IsPositive() && d.What != ownRent && d.What != ownDebt
		at := slices.IndexFunc(days, func(o ComingDay) bool { return o.On == d.On && o.What == ownBills && o.Sure == d.Sure })
		switch {
		case bill && at >= 0:
			days[at].Out = days[at].Out.Add(d.Out)
			continue
		case bill:
			d.What = ownBills
		}
		days = append(days, d)
	}
	return days
}

const ownBills = "Vos factures"

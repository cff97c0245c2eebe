package person

import (
	"context"
	"slices"

	"masp/api"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// sums are a PersonMonth of the contract.
type sums struct {
	Month       civil.Month
	In, Out     money.Amount
	Spent       []spent
	First, Last civil.Month
}

type spent struct {
	What   string
	Amount money.Amount
}

// natures are what money is spent on, as one says it.
var natures = map[string]string{
	"rent": "Loyer", "energy": "Électricité et gaz", "water": "Eau", "insurance": "Assurance", "telephone": "Téléphone",
	"debt": "Dette", "mine": "Pour vous", "other": "Autres",
}

// bar is one line of the drawing and of the list.
type bar struct {
	Name, Amount   string
	Text, Y, Width int // of the drawing
}

// The drawing, in its units.
const (
	mostBars  = 7
	rowHeight = 52
	barTop    = 24 // below the top of its row
	wholeBar  = 316
	narrowest = 3
)

// barsOf are the bars of a month, the longest first; what is too many goes into the last.
func barsOf(all []spent, s speech) (bars []bar, height int) {
	all = few(all)
	most := money.Amount{}
	for _, one := range all {
		most = money.Max(most, one.Amount)
	}
	for i, one := range all {
		width := int(one.Amount.Cents() * wholeBar / most.Cents())
		bars = append(bars, bar{
			Name: natures[one.What], Amount: s.euros(one.Amount), Text: i*rowHeight + barTop - 6, Y: i*rowHeight + barTop, Width: max(width, narrowest),
		})
	}
	return bars, len(all) * rowHeight
}

// few puts what is too small for a bar of its own under the others.
func few(all []spent) []spent {
	others := money.Amount{}
	kept := slices.DeleteFunc(slices.Clone(all), func(one spent) bool {
		if one.What == "other" {
			others = others.Add(one.Amount)
		}
		return one.What == "other"
	})
	slices.SortStableFunc(kept, func(a, b spent) int { return b.Amount.Cmp(a.Amount) })
	for len(kept) > mostBars || len(kept) == mostBars && others.IsPositive() {
		others = others.Add(kept[len(kept)-1].Amount)
		kept = kept[:len(kept)-1]
	}
	if others.IsPositive() {
		kept = append(kept, spent{"other", others})
	}
	return kept
}

// monthPage is where the money of a month went.
type monthPage struct {
	Month        civil.Month
	Of           string // "de novembre"
	Bars         []bar
	Height       int
	Total        string
	In           string
	Before, Next civil.Month
}

func month(ctx context.Context, v *pages.Visit) error {
	wanted := v.Query("mois")
	if wanted == "" {
		var f Facts
		if err := v.Read(ctx, "/v1/me/view", &f); err != nil {
			return err
		}
		wanted = f.Day.MonthOf().String()
	}
	if _, err := civil.ParseMonth(wanted); err != nil {
		return api.NotFound()
	}
	var m sums
	if err := v.Read(ctx, "/v1/me/months/"+wanted, &m); err != nil {
		return err
	}
	s := speech{hidden: hiding(v)}
	page := monthPage{Month: m.Month, Of: monthOf(m.Month), In: s.euros(m.In)}
	page.Bars, page.Height = barsOf(m.Spent, s)
	total := money.Amount{}
	for _, one := range m.Spent {
		total = total.Add(one.Amount)
	}
	page.Total = s.euros(total)
	if m.Month.After(m.First) {
		page.Before = m.Month.Add(-1)
	}
	if m.Month.Before(m.Last) {
		page.Next = m.Month.Add(1)
	}
	return v.Show("moi_detail.html", pages.Sheet{
		Title: "Où est allé mon argent en " + m.Month.French(), Back: "/moi", Bare: true, Data: page,
	})
}

package bank

import (
	"masp/ledger/money"
)

// bridge is the drawing of a bank account: what the bank says, what the books say, and what that is made
// of, as three bars of the same scale. Equal amounts have equal lengths.
type bridge struct {
	Bars []bar
	Said string // the same in a sentence
}

type bar struct {
	Name   string
	Amount money.Amount
	Y      int // of its name; the bar is below
	Parts  []part
}

type part struct {
	Name     string
	Amount   money.Amount
	X, Width int
	Fill     string
}

// The drawing in its own units: wide enough to be read on a telephone.
const (
	bridgeWidth = 340
	barStep     = 56
	firstName   = 20
)

// Below is where the bar itself begins.
func (b bar) Below() int { return b.Y + 8 }

func bridgeOf(f figures) bridge {
	parts := []part{
		{Name: "personnes", Amount: f.Persons, Fill: "#0f5a68"},
		{Name: "en route", Amount: f.InTransit, Fill: "#6fb3bf"},
		{Name: "sans explication", Amount: f.Unidentified, Fill: "#a86a00"},
	}
	total := f.Persons.Add(f.InTransit).Add(f.Unidentified)
	scale := money.Max(money.Max(f.Bank, f.Books), total)
	for _, p := range parts {
		scale = money.Max(scale, p.Amount)
	}
	whole := func(name string, of money.Amount) []part { return []part{{Name: name, Amount: of, Fill: "#0f5a68"}} }
	b := bridge{Bars: []bar{
		{Name: "Banque", Amount: f.Bank, Parts: whole("banque", f.Bank)},
		{Name: "Grand livre", Amount: f.Books, Parts: whole("grand livre", f.Books)},
		{Name: "Personnes, en route, sans explication", Amount: total, Parts: parts},
	}}
	for i := range b.Bars {
		b.Bars[i].Y = firstName + i*barStep
		x := 0
		for n := range b.Bars[i].Parts {
			p := &b.Bars[i].Parts[n]
			p.X, p.Width = x, lengthOf(p.Amount, scale)
			x += p.Width
		}
	}
	b.Said = "Banque " + f.Bank.French() + ", grand livre " + f.Books.French() + ", personnes " + f.Persons.French() +
		", en route " + f.InTransit.French() + ", sans explication " + f.Unidentified.French() + "."
	return b
}

// lengthOf is the length of an amount; what is below nothing has none.
func lengthOf(a, scale money.Amount) int {
	if !a.IsPositive() || !scale.IsPositive() {
		return 0
	}
	return int(a.Cents() * bridgeWidth / scale.Cents())
}

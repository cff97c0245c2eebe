package desk

import (
	"strconv"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// drawn is a line of months as a server can draw it: places in a box of 640 by 150.
type drawn struct {
	Points string // of a polyline
	Dots   []dot
	Zero   int // where nothing is
}

type dot struct {
	X, Y   int
	Month  civil.Month
	Amount money.Amount
	Short  string // the first letters of the month
	Rent   bool   // the rent has left in it
}

const (
	boxWidth, boxHeight = 640, 150
	boxLeft, boxTop     = 20, 20
	boxBottom           = 30
)

// lineOf draws what was left at the end of each month, and marks those in which the rent has left. Money
// is never below zero here.
func lineOf(months []monthSum, rent []bool) (d drawn) {
	top := money.Amount{}
	for _, m := range months {
		top = money.Max(top, m.Closing)
	}
	high := int64(boxHeight - boxTop - boxBottom)
	d.Zero = boxHeight - boxBottom
	for i, m := range months {
		p := dot{X: boxLeft, Y: d.Zero, Month: m.Month, Amount: m.Closing, Short: shortMonth(m.Month), Rent: rent[i]}
		if len(months) > 1 {
			p.X += i * (boxWidth - 2*boxLeft) / (len(months) - 1)
		}
		if top.IsPositive() {
			p.Y -= int(m.Closing.Cents() * high / top.Cents())
		}
		d.Dots = append(d.Dots, p)
		d.Points += " " + strconv.Itoa(p.X) + "," + strconv.Itoa(p.Y)
	}
	return d
}

var shortMonths = [...]string{
	"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
}

func shortMonth(m civil.Month) string { return shortMonths[m.Number()-1] }

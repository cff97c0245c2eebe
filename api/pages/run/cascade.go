package run

import "masp/ledger/money"

// drawing is the cascade: what was there, what came, what leaves, what stays. Units are those of its view box.
type drawing struct {
	Bars          []bar
	Width, Height int64
	Right         int64 // where amounts end
}

// bar is one step. Its word and its amount say what its colour says.
type bar struct {
	Word, Amount, Colour  string
	X, Width, TextY, BarY int64
}

// The measures of the drawing: 150 units at the right hold 999 999,99 €.
const (
	barsWide   = 300
	amountWide = 160
	stepHigh   = 50
	textDown   = 17
	barDown    = 24
	thinnest   = 2
)

// stepWords are the words of the steps, and their colours: kept, came, leaves.
var stepWords = map[string][2]string{
	"BEFORE":        {"Déjà sur les comptes", kept},
	"RECEIVED":      {"+ prestations reçues", came},
	"RENT":          {"− loyers et charges", leaves},
	"HOUSING_OTHER": {"− énergie, eau, assurance", leaves},
	"DEBT_PLAN":     {"− dettes", leaves},
	"OTHER_BILL":    {"− autres factures", leaves},
	"PERSON":        {"− versé aux personnes", leaves},
	"AFTER":         {"= reste sur les comptes", kept},
}

const (
	kept   = "#545d69"
	came   = "#1d6033"
	leaves = "#0f5a68"
)

// drawingOf draws the steps of a cascade: each bar begins where the one before has ended.
func drawingOf(steps []step) drawing {
	d := drawing{Width: barsWide + amountWide, Right: barsWide + amountWide - thinnest, Height: int64(len(steps)) * stepHigh}
	low, high := money.Amount{}, money.Amount{}
	ends := make([][2]money.Amount, len(steps))
	at := money.Amount{}
	for i, s := range steps {
		from := at
		switch stepWords[s.Step][1] {
		case leaves:
			at = at.Sub(s.Amount)
		case came:
			at = at.Add(s.Amount)
		default:
			from, at = money.Amount{}, s.Amount
		}
		ends[i] = [2]money.Amount{money.Min(from, at), money.Max(from, at)}
		low, high = money.Min(low, ends[i][0]), money.Max(high, ends[i][1])
	}
	for i, s := range steps {
		word := stepWords[s.Step]
		x, end := place(ends[i][0], low, high), place(ends[i][1], low, high)
		d.Bars = append(d.Bars, bar{
			Word: word[0], Amount: s.Amount.French(), Colour: word[1], X: x, Width: max(thinnest, end-x),
			TextY: int64(i)*stepHigh + textDown, BarY: int64(i)*stepHigh + barDown,
		})
	}
	return d
}

// place is where an amount stands between the lowest and the highest.
func place(a, low, high money.Amount) int64 {
	wide := high.Sub(low).Cents()
	if wide == 0 {
		return 0
	}
	return a.Sub(low).Cents() * barsWide / wide
}

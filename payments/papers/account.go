package papers

import (
	"cmp"
	"maps"
	"slices"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Account is the management account of a mandate over some days: all that is held for the
// person, whichever part of it. Opening + Received − Paid + Other = Closing.
type Account struct {
	Heading
	Opening, Closing money.Amount
	Received         []Sum // by benefit
	Paid             []Expense
	Other            []Sum // by kind of entry; below zero what went out
	Months           []MonthSum
	Parts            []Part // of the closing
	InTransit        money.Amount
	Debts            []DebtSum
	Reserve          Reserve
}

// Sum is an amount of one nature.
type Sum struct {
	Code, Label string
	Amount      money.Amount
}

// Expense is what went to one payee in one rank, and what of it came back.
type Expense struct {
	Rank       string // class of expense, or kind of transfer without one
	Payee      string
	Paid, Back money.Amount
}

// Net is what stayed paid.
func (e Expense) Net() money.Amount { return e.Paid.Sub(e.Back) }

// MonthSum is what came and went in a month, by day of posting.
type MonthSum struct {
	Month                     civil.Month
	Opening, In, Out, Closing money.Amount
}

// Part is what one account of the person holds at the end.
type Part struct {
	Sub    ledger.SubAccount // empty: the managed money
	Amount money.Amount
}

// DebtSum is a debt at the start and at the end: Start + More − Paid − Less = End. Paid went through
// this account; Less did not: withheld by a payer, paid by an aid, corrected.
type DebtSum struct {
	ID, Kind, Creditor           string
	Start, More, Paid, Less, End money.Amount
}

// Reserve is what is set aside within the money held: Start + Aside − Used = End.
type Reserve struct{ Start, Aside, Used, End money.Amount }

// movement is what an entry brought to all accounts of the person, and took from them.
type movement struct {
	entry   int64
	day     civil.Date
	kind    ledger.Kind
	in, out money.Amount
}

// received is what an entry brought of a benefit; below zero when it was taken back.
type received struct {
	entry   int64
	benefit string
	amount  money.Amount
}

// paid is a part of a transfer that an entry sent, or brought back.
type paid struct {
	entry             int64
	back              bool
	kind, class, name string
	amount            money.Amount
}

// addUp makes the account from what was read. What receipts and transfers do not explain of an entry
// stands under Other, so that the sum is that of the books.
func (a *Account) addUp(moves []movement, receipts []received, transfers []paid, label func(code string) string) {
	rest := map[int64]money.Amount{}
	for _, m := range moves {
		rest[m.entry] = rest[m.entry].Add(m.in).Sub(m.out)
	}
	benefits := map[string]money.Amount{}
	for _, r := range receipts {
		benefits[r.benefit] = benefits[r.benefit].Add(r.amount)
		rest[r.entry] = rest[r.entry].Sub(r.amount)
	}
	for _, code := range slices.Sorted(maps.Keys(benefits)) {
		a.Received = append(a.Received, Sum{code, label(code), benefits[code]})
	}
	for _, t := range transfers {
		if t.back {
			rest[t.entry] = rest[t.entry].Sub(t.amount)
		} else {
			rest[t.entry] = rest[t.entry].Add(t.amount)
		}
	}
	a.Paid = expenses(transfers)
	a.Other = others(moves, rest)
	a.Months = months(a.From, a.To, a.Opening, moves)
	a.Closing = a.Opening.Add(a.TotalReceived()).Sub(a.TotalPaid()).Add(a.TotalOther())
}

// expenses sums transfers by rank and payee, in the order of the ranks.
func expenses(transfers []paid) []Expense {
	type key struct{ rank, payee string }
	sums := map[key]Expense{}
	for _, t := range transfers {
		k := key{cmp.Or(t.class, t.kind), t.name}
		e := sums[k]
		e.Rank, e.Payee = k.rank, k.payee
		if t.back {
			e.Back = e.Back.Add(t.amount)
		} else {
			e.Paid = e.Paid.Add(t.amount)
		}
		sums[k] = e
	}
	return slices.SortedFunc(maps.Values(sums), func(x, y Expense) int {
		return cmp.Or(cmp.Compare(rankOf(x.Rank), rankOf(y.Rank)), cmp.Compare(x.Rank, y.Rank), cmp.Compare(x.Payee, y.Payee))
	})
}

// others are the rests of entries by their kind.
func others(moves []movement, rest map[int64]money.Amount) []Sum {
	sums := map[ledger.Kind]money.Amount{}
	for _, m := range moves {
		sums[m.kind] = sums[m.kind].Add(rest[m.entry])
		delete(rest, m.entry)
	}
	var all []Sum
	for _, kind := range slices.Sorted(maps.Keys(sums)) {
		if !sums[kind].IsZero() {
			all = append(all, Sum{string(kind), frenchKind(kind), sums[kind]})
		}
	}
	return all
}

// months are the calendar months that the days touch.
func months(from, to civil.Date, opening money.Amount, moves []movement) []MonthSum {
	var all []MonthSum
	for m := from.MonthOf(); !m.After(to.MonthOf()); m = m.Add(1) {
		one := MonthSum{Month: m, Opening: opening}
		for _, move := range moves {
			if m.Contains(move.day) {
				one.In, one.Out = one.In.Add(move.in), one.Out.Add(move.out)
			}
		}
		opening = opening.Add(one.In).Sub(one.Out)
		one.Closing = opening
		all = append(all, one)
	}
	return all
}

// TotalReceived is all that came of benefits.
func (a Account) TotalReceived() money.Amount { return total(a.Received) }

// TotalOther is all other movements, below zero when more went out.
func (a Account) TotalOther() money.Amount { return total(a.Other) }

// TotalPaid is all that stayed paid.
func (a Account) TotalPaid() (sum money.Amount) {
	for _, e := range a.Paid {
		sum = sum.Add(e.Net())
	}
	return sum
}

func total(sums []Sum) (sum money.Amount) {
	for _, s := range sums {
		sum = sum.Add(s.Amount)
	}
	return sum
}

// Proved tells whether the accounts hold at the end what the movements say, month by month too, and
// whether each debt and the money set aside add up.
func (a Account) Proved() bool {
	var held money.Amount
	for _, p := range a.Parts {
		held = held.Add(p.Amount)
	}
	proved := held == a.Closing && (len(a.Months) == 0 || a.Months[len(a.Months)-1].Closing == a.Closing)
	for _, d := range a.Debts {
		proved = proved && d.Start.Add(d.More).Sub(d.Paid).Sub(d.Less) == d.End
	}
	return proved && a.Reserve.Start.Add(a.Reserve.Aside).Sub(a.Reserve.Used) == a.Reserve.End
}

// Final is the account of a whole measure that is over, with what is left to do and what
// passes to others.
type Final struct {
	Account
	Left     []mandates.ClosingStep // to be done
	Bills    []Bill
	Requests []mandates.AidRequest // open
}

// Bill is something that goes on being due after the measure.
type Bill struct {
	Label, Payee string
	Amount       money.Amount
	Frequency    string
}

// Provisional tells whether the measure is not closed: the account may still move.
func (f Final) Provisional() bool { return f.Mandate.Status != mandates.Closed }

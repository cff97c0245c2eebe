package papers

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func year() Account {
	return Account{Heading: Heading{From: civil.MustParse("2028-01-01"), To: civil.MustParse("2028-12-31")}}
}

func itself(code string) string { return code }

func TestAnAccountAddsUpWhateverReceiptsAndTransfersExplain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := year()
		a.Opening = money.Cents(rapid.Int64Range(0, 1_000_000).Draw(t, "opening"))
		cents := rapid.Custom(func(t *rapid.T) money.Amount { return money.Cents(rapid.Int64Range(1, 500_000).Draw(t, "cents")) })
		want := a.Opening
		var moves []movement
		var receipts []received
		var transfers []paid
		for i := range rapid.Int64Range(0, 30).Draw(t, "entries") {
			m := movement{entry: i, day: a.From.AddDays(rapid.IntRange(0, 365).Draw(t, "day")), kind: ledger.BankCredit}
			amount := cents.Draw(t, "amount")
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0: // a benefit, explained in part
				m.in = amount
				receipts = append(receipts, received{i, rapid.SampledFrom([]string{"RSA", "APL"}).Draw(t, "benefit"), cents.Draw(t, "part")})
			case 1: // a transfer
				m.kind, m.out = ledger.Payment, amount
				transfers = append(transfers, paid{entry: i, kind: "PAYMENT", class: "RENT", name: "Bailleur", amount: amount})
			case 2: // one that came back
				m.kind, m.in = ledger.Return, amount
				transfers = append(transfers, paid{entry: i, back: true, kind: "PAYMENT", class: "RENT", name: "Bailleur", amount: amount})
			case 3: // what nobody explains
				m.kind, m.out = ledger.ReversalOf, amount
			case 4:
				m.kind, m.in = ledger.Opening, amount
			}
			want = want.Add(m.in).Sub(m.out)
			moves = append(moves, m)
		}
		a.addUp(moves, receipts, transfers, itself)
		a.Parts = []Part{{Amount: want}}
		if a.Closing != want || !a.Proved() {
			t.Fatalf("got %s, %v, proved %t; want %s", a.Closing, a, a.Proved(), want)
		}
	})
}

func TestAnAccountThatDoesNotAgreeWithTheBooksIsNotProved(t *testing.T) {
	t.Parallel()
	right := year()
	right.addUp([]movement{{entry: 1, day: right.From, kind: ledger.Opening, in: money.Cents(500)}}, nil, nil, itself)
	right.Parts = []Part{{Amount: money.Cents(500)}}
	right.Debts = []DebtSum{{Start: money.Cents(10), Paid: money.Cents(4), End: money.Cents(6)}}
	for name, spoil := range map[string]func(*Account){
		"the books hold a cent more":     func(a *Account) { a.Parts[0].Amount = money.Cents(501) },
		"a month is missing":             func(a *Account) { a.Months[len(a.Months)-1].Closing = money.Cents(1) },
		"a debt does not add up":         func(a *Account) { a.Debts[0].End = money.Cents(7) },
		"what is set aside does not too": func(a *Account) { a.Reserve.End = money.Cents(1) },
	} {
		a := right
		a.Parts, a.Months, a.Debts = slices.Clone(right.Parts), slices.Clone(right.Months), slices.Clone(right.Debts)
		if !a.Proved() {
			t.Fatal("what is right is not proved")
		}
		if spoil(&a); a.Proved() {
			t.Errorf("%s: still proved", name)
		}
	}
}

func TestRentStandsFirstAndAReturnBesideItsPayment(t *testing.T) {
	t.Parallel()
	got := expenses([]paid{
		{kind: "REMITTANCE", name: "Mme Façon", amount: money.Cents(300)},
		{kind: "PAYMENT", class: "OTHER_BILL", name: "Télécom", amount: money.Cents(20)},
		{kind: "PAYMENT", class: "RENT", name: "Office", amount: money.Cents(500)},
		{kind: "PAYMENT", class: "RENT", name: "Office", amount: money.Cents(500), back: true},
		{kind: "PAYMENT", class: "RENT", name: "Office", amount: money.Cents(500)},
	})
	want := []Expense{
		{"RENT", "Office", money.Cents(1000), money.Cents(500)},
		{"OTHER_BILL", "Télécom", money.Cents(20), money.Amount{}},
		{"REMITTANCE", "Mme Façon", money.Cents(300), money.Amount{}},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

package desk

import (
	"fmt"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
)

func TestTheGridOfAVeryFullFileFitsItsPageAndStillAddsUp(t *testing.T) {
	t.Parallel()
	full := sheet{Months: make([]monthSum, fewMonths)}
	var want money.Amount
	for i := range int64(40) {
		amount := money.Cents((i%2*2 - 1) * (100 + i))
		want = want.Add(amount)
		full.Rows = append(full.Rows, gridRow{"payee", fmt.Sprint("P", i), []money.Amount{amount, {}, amount}})
	}
	got := full.shortened()
	if len(got.Rows) != mostRows || got.Rows[mostRows-1].Name != "27\u00a0autres" {
		t.Fatalf("%d rows, the last is %+v", len(got.Rows), got.Rows[len(got.Rows)-1])
	}
	var sum money.Amount
	for _, r := range got.Rows {
		sum = sum.Add(r.Amounts[2])
	}
	if sum != want || got.Rows[0].Name != "P27" || len(full.Rows) != 40 {
		t.Errorf("the rows add up to %s, want %s; the first is %s", sum, want, got.Rows[0].Name)
	}
}

func TestWhatComesIsInTheOrderOfItsDays(t *testing.T) {
	t.Parallel()
	on := func(day int) civil.Date { return civil.MustParse(fmt.Sprintf("2026-12-%02d", day)) }
	s := sheet{Coming: []comingDay{{On: on(5), Name: "RSA"}, {On: on(20), Name: "pour elle"}}, Due: []dueDay{{On: on(10), Label: "Eau"}}}
	days, later := s.ahead()
	if later != 0 || len(days) != 3 || days[1].Name != "Eau" {
		t.Errorf("got %+v and %d more", days, later)
	}
	for i := range 20 {
		s.Due = append(s.Due, dueDay{On: on(1 + i), Label: "x"})
	}
	if days, later = s.ahead(); len(days) != mostDays || later != 23-mostDays {
		t.Errorf("got %d days and %d more", len(days), later)
	}
}

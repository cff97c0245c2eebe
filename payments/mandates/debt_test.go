package mandates_test

import (
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestADebtFallsButIsNeverOverpaid(t *testing.T) {
	t.Parallel()
	d := mandates.Debt{Creditor: "C", Outstanding: money.MustParse("50.00"), Instalment: money.MustParse("30.00"), Recovery: mandates.Direct}
	if got := d.NextInstalment(); got != money.MustParse("30.00") {
		t.Errorf("first instalment: got %s, want 30.00", got)
	}
	d, err := d.Pay(d.NextInstalment())
	if err != nil || d.NextInstalment() != money.MustParse("20.00") {
		t.Errorf("last instalment: got %s, %v, want 20.00", d.NextInstalment(), err)
	}
	if after, err := d.Pay(money.MustParse("20.01")); err == nil || after != d {
		t.Errorf("overpaid: got %+v, want a refusal and the same debt", after)
	}
}

func TestTheLawBlocksContestedAndFrozenDebts(t *testing.T) {
	t.Parallel()
	admissible := day("2026-03-10")
	for name, c := range map[string]struct {
		debt  mandates.Debt
		since civil.Date
		on    string
		want  string
	}{
		"an ordinary debt":          {mandates.Debt{}, civil.Date{}, "2026-04-01", ""},
		"contested":                 {mandates.Debt{ContestedOn: day("2026-03-20")}, civil.Date{}, "2026-04-01", mandates.ContestedDebt},
		"contested later":           {mandates.Debt{ContestedOn: day("2026-04-02")}, civil.Date{}, "2026-04-01", ""},
		"born before admissibility": {mandates.Debt{BornOn: day("2025-01-01")}, admissible, "2026-04-01", mandates.OverIndebtednessFreeze},
		"of unknown age":            {mandates.Debt{}, admissible, "2026-04-01", mandates.OverIndebtednessFreeze},
		"born after admissibility":  {mandates.Debt{BornOn: day("2026-03-10")}, admissible, "2026-04-01", ""},
		"a fine":                    {mandates.Debt{Kind: mandates.KindFine, BornOn: day("2025-01-01")}, admissible, "2026-04-01", ""},
		"an overdraft":              {mandates.Debt{Kind: "OVERDRAFT", BornOn: day("2025-01-01")}, admissible, "2026-04-01", mandates.OverIndebtednessFreeze},
		"alimony":                   {mandates.Debt{Kind: mandates.KindAlimony, BornOn: day("2025-01-01")}, admissible, "2026-04-01", ""},
		"before the decision":       {mandates.Debt{BornOn: day("2025-01-01")}, admissible, "2026-03-09", ""},
	} {
		if got := c.debt.BlockOn(day(c.on), mandates.Freeze{Admissible: c.since}, civil.Date{}); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

package mandates_test

import (
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func monthOf(text string) civil.Month { return civil.MustParse(text + "-01").MonthOf() }

func TestTheCAFPaysOnItsDaysOf2026(t *testing.T) {
	t.Parallel()
	caf := mandates.DefaultCalendars()[0]
	var days []string
	for right := monthOf("2025-12"); right.Before(monthOf("2027-01")); right = right.Add(1) {
		days = append(days, caf.PaysOn(right).String())
	}
	want := "2026-01-05 2026-02-05 2026-03-05 2026-04-07 2026-05-05 2026-06-05 2026-07-06 2026-08-05 " +
		"2026-09-04 2026-10-05 2026-11-05 2026-12-04 2027-01-05"
	if got := strings.Join(days, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEachPayerHasItsDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		calendar mandates.PayerCalendar
		right    string
		want     string
	}{
		{"APL to the landlord, in the month itself", mandates.DefaultCalendars()[1], "2026-10", "2026-10-26"},
		{"APL to the landlord, at Christmas", mandates.DefaultCalendars()[1], "2026-12", "2026-12-28"},
		{"a pension on a Monday", mandates.DefaultCalendars()[2], "2026-10", "2026-11-09"},
		{"a pension on a Saturday", mandates.DefaultCalendars()[2], "2026-04", "2026-05-11"},
		{"the last day of a short month", mandates.PayerCalendar{Day: 31, MonthsAfter: 1, Shift: mandates.ShiftBefore}, "2027-01", "2027-02-26"},
	} {
		if got := c.calendar.PaysOn(monthOf(c.right)).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheNextMonthsAreLikeTheLast(t *testing.T) {
	t.Parallel()
	last := mandates.ExpectedBenefit{
		Mandate: "M-1", Benefit: "RSA", Period: monthOf("2026-10"), Payer: mandates.CAF,
		Amount: money.MustParse("573.49"), ExpectedOn: civil.MustParse("2026-11-05"),
	}
	prospect := func(change func(*mandates.Prospect)) mandates.Prospect {
		p := mandates.Prospect{
			Last: last, Catalogue: mandates.Catalogue(), EndsOn: civil.MustParse("2027-12-31"),
			Granted: []mandates.Authorisation{{Benefit: "RSA", From: civil.MustParse("2026-01-01")}},
		}
		change(&p)
		return p
	}
	for name, c := range map[string]struct {
		change func(*mandates.Prospect)
		want   string
	}{
		"by the calendar": {func(*mandates.Prospect) {}, "2026-11 2026-12-04, 2026-12 2027-01-05, 2027-01 2027-02-05"},
		"a payer without calendar, on the day of the last one": {
			func(p *mandates.Prospect) { p.Last.Payer = mandates.MSA },
			"2026-11 2026-12-07, 2026-12 2027-01-05, 2027-01 2027-02-05",
		},
		"not after the contract":         {func(p *mandates.Prospect) { p.EndsOn = civil.MustParse("2026-12-31") }, "2026-11 2026-12-04"},
		"not what is authorised no more": {func(p *mandates.Prospect) { p.Granted[0].To = civil.MustParse("2027-01-31") }, "2026-11 2026-12-04, 2026-12 2027-01-05"},
		"not a right that stopped":       {func(p *mandates.Prospect) { p.Last.Period = monthOf("2026-07") }, ""},
		"once a year":                    {func(p *mandates.Prospect) { p.Last.Benefit = "ARS" }, ""},
		"what the landlord receives": {
			func(p *mandates.Prospect) {
				p.Last.Benefit, p.Last.ThirdParty, p.Granted = "APL", true, nil
			}, "2026-11 2026-11-25, 2026-12 2026-12-28, 2027-01 2027-01-25",
		},
	} {
		var got []string
		for _, e := range prospect(c.change).Next(mandates.DefaultCalendars(), civil.MustParse("2026-11-09"), monthOf("2027-01")) {
			got = append(got, e.Period.String()+" "+e.ExpectedOn.String())
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, text, c.want)
		}
	}
}

func TestABenefitRowSaysWhatAuditorsAsk(t *testing.T) {
	t.Parallel()
	for _, b := range mandates.Catalogue() {
		if err := b.Check(); err != nil {
			t.Errorf("the seed %s is refused: %v", b.Code, err)
		}
	}
	if err := (mandates.Benefit{Code: "x", Payers: []string{"LOTO"}, Manageable: true, Purpose: "FUN"}).Check(); err == nil ||
		!strings.Contains(err.Error(), "CODE_UNFIT") || !strings.Contains(err.Error(), "PAYER_UNKNOWN") {
		t.Errorf("got %v, want every fault of the row", err)
	}
}

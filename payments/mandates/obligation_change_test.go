package mandates_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// told lists obligations as "ID amount from–to".
func told(list ...mandates.Obligation) string {
	var lines []string
	for _, o := range list {
		if o.ID != "" {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s–%s", o.ID, o.Amount, o.From, o.To)))
		}
	}
	return strings.Join(lines, "\n")
}

// The house stands on 9 November 2026; the rent O-0001-RENT is 132.40, due on the 8th.
func TestARentThatRisesEndsTheOldLineAndBeginsANewOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ amount, from, paid, want, credit string }{
		"from a later month": {"137.93", "2027-01-01", "", `O-0001-RENT 132.40 2026-01-01–2027-01-07
O-2 137.93 2027-01-08–`, "0.00"},
		"learnt late": {"137.93", "2026-08-01", "", `O-0001-RENT 132.40 2026-01-01–2026-11-07
O-2 137.93 2026-11-08–
O-2-R2608 5.53 2026-11-09–
O-2-R2609 5.53 2026-11-09–
O-2-R2610 5.53 2026-11-09–`, "0.00"},
		"this month is paid already": {"137.93", "2026-11-01", "2026-11-08", `O-0001-RENT 132.40 2026-01-01–2026-12-07
O-2 137.93 2026-12-08–
O-2-R2611 5.53 2026-11-09–`, "0.00"},
		"a due day before it takes effect keeps its amount": {"137.93", "2026-10-09", "", `O-0001-RENT 132.40 2026-01-01–2026-11-07
O-2 137.93 2026-11-08–`, "0.00"},
		"lowered late": {"130.40", "2026-09-01", "", `O-0001-RENT 132.40 2026-01-01–2026-11-07
O-2 130.40 2026-11-08–`, "4.00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, db, _, who := loaded(t)
			if c.paid != "" {
				_, err := db.Owner.Exec(t.Context(), `INSERT INTO masp.dues VALUES ('O-0001-RENT', $1, 13240, 13240)`, c.paid)
				if err != nil {
					t.Fatal(err)
				}
			}
			got, err := s.ChangeAmount(t.Context(), who["a.morel"], mandates.AmountChange{
				Obligation: "O-0001-RENT", ID: "O-2", Amount: money.MustParse(c.amount), From: civil.MustParse(c.from),
			})
			if err != nil {
				t.Fatal(french(err))
			}
			list, err := s.Obligations(t.Context(), "M-0001")
			if err != nil {
				t.Fatal(err)
			}
			var stored []mandates.Obligation
			for _, o := range list {
				if o.ID == "O-0001-RENT" || strings.HasPrefix(o.ID, "O-2") {
					stored = append(stored, o)
				}
			}
			if text := told(stored...); text != c.want || got.Credit.String() != c.credit {
				t.Errorf("got\n%s\ncredit %s, want\n%s\ncredit %s", text, got.Credit, c.want, c.credit)
			}
			wantAlert := c.credit != "0.00"
			if codes := alertCodes(t, db, "M-0001"); (len(codes) == 1 && codes[0] == mandates.LandlordCredit) != wantAlert {
				t.Errorf("got alerts %v, want one credit: %t", codes, wantAlert)
			}
		})
	}
}

func TestAChangeOfAmountIsRefusedWhenItCannotBeRight(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	good := mandates.AmountChange{
		Obligation: "O-0001-RENT", ID: "O-2", Amount: money.MustParse("140.00"), From: civil.MustParse("2026-12-01"),
	}
	for code, broken := range map[string]func(*mandates.AmountChange){
		"FROM_BEFORE_START":   func(c *mandates.AmountChange) { c.From = civil.MustParse("2025-12-31") },
		"SAME_AMOUNT":         func(c *mandates.AmountChange) { c.Amount = money.MustParse("132.40") },
		"AMOUNT_NOT_POSITIVE": func(c *mandates.AmountChange) { c.Amount = money.Amount{} },
		"reference":           func(c *mandates.AmountChange) { c.ID = "o 2" },
		"exists":              func(c *mandates.AmountChange) { c.ID = "O-0001-CHARGES" },
	} {
		c := good
		broken(&c)
		var vs mandates.Violations
		if _, err := s.ChangeAmount(t.Context(), who["a.morel"], c); !errors.As(err, &vs) || vs[0].Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	good.Obligation = "O-9"
	if _, err := s.ChangeAmount(t.Context(), who["a.morel"], good); !errors.Is(err, mandates.ErrNoObligation) {
		t.Errorf("got %v, want ErrNoObligation", err)
	}
	list, err := s.Obligations(t.Context(), "M-0001")
	if err != nil || len(list) != 5 || !list[0].To.IsZero() {
		t.Errorf("got %d lines, %v, want the five of before", len(list), err)
	}
}

// Whatever changes when: old and new never ask twice, and together with the late lines they ask
// the new amount on every due day from its day on.
func TestAChangedAmountIsAskedOnceOnEveryDueDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		o := mandates.Obligation{
			ID: "O", Class: mandates.Rent, Creditor: "C", Amount: money.Cents(10000), Label: "Loyer",
			Frequency: rapid.SampledFrom(mandates.Frequencies()[:5]).Draw(rt, "frequency"),
			From:      civil.MustParse("2026-01-01").AddDays(rapid.IntRange(0, 60).Draw(rt, "start")),
			DueDay:    rapid.IntRange(0, 7).Draw(rt, "due day"),
		}
		today := civil.MustParse("2026-06-01").AddDays(rapid.IntRange(0, 200).Draw(rt, "today"))
		c := mandates.AmountChange{
			Obligation: "O", ID: "N", Amount: money.Cents(10000 + int64(rapid.IntRange(1, 900).Draw(rt, "more"))),
			From: o.From.AddDays(rapid.IntRange(0, 400).Draw(rt, "from")),
		}
		got, err := mandates.ApplyChange(c, o, nil, today)
		if err != nil {
			rt.Fatal(err)
		}
		end := today.MonthOf().Add(30)
		want, have := money.Amount{}, money.Amount{}
		for m := o.From.MonthOf(); m.Before(end); m = m.Add(1) {
			for _, d := range mandates.Due(o, m) {
				amount := o.Amount
				if !d.On.Before(c.From) {
					amount = c.Amount
				}
				want = want.Add(amount)
			}
			for _, line := range append([]mandates.Obligation{got.Old, got.New}, got.Late...) {
				for _, d := range mandates.Due(line, m) {
					have = have.Add(d.Amount)
				}
			}
		}
		if have != want {
			rt.Fatalf("today %s, %+v\n%+v\nasks %s, want %s", today, c, got, have, want)
		}
	})
}

func TestASettlementOfChargesIsPaidInInstalments(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	r := mandates.Regularisation{
		ID: "O-REG", Mandate: "M-0001", Creditor: "C-OFFICE", Amount: money.MustParse("86.41"), Months: 3,
		From: civil.MustParse("2026-11-30"), Label: "Régularisation 2025", Reference: "Bail 4711",
	}
	lines, err := s.Regularise(t.Context(), who["a.morel"], r)
	if err != nil {
		t.Fatal(french(err))
	}
	want := "O-REG-1 28.81 2026-11-30–\nO-REG-2 28.80 2026-12-30–\nO-REG-3 28.80 2027-01-30–"
	if got := told(lines...); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if lines[0].Class != mandates.RentalCharge || lines[0].Label != "Régularisation 2025 (1/3)" {
		t.Errorf("got %+v, want a rental charge that says which instalment", lines[0])
	}
	r.ID, r.Months = "O-REG-B", 0
	if _, err := s.Regularise(t.Context(), who["a.morel"], r); err == nil {
		t.Error("no instalment at all: accepted")
	}
}

func TestADueDayIsLeftOutAndComesBackUnlessPaid(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	day := civil.MustParse("2026-12-08")
	days := func() string {
		t.Helper()
		list, err := s.Obligations(t.Context(), "M-0001")
		if err != nil {
			t.Fatal(err)
		}
		return daysOf(list[0], "2026-11", "2026-12", "2027-01")
	}
	for _, c := range []struct {
		counts bool
		want   string
	}{{false, "2026-11-08 2027-01-08"}, {true, "2026-11-08 2026-12-08 2027-01-08"}} {
		if err := s.ExceptDay(t.Context(), who["a.morel"], "O-0001-RENT", day, c.counts); err != nil {
			t.Fatal(french(err))
		}
		if got := days(); got != c.want {
			t.Errorf("counts %t: got %s, want %s", c.counts, got, c.want)
		}
	}
	if err := s.ExceptDay(t.Context(), who["a.morel"], "O-0001-RENT", day.AddDays(1), false); !errors.Is(err, mandates.ErrNoDueDay) {
		t.Errorf("got %v, want ErrNoDueDay", err)
	}
	_, err := db.Owner.Exec(t.Context(), `INSERT INTO masp.dues VALUES ('O-0001-RENT', $1, 13240, 100)`, day)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ExceptDay(t.Context(), who["a.morel"], "O-0001-RENT", day, false); !errors.Is(err, mandates.ErrDayPaid) {
		t.Errorf("got %v, want ErrDayPaid", err)
	}
}

package mandates_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// drawStart draws a day of some years, the ends of months and years as often as the others.
func drawStart(t *rapid.T) civil.Date {
	day := civil.MustParse("2023-01-01").AddDays(rapid.IntRange(0, 2500).Draw(t, "start"))
	if rapid.Bool().Draw(t, "end of its month") {
		return day.MonthOf().Last()
	}
	return day
}

func TestAMonthlyDueComesOnceInEachMonthOnItsDayOrTheLast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := mandates.Obligation{Frequency: mandates.Monthly, From: drawStart(t), DueDay: rapid.IntRange(27, 31).Draw(t, "day")}
		for n := 1; n <= 26; n++ { // over two ends of a year, and a February at least
			of := o.From.MonthOf().Add(n)
			dues := mandates.Due(o, of)
			if len(dues) != 1 || dues[0].On.MonthOf() != of || dues[0].On.Day() != min(o.DueDay, of.Last().Day()) {
				t.Fatalf("on the %dth since %s: %s has %v", o.DueDay, o.From, of, dues)
			}
		}
	})
}

func TestAWeeklyDueComesOnItsWeekdayAndNoWeekIsLostOrTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := mandates.Obligation{Frequency: mandates.Weekly, From: drawStart(t), DueDay: rapid.IntRange(1, 7).Draw(t, "weekday")}
		step := 7
		if rapid.Bool().Draw(t, "every second week") {
			o.Frequency, step = mandates.Fortnightly, 14
		}
		var last civil.Date
		for n := range 30 {
			for _, due := range mandates.Due(o, o.From.MonthOf().Add(n)) {
				switch {
				case due.On.Weekday() != time.Weekday(o.DueDay%7):
					t.Fatalf("%s is a %s; want day %d of the week", due.On, due.On.Weekday(), o.DueDay)
				case last.IsZero() && due.On.DaysSince(o.From) > 6, due.On.Before(o.From):
					t.Fatalf("since %s the first is %s", o.From, due.On)
				case !last.IsZero() && due.On.DaysSince(last) != step:
					t.Fatalf("%s follows %s", due.On, last)
				}
				last = due.On
			}
		}
		if end := o.From.MonthOf().Add(29).Last(); last.IsZero() || end.DaysSince(last) >= step {
			t.Fatalf("%s is the last until %s", last, end)
		}
	})
}

func TestAPayerPaysEachMonthOnceInItsOrderOverTheEndOfAYear(t *testing.T) {
	t.Parallel()
	shifts := []mandates.Shift{mandates.ShiftAfter, mandates.ShiftBefore, mandates.ShiftSaturdayBefore}
	rapid.Check(t, func(t *rapid.T) {
		c := mandates.PayerCalendar{
			Payer: mandates.CAF, Day: rapid.IntRange(1, 31).Draw(t, "day"),
			MonthsAfter: rapid.IntRange(0, 3).Draw(t, "months after"), Shift: rapid.SampledFrom(shifts).Draw(t, "shift"),
		}
		right := drawStart(t).MonthOf()
		for n := range 14 {
			of := right.Add(n)
			day, meant := c.PaysOn(of), of.Add(c.MonthsAfter).Day(c.Day)
			if gap := day.DaysSince(meant); gap > 6 || gap < -6 || !c.PaysOn(of.Add(1)).After(day) {
				t.Fatalf("%+v pays %s on %s, meant on %s, and the next month on %s", c, of, day, meant, c.PaysOn(of.Add(1)))
			}
			if civil.NextWorking(day) != day {
				t.Fatalf("%s is no working day", day)
			}
		}
	})
}

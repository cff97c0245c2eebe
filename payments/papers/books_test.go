package papers_test

import (
	"bytes"
	"errors"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/papers"
)

// A leap year with its days of 23 and 25 hours: money moves on the last and first days of months, on
// the 29th of February, on the days when clocks change, and on common days.
func (h *house) leapYear() (days map[civil.Date]money.Amount) {
	days = map[civil.Date]money.Amount{}
	balance := int64(0)
	for i, d := 0, on("2027-12-30"); !d.After(on("2029-01-02")); i, d = i+1, d.AddDays(1) {
		special := d.Day() == 1 || d.AddDays(1).Day() == 1 || d == on("2028-02-29") || d == on("2028-03-26") || d == on("2028-10-29")
		if !special && i%5 != 0 {
			continue
		}
		cents := int64(1000 + i*7)
		if i%3 == 2 && balance > cents {
			cents = -cents
		}
		h.money(d, cents)
		balance += cents
		days[d] = money.Cents(cents)
	}
	return days
}

func TestTheOpeningOfEachOfThe366DaysIsTheClosingOfTheDayBefore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	moved := h.leapYear()
	read := func(from, to civil.Date) papers.Statement {
		s, err := h.Statement(t.Context(), "M-1", from, to)
		h.must(err)
		if a := s.Account; a.Opening.Add(a.In).Sub(a.Out) != a.Closing {
			t.Errorf("%s to %s: %s + %s − %s is not %s", from, to, a.Opening, a.In, a.Out, a.Closing)
		}
		return s
	}
	last := read(on("2027-12-31"), on("2027-12-31")).Account.Closing
	end := read(on("2028-01-01"), on("2028-12-31")).Account.Closing
	days := 0
	for d := on("2028-01-01"); d.Year() == 2028; d = d.AddDays(1) {
		days++
		s := read(d, d)
		if s.Account.Opening != last {
			t.Errorf("%s opens with %s, the day before closed with %s", d, s.Account.Opening, last)
		}
		if got := s.Account.In.Sub(s.Account.Out); got != moved[d] {
			t.Errorf("%s moves %s, want %s", d, got, moved[d])
		}
		last = s.Account.Closing
		if rest := read(d, on("2028-12-31")).Account; rest.Opening != s.Account.Opening || rest.Closing != end {
			t.Errorf("from %s the year opens with %s and closes with %s, want %s and %s", d, rest.Opening, rest.Closing, s.Account.Opening, end)
		}
	}
	if days != 366 {
		t.Errorf("read %d days, want 366", days)
	}
}

func TestEachMovementIsInExactlyOneMonthAndTheMonthsMakeTheYear(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.leapYear()
	year, err := h.Account(t.Context(), "M-1", on("2028-01-01"), on("2028-12-31"))
	h.must(err)
	if len(year.Months) != 12 || year.Opening.IsZero() {
		t.Fatalf("got %d months from %s", len(year.Months), year.Opening)
	}
	seen, lines := map[int64]int{}, 0
	for _, m := range year.Months {
		s, err := h.Statement(t.Context(), "M-1", m.Month.First(), m.Month.Last())
		h.must(err)
		if a := s.Account; a.Opening != m.Opening || a.In != m.In || a.Out != m.Out || a.Closing != m.Closing {
			t.Errorf("%s: the statement says %s %s %s %s, the account %v", m.Month, a.Opening, a.In, a.Out, a.Closing, m)
		}
		for _, l := range s.Account.Lines {
			seen[l.No]++
			lines++
		}
	}
	whole, err := h.Statement(t.Context(), "M-1", on("2028-01-01"), on("2028-12-31"))
	h.must(err)
	if len(seen) != lines || len(whole.Account.Lines) != lines || lines < 80 {
		t.Errorf("got %d lines of %d entries in the months, %d in the year", lines, len(seen), len(whole.Account.Lines))
	}
}

func TestAPaperOfThePastStaysTheSameFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.leapYear()
	print := func() []byte {
		var b bytes.Buffer
		for _, k := range []papers.Kind{papers.KindStatement, papers.KindAnnual} {
			made, err := h.Make(t.Context(), k, "M-1", on("2028-02-17"), on("2028-11-03"))
			h.must(err)
			h.must(made.Paper().PDF(&b))
			h.must(made.Paper().HTML(&b))
			b.WriteString(made.Paper().Text())
		}
		return b.Bytes()
	}
	before := print()
	h.on("2029-03-01")
	h.money(on("2029-03-01"), 4242)
	if !bytes.Equal(print(), before) {
		t.Error("the papers of a past period changed with a later movement")
	}
}

func TestTheFinalAccountOfAClosedMeasureDoesNotChangeAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	if _, err := h.Final(t.Context(), "M-1"); !errors.Is(err, papers.ErrNotOver) {
		t.Errorf("of a measure that goes on: got %v, want %v", err, papers.ErrNotOver)
	}
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2029-01-08', end_reason = 'MOVED'`)
	open, err := h.Final(t.Context(), "M-1")
	h.must(err)
	if !open.Provisional() || len(open.Left) != 1 || open.Left[0].Code != "RETURN_BALANCE" || open.Closing != money.Cents(12345) {
		t.Errorf("got %+v, want the balance to be given back", open.Left)
	}
	h.money(on("2029-01-10"), -12345)
	h.owner(`UPDATE masp.mandates SET status = 'CLOSED'`)
	print := func() string {
		f, err := h.Final(t.Context(), "M-1")
		h.must(err)
		if f.Provisional() || !f.Closing.IsZero() || len(f.Left) > 0 || f.To != on("2029-01-10") {
			t.Errorf("got %s, %s, %v, want zero on 10 January", f.Closing, f.To, f.Left)
		}
		return f.Paper().Text()
	}
	before := print()
	h.on("2029-07-14")
	if print() != before {
		t.Error("the final account changed with the day")
	}
}

package civil

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func month(t *testing.T, text string) Month {
	t.Helper()
	m, err := ParseMonth(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMonthKnowsItsDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-01": "2026-01-31", "2026-02": "2026-02-28", "2028-02": "2028-02-29",
		"2100-02": "2100-02-28", "2000-02": "2000-02-29", "2026-04": "2026-04-30",
		"2026-06": "2026-06-30", "2026-09": "2026-09-30", "2026-11": "2026-11-30",
	} {
		m := month(t, text)
		if got := m.Last(); got != MustParse(want) {
			t.Errorf("%s: last day %s; want %s", text, got, want)
		}
		if got := m.First(); got != MustParse(text+"-01") {
			t.Errorf("%s: first day %s; want %s-01", text, got, text)
		}
		if got := m.Day(99); got != m.Last() {
			t.Errorf("%s: day 99 is %s; want the last", text, got)
		}
		if got := m.Day(28).Day(); got != 28 {
			t.Errorf("%s: day 28 is %d", text, got)
		}
	}
	mustPanic(t, "Day(0)", func() { month(t, "2026-11").Day(0) })
}

func TestMonthsAreCounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11", 1, "2026-12"},
		{"2026-12", 1, "2027-01"},
		{"2026-01", -1, "2025-12"},
		{"2026-11", -23, "2024-12"},
		{"2026-11", 0, "2026-11"},
		{"0001-01", 12*9999 - 1, "9999-12"},
	} {
		if got := month(t, c.from).Add(c.n); got != month(t, c.want) {
			t.Errorf("%s + %d = %s; want %s", c.from, c.n, got, c.want)
		}
	}
	mustPanic(t, "a month too far", func() { month(t, "9999-12").Add(1) })
	mustPanic(t, "a month too early", func() { month(t, "0001-01").Add(-1) })
}

func TestTheZeroMonthIsNoMonth(t *testing.T) {
	t.Parallel()
	var none Month
	if !none.IsZero() || none.String() != "" || none.French() != "" {
		t.Errorf("no month prints as %q, %q; want nothing", none, none.French())
	}
	if !none.Add(3).IsZero() || !none.First().IsZero() || !none.Last().IsZero() {
		t.Error("no month has days or a next month")
	}
	if none.Contains(Date{}) || none.Contains(MustParse("2026-11-05")) {
		t.Error("no month contains a day")
	}
	if first := month(t, "0001-01"); !none.Before(first) || !first.After(none) {
		t.Error("no month does not come before the first")
	}
}

func TestAMonthContainsItsDaysOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t, "d")
		m := d.MonthOf()
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		if !m.Contains(d) || d.Before(m.First()) || d.After(m.Last()) {
			t.Fatalf("%s is not in %s", d, m)
		}
		if got := m.Last().AddDays(1); got != m.Add(1).First() || m.Contains(got) {
			t.Fatalf("the day after %s is %s; want the first of the next month", m, got)
		}
		other := m.Add(n)
		if other.Before(m) != (n < 0) || other.After(m) != (n > 0) || other.Compare(m) != -m.Compare(other) {
			t.Fatalf("%s and %s do not compare by %d months", other, m, n)
		}
		if got := other.Add(-n); got != m || m.Year() != d.Year() || m.Number() != d.Month_() {
			t.Fatalf("there and back: %s; want %s", got, m)
		}
	})
}

func TestParseMonthReadsOneFormOnly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "2026-1", "2026-11-05", "11/2026", "2026-1x", " 2026-11"} {
		if got, err := ParseMonth(text); !errors.Is(err, ErrSyntax) || !got.IsZero() {
			t.Errorf("ParseMonth(%q) = %v, %v; want ErrSyntax", text, got, err)
		}
	}
	var missing *RangeError
	for _, text := range []string{"2026-00", "2026-13", "0000-01"} {
		if got, err := ParseMonth(text); !errors.As(err, &missing) || !got.IsZero() {
			t.Errorf("ParseMonth(%q) = %v, %v; want a *RangeError", text, got, err)
		}
	}
}

func TestAMonthIsPrintedAndTravelsAsText(t *testing.T) {
	t.Parallel()
	m := month(t, "2026-11")
	if got, want := m.French(), "novembre 2026"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	if m.Year() != 2026 || m.Number() != time.November {
		t.Errorf("got %d, %s; want 2026, November", m.Year(), m.Number())
	}
	data, err := json.Marshal([]Month{m, {}})
	if want := `["2026-11",""]`; err != nil || string(data) != want {
		t.Errorf("got %s, %v; want %s", data, err, want)
	}
	var got []Month
	if err := json.Unmarshal(data, &got); err != nil || got[0] != m || !got[1].IsZero() {
		t.Errorf("got %v, %v; want %s and no month", got, err, m)
	}
	if err := json.Unmarshal([]byte(`"2026-13"`), &m); err == nil {
		t.Error("month 13 was read")
	}
}

func TestAMonthAfterANounIsElidedBeforeAVowel(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"2026-10": "d'octobre 2026", "2026-04": "d'avril 2026", "2026-08": "d'août 2026", "2026-11": "de novembre 2026"} {
		if got := month(t, text).FrenchOf(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

package money

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseExactReadsNumbersOfFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0":       "0.00",
		"5.":      "5.00",
		"+5":      "5.00",
		"-0.0":    "0.00",
		"12.5":    "12.50",
		"12.500":  "12.50",
		"-12.505": "-12.505",
		"007":     "7.00",
		"0.1":     "0.10",
		"100":     "100.00",
		strings.Repeat("9", 64) + "." + strings.Repeat("9", 64): strings.Repeat("9", 64) + "." +
			strings.Repeat("9", 64),
	} {
		got, err := ParseExact(text)
		if err != nil || got.String() != want {
			t.Errorf("ParseExact(%q) = %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestParseExactRefusesEverythingElseAndSaysWhy(t *testing.T) {
	t.Parallel()
	parse := func(s string) error { _, err := ParseExact(s); return err }
	checkRefusals(t, refusals, parse)
	checkRefusals(t, map[string]Reason{
		"12,50":                        Comma,
		".5":                           NoDigit,
		"+":                            NoDigit,
		"+-5":                          Character,
		"1 234.50":                     Space,
		"1.2.3":                        Point,
		"1.5e3":                        Exponent,
		strings.Repeat("9", 65):        TooLong,
		"0." + strings.Repeat("9", 65): TooLong,
	}, parse)
}

func TestExactBecomesAnAmountOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want int64
		err  error
	}{
		{"12.5", 1250, nil},
		{"12.5000", 1250, nil},
		{"-0.010", -1, nil},
		{"9999999999999.99", maxCents, nil},
		{"-9999999999999.99", -maxCents, nil},
		{"10000000000000", 0, ErrRange},
		{"-10000000000000", 0, ErrRange},
		{strings.Repeat("9", 60), 0, ErrRange},
		{"0.001", 0, ErrFraction},
		{"-12.505", 0, ErrFraction},
		{strings.Repeat("9", 60) + ".001", 0, ErrFraction},
	} {
		e, err := ParseExact(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := e.Amount(); got != Cents(c.want) || !errors.Is(err, c.err) {
			t.Errorf("%s: got %v, %v; want %v, %v", c.text, got, err, Cents(c.want), c.err)
		}
	}
}

func TestExactMinorPlacesThePoint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		units int64
		scale int
		want  string
	}{{1234, 2, "12.34"}, {-1234, 3, "-1.234"}, {7, 0, "7.00"}, {math.MinInt64, 2, "-92233720368547758.08"}} {
		if got := ExactMinor(c.units, c.scale).String(); got != c.want {
			t.Errorf("ExactMinor(%d, %d) = %s; want %s", c.units, c.scale, got, c.want)
		}
	}
	mustPanic(t, "negative scale", func() { ExactMinor(1, -1) })
	mustPanic(t, "scale 65", func() { ExactMinor(1, 65) })
}

func TestExactAgreesWithRationals(t *testing.T) {
	t.Parallel()
	number := rapid.OneOf(
		rapid.StringMatching(`[+-]?[0-9]{1,64}(\.[0-9]{0,64})?`),
		rapid.StringMatching(`[+-]?[0-9]{1,15}(\.[0-9]{0,2})?`),
	)
	rapid.Check(t, func(t *rapid.T) {
		e, x := drawExact(t, number, "e")
		f, y := drawExact(t, number, "f")
		sameNumber(t, "Add", e.Add(f), new(big.Rat).Add(x, y))
		sameNumber(t, "Sub", e.Sub(f), new(big.Rat).Sub(x, y))
		sameNumber(t, "Neg", e.Neg(), new(big.Rat).Neg(x))
		if got, want := e.Cmp(f), x.Cmp(y); got != want {
			t.Fatalf("Cmp = %d; want %d", got, want)
		}
		if got, want := e.Sign(), x.Sign(); got != want || e.IsZero() != (want == 0) {
			t.Fatalf("Sign = %d, IsZero = %v; want %d", got, e.IsZero(), want)
		}
	})
}

func TestExactGoesOnBeyondItsSmallForm(t *testing.T) {
	t.Parallel()
	edges := []int64{
		0, 1, -1, maxHundredths - 1, maxHundredths, maxHundredths + 1, -maxHundredths,
		-maxHundredths - 1, math.MaxInt64, math.MinInt64,
	}
	rational := func(n int64) *big.Rat { return big.NewRat(n, 100) }
	same := func(what string, got Exact, want *big.Rat) {
		if x, ok := new(big.Rat).SetString(got.String()); !ok || x.Cmp(want) != 0 {
			t.Errorf("%s = %s; want %s", what, got, want.FloatString(2))
		}
	}
	for _, a := range edges {
		same("Neg", ExactMinor(a, 2).Neg(), new(big.Rat).Neg(rational(a)))
		for _, b := range edges {
			e, f := ExactMinor(a, 2), ExactMinor(b, 2)
			same("Add", e.Add(f), new(big.Rat).Add(rational(a), rational(b)))
			same("Sub", e.Sub(f), new(big.Rat).Sub(rational(a), rational(b)))
			if got, want := e.Cmp(f), rational(a).Cmp(rational(b)); got != want {
				t.Errorf("Cmp of %s and %s = %d; want %d", e, f, got, want)
			}
		}
	}
}

func drawExact(t *rapid.T, number *rapid.Generator[string], label string) (Exact, *big.Rat) {
	text := number.Draw(t, label)
	e, err := ParseExact(text)
	if err != nil {
		t.Fatalf("ParseExact(%q): %v", text, err)
	}
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("no rational of %q", text)
	}
	sameNumber(t, "ParseExact", e, x)
	return e, x
}

// sameNumber checks a result by its text, so that printing is checked with it.
func sameNumber(t *rapid.T, what string, got Exact, want *big.Rat) {
	t.Helper()
	x, ok := new(big.Rat).SetString(got.String())
	if !ok || x.Cmp(want) != 0 {
		t.Fatalf("%s = %s; want %s", what, got, want.FloatString(70))
	}
}

func TestExactTravelsAsText(t *testing.T) {
	t.Parallel()
	e, err := ParseExact("1.5")
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(e)
	if string(data) != `"1.50"` || err != nil {
		t.Errorf("got %s, %v; want \"1.50\"", data, err)
	}
	var got Exact
	if err := json.Unmarshal(data, &got); err != nil || got.Cmp(e) != 0 {
		t.Errorf("got %v, %v; want %v", got, err, e)
	}
	if err := json.Unmarshal([]byte(`"1e5"`), &got); err == nil {
		t.Error("an exponent was read")
	}
}

package money

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAmountsOfTheSameSumAreEqual(t *testing.T) {
	t.Parallel()
	var zero Amount
	if zero != MustParse("-0.00") || zero.String() != "0.00" || !zero.IsZero() {
		t.Errorf("zero value is %v; want 0.00", zero)
	}
	if got := MustParse("12.50"); got != Cents(1250) || got.Cents() != 1250 {
		t.Errorf("got %v; want 12.50 equal to 1250 cents by ==", got)
	}
}

func TestArithmeticAgreesWithBigIntegers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := Cents(rapid.Int64().Draw(t, "a")), Cents(rapid.Int64().Draw(t, "b"))
		x, y := big.NewInt(a.Cents()), big.NewInt(b.Cents())
		agree(t, "Add", new(big.Int).Add(x, y), func() Amount { return a.Add(b) })
		agree(t, "Sub", new(big.Int).Sub(x, y), func() Amount { return a.Sub(b) })
		agree(t, "Neg", new(big.Int).Neg(x), a.Neg)
		agree(t, "Abs", new(big.Int).Abs(x), a.Abs)
		if got, want := a.Cmp(b), x.Cmp(y); got != want {
			t.Fatalf("Cmp = %d; want %d", got, want)
		}
		if got, want := a.Sign(), x.Sign(); got != want {
			t.Fatalf("Sign = %d; want %d", got, want)
		}
	})
}

// agree checks that a result is exact, or that it panics when int64 cannot hold it.
func agree(t *rapid.T, what string, want *big.Int, compute func() Amount) {
	t.Helper()
	defer func() {
		if p := recover(); (p != nil) == want.IsInt64() {
			t.Fatalf("%s: panic %v; exact result is %v", what, p, want)
		}
	}()
	got := compute()
	if want.IsInt64() && got.Cents() != want.Int64() {
		t.Fatalf("%s = %d cents; want %v", what, got.Cents(), want)
	}
}

func TestArithmeticPanicsRatherThanWrapAround(t *testing.T) {
	t.Parallel()
	biggest, smallest := Cents(math.MaxInt64), Cents(math.MinInt64)
	mustPanic(t, "Add", func() { biggest.Add(Cents(1)) })
	mustPanic(t, "Add", func() { smallest.Add(Cents(-1)) })
	mustPanic(t, "Sub", func() { smallest.Sub(Cents(1)) })
	mustPanic(t, "Sub", func() { Cents(0).Sub(smallest) })
	mustPanic(t, "Neg", func() { smallest.Neg() })
	mustPanic(t, "Abs", func() { smallest.Abs() })
	mustPanic(t, "Sum", func() { Sum(biggest, Cents(1)) })
	if got := Cents(-1).Sub(smallest); got != biggest {
		t.Errorf("got %v; want %v", got, biggest)
	}
}

func TestMinMaxSumAndSigns(t *testing.T) {
	t.Parallel()
	low, high := Cents(-300), Cents(200)
	if got := Min(high, low); got != low {
		t.Errorf("Min = %v; want %v", got, low)
	}
	if got := Max(low, high); got != high {
		t.Errorf("Max = %v; want %v", got, high)
	}
	if got := Sum(low, high, high); got != Cents(100) {
		t.Errorf("Sum = %v; want 1.00", got)
	}
	if got := Sum(); !got.IsZero() {
		t.Errorf("Sum of nothing = %v; want 0.00", got)
	}
	if !low.IsNegative() || low.IsPositive() || !high.IsPositive() || high.IsNegative() {
		t.Error("signs are wrong")
	}
	if got := Limit().String(); got != "9999999999999.99" {
		t.Errorf("Limit = %s; want 9999999999999.99", got)
	}
}

func TestWhatIsPrintedIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyAmount(t, "amount")
		if got, err := Parse(want.String()); err != nil || got != want {
			t.Fatalf("Parse(%q) = %v, %v; want %v", want.String(), got, err, want)
		}
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Amount
		if err := json.Unmarshal(data, &got); err != nil || got != want {
			t.Fatalf("through JSON %s: %v, %v; want %v", data, got, err, want)
		}
		if got, err := want.Exact().Amount(); err != nil || got != want {
			t.Fatalf("through Exact: %v, %v; want %v", got, err, want)
		}
	})
}

func TestJSONOfAnAmountIsAStringAndNothingElse(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(map[string]Amount{"due": Cents(1250)})
	if want := `{"due":"12.50"}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
	for _, text := range []string{`12.50`, `12`, `null`, `true`, `{}`, `["12.50"]`} {
		a := Cents(1)
		if err := json.Unmarshal([]byte(text), &a); !errors.Is(err, ErrJSON) || a != Cents(1) {
			t.Errorf("%s: got %v, %v; want ErrJSON and the amount as before", text, a, err)
		}
	}
	var syntax *SyntaxError
	for _, text := range []string{`""`, `"12.5"`, `"12,50"`, `" 12.50"`, `"1\u0032.50"`} {
		var a Amount
		if err := json.Unmarshal([]byte(text), &a); !errors.As(err, &syntax) {
			t.Errorf("%s: got %v, %v; want a *SyntaxError", text, a, err)
		}
	}
	if err := new(Amount).UnmarshalJSON([]byte(`"`)); !errors.Is(err, ErrJSON) {
		t.Errorf("a lone quote: got %v; want ErrJSON", err)
	}
}

func TestAmountsAreKeysOfJSONObjects(t *testing.T) {
	t.Parallel()
	want := map[Amount]int{Cents(1250): 1}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got map[Amount]int
	if err := json.Unmarshal(data, &got); err != nil || got[Cents(1250)] != 1 {
		t.Errorf("through %s: %v, %v; want %v", data, got, err, want)
	}
}

func TestTheDatabaseHoldsCents(t *testing.T) {
	t.Parallel()
	v, err := Cents(-1250).Value()
	if err != nil || v != int64(-1250) {
		t.Errorf("Value = %v, %v; want int64 -1250", v, err)
	}
	var a Amount
	if err := a.Scan(int64(-1250)); err != nil || a != Cents(-1250) {
		t.Errorf("Scan = %v, %v; want -12.50", a, err)
	}
	for _, src := range []any{nil, "12.50", []byte("12.50"), 12.5, int32(12), true} {
		if err := a.Scan(src); err == nil || a != Cents(-1250) {
			t.Errorf("Scan(%T) = %v, %v; want a refusal", src, a, err)
		}
	}
}

func TestLogsDoNotShowAmounts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("posted", "amount", Cents(98765), "exact", Cents(98765).Exact())
	}
	if got := out.String(); strings.Contains(got, "987") || strings.Count(got, mask) != 4 {
		t.Errorf("got %s; want every amount masked", got)
	}
}

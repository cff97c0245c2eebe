package money

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSplitGivesTheCentsLeftToTheLargestRemainders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		cents   int64
		weights []int64
		want    string
	}{
		{"equal weights: the first takes the cent", 100, []int64{1, 1, 1}, "[0.34 0.33 0.33]"},
		{"largest remainder wins over order", 100, []int64{1, 1, 4}, "[0.17 0.17 0.66]"},
		{"a later larger remainder comes first", 10, []int64{14, 86}, "[0.01 0.09]"},
		{"zero weight gets nothing", 5, []int64{0, 1, 0, 1}, "[0.00 0.03 0.00 0.02]"},
		{"fewer cents than parts", 2, []int64{1, 1, 1}, "[0.01 0.01 0.00]"},
		{"a negative amount mirrors", -100, []int64{1, 1, 1}, "[-0.34 -0.33 -0.33]"},
		{"nothing to share", 0, []int64{3, 4}, "[0.00 0.00]"},
		{"whole to one", 12345, []int64{7}, "[123.45]"},
	} {
		parts, err := Cents(c.cents).Split(c.weights)
		if got := fmt.Sprint(parts); err != nil || got != c.want {
			t.Errorf("%s: got %s, %v; want %s", c.name, got, err, c.want)
		}
	}
}

func TestSplitRefusesWeightsThatShareNothing(t *testing.T) {
	t.Parallel()
	for _, weights := range [][]int64{nil, {}, {0}, {0, 0}, {1, -1}, {-3}, {math.MaxInt64, 1}} {
		if got, err := Cents(100).Split(weights); !errors.Is(err, ErrWeights) {
			t.Errorf("%v: got %v, %v; want ErrWeights", weights, got, err)
		}
	}
}

func TestSplitIsExactFairAndStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Cents(rapid.Int64().Draw(t, "cents"))
		weights := rapid.OneOf(
			rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/20), 1, 20),
			rapid.SliceOfN(rapid.Int64Range(0, 3), 1, 60), // many equals
		).Draw(t, "weights")
		if !slices.ContainsFunc(weights, func(w int64) bool { return w > 0 }) {
			weights[0] = 1
		}
		parts, err := a.Split(weights)
		if err != nil {
			t.Fatal(err)
		}
		checkShares(t, a, weights, parts)
		for i := range weights {
			for j := i + 1; j < len(weights); j++ {
				if weights[i] == weights[j] && parts[i].magnitude() < parts[j].magnitude() {
					t.Fatalf("equal weights %d and %d: the later got more in %v", i, j, parts)
				}
			}
		}
	})
}

// checkShares checks with big integers that the parts add up to a and that each is less than a
// cent from its exact share: |part × total − a × weight| < total.
func checkShares(t *rapid.T, a Amount, weights []int64, parts []Amount) {
	total, sum := new(big.Int), new(big.Int)
	for i, w := range weights {
		total.Add(total, big.NewInt(w))
		sum.Add(sum, big.NewInt(parts[i].Cents()))
	}
	if !sum.IsInt64() || sum.Int64() != a.Cents() {
		t.Fatalf("parts %v add up to %v cents; want %d", parts, sum, a.Cents())
	}
	for i, w := range weights {
		got := new(big.Int).Mul(big.NewInt(parts[i].Cents()), total)
		want := new(big.Int).Mul(big.NewInt(a.Cents()), big.NewInt(w))
		if got.Sub(got, want).CmpAbs(total) >= 0 {
			t.Fatalf("part %d of %v is a cent or more from its share", i, parts)
		}
	}
}

func TestSplitEvenGivesTheExtraCentsToTheFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cents int64
		n     int
		want  string
	}{
		{27222, 4, "[68.06 68.06 68.05 68.05]"},
		{-5, 2, "[-0.03 -0.02]"},
		{0, 3, "[0.00 0.00 0.00]"},
		{1, 3, "[0.01 0.00 0.00]"},
		{math.MinInt64, 1, "[-92233720368547758.08]"},
	} {
		if got := fmt.Sprint(Cents(c.cents).SplitEven(c.n)); got != c.want {
			t.Errorf("%d cents in %d: got %s; want %s", c.cents, c.n, got, c.want)
		}
	}
	mustPanic(t, "SplitEven(0)", func() { Cents(1).SplitEven(0) })
}

func TestSplitEvenIsSplitByEqualWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Cents(rapid.Int64().Draw(t, "cents"))
		n := rapid.IntRange(1, 53).Draw(t, "n")
		want, err := a.Split(slices.Repeat([]int64{1}, n))
		if got := a.SplitEven(n); err != nil || !slices.Equal(got, want) {
			t.Fatalf("got %v; want %v, %v", got, want, err)
		}
	})
}

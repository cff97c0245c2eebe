package control_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/control"
)

// values is a population of entries 1, 2, 3 … of so many cents, in strata by turns.
func values(cents ...int64) control.Population {
	return func(yield func(control.Unit, error) bool) {
		for i, c := range cents {
			if !yield(control.Unit{Entry: int64(i + 1), Value: money.Cents(c), Stratum: string("AAB"[i%3])}, nil) {
				return
			}
		}
	}
}

// many is a population of n entries of growing values.
func many(n int) control.Population {
	cents := make([]int64, n)
	for i := range cents {
		cents[i] = int64(i%97+1) * 100
	}
	return values(cents...)
}

func draw(t *testing.T, all control.Population, p control.Plan) control.Sample {
	t.Helper()
	s, err := control.Draw(all, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSameSeedDrawsTheSameListAndAnotherSeedAnother(t *testing.T) {
	t.Parallel()
	for _, p := range []control.Plan{
		{Method: control.Random, Size: 25}, {Method: control.ByValue, Size: 25}, {Method: control.ByStratum, By: control.ByKind, Size: 25},
	} {
		lists := map[string]bool{}
		for _, seed := range []string{"2026", "2027", "CAC lot 3", "2026"} {
			p.Seed = seed
			s := draw(t, many(1000), p)
			if n := len(s.Items); n > 25 || n < 24 { // an entry may hold two of the drawn cents
				t.Errorf("%s: drew %d", p.Method, n)
			}
			if !slices.IsSorted(s.Numbers()) {
				t.Errorf("%s: the list is not in the order of the books", p.Method)
			}
			lists[fmt.Sprint(s.Numbers())] = true
		}
		if len(lists) != 3 {
			t.Errorf("%s: three seeds gave %d lists", p.Method, len(lists))
		}
	}
}

// The vectors pin the generator: another machine, another year, the same list.
func TestADrawIsTheOneThatTheManualDescribes(t *testing.T) {
	t.Parallel()
	s := draw(t, many(300), control.Plan{Method: control.Random, Size: 5, Seed: "2026"})
	var all []string
	for n := 1; n <= 300; n++ { // what an auditor does with sha256sum and sort
		sum := sha256.Sum256(fmt.Appendf(nil, "masp sample 1|2026|%d", n))
		all = append(all, hex.EncodeToString(sum[:8])+" "+fmt.Sprint(n))
	}
	slices.Sort(all)
	for _, line := range all[:5] {
		rank, entry, _ := strings.Cut(line, " ")
		if !slices.ContainsFunc(s.Items, func(i control.Item) bool { return fmt.Sprint(i.Entry) == entry && i.Number == rank }) {
			t.Errorf("entry %s of number %s is not in %v", entry, rank, s.Items)
		}
	}
	if got := fmt.Sprint(s.Numbers()); got != "[20 39 132 184 285]" {
		t.Errorf("drew %s", got)
	}
}

func TestOfASmallPopulationEverythingIsDrawn(t *testing.T) {
	t.Parallel()
	for _, p := range []control.Plan{
		{Method: control.Random}, {Method: control.ByStratum, By: control.ByMandate}, {Method: control.ByValue},
	} {
		p.Size, p.Seed = 50, "x"
		if got := fmt.Sprint(draw(t, values(100, 200, 300, 5), p).Numbers()); got != "[1 2 3 4]" {
			t.Errorf("%s: drew %s", p.Method, got)
		}
	}
}

func TestWhoIsWorthTheIntervalIsCertainAndTheIntervalIsComputedAgain(t *testing.T) {
	t.Parallel()
	// 10 000 by 4 is 2 500: the 5 000 is certain. The rest, 5 000 by 3, is 1 667: the 2 000 is certain too.
	// Then 3 000 by 2 is 1 500, and nobody else has that.
	all := values(1000, 5000, 1000, 2000, 1000)
	for i := range 50 {
		s := draw(t, all, control.Plan{Method: control.ByValue, Size: 4, Seed: fmt.Sprint(i)})
		if s.Certain != 2 || s.Draws != 2 || s.Interval != money.Cents(1500) || s.Value != money.Cents(10000) {
			t.Fatalf("got %+v", s)
		}
		hits := 0
		for _, item := range s.Items {
			if item.Certain != (item.Entry == 2 || item.Entry == 4) {
				t.Errorf("entry %d is certain: %v", item.Entry, item.Certain)
			}
			hits += item.Hits
		}
		if hits != 2 {
			t.Errorf("%d cents were drawn, want 2: %+v", hits, s.Items)
		}
	}
}

func TestTheChanceOfAnEntryIsItsValue(t *testing.T) {
	t.Parallel()
	cents := []int64{100, 700, 300, 1, 900, 500, 250, 850, 400, 999}
	var total int64
	for _, c := range cents {
		total += c
	}
	const seeds, size = 4000, 3
	drawn := make([]int64, len(cents))
	for i := range seeds {
		for _, item := range draw(t, values(cents...), control.Plan{Method: control.ByValue, Size: size, Seed: fmt.Sprint("seed ", i)}).Items {
			drawn[item.Entry-1]++
		}
	}
	for i, c := range cents {
		want := seeds * size * c / total
		if off := drawn[i] - want; off*off > 25*(want+1) { // five standard deviations
			t.Errorf("an entry of %d cents was drawn %d times, want about %d", c, drawn[i], want)
		}
	}
}

func TestEachStratumHasItsShareByTheLargestRemainder(t *testing.T) {
	t.Parallel()
	// 67 of A and 33 of B: of ten, 6.7 and 3.3.
	s := draw(t, many(100), control.Plan{Method: control.ByStratum, By: control.ByKind, Size: 10, Seed: "2026"})
	want := []control.Stratum{{Name: "A", Entries: 67, Drawn: 7}, {Name: "B", Entries: 33, Drawn: 3}}
	of := map[string]int64{}
	for _, item := range s.Items {
		of[item.Stratum]++
	}
	for i, st := range s.Strata {
		if st.Name != want[i].Name || st.Entries != want[i].Entries || st.Drawn != want[i].Drawn || of[st.Name] != st.Drawn {
			t.Errorf("got %+v, %d drawn, want %+v", st, of[st.Name], want[i])
		}
	}
}

func TestAPlanThatCannotBeDrawnIsRefused(t *testing.T) {
	t.Parallel()
	good := control.Plan{Method: control.Random, Size: 5, Seed: "2026"}
	for _, c := range []struct {
		name   string
		change func(*control.Plan)
		want   error
	}{
		{"no method", func(p *control.Plan) { p.Method = "" }, control.ErrMethod},
		{"nothing drawn", func(p *control.Plan) { p.Size = 0 }, control.ErrSize},
		{"too much", func(p *control.Plan) { p.Size = 2001 }, control.ErrSize},
		{"no seed", func(p *control.Plan) { p.Seed = "" }, control.ErrSeed},
		{"a line break in the seed", func(p *control.Plan) { p.Seed = "20\n26" }, control.ErrSeed},
		{"no stratum", func(p *control.Plan) { p.Method = control.ByStratum }, control.ErrStratum},
		{"a stratum for nothing", func(p *control.Plan) { p.By = control.ByKind }, control.ErrStratum},
		{"days in reverse", func(p *control.Plan) { p.From, p.To = civil.MustParse("2026-02-01"), civil.MustParse("2026-01-01") }, control.ErrPeriod},
		{"two scopes", func(p *control.Plan) { p.Mandate, p.Department = "M-1", "34" }, control.ErrScope},
	} {
		p := good
		c.change(&p)
		if _, err := control.Draw(many(10), p); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := control.Draw(values(), good); !errors.Is(err, control.ErrEmpty) {
		t.Errorf("of nothing: got %v", err)
	}
}
